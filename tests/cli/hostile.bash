# hostile.bash - bodies and faults that must never lead to a pass.
#
# Each case has its own chain, and its own scenario in virtual time. Cases about the wire also share one scenario of the simulator.
# `body NAME EXIT TEXT` is an answer 200 with that text; `fault NAME EXIT YAML` a fault on an otherwise perfect chain; `answer NAME EXIT STATUS` an
# HTTP status with the perfect body. EXIT is the gate's expected exit code.

# The perfect body: it passes, see the first case. Everything below differs from it in one thing.
CHAINLET='{"id":"cl1","name":"Retriever","autoscaling_settings":{"min_replica":1,"max_replica":4,"autoscaling_window":60,"scale_down_delay":900,"concurrency_target":1,"target_utilization_percentage":70},"instance_type_name":"L4:4x16","active_replica_count":1,"status":"ACTIVE"}'
SETTINGS='{"min_replica":1,"max_replica":4,"autoscaling_window":60,"scale_down_delay":900,"concurrency_target":1,"target_utilization_percentage":70}'
perfect() { # perfect CHAIN: sets PERFECT
	printf -v PERFECT '{"deployments":[{"id":"q86yjdy","created_at":"2026-01-01T00:00:00Z","chain_id":"%s","environment":null,"chainlets":[%s],"status":"ACTIVE"}]}' "$1" "$CHAINLET"
}

CASES=() # "NAME EXIT"
declare -gA BODIES FAULTS # by NAME: items of a scenario

