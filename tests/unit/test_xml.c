/* test_xml.c - the output is well-formed and contains the given text, whatever characters the text has. */
#include "../../src/report/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define REPLACED "\xEF\xBF\xBD"

static void assert_finished(struct xml *x, const char *expected)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	assert_true(xml_finish(x, &out));
	assert_string_equal(buf_string(&out), expected);
	buf_release(&out);
}

static void test_elements_are_indented(void **state)
{
	(void)state;
	struct xml x;
	xml_begin(&x, false);
	xml_open(&x, "a");
	xml_attribute(&x, "n", "%d", 7);
	xml_attribute(&x, "empty", "%s", "");
	xml_open(&x, "b");
	xml_element(&x, "c", "k", "words");
	xml_element(&x, "d", NULL, NULL);
	xml_close(&x);
	xml_open(&x, "e");
	xml_text(&x, "");
	xml_close(&x);
	xml_close(&x);
	assert_finished(&x, XML_DECLARATION "<a n=\"7\" empty=\"\">\n <b>\n  <c class=\"k\">words</c>\n  <d/>\n </b>\n"
					    " <e></e>\n</a>\n");
}

static void test_html_is_not_indented(void **state)
{
	(void)state;
	struct xml x;
	xml_begin(&x, true);
	xml_open(&x, "html");
	xml_open(&x, "meta");
	xml_attribute(&x, "charset", "utf-8");
	xml_close_void(&x);
	xml_open(&x, "style");
	xml_raw(&x, "a>b{}");
	xml_close(&x);
	xml_element(&x, "p", NULL, NULL);
	xml_close(&x);
	assert_finished(&x, "<!DOCTYPE html>\n<html><meta charset=\"utf-8\"/><style>a>b{}</style><p></p></html>\n");
}

static void test_characters(void **state)
{
	static const struct {
		const char *text, *in_text, *in_attribute;
	} rows[] = {
		{"<a href='x'>&\"</a>", "&lt;a href='x'&gt;&amp;&quot;&lt;/a&gt;",
		 "&lt;a href='x'&gt;&amp;&quot;&lt;/a&gt;"},
		{"]]>", "]]&gt;", "]]&gt;"},
		{"&amp;", "&amp;amp;", "&amp;amp;"},
		{"\t1\n2\r3", "\t1\n2&#13;3", "&#9;1&#10;2&#13;3"},
		{"\x01\x07\x08\x0b\x0c\x0e\x1b\x1f",
		 REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED,
		 REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED REPLACED},
		{"\x7f", "\x7f", "\x7f"}, /* allowed, though discouraged */
		{"\xEF\xBF\xBE\xEF\xBF\xBF", REPLACED REPLACED, REPLACED REPLACED},
		{"\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80", "\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80",
		 "\xC3\xA9 \xE2\x80\xA8 \xF0\x9F\x98\x80"},
		{"\xC3", REPLACED, REPLACED},                                             /* cut off */
		{"\xED\xA0\x80", REPLACED REPLACED REPLACED, REPLACED REPLACED REPLACED}, /* a surrogate */
		{"\xC0\xAF<", REPLACED REPLACED "&lt;", REPLACED REPLACED "&lt;"},        /* overlong */
		{"a\xFFz", "a" REPLACED "z", "a" REPLACED "z"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct xml x;
		struct buf expected = buf_make(BUF_LIMIT_REPORT);
		xml_begin(&x, false);
		xml_open(&x, "a");
		xml_attribute(&x, "b", "%s", rows[i].text);
		xml_text(&x, rows[i].text);
		xml_close(&x);
		buf_printf(&expected, XML_DECLARATION "<a b=\"%s\">%s</a>\n", rows[i].in_attribute, rows[i].in_text);
		assert_finished(&x, buf_string(&expected));
		buf_release(&expected);
	}
}

static void test_long_values(void **state)
{
	(void)state;
	char value[300];
	struct xml x;
	struct buf expected = buf_make(BUF_LIMIT_REPORT);
	memset(value, 'v', sizeof value);
	for (size_t length = 60; length < 70; length++) {
		xml_begin(&x, false);
		xml_open(&x, "a");
		xml_attribute(&x, "b", "%.*s<", (int)length, value);
		xml_attribute(&x, "c", "%.*s", (int)sizeof value, value);
		xml_close(&x);
		buf_clear(&expected);
		buf_printf(&expected, XML_DECLARATION "<a b=\"%.*s&lt;\" c=\"%.*s\"/>\n", (int)length, value,
			   (int)sizeof value, value);
		assert_finished(&x, buf_string(&expected));
	}
	buf_release(&expected);
}

/* xml_finish() closes open elements, and fails if the calls before it were wrong or the output doesn't fit. */
static void test_ends(void **state)
{
	(void)state;
	struct xml x;
	struct buf out = buf_make(BUF_LIMIT_REPORT), small = buf_make(20), full = buf_make(1);
	xml_begin(&x, false);
	xml_open(&x, "a");
	xml_open(&x, "b");
	assert_finished(&x, XML_DECLARATION "<a>\n <b/>\n</a>\n");

	xml_begin(&x, false);
	xml_open(&x, "a");
	xml_close(&x);
	xml_close(&x);
	assert_false(xml_finish(&x, &out));

	xml_begin(&x, false);
	xml_open(&x, "a");
	xml_text(&x, "text");
	xml_attribute(&x, "late", "%s", "value");
	assert_false(xml_finish(&x, &out));

	xml_begin(&x, false);
	xml_open(&x, "a");
	buf_add_string(&full, "too long");
	xml_text_buf(&x, &full);
	assert_false(xml_finish(&x, &out));
	assert_int_equal(out.length, 0);

	xml_begin(&x, false);
	xml_element(&x, "a", NULL, "text");
	assert_false(xml_finish(&x, &small));
	assert_true(small.overflowed);
	buf_release(&small);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elements_are_indented),
		cmocka_unit_test(test_html_is_not_indented),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_long_values),
		cmocka_unit_test(test_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
