#!/usr/bin/env python3
"""circleci.py - runs ci/circleci/config.yml with ci/circleci/orb.yml step by step, as CircleCI does.

    circleci.py ROOT FOLDER [STORY…]

A key that isn't known here is an error (exit 3) and never ignored, because then a part of the pipeline isn't tested.
"""
import os
import re

import standin
from standin import Unknown, know, minutes

# The default timeout of a step that prints nothing.
SILENCE = "10m"


def fill(value, given):
    """Fills in parameters, except in commands: there they would be code, so the files must have none."""
    if isinstance(value, dict):
        return {key: item if key == "command" else fill(item, given) for key, item in value.items()}
    return re.sub(r"<< parameters\.([\w-]+) >>", lambda place: given[place.group(1)], value) if isinstance(value, str) else value


def use(command, given):
    know(command, "description parameters steps")
    rows = command["parameters"]
    know(given, " ".join(rows))
    values = {}
    for name, row in rows.items():
        know(row, "description type default")
        values[name] = given[name] if name in given else row["default"]
        if row["type"] not in ("string", "env_var_name"):
            raise Unknown(f"type {row['type']!r}")
        if not isinstance(values[name], str) or (row["type"] == "env_var_name" and not re.fullmatch(r"[A-Za-z_]\w*", values[name])):
            raise Unknown(f"value {values[name]!r}")
    return [fill(step, values) for step in command["steps"]]


def run(story):
    (orb,), (config,) = story.read("ci/circleci/orb.yml"), story.read("ci/circleci/config.yml")
    know(orb, "version description commands")
    know(config, "version orbs jobs workflows")
    workflow, = config["workflows"].values()
    (name, invocation), = workflow["jobs"][0].items()
    know(invocation, "context serial-group filters")
    job = config["jobs"][name]
    know(job, "docker steps")
    steps = []
    for step in job["steps"]:
        (kind, value), = step.items() if isinstance(step, dict) else [(step, {})]
        steps += use(orb["commands"][kind.removeprefix("chaingate/")], value) if kind.startswith("chaingate/") else [{kind: value}]

    # The file in which steps leave variables for later ones, read by each bash.
    env = {"BASH_ENV": f"{story.workspace}.variables", "BASETEN_API_KEY": story.key, "CIRCLECI": "true", "CI": "true"}
    open(env["BASH_ENV"], "w").close()
    results, kept, failed = [], [], False
    for step in steps:
        (kind, value), = step.items()
        if kind == "run":
            know(value, "name shell no_output_timeout environment command")
            if "<<" in value["command"]:
                raise Unknown("a parameter in a command")
            own = value.get("environment", {})
            if "GATE_WAIT" in own and minutes(own["GATE_WAIT"]) >= minutes(value.get("no_output_timeout", SILENCE)):
                raise Unknown("a gate that waits longer than its step")
            code = None
            if not failed:
                code = story.run(value.get("shell", "/bin/bash -eo pipefail").split() + ["-c", value["command"]], env | own)
                failed = code != 0
            results.append({"name": value["name"], "exit": code})
        elif kind in ("store_test_results", "store_artifacts"):  # whether the job has failed or not
            know(value, "path destination")
            if os.path.exists(f"{story.workspace}/{value['path']}"):
                kept.append(value["path"])
        elif kind != "checkout":
            raise Unknown(f"step {kind!r}")
    with open(env["BASH_ENV"]) as text:
        variables = dict(re.findall(r"^export (\w+)=(.*)$", text.read(), re.M))
    return {"jobs": results, "kept": kept, "variables": variables}


if __name__ == "__main__":
    standin.main(run)
