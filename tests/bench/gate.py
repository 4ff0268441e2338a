#!/usr/bin/env python3
"""gate.py - one check by a Python script, with requests, or with urllib if requests isn't installed. CHAIN and DEPLOYMENT name the deployment to check."""
import os
import sys

HEADERS = {"Authorization": "Api-Key " + os.environ["BASETEN_API_KEY"]}

try:
    import requests

    session = requests.Session()

    def get(path):
        answer = session.get(os.environ["BASETEN_API_URL"] + path, headers=HEADERS, timeout=30)
        answer.raise_for_status()
        return answer.json()

except ImportError:
    import json
    import urllib.request

    def get(path):
        with urllib.request.urlopen(urllib.request.Request(os.environ["BASETEN_API_URL"] + path, headers=HEADERS)) as answer:
            return json.load(answer)


chain = next(c["id"] for c in get("/v1/chains")["chains"] if c["name"] == os.environ["CHAIN"])
found = [d for d in get(f"/v1/chains/{chain}/deployments")["deployments"] if d["id"] == os.environ["DEPLOYMENT"]]
passes = len(found) == 1 and all(
    c["status"] == "ACTIVE" and c["active_replica_count"] >= c["autoscaling_settings"]["min_replica"] for c in found[0]["chainlets"])
sys.exit(0 if passes else 1)
