/* test_net_url.c - which URLs the key may be sent to, and which keys may be sent. */
#include "chaingate/net.h"

#include "../virtual/plain_url.h"
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct url_case {
	const char *url;
	const char *why; /* a part of the reason; NULL: it may be used */
};

#define NOT_HTTP "not an http or https URL"
#define NOT_LOOPBACK "http is only for a loopback address"
#define USER "user name or a password"
#define QUERY "query or a fragment"

static const struct url_case url_cases[] = {
	{"https://api.baseten.co", NULL},
	{"https://api.baseten.co/", NULL},
	{"https://api.baseten.co:8443/prefix", NULL},
	{"HTTPS://API.BASETEN.CO", NULL},
	{"https://10.0.0.1", NULL},
	{"https://[2001:db8::1]:443/", NULL},
	{"https://api.baseten.co/a@b", NULL},
	{"https://127.0.0.1@", NOT_HTTP},
	/* loopback, in every spelling that the parser knows */
	{"http://localhost", NULL},
	{"http://LocalHost:8080", NULL},
	{"http://localhost:", NULL},
	{"http://loc%61lhost", NULL},
	{"http://127.0.0.1:8080/x/", NULL},
	{"http://127.255.255.254", NULL},
	{"http://127.1/", NULL},
	{"http://0x7f.1", NULL},
	{"http://0177.0.0.1", NULL},
	{"http://2130706433", NULL},
	{"http://[::1]:80", NULL},
	{"http://[0:0:0:0:0:0:0:1]", NULL},
	/* hosts that only look like loopback */
	{"http://api.baseten.co", NOT_LOOPBACK},
	{"http://127.0.0.1.evil.example", NOT_LOOPBACK},
	{"http://127.0.0.1%2eevil.example", NOT_LOOPBACK},
	{"http://127.0.0.1.", NOT_LOOPBACK},
	{"http://127.0.0.256", NOT_LOOPBACK},
	{"http://127.0.0", NULL}, /* 127.0.0.0, by the old rules */
	{"http://127.0.0.1.1", NOT_LOOPBACK},
	{"http://128.0.0.1", NOT_LOOPBACK},
	{"http://1270.0.0.1", NOT_LOOPBACK},
	{"http://0.0.0.0", NOT_LOOPBACK},
	{"http://2130706434000", NOT_LOOPBACK},
	{"http://0x7e.1", NOT_LOOPBACK},
	{"http://localhost.", NOT_LOOPBACK},
	{"http://localhost.evil.example", NOT_LOOPBACK},
	{"http://evil.localhost", NOT_LOOPBACK},
	{"http://xlocalhost", NOT_LOOPBACK},
	{"http://[::2]", NOT_LOOPBACK},
	{"http://[::ffff:127.0.0.1]", NOT_LOOPBACK},
	{"http://[::1%25eth0]", NOT_LOOPBACK},
	{"http://[fe80::1%25lo]", NOT_LOOPBACK},
	{"http://127.0.0.1@evil.example", USER},
	{"http://127.0.0.1\\@evil.example", USER},
	{"http://evil.example@127.0.0.1", USER},
	{"https://user@api.baseten.co", USER},
	{"https://user:pass@api.baseten.co", USER},
	{"https://:pass@api.baseten.co", USER},
	{"https://@api.baseten.co", USER},
	{"https://api.baseten.co/?x=1", QUERY},
	{"https://api.baseten.co?", QUERY},
	{"https://api.baseten.co/#", QUERY},
	{"https://api.baseten.co#@evil.example", QUERY},
	{"http://127.0.0.1#.evil.example", QUERY},
	/* not a URL, or not an http or https one */
	{"", NOT_HTTP},
	{"api.baseten.co", NOT_HTTP},
	{"localhost:8080", NOT_HTTP},
	{"//api.baseten.co", NOT_HTTP},
	{"https:api.baseten.co", NOT_HTTP},
	{"https:/api.baseten.co", NOT_HTTP},
	{"https:///api.baseten.co", NOT_HTTP},
	{"https://", NOT_HTTP},
	{"https://:443", NOT_HTTP},
	{"https://api.baseten.co:99999", NOT_HTTP},
	{"https://api.baseten.co:80x", NOT_HTTP},
	{"https://api baseten.co", NOT_HTTP},
	{" https://api.baseten.co", NOT_HTTP},
	{"https://api.baseten.co\n", NOT_HTTP},
	{"https://api.baseten.co/\r\nX: y", NOT_HTTP},
	{"http://localhost%00.evil.example", NOT_HTTP},
	{"http://localhost\\evil.example", NOT_HTTP},
	{"ftp://localhost", NOT_HTTP},
	{"file:///etc/passwd", NOT_HTTP},
	{"gopher://127.0.0.1", NOT_HTTP},
	{"httpx://127.0.0.1", NOT_HTTP},
	{"javascript:alert(1)", NOT_HTTP},
};

