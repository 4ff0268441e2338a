#!/usr/bin/env python3
"""fleet.py - what a run of many chains costs: requests, connections, CPU, peak memory; and the same for each of three shards.

    fleet.py BUILD [--write]

Each chain has 20 deployments with 3 chainlets; the latest is judged twice, in an interval, as in a run that finds everything stable. Requests and connections are counted by
the server (nginx). CPU and memory are of the one process. --write puts the table into docs/fleets.md.
"""
import argparse
import os
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True  # writes no __pycache__ into the checkout

import run
import server

CHAINS, DEPLOYMENTS, CHAINLETS = 1000, 20, 3
PAGE = run.ROOT / "docs/fleets.md"
# One round of 1,000 lists takes ten seconds at 100 requests a second.
ARGUMENTS = ["--latest", "--since", "any", "--interval", "11s", "--stable-for", "5s", "--max-rps", str(run.RATE), "--progress", "none", "--quiet"]


def asked(cwd):
    """The lines of the server's log: one a request, which ends with its connection's number."""
    path = pathlib.Path(cwd, "requests")
    return path.read_text().splitlines() if path.exists() else []


def row(build, api, cwd, name, *arguments):
    timer, before = shutil.which("time"), len(asked(cwd))
    command = [timer, "-q", "-f", "%M", "-o", f"{cwd}/memory"] if timer else []
    wall, cpu = run.run(command + [f"{build}/chaingate", "check", *arguments, *ARGUMENTS], run.environment(f"{api.url}/fleet", cwd), cwd)
    lines = asked(cwd)[before:]
    peak = f"{int(pathlib.Path(cwd, 'memory').read_text()) / 1024:.1f} MiB" if timer else ""
    connections = len({line.split()[-1] for line in lines}) if api.process else ""
    return f"| {name} | {len(lines):,} | {connections} | {cpu * 1000:,.0f} ms | {peak} | {wall:.0f} s |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--write", action="store_true", help="into docs/fleets.md")
    arguments = parser.parse_args()
    build = os.path.realpath(arguments.build)
    out = ["| watched | requests | connections | CPU | peak memory | time |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as cwd, server.Server(cwd) as api:
        server.write_api(f"{cwd}/root/fleet", CHAINS, DEPLOYMENTS, CHAINLETS)
        out.append(row(build, api, cwd, "1 chain", "--chain", "bench0"))
        out.append(row(build, api, cwd, "100 chains", "--chain", "bench?", "--chain", "bench[1-9]?"))
        out.append(row(build, api, cwd, "1,000 chains", "--all-chains"))
        out += [row(build, api, cwd, f"of them `--shard {i}/3`", "--all-chains", "--shard", f"{i}/3") for i in (1, 2, 3)]
    text = "\n".join(out) + "\n"
    print(text, end="")
    if arguments.write:
        PAGE.write_text(re.sub(r"(<!-- measured -->\n).*(<!-- /measured -->)", lambda m: m[1] + text + m[2], PAGE.read_text(), flags=re.S))


if __name__ == "__main__":
    main()
