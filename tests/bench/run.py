#!/usr/bin/env python3
"""run.py - compares the cost of chaingate with the cost of its alternatives for the same work, as ratios.

    run.py BUILD [--rounds N] [--write]

The work is one verdict: find the chain by its name, read its list, and check that all chainlets of one deployment are ACTIVE and have enough replicas. A server
sends the same bodies to every tool. The tools take turns, so that other load on the machine affects all of them. A figure is the median of its rounds; a ratio is
the median of the ratios within a round. Memory is the peak of the largest process of a run, measured by GNU time. A tool that isn't installed is left out, with a
message.

After that it measures many chains, polls of a list that doesn't change, and curves of cost against size in instructions (valgrind). No result is a failure.
--write puts the tables into docs/performance.md and draws docs/performance.svg.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True  # writes no __pycache__ into the checkout

import chart
import server

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
KEY = "bench-key-0123456789"
# Name, deployments, chainlets of each.
SIZES = [("1 kB", 1, 3), ("38 kB", 6, 20), ("2.7 MB", 450, 20), ("12 MB", 2000, 20)]
RATE = 100


def environment(url, cwd, chains="bench0"):
    return {"PATH": os.environ["PATH"], "HOME": cwd, "BASETEN_API_KEY": KEY, "BASETEN_API_URL": url, "CHAIN": chains, "DEPLOYMENT": "judged"}


def run(command, variables, cwd):
    """Wall and processor seconds of all the command's processes."""
    begin = time.monotonic()
    process = subprocess.Popen(command, env=variables, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"exit code {process.returncode}: {' '.join(command)}")
    return wall, usage.ru_utime + usage.ru_stime


def memory(command, variables, cwd):
    """MiB, or None. Not measured with wait4, which includes the Python process before exec."""
    timer = shutil.which("time")
    if not timer:
        return None
    run([timer, "-q", "-f", "%M", "-o", f"{cwd}/memory", *command], variables, cwd)
    return int(pathlib.Path(cwd, "memory").read_text()) / 1024


def gate(build, *more):
    return [f"{build}/chaingate", "check", "--chain", "bench0", "--deployment", "judged", *more]


def tools(build, url):
    found = {"chaingate": gate(build, "--timeout", "0s")}
    newman = shutil.which("newman", path=f"{ROOT}/build/bench/node_modules/.bin:{os.environ['PATH']}")
    missing = []
    if shutil.which("jq") and shutil.which("curl"):
        found["curl \\| jq"] = ["sh", f"{HERE}/curl_jq.sh"]
        found["curl -o /dev/null"] = ["curl", "-fsS", "-o", "/dev/null", "-H", f"Authorization: Api-Key {KEY}", f"{url}/v1/chains/c0/deployments"]
    else:
        missing.append("curl and jq")
    has_requests = subprocess.run([sys.executable, "-c", "import requests"], stderr=subprocess.DEVNULL).returncode == 0
    found["Python, requests" if has_requests else "Python, urllib"] = [os.path.realpath(sys.executable), f"{HERE}/gate.py"]
    if newman:
        found["newman"] = [newman, "run", f"{HERE}/newman.json", "--env-var", f"url={url}", "--env-var", f"key={KEY}", "--env-var", "chain=bench0",
                           "--env-var", "deployment=judged"]
    else:
        missing.append("newman")
    return found, missing


def measure(found, variables, cwd, rounds):
    rows = {name: [] for name in found}
    for number in range(rounds + 1):
        for name, command in found.items():
            figures = run(command, variables, cwd)
            if number:  # the first round warms up
                rows[name].append(figures)
    return rows


def ratios(ours, theirs):
    return [statistics.median(o[i] / t[i] for o, t in zip(ours, theirs)) for i in range(2)]


