#!/usr/bin/env python3
"""pipelines.py - runs the pipelines of GitLab, Buildkite and Azure job by job, as described by their YAML.

    pipelines.py gitlab|buildkite|azure PIPELINE ROOT WORKSPACE

Prints a JSON object: for each job its name, exit code (null: not run), and whether the pipeline goes on. A key that isn't known
here is an error (exit 3) and never ignored, because then a part of the pipeline isn't tested. All jobs share the workspace.
"""
import json
import os
import re
import subprocess
import sys

import yaml


class Unknown(Exception):
    pass


def know(keys, known):
    if set(keys) - set(known.split()):
        raise Unknown(f"{sorted(set(keys) - set(known.split()))}")


def shell(command, workspace, env, stdout=sys.stderr):
    whole = {name: value for name, value in os.environ.items()} | env
    # A python3 that is a wrapper may have put its own folders first.
    whole["PATH"] = os.environ.get("STANDIN_PATH", whole["PATH"])
    return subprocess.run(command, cwd=workspace, env=whole, stdout=stdout, stdin=subprocess.DEVNULL).returncode


# ---- GitLab ---------------------------------------------------------------------------------------------------------

def template(path, given):
    head, body = open(path).read().split("\n---\n")
    inputs = yaml.safe_load(head)["spec"]["inputs"]
    know(given, " ".join(inputs))

    def fill(place):
        row = inputs[place.group(1)]
        know(row, "description default regex type")
        value = given[place.group(1)] if place.group(1) in given else row["default"]
        if "regex" in row and not re.fullmatch(row["regex"], value):
            raise Unknown(f"value {value!r}")
        return json.dumps(value) if row.get("type") == "array" else str(value)
    return yaml.safe_load(re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", fill, body))


def expand(value, env):
    return re.sub(r"\$([A-Za-z_]\w*)", lambda name: env.get(name.group(1), os.environ.get(name.group(1), "")), str(value))


def gitlab(pipeline, root, workspace):
    jobs = {}
    for include in pipeline.pop("include"):
        know(include, "local inputs")
        jobs |= template(f"{root}/{include['local']}", include["inputs"])
    stages, dotenv, results, stopped = pipeline.pop("stages"), {}, [], False
    jobs |= pipeline
    for stage in stages:
        for name, job in ((name, job) for name, job in jobs.items() if job["stage"] == stage):
            know(job, "stage timeout retry variables script allow_failure artifacts environment")
            if stopped:
                results.append({"name": name, "exit": None})
                continue
            env = dotenv | {key: expand(value, dotenv) for key, value in job.get("variables", {}).items()}
            code = shell(["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])], workspace, env)
            stopped = code != 0 and code not in job.get("allow_failure", {}).get("exit_codes", [])
            artifacts = job["artifacts"]
            know(artifacts, "when paths reports")
            kept = [] if code and artifacts.get("when") != "always" else artifacts["reports"].values()
            missing = [path for path in kept if not os.path.exists(f"{workspace}/{path}")]
            if kept and not missing:
                for line in open(f"{workspace}/{artifacts['reports']['dotenv']}").read().splitlines():
                    key, value = re.fullmatch(r"(\w+)=(.*)", line).groups()
                    dotenv[key] = value
            results.append({"name": name, "exit": code, "missing": missing})
    return {"passed": not stopped, "jobs": results, "dotenv": dotenv}


# ---- Buildkite ------------------------------------------------------------------------------------------------------

def buildkite(pipeline, root, workspace):
    know(pipeline, "steps")
    results, good = [], set()
    for step in pipeline["steps"]:
        know(step, "label key depends_on command plugins timeout_in_minutes retry concurrency concurrency_group soft_fail")
        if "depends_on" in step and step["depends_on"] not in good:
            results.append({"name": step["key"], "exit": None})
            continue
        rules = {rule["exit_status"]: rule["limit"] for rule in step.get("retry", {}).get("automatic", [])}
        tries = 0
        while True:
            if "plugins" in step:
                (plugin, options), = step["plugins"][0].items()
                know(options, " ".join(yaml.safe_load(open(f"{root}/ci/buildkite/plugin.yml"))["configuration"]["properties"]))
                env = {"BUILDKITE_PLUGIN_CHAINGATE_" + key.upper().replace("-", "_"): value for key, value in options.items()}
                code = shell([f"{root}/ci/buildkite/hooks/command"], workspace, env)
            else:
                code = shell(["bash", "-e", "-c", "\n".join(step["command"]).replace("$$", "$")], workspace, {})
            tries += 1
            if tries > rules.get(code, 0):
                break
        soft = code in [rule["exit_status"] for rule in step.get("soft_fail", [])]
        if code == 0 or soft:
            good.add(step["key"])
        results.append({"name": step["key"], "exit": code, "tries": tries})
    return {"passed": len(good) == len(pipeline["steps"]), "jobs": results}


# ---- Azure ----------------------------------------------------------------------------------------------------------

def azure_steps(steps, root):
    for step in steps:
        if "template" not in step:
            yield step
            continue
        text = open(f"{root}/{step['template']}").read()
        rows = {row["name"]: row for row in yaml.safe_load(text)["parameters"]}
        know(step["parameters"], " ".join(rows))
        given = {name: step["parameters"][name] if name in step["parameters"] else row["default"] for name, row in rows.items()}

        def fill(value):
            if isinstance(value, dict):
                return {key: fill(item) for key, item in value.items()}
            return re.sub(r"\$\{\{ parameters\.(\w+) \}\}", lambda place: given[place.group(1)], value) if isinstance(value, str) else value
        yield from (fill(inner) for inner in yaml.safe_load(text)["steps"])


def azure(pipeline, root, workspace):
    job, = pipeline["jobs"]
    know(job, "job timeoutInMinutes steps")
    outputs, results, failed = {"BASETEN_API_KEY": os.environ["BASETEN_API_KEY"]}, [], False
    os.environ.pop("BASETEN_API_KEY")  # a secret reaches only the steps that map it
    for step in azure_steps(job["steps"], root):
        know(step, "bash task name displayName condition env inputs")
        name, code = step.get("name", step.get("task", step["displayName"])), None
        if not failed or step.get("condition") == "always()":
            if "bash" in step:
                # An undefined variable stays as it is written.
                env = {key: re.sub(r"\$\(([\w.]+)\)", lambda place: outputs.get(place.group(1), place.group(0)), value)
                       for key, value in step["env"].items()}
                with open(f"{workspace}/.said", "w+") as said:
                    code = shell(["bash", "--noprofile", "--norc", "-c", step["bash"]], workspace, env, said)
                    said.seek(0)
                    for line in said:
                        command = re.match(r"##vso\[task\.setvariable variable=(\w+);isOutput=true\](.*)", line)
                        if command:
                            outputs[f"{name}.{command.group(1)}"] = command.group(2)
            else:
                if step["task"] not in ("PublishTestResults@2", "PublishPipelineArtifact@1"):
                    raise Unknown(f"task {step['task']!r}")
                code = 0 if os.path.exists(f"{workspace}/{step['inputs'].get('testResultsFiles', step['inputs'].get('targetPath'))}") else 1
            failed = failed or code != 0
        results.append({"name": name, "exit": code})
    outputs.pop("BASETEN_API_KEY")
    return {"passed": not failed, "jobs": results, "outputs": outputs}


if __name__ == "__main__":
    try:
        system, path, root, workspace = sys.argv[1:]
        root = os.path.abspath(root)
        os.makedirs(workspace, exist_ok=True)
        os.symlink(f"{root}/ci", f"{workspace}/ci")
        with open(path) as text:
            print(json.dumps({"gitlab": gitlab, "buildkite": buildkite, "azure": azure}[system](yaml.safe_load(text), root, workspace)))
    except Unknown as unknown:
        print(f"pipelines.py: {unknown} is not known here", file=sys.stderr)
        sys.exit(3)
