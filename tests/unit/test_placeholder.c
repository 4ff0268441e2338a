/* test_placeholder.c - variables that nothing replaced are recognised, and odd names aren't. */
#include "chaingate/placeholder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables_are_recognised),
		cmocka_unit_test(names_are_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
