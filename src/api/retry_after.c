/* retry_after.c - how long a server asks to wait.
 *
 * The API says so in the body of a 429; gateways use a header, with seconds or a date. A value that can't be read
 * counts as none. strtol and strtod aren't used, because they depend on the locale.
 */
#include "answer.h"

#include "chaingate/times.h"

static const int64_t longest_ns = API_RETRY_AFTER_MAX_S * NS_PER_S;

static int64_t capped(int64_t ns)
{
	if (ns < 0)
		return 0;
	return ns < longest_ns ? ns : longest_ns;
}

static struct text trimmed(struct text text)
{
	size_t from = 0, to = text.length;
	while (from < to && (text.bytes[from] == ' ' || text.bytes[from] == '\t'))
		from++;
	while (to > from && (text.bytes[to - 1] == ' ' || text.bytes[to - 1] == '\t'))
		to--;
	return text_slice(text, from, to);
}

/* delay-seconds = 1*digit	(RFC 9110) */
static bool parse_seconds(struct text text, int64_t *out_s)
{
	int64_t seconds = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		if (seconds < API_RETRY_AFTER_MAX_S)
			seconds = seconds * 10 + (text.bytes[i] - '0');
	}
	*out_s = seconds;
	return text.length > 0;
}

static int64_t header_ns(const struct api_answer *answer)
{
	struct text value = trimmed(answer->retry_after);
	int64_t seconds, date_ns;
	if (parse_seconds(value, &seconds))
		return capped((seconds < API_RETRY_AFTER_MAX_S ? seconds : API_RETRY_AFTER_MAX_S) * NS_PER_S);
	if (!http_date_parse(value, &date_ns) || date_ns <= answer->wall_ns)
		return 0;
	/* in two steps, because the difference of two moments may overflow */
	if (answer->wall_ns < INT64_MAX - longest_ns && date_ns >= answer->wall_ns + longest_ns)
		return longest_ns;
	return capped(date_ns - answer->wall_ns);
}

static int64_t body_ns(struct json_object *body)
{
	struct json_object *value = NULL;
	if (!json_object_is_type(body, json_type_object) || !json_object_object_get_ex(body, "retry_after", &value))
		return 0;
	if (!json_object_is_type(value, json_type_int) && !json_object_is_type(value, json_type_double))
		return 0;
	double seconds = json_object_get_double(value);
	if (!(seconds > 0))
		return 0;
	return seconds < (double)API_RETRY_AFTER_MAX_S ? (int64_t)(seconds * (double)NS_PER_S) : longest_ns;
}

int64_t answer_retry_after_ns(const struct api_answer *answer, struct json_object *body)
{
	if (answer->http_status != 429 && answer->http_status != 503)
		return 0;
	int64_t header = header_ns(answer), in_body = body_ns(body);
	return header > in_body ? header : in_body;
}
