/* fuzz_words.c - any bytes as the short texts of the command line, of headers and of truss's file: durations, moments,
 * dates, addresses, sets of headers. What is read can be printed, and reading that gives the same. */
#include "demand.h"

#include "chaingate/address.h"
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/glob.h"
#include "chaingate/key.h"
#include "chaingate/times.h"

#include <string.h>

/* A duration is printed to the millisecond, and is no longer than 64 bits of nanoseconds. */
static void check_duration(struct text text)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	int64_t ns, again = 0, guessed;
	if (duration_parse(text, &ns) == DURATION_OK) {
		duration_add(&buf, ns);
		demand(ns >= 0 && duration_parse(buf_text(&buf), &again) == DURATION_OK);
		demand(again == ns - ns % NS_PER_MS);
	} else if (duration_guess(text, &guessed)) {
		demand(guessed >= 0);
	}
	buf_release(&buf);
}

static void check_moment(struct text text)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	int64_t ns, again = 0;
	if (moment_parse(text, &ns)) {
		moment_add(&buf, ns - ns % NS_PER_MS, true);
		demand(moment_parse(buf_text(&buf), &again) && again == ns - ns % NS_PER_MS);
	}
	if (http_date_parse(text, &ns))
		demand(ns % NS_PER_S == 0);
	buf_release(&buf);
}

static bool is_within(struct text part, struct text whole)
{
	return part.length == 0 ||
	       (part.bytes >= whole.bytes && part.bytes + part.length <= whole.bytes + whole.length);
}

static void check_address(struct text text)
{
	struct address address;
	if (!address_parse(text, &address))
		return;
	demand(is_within(address.chain, text) && is_within(address.deployment, text) &&
	       is_within(address.environment, text));
}

static void check_trussrc(struct text text)
{
	struct arena arena = {0};
	struct trussrc out = {.remote_url = {0}};
	const char *why = trussrc_read(&arena, text, &out);
	demand(!why || out.key.length == 0);
	demand(out.key.length <= KEY_FILE_MAX);
	arena_release(&arena);
}

/* However the headers look: a list without markers of its own stays itself or becomes a miss, and nothing else. */
static void check_headers(struct text text)
{
	struct arena arena = {0};
	const struct listing *listing = NULL;
	struct miss miss = {0};
	struct api_answer answer = {.http_status = 200,
				    .body = TEXT("{\"deployments\":[]}"),
				    .headers = text,
				    .link = text,
				    .date = text,
				    .retry_after = text};
	if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss))
		demand(listing->count == 0);
	else
		demand(miss.cause != MISS_NONE && miss.detail.length <= API_DETAIL_MAX);
	answer.http_status = 503;
	demand(!api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
	demand(miss.retry_after_ns >= 0 && miss.retry_after_ns <= API_RETRY_AFTER_MAX_S * NS_PER_S);
	arena_release(&arena);
}

static void check_printing(struct text text)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&buf, text);
	struct text printed = buf_text(&buf);
	demand(text_is_utf8(printed) && printed.length >= text.length);
	for (size_t at = 0; at < printed.length;) {
		uint32_t point;
		at += utf8_decode(printed.bytes + at, printed.length - at, &point);
		demand(!point_is_hidden(point));
	}
	buf_release(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = {(const char *)data, size};
	check_duration(text);
	check_moment(text);
	check_address(text);
	check_trussrc(text);
	check_headers(text);
	check_printing(text);
	return 0;
}
