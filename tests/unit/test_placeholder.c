/* test_placeholder.c - variables that nothing replaced are recognised, and odd names aren't. */
#include "chaingate/placeholder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const variables[] = {
	"$CHAIN",
	"$1",
	"rag-$CHAIN",
	"rag-$_ENV",
	"rag-$chain",
	"rag_$env",
	"rag/$Chain2",
	"rag.$my_chain",
	"my $chain",
	"rag-$id",
	"rag:$chain",
	"rag,$chain",
	"@$chain",
	"\"$chain\"",
	"'$chain'",
	"https://app.baseten.co/chains/$chain/overview",
	"https://app.baseten.co/chains/%CHAIN%/overview?q=caf%C3%A9",
	"https://app.baseten.co/chains/%DB_ID%",
	"%SCHEME%://app.baseten.co/chains/232p81ql",
	"https://app.baseten.co/chains/#{chain}",
	"%DB%",
	"rag-${CHAIN}",
	"${{ inputs.chain }}",
	"$[[ inputs.chain ]]",
	"rag-$[variables.env]",
	"rag-$(ENV)",
	"$(params.chain)",
	"$env:CHAIN",
	"rag-$env:chain",
	"{{ .Values.env }}",
	"a{{env}}",
	"{% env %}",
	"<< parameters.chain >>",
	"<+pipeline.variables.chain>",
	"<%= chain %>",
	"#{Environment}",
	"rag #{variables.env}",
	"((chain))",
	"%CHAIN%",
	"rag-%env.CHAIN%",
	"%%CHAIN%%",
	"<CHAIN>",
	"rag-<your-chain>",
	"<a>",
};

static const char *const names[] = {
	"rag",
	"a$b",
	"a$b %",
	"100% {a}",
	"#1 %a",
	"a < b > c",
	"a -> b",
	"<>",
	"<-->",
	"5%-10%",
	"50% of 90%",
	"A (B)",
	"(a)",
	"{a}",
	"US$",
	"a $ b",
	"<3",
	"%",
	"生成器",
	"",
	"C#",
	"a&b",
	"rag [new]",
	"a$bcd",
	"a$bC",
	"US$1M",
	"a-$b",
	"a $b4",
	"a-$100",
	"< CHAIN >",
	"%{CHAIN}",
	"!CHAIN!",
	"@CHAIN@",
	"https://app.baseten.co/chains/232p81ql/overview?q=caf%C3%A9",
	"https://app.baseten.co/chains/232p81ql/overview?q=$chain&a=%CHAIN%#<CHAIN>",
	"https://app.baseten.co/chains/232p81ql#%E2%80%A6",
	"app.baseten.co/chains/caf%C3%A9/overview",
	"?next=https://app.baseten.co/chains/$CHAIN",
	"#https://app.baseten.co/chains/$CHAIN",
};

static void variables_are_recognised(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		if (!placeholder_is_in(text_of(variables[i])))
			fail_msg("not recognised: %s", variables[i]);
}

static void names_are_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (placeholder_is_in(text_of(names[i])))
			fail_msg("taken for a variable: %s", names[i]);
}

static bool is_one_of(char c, const char *ranges)
{
	for (; *ranges; ranges += 2)
		if (c >= ranges[0] && c <= ranges[1])
			return true;
	return false;
}

/* Each byte of ASCII in the place of each ? of a text: it is a variable only with those of the ranges. */
static void characters_decide(void **state)
{
	static const struct {
		const char *text, *ranges;
	} rows[] = {
		{"a$?A", "AZ__(({{[["},           {"a$A?", "AZ09__"},           {"a-$??", "AZaz__(({{[[%%<<"},
		{"a <?>", "AZaz__%%<<++"},        {"a <b?>", "AZaz09__--..>>"}, {"5 %?%", "AZaz__%%{{<<"},
		{"5 %b?%", "AZaz09__--..%%{{<<"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (char c = ' '; c <= '~'; c++) {
			char text[16] = {0};
			for (size_t j = 0; rows[i].text[j]; j++)
				text[j] = rows[i].text[j] == '?' ? c : rows[i].text[j];
			if (placeholder_is_in(text_of(text)) != is_one_of(c, rows[i].ranges))
				fail_msg("%s", text);
		}
}

/* Percent-encoded bytes of an address are hexadecimal: with any other digit it is a variable. */
static void octets_of_addresses_are_not(void **state)
{
	static const char digits[] = "09afAF", others[] = "gGzZ__";
	(void)state;
	for (size_t i = 0; i + 1 < sizeof(digits); i++)
		for (size_t place = 0; place < 2; place++) {
			char text[] = "app.baseten.co/chains/%AA%";
			char *at = text + sizeof(text) - 4 + place;
			*at = digits[i];
			assert_false(placeholder_is_in(text_of(text)));
			*at = others[i];
			assert_true(placeholder_is_in(text_of(text)));
		}
}

/* A text may be a part of a longer one. */
static void nothing_behind_a_text_counts(void **state)
{
	static const char behind[] = "Ab1_%{([<>+:";
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t j = 0; j + 1 < sizeof(behind); j++) {
			char longer[128];
			snprintf(longer, sizeof(longer), "%s%c%c%%}}>", names[i], behind[j], behind[j]);
			if (placeholder_is_in(text_slice(text_of(longer), 0, strlen(names[i]))))
				fail_msg("%s of %s", names[i], longer);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_are_recognised),
		cmocka_unit_test(names_are_not),
		cmocka_unit_test(characters_decide),
		cmocka_unit_test(octets_of_addresses_are_not),
		cmocka_unit_test(nothing_behind_a_text_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
