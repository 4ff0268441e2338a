#!/usr/bin/env python3
"""static.py - compares the static program with the dynamic one, curl, and curl | jq: what the start costs, what one request costs, and what one verdict costs.

    static.py BUILD STATIC [--rounds N] [--write]

BUILD and STATIC are directories with chaingate in them. Copies of both are measured, as they are after an installation: the linker writes a file in parts, and
while the kernel has these parts in its memory one by one, the start takes a tenth longer. The verdict is about 3 chainlets, from a server on this machine (see run.py). The tools take turns, so that
other load on the machine affects all of them; a figure is the median of its rounds, and a ratio the median of the ratios within a round. --write puts the table
into docs/performance.md.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True  # writes no __pycache__ into the checkout

import run
import server

PAGE = run.ROOT / "docs/performance.md"


def table(title, found, variables, cwd, rounds):
    rows = run.measure(found, variables, cwd, rounds)
    lines = [f"| {title} | wall | CPU | static ÷ it: wall | CPU |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, figures in rows.items():
        wall, cpu = (statistics.median(column) * 1000 for column in zip(*figures))
        ratio = "| |" if name == "static" else "{:.2f} | {:.2f} |".format(*run.ratios(rows["static"], figures))
        lines.append(f"| {name} | {wall:.1f} ms | {cpu:.1f} ms | {ratio}")
    return "\n".join(lines)


def installed(build, directory):
    os.mkdir(directory)
    shutil.copy(f"{build}/chaingate", directory)
    return directory


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("static")
    parser.add_argument("--rounds", type=int, default=101)
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    arguments = parser.parse_args()
    missing = [name for name in ("curl", "jq") if not shutil.which(name)]
    if missing:
        sys.exit(f"static.py: {missing[0]} is not installed")
    with tempfile.TemporaryDirectory() as cwd, server.Server(cwd) as api:
        build, static = installed(arguments.build, f"{cwd}/dynamic"), installed(arguments.static, f"{cwd}/static")
        server.write_api(f"{cwd}/root/one", 1, 1, 3)
        url = f"{api.url}/one"
        variables = run.environment(url, cwd)
        start = {"static": [f"{static}/chaingate", "help"], "dynamic": [f"{build}/chaingate", "help"], "`curl --version`": ["curl", "--version"]}
        verdict = {"static": run.gate(static, "--timeout", "0s"), "dynamic": run.gate(build, "--timeout", "0s")}
        others = run.tools(build, url)[0]
        verdict |= {"`curl`, one request": others["curl -o /dev/null"], "`curl \\| jq`, two requests": others["curl \\| jq"]}
        request = {"static": [f"{static}/chaingate", "status"], "dynamic": [f"{build}/chaingate", "status"],
                   "`curl`": ["curl", "-fsS", "-o", "/dev/null", "-H", f"Authorization: Api-Key {run.KEY}", f"{url}/v1/chains"]}
        kinds = (("start: `help`", start), ("one request, for the list of chains: `status`", request), ("one verdict, two requests", verdict))
        tables = [table(title, found, variables, cwd, arguments.rounds) for title, found in kinds]
    head = f"{arguments.rounds} rounds on {os.cpu_count()} processors, {api.name} as the server, load {os.getloadavg()[0]:.1f} at the end."
    text = "\n\n".join([head, *tables]) + "\n"
    print(text)
    if arguments.write:
        old = PAGE.read_text()
        new, count = re.subn(r"(<!-- measured static -->\n).*(<!-- /measured static -->)", lambda place: place[1] + text + "\n" + place[2], old, flags=re.S)
        if count != 1:
            sys.exit(f"static.py: {PAGE} has no place for the table")
        PAGE.write_text(new)


main()
