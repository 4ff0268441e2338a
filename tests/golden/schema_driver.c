/* schema_driver.c - compares the policy's JSON Schema with the kept one in tests/golden/schema.
 *
 * Editors check policies with it, so a change of it is a change for users. tests/cli/explain.bats holds it against
 * policies. Run it from the project's root. With UPDATE_GOLDEN=1 it rewrites the file.
 */
#include "chaingate/buf.h"
#include "chaingate/policy.h"
#include "golden.h"

static void run_file(const char *path, struct text text)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	policy_schema(&out);
	golden_compare(path, text, buf_text(&out));
	buf_release(&out);
}

int main(void)
{
	return golden_run("tests/golden/schema", "policy.json", NULL, run_file);
}
