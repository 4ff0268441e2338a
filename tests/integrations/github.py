#!/usr/bin/env python3
"""github.py - runs a workflow of GitHub Actions step by step, as described by its YAML.

    github.py WORKFLOW ROOT WORKSPACE [JOB]

ROOT is this repository: `OWNER/REPO/ci/github@…` is its ci/github. JOB is for a workflow with several. Secrets come from the environment (BASETEN_API_KEY).
Prints a JSON object: the job's result, and for each step its outcome, exit code and outputs. An action, an expression or a
key that isn't known here is an error (exit 3) and never ignored, because then a part of the workflow isn't tested.
"""
import json
import os
import re
import shutil
import subprocess
import sys

import yaml

PLACE = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
STEP_KEYS = {"name", "id", "if", "uses", "with", "run", "shell", "env"}
VENDOR_INPUTS = """truss-directory baseten-api-key model-name environment include-git-info labels deployment-name cleanup predict-payload
    deploy-timeout-minutes predict-timeout regional-environment""".split()
VENDOR_OUTPUTS = "deployment-id model-id chain-id model-name deploy-time-seconds predict-response status".split()
SHELLS = {None: ["bash", "-e"], "bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"]}


class Unknown(Exception):
    pass


def look_up(expression, context):
    """steps.x.outputs.y. A value that no step has set is empty, as on GitHub. The first word must be a context, and an action that has run must have the output."""
    value = context
    words = expression.split(".")
    if words[0] == "steps" and len(words) == 4:
        step = context["steps"].get(words[1])
        if step is None or (step["is_action"] and step["outcome"] == "success" and words[3] not in step["outputs"]):
            raise Unknown(f"expression {expression!r}")
    for depth, word in enumerate(words):
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", word) or (depth == 0 and word not in context):
            raise Unknown(f"expression {expression!r}")
        value = value.get(word, "") if isinstance(value, dict) else ""
    return value


def fill(text, context):
    return PLACE.sub(lambda place: str(look_up(place.group(1), context)), str(text))


def is_wanted(condition, context, failed):
    if condition is None:
        return not failed
    if condition == "always()":
        return True
    comparison = re.fullmatch(r"(\S+) (==|!=) '([^']*)'", condition)
    if not comparison:
        raise Unknown(f"condition {condition!r}")
    same = look_up(comparison.group(1), context) == comparison.group(3)
    return not failed and same == (comparison.group(2) == "==")


def read_outputs(path):
    outputs, lines = {}, open(path).read().split("\n")
    while lines:
        line = lines.pop(0)
        block = re.match(r"([^=]+)<<(.+)", line)
        if block:
            end = lines.index(block.group(2))
            outputs[block.group(1)] = "\n".join(lines[:end])
            del lines[:end + 1]
        elif line:
            name, value = line.split("=", 1)
            outputs[name] = value
    return outputs