static void test_urls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(url_cases) / sizeof(*url_cases); i++) {
		const struct url_case *each = &url_cases[i];
		const char *why = net_check_url(each->url);

		if (!why != !each->why || (why && !strstr(why, each->why)))
			fail_msg("%s: %s instead of %s", each->url, why ? why : "usable",
				 each->why ? each->why : "usable");
	}
	assert_string_equal(net_check_url(NULL), NOT_HTTP);
}

/* chaingate-virtual parses plain addresses without libcurl; both must agree about them. */
static bool check_plain(const char *url)
{
	bool is_loopback;
	if (!url_is_plain(url, &is_loopback))
		return false;
	if (net_check_url(url) || net_url_is_loopback(url) != is_loopback)
		fail_msg("%s is taken for a plain address of %s", url, is_loopback ? "this machine" : "another");
	return true;
}

static void test_plain(void **state)
{
	static const char *const pieces[] = {"https://", "http://", "127.0.0.1", "localhost", "api", "baseten.co", ".",
					     "-",        "a",       "0x7f",      "1",         ":",   ":8080",      ":0",
					     ":99999",   "/",       "/v1_x",     "@",         "?",   "#",          "A",
					     "%61",      "..",      "127",       "xn--"};
	size_t plain = 0;
	(void)state;
	for (size_t i = 0; i < sizeof(url_cases) / sizeof(*url_cases); i++)
		plain += check_plain(url_cases[i].url);
	assert_in_range(plain, 3, sizeof(url_cases) / sizeof(*url_cases) / 2);
	assert_false(check_plain(NULL));
	random_begin(random_seed());
	for (int i = 0; i < 20000; i++) {
		char url[200];
		strcpy(url, pieces[below(2)]);
		for (size_t left = 1 + below(6); left > 0; left--)
			strcat(url, pieces[2 + below(COUNT_OF(pieces) - 2)]);
		plain += check_plain(url);
	}
	assert_in_range(plain, 1000, 10000);
}

static void test_long_url(void **state)
{
	char url[2100] = "https://api.baseten.co/";
	(void)state;

	memset(url + strlen(url), 'x', 2000 - strlen(url));
	assert_null(net_check_url(url));
	url[2000] = 'x';
	assert_non_null(strstr(net_check_url(url), "longer"));
}

struct key_case {
	struct text key;
	const char *why;
};

static const struct key_case key_cases[] = {
	{{"abcdefgh.ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456", 41}, NULL},
	{{"!~", 2}, NULL},
	{{"\"\\':;,", 6}, NULL},
	{{"", 0}, "empty"},
	{{NULL, 0}, "empty"},
	{{"abc\n", 4}, "its character 4 is U+000A (a line's end), and only printable ASCII"},
	{{"abc\r\nX: y", 9}, "printable"},
	{{"a\0b", 3}, "printable"},
	{{"a\tb", 3}, "its character 2 is U+0009 (a tab)"},
	{{"a\x7f", 2}, "printable"},
	{{"\x1b[31m", 5}, "printable"},
	{{"k\xc3\xa9y", 4}, "its character 2 is U+00E9"},
	{{"\xc3\xa9\xc2\xa0y", 5}, "its character 1 is U+00E9"},
	{{"key\xc2\xa0y", 6}, "its character 4 is U+00A0 (a no-break space)"},
	{{"\xff", 1}, "its character 1 isn't UTF-8"},
	{{" abc", 4}, "space"},
	{{"abc ", 4}, "space"},
	{{"a b", 3}, "its character 2 is a space"},
};

static void test_keys(void **state)
{
	char longest[NET_KEY_MAX + 1];
	struct arena arena = {0};
	(void)state;

	for (size_t i = 0; i < sizeof(key_cases) / sizeof(*key_cases); i++) {
		const struct key_case *each = &key_cases[i];
		const char *why = net_check_key(&arena, each->key);

		if (!why != !each->why || (why && !strstr(why, each->why)))
			fail_msg("%zu: %s", i, why ? why : "usable");
	}
	memset(longest, 'k', sizeof(longest));
	assert_null(net_check_key(&arena, (struct text){longest, NET_KEY_MAX}));
	assert_non_null(strstr(net_check_key(&arena, (struct text){longest, NET_KEY_MAX + 1}), "longer"));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_long_url),
		cmocka_unit_test(test_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
