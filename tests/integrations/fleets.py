#!/usr/bin/env python3
"""fleets.py - runs the parts of a fleet as processes of one machine, all at once, and then what makes one report of them, as the files in ci/ say.

    fleets.py kubernetes|github|gitlab ROOT FOLDER

A FOLDER that another run has left is a runner that keeps its folders. The number of the run or pipeline is $STANDIN_RUN (1). With STANDIN_LOST a part, counted from 0, the runner of this
part can't start chaingate, and on GitHub can't even install it.

A key that isn't known here is an error (exit 3) and never ignored, because then a part of the pipeline isn't tested. The variables of the stand-ins are as in
standin.py. Prints an object: the exit codes of the parts, and of the merge.
"""
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys

import pods
from standin import Unknown, know, read


def start(command, folder, env, key=""):
    """The exit code of a process that gets only the key that its step passes on."""
    whole = {name: value for name, value in os.environ.items() if name != "BASETEN_API_KEY"} | env
    if key:
        whole["BASETEN_API_KEY"] = key
    whole["PATH"] = env.get("PATH", os.environ.get("STANDIN_PATH", whole["PATH"]))
    with open(f"{folder}/log", "a") as log:
        return subprocess.run(command, cwd=folder, env=whole, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode


def lost(index, folder):
    """The variables of a part that can't start chaingate, or none."""
    if os.environ.get("STANDIN_LOST") != str(index):
        return {}
    os.makedirs(f"{folder}.lost", exist_ok=True)
    with open(f"{folder}.lost/chaingate", "w") as program:
        program.write("#!/bin/sh\nexit 127\n")
    os.chmod(f"{folder}.lost/chaingate", 0o755)
    return {"PATH": f"{folder}.lost:" + os.environ.get("STANDIN_PATH", os.environ["PATH"])}


def at_once(run, count):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


# ---- Kubernetes -----------------------------------------------------------------------------------------------------

def pod(template, folder, fields, texts):
    spec = template["spec"]
    know(spec, "restartPolicy terminationGracePeriodSeconds automountServiceAccountToken securityContext containers volumes")
    container, = spec["containers"]
    know(container, "name image command args env terminationMessagePolicy securityContext resources volumeMounts")
    sources = {"reports": f"{folder}/reports", "key": f"{folder}.secret"}
    for name in sources.values():
        os.makedirs(name, exist_ok=True)
    with open(f"{sources['key']}/api-key", "w") as key:
        key.write(os.environ["BASETEN_API_KEY"])
    mounts = {mount["mountPath"]: sources[mount["name"]] for mount in container["volumeMounts"]}
    env = pods.variables(container["env"], {}, texts | {"fields": fields})
    # The controller of Jobs adds this one to each container of an Indexed Job.
    env |= {name: value for name, value in fields.items() if name == "JOB_COMPLETION_INDEX"}
    command = [pods.expand(pods.on_host(text, mounts), env) for text in container["command"] + container["args"]]
    if any("$(" in text for text in command):
        raise Unknown(f"a variable in {command}")
    return start(command, folder, env)


def kubernetes(root, folder):
    parts, = read(f"{root}/ci/kubernetes/indexed-job.yaml")
    merge, = read(f"{root}/ci/kubernetes/merge.yaml")
    spec = parts["spec"]
    know(spec, "completionMode completions parallelism backoffLimitPerIndex activeDeadlineSeconds ttlSecondsAfterFinished podFailurePolicy template")
    know(merge["spec"], "backoffLimit activeDeadlineSeconds ttlSecondsAfterFinished template")
    if spec["completionMode"] != "Indexed" or spec["parallelism"] != spec["completions"]:
        raise Unknown("parts that don't run at once")
    job = "chaingate-fleet-a"
    texts = {"chaingate": {"environment": "staging", "job": job}}
    field = "metadata.labels['batch.kubernetes.io/job-name']"
    codes = at_once(lambda index: pod(spec["template"], folder, {field: job, "JOB_COMPLETION_INDEX": str(index)}, texts), spec["completions"])
    return codes, pod(merge["spec"]["template"], folder, {}, texts), f"reports/{job}"


# ---- GitHub ---------------------------------------------------------------------------------------------------------

def fill(text, values):
    def value(place):
        if place.group(1) not in values:
            raise Unknown(f"expression {place.group(1)!r}")
        return values[place.group(1)]
    return re.sub(r"\$\{\{\s*(.*?)\s*\}\}", value, str(text))


def job(steps, folder, kept, values, is_lost=False):
    """Runs the steps; `kept` is the folder of artifacts. The exit code of the first that fails."""
    failed = 0
    os.makedirs(folder, exist_ok=True)
    for step in steps:
        know(step, "name shell env run if uses with")
        if failed and step.get("if") != "always()":
            continue
        given = {name: fill(value, values) for name, value in step.get("with", {}).items()}
        if step.get("uses") == "actions/upload-artifact@v4":
            know(given, "name path")
            target = f"{kept}/{given['name']}"
            os.makedirs(target)
            for path in (path for path in given["path"].split() if os.path.exists(f"{folder}/{path}")):
                subprocess.run(["cp", "-r", f"{folder}/{path}/." if os.path.isdir(f"{folder}/{path}") else f"{folder}/{path}", target], check=True)
        elif step.get("uses") == "actions/download-artifact@v4":
            know(given, "pattern path merge-multiple")
            os.makedirs(f"{folder}/{given['path']}", exist_ok=True)
            for source in sorted(glob.glob(f"{kept}/{given['pattern']}")):
                subprocess.run(["cp", "-r", f"{source}/.", f"{folder}/{given['path']}"], check=True)
        elif "uses" in step:
            raise Unknown(f"action {step['uses']!r}")
        elif step["name"] == "Install chaingate":  # it is on the PATH here
            failed = 128 if is_lost else 0
        else:
            env = {name: fill(value, values) for name, value in step.get("env", {}).items()}
            failed = start(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", fill(step["run"], {})], folder, env)
    return failed


def github(root, folder):
    workflow, = read(f"{root}/ci/github/fleet.yml")
    part, whole = workflow["jobs"]["part"], workflow["jobs"]["whole"]
    know(part, "runs-on timeout-minutes strategy steps")
    know(whole, "needs if runs-on timeout-minutes steps")
    if whole["needs"] != "part" or whole["if"] != "always()" or part["strategy"]["fail-fast"] is not False:
        raise Unknown("a whole that isn't merged always")
    total = len(part["strategy"]["matrix"]["part"])
    # Artifacts belong to a run.
    kept = f"{folder}/kept{os.environ.get('STANDIN_RUN', '1')}"
    values = {"secrets.BASETEN_API_KEY": os.environ["BASETEN_API_KEY"], "strategy.job-total": str(total), "github.run_attempt": "1"}
    codes = at_once(lambda index: job(part["steps"], f"{folder}/{index}", kept, values | {"strategy.job-index": str(index)}, lost(index, folder)), total)
    return codes, job(whole["steps"], f"{folder}/whole", kept, values), f"{os.path.basename(kept)}/gate"


# ---- GitLab ---------------------------------------------------------------------------------------------------------

def gitlab(root, folder):
    pipeline, = read(f"{root}/ci/gitlab/fleet.gitlab-ci.yml")
    know(pipeline, "stages part whole")
    part, whole = pipeline["part"], pipeline["whole"]
    know(part, "stage parallel timeout retry allow_failure script artifacts")
    know(whole, "stage retry script artifacts")
    if part["allow_failure"] is not True or pipeline["stages"] != [part["stage"], whole["stage"]]:
        raise Unknown("a whole that isn't merged always")
    total, key = part["parallel"], os.environ["BASETEN_API_KEY"]

    number = {"CI_PIPELINE_ID": os.environ.get("STANDIN_RUN", "1")}

    def one(index):
        os.makedirs(f"{folder}/{index}", exist_ok=True)
        env = number | lost(index, folder) | {"CI_NODE_INDEX": str(index + 1), "CI_NODE_TOTAL": str(total)}
        return start(["bash", "-eo", "pipefail", "-c", "\n".join(part["script"])], f"{folder}/{index}", env, key)
    codes = at_once(one, total)
    # A job gets the artifacts of all jobs of the stages before.
    os.makedirs(f"{folder}/whole", exist_ok=True)
    for index in range(total):
        for path in part["artifacts"]["paths"]:
            found = f"{folder}/{index}/" + path.replace("$CI_PIPELINE_ID", number["CI_PIPELINE_ID"])
            if os.path.exists(found):
                subprocess.run(["cp", "-r", found, f"{folder}/whole"], check=True)
    code = start(["bash", "-eo", "pipefail", "-c", "\n".join(whole["script"])], f"{folder}/whole", number, key)
    return codes, code, "whole"


def main():
    system, root, folder = sys.argv[1:]
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    try:
        codes, code, kept = {"kubernetes": kubernetes, "github": github, "gitlab": gitlab}[system](os.path.abspath(root), folder)
    except Unknown as unknown:
        print(f"fleets.py: {unknown} is not known here", file=sys.stderr)
        sys.exit(3)
    print(json.dumps({"parts": codes, "whole": code, "kept": f"{folder}/{kept}/gate.json"}))


if __name__ == "__main__":
    main()
