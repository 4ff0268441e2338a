/* eval.c - `chaingate eval`: judges rules on one body of the API, without a policy. */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/net.h"
#include "chaingate/rule.h"
#include "chaingate/source.h"
#include "command.h"
#include "evidence_out.h"
#include "policy_file.h"
#include "values.h"
#include "wanted.h"

#include <string.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_JSON };

struct eval {
	const struct invocation *invocation;
	struct policy_target wanted;
	int64_t now_wall_ns;
	const char *body_path;
	const struct rule **rules;
	size_t rule_count;
	struct diags rule_diags;
	struct policy_request request; /* --set defines the parameters here, because there is no policy to give them
					* a type */
	struct param *params;
	struct baseline baseline;
	const struct listing *listing;
	struct selection selection;
};

/* ---- input ------------------------------------------------------------------------------------------------------ */

static void read_params(struct eval *eval)
{
	struct arena *arena = eval->invocation->arena;
	eval->request = policy_request_read(arena, eval->invocation->line, eval->invocation->usage);
	eval->params = ARENA_ARRAY(arena, struct param, eval->request.setting_count + 1);
	for (size_t i = 0; i < eval->request.setting_count; i++) {
		const struct policy_setting *setting = &eval->request.settings[i];
		eval->params[i].name = setting->name;
		literal_parse(arena, &setting->value, &eval->rule_diags, &eval->params[i].value);
	}
}

static void read_rules(struct eval *eval)
{
	struct rule_context context = {.params = eval->params,
				       .param_count = eval->request.setting_count,
				       .has_baseline = eval->request.baseline != NULL};
	const struct command_line *line = eval->invocation->line;
	struct arena *arena = eval->invocation->arena;
	eval->rules = ARENA_ARRAY(arena, const struct rule *, line->operand_count);
	eval->rule_count = line->operand_count;
	for (size_t i = 0; i < line->operand_count; i++) {
		const char *name = arena_printf(arena, "<rule %zu>", i + 1);
		struct excerpt *excerpt = ARENA_NEW(arena, struct excerpt);
		*excerpt = excerpt_of(source_make(arena, name, text_of(line->operands[i])));
		eval->rules[i] = rule_parse(arena, excerpt, &context, &eval->rule_diags);
	}
}

static void read_line(struct eval *eval)
{
	struct invocation invocation = *eval->invocation;
	const struct command_line *line = invocation.line;
	struct diags *usage = invocation.usage;
	eval->body_path = option_value(line, OPTION_BODY);
	eval->wanted = wanted_read(line, usage);
	value_since(line, OPTION_SINCE, usage, &eval->wanted.selector.since);
	value_moment(line, OPTION_NOW, usage, &eval->now_wall_ns);
	if (usage->errors > 0)
		return;
	if (line->operand_count == 0)
		usage_error(usage, "which rule? 'chaingate eval \"all chainlets ACTIVE\" --body body.json'");
	if (!eval->body_path)
		usage_error(usage, "on which body? give --body FILE, or --body - for stdin");
}

static void read_body(struct eval *eval)
{
	struct diags *usage = eval->invocation->usage;
	struct api_answer answer = {.http_status = 200, .wall_ns = eval->now_wall_ns};
	const char *shown = diag_value(usage, text_of(eval->body_path));
	const char *why;
	struct miss miss;
	if (!file_read(eval->invocation->arena, eval->body_path, NET_BODY_MAX_DEFAULT, &answer.body, &why))
		diag_hint(usage, usage_error(usage, "could not read the body '%s': %s", shown, why),
			  "check the path, and that the file may be read");
	else if (!api_read_deployments(eval->invocation->arena, &answer, &eval->listing, &miss))
		diag_hint(usage,
			  usage_error(usage, "'%s' is no list of deployments: %.*s", shown, TEXT_ARG(miss.detail)),
			  "it is what GET /v1/chains/{chain_id}/deployments answers");
}

