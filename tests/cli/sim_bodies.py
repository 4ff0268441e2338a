#!/usr/bin/env python3
"""sim_bodies.py - asks the simulator for all that it speaks, and checks each answer against the API's own OpenAPI document.

    sim_bodies.py DOCUMENT URL KEY

Prints a line for each answer. Exits with 1 and the mistakes if one isn't valid, or if a wrong variant of it is: the check must be able to fail.
"""
import copy
import json
import sys
import urllib.request

import jsonschema

document_path, url, key = sys.argv[1:]
with open(document_path, encoding="utf-8") as file:
    document = json.load(file)

# path of the document → the values of its parameters, one request for each
REQUESTS = {
    "/v1/users/me": [{}],
    "/v1/chains": [{}],
    "/v1/chains/{chain_id}": [{"chain_id": "c1"}],
    "/v1/chains/{chain_id}/deployments": [{"chain_id": "c1"}],
    "/v1/chains/{chain_id}/deployments/{chain_deployment_id}": [{"chain_id": "c1", "chain_deployment_id": "q"}],
    "/v1/chains/{chain_id}/environments/{env_name}": [{"chain_id": "c1", "env_name": "production"}],
    "/v1/models": [{}],
    "/v1/models/{model_id}": [{"model_id": "m1"}, {"model_id": "m2"}],
    "/v1/models/{model_id}/deployments": [{"model_id": "m1"}, {"model_id": "m2"}],
    "/v1/models/{model_id}/deployments/{deployment_id}": [{"model_id": "m1", "deployment_id": "dev"}],
    "/v1/models/{model_id}/environments/{env_name}": [
        {"model_id": "m1", "env_name": name} for name in ("production", "staging", "failed")],
}
mistakes = []


def get(path):
    request = urllib.request.Request(url + path, headers={"Authorization": f"Api-Key {key}"})
    # No proxy: the simulator is on this machine.
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=600) as answer:
        return json.load(answer)


def schema_of(path):
    content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**content, "components": document["components"]}


def first_object(value):
    """The innermost first object: of a list, its first item."""
    for member in value.values() if isinstance(value, dict) else []:
        if isinstance(member, list) and member and isinstance(member[0], dict):
            return first_object(member[0])
    return value


for path, all_parameters in REQUESTS.items():
    validator = jsonschema.Draft202012Validator(schema_of(path))
    for parameters in all_parameters:
        asked = path.format(**parameters)
        body = get(asked)
        for error in validator.iter_errors(body):
            mistakes.append(f"{asked}: {error.json_path}: {error.message[:200]}")
        if body.get("deployments") == []:
            continue
        wrong = copy.deepcopy(body)
        victim = first_object(wrong)
        victim.pop("id", None) or victim.pop("name", None)
        victim["user_id"] = 1
        if validator.is_valid(wrong):
            mistakes.append(f"{asked}: a wrong variant of the answer is valid")
        print(asked)
print("\n".join(mistakes), file=sys.stderr)
sys.exit(1 if mistakes else 0)
