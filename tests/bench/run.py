#!/usr/bin/env python3
"""run.py - what chaingate costs beside what one would write instead, on the same work, as ratios of one run.

    run.py BUILD [--rounds N]

The work is one verdict: find the chain by its name, read its list, and judge of one deployment that all chainlets are ACTIVE and have their replicas. The API is
chaingate-sim, with lists of different length. The tools take turns, so that what else the machine does hits all of them; a figure is the median of its
rounds, and a ratio is the median of the ratios within a round. Memory is the largest process of a run, by GNU time. What isn't installed is left out, and
said so.

Then a watch: so many polls of a rollout that goes on, ten a second, and what they take of a processor. Nothing here passes or fails: it is to be read.
"""
import argparse
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
KEY = "bench-key"
CHAIN, DEPLOYMENT = "bench", "judged"
# Chainlets of the deployment, and deployments of the chain: a usual one, a large one, and a list as long as years make it.
SIZES = [(3, 2), (200, 1), (20, 500)]
POLLS = 50


def scenario(chainlets, deployments, status="ACTIVE"):
    lines = [f"api_key: {KEY}", f"chains: [{{id: c1, name: {CHAIN}}}]", "deployments:"]
    for d in range(deployments):
        lines += [f"  - id: {DEPLOYMENT if d == deployments - 1 else f'old{d}'}", "    chain: c1", f"    created_at: -{deployments - d}h", "    chainlets:"]
        lines += [f"      - {{name: Chainlet{i}, status: {status}, autoscaling_settings: {{min_replica: 1, max_replica: 4}}}}" for i in range(chainlets)]
    return "\n".join(lines) + "\n"


class Simulator:
    def __init__(self, program, text):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        self.file.write(text)
        self.file.flush()
        self.process = subprocess.Popen([program, self.file.name], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def run(command, url, cwd):
    """The exit code, wall and processor seconds of all the command's processes."""
    environment = {"PATH": os.environ["PATH"], "HOME": cwd, "BASETEN_API_KEY": KEY, "BASETEN_API_URL": url, "CHAIN": CHAIN, "DEPLOYMENT": DEPLOYMENT}
    begin = time.monotonic()
    process = subprocess.Popen(command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, wall, usage.ru_utime + usage.ru_stime


def memory(command, url, cwd):
    """MiB, or NaN. Not of wait4: the kernel counts what the process was before it became the command, and that is a Python."""
    timer = shutil.which("time")
    if not timer:
        return math.nan
    run([timer, "-q", "-f", "%M", "-o", f"{cwd}/memory", *command], url, cwd)
    return int(pathlib.Path(cwd, "memory").read_text()) / 1024


def tools(build, url):
    found = {"chaingate": [f"{build}/chaingate", "check", "--chain", CHAIN, "--deployment", DEPLOYMENT, "--timeout", "0s"]}
    newman = shutil.which("newman", path=f"{HERE.parent.parent}/build/bench/node_modules/.bin:{os.environ['PATH']}")
    if shutil.which("jq") and shutil.which("curl"):
        found["curl | jq"] = ["sh", f"{HERE}/curl_jq.sh"]
    # Without what a person's site has to load: it would count against Python.
    found["Python"] = [os.path.realpath(sys.executable), "-I", "-S", f"{HERE}/gate.py"]
    if newman:
        found["newman"] = [newman, "run", f"{HERE}/newman.json", "--env-var", f"url={url}", "--env-var", f"key={KEY}", "--env-var", f"chain={CHAIN}",
                           "--env-var", f"deployment={DEPLOYMENT}"]
    return found, [name for name in ("curl | jq", "newman") if name not in found]


def measure(found, url, cwd, rounds):
    rows = {name: [] for name in found}
    for number in range(rounds + 1):
        for name, command in found.items():
            code, *figures = run(command, url, cwd)
            if code != 0:
                sys.exit(f"{name} ended with {code}: {' '.join(command)}")
            if number:  # the first round warms up
                rows[name].append(figures)
    return rows


def report(title, rows, sizes):
    print(f"\n{title}")
    print(f"  {'':12}{'wall':>10}{'processor':>12}{'memory':>10}    beside chaingate: wall, processor, memory")
    for name, figures in rows.items():
        middle = [statistics.median(column) for column in zip(*figures)]
        ratios = [statistics.median(other / ours for other, ours in zip(theirs, own)) for theirs, own in zip(zip(*figures), zip(*rows["chaingate"]))]
        ratios.append(sizes[name] / sizes["chaingate"])
        print(f"  {name:12}{middle[0] * 1000:8.1f}ms{middle[1] * 1000:10.1f}ms{sizes[name]:8.1f}M    " + ", ".join(f"x{ratio:.2f}" for ratio in ratios))


def measure_watch(build, cwd):
    with Simulator(f"{build}/chaingate-sim", scenario(200, 1, "LOADING_MODEL")) as sim:
        command = [f"{build}/chaingate", "check", "--chain", CHAIN, "--deployment", DEPLOYMENT, "--interval", "100ms", "--timeout", f"{POLLS * 100}ms", "--max-rps", "100"]
        code, wall, processor = run(command, sim.url, cwd)
        if code != 3:
            sys.exit(f"the watch ended with {code}")
    print(f"\n{POLLS} polls of 200 chainlets in {wall:.1f} s: {processor * 1000 / POLLS:.2f} ms of a processor each")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    build = os.path.realpath(arguments.build)
    with tempfile.TemporaryDirectory() as cwd:
        for chainlets, deployments in SIZES:
            with Simulator(f"{build}/chaingate-sim", scenario(chainlets, deployments)) as sim:
                found, missing = tools(build, sim.url)
                size = len(subprocess.run(["curl", "-s", "-H", f"Authorization: Api-Key {KEY}", f"{sim.url}/v1/chains/c1/deployments"], capture_output=True).stdout)
                rows = measure(found, sim.url, cwd, arguments.rounds)
                report(f"{deployments} deployments of {chainlets} chainlets, {size / 1024:.0f} KiB; {arguments.rounds} rounds", rows,
                       {name: memory(command, sim.url, cwd) for name, command in found.items()})
        measure_watch(build, cwd)
    if not shutil.which("time"):
        missing.append("GNU time, which measures memory,")
    for name in missing:
        print(f"{name} is not installed, and left out")


main()
