"""failing.py - checks the disturbed runs of failing.bats.

    failing.py CALL POINT…

The directory CALL has the undisturbed run; CALL-POINT has a run in which that call failed. Prints what is wrong, and how many runs ended with which exit code; appends the
latter to the file in FAILING_FIGURES, if it is set. Its own exit code is 1 if anything is wrong.
"""
import collections
import os
import re
import sys

REPORTS = ["junit.xml", "r.json", "r.html", "r.md", "r.env", "r.tap", "r.gitlab", "r.intoto", "r.github"]
# The end of each complete report.
ENDS = {"junit.xml": "</testsuites>\n", "r.json": "}\n", "r.html": "</html>\n", "r.gitlab": "]\n", "r.intoto": "}\n"}
EXITS = {0, 1, 2, 3, 4, 5, 6, 70, 129, 130, 137, 143}
# Libraries that crash when an allocation fails: json-c's tokener copies a key and hashes the copy without checking it for NULL; OpenSSL
# uses a lock that it couldn't make when it starts.
ALLOWED = re.compile(r"libjson-c\.so[^(]*\(json_object_object_add_ex|libcrypto\.so[^(]*\(CRYPTO_THREAD_read_lock")
# The virtual world ends a run that it can't serve.
WORLD = 99


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return None


def said(path):
    """A signal between the verdict and the reports changes only how long the run took."""
    return re.sub(r'"took_s": [0-9.]+', "", read(path) or "")


# Where a report says what the process ends with.
SAYS = {"r.json": r'^  "exit": (\d+)', "junit.xml": r'name="chaingate.exit" value="(\d+)"', "r.env": r"^CHAINGATE_EXIT=(\d+)", "r.md": r"^Exit code (\d+)"}
KILLED = 137


def lies(run, code):
    """The reports that say 0 although the process ended otherwise. The JSON report is the last one that is put in its place."""
    for name, pattern in SAYS.items():
        if code and "0" in re.findall(pattern, read(os.path.join(run, name)) or "", re.M) and (code != KILLED or name == "r.json"):
            yield name


def what_is_wrong(run, reference):
    undisturbed = int(read(reference + "/run.status"))
    code, recording = int(read(run + "/run.status")), read(run + "/run.ndjson") or ""
    for name in lies(run, code):
        yield "exit %d, and %s says 0" % (code, name)
    for name in REPORTS:
        text = read(os.path.join(run, name))
        if text is not None and not text.rstrip("\n").endswith(ENDS.get(name, "\n").rstrip("\n")):
            yield "exit %d, and %s is not whole" % (code, name)
        if code:
            continue
        same = said(os.path.join(run, name)) == said(os.path.join(reference, name))
        if not text and not same:
            yield "passed, and %s is missing" % name
        elif not same:
            yield "passed, and %s is another" % name
    if code == 0 and undisturbed:
        yield "passed, and the undisturbed run doesn't"
    if code == 0 and '"verdict":"passed"' not in recording[-200:]:
        yield "passed, and the recording is incomplete"
    if code == WORLD and (read(run + "/run.err") or "").startswith("chaingate-virtual: "):
        return
    # Only a lack of memory is the reason, and no word says another one.
    if reference == "allocation" and code in EXITS - {0, 70, undisturbed} and "memory" not in (read(run + "/run.err") or ""):
        yield "exit %d, and it doesn't name the lack of memory:\n%s" % (code, read(run + "/run.err"))
    if code not in EXITS:
        # What the run said before isn't a part of the stack.
        frames = [line for line in (read(run + "/run.err") or "").splitlines() if "[0x" in line and "failing.so" not in line and "libc.so" not in line]
        if not any(ALLOWED.search(frame) for frame in frames[:2]):
            yield "exit %d\n%s" % (code, read(run + "/run.err"))


def main(call, points):
    codes, wrong = collections.Counter(), 0
    for point in points:
        run = "%s-%s" % (call, point)
        codes[int(read(run + "/run.status"))] += 1
        for words in what_is_wrong(run, call):
            wrong += 1
            print("%s: %s" % (run, words))
    figures = "%s: %d points, %d wrong; exit codes: %s" % (call, len(points), wrong, ", ".join("%d: %d" % pair for pair in sorted(codes.items())))
    print(figures)
    if "FAILING_FIGURES" in os.environ:
        with open(os.environ["FAILING_FIGURES"], "a", encoding="utf-8") as file:
            print("%s %s" % (os.environ.get("FAILING_STORY", "passing"), figures), file=file)
    return wrong > 0


sys.exit(main(sys.argv[1], sys.argv[2:]))
