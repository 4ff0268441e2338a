#!/usr/bin/env python3
"""jenkins.py - runs ci/jenkins/Jenkinsfile with ci/jenkins/vars/chaingate.groovy stage by stage.

    jenkins.py ROOT FOLDER [STORY…]
    jenkins.py --read FILE     only reads a file: exits with 3 if it contains anything that isn't known here

It knows strings in single quotes and the few steps that these files use. Anything else, above all a string in double quotes or between slashes, into
which Groovy would insert values, is an error (exit 3).
"""
import os
import re
import sys

import standin
from standin import Unknown, know

TOKEN = re.compile(r"""(?P<space>\s+|//[^\n]*)|'''(?P<long>(?:[^'\\]|\\[\s\S]|'(?!''))*)'''|'(?P<short>(?:[^'\\\n]|\\.)*)'"""
                   r"""|(?P<word>@?[A-Za-z_]\w*)|(?P<number>\d+)|(?P<mark>!=|[{}()\[\],:=+.])""")
WORDS = set("""@Library _ pipeline agent label options disableConcurrentBuilds timeout time unit stages stage steps withCredentials string credentialsId
    variable sh label chaingate chain deploymentFrom policy wait reports credentials def call Map given wanted int code try finally withEnv returnStatus true
    script archiveArtifacts artifacts allowEmptyArchive junit testResults skipMarkingBuildUnstable allowEmptyResults if error""".split())


def tokens(text):
    """Pairs of kind and value; strings without their escapes."""
    found, at = [], 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if not token or (token.lastgroup == "word" and token["word"] not in WORDS):
            raise Unknown(repr(text[at:at + 20]))
        at, kind = token.end(), token.lastgroup
        if kind in ("long", "short"):
            if re.search(r"\\[^\\'\n]", re.sub(r"\\\\", "", token[kind])):
                raise Unknown(f"an escape in {token[kind]!r}")
            found.append(("text", re.sub(r"\\([\\'\n])", lambda escape: escape.group(1).strip("\n"), token[kind])))
        elif kind != "space":
            found.append((kind, token[kind]))
    return found


def read(path):
    with open(path) as text:
        return tokens(text.read())


def named(row):
    """`name: 'text', …` as a dictionary."""
    values = [value for _, value in row]
    if any(value != "," for value in values[3::4]) or any(value != ":" for value in values[1::4]):
        raise Unknown(f"arguments {values}")
    return dict(zip(values[0::4], values[2::4]))


def is_in_order(row, wanted):
    at = -1
    for word in wanted.split():
        at = next((place for place in range(at + 1, len(row)) if row[place][1] == word), None)
        if at is None:
            raise Unknown(f"a step without {word!r} in its place")


def gate(story, step, given, env):
    values = [value for _, value in step]
    begin = values.index("[")
    defaults = named(step[begin + 1:values.index("]")])
    know(given, " ".join(defaults))
    wanted = defaults | given
    # The reports of an earlier build are removed first, outside of `try`, because `finally` publishes whatever is there.
    is_in_order(step, "withEnv sh script try withCredentials BASETEN_API_KEY withEnv code sh returnStatus script finally archiveArtifacts junit if code != error")
    own = {}
    for place, value in enumerate(values):
        if step[place][0] == "text" and value.startswith("GATE_"):
            own[value.rstrip("=")] = wanted[values[place + 4]]
    forget, script = (value for kind, value in step if kind == "text" and value.startswith("#!/bin/sh"))
    if story.run(["sh", "-c", forget], env | {"GATE_FOLDER": own["GATE_FOLDER"]}) != 0:
        return 1, []
    code = story.run(["sh", "-c", script], env | own)
    kept = [wanted["reports"]] if os.path.exists(f"{story.workspace}/{wanted['reports']}/gate.xml") else []
    return code, kept


def run(story):
    step, pipeline = read(f"{story.root}/ci/jenkins/vars/chaingate.groovy"), read(f"{story.root}/ci/jenkins/Jenkinsfile")
    if [value for _, value in pipeline][pipeline.index(("word", "time")):][:7] != ["time", ":", "3", ",", "unit", ":", "HOURS"]:
        raise Unknown("another timeout than 3 hours")
    env = {"BASETEN_API_KEY": story.key}
    jobs, kept, failed, name = [], [], False, None
    for place, (kind, value) in enumerate(pipeline):
        if value == "stage" and kind == "word":
            name = pipeline[place + 2][1]
        elif kind == "word" and value in ("sh", "chaingate"):
            code = None
            if not failed and value == "sh":
                code = story.run(["sh", "-c", pipeline[place + 1][1]], env)
            elif not failed:
                end = next(at for at in range(place, len(pipeline)) if pipeline[at][1] == "}")
                given = named(pipeline[place + 1:end])
                code, more = gate(story, step, standin.spoil(given | {"policy": "@ready"}) if story.is_hostile else given, env)
                kept += more
            failed = failed or code != 0
            jobs.append({"name": name, "exit": code})
    return {"jobs": jobs, "kept": kept}


if __name__ == "__main__":
    if sys.argv[1] == "--read":
        try:
            read(sys.argv[2])
        except Unknown as unknown:
            print(f"jenkins.py: {unknown} is not known here", file=sys.stderr)
            sys.exit(3)
    else:
        standin.main(run)
