/* rows.c - see rows.h. */
#include "rows.h"

const struct fault_row fault_rows[] = {
	{"http-500", NATURE_TRANSIENT, "http: 500", NULL, NULL, 0},
	{"http-503", NATURE_TRANSIENT, "http: 503", NULL, NULL, 0},
	{"http-408", NATURE_TRANSIENT, "http: 408", NULL, NULL, 0},
	{"http-425", NATURE_TRANSIENT, "http: 425", NULL, NULL, 0},
	{"retry-after", NATURE_TRANSIENT, "http: 429, retry_after: 5", NULL, NULL, 0},
	{"retry-header", NATURE_TRANSIENT, "http: 503, retry_after_header: \"7\"", NULL, NULL, 0},
	{"retry-date", NATURE_TRANSIENT, "http: 503, retry_after_header: \"Fri, 14 Aug 2026 09:02:00 GMT\"", NULL, NULL,
	 0},
	{"retry-past", NATURE_TRANSIENT, "http: 503, retry_after_header: \"Fri, 14 Aug 2026 08:00:00 GMT\"", NULL, NULL,
	 0},
	{"retry-late", NATURE_LATE, "http: 503, retry_after_header: \"86400\"", NULL, NULL, 0},
	{"proxy-page", NATURE_TRANSIENT, "http: 502, body: html", NULL, NULL, 0},
	{"key-echoed", NATURE_TRANSIENT, "http: 503, retry_after_header: \"" KEY "\", text: \"your key is " KEY "\"",
	 NULL, NULL, 0},
	{"unauthorized", NATURE_REFUSED, "http: 401", NULL, NULL, 0},
	{"forbidden", NATURE_REFUSED, "http: 403, text: '{\"error\": \"no rights for " KEY "\"}'", NULL, NULL, 0},
	{"not-found", NATURE_ABSENT, "http: 404", NULL, NULL, 0},
	{"redirect", NATURE_FINAL, "http: 302, headers: {Location: \"/v1/chains/" MAIN_CHAIN "/deployments\"}", NULL,
	 NULL, 0},
	{"no-content", NATURE_FINAL, "http: 204", NULL, NULL, 0},
	{"other-2xx", NATURE_FINAL, "http: 203", NULL, NULL, 0},
	{"http-410", NATURE_FINAL, "http: 410", NULL, NULL, 0},
	{"truncated", NATURE_TRANSIENT, "body: truncated", NULL, NULL, 0},
	{"reset", NATURE_TRANSIENT, "body: reset", NULL, NULL, 0},
	{"stall", NATURE_TRANSIENT, "body: stall", NULL, NULL, 0},
	{"silence", NATURE_TRANSIENT, "body: silence", NULL, NULL, 0},
	{"slow", NATURE_TRANSIENT, "body: slow", NULL, NULL, 0},
	{"huge", NATURE_FINAL, "body: huge", NULL, NULL, 0},
	{"garbage", NATURE_TRANSIENT, "body: garbage", NULL, NULL, 0},
	{"html", NATURE_TRANSIENT, "body: html", NULL, NULL, 0},
	{"empty", NATURE_TRANSIENT, "body: empty", NULL, NULL, 0},
	{"duplicate-keys", NATURE_TRANSIENT, "body: duplicate_keys", NULL, NULL, 0},
	{"wrong-type", NATURE_TRANSIENT, "body: wrong_type", NULL, NULL, 0},
	{"no-lists", NATURE_TRANSIENT, "text: '{}'", NULL, NULL, 0},
	{"null", NATURE_TRANSIENT, "text: 'null'", NULL, NULL, 0},
	{"refused", NATURE_TRANSIENT, NULL, "miss connect", "miss none", 0},
	{"unresolved", NATURE_TRANSIENT, NULL, "miss resolve", "miss none", 0},
	{"broken-http", NATURE_TRANSIENT, NULL, "miss protocol", "miss none", 0},
	{"tls", NATURE_FINAL, NULL, "miss tls", "miss none", 0},
	{"impossible", NATURE_FINAL, NULL, "miss request", "miss none", 0},
	{"SIGINT", NATURE_ENDING, NULL, "signal INT", NULL, 130},
	{"SIGTERM", NATURE_ENDING, NULL, "signal TERM", NULL, 143},
	{"suspended", NATURE_ASLEEP, NULL, "asleep 1h", NULL, 0},
	{"clock-forward", NATURE_HARMLESS, NULL, "wall +24h", "wall -24h", 0},
	{"clock-back", NATURE_HARMLESS, NULL, "wall -24h", "wall +24h", 0},
};
const size_t fault_row_count = sizeof(fault_rows) / sizeof(*fault_rows);

const char *const phase_names[PHASE_COUNT] = {
	[PHASE_LOOKUP] = "lookup",     [PHASE_FIRST] = "first",     [PHASE_MOVING] = "moving",
	[PHASE_REST] = "rest",         [PHASE_RESTING] = "resting", [PHASE_STABLE] = "stable",
	[PHASE_JUDGING] = "judging",   [PHASE_HOLDING] = "holding", [PHASE_DECIDING] = "deciding",
	[PHASE_DEADLINE] = "deadline",
};

#define WAIT "version: 1\nwait: {interval: 10s, stable_for: 30s, unreachable_after: 1m}\n"
#define ONE WAIT "target: {chain: rag, deployment: q86yjdy}\n"
#define BASELINE \
	ONE "baseline: {chain: base, environment: production}\nrules:\n  - {assert: min_replica >= " \
	    "baseline.min_replica, hold: 50s}\n"
#define TARGETS \
	WAIT "targets:\n  - {name: one, chain: rag, deployment: q86yjdy}\n  - {name: two, chain: base, deployment: " \
	     "old}\n" \
	     "rules:\n  - {assert: all chainlets ACTIVE, hold: 50s}\n"

const struct policy_row policy_rows[] = {
	{"plain", ONE "rules:\n  - all chainlets ACTIVE\n", 0, NULL, false, false, false},
	{"hold", ONE "rules:\n  - {assert: all chainlets ACTIVE, hold: 50s}\n", 50000, NULL, false, false, false},
	{"never", ONE "rules:\n  - all chainlets ACTIVE\n  - {never: any chainlet UNHEALTHY, during: 50s}\n", 50000,
	 NULL, false, false, true},
	{"lenient",
	 ONE "rules:\n  - {assert: all chainlets ACTIVE, within: 30s, tolerate: 20s, hold: 40s}\n  - {assert: "
	     "min_replica >= 1, when: count(chainlets) > 0}\n",
	 40000, NULL, false, false, false},
	{"baseline", BASELINE, 50000, NULL, true, false, false},
	{"its-chain-only", BASELINE, 50000, "/" OTHER_CHAIN "/", true, false, false},
	{"targets", TARGETS, 50000, NULL, true, true, false},
	{"second-only", TARGETS, 50000, "/" OTHER_CHAIN "/", true, true, false},
};
const size_t policy_row_count = sizeof(policy_rows) / sizeof(*policy_rows);
