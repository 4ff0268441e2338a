#!/usr/bin/env python3
"""recipes.py - makes a policy test of every recipe of docs/recipes.md: it passes for a good deployment, and fails for the one that its comment describes.

    recipes.py docs/recipes.md DIRECTORY

A recipe is a block of YAML, followed by a comment, `<!-- fails: {…} -->`, with the differences from the good deployment: a chainlet's name with changed fields,
`deployment` with the deployment's, `rename` with an old and a new name, `at` with the time of the change. `<!-- model fails: {…} -->`: a recipe for a model, with the changed fields.
"""
import copy
import json
import pathlib
import re
import sys

SETTINGS = ("min_replica", "max_replica", "autoscaling_window", "scale_down_delay", "concurrency_target", "target_utilization_percentage")


def chainlet(name, machine, most):
    return {"name": name, "status": "ACTIVE", "instance_type_name": machine, "active_replica_count": 2,
            "autoscaling_settings": {"min_replica": 2, "max_replica": most, "autoscaling_window": 60, "scale_down_delay": 900, "concurrency_target": 8,
                                     "target_utilization_percentage": 70}}


def chainlets():
    return [chainlet("Retriever", "L4:4x16", 8), chainlet("Reranker", "L4:4x16", 8), chainlet("Generator", "H100:1x80", 4)]


JUDGED = {"id": "new", "status": "ACTIVE", "environment": "staging", "created_at": "2026-08-14T09:00:00Z", "chainlets": chainlets()}
PRODUCTION = {"id": "prod", "status": "ACTIVE", "environment": "production", "created_at": "2026-08-10T09:00:00Z", "chainlets": chainlets()}


MODEL = {"id": "new", "status": "ACTIVE", "environment": "staging", "created_at": "2026-08-14T09:00:00Z", "is_development": False, "labels": {"team": "search"},
         **{key: value for key, value in chainlet("", "H100:1x80", 4).items() if key not in ("name", "status")}}
MODEL_IN_PRODUCTION = {**MODEL, "id": "prod", "environment": "production", "created_at": "2026-08-10T09:00:00Z"}


def step(deployments, is_model, at="0s"):
    return {"at": at, "models": {"llama": deployments}} if is_model else {"at": at, "deployments": deployments}


def changed(difference):
    deployment = copy.deepcopy(JUDGED)
    for one in deployment["chainlets"]:
        for key, value in difference.get(one["name"], {}).items():
            (one["autoscaling_settings"] if key in SETTINGS else one)[key] = value
        if difference.get("rename", [None])[0] == one["name"]:
            one["name"] = difference["rename"][1]
    deployment.update(difference.get("deployment", {}))
    return deployment


def main():
    text, folder = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
    blocks = re.findall(r"^## I want ([^\n]*)\n\n```yaml\n(.*?)```\n<!-- (model )?fails: ([^\n]*) -->\n", text, re.M | re.S)
    if len(blocks) != text.count("\n## ") or len(blocks) < 30:
        sys.exit(f"{len(blocks)} of {text.count(chr(10) + '## ')} recipes can be read")
    for number, (title, policy, is_model, fails) in enumerate(blocks):
        difference = json.loads(fails)
        good, bad = [JUDGED, PRODUCTION], [changed(difference), PRODUCTION]
        if is_model:
            good, bad = [MODEL, MODEL_IN_PRODUCTION], [{**MODEL, **difference}, MODEL_IN_PRODUCTION]
        at = difference.get("at")
        story = [step(good, is_model), step(bad, is_model, at)] if at else [step(bad, is_model)]
        is_warning = "severity: warning" in policy
        path = folder / f"recipe{number:02}.yaml"
        path.write_text("version: 1\nbaseline: {environment: production}\ntarget: {" + ("model: llama" if is_model else "chain: rag") + ", environment: staging, since: any}\n" + policy)
        (folder / f"recipe{number:02}.test.yaml").write_text(json.dumps({
            "policy": path.name,
            "tests": [
                {"name": f"{title}: it is so", "now": "2026-08-14T10:00:00Z", "timeline": [step(good, is_model)], "expect": {"verdict": "passed"}},
                {"name": f"{title}: it isn't", "now": "2026-08-14T10:00:00Z", "timeline": story,
                 "expect": {"verdict": "passed", "rules": {"expensive": "fail"}} if is_warning else {"verdict": "failed"}},
            ]}))


main()
