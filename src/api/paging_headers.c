/* paging_headers.c - what headers say about pages. See paging.h. */
#include "paging_add.h"
#include "paging_count.h"

#include <string.h>

/* How many digits, at least, are between the commas of "1,234,567". */
#define GROUP 3

bool paging_next_header(struct text headers, size_t *at, struct text *name, struct text *value)
{
	size_t end = *at, colon;
	if (end >= headers.length)
		return false;
	while (end < headers.length && headers.bytes[end] != '\n')
		end++;
	for (colon = *at; colon < end && headers.bytes[colon] != ':';)
		colon++;
	*name = text_trim(text_slice(headers, *at, colon));
	*value = text_trim(text_slice(headers, colon + 1, end));
	*at = end + 1;
	return true;
}

/* The next of the parts between commas, from *at on, and moves *at past it. False at the end. */
static bool next_part(struct text value, size_t *at, struct text *part)
{
	size_t from = *at, to = from;
	if (from >= value.length)
		return false;
	while (to < value.length && value.bytes[to] != ',')
		to++;
	*part = text_slice(value, from, to);
	*at = to + 1;
	return true;
}

/* True if the part may be a group of a number's digits, and no number: the second one of "1,234", "1, 000", "1,00". */
static bool is_group(struct text part)
{
	size_t digits = 0;
	for (part = text_trim(part); digits < part.length; digits++)
		if (part.bytes[digits] < '0' || part.bytes[digits] > '9')
			return false;
	return digits >= GROUP || (digits > 1 && part.bytes[0] == '0');
}

/* The largest number in a header that may have come several times: "3, 57". But "1,234" may be one number: INT64_MAX.
 * "120, 120" is the same header twice. */
static int64_t largest(struct text value, int64_t (*number_of)(struct text))
{
	int64_t most = 0;
	struct text part, first = {0};
	bool has_group = false, is_first = true, are_equal = true;
	for (size_t at = 0; next_part(value, &at, &part); is_first = false) {
		int64_t number = number_of(text_trim(part));
		most = number > most ? number : most;
		if (is_first) {
			first = text_trim(part);
			continue;
		}
		has_group |= is_group(part);
		are_equal &= part.length > 0 && part.bytes[0] == ' ' && text_equal(text_trim(part), first);
	}
	return has_group && !are_equal ? INT64_MAX : most;
}

int64_t paging_largest_number(struct text value)
{
	return largest(value, paging_digits);
}

int64_t paging_header_number(struct text headers, const char *wanted)
{
	struct text name, value;
	int64_t most = 0;
	for (size_t at = 0; paging_next_header(headers, &at, &name, &value);) {
		int64_t number = text_is_in_any_case(name, wanted) ? paging_largest_number(value) : 0;
		most = number > most ? number : most;
	}
	return most;
}

