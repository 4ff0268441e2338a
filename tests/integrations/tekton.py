#!/usr/bin/env python3
"""tekton.py - runs ci/tekton/pipeline.yaml with ci/tekton/task.yaml task by task, as Tekton does.

    tekton.py ROOT FOLDER [STORY…]

A key that isn't known here is an error (exit 3) and never ignored, because then a part of the pipeline isn't tested.
"""
import os
import re

import pods
import standin
from standin import Unknown, know, minutes


def fill(value, given):
    """Replaces `$(a.b)`, except in scripts: there it would be code, so the files must have none. A shell's `$(…)` has no dot."""
    if isinstance(value, dict):
        return {key: item if key == "script" else fill(item, given) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, given) for item in value]
    return re.sub(r"\$\(([\w-]+\.[\w.-]+)\)", lambda place: given[place.group(1)], value) if isinstance(value, str) else value


def task(story, name, spec, values):
    """The exit code of the task, and its results."""
    know(spec, "description params results workspaces volumes stepTemplate steps")
    private = f"{story.workspace}.{name}"
    os.makedirs(f"{private}/key")
    with open(f"{private}/key/api-key", "w") as key:
        key.write(story.key)
    given = {"workspaces.source.path": story.workspace}
    for row in spec.get("params", []):
        know(row, "name type default description")
        given[f"params.{row['name']}"] = values.pop(row["name"]) if row["name"] in values else row["default"]
    if values:
        raise Unknown(f"parameters {sorted(values)}")
    results = {row["name"]: f"{private}/{row['name']}" for row in spec["results"]}
    given |= {f"results.{result}.path": path for result, path in results.items()}
    given |= {f"steps.step-{step['name']}.exitCode.path": f"{private}/{step['name']}.exit" for step in spec["steps"]}
    code = 0
    for step in spec["steps"]:
        if re.search(r"\$\([\w-]+\.", step["script"]):
            raise Unknown("a parameter in a script")
        step = fill(spec.get("stepTemplate", {}) | step, given)
        know(step, "name image workingDir securityContext onError timeout volumeMounts env script")
        env = pods.variables(step["env"], {"baseten": {"api-key": story.key}}, {})
        if "GATE_WAIT" in env and minutes(env["GATE_WAIT"]) >= minutes(step["timeout"]):
            raise Unknown("a gate that waits longer than its step")
        if "GATE_CHAIN" in env and story.key in "".join(env.values()):
            raise Unknown("the key beside parameters")
        mounts = {mount["mountPath"]: f"{private}/{mount['name']}" for mount in step.get("volumeMounts", [])}
        with open(f"{private}/script", "w") as script:
            script.write(pods.on_host(step["script"], mounts))
        code = story.run(["sh", f"{private}/script"], env, step["workingDir"])
        with open(f"{private}/{step['name']}.exit", "w") as left:
            left.write(str(code))
        if code != 0 and step.get("onError") != "continue":
            break
        code = 0
    found = {}
    for result, path in results.items():
        if os.path.exists(path):
            with open(path) as text:
                found[result] = text.read()
    return code, found


def run(story):
    (definition,), (pipeline,) = story.read("ci/tekton/task.yaml"), story.read("ci/tekton/pipeline.yaml")
    know(pipeline["spec"], "workspaces tasks")
    jobs, given, failed = [], {}, False
    # One after another: each refers to a result of the one before, or is told to run after it.
    for row in pipeline["spec"]["tasks"]:
        know(row, "name timeout runAfter taskSpec taskRef workspaces params")
        if jobs and "runAfter" not in row and f"$(tasks.{jobs[-1]['name']}.results" not in str(row["params"]):
            raise Unknown("a task that doesn't wait for the one before")
        if failed:
            jobs.append({"name": row["name"], "exit": None})
            continue
        spec = row["taskSpec"] if "taskSpec" in row else definition["spec"]
        if "taskRef" in row and minutes(row["timeout"]) <= minutes(spec["steps"][0]["timeout"]):
            raise Unknown("a task's timeout below its step's")
        code, results = task(story, row["name"], spec, {param["name"]: fill(param["value"], given) for param in row.get("params", [])})
        given |= {f"tasks.{row['name']}.results.{name}": value for name, value in results.items()}
        # A task that didn't set a result that a later one needs fails there.
        failed = code != 0 or set(results) != {result["name"] for result in spec["results"]}
        jobs.append({"name": row["name"], "exit": code, "results": results})
    kept = sorted(name for name in ("gate", "promoted") if os.path.exists(f"{story.workspace}/{name}/gate.xml"))
    return {"jobs": jobs, "kept": kept}


if __name__ == "__main__":
    standin.main(run)
