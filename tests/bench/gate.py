#!/usr/bin/env python3
"""gate.py - the gate as a script without dependencies, once. CHAIN and DEPLOYMENT name the target."""
import json
import os
import sys
import urllib.request


def get(path):
    request = urllib.request.Request(os.environ["BASETEN_API_URL"] + path, headers={"Authorization": "Api-Key " + os.environ["BASETEN_API_KEY"]})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


chain = next(c["id"] for c in get("/v1/chains")["chains"] if c["name"] == os.environ["CHAIN"])
found = [d for d in get(f"/v1/chains/{chain}/deployments")["deployments"] if d["id"] == os.environ["DEPLOYMENT"]]
passes = len(found) == 1 and all(
    c["status"] == "ACTIVE" and c["active_replica_count"] >= c["autoscaling_settings"]["min_replica"] for c in found[0]["chainlets"])
sys.exit(0 if passes else 1)
