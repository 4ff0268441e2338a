"""stories.py - tells one story to all three drivers: a live run, the replay of its recording, and a policy test.

    stories.py FIRST-LAST…

Each number is a story: up to three targets on up to three chains, some with baselines in other chains and their own timeouts; deployments that build, become ready, fail and
disappear; 429s with Retry-After, 404s, pages, redirects and refused keys. Verdict, time and every rule's outcome must agree. The JSON reports of a run and of its replay must be
equal, except for times of the wall clock. The live run is the real command line in virtual time, without latency, and with the middle of all random values, so polls are on the
grid. By design, a live run repeats a failed poll sooner than a test if the error has no Retry-After; so errors in stories have one.
"""
import json
import os
import random
import subprocess
import sys

VIRTUAL = os.environ["CHAINGATE_VIRTUAL"]
UP = ["ACTIVE", 2]
STATES = [UP, UP, UP, UP, ["LOADING_MODEL", 0], ["BUILDING", 0], ["UNHEALTHY", 1], ["FAILED", 0], ["SCALED_TO_ZERO", 0], ["ACTIVE", 1], None]
RULES = [
    "all chainlets ACTIVE",
    "active_replica_count >= min_replica",
    "{never: any chainlet FAILED, name: no failure}",
    "{never: any chainlet UNHEALTHY, tolerate: 20s, during: 30s, name: health}",
    "{assert: active_replica_count >= 2, hold: 25s, name: held}",
    "{assert: active_replica_count >= 2, within: 30s, tolerate: 10s, name: late}",
    "{assert: 'all chainlets in [ACTIVE, SCALED_TO_ZERO]', when: active_replica_count > 0, name: guarded}",
    "{assert: min_replica >= 1, severity: warning, name: warned}",
]
BASELINE_RULE = "{assert: min_replica >= baseline.min_replica, if_missing: skip, name: beside}"


def segments(dice, end):
    """Random times, the first 0, each with the state from then on."""
    at, out = 0, []
    while at < end:
        out.append((at, dice.choice(STATES) if out or dice.random() < 0.5 else ["BUILDING", 0]))
        at += dice.choice([7, 15, 30, 45, 80, 200])
    return out


def faults(dice, end, refuses):
    out, at = [], dice.choice([0, 0, 12, 35, 60, 400])
    while at < end and len(out) < 3:
        kind = dice.random()
        if kind < 0.55:
            out.append((at, dice.choice([3, 8, 31]), {"http": dice.choice([429, 503]), "retry_after": dice.choice([30, 37, 45, 61])}))
        elif kind < 0.8:
            out.append((at, dice.choice([5, 25, 90]), {"http": 404}))
        elif kind < 0.85:
            out.append((at, 15, {"http": 302}))
        elif kind < 0.9:
            out.append((at, 15, {"page": True}))
        elif refuses:
            out.append((at, 60, {"http": 401}))
        at += out[-1][1] if out else 1
        at += dice.choice([20, 60, 300])
    return out


