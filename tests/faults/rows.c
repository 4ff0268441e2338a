/* rows.c - see rows.h. */
#include "rows.h"

/* Both kinds of list, empty. */
#define NOTHING "\"deployments\":[],\"chains\":[]"

const struct fault_row fault_rows[] = {
	{.name = "http-500", .answer = "http: 500"},
	{.name = "http-503", .answer = "http: 503"},
	{.name = "http-408", .answer = "http: 408"},
	{.name = "http-425", .answer = "http: 425"},
	{.name = "retry-after", .answer = "http: 429, retry_after: 5"},
	{.name = "retry-header", .answer = "http: 503, retry_after_header: \"7\""},
	{.name = "retry-date", .answer = "http: 503, retry_after_header: \"Fri, 14 Aug 2026 09:02:00 GMT\""},
	{.name = "retry-past", .answer = "http: 503, retry_after_header: \"Fri, 14 Aug 2026 08:00:00 GMT\""},
	{.name = "retry-late", .nature = NATURE_LATE, .answer = "http: 503, retry_after_header: \"86400\""},
	{.name = "proxy-page", .answer = "http: 502, body: html"},
	{.name = "key-echoed", .answer = "http: 503, retry_after_header: \"" KEY "\", text: \"your key is " KEY "\""},
	{.name = "unauthorized", .nature = NATURE_REFUSED, .answer = "http: 401"},
	{.name = "forbidden",
	 .nature = NATURE_REFUSED,
	 .answer = "http: 403, text: '{\"error\": \"no rights for " KEY "\"}'"},
	{.name = "not-found", .nature = NATURE_ABSENT, .answer = "http: 404"},
	{.name = "redirect",
	 .nature = NATURE_FINAL,
	 .answer = "http: 302, headers: {Location: \"/v1/chains/" MAIN_CHAIN "/deployments\"}"},
	{.name = "no-content", .nature = NATURE_FINAL, .answer = "http: 204"},
	{.name = "other-2xx", .nature = NATURE_FINAL, .answer = "http: 203"},
	{.name = "http-410", .nature = NATURE_FINAL, .answer = "http: 410"},
	{.name = "truncated", .answer = "body: truncated"},
	{.name = "reset", .answer = "body: reset"},
	{.name = "stall", .answer = "body: stall"},
	{.name = "silence", .answer = "body: silence"},
	{.name = "slow", .answer = "body: slow"},
	{.name = "huge", .nature = NATURE_FINAL, .answer = "body: huge"},
	{.name = "garbage", .answer = "body: garbage"},
	{.name = "html", .answer = "body: html"},
	{.name = "empty", .answer = "body: empty"},
	{.name = "duplicate-keys", .answer = "body: duplicate_keys"},
	{.name = "wrong-type", .answer = "body: wrong_type"},
	{.name = "no-lists", .answer = "text: '{}'"},
	{.name = "null", .answer = "text: 'null'"},
	{.name = "refused", .event = "miss connect", .end = "miss none"},
	{.name = "unresolved", .event = "miss resolve", .end = "miss none"},
	{.name = "broken-http", .event = "miss protocol", .end = "miss none"},
	{.name = "tls", .nature = NATURE_FINAL, .event = "miss tls", .end = "miss none"},
	{.name = "impossible", .nature = NATURE_FINAL, .event = "miss request", .end = "miss none"},
	{.name = "SIGINT", .nature = NATURE_ENDING, .event = "signal INT", .exit = 130},
	{.name = "SIGTERM", .nature = NATURE_ENDING, .event = "signal TERM", .exit = 143},
	{.name = "suspended", .nature = NATURE_ASLEEP, .event = "asleep 1h"},
	{.name = "clock-forward", .nature = NATURE_HARMLESS, .event = "wall +24h", .end = "wall -24h"},
	{.name = "clock-back", .nature = NATURE_HARMLESS, .event = "wall -24h", .end = "wall +24h"},
	/* "refused" covers a refusing proxy, whose body is ignored. tests/unit/test_net_endless.c tests proxies whose
	 * answers never end, on the wire. */
	{.name = "proxy-silent", .event = "miss timeout", .end = "miss none"},
	{.name = "proxy-resets", .event = "miss reset", .end = "miss none"},
	{.name = "has-more", .nature = NATURE_FINAL, .answer = "text: '{" NOTHING ",\"has_more\":true}'"},
	{.name = "next-cursor", .nature = NATURE_FINAL, .answer = "text: '{" NOTHING ",\"next_cursor\":\"b2Zm\"}'"},
	{.name = "pagination",
	 .nature = NATURE_FINAL,
	 .answer = "text: '{" NOTHING ",\"pagination\":{\"has_more\":true}}'"},
	{.name = "link-next", .nature = NATURE_FINAL, .answer = "headers: {Link: '</v1/chains?page=2>; rel=\"next\"'}"},
	{.name = "next-token", .nature = NATURE_FINAL, .answer = "text: '{" NOTHING ",\"nextPageToken\":\"CAo\"}'"},
	{.name = "total-header", .nature = NATURE_FINAL, .answer = "headers: {X-Total-Count: \"5000\"}"},
	{.name = "second-page", .nature = NATURE_FINAL, .answer = "headers: {X-Page: \"2\"}"},
	{.name = "list-with-errors", .nature = NATURE_FINAL, .answer = "text: '{" NOTHING ",\"errors\":[{}]}'"},
	{.name = "from-cache", .answer = "headers: {Age: \"900\"}"},
	{.name = "copy", .answer = "headers: {X-Cache: HIT}"},
	{.name = "copy-of-404", .answer = "http: 404, headers: {X-Cache: HIT, Age: \"0\"}"},
	{.name = "partial", .nature = NATURE_FINAL, .answer = "http: 206, text: '{" NOTHING "}'"},
	/* A Date that is behind is an old copy's, as an Age is: a cache may take the Age away. One that is ahead, and stands
	 * still, is one only from its second answer on, and the first is as good as any: tests/unit/test_feed.c. */
	{.name = "date-behind", .answer = "headers: {Date: \"Fri, 14 Aug 2026 08:00:00 GMT\"}"},
	{.name = "date-absent", .nature = NATURE_HARMLESS, .answer = "headers: {Date: \" \"}"},
	{.name = "date-nonsense", .nature = NATURE_HARMLESS, .answer = "headers: {Date: yesterday}"},
	{.name = "nothing", .nature = NATURE_EMPTY, .answer = "text: '{" NOTHING "}'"},
	{.name = "bomb-arrays", .nature = NATURE_EMPTY, .bomb = {"[0", ",[]", "", "]"}},
	{.name = "bomb-objects", .nature = NATURE_EMPTY, .bomb = {"[0", ",{\"a\":{}}", "", "]"}},
	{.name = "bomb-string", .nature = NATURE_EMPTY, .bomb = {"\"", "ACTIVE \\n", "", "\""}},
	{.name = "bomb-number", .nature = NATURE_EMPTY, .bomb = {"0.", "0000", "", "1"}},
	{.name = "bomb-nested", .bomb = {"[", "[", "]", "]"}},
	{.name = "bomb-keys", .bomb = {"{\"a\":1", ",\"a\":0", "", "}"}},
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
	{"plain", ONE "rules:\n  - all chainlets ACTIVE\n", 0, NULL, false, false, false, false},
	{"hold", ONE "rules:\n  - {assert: all chainlets ACTIVE, hold: 50s}\n", 50000, NULL, false, false, false,
	 false},
	{"never", ONE "rules:\n  - all chainlets ACTIVE\n  - {never: any chainlet UNHEALTHY, during: 50s}\n", 50000,
	 NULL, false, false, true, false},
	{"lenient",
	 ONE "rules:\n  - {assert: all chainlets ACTIVE, within: 30s, tolerate: 20s, hold: 40s}\n  - {assert: "
	     "min_replica >= 1, when: count(chainlets) > 0}\n",
	 40000, NULL, false, false, false, false},
	{"since", WAIT "target: {chain: rag, latest: true, since: 10m}\nrules:\n  - all chainlets ACTIVE\n", 0, NULL,
	 false, false, false, true},
	{"baseline", BASELINE, 50000, NULL, true, false, false, false},
	{"its-chain-only", BASELINE, 50000, "/" OTHER_CHAIN "/", true, false, false, false},
	{"targets", TARGETS, 50000, NULL, true, true, false, false},
	{"second-only", TARGETS, 50000, "/" OTHER_CHAIN "/", true, true, false, false},
};
const size_t policy_row_count = sizeof(policy_rows) / sizeof(*policy_rows);
