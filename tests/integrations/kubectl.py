#!/usr/bin/env python3
"""kubectl.py - stands in for kubectl and its cluster, whose state is in the folder $STANDIN_CLUSTER: Secrets, ConfigMaps, Jobs, annotations.

It knows the commands of ci/kubernetes/README.md and ci/argo/README.md. Others, and options that aren't known here, are an error (exit 3). A Job is run to its
end when it is created, see kubernetes.py.
"""
import json
import os
import subprocess
import sys

import yaml

import kubernetes
from standin import Unknown, know, read

CLUSTER = os.environ["STANDIN_CLUSTER"]


class Refused(Exception):
    """What the cluster or kubectl itself would refuse."""


class Cluster:
    """What a Job needs of a pipeline's Story (standin.py)."""
    is_hostile = False

    def __init__(self, log):
        self.root, self.workspace, self.log = ".", CLUSTER, log
        self.key, self.promote = texts("secret")["baseten"]["api-key"], f"{CLUSTER}/configmap/chaingate-promote"

    def run(self, command, env):
        whole = {name: value for name, value in os.environ.items() if name != "BASETEN_API_KEY"} | env
        whole["PATH"] = os.environ.get("STANDIN_PATH", whole["PATH"])
        with open(self.log, "w") as log:  # the log of the last pod
            return subprocess.run(command, cwd=CLUSTER, env=whole, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode


def texts(kind):
    """Each Secret's or ConfigMap's values."""
    found = {}
    for folder, _, names in os.walk(f"{CLUSTER}/{kind}"):
        found[os.path.basename(folder)] = {}
        for name in names:
            with open(f"{folder}/{name}") as text:
                found[os.path.basename(folder)][name] = text.read()
    return found


def keep(kind, name, data, replace):
    folder = f"{CLUSTER}/{kind}/{name}"
    if os.path.exists(folder) and not replace:
        raise Refused(f"{kind} {name} already exists")
    os.makedirs(folder, exist_ok=True)
    for key in set(os.listdir(folder)) - set(data):
        os.remove(f"{folder}/{key}")
    for key, value in data.items():
        with open(f"{folder}/{key}", "w") as text:
            text.write(value)


def given(rows):
    """The values of --from-literal=KEY=VALUE and --from-file=KEY=PATH."""
    data = {}
    for option in rows:
        kind, key, value = option.split("=", 2)
        if kind == "--from-file":
            try:
                with open(value) as text:
                    value = text.read()
            except OSError as error:
                raise Refused(str(error)) from None
        elif kind != "--from-literal":
            raise Unknown(option)
        if not key or key in data:
            raise Refused(f"key {key!r}")
        data[key] = value
    return data


def create_job(path, output):
    (manifest,) = read(path)
    if (manifest["apiVersion"], manifest["kind"]) != ("batch/v1", "Job"):
        raise Unknown(manifest["kind"])
    know(manifest["metadata"], "generateName annotations")
    os.makedirs(f"{CLUSTER}/job", exist_ok=True)
    name = manifest["metadata"]["generateName"] + str(len(os.listdir(f"{CLUSTER}/job")) // 2)
    codes, complete = kubernetes.job(Cluster(f"{CLUSTER}/job/{name}.log"), manifest["spec"], name, texts("configmap"))
    with open(f"{CLUSTER}/job/{name}.json", "w") as state:
        json.dump({"codes": codes, "complete": complete}, state)
    if output not in ([], ["-o", "jsonpath={.metadata.name}"]):
        raise Unknown(output)
    print(name if output else f"job.batch/{name} created", end="" if output else "\n")


def wait(job, timeout):
    if not timeout.startswith("--timeout="):
        raise Unknown(timeout)
    with open(f"{CLUSTER}/{job}.json") as state:
        if not json.load(state)["complete"]:
            raise Refused(f"timed out waiting for the condition on {job}")


def main(words):
    if words[:3] == ["create", "secret", "generic"]:
        keep("secret", words[3], given(words[4:]), replace=False)
    elif words[:2] == ["create", "configmap"] and words[-3:] == ["--dry-run=client", "-o", "yaml"]:
        print(yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": words[2]}, "data": given(words[3:-3])}))
    elif words[:2] == ["create", "configmap"]:
        keep("configmap", words[2], given(words[3:]), replace=False)
    elif words == ["apply", "-f", "-"]:
        manifest = yaml.safe_load(sys.stdin)
        if not manifest or manifest["kind"] != "ConfigMap":
            raise Refused("no objects passed to apply")
        keep("configmap", manifest["metadata"]["name"], manifest["data"], replace=True)
    elif words[:2] == ["create", "-f"]:
        create_job(words[2], words[3:])
    elif words[:2] == ["wait", "--for=condition=Complete"] and len(words) == 4:
        wait(words[3], words[2])
    elif words[0] == "logs" and len(words) == 2:
        with open(f"{CLUSTER}/{words[1]}.log") as text:
            print(text.read(), end="")
    elif words[0] == "annotate" and words[3] == "--overwrite" and len(words) == 5:
        key, value = words[4].split("=", 1)
        keep(f"annotations/{words[1]}", words[2], {key.replace("/", "%"): value}, replace=True)
    else:
        raise Unknown(f"kubectl {words}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refused:
        sys.exit(f"kubectl: {refused}")
    except Unknown as unknown:
        print(f"kubectl.py: {unknown} is not known here", file=sys.stderr)
        sys.exit(3)