class Job:
    def __init__(self, root, workspace):
        self.root, self.workspace = os.path.abspath(root), os.path.abspath(workspace)
        self.private = self.workspace + ".runner"
        self.temp, self.cache = self.private + "/temp", self.workspace + ".cache"
        for folder in (self.workspace, self.temp, self.cache):
            os.makedirs(folder, exist_ok=True)
        self.files = {name: f"{self.private}/{name}" for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        self.exported, self.kept, self.done, self.to_cache = {}, [], [], []

    def base(self):
        key = os.environ.get("BASETEN_API_KEY", "")
        return {"secrets": {"BASETEN_API_KEY": key}, "runner": {"temp": self.temp}, "steps": {}}

    def run_shell(self, step, env):
        if step.get("shell") not in SHELLS:
            raise Unknown(f"shell {step['shell']!r}")
        with open(self.private + "/step.sh", "w") as script:
            script.write(step["run"])
        for path in self.files.values():
            open(path, "a" if path.endswith("SUMMARY") else "w").close()
        whole = {name: value for name, value in os.environ.items() if name != "BASETEN_API_KEY"}
        whole |= self.exported | self.files | {"RUNNER_TEMP": self.temp, "GITHUB_ACTIONS": "true", "CI": "true"} | env
        # A python3 that is a wrapper may have put its own folders first.
        whole["PATH"] = os.environ.get("STANDIN_PATH", whole["PATH"])
        code = subprocess.run(SHELLS[step.get("shell")] + [self.private + "/step.sh"], cwd=self.workspace, env=whole,
                              stdout=sys.stderr, stdin=subprocess.DEVNULL).returncode
        self.exported |= read_outputs(self.files["GITHUB_ENV"])
        return code, read_outputs(self.files["GITHUB_OUTPUT"])

    def check_out(self, given):
        for name in ("ci", "policies", ".ci"):
            os.symlink(f"{self.root}/{name}", f"{self.workspace}/{name}")
        return 0, {}

    def upload(self, given):
        paths = [path for path in given["path"].split("\n") if path]
        self.kept += [path for path in paths if os.path.exists(f"{self.workspace}/{path}")]
        return 0, {}

    def take_from_cache(self, given):
        kept = f"{self.cache}/{given['key']}"
        if os.path.isdir(kept):
            shutil.copytree(kept, given["path"], dirs_exist_ok=True)
            return 0, {"cache-hit": "true"}
        self.to_cache.append((given["path"], kept))
        return 0, {"cache-hit": "false"}

    def push(self, given):
        """Baseten's own action, with the inputs and outputs of its action.yml."""
        if set(given) - set(VENDOR_INPUTS) or not {"truss-directory", "baseten-api-key"} <= set(given):
            raise Unknown(f"inputs {sorted(given)} of Baseten's action")
        if given.get("cleanup", "true") != "false":
            raise Unknown("a push whose deployment is deactivated again")
        return 0, {name: "" for name in VENDOR_OUTPUTS} | {"deployment-id": os.environ["STANDIN_DEPLOYMENT"]}

    def use(self, name, given):
        simple = {"actions/checkout@v4": self.check_out, "actions/upload-artifact@v4": self.upload,
                  "actions/cache@v4": self.take_from_cache, "basetenlabs/action-truss-push@v0.1": self.push}
        if name in simple:
            return simple[name](given)
        if not re.fullmatch(r"OWNER/REPO/ci/github@v\S+", name):
            raise Unknown(f"action {name!r}")
        folder = f"{self.root}/ci/github"
        action = yaml.safe_load(open(f"{folder}/action.yml"))
        if set(given) - set(action["inputs"]):
            raise Unknown(f"inputs {sorted(set(given) - set(action['inputs']))}")
        inputs = {name: str(given.get(name, row.get("default", ""))) for name, row in action["inputs"].items()}
        context = {"inputs": inputs, "runner": {"temp": self.temp}, "steps": {}}
        env = {"GITHUB_ACTION_PATH": folder, "GITHUB_SERVER_URL": "https://example.invalid", "GITHUB_ACTION_REPOSITORY": "OWNER/REPO"}
        code = self.steps(action["runs"]["steps"], context, env, None)
        return code, {name: fill(row["value"], context) for name, row in action["outputs"].items()}

    def steps(self, steps, context, env, record):
        """Runs steps in order; returns the exit code of the first that failed, or 0."""
        failed = 0
        for step in steps:
            if set(step) - STEP_KEYS or ("run" in step) == ("uses" in step):
                raise Unknown(f"step {step}")
            code, outputs, outcome = None, {}, "skipped"
            if is_wanted(step.get("if"), context, failed):
                own = {name: fill(value, context) for name, value in step.get("env", {}).items()}
                given = {name: fill(value, context) for name, value in step.get("with", {}).items()}
                if "run" in step:
                    code, outputs = self.run_shell(dict(step, run=fill(step["run"], context)), env | own)
                else:
                    code, outputs = self.use(step["uses"], given)
                outcome = "failure" if code else "success"
                failed = failed or code
            if "id" in step:
                context["steps"][step["id"]] = {"outputs": outputs, "outcome": outcome, "is_action": "uses" in step}
            if record is not None:
                record.append({"name": step.get("name", step.get("uses")), "outcome": outcome, "exit": code, "outputs": outputs})
        return failed

    def run(self, job):
        code = self.steps(job["steps"], self.base(), job.get("env", {}), self.done)
        for path, kept in self.to_cache if code == 0 else []:
            shutil.copytree(path, kept, dirs_exist_ok=True)
        return {"result": "failure" if code else "success", "exit": code, "steps": self.done, "kept": self.kept}


if __name__ == "__main__":
    try:
        jobs = yaml.safe_load(open(sys.argv[1]))["jobs"]
        chosen = [jobs[name] for name in sys.argv[4:]] or jobs.values()
        print(json.dumps(Job(*sys.argv[2:4]).run(*chosen)))
    except Unknown as unknown:
        print(f"github.py: {unknown} is not known here", file=sys.stderr)
        sys.exit(3)
