"""stories.py - tells one story to all three drivers: a live run, the replay of its recording, and a policy test.

    stories.py FIRST-LAST…

Each number is a story: up to three targets on up to three chains, some with baselines in other chains and their own timeouts, some chains by their names; one or two deployments
in each chain, which build, become ready, fail, disappear and come back; environments with promotions that end or are cancelled, targets and baselines with a role in them, expected
deployments; 429s with Retry-After, 404s, pages, redirects and refused keys. The JSON reports of the three must be equal: verdicts, times, rules with their evidence, statuses, events. Left out is what only one of them has: the wall clock, the API's address, the words of errors.

The live run is the real command line in virtual time, without latency, and with the middle of all random values, so polls are on the grid. By design, a live run repeats a failed
poll sooner than a test if the error has no Retry-After; so errors in stories have one. It also confirms a refused key sooner. Where that can differ, only the verdict must agree.
"""
import collections
import json
import os
import random
import re
import subprocess
import sys

VIRTUAL = os.environ["CHAINGATE_VIRTUAL"]
# The virtual clock's start, which is also the tests' `now`.
HOUR = "2026-08-14T09:%02d:%02dZ"
UP = ["ACTIVE", 2]
STATES = [UP, UP, UP, UP, UP, UP, ["LOADING_MODEL", 0], ["BUILDING", 0], ["UNHEALTHY", 1], ["FAILED", 0], ["SCALED_TO_ZERO", 0], ["ACTIVE", 1], None]
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
PROMOTING_RULE = "{assert: all deployments have environment.promoting == false, within: 40s, name: quiet}"
# No deployment's own field names this environment; so only its own answer says what it serves.
ENVIRONMENT = "live"
ROLES = ["role: current", "role: candidate", "role: candidate", "expect_deployment: d%s", "expect_deployment: e%s"]
SELECT = ["deployment: d%s", "environment: staging, since: any", "all: true, since: any", "latest: true, since: any", "latest: true, since: any, on_superseded: fail"]
# Every kind of event must happen at least once in so many stories.
RARE = 40
# Fewer than would reach the limit for the values of a file.
TESTS_IN_A_FILE = 50


def segments(dice, begin, end):
    """Random times, the first `begin`, each with the state from then on; None: not listed."""
    at, out = begin, []
    while at < end:
        out.append((at, dice.choice(STATES) if out or dice.random() < 0.5 else ["BUILDING", 0]))
        at += dice.choice([7, 15, 30, 45, 80, 200])
    return out or [(begin, UP)]


def faults(dice, end, refuses):
    out, at = [], dice.choice([0, 12, 35, 60, 400, 400])
    while at < end and len(out) < 3:
        kind = dice.random()
        if kind < 0.55:
            out.append((at, dice.choice([3, 8, 31]), {"http": dice.choice([429, 503]), "retry_after": dice.choice([30, 37, 45, 61])}))
        elif kind < 0.8:
            out.append((at, dice.choice([5, 25, 90]), {"http": 404}))
        elif kind < 0.86:
            out.append((at, 15, {"http": 302}))
        elif kind < 0.92:
            out.append((at, 15, {"page": True}))
        elif refuses:
            out.append((at, 60, {"http": 401}))
        at += out[-1][1] if out else 1
        at += dice.choice([20, 60, 300])
    return out