class Story:
    def __init__(self, number):
        dice = self.dice = random.Random(number)
        self.number = number
        self.timeout = dice.choice([60, 95, 150, 240])
        # A live run confirms a refused key sooner. With several targets, another one might get its verdict in between.
        self.refuses = number % 5 == 0
        count = 1 if self.refuses else dice.choice([1, 2, 2, 3])
        self.chains = ["c1", "c2", "c3"][: max(1, min(3, count + dice.choice([0, 0, -1])))]
        self.baseline = dice.random() < 0.35
        if self.baseline and "c2" not in self.chains:
            self.chains.append("c2")
        self.interval, self.stable_for = dice.choice([5, 10, 10]), dice.choice([0, 10, 20, 30])
        self.states = {c: segments(dice, self.timeout) for c in self.chains}
        self.faults = {c: faults(dice, self.timeout, self.refuses) for c in self.chains}
        self.targets = []
        for i in range(count):
            chain = self.chains[min(i, len(self.chains) - 1)] if not self.baseline or i else "c1"
            select = dice.choice(["deployment: d%s" % chain[1], "environment: staging, since: any", "all: true, since: any", "latest: true, since: any"])
            own = dice.choice([None, None, None, 0, 21, 45, 90, 600])
            self.targets.append((("x", "y", "z")[i], chain, select, own))
        self.rules = dice.sample(RULES, dice.choice([1, 2, 3, 4]))
        if all("warning" in r for r in self.rules):
            self.rules.append(RULES[0])
        if self.baseline:
            self.rules.append(BASELINE_RULE)

    def policy(self):
        lines = ["version: 1", "wait: {timeout: %ds, interval: %ds, stable_for: %ds, discover_for: 20s, unreachable_after: 1m, stable_for_status: {SCALED_TO_ZERO: 40s, UNHEALTHY: 30s}}"
                 % (self.timeout, self.interval, self.stable_for)]
        if self.baseline:
            lines.append("baseline: {chain: c2, deployment: d2}")
        lines.append("targets:")
        for name, chain, select, own in self.targets:
            wait = "" if own is None else ", wait: {timeout: %ds}" % own
            lines.append("  - {name: %s, chain: %s, %s%s}" % (name, chain, select, wait))
        return "\n".join(lines + ["rules:"] + ["  - " + r for r in self.rules]) + "\n"

    def scenario(self):
        lines = ["chains: [%s]" % ", ".join("{id: %s, name: n%s}" % (c, c) for c in self.chains), "deployments:"]
        for c, states in self.states.items():
            status = ", ".join("%ds: %s" % (at, s[0] if s else "GONE") for at, s in states)
            lines.append("  - {id: d%s, chain: %s, created_at: 0s, environment: staging, chainlets: [{name: A, autoscaling_settings: {min_replica: 2, max_replica: 4}, status: {%s}, active_replica_count: {%s}}]}"
                         % (c[1], c, status.replace("GONE", "BUILDING"), ", ".join("%ds: %d" % (at, s[1] if s else 0) for at, s in states)))
        lines.append("faults:")
        for c, found in self.gone_faults().items():
            for at, length, fault in found:
                what = ", ".join("%s: %s" % pair for pair in fault.items() if pair[0] != "page")
                if "page" in fault:
                    what = "http: 206"
                if "gone" in fault:
                    what = "text: '{\"deployments\":[]}'"
                lines.append("  - {at: %ds, for: %ds, path: /v1/chains/%s/deployments, %s}" % (at, length, c, what))
        return "\n".join(lines) + "\n"

    def gone_faults(self):
        """Faults first, then the times at which nothing is listed: the first match counts."""
        out = {}
        for c, states in self.states.items():
            ends = [at for at, _ in states[1:]] + [self.timeout + 1000]
            gone = [(at, end - at, {"gone": True}) for (at, s), end in zip(states, ends) if s is None]
            out[c] = self.faults[c] + gone
        return out

    def seen(self, chain, at):
        for begin, length, fault in self.faults[chain]:
            if begin <= at < begin + length:
                if "page" in fault:
                    return "{deployments: [], page: true}"
                return "{%s}" % ", ".join("%s: %s" % (k, "%ds" % v if k == "retry_after" else v) for k, v in fault.items())
        state = [s for begin, s in self.states[chain] if begin <= at][-1]
        if state is None:
            return "[]"
        return ("[{id: d%s, environment: staging, status: %s, chainlets: [{name: A, status: %s, active_replica_count: %d, autoscaling_settings: {min_replica: 2, max_replica: 4}}]}]"
                % (chain[1], state[0], state[0], state[1]))

    def test(self, report):
        moments = {0}
        for c in self.chains:
            moments |= {at for at, _ in self.states[c]}
            for at, length, _ in self.faults[c]:
                moments |= {at, at + length}
        lines = ["  - name: story %d" % self.number, "    policy: p%d.yaml" % self.number, "    now: 2026-08-14T09:00:00Z", "    timeline:"]
        for at in sorted(m for m in moments if m <= self.timeout):
            lines.append("      - {at: %ds, deployments: {%s}}" % (at, ", ".join("%s: %s" % (c, self.seen(c, at)) for c in self.chains)))
        rules = ", ".join('"%s/%s": %s' % (t["name"], r["name"], r["outcome"]) for t in report["targets"] for r in t["rules"])
        when = "" if self.is_sooner(report) else ", at: %dms" % round(report["at_s"] * 1000)
        lines.append("    expect: {verdict: %s, exit: %d, rules: {%s}%s}" % (report["verdict"], report["exit"], rules, when))
        return lines

    def is_sooner(self, report):
        """A refused key that worked before is confirmed at the next poll, which comes sooner in a live run."""
        return self.refuses and report["verdict"] == "unreachable"


def run_all(runs):
    """Many runs in one process (tests/virtual/world.h, VIRTUAL_RUNS), each a name and its words. Every run must end with a verdict's exit code."""
    with open("runs", "wb") as f:
        for name, words in runs:
            f.write(b"".join(word.encode() + b"\0" for word in (name, str(len(words)), *words)))
    subprocess.run([VIRTUAL], env={**os.environ, "VIRTUAL_RUNS": "runs"}, check=True)
    for name, words in runs:
        code, out, err = (open(name + suffix).read() for suffix in (".status", ".out", ".err"))
        if int(code) not in (0, 1, 3, 4, 5):
            sys.exit("%s: exit %s%s%s" % (" ".join(words), code, out, err))


def live_and_again(number):
    live = ["VIRTUAL_SCENARIO=w%d.yaml" % number, "check", "p%d.yaml" % number, "--api-url", "http://127.0.0.1:1", "--quiet"]
    yield "live%d" % number, live + ["--report", "json=live%d.json" % number, "--record", "%d.ndjson" % number]
    yield "again%d" % number, ["replay", "%d.ndjson" % number, "--quiet", "--report", "json=again%d.json" % number]


def without_clock(report):
    return {k: v for k, v in report.items() if k != "run"}


def main(ranges):
    numbers = [n for first, last in (r.split("-") for r in ranges) for n in range(int(first), int(last) + 1)]
    stories = [Story(number) for number in numbers]
    tests, verdicts = ["tests:"], {}
    os.environ.update(VIRTUAL_LATENCY="0ms", VIRTUAL_SEED="middle")
    for story in stories:
        for path, content in (("p%d.yaml" % story.number, story.policy()), ("w%d.yaml" % story.number, story.scenario())):
            with open(path, "w") as f:
                f.write(content)
    run_all([run for number in numbers for run in live_and_again(number)])
    for story in stories:
        live, again = (json.load(open("%s%d.json" % (which, story.number))) for which in ("live", "again"))
        if without_clock(live) != without_clock(again):
            sys.exit("story %d: the replay is another\n%s%s" % (story.number, story.policy(), story.scenario()))
        verdicts[live["verdict"]] = verdicts.get(live["verdict"], 0) + 1
        tests += story.test(live)
    with open("stories.test.yaml", "w") as f:
        f.write("\n".join(tests) + "\n")
    done = subprocess.run([VIRTUAL, "test", "stories.test.yaml"], stdout=subprocess.PIPE, universal_newlines=True)
    print(done.stdout[-3000:] if done.returncode else done.stdout.splitlines()[-1])
    print(", ".join("%s %d" % pair for pair in sorted(verdicts.items())))
    if done.returncode or len(verdicts) < 4:
        sys.exit(1)


main(sys.argv[1:])
