#!/usr/bin/env python3
"""valid.py - checks that the files in ci/ are valid under their systems' published schemas, and that wrong ones aren't.

    valid.py [SYSTEM…]

The schemas are not part of this project: $CHAINGATE_SCHEMAS, or ../shared/schemas beside the checkout. A wrong variant is a change of the good file (variants.py).
Exits with 1 and a list of mistakes if something is wrong; with 77 if the schemas aren't there, after it has made all variants without judging them.
"""
import glob
import importlib.util
import json
import os
import sys

try:
    import yaml
except ImportError as missing:
    print(f"{missing.name} is not installed (python3-yaml)")
    sys.exit(77)

import validators
from variants import REMOVED, Added, Unmade, changed

# libyaml's loaders, where python3-yaml was built with it, take a tenth of the time.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BASE = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")

# file, schema, wrong variants
FILES = {
    "github": [
        ("ci/github/action.yml", "github-action.json", [
            (["runs", "using"], "composit"),
            (["runs", "steps", "Which chaingate?", "shell"], REMOVED),
            (["branding", "icon"], "gate"),
            (["description"], REMOVED),
            (["inputs", "chain", "requird"], Added(True)),
        ]),
        ("ci/github/workflow.yml", "github-workflow.json", [
            (["jobs", "deploy", "runs-on"], REMOVED),
            (["permissions", "contents"], "reed"),
            (["jobs", "deploy", "steps", "Push", "rum"], Added("true")),
            (["jobs", "deploy", "timeout-minutes"], "long"),
        ]),
        ("ci/github/fleet.yml", "github-workflow.json", [
            (["jobs", "part", "strategy", "fail-fst"], Added(False)),
            (["jobs", "part", "strategy", "matrix"], 3),
            (["jobs", "whole", "needs"], 5),
            (["jobs", "whole", "steps", "Take the reports of all parts", "uses"], REMOVED),
            (["jobs", "part", "steps", "Gate", "rum"], Added("true")),
        ]),
        (".github/workflows/checks.yml", "github-workflow.json", [
            (["jobs", "checks", "runs-on"], REMOVED),
            (["jobs", "packages", "container", "imge"], Added("debian:12")),
            (["jobs", "validators", "steps", "actions/checkout@v4", "usess"], Added("actions/checkout@v4")),
            (["concurrency"], 5),
            (["on", "pull_requests"], Added({})),
        ]),
    ],
    "azure": [
        ("ci/azure/chaingate.yml", "azure-service-schema.json", [
            (["steps", "PublishTestResults@2", "condtion"], Added("always()")),
            (["steps", "Gate", "env"], "none"),
            (["steps", "PublishTestResults@2", "inputs"], "none"),
            (["parameters", "chain", "type"], "sting"),
        ]),
        ("ci/azure/azure-pipelines.yml", "azure-service-schema.json", [
            (["jobs", "deploy", "timeoutInMinuts"], Added(5)),
            (["jobs", "deploy", "steps", "Push", "bsh"], Added("true")),
            (["jobs", "deploy", "steps", "promoted", "parameters"], "none"),
        ]),
    ],
    "pre-commit": [
        (".pre-commit-hooks.yaml", "pre-commit-hooks.json", [
            (["chaingate-lint", "entry"], REMOVED),
            (["chaingate-lint", "files"], 5),
            (["chaingate-test", "id"], REMOVED),
            (["chaingate-test", "types"], "yaml"),
        ]),
    ],
    "circleci": [
        ("ci/circleci/orb.yml", "circleci.json", [
            (["commands", "gate", "steps", "run", "run", "no_output_timeout"], "long"),
            (["commands", "gate", "steps", "store_test_results", "store_test_results", "path"], REMOVED),
            (["commands", "gate", "parameters", "chain", "type"], "text"),
            (["commands", "gate", "steps"], REMOVED),
        ]),
        ("ci/circleci/config.yml", "circleci.json", [
            (["version"], 3),
            (["jobs", "deploy", "steps"], REMOVED),
            (["jobs", "deploy", "steps", "Push", "run", "command"], REMOVED),
            (["workflows", "deploy", "jobs", "deploy", "deploy", "serial-group"], 1),
        ]),
    ],
    "tekton": [
        ("ci/tekton/task.yaml", "tekton-v1-Task.json", [
            (["spec", "steps", "gate", "onErorr"], Added("continue")),
            (["spec", "results", "verdict", "typ"], Added("string")),
            (["spec", "stepTemplate", "securityContext", "runAsNonRot"], Added(True)),
            (["spec", "params", "chain", "name"], REMOVED),
            (["spec", "volumes", "key", "secret", "name"], Added("baseten")),
        ]),
    ],
    "kubernetes": [
        ("ci/kubernetes/job.yaml", "at-crd.yaml", [
            (["spec", "podFailurePolicyy"], Added({})),
            (["spec", "podFailurePolicy", "rules", "FailJob", "onExitCodes", "operator"], REMOVED),
            (["spec", "template", "spec", "containers", "gate", "readOnlyRootFilesystem"], Added(True)),
            (["spec", "template", "spec", "containers", "gate", "args"], "check"),
            (["spec", "backoffLimit"], "two"),
        ]),
        ("ci/kubernetes/indexed-job.yaml", "at-crd.yaml", [
            (["spec", "completionMod"], Added("Indexed")),
            (["spec", "completions"], "three"),
            (["spec", "backoffLimitPerIndex"], "two"),
            (["spec", "podFailurePolicy", "rules", "FailIndex", "action"], REMOVED),
            (["spec", "podFailurePolicy", "rules", "FailIndex", "onExitCodes", "values"], "1"),
            (["spec", "template", "spec", "containers", "gate", "args"], "check"),
        ]),
        ("ci/kubernetes/merge.yaml", "at-crd.yaml", [
            (["spec", "backofLimit"], Added(0)),
            (["spec", "template", "spec", "containers", "gate", "name"], REMOVED),
            (["spec", "template", "spec", "containers", "gate", "env", "JOB", "valueFrom"], "chaingate"),
            (["spec", "activeDeadlineSeconds"], "10m"),
        ]),
        ("ci/kubernetes/promote.yaml", "at-crd.yaml", [
            (["spec", "template", "spec", "restartPolic"], Added("Never")),
            (["spec", "template", "spec", "containers", "promote", "name"], REMOVED),
            (["spec", "activeDeadlineSeconds"], "10m"),
        ]),
    ],
    "argo": [
        ("ci/argo/analysis-template.yaml", "at-crd.yaml", [
            (["spec", "metrics", "chaingate", "failurLimit"], Added(0)),
            (["spec", "metrics", "chaingate", "provider"], REMOVED),
            (["spec", "metrics", "chaingate", "provider", "job", "spec", "backofLimit"], Added(0)),
            (["spec", "args", "chain", "name"], REMOVED),
        ]),
    ],
    "buildkite": [
        ("ci/buildkite/plugin.yml", "buildkite-plugin.yml", [
            (["name"], REMOVED),
            (["requirements"], "chaingate"),
            (["configuration", "additionalProperties"], "no"),
            (["configuration", "properties"], REMOVED),
        ]),
        ("ci/buildkite/pipeline.yml", "buildkite-pipeline.json", [
            (["steps"], REMOVED),
            (["steps", {"key": "push"}, "command"], 5),
            (["steps", {"key": "gate"}, "timeout_in_minutes"], "long"),
            (["steps", {"key": "promote"}, "concurrency"], "one"),
        ]),
    ],
}


