#!/bin/sh
# curl_jq.sh - the simplest gate: curl | jq, once. CHAIN and DEPLOYMENT as in gate.py.
set -eu
get() {
	curl -sSf -H "Authorization: Api-Key $BASETEN_API_KEY" "$BASETEN_API_URL$1"
}
id=$(get /v1/chains | jq -er --arg name "$CHAIN" '.chains[] | select(.name == $name) | .id')
get "/v1/chains/$id/deployments" | jq -e --arg id "$DEPLOYMENT" '
	[.deployments[] | select(.id == $id)] | length == 1 and
	all(.[].chainlets[]; .status == "ACTIVE" and .active_replica_count >= .autoscaling_settings.min_replica)' >/dev/null
