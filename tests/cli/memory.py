#!/usr/bin/env python3
"""memory.py PID - searches a process's memory for the text on stdin. Prints "locked" or "plain" for each copy in writable memory, by the pages it is in.

The exit code is 77 if this process may not read the other's memory. Memory that is mapped but can't be read is an error.
"""
import re
import sys


def read(memory, first, last):
    """All bytes: one read may return fewer."""
    memory.seek(first)
    parts = []
    while first < last:
        parts.append(memory.read(last - first))
        if not parts[-1]:
            raise OSError(f"{first:x}-{last:x} can't be read")
        first += len(parts[-1])
    return b"".join(parts)


def main():
    pid, needle = sys.argv[1], sys.stdin.read().strip().encode()
    try:
        maps, memory = open(f"/proc/{pid}/smaps"), open(f"/proc/{pid}/mem", "rb", 0)
    except PermissionError as error:
        print(error, file=sys.stderr)
        sys.exit(77)
    copies = areas = 0
    for line in maps:
        found = re.match(r"([0-9a-f]+)-([0-9a-f]+) (..)", line)
        if found:
            is_writable = found.group(3) == "rw"
            areas += is_writable
            copies = read(memory, *(int(part, 16) for part in found.groups()[:2])).count(needle) if is_writable else 0
        elif line.startswith("VmFlags:"):
            print((("locked" if " lo" in line else "plain") + "\n") * copies, end="")
    if not areas:
        sys.exit("no writable memory was found")


main()
