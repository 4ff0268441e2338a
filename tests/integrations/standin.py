"""standin.py - shared by the stand-ins for runners: processes, the stories that each pipeline runs through, and a search for leaks."""
import json
import os
import subprocess
import sys

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# A value with commands for shells, templates and CI logs.
HOSTILE = "x\"; touch owned; $(touch owned) `touch owned` ' $(BASETEN_API_KEY) ${BASETEN_API_KEY}\n##vso[task.complete result=Succeeded]\n::error::x"

# The variables in which the stories differ.
STORIES = {
    "passing": {},
    "failing": {"STANDIN_DEPLOYMENT": "bad2222"},
    "refused": {"BASETEN_API_KEY": "another-key"},
    "no-id": {"STANDIN_DEPLOYMENT": ""},
    "hostile": {},
    "lost": {},
}


class Unknown(Exception):
    pass


def know(keys, known):
    if set(keys) - set(known.split()):
        raise Unknown(f"{sorted(set(keys) - set(known.split()))}")


def read(path):
    with open(path) as text:
        return list(yaml.load_all(text, LOADER))


def spoil(tree):
    """A copy of the tree with HOSTILE instead of the chain's and the policy's name."""
    if isinstance(tree, dict):
        return {key: spoil(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [spoil(value) for value in tree]
    return HOSTILE if tree in ("rag", "@ready") else tree


def minutes(text):
    """The seconds of `45m` or `3h`."""
    return int(text[:-1]) * {"m": 1, "h": 60}[text[-1]]


class Story:
    """A run of a whole pipeline: its workspace, its processes, and the secret, which a process gets only if a step passes it on."""

    promote = None  # the folder with the script ci/promote, if it isn't the project's

    def __init__(self, name, root, folder):
        self.root, self.workspace = root, f"{folder}/{name}"
        self.is_hostile = name == "hostile"
        self.environment = dict(os.environ) | STORIES[name]
        # A python3 that is a wrapper may have put its own folders first.
        self.environment["PATH"] = os.environ.get("STANDIN_PATH", os.environ["PATH"])
        self.key = self.environment.pop("BASETEN_API_KEY")
        os.makedirs(self.workspace)
        os.symlink(f"{root}/ci", f"{self.workspace}/ci")
        self.log = f"{self.workspace}/log"
        if name == "lost":
            self.lose()

    def lose(self):
        """The runner has lost chaingate, and hasn't cleaned its folder: it has yesterday's reports of a deployment that passed."""
        os.makedirs(f"{self.workspace}/gate")
        os.makedirs(f"{self.workspace}.bin")
        for name, text in (("gate.env", "CHAINGATE_VERDICT=passed\nCHAINGATE_EXIT=0\nCHAINGATE_DEPLOYMENT=q86yjdy\n"),
                           ("gate.xml", "yesterday"), ("gate.html", "yesterday"), ("gate.json", "yesterday")):
            with open(f"{self.workspace}/gate/{name}", "w") as report:
                report.write(text)
        with open(f"{self.workspace}.bin/chaingate", "w") as program:
            program.write("#!/bin/sh\nexit 127\n")
        os.chmod(f"{self.workspace}.bin/chaingate", 0o755)
        self.environment["PATH"] = f"{self.workspace}.bin:" + self.environment["PATH"]

    def read(self, path):
        """The documents of a file of the project."""
        documents = read(f"{self.root}/{path}")
        return spoil(documents) if self.is_hostile else documents

    def run(self, command, env, cwd=None):
        with open(self.log, "a") as log:
            return subprocess.run(command, cwd=cwd or self.workspace, env=self.environment | env, stdin=subprocess.DEVNULL,
                                  stdout=log, stderr=log).returncode

    def wrong(self):
        """What no story may leave behind: the effect of a command in a parameter, or a key in a file or the log."""
        found = []
        for folder, _, names in os.walk(self.workspace):
            for name in names:
                with open(f"{folder}/{name}", errors="replace") as text:
                    if name == "owned" or self.key in text.read():
                        found.append(os.path.relpath(f"{folder}/{name}", self.workspace))
        return found


def main(run):
    """PROGRAM ROOT FOLDER [STORY…]: prints an object with the result of each story; `wrong` is a separate list."""
    try:
        root, folder, *names = sys.argv[1:]
        results = {}
        for name in names or STORIES:
            story = Story(name, os.path.abspath(root), os.path.abspath(folder))
            results[name] = run(story)
            results[name]["wrong"] = story.wrong()
        print(json.dumps(results))
    except Unknown as unknown:
        print(f"{os.path.basename(sys.argv[0])}: {unknown} is not known here", file=sys.stderr)
        sys.exit(3)