def compare(build, api, cwd, rounds, out):
    bars, missing = {}, []
    out.append("| body | tool | wall | CPU | peak | requests | chaingate ÷ it: wall | CPU | peak |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, deployments, chainlets in SIZES:
        folder = re.sub(r"\W", "", name)
        server.write_api(f"{cwd}/root/{folder}", 1, deployments, chainlets)
        url = f"{api.url}/{folder}"
        variables = environment(url, cwd)
        found, missing = tools(build, url)
        rows = measure(found, variables, cwd, rounds)
        peaks = {tool: memory(command, variables, cwd) for tool, command in found.items()}
        for tool, figures in rows.items():
            before = api.requests()
            run(found[tool], variables, cwd)
            wall, cpu = (statistics.median(column) * 1000 for column in zip(*figures))
            beside = ratios(rows["chaingate"], figures)
            peak = peaks["chaingate"] / peaks[tool] if peaks[tool] else None
            out.append(f"| {name} | {tool} | {wall:.0f} ms | {cpu:.0f} ms | {peaks[tool] or 0:.1f} MiB | {api.requests() - before} | "
                       + ("| | |" if tool == "chaingate" else f"{beside[0]:.2f} | {beside[1]:.2f} | {peak or 0:.2f} |"))
            if tool != "chaingate":
                bars.setdefault(tool.replace("\\", ""), []).append((name, beside[1]))
    return bars, missing


def write_fleet(cwd, count):
    if not os.path.exists(f"{cwd}/root/fleet{count}"):
        server.write_api(f"{cwd}/root/fleet{count}", count, 20, 3)
    policy = pathlib.Path(cwd, f"fleet{count}.yaml")
    policy.write_text("version: 1\nrules: [all chainlets ACTIVE, active_replica_count >= min_replica]\ntargets:\n"
                      + "".join(f"  - {{name: t{i}, chain: bench{i}, deployment: judged}}\n" for i in range(count)))
    return str(policy)


# How many of the 200 chains curl | jq checks. Its cost is the same for each chain.
PIPED = 50


def fleets(build, api, cwd, out):
    out.append("\n| chains | tool | wall | CPU | CPU for each chain | requests | wall ÷ (requests ÷ rate) |\n| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for count in (200, 1000):
        command = [f"{build}/chaingate", "check", write_fleet(cwd, count), "--timeout", "0s", "--max-rps", str(RATE)]
        variables = environment(f"{api.url}/fleet{count}", cwd)
        before = api.requests()
        wall, cpu = run(command, variables, cwd)
        asked = api.requests() - before
        out.append(f"| {count:,} | chaingate | {wall:.1f} s | {cpu * 1000:.0f} ms | {cpu * 1000 / count:.2f} ms | {asked} | {wall / (asked / RATE):.2f} |")
        if count == 200 and shutil.which("jq"):
            variables["CHAIN"] = " ".join(f"bench{i}" for i in range(PIPED))
            wall, other = run(["sh", f"{HERE}/curl_jq.sh"], variables, cwd)
            out.append(f"| {PIPED} | curl \\| jq | {wall:.1f} s | {other * 1000:.0f} ms | {other * 1000 / PIPED:.2f} ms | {2 * PIPED} | |")
            out.append(f"| | chaingate ÷ curl \\| jq | | | {cpu / count / (other / PIPED):.3f} | | |")


def unchanged(build, api, cwd, out):
    """The cost of another poll: the difference between a run of many polls and a run of one, divided by the polls."""
    server.write_api(f"{cwd}/root/steady", 1, 1, 200)
    for what, folder, lasts in (("of 3 chainlets", "1kB", "10s"), ("of 200 chainlets", "steady", "10s"), ("of 12 MB", "12MB", "3s")):
        variables = environment(f"{api.url}/{folder}", cwd)
        many = gate(build, "--interval", "100ms", "--stable-for", lasts, "--max-rps", "100")
        costs = []
        for _ in range(5):
            one = run(gate(build, "--timeout", "0s"), variables, cwd)[1]
            before = api.requests()
            cpu = run(many, variables, cwd)[1]
            costs.append((cpu - one) * 1000 / (api.requests() - before - 2))
        out.append(f"\nAnother poll of an unchanged list {what}: {statistics.median(costs):.2f} ms of CPU ({min(costs):.2f} to {max(costs):.2f}), libcurl's included.")


# Milliseconds. The flips are spread evenly over an interval.
DETECTION_INTERVAL, DETECTION_ROUNDS = 500, 21


def detection(build, cwd, out):
    """From the moment at which the simulator shows the last chainlet ACTIVE to the end of the gate's process."""
    late = []
    for number in range(DETECTION_ROUNDS):
        flip = 700 + DETECTION_INTERVAL * number // DETECTION_ROUNDS
        world = pathlib.Path(cwd, "flip.yaml")
        world.write_text(f"api_key: {KEY}\nchains: [{{id: c0, name: bench0}}]\ndeployments:\n  - id: judged\n    chain: c0\n    created_at: 0s\n    chainlets:\n"
                         f"      - name: Chainlet0\n        status: {{0s: LOADING_MODEL, {flip}ms: ACTIVE}}\n        active_replica_count: 1\n")
        with subprocess.Popen([f"{build}/chaingate-sim", "--until-eof", str(world)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as sim:
            url = sim.stdout.readline().strip()
            request = urllib.request.Request(f"{url}/v1/chains", headers={"Authorization": f"Api-Key {KEY}"})
            with urllib.request.urlopen(request) as answer:  # the simulator's time begins
                begin = time.monotonic()
                answer.read()
            run(gate(build, "--interval", f"{DETECTION_INTERVAL}ms", "--stable-for", "0s"), environment(url, cwd), cwd)
            late.append((time.monotonic() - begin) * 1000 - flip)
            sim.stdin.close()
    out.append(f"\nFrom a change to the verdict, with `--interval {DETECTION_INTERVAL}ms` and `--stable-for 0s`, {DETECTION_ROUNDS} runs: "
               f"{statistics.median(late):.0f} ms ({min(late):.0f} to {max(late):.0f}).")


def instructions(command, variables, cwd):
    said = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], env=variables, cwd=cwd, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True).stderr
    found = re.search(r"Collected : (\d+)", said)
    if not found:
        sys.exit(f"valgrind counted nothing: {' '.join(command)}")
    return int(found[1]) / 1e6


def curves(build, api, cwd, out):
    if not shutil.which("valgrind"):
        out.append("\nvalgrind is not installed: no curves.")
        return {}
    lines = {"deployments in the list": [], "chains of one run": [], "minutes of virtual time": []}
    for count in (1, 10, 100, 1000, 10000):
        server.write_api(f"{cwd}/root/d{count}", 1, count, 3)
        lines["deployments in the list"].append((count, instructions(gate(build, "--timeout", "0s"), environment(f"{api.url}/d{count}", cwd), cwd)))
    for count in (1, 10, 100, 1000):
        command = [f"{build}/chaingate", "check", write_fleet(cwd, count), "--timeout", "0s", "--max-rps", str(RATE)]
        lines["chains of one run"].append((count, instructions(command, environment(f"{api.url}/fleet{count}", cwd), cwd)))
    world = pathlib.Path(cwd, "world.yaml")
    world.write_text(f"api_key: {KEY}\nchains: [{{id: c0, name: bench0}}]\ndeployments:\n  - id: judged\n    chain: c0\n    created_at: 0s\n    chainlets:\n"
                     + "".join(f"      - {{name: Chainlet{i}, status: LOADING_MODEL}}\n" for i in range(3)))
    for minutes in (1, 5, 20, 60, 120):
        variables = environment("http://127.0.0.1:1", cwd)
        variables["VIRTUAL_SCENARIO"] = str(world)
        command = [f"{build}/tests/chaingate-virtual", *gate(build, "--interval", "10s", "--timeout", f"{minutes}m")[1:]]
        lines["minutes of virtual time"].append((minutes, instructions(command, variables, cwd)))
    for title, points in lines.items():
        out.append(f"\n| {title} | " + " | ".join(f"{x:,}" for x, _ in points) + " |\n| --- |" + " ---: |" * len(points)
                   + "\n| million instructions | " + " | ".join(f"{y:,.1f}" for _, y in points) + " |")
    return lines


def write(text, bars, lines):
    page = ROOT / "docs/performance.md"
    old = page.read_text()
    page.write_text(re.sub(r"(<!-- measured -->\n).*(<!-- /measured -->)", lambda m: m[1] + text + "\n" + m[2], old, flags=re.S))
    (ROOT / "docs/performance.svg").write_text(chart.draw(bars, lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md and docs/performance.svg")
    arguments = parser.parse_args()
    build, out = os.path.realpath(arguments.build), []
    with tempfile.TemporaryDirectory() as cwd, server.Server(cwd) as api:
        bars, missing = compare(build, api, cwd, arguments.rounds, out)
        print("\n".join(out), file=sys.stderr, flush=True)
        unchanged(build, api, cwd, out)
        detection(build, cwd, out)
        fleets(build, api, cwd, out)
        print("\n".join(out[-11:]), file=sys.stderr, flush=True)
        lines = curves(build, api, cwd, out)
    load = os.getloadavg()[1]
    head = f"{arguments.rounds} rounds on {os.cpu_count()} processors, {api.name} as the server, load {load:.1f} while it ran."
    text = head + "".join(f" {name}: not installed, left out." for name in missing) + "\n\n" + "\n".join(out) + "\n"
    print(text)
    if arguments.write:
        write(text, bars, lines)


if __name__ == "__main__":
    main()
