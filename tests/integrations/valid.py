#!/usr/bin/env python3
"""valid.py - checks that the files in ci/ are valid under their systems' published schemas, and that wrong ones aren't.

    valid.py [SYSTEM…]

The schemas are not part of this project: $CHAINGATE_SCHEMAS, or ../shared/schemas beside the checkout. Exits with 77 if they
aren't there, with 1 and a list of errors if something is wrong. A wrong variant is a change of the good file: (path to a value, the value or REMOVED).
"""
import copy
import glob
import json
import os
import sys

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"{missing.name} is not installed (python3-jsonschema, python3-yaml)")
    sys.exit(77)

# libyaml's loaders, where python3-yaml was built with it, take a tenth of the time.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BASE = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
REMOVED = object()

# file, schema, wrong variants
FILES = {
    "github": [
        ("ci/github/action.yml", "github-action.json", [
            (["runs", "using"], "composit"),
            (["runs", "steps", 0, "shell"], REMOVED),
            (["branding", "icon"], "gate"),
            (["description"], REMOVED),
            (["inputs", "chain", "requird"], True),
        ]),
        ("ci/github/workflow.yml", "github-workflow.json", [
            (["jobs", "deploy", "runs-on"], REMOVED),
            (["permissions", "contents"], "reed"),
            (["jobs", "deploy", "steps", 2, "rum"], "true"),
            (["jobs", "deploy", "timeout-minutes"], "long"),
        ]),
        ("ci/github/fleet.yml", "github-workflow.json", [
            (["jobs", "part", "strategy", "fail-fst"], False),
            (["jobs", "part", "strategy", "matrix"], 3),
            (["jobs", "whole", "needs"], 5),
            (["jobs", "whole", "steps", 2, "uses"], REMOVED),
            (["jobs", "part", "steps", 1, "rum"], "true"),
        ]),
        (".github/workflows/checks.yml", "github-workflow.json", [
            (["jobs", "checks", "runs-on"], REMOVED),
            (["jobs", "packages", "container", "imge"], "debian:12"),
            (["jobs", "validators", "steps", 0, "usess"], "actions/checkout@v4"),
            (["concurrency"], 5),
            (["on", "pull_requests"], {}),
        ]),
    ],
    "azure": [
        ("ci/azure/chaingate.yml", "azure-service-schema.json", [
            (["steps", 1, "condtion"], "always()"),
            (["steps", 0, "env"], "none"),
            (["steps", 1, "inputs"], "none"),
            (["parameters", 0, "type"], "sting"),
        ]),
        ("ci/azure/azure-pipelines.yml", "azure-service-schema.json", [
            (["jobs", 0, "timeoutInMinuts"], 5),
            (["jobs", 0, "steps", 0, "bsh"], "true"),
            (["jobs", 0, "steps", 1, "parameters"], "none"),
        ]),
    ],
    "pre-commit": [
        (".pre-commit-hooks.yaml", "pre-commit-hooks.json", [
            ([0, "entry"], REMOVED),
            ([0, "files"], 5),
            ([1, "id"], REMOVED),
            ([1, "types"], "yaml"),
        ]),
    ],
    "circleci": [
        ("ci/circleci/orb.yml", "circleci.json", [
            (["commands", "gate", "steps", 0, "run", "no_output_timeout"], "long"),
            (["commands", "gate", "steps", 1, "store_test_results", "path"], REMOVED),
            (["commands", "gate", "parameters", "chain", "type"], "text"),
            (["commands", "gate", "steps"], REMOVED),
        ]),
        ("ci/circleci/config.yml", "circleci.json", [
            (["version"], 3),
            (["jobs", "deploy", "steps"], REMOVED),
            (["jobs", "deploy", "steps", 1, "run", "command"], REMOVED),
            (["workflows", "deploy", "jobs", 0, "deploy", "serial-group"], 1),
        ]),
    ],
    "tekton": [
        ("ci/tekton/task.yaml", "tekton-v1-Task.json", [
            (["spec", "steps", 0, "onErorr"], "continue"),
            (["spec", "results", 0, "typ"], "string"),
            (["spec", "stepTemplate", "securityContext", "runAsNonRot"], True),
            (["spec", "params", 0, "name"], REMOVED),
            (["spec", "volumes", 0, "secret", "name"], "baseten"),
        ]),
    ],
    "kubernetes": [
        ("ci/kubernetes/job.yaml", "at-crd.yaml", [
            (["spec", "podFailurePolicyy"], {}),
            (["spec", "podFailurePolicy", "rules", 1, "onExitCodes", "operator"], REMOVED),
            (["spec", "template", "spec", "containers", 0, "readOnlyRootFilesystem"], True),
            (["spec", "template", "spec", "containers", 0, "args"], "check"),
            (["spec", "backoffLimit"], "two"),
        ]),
        ("ci/kubernetes/indexed-job.yaml", "at-crd.yaml", [
            (["spec", "completionMod"], "Indexed"),
            (["spec", "completions"], "three"),
            (["spec", "backoffLimitPerIndex"], "two"),
            (["spec", "podFailurePolicy", "rules", 1, "action"], REMOVED),
            (["spec", "podFailurePolicy", "rules", 1, "onExitCodes", "values"], "1"),
            (["spec", "template", "spec", "containers", 0, "args"], "check"),
        ]),
        ("ci/kubernetes/merge.yaml", "at-crd.yaml", [
            (["spec", "backofLimit"], 0),
            (["spec", "template", "spec", "containers", 0, "name"], REMOVED),
            (["spec", "template", "spec", "containers", 0, "env", 0, "valueFrom"], "chaingate"),
            (["spec", "activeDeadlineSeconds"], "10m"),
        ]),
        ("ci/kubernetes/promote.yaml", "at-crd.yaml", [
            (["spec", "template", "spec", "restartPolic"], "Never"),
            (["spec", "template", "spec", "containers", 0, "name"], REMOVED),
            (["spec", "activeDeadlineSeconds"], "10m"),
        ]),
    ],
    "argo": [
        ("ci/argo/analysis-template.yaml", "at-crd.yaml", [
            (["spec", "metrics", 0, "failurLimit"], 0),
            (["spec", "metrics", 0, "provider"], REMOVED),
            (["spec", "metrics", 0, "provider", "job", "spec", "backofLimit"], 0),
            (["spec", "args", 0, "name"], REMOVED),
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
            (["steps", 0, "command"], 5),
            (["steps", 1, "timeout_in_minutes"], "long"),
            (["steps", 2, "concurrency"], "one"),
        ]),
    ],
}