class Deployment:
    def __init__(self, dice, chain, letter, end):
        self.id, self.chain, self.environment = letter + chain[1], chain, dice.choice(["staging", "staging", "production"])
        self.created = 0 if letter == "d" else dice.choice([0, 20, 45, 70])
        if letter == "d":
            self.environment = "staging"
        self.states = segments(dice, self.created, end)

    def at(self, at):
        seen = [s for begin, s in self.states if begin <= at]
        return seen[-1] if seen else None

    def scenario(self):
        before = [] if self.created == 0 else [(0, None)]
        moments = before + self.states
        return ("  - {id: %s, chain: %s, created_at: %ds, environment: %s, listed: {%s}, chainlets: [{name: A, autoscaling_settings: {min_replica: 2, max_replica: 4}, status: {%s}, "
                "active_replica_count: {%s}}]}"
                % (self.id, self.chain, self.created, self.environment, ", ".join("%ds: %s" % (at, "true" if s else "false") for at, s in moments),
                   ", ".join("%ds: %s" % (at, s[0] if s else "BUILDING") for at, s in moments), ", ".join("%ds: %d" % (at, s[1] if s else 0) for at, s in moments)))

    def seen(self, state):
        return ("{id: %s, chain_id: %s, created_at: %s, environment: %s, status: %s, chainlets: [{id: %s-1, name: A, status: %s, active_replica_count: %d, "
                "autoscaling_settings: {min_replica: 2, max_replica: 4}}]}"
                % (self.id, self.chain, HOUR % divmod(self.created, 60), self.environment, state[0], self.id, state[0], state[1]))

    def served(self, at):
        """As an environment's answer shows it: also if it isn't listed."""
        return self.seen(self.at(at) or ["BUILDING", 0])


class Environment:
    """What an environment serves, and what is being promoted to it."""

    def __init__(self, dice, chain, deployments, end):
        self.chain, self.deployments = chain, {d.id: d for d in deployments}
        old = [d.id for d in deployments if d.created == 0]
        current, candidate, at = dice.choice(old + [None]), None, 0
        self.states = [(0, current, candidate)]
        while True:
            at += dice.choice([8, 15, 33, 50, 90])
            if at >= end:
                break
            coming = [d.id for d in deployments if d.id != current and d.created <= at]
            if candidate:
                current, candidate = (candidate if dice.random() < 0.7 else current), None
            elif coming and dice.random() < 0.8:
                candidate = dice.choice(coming)
            else:
                current = dice.choice(coming + [None])
            self.states.append((at, current, candidate))

    def scenario(self):
        return "  - {chain: %s, name: %s, %s}" % (self.chain, ENVIRONMENT, ", ".join(
            "%s: {%s}" % (key, ", ".join("%ds: %s" % (state[0], state[i] or "null") for state in self.states)) for i, key in ((1, "current"), (2, "candidate"))))

    def seen(self, at):
        ids = [state for state in self.states if state[0] <= at][-1][1:]
        now = ["%s: %s" % (key, self.deployments[i].served(at) if i else "null") for key, i in zip(("current_deployment", "candidate_deployment"), ids)]
        return "{chain_id: %s, promotion_settings: {redeploy_on_promotion: false}, %s}" % (self.chain, ", ".join(now))


