#!/usr/bin/env python3
"""shells.py - writes the shell that is inside other files as scripts, so that a checker can read it: the files for CI systems in ci/, the project's own
workflow, and the blocks of the READMEs.

    shells.py ROOT FOLDER

A script's name in FOLDER says which file it is from, its first line which shell runs it, and whether with -e. Needs python3-yaml; without it, exits with 77.
"""
import glob
import os
import re
import sys
import textwrap

try:
    import yaml
except ImportError as missing:
    print(f"{missing.name} is not installed (python3-yaml)")
    sys.exit(77)

# The keys whose value is shell. GitHub, CircleCI, Azure: a text for bash. GitLab, Buildkite: a list of lines. Tekton: a script with a first line of its own.
KEYS = ("run", "command", "bash", "script")


def of_yaml(tree):
    """Each text of shell in a document. Not a program and its arguments, as Kubernetes has them: no word of these has a space."""
    if isinstance(tree, list):
        for value in tree:
            yield from of_yaml(value)
    for key, value in tree.items() if isinstance(tree, dict) else []:
        lines = value if isinstance(value, list) else [value]
        if key in KEYS and all(isinstance(line, str) for line in lines) and any(" " in line for line in lines):
            yield "\n".join(lines)
        else:
            yield from of_yaml(value)


def shells(path):
    with open(path) as file:
        text = file.read()
    if path.endswith((".yml", ".yaml")):
        for tree in yaml.safe_load_all(text):
            for shell in of_yaml(tree):
                # Buildkite: $$ is a $ that reaches the shell. A shell of Azure doesn't end at the first command that fails.
                shell = shell.replace("$$", "$") if "/buildkite/" in path else shell
                yield shell if shell.startswith("#!") else ("#!/bin/bash\n" if "/azure/" in path else "#!/bin/bash -e\n") + shell
    elif path.endswith(".md"):
        for kind, block in re.findall(r"^ *```(sh|yaml)\b.*?\n(.*?)^ *```$", text, re.S | re.M):
            yield from ["#!/bin/sh\n" + textwrap.dedent(block)] if kind == "sh" else (
                "#!/bin/bash -e\n" + shell for shell in of_yaml(yaml.safe_load(textwrap.dedent(block))))
    else:  # Groovy: a string between three single quotes
        yield from (textwrap.dedent(shell.replace("\\\\", "\\")) for shell in re.findall(r"'''(.*?)'''", text, re.S))


def main():
    root, folder = sys.argv[1:]
    kinds = ("ci/*/*.yml", "ci/*/*.yaml", ".github/workflows/*.yml", "ci/*/*.md", "README.md", "ci/jenkins/Jenkinsfile", "ci/jenkins/vars/*.groovy")
    for path in sorted(path for kind in kinds for path in glob.glob(f"{root}/{kind}")):
        for count, shell in enumerate(shells(path)):
            with open(f"{folder}/{os.path.relpath(path, root).replace('/', ':')}:{count}", "w") as script:
                script.write(shell)


main()