# Files for which there is no published schema; validators.py checks them.
ELSEWHERE = ["ci/gitlab/chaingate.yml", "ci/gitlab/example.gitlab-ci.yml", "ci/gitlab/fleet.gitlab-ci.yml", "ci/tekton/pipeline.yaml"]


def incomplete():
    """What nobody checks: a file that isn't listed, or that has few wrong variants."""
    rows = [row for system in FILES.values() for row in system]
    listed = [name for name, _, _ in rows] + ELSEWHERE
    kinds = ("ci/*/*.yml", "ci/*/*.yaml", ".github/workflows/*", ".pre-commit-hooks.yaml")
    found = [os.path.relpath(path, ROOT) for kind in kinds for path in glob.glob(f"{ROOT}/{kind}")]
    return ([f"{name}: isn't checked" for name in sorted(set(found) - set(listed))] + [f"{name}: doesn't exist" for name in sorted(set(listed) - set(found))]
            + [f"{name}: fewer than three wrong variants" for name, _, wrong_ones in rows if len(wrong_ones) < 3])


def changed(good, path, value):
    wrong = copy.deepcopy(good)
    at = wrong
    for key in path[:-1]:
        at = at[key]
    if value is REMOVED:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return wrong


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


def main():
    folder = os.environ.get("CHAINGATE_SCHEMAS", os.path.join(ROOT, "../shared/schemas"))
    if not os.path.isdir(folder):
        print(f"there are no schemas in {os.path.relpath(folder)}")
        sys.exit(77)
    mistakes, read = incomplete(), {}
    for name, schema, wrong_ones in (row for system in sys.argv[1:] or FILES for row in FILES[system]):
        if schema not in read:
            read[schema] = read_schema(os.path.join(folder, schema))
        rules = of_resource(read[schema], name) if schema == "at-crd.yaml" else read[schema]
        validator = jsonschema.Draft7Validator(rules)
        with open(os.path.join(ROOT, name)) as text:
            # GitHub: YAML 1.1 reads the key `on` as true. Azure: all scalars are strings, and a step's name is the filled one.
            as_texts = "github-workflow" in schema or "azure" in schema
            good = yaml.load(filled(text.read()), BASE if as_texts else SAFE)
        if "github-workflow" in schema:  # the only number in the file
            for job in good["jobs"].values():
                job["timeout-minutes"] = int(job["timeout-minutes"])
        for step in good.get("steps", []) if "azure" in schema else []:  # the schema's booleans are inputs of tasks
            step.get("inputs", {}).update({key: True for key, value in step.get("inputs", {}).items() if value == "true"})
        mistakes += [f"{name}: {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(good)]
        mistakes += [f"{name}: is valid with {path} wrong" for path, value in wrong_ones if validator.is_valid(changed(good, path, value))]
    print("\n".join(mistakes))
    sys.exit(bool(mistakes))


main()