/* A body is about one chain. It must only be given if the body has deployments of several. */
static void select_deployments(struct eval *eval)
{
	struct diags *usage = eval->invocation->usage;
	struct text chain_id = eval->wanted.chain;
	struct selector selector = eval->wanted.selector;
	if (selector.kind == SELECT_NOTHING)
		selector.kind = SELECT_ALL;
	selector.since = since_resolve(selector.since, eval->now_wall_ns);
	if (chain_id.length == 0 && eval->listing->count > 0) {
		chain_id = eval->listing->deployments[0].chain_id;
		for (size_t i = 1; i < eval->listing->count; i++) {
			if (text_equal(eval->listing->deployments[i].chain_id, chain_id))
				continue;
			usage_error(usage, "the body has deployments of several chains: say which by --chain ID");
			return;
		}
	}
	eval->selection = selection_make(eval->invocation->arena, eval->listing, &selector, chain_id, (struct text){0});
	if (eval->request.baseline)
		eval->baseline = gate_baseline_pick(eval->invocation->arena, eval->request.baseline, eval->listing,
						    chain_id, selector.kind == SELECT_ALL, &eval->selection);
	if (eval->selection.count == 0)
		diag_hint(usage,
			  usage_error(usage,
				      "none of the %zu deployments in the body is selected: there is nothing to judge",
				      eval->listing->count),
			  "look at --deployment, --environment and --since again");
}

/* ---- judging ---------------------------------------------------------------------------------------------------- */

static enum gate_exit judge_all(const struct eval *eval, struct buf *text)
{
	const struct invocation *invocation = eval->invocation;
	bool is_json = option_choice(invocation->line, OPTION_FORMAT) == FORMAT_JSON;
	struct json_object *list = is_json ? json_out_array() : NULL;
	struct evidence_style style = {
		.columns = output_columns(STDOUT_FILENO),
		.colour = output_has_color(invocation->output, STDOUT_FILENO),
		.verbose = option_is_given(invocation->line, OPTION_VERBOSE),
	};
	struct view view = {
		.deployments = eval->selection.deployments,
		.count = eval->selection.count,
		.at_wall_ns = eval->now_wall_ns,
		.baseline = eval->baseline,
	};
	size_t counts[] = {[TRUTH_UNKNOWN] = 0, [TRUTH_FALSE] = 0, [TRUTH_TRUE] = 0};
	for (size_t i = 0; i < eval->rule_count; i++) {
		struct evidence evidence = {0};
		enum truth truth = rule_judge(eval->rules[i], &view, invocation->arena, &evidence).value;
		counts[truth]++;
		if (is_json)
			evidence_add_json(list, eval->rules[i], &evidence);
		else
			evidence_add_text(text, eval->rules[i], &evidence, &style);
	}
	if (is_json)
		json_out_finish(text, list);
	if (counts[TRUTH_FALSE] > 0)
		return GATE_EXIT_FAILED;
	return counts[TRUTH_UNKNOWN] > 0 ? GATE_EXIT_UNDECIDED : GATE_EXIT_PASSED;
}

static enum gate_exit run(struct invocation *invocation)
{
	struct eval eval = {
		.invocation = invocation,
		.now_wall_ns = clock_wall_ns(),
		.rule_diags = {.arena = invocation->arena},
	};
	struct diags *usage = invocation->usage;
	read_line(&eval);
	read_params(&eval);
	read_rules(&eval);
	if (usage->errors == 0)
		read_body(&eval);
	if (usage->errors == 0)
		select_deployments(&eval);
	output_diagnostics(invocation->output, &eval.rule_diags);
	if (usage->errors > 0 || eval.rule_diags.errors > 0)
		return command_refuse(invocation);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	enum gate_exit code = judge_all(&eval, &text);
	enum gate_exit printed = command_print(invocation, buf_text(&text));
	buf_release(&text);
	return code == GATE_EXIT_PASSED ? printed : code;
}

const struct command eval_command = {
	.name = "eval",
	.operands = "RULE…",
	.summary = "try rules on a body of the API, without a policy",
	.example = "chaingate eval 'no chainlet UNHEALTHY' 'min_replica >= 2' --body body.json",
	.details = "Judges rules on one list of deployments as the API sends it, and shows why. All\n"
		   "deployments are judged unless some are selected; every status_for is 0s.\n",
	.closing = "Exit: 0 all pass, 1 one fails, 2 usage or nothing selected, 4 one is unknown.\n",
	.set = IN_EVAL,
	.run = run,
};