/* The least limit in a header that may have come several times, 0 if there is none. */
static int64_t least_limit(struct text value)
{
	int64_t least = 0;
	struct text part;
	for (size_t at = 0; next_part(value, &at, &part);) {
		int64_t limit = paging_digits(text_trim(part));
		if (limit > 0 && (least == 0 || limit < least))
			least = limit;
	}
	return least;
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

/* The length of a prefix that frameworks and vendors put before a header's name; 0 if there is none. *is_paging: it says
 * that the rest is about pages. */
static size_t prefix_length(struct text name, bool *is_paging)
{
	static const char *const prefixes[] = {"x-",       "pagination-", "paging-",  "page-info-", "wp-",
					       "ms-",      "amz-",        "amzn-",    "opc-",       "list-",
					       "items-",   "item-",       "result-",  "results-",   "record-",
					       "records-", "collection-", "resource-"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct text prefix = text_of(prefixes[i]);
		if (name.length <= prefix.length ||
		    !text_is_in_any_case(text_slice(name, 0, prefix.length), prefixes[i]))
			continue;
		*is_paging |= prefix.bytes[0] == 'p';
		return prefix.length;
	}
	return 0;
}

/* A word that can only be about pages, at the end of any name: X-Acme-Total-Count. */
static enum paging_word word_at_end(struct text name)
{
	bool is_sure;
	for (size_t at = 0; at < name.length; at++) {
		if (name.bytes[at] != '-' && name.bytes[at] != '_')
			continue;
		enum paging_word word = paging_word_of_name(text_slice(name, at + 1, name.length), NULL, &is_sure);
		if (word != PAGING_OTHER && is_sure)
			return word;
	}
	return PAGING_OTHER;
}

/* True for headers of rate limits and of caches, and for metadata that users write. */
static bool is_about_others(struct text name)
{
	static const char *const names[] = {"X-Remaining", "X-Hit-Count"};
	static const char *const prefixes[] = {"X-Amz-Meta-", "X-Goog-Meta-", "X-Ms-Meta-"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is_in_any_case(name, names[i]))
			return true;
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (text_is_in_any_case(text_slice(name, 0, text_of(prefixes[i]).length), prefixes[i]))
			return true;
	return false;
}

/* The meaning of a header's name. *is_paging: it is a part that is about pages, whatever it contains, or has such a
 * prefix. */
static enum paging_word word_of_header(struct text name, const struct text *noun, bool *is_paging)
{
	struct text rest = name;
	*is_paging = false;
	if (is_about_others(name))
		return PAGING_OTHER;
	for (size_t taken;;) {
		bool is_sure;
		enum paging_word word = paging_word_of_name(rest, noun, &is_sure);
		if (word != PAGING_OTHER) {
			*is_paging |= is_sure || text_is_in_any_case(text_slice(rest, 0, 5), "pagin");
			return word;
		}
		taken = prefix_length(rest, is_paging);
		if (taken == 0)
			return word_at_end(name);
		rest = text_slice(rest, taken, rest.length);
	}
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The text without quotation marks around it. */
static struct text unquoted(struct text text)
{
	bool is_quoted = text.length >= 2 && text.bytes[0] == '"' && text.bytes[text.length - 1] == '"';
	return is_quoted ? text_trim(text_slice(text, 1, text.length - 1)) : text;
}

static bool is_one_of(char c, const char *characters)
{
	return c && strchr(characters, c);
}

/* True if the range, of bytes, is all of them: "bytes 0-562/563". They are the body's, and no items. */
static bool is_all_bytes(struct text range, size_t dash, size_t slash)
{
	int64_t last = paging_digits(text_slice(range, dash, slash));
	int64_t total = paging_digits(text_trim(text_slice(range, slash + 1, range.length)));
	return dash == 0 || last + 1 == total;
}

/* range = [ unit ] ( first "-" last | "*" ) "/" ( total | "*" )	(RFC 9110). If the total is unknown, nobody knows whether
 * that is all. */
static void read_range(struct text range, struct paging_mark mark, struct paging *paging)
{
	size_t slash = 0, dash, first;
	while (slash < range.length && range.bytes[slash] != '/')
		slash++;
	struct text total = text_trim(text_slice(range, slash + 1, range.length));
	for (dash = slash; dash > 0 && range.bytes[dash - 1] != '-';)
		dash--;
	for (first = dash > 0 ? dash - 1 : 0;
	     first > 0 && range.bytes[first - 1] >= '0' && range.bytes[first - 1] <= '9';)
		first--;
	if (dash > 0 && paging_digits(text_slice(range, first, dash - 1)) > 0)
		paging_add_more(paging, mark);
	if (text_is_in_any_case(text_slice(range, 0, 6), "bytes ") ||
	    text_is_in_any_case(text_slice(range, 0, 6), "bytes=")) {
		if (!is_all_bytes(range, dash, slash))
			paging_add_more(paging, mark);
		return;
	}
	if (text_is(total, "*"))
		paging_add_more(paging, mark);
	paging_add_total(paging, paging_count_of_text(total), true, mark);
}

/* Two servers on the way may have written it: "items 0-0/1, items 0-0/1". A comma may also group a number's digits. */
static void read_ranges(struct text value, struct paging_mark mark, struct paging *paging)
{
	struct text part;
	if (paging_largest_number(value) == INT64_MAX)
		paging_add_more(paging, mark);
	for (size_t at = 0; next_part(value, &at, &part);)
		read_range(text_trim(part), mark, paging);
}

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static void add_text(enum paging_word word, struct text text, bool is_loose, struct paging_mark mark,
		     struct paging *paging)
{
	struct json_value value = {.kind = JSON_KIND_STRING, .raw = text_trim(text)};
	paging_add_value(paging, word, &value, is_loose, mark);
}

/* A header that came several times has a value for each: "false, false". */
static void add_texts(enum paging_word word, struct text value, bool is_loose, struct paging_mark mark,
		      struct paging *paging)
{
	struct text part;
	if (value.length == 0)
		add_text(word, value, is_loose, mark, paging);
	for (size_t at = 0; next_part(value, &at, &part);)
		add_text(word, part, is_loose, mark, paging);
}

static void read_word(enum paging_word word, struct text value, bool is_loose, struct paging_mark mark,
		      struct paging *paging)
{
	switch (word) {
	case PAGING_TOTAL:
	case PAGING_COUNT:
		paging_add_total(paging, largest(value, paging_count_of_text), word == PAGING_TOTAL, mark);
		break;
	case PAGING_PAGES: paging_add_pages(paging, largest(value, paging_count_of_text), mark); break;
	case PAGING_LIMIT: paging_add_limit(paging, least_limit(value), false, mark); break;
	case PAGING_SIZE: paging_add_limit(paging, least_limit(value), is_loose, mark); break;
	case PAGING_RESULTS:
	case PAGING_NOUN: paging_add_total(paging, paging_largest_number(value), false, mark); break;
	case PAGING_FIRST:
	case PAGING_PLACE:
	case PAGING_PAGE:
	case PAGING_INDEX:
	case PAGING_OFFSET:
	case PAGING_START:
	case PAGING_LAST_PAGE:
		/* "1,000" is no first page */
		if (largest(value, paging_count_of_text) == INT64_MAX && paging_digits(value) > 0)
			paging_add_more(paging, mark);
		add_texts(word, value, is_loose, mark, paging);
		break;
	case PAGING_MORE:
	case PAGING_MAYBE:
	case PAGING_MORE_BEFORE:
	case PAGING_NEXT:
	case PAGING_CURSOR:
	case PAGING_PREVIOUS:
	case PAGING_LAST: add_texts(word, value, is_loose, mark, paging); break;
	case PAGING_FAULT:
	case PAGING_WARNING:
	case PAGING_ASIDE:
	case PAGING_PART:
	case PAGING_OTHER: break;
	}
}

/* pairs = pair *( ( ";" | "," | "&" ) pair ), pair = name ( "=" | ":" ) value. False: it is something else. */
static bool read_pairs(struct text header, struct text value, bool is_paging, struct paging *paging)
{
	for (size_t at = 0, end, sign; at < value.length; at = end + 1) {
		bool is_sure;
		for (end = at; end < value.length && !is_one_of(value.bytes[end], ";,&");)
			end++;
		for (sign = at; sign < end && !is_one_of(value.bytes[sign], "=:");)
			sign++;
		if (sign == end)
			return false;
		struct paging_mark mark = {.part = header,
					   .name = text_trim(text_slice(value, at, sign)),
					   .value = text_trim(text_slice(value, sign + 1, end)),
					   .is_header = true};
		enum paging_word word = paging_word_of_name(mark.name, &paging->noun, &is_sure);
		read_word(word == PAGING_OTHER && is_paging ? PAGING_MAYBE : word, unquoted(mark.value), false, mark,
			  paging);
	}
	return true;
}

/* An object with words about pages: JSON, or pairs. If it can't be read, it may say anything, unless its name may be
 * about other things. */
static void read_object(struct paging_mark mark, bool is_paging, struct paging *paging)
{
	struct text value = mark.value;
	bool is_json = value.length > 0 && is_one_of(value.bytes[0], "{[");
	if (paging_text_is_nothing(value) || paging_text_is_no(value) || (!is_json && !is_paging))
		return;
	if (!(is_json ? paging_read_header(mark.name, value, is_paging, paging)
		      : read_pairs(mark.name, value, is_paging, paging)) &&
	    is_paging)
		paging_add_more(paging, mark);
}

static void read_header(struct text name, struct text value, struct paging *paging)
{
	struct paging_mark mark = {.name = name, .value = value, .is_header = true};
	bool is_paging;
	if (text_is_in_any_case(name, "Content-Range")) {
		read_ranges(value, mark, paging);
		return;
	}
	enum paging_word word = word_of_header(name, &paging->noun, &is_paging);
	bool is_object = word == PAGING_PART || (word == PAGING_PAGE && value.length > 0 && value.bytes[0] == '{');
	if (is_object)
		read_object(mark, is_paging || word == PAGING_PAGE, paging);
	else
		read_word(word, unquoted(value), !is_paging, mark, paging);
}

struct paging paging_of_headers(struct text headers, struct text noun)
{
	struct paging paging = {.noun = noun};
	struct text name, value;
	for (size_t at = 0; paging_next_header(headers, &at, &name, &value);)
		read_header(name, value, &paging);
	return paging;
}
