#!/usr/bin/env python3
"""without.py CALL:ERROR COMMAND... - runs the command as on a kernel on which a system call fails with this error. CALL is a number, or "prctl" for all of
its functions that restrict a process."""
import ctypes
import errno
import os
import platform
import struct
import sys

call, error = sys.argv[1].split(":")
number = {"x86_64": 157, "aarch64": 167}[platform.machine()] if call == "prctl" else int(call)
least = 22 if call == "prctl" else 0  # PR_SET_SECCOMP; the next that is used here is PR_SET_NO_NEW_PRIVS
steps = [
    (0x20, 0, 0, 0),  # load the call's number
    (0x15, 0, 3, number),
    (0x20, 0, 0, 16),  # load its first argument
    (0x35, 0, 1, least),
    (0x06, 0, 0, 0x00050000 | getattr(errno, error)),
    (0x06, 0, 0, 0x7FFF0000),
]
program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


libc = ctypes.CDLL(None, use_errno=True)
installed = Filter(len(steps), ctypes.addressof(program))
if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.byref(installed), 0, 0) != 0:
    sys.exit(os.strerror(ctypes.get_errno()))
os.execv(sys.argv[2], sys.argv[2:])