def incomplete():
    """What nobody checks: a file that isn't listed, or that has few wrong variants."""
    rows = [row for system in FILES.values() for row in system]
    listed = [name for name, _, _ in rows] + [name for table in validators.TABLES for name in table]
    kinds = ("ci/*/*.yml", "ci/*/*.yaml", ".github/workflows/*", ".pre-commit-hooks.yaml")
    found = [os.path.relpath(path, ROOT) for kind in kinds for path in glob.glob(f"{ROOT}/{kind}")]
    return ([f"{name}: isn't checked" for name in sorted(set(found) - set(listed))] + [f"{name}: doesn't exist" for name in sorted(set(listed) - set(found))]
            + [f"{name}: fewer than three wrong variants" for name, _, wrong_ones in rows if len(wrong_ones) < 3])


def filled(text):
    """The file with its placeholders filled in."""
    return text.replace("    name: ${{ parameters.name }}", "    name: gate").replace("OWNER/chaingate@X.Y.Z", "owner/chaingate@1.2.3")


def read_schema(path):
    with open(path) as text:
        # The json module reads a megabyte in a twentieth of the time.
        return json.load(text) if path.endswith(".json") else yaml.load(text, SAFE)


def strict(schema):
    """A custom resource's schema, refusing the fields that it doesn't list; metadata is any object."""
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    made = {key: value for key, value in schema.items() if key in ("type", "enum", "required", "pattern", "minimum", "maximum")}
    if "items" in schema:
        made["items"] = strict(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        made["additionalProperties"] = strict(schema["additionalProperties"])
    if "properties" in schema:
        made["properties"] = {key: {"type": "object"} if key == "metadata" else strict(value) for key, value in schema["properties"].items()}
        made["additionalProperties"] = bool(schema.get("x-kubernetes-preserve-unknown-fields"))
    return made


def of_resource(definition, name):
    schema = strict(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    if "argo" in name:
        return schema
    at = schema  # the template of an analysis holds a whole Job
    for key in "spec metrics items provider job spec".split():
        at = at["items"] if key == "items" else at["properties"][key]
    kind = {"apiVersion": {"const": "batch/v1"}, "kind": {"const": "Job"}, "metadata": {"type": "object"}, "spec": at}
    return {"type": "object", "properties": kind, "required": list(kind), "additionalProperties": False}


def read_file(name, schema):
    with open(os.path.join(ROOT, name)) as text:
        # GitHub: YAML 1.1 reads the key `on` as true. Azure: all scalars are strings, and a step's name is the filled one.
        as_texts = "github-workflow" in schema or "azure" in schema
        good = yaml.load(filled(text.read()), BASE if as_texts else SAFE)
    if "github-workflow" in schema:  # the only number in the file
        for job in good["jobs"].values():
            job["timeout-minutes"] = int(job["timeout-minutes"])
    for step in good.get("steps", []) if "azure" in schema else []:  # the schema's booleans are inputs of tasks
        step.get("inputs", {}).update({key: True for key, value in step.get("inputs", {}).items() if value == "true"})
    return good


def make_variants(name, good, wrong_ones):
    """(path, the wrong file) of each variant, and a list of those that can't be made."""
    made, unmade = [], []
    for path, change in wrong_ones:
        try:
            made.append((path, changed(good, path, change)))
        except Unmade as reason:
            unmade.append(f"{name}: no wrong variant can be made: {reason}; mend valid.py")
    return made, unmade


def judge(name, schema, good, wrong_ones):
    """What the schema should have said of the file and of each variant, and didn't."""
    # Takes longer to load than to judge.
    import jsonschema
    validator = jsonschema.Draft7Validator(of_resource(schema, name) if "spec" in schema else schema)
    return ([f"{name}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(good)]
            + [f"{name}: is valid with {path} wrong" for path, wrong in wrong_ones if validator.is_valid(wrong)])


def why_not(folder):
    """Why nothing can be judged here, or None."""
    if not os.path.isdir(folder):
        return f"there are no schemas in {os.path.relpath(folder)}"
    return None if importlib.util.find_spec("jsonschema") else "jsonschema is not installed (python3-jsonschema)"


def main():
    folder = os.environ.get("CHAINGATE_SCHEMAS", os.path.join(ROOT, "../shared/schemas"))
    skipped, mistakes, schemas = why_not(folder), incomplete() + validators.unmade(), {}
    for name, schema, wrong_ones in (row for system in sys.argv[1:] or FILES for row in FILES[system]):
        good = read_file(name, schema)
        made, unmade = make_variants(name, good, wrong_ones)
        mistakes += unmade
        if not skipped:
            if schema not in schemas:
                schemas[schema] = read_schema(os.path.join(folder, schema))
            mistakes += judge(name, schemas[schema], good, made)
    print("\n".join(mistakes or [skipped or ""]))
    sys.exit(1 if mistakes else 77 if skipped else 0)


main()
