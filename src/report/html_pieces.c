/* html_pieces.c - the elements that the page is made of. */
#include "html.h"

#include "words.h"

/* With more lanes, the timeline is folded, and if the target passed the table of all lanes, too: they would push down
 * everything after them. */
#define LANES_OPEN_MAX 60

void html_text(struct xml *x, const char *element, const char *css_class, struct text text)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&buf, text);
	html_buf(x, element, css_class, &buf);
}

void html_buf(struct xml *x, const char *element, const char *css_class, struct buf *buf)
{
	xml_element(x, element, css_class, buf_string(buf));
	x->failed |= buf->overflowed;
	buf_release(buf);
}

void html_clock(struct xml *x, const char *element, int64_t ns)
{
	struct buf buf = buf_make(64);
	duration_add_clock(&buf, ns);
	html_buf(x, element, "when", &buf);
}

/* The heads of a table's columns, up to a NULL. */
static void html_heads(struct xml *x, const char *const *heads)
{
	xml_open(x, "tr");
	for (; *heads; heads++) {
		xml_open(x, "th");
		xml_attribute(x, "scope", "col");
		xml_text(x, *heads);
		xml_close(x);
	}
	xml_close(x);
}

void html_begin_table(struct xml *x, const char *const *heads)
{
	xml_open(x, "table");
	html_heads(x, heads);
}

void html_end_table(struct xml *x)
{
	xml_close(x);
}

void html_word(struct xml *x, const char *css_class, const char *word)
{
	xml_open(x, "span");
	xml_attribute(x, "class", "word %s", css_class);
	xml_text(x, word);
	xml_close(x);
}

const char *html_mark_class(enum rule_mark mark)
{
	static const char *const classes[MARK_COUNT] = {
		[MARK_FAIL] = "fail", [MARK_OPEN] = "open", [MARK_WARN] = "warn", [MARK_UNFINISHED] = "unfinished",
		[MARK_SKIP] = "skip", [MARK_PASS] = "pass"};
	return classes[mark];
}

void html_mark(struct xml *x, enum rule_mark mark)
{
	html_word(x, html_mark_class(mark), rule_mark_word(mark));
}

void html_link(struct xml *x, const char *address, const char *text)
{
	xml_open(x, address ? "a" : "span");
	if (address)
		xml_attribute(x, "href", "%s", address);
	xml_text(x, text);
	xml_close(x);
}

void html_begin_fold(struct xml *x, const char *words, bool is_open)
{
	xml_open(x, "details");
	if (is_open)
		xml_attribute(x, "open", "open");
	xml_element(x, "summary", NULL, words);
}

bool html_is_open(const struct report *report, size_t target)
{
	return report->gate->target_count == 1 || report->gate->targets[target].verdict != VERDICT_PASSED;
}

bool html_timeline_is_open(const struct report *report, size_t target)
{
	return report->gate->targets[target].lane_count <= LANES_OPEN_MAX && html_is_open(report, target);
}

bool html_lanes_are_open(const struct report *report, size_t target)
{
	return report->gate->targets[target].verdict != VERDICT_PASSED || html_timeline_is_open(report, target);
}
