#!/usr/bin/env python3
"""kubernetes.py - runs ci/kubernetes/{job,promote}.yaml and the Job of ci/argo/analysis-template.yaml, as their controllers do.

    kubernetes.py ROOT FOLDER [STORY…]

A key that isn't known here is an error (exit 3) and never ignored, because then a part of the Job isn't tested.
"""
import os
import re

import pods
import standin
from standin import Unknown, know

# A Job's action for a failed pod that no rule of its policy matches.
DEFAULT = "Count"


def arguments(container):
    return dict(re.findall(r"^--([\w-]+)=(.*)$", "\n".join(container["args"]), re.M))


def pod(story, spec, job, texts):
    """The exit code of the only container, and the variables that it had."""
    know(spec, "restartPolicy terminationGracePeriodSeconds automountServiceAccountToken securityContext containers volumes")
    container, = spec["containers"]
    know(container, "name image command args env terminationMessagePolicy securityContext resources volumeMounts")
    sources = {"reports": f"{story.workspace}/reports", "key": f"{story.workspace}.secret", "promote": story.promote or f"{story.root}/ci"}
    for name in ("reports", "key"):
        os.makedirs(sources[name], exist_ok=True)
    with open(f"{sources['key']}/api-key", "w") as key:
        key.write(story.key)
    for volume in spec["volumes"]:
        know(volume, "name secret configMap persistentVolumeClaim")
    mounts = {mount["mountPath"]: sources[mount["name"]] for mount in container["volumeMounts"]}
    texts = texts | {"fields": {"metadata.labels['batch.kubernetes.io/job-name']": job}}
    env = pods.variables(container["env"], {"baseten": {"api-key": story.key}}, texts)
    if container["name"] == "gate" and story.key in "".join(env.values()):
        raise Unknown("the key beside parameters")
    # These are the container's paths, so they are translated before parameters are inserted.
    command = [pods.expand(pods.on_host(text, mounts), env) for text in container["command"] + container["args"]]
    return story.run(command, env)


def job(story, spec, name, texts):
    """Like the controller of Jobs, tries again as the policy says. Returns the exit codes, and whether the Job is complete."""
    know(spec, "backoffLimit activeDeadlineSeconds ttlSecondsAfterFinished podFailurePolicy template")
    template = spec["template"]["spec"]
    gate, = template["containers"]
    wait = arguments(gate).get("timeout")
    if wait and standin.minutes(wait) * 60 * (spec["backoffLimit"] + 1) >= spec["activeDeadlineSeconds"]:
        raise Unknown("a gate that may wait longer than its Job")
    if template["restartPolicy"] != "Never":
        raise Unknown(f"restartPolicy {template['restartPolicy']!r}")
    codes = []
    while True:
        codes.append(pod(story, template, name, texts))
        if codes[-1] == 0:
            return codes, True
        action = DEFAULT
        for rule in spec.get("podFailurePolicy", {}).get("rules", []):
            know(rule, "action onExitCodes onPodConditions")
            on = rule.get("onExitCodes")
            if on and on["containerName"] == gate["name"] and on["operator"] == "In" and codes[-1] in on["values"]:
                action = rule["action"]
                break
        if action == "FailJob" or len(codes) > spec["backoffLimit"]:
            return codes, False


def put_in(value, given):
    """Argo puts the arguments of an analysis into every text."""
    if isinstance(value, dict):
        return {key: put_in(item, given) for key, item in value.items()}
    if isinstance(value, list):
        return [put_in(item, given) for item in value]
    return re.sub(r"\{\{args\.([\w-]+)\}\}", lambda place: given[place.group(1)], value) if isinstance(value, str) else value


def analysis(story, template, name, given):
    metric, = template["spec"]["metrics"]
    know(metric, "name count failureLimit inconclusiveLimit consecutiveErrorLimit provider")
    if (metric["count"], metric["failureLimit"], metric["consecutiveErrorLimit"]) != (1, 0, 0):
        raise Unknown("a metric that is measured again")
    given = {row["name"]: given[row["name"]] if row["name"] in given else row["value"] for row in template["spec"]["args"]}
    return job(story, put_in(metric["provider"]["job"]["spec"], given), name, {})


def run(story):
    (gate,), (promote,), (template,) = (story.read(f"ci/{path}.yaml") for path in ("kubernetes/job", "kubernetes/promote", "argo/analysis-template"))
    chain = standin.HOSTILE if story.is_hostile else "rag"
    texts = {"chaingate": {"chain": chain, "deployment": story.environment["STANDIN_DEPLOYMENT"], "job": "chaingate-a"}}
    codes, complete = job(story, gate["spec"], "chaingate-a", texts)
    analysed, successful = analysis(story, template, "chaingate-b", {"chain": chain, "deployment": texts["chaingate"]["deployment"]})
    # Started although the gate failed, it must promote nothing.
    promoted, _ = job(story, promote["spec"], "chaingate-promote-a", texts)
    kept = sorted(f"{name}/{report}" for name in os.listdir(f"{story.workspace}/reports") for report in os.listdir(f"{story.workspace}/reports/{name}"))
    return {"gate": codes, "complete": complete, "analysis": analysed, "successful": successful, "promote": promoted, "kept": kept}


if __name__ == "__main__":
    standin.main(run)