# text NAME TEXT [STATUS]: sets the answer, as a double-quoted YAML scalar.
text() {
	local quoted=$2
	quoted=${quoted//\\/\\\\}
	quoted=${quoted//\"/\\\"}
	quoted=${quoted//$'\t'/\\t}
	quoted=${quoted//$'\xef\xbb\xbf'/\\ufeff}
	BODIES[$1]="  - {at: 0s, chain: $1, ${3:+status: $3, }text: \"$quoted\"}"
}

body() { # body NAME EXIT TEXT
	CASES+=("$1 $2")
	text "$1" "$3"
}

changed() { # changed NAME EXIT FROM TO: the perfect body with one piece replaced
	perfect "$1"
	case $PERFECT in
	*"$3"*) body "$1" "$2" "${PERFECT/"$3"/$4}" ;;
	*) echo "hostile.bash: case $1: the perfect body has no '$3'" >&2 && return 1 ;;
	esac
}

around() { # around NAME EXIT TEXT: the perfect body where the text has an @
	perfect "$1"
	body "$1" "$2" "${3//@/"$PERFECT"}"
}

fault() { # fault NAME EXIT YAML: keys of the fault
	perfect "$1"
	body "$1" "$2" "$PERFECT"
	FAULTS[$1]="  - {at: 0s, path: /chains/$1/, $3}"
}

answer() { # answer NAME EXIT STATUS
	CASES+=("$1 $2")
	perfect "$1"
	text "$1" "$PERFECT" "$3"
}

hostile_cases() {
	around perfect 0 '@'

	# another deployment, not at rest, unknown
	body empty-list 3 '{"deployments":[]}'
	changed other-deployment 3 '"id":"q86yjdy"' '"id":"q86yjdz"'
	changed id-in-capitals 3 '"id":"q86yjdy"' '"id":"Q86YJDY"'
	changed id-with-space 3 '"id":"q86yjdy"' '"id":"q86yjdy "'
	changed other-chain 3 '"chain_id":"other-chain"' '"chain_id":"another"'
	changed no-chainlets 3 "[$CHAINLET]" '[]'
	changed null-settings 3 "$SETTINGS" null
	changed chainlet-unknown-status 3 '1,"status":"ACTIVE"' '1,"status":"PAUSED"'
	changed deployment-unknown-status 3 '],"status":"ACTIVE"' '],"status":"PAUSED"'
	changed status-in-lower-case 3 '1,"status":"ACTIVE"' '1,"status":"active"'
	changed status-with-space 3 '1,"status":"ACTIVE"' '1,"status":"ACTIVE "'
	changed status-empty 3 '1,"status":"ACTIVE"' '1,"status":""'
	changed status-with-nul 3 '1,"status":"ACTIVE"' '1,"status":"ACTIVE\u0000"'
	changed chainlet-loading 3 '1,"status":"ACTIVE"' '1,"status":"LOADING_MODEL"'
	changed deployment-updating 3 '],"status":"ACTIVE"' '],"status":"UPDATING"'
	changed chainlet-failed 1 '1,"status":"ACTIVE"' '1,"status":"FAILED"'
	changed chainlet-inactive 1 '1,"status":"ACTIVE"' '1,"status":"INACTIVE"'
	changed too-few-replicas 1 '"active_replica_count":1' '"active_replica_count":0'

	# malformed: a body is accepted whole or not at all
	body nothing 5 ''
	body white-space 5 '   '
	body json-null 5 'null'
	body json-true 5 'true'
	body json-list 5 '[]'
	body json-empty-object 5 '{}'
	body deployments-null 5 '{"deployments":null}'
	body deployments-object 5 '{"deployments":{}}'
	body deployments-text 5 '{"deployments":"ACTIVE"}'
	around two-documents 5 '@@'
	around trailing-text 5 '@ ok'
	around trailing-comma 5 '@,'
	around byte-order-mark 5 $'\xef\xbb\xbf@'
	around comment 5 '/* fine */@'
	perfect truncated-json
	body truncated-json 5 "${PERFECT:0:200}"
	perfect missing-last-brace
	body missing-last-brace 5 "${PERFECT%\}}"
	body html-page 5 '<!DOCTYPE html><title>ACTIVE</title>'
	changed single-quotes 5 '"id":"cl1"' "'id':'cl1'"
	changed duplicate-status 5 '1,"status":"ACTIVE"' '1,"status":"FAILED","status":"ACTIVE"'
	changed duplicate-by-escape 5 '1,"status":"ACTIVE"' '1,"st\u0061tus":"FAILED","status":"ACTIVE"'
	changed duplicate-deployments 5 '{"deployments"' '{"deployments":[],"deployments"'
	changed nan-replicas 5 '"active_replica_count":1' '"active_replica_count":NaN'
	changed infinite-replicas 5 '"active_replica_count":1' '"active_replica_count":Infinity'
	changed huge-exponent 5 '"active_replica_count":1' '"active_replica_count":1e999'
	changed beyond-64-bits 5 '"active_replica_count":1' '"active_replica_count":18446744073709551617'
	changed real-replicas 5 '"active_replica_count":1' '"active_replica_count":1.0'
	changed text-replicas 5 '"active_replica_count":1' '"active_replica_count":"1"'
	changed true-replicas 5 '"active_replica_count":1' '"active_replica_count":true'
	changed null-replicas 5 '"active_replica_count":1' '"active_replica_count":null'
	changed negative-replicas 4 '"active_replica_count":1' '"active_replica_count":-1'
	changed leading-zero 5 '"active_replica_count":1' '"active_replica_count":01'
	changed missing-replicas 5 '"active_replica_count":1,' ''
	changed missing-status 5 ',"status":"ACTIVE"}]' '}]'
	changed null-status 5 '1,"status":"ACTIVE"' '1,"status":null'
	changed number-status 5 '1,"status":"ACTIVE"' '1,"status":1'
	changed missing-settings 5 "\"autoscaling_settings\":$SETTINGS," ''
	changed settings-list 5 "$SETTINGS" '[]'
	changed missing-min-replica 5 '"min_replica":1,' ''
	changed null-min-replica 5 '"min_replica":1' '"min_replica":null'
	changed missing-environment 5 '"environment":null,' ''
	changed number-environment 5 '"environment":null' '"environment":1'
	changed missing-created-at 5 '"created_at":"2026-01-01T00:00:00Z",' ''
	changed bad-created-at 5 '2026-01-01T00:00:00Z' 'yesterday'
	changed february-30 5 '2026-01-01' '2026-02-30'
	changed null-chainlets 5 "[$CHAINLET]" null
	changed chainlets-object 5 "[$CHAINLET]" "$CHAINLET"
	changed null-chainlet 5 "$CHAINLET" "$CHAINLET,null"
	changed empty-id 5 '"id":"q86yjdy"' '"id":""'
	changed empty-chainlet-id 5 '"id":"cl1"' '"id":""'
	changed empty-chain-id 5 '"chain_id":"empty-chain-id"' '"chain_id":""'
	changed same-chainlet-twice 5 "$CHAINLET" "$CHAINLET,$CHAINLET"
	changed same-deployment-twice 5 '{"deployments":[' "{\"deployments\":[{\"id\":\"q86yjdy\",\"created_at\":\"2026-01-01T00:00:00Z\",\"chain_id\":\"same-deployment-twice\",\"environment\":null,\"chainlets\":[$CHAINLET],\"status\":\"FAILED\"},"
	changed malformed-neighbour 5 '{"deployments":[' '{"deployments":[{"id":"other"},'
	changed lone-surrogate 5 '"name":"Retriever"' '"name":"\ud800"'
	changed control-character 5 '"name":"Retriever"' $'"name":"Retr\tiever"'
	changed too-deep 5 '"environment":null' "\"environment\":null,\"extra\":$(printf '[%.0s' {1..40})$(printf ']%.0s' {1..40})"

	# only a page, or out of a cache
	changed page-next-token 5 '{"deployments"' '{"nextPageToken":"CAo","deployments"'
	changed page-total 5 '{"deployments"' '{"total":2,"deployments"'
	changed page-links 5 '{"deployments"' '{"_links":{"next":{"href":"/v1/?page=2"}},"deployments"'
	changed page-info 5 '{"deployments"' '{"page_info":{"has_next_page":true},"deployments"'
	changed page-not-the-first 5 '{"deployments"' '{"page":3,"deployments"'
	changed page-not-the-last 5 '{"deployments"' '{"isLastPage":false,"deployments"'
	changed page-of-deployments 5 '{"deployments"' '{"deployments_count":2,"deployments"'
	changed whole-total 0 '{"deployments"' '{"total":1,"links":{"next":null},"deployments"'
	fault page-link 5 'headers: {Link: "</v1/?page=2>; rel=next"}'
	fault page-total-header 5 'headers: {X-Total-Count: "2"}'
	fault page-next-header 5 'headers: {X-Next-Page: "2"}'
	fault page-range 5 'headers: {Content-Range: "items 0-0/2"}'
	fault page-pagination 5 'headers: {X-Pagination: "{\"totalCount\":2}"}'
	fault page-second-pagination 5 'headers: {X-Pagination: "{\"totalCount\":1}, {\"totalCount\":2}"}'
	fault page-pagination-of-words 5 'headers: {Pagination: page=2}'
	fault page-next-link 5 'headers: {X-Next-Link: /v1/?page=2}'
	fault page-truncated 5 'headers: {X-Is-Truncated: "true"}'
	fault page-continuation 5 'headers: {x-ms-continuation: abc}'
	fault page-third 5 'headers: {X-Page: "3"}'
	fault whole-doubled-headers 0 'headers: {X-Has-More: "false, false", X-Next-Cursor: "null", Content-Range: "bytes 0-562/563", Total: "1", X-RateLimit-Remaining: "99"}'
	fault whole-headers 0 'headers: {X-Total-Count: "1", X-Next-Page: "0", Content-Range: "items 0-0/1", Age: "2"}'
	fault kept-by-a-cache 5 'headers: {Age: "900"}'
	fault kept-a-moment 5 'headers: {Age: "3"}'

	# HTTP
	local status
	for status in 201 202 203 204 205 206 226 300 301 302 303 304 307 308 400 402 405 406 407 409 410 411 413 414 415 418 422 423 424 426 428 431 451; do
		answer "http-$status" 5 "$status"
	done
	for status in 401 403; do answer "http-$status" 5 "$status"; done
	for status in 404 408 425 429 500 501 502 503 504 507 508 511 599; do answer "http-$status" 5 "$status"; done

	# the wire
	fault wire-reset 5 'reset: true'
	fault wire-stall 5 'stall: true'
	fault wire-truncated 5 'body: truncated'
	fault wire-garbage 5 'body: garbage'
}

# The cases that also run on the wire: libcurl decides how a status, or the early end of a connection, is treated.
# shellcheck disable=SC2034 # the tests read it
ON_THE_WIRE=(perfect nothing truncated-json http-{201,204,205,206,300,302,304,308,401,404,429,503} wire-{reset,truncated,garbage}
	page-{link,total-header,next-header,range,pagination} whole-headers kept-by-a-cache)

scenario_of() { # scenario_of NAME…
	local name
	printf 'api_key: sim-canary-key-5f2b\nrate_limit: 1000000\nchains:\n'
	for name; do
		printf '  - {id: %s, name: name-%s, team: ml}\n' "$name" "$name"
	done
	printf 'bodies:\n'
	for name; do
		printf '%s\n' "${BODIES[$name]}"
	done
	printf 'faults:\n'
	for name; do
		[ -z "${FAULTS[$name]-}" ] || printf '%s\n' "${FAULTS[$name]}"
	done
}