class Story:
    def __init__(self, number):
        dice = self.dice = random.Random(number)
        self.number = number
        self.timeout = dice.choice([60, 95, 150, 240])
        # A live run confirms a refused key sooner. With several targets, another one might get its verdict in between, unless nothing was listed before: then nothing is confirmed.
        self.refuses = number % 5 == 0
        count = 1 if self.refuses else dice.choice([1, 2, 2, 3])
        self.chains = ["c1", "c2", "c3"][: max(1, min(3, count + dice.choice([0, 0, -1])))]
        self.baseline = dice.random() < 0.35
        if self.baseline and "c2" not in self.chains:
            self.chains.append("c2")
        self.interval, self.stable_for = dice.choice([5, 10, 10]), dice.choice([0, 10, 20, 30])
        self.deployments = {c: [Deployment(dice, c, "d", self.timeout)] + ([Deployment(dice, c, "e", self.timeout)] if dice.random() < 0.4 else []) for c in self.chains}
        self.faults = {c: faults(dice, self.timeout, self.refuses) for c in self.chains}
        if count > 1 and not self.baseline and number % 4 == 1:
            self.faults[dice.choice(self.chains)] = [(0, 60, {"http": 401})]
        self.targets = []
        for i in range(count):
            chain = self.chains[min(i, len(self.chains) - 1)] if not self.baseline or i else "c1"
            select = dice.choice(SELECT).replace("%s", chain[1])
            own = dice.choice([None, None, None, 0, 21, 45, 90, 600])
            self.targets.append((("x", "y", "z")[i], ("n" if dice.random() < 0.2 else "") + chain, select, own))
        self.rules = dice.sample(RULES, dice.choice([1, 2, 3, 4]))
        if all("warning" in r for r in self.rules):
            self.rules.append(RULES[0])
        self.baseline_line = "baseline: {chain: c2, deployment: d2}" if self.baseline else ""
        self.add_roles(random.Random("roles %d" % number), count > 1 and number % 4 == 1)
        if self.baseline_line:
            self.rules.append(BASELINE_RULE)

    def add_roles(self, dice, is_refused_at_once):
        """Roles in environments: of some targets, and of the baseline."""
        self.environments, self.environment_faults = {}, {}
        roles = [dice.choice(ROLES) if dice.random() < 0.7 else None for _ in self.targets] if dice.random() < 0.6 else []
        if not any(roles):
            return
        for c in self.chains:
            if len(self.deployments[c]) == 1:
                self.deployments[c].append(Deployment(dice, c, "e", self.timeout))
            self.environments[c] = Environment(dice, c, self.deployments[c], self.timeout)
            self.environment_faults[c] = faults(dice, self.timeout, self.refuses) if dice.random() < 0.3 else []
        for i, role in enumerate(roles):
            if role:
                name, chain, _, own = self.targets[i]
                self.targets[i] = (name, chain, "environment: %s, since: any, %s" % (ENVIRONMENT, role.replace("%s", chain[-1])), own)
        if all(roles) and dice.random() < 0.6:
            self.rules.append(PROMOTING_RULE)
        if self.baseline and dice.random() < 0.5:
            self.baseline_line = "baseline: {chain: c2, environment: %s, role: %s}" % (ENVIRONMENT, dice.choice(["current", "candidate"]))
        elif not self.baseline and dice.random() < 0.5 and not is_refused_at_once:  # a list beside the refusal would have to be confirmed
            self.baseline_line = "baseline: {environment: %s, role: current}" % ENVIRONMENT

    def policy(self):
        lines = ["version: 1", "wait: {timeout: %ds, interval: %ds, stable_for: %ds, discover_for: 20s, unreachable_after: 1m, stable_for_status: {SCALED_TO_ZERO: 40s, UNHEALTHY: 30s}}"
                 % (self.timeout, self.interval, self.stable_for)]
        lines += [self.baseline_line] if self.baseline_line else []
        lines.append("targets:")
        for name, chain, select, own in self.targets:
            wait = "" if own is None else ", wait: {timeout: %ds}" % own
            lines.append("  - {name: %s, chain: %s, %s%s}" % (name, chain, select, wait))
        return "\n".join(lines + ["rules:"] + ["  - " + r for r in self.rules]) + "\n"

    def scenario(self):
        lines = ["chains: [%s]" % ", ".join("{id: %s, name: n%s}" % (c, c) for c in self.chains), "deployments:"]
        lines += [d.scenario() for c in self.chains for d in self.deployments[c]]
        if self.environments:
            lines += ["environments:"] + [e.scenario() for e in self.environments.values()]
        lines.append("faults:")
        for path, found in self.all_faults():
            for at, length, fault in found:
                what = "http: 206" if "page" in fault else ", ".join("%s: %s" % pair for pair in fault.items())
                lines.append("  - {at: %ds, for: %ds, path: %s, %s}" % (at, length, path, what))
        return "\n".join(lines) + "\n"

    def all_faults(self):
        for c in self.chains:
            yield "/v1/chains/%s/deployments" % c, self.faults[c]
            yield "/v1/chains/%s/environments/%s" % (c, ENVIRONMENT), self.environment_faults.get(c, [])

    @staticmethod
    def fault_at(found, at, page):
        for begin, length, fault in found:
            if begin <= at < begin + length:
                return page if "page" in fault else "{%s}" % ", ".join("%s: %s" % (k, "%ds" % v if k == "retry_after" else v) for k, v in fault.items())
        return None

    def seen(self, chain, at):
        fault = self.fault_at(self.faults[chain], at, "{deployments: [], page: true}")
        return fault or "[%s]" % ", ".join(d.seen(d.at(at)) for d in self.deployments[chain] if d.at(at))

    def environment_seen(self, chain, at):
        return self.fault_at(self.environment_faults[chain], at, "{http: 206}") or self.environments[chain].seen(at)

    def test(self, report):
        moments = {0}
        for c in self.chains:
            moments |= {at for d in self.deployments[c] for at, _ in d.states}
        moments |= {at for e in self.environments.values() for at, *_ in e.states}
        for _, found in self.all_faults():
            moments |= {at for begin, length, _ in found for at in (begin, begin + length)}
        lines = ["  - name: story %d" % self.number, "    policy: p%d.yaml" % self.number, "    now: %s" % HOUR % (0, 0), "    timeline:"]
        for at in sorted(m for m in moments if m <= self.timeout):
            step = ["at: %ds" % at, "deployments: {%s}" % ", ".join("%s: %s" % (name + c, self.seen(c, at)) for c in self.chains for name in ("", "n"))]
            if self.environments:
                step.append("environments: {%s}" % ", ".join(
                    "%s/%s: %s" % (name + c, ENVIRONMENT, self.environment_seen(c, at)) for c in self.environments for name in ("", "n")))
            lines.append("      - {%s}" % ", ".join(step))
        rules = ", ".join('"%s/%s": %s' % (t["name"], r["name"], r["outcome"]) for t in report["targets"] for r in t["rules"])
        more = "" if self.is_sooner(report) else ", rules: {%s}, at: %dms" % (rules, round(report["at_s"] * 1000))
        lines.append("    expect: {verdict: %s, exit: %d%s}" % (report["verdict"], report["exit"], more))
        return lines

    def is_sooner(self, report):
        """A refused key that worked before is confirmed at the next poll, which comes sooner in a live run."""
        return self.refuses and report["verdict"] == "unreachable"

    def kinds(self, report):
        """What happened in the story, as far as the report shows it."""
        errors = {code for code in ("429", "503", "401", "404", "302") for e in report["events"] if e["kind"] == "error" and code in e["error"]}
        errors |= {"page" for e in report["events"] if e["kind"] == "error" and "page" in e["error"]}
        verdicts = {t["verdict"] for t in report["targets"]}
        kinds = {report["verdict"]} | errors | {"%d targets" % len(self.targets)} | {e["kind"] for e in report["events"]}
        kinds |= {"a baseline elsewhere" for _, chain, _, _ in self.targets if self.baseline and not chain.endswith("c2")}
        kinds |= {"an own timeout" for *_, own in self.targets if own and own < self.timeout}
        kinds |= {"a single snapshot" for *_, own in self.targets if own == 0}
        kinds |= {"a name" for _, chain, *_ in self.targets if chain.startswith("n")}
        kinds |= {"two selected" for t in report["targets"] if len(t["deployments"]) > 1}
        selections = [select for _, _, select, _ in self.targets]
        kinds |= {"a " + role for role in ("current", "candidate") for select in selections if "role: " + role in select}
        kinds |= {"an expected deployment" for select in selections if "expect_deployment" in select}
        kinds |= {"a role of the baseline" for _ in selections if "role: " in self.baseline_line}
        kinds |= {word for e in report["events"] if e["kind"] == "note" for word in ("was promoted",) if word in e["to"]}
        kinds |= {"not the expected one" for t in report["targets"] if "serves deployment" in t["reason"]}
        kinds |= {"an environment's fault" for e in report["events"] if e["kind"] == "error" for c, found in self.environment_faults.items() if found}
        if len(verdicts) > 1:
            kinds.add("several verdicts")
        if "401" in errors and len(self.targets) > 1:
            kinds.add("401 among several")
        return kinds


