#!/usr/bin/env python3
"""at_end.py WAY KEY COMMAND... - runs the command, and counts the copies of the key in its writable memory when it has ended but still has its memory.
WAY is "end" (it ends by itself) or the names of signals to send, one after the other, when it has written LOADING_MODEL to stderr.

Prints "before: N" when the first signal arrives, and "at the end: N". The exit code is 77 if processes can't be traced here.
"""
import ctypes
import os
import re
import signal
import sys

TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
TRACE_EXIT, EXIT_KILL, EVENT_EXIT = 0x40, 0x100000, 6
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, pid=0, data=0):
    if libc.ptrace(request, pid, None, data) < 0:
        print(os.strerror(ctypes.get_errno()), file=sys.stderr)
        os._exit(77)


def copies(maps, memory, needle):
    maps.seek(0)
    found = 0
    for line in maps.read().decode().splitlines():
        area = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
        if not area:
            continue
        first, last = (int(part, 16) for part in area.groups())
        memory.seek(first)
        while first < last:
            part = memory.read(last - first)
            if not part:
                sys.exit(f"can't be read: {line}")
            found += part.count(needle)
            first += len(part)
    return found


def main():
    way, needle, command = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
    signals = [] if way == "end" else [getattr(signal, "SIG" + name) for name in way.split()]
    output, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(theirs, 2)
        ptrace(TRACEME)
        os.execv(command[0], command)
    os.close(theirs)
    if not os.WIFSTOPPED(os.waitpid(pid, 0)[1]):
        sys.exit(77)
    ptrace(SETOPTIONS, pid, TRACE_EXIT | EXIT_KILL)
    # Opened now: later, only root may. What is open stays so.
    maps, memory = open(f"/proc/{pid}/maps", "rb", 0), open(f"/proc/{pid}/mem", "rb", 0)
    ptrace(CONT, pid)
    said = b""
    while signals and b"LOADING_MODEL" not in said:
        part = os.read(output, 4096)
        if not part:
            break
        said += part
    is_first = True
    if signals:
        os.kill(pid, signals.pop(0))
    while True:
        status = os.waitpid(pid, 0)[1]
        if not os.WIFSTOPPED(status):
            break
        if status >> 16 == EVENT_EXIT:
            print("at the end:", copies(maps, memory, needle), flush=True)
            ptrace(CONT, pid)
            continue
        if is_first and os.WSTOPSIG(status) == signal.SIGTERM:
            print("before:", copies(maps, memory, needle), flush=True)
            is_first = False
        # The next signal is sent before this one is delivered, so the run can't end between them.
        if signals:
            os.kill(pid, signals.pop(0))
        ptrace(CONT, pid, os.WSTOPSIG(status))


main()
