/* paging_headers.c - what headers say about pages. See paging.h. */
#include "paging_add.h"
#include "paging_count.h"

/* How many digits, at least, are between the commas of "1,234,567". */
#define GROUP 3

/* Reads the line at *at, and moves *at past it. False at the end. */
static bool next_header(struct text headers, size_t *at, struct text *name, struct text *value)
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

struct text paging_header(struct text headers, const char *wanted)
{
	struct text name, value;
	for (size_t at = 0; next_header(headers, &at, &name, &value);)
		if (text_is_in_any_case(name, wanted))
			return value;
	return (struct text){0};
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

int64_t paging_number(struct text value)
{
	return largest(value, paging_digits);
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

/* The name without what frameworks put before it: X-, and then Pagination-, WP- or MS-. */
static struct text short_name(struct text name)
{
	static const char *const prefixes[] = {"x-", "pagination-", "wp-", "ms-"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		struct text prefix = text_of(prefixes[i]);
		if (name.length > prefix.length && text_is_in_any_case(text_slice(name, 0, prefix.length), prefixes[i]))
			name = text_slice(name, prefix.length, name.length);
	}
	return name;
}

/* range = [ unit ] ( first "-" last | "*" ) "/" ( total | "*" )	(RFC 9110). With an unknown total nobody knows whether
 * it is all. */
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
	if (text_is(total, "*"))
		paging_add_more(paging, mark);
	paging_add_total(paging, paging_count_of_text(total), true, mark);
}

static void read_header(struct text name, struct text value, struct paging *paging)
{
	struct paging_mark mark = {.name = name, .value = value, .is_header = true};
	bool is_sure;
	if (text_is_in_any_case(name, "Content-Range")) {
		read_range(value, mark, paging);
		return;
	}
	switch (paging_word_of_name(short_name(name), &is_sure)) {
	case PAGING_MORE:
		if (paging_text_is_nothing(value))
			paging->has_end = true;
		else
			paging_add_more(paging, mark);
		break;
	case PAGING_TOTAL: paging_add_total(paging, largest(value, paging_count_of_text), true, mark); break;
	case PAGING_COUNT: paging_add_total(paging, largest(value, paging_count_of_text), false, mark); break;
	case PAGING_PAGES: paging_add_pages(paging, largest(value, paging_count_of_text), mark); break;
	case PAGING_LIMIT: paging_add_limit(paging, least_limit(value), false, mark); break;
	case PAGING_PART: paging_read_header(name, value, paging); break;
	case PAGING_OFFSET:
	case PAGING_START:
	case PAGING_SIZE:
	case PAGING_PLACE:
	case PAGING_ASIDE:
	case PAGING_OTHER: break;
	}
}

struct paging paging_of_headers(struct text headers)
{
	struct paging paging = {0};
	struct text name, value;
	for (size_t at = 0; next_header(headers, &at, &name, &value);)
		read_header(name, value, &paging);
	return paging;
}
