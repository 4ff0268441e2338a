#!/bin/sh
# curl_jq.sh - the simplest check: curl | jq, once for each chain. CHAIN (one or several names) and DEPLOYMENT are as in gate.py.
set -eu
get() {
	curl -fsS -H "Authorization: Api-Key $BASETEN_API_KEY" "$BASETEN_API_URL$1"
}
for name in $CHAIN; do
	id=$(get /v1/chains | jq -er --arg name "$name" '.chains[] | select(.name == $name) | .id')
	get "/v1/chains/$id/deployments" | jq -e --arg id "$DEPLOYMENT" '
		[.deployments[] | select(.id == $id)] | length == 1 and
		all(.[].chainlets[]; .status == "ACTIVE" and .active_replica_count >= .autoscaling_settings.min_replica)' >/dev/null
done
