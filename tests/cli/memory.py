#!/usr/bin/env python3
"""memory.py PID - searches a process's memory for the text on stdin. Prints "locked" or "plain" for each copy in writable memory, by the pages it is in."""
import re
import sys

pid, needle = sys.argv[1], sys.stdin.read().strip().encode()
with open(f"/proc/{pid}/smaps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
    for line in maps:
        found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
        if found:
            first, last = (int(part, 16) for part in found.groups())
            try:
                memory.seek(first)
                copies = memory.read(last - first).count(needle)
            except OSError:
                copies = 0
        elif re.match(r"[0-9a-f]+-", line):
            copies = 0
        elif line.startswith("VmFlags:"):
            print((("locked" if " lo" in line else "plain") + "\n") * copies, end="")