EXPECTED = ["passed", "failed", "timed_out", "unreachable", "429", "503", "401", "404", "302", "page", "2 targets", "3 targets", "a baseline elsewhere", "an own timeout",
            "a single snapshot", "a name", "two selected", "several verdicts", "401 among several", "a current", "a candidate", "an expected deployment", "a role of the baseline", "was promoted", "not the expected one",
            "an environment's fault", "moved", "recovered", "superseded"]


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


# What a 404 says, or what is said in its place if it says nothing.
ABSENT = re.compile(r"Simulated HTTP status 404|there is no (environment '\w+' of the )?chain '\w+'")


def load(name):
    with open(name) as f:
        return json.loads(ABSENT.sub("it isn't there", f.read()))


def without_clock(report):
    return {k: v for k, v in report.items() if k != "run"}


def of_any_driver(report):
    """The report without what only a live run has: the API's address, the policy's path, the words of errors, the id of a chain without any deployment."""
    for event in report["events"]:
        event.pop("error", None)
    for target in report["targets"]:
        target["chain_id"] = (target["chain_id"] or "").lstrip("n")
        if target["verdict"] == "unreachable":
            del target["reason"]
    return {k: report[k] for k in ("verdict", "exit", "at_s", "targets", "events")}


def difference(a, b, path=""):
    """The first place at which two documents differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        for key in {**a, **b}:
            if a.get(key) != b.get(key):
                return difference(a.get(key), b.get(key), path + "." + key)
    if isinstance(a, list) and isinstance(b, list):
        for i in range(max(len(a), len(b))):
            if a[i:i + 1] != b[i:i + 1]:
                return difference(a[i] if i < len(a) else None, b[i] if i < len(b) else None, "%s[%d]" % (path, i))
    return "%s: %s, and %s" % (path, json.dumps(a), json.dumps(b))


def main(ranges):
    numbers = [n for first, last in (r.split("-") for r in ranges) for n in range(int(first), int(last) + 1)]
    stories = [Story(number) for number in numbers]
    kinds, others, compared, files = collections.Counter(), [], 0, []
    os.environ.update(VIRTUAL_LATENCY="0ms", VIRTUAL_SEED="middle", VIRTUAL_TOLD="told")
    for story in stories:
        for path, content in (("p%d.yaml" % story.number, story.policy()), ("w%d.yaml" % story.number, story.scenario())):
            with open(path, "w") as f:
                f.write(content)
    run_all([run for number in numbers for run in live_and_again(number)])
    for i, story in enumerate(stories):
        live, again = (load("%s%d.json" % (which, story.number)) for which in ("live", "again"))
        if without_clock(live) != without_clock(again):
            others.append("story %d: live and replayed: %s" % (story.number, difference(without_clock(live), without_clock(again))))
        kinds.update(story.kinds(live))
        if i % TESTS_IN_A_FILE == 0:
            files.append("s%d.test.yaml" % i)
        with open(files[-1], "a") as f:
            f.write("\n".join(([] if i % TESTS_IN_A_FILE else ["tests:"]) + story.test(live)) + "\n")
    done = subprocess.run([VIRTUAL, "test", *files], stdout=subprocess.PIPE, universal_newlines=True)
    print(done.stdout[-3000:] if done.returncode else done.stdout.splitlines()[-1])
    for i, story in enumerate(stories):
        live, told = (load("%s%d.json" % pair) for pair in (("live", story.number), ("told", i)))
        if story.is_sooner(live):
            continue
        compared += 1
        live, told = of_any_driver(live), of_any_driver(told)
        if live != told:
            others.append("story %d: live and as a test: %s" % (story.number, difference(live, told)))
    print("\n".join(others[:20]))
    print("%d reports compared, %d differ" % (compared, len(others)))
    print(", ".join("%s: %d" % (kind, kinds[kind]) for kind in EXPECTED))
    rare = [kind for kind in EXPECTED if kinds[kind] < len(stories) / RARE]
    if rare:
        print("too rare: " + ", ".join(rare))
    if done.returncode or others or rare:
        sys.exit(1)


main(sys.argv[1:])
