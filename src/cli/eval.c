/* eval.c - `chaingate eval`: judges rules, or a policy's rules, on one body of the API. */
#include "body_owner.h"
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/file_kind.h"
#include "chaingate/files.h"
#include "chaingate/net.h"
#include "chaingate/rule.h"
#include "chaingate/source.h"
#include "chaingate/target_check.h"
#include "command.h"
#include "evidence_out.h"
#include "policy_file.h"
#include "values.h"
#include "wanted.h"

#include <string.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_JSON };

/* Rules, and the deployments that they judge. */
struct group {
	struct text name; /* of the policy's target; empty if it has none */
	struct selector selector;
	struct text pasted;         /* the chain's or model's id in the deployment's URL; empty: no URL was given … */
	enum target_kind pasted_of; /* … and which of both it is */
	const struct policy_baseline *wanted_baseline; /* NULL: none */
	const struct policy_rule *rules;
	size_t rule_count;
	struct selection selection;
	struct baseline baseline;
};

struct eval {
	const struct invocation *invocation;
	struct policy_target wanted;
	int64_t now_wall_ns;
	const char *body_path, *policy_path;
	struct diags rule_diags;
	struct policy_request request; /* for rules without a policy, only --set defines parameters and their types */
	const struct policy *policy;   /* NULL: only rules were given */
	struct group *groups;
	size_t group_count;
	struct api_said said; /* whose body it is, if 'status --format json' wrote it */
	const struct listing *listing;
};

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static struct param *read_params(struct eval *eval)
{
	struct arena *arena = eval->invocation->arena;
	struct param *params = ARENA_ARRAY(arena, struct param, eval->request.setting_count + 1);
	for (size_t i = 0; i < eval->request.setting_count; i++) {
		const struct policy_setting *setting = &eval->request.settings[i];
		params[i].name = setting->name;
		literal_parse(arena, &setting->value, &eval->rule_diags, &params[i].value);
	}
	return params;
}

/* True for a file's name. No rule ends like one. */
static bool is_file(const char *operand)
{
	struct text text = text_of(operand);
	return policy_is_shipped(operand) || text_ends_with(text, ".yaml") || text_ends_with(text, ".yml") ||
	       text_ends_with(text, ".json");
}

static void refuse_file(struct eval *eval, const char *operand)
{
	struct diags *usage = eval->invocation->usage;
	bool is_body = text_ends_with(text_of(operand), ".json");
	const char *shown = diag_value(usage, text_of(operand));
	diag_hint(usage, usage_error(usage, "'%s' is a file, but rules were expected", shown), "write %s %s",
		  is_body ? "--body" : "--policy", shown);
}

/* Makes each operand a plain assert. */
static void read_rules(struct eval *eval)
{
	struct rule_context context = {.params = read_params(eval),
				       .param_count = eval->request.setting_count,
				       .has_baseline = eval->request.baseline != NULL};
	const struct command_line *line = eval->invocation->line;
	struct arena *arena = eval->invocation->arena;
	struct policy_rule *rules = ARENA_ARRAY(arena, struct policy_rule, line->operand_count + 1);
	for (size_t i = 0; i < line->operand_count; i++) {
		if (is_file(line->operands[i])) {
			refuse_file(eval, line->operands[i]);
			continue;
		}
		const char *name = arena_printf(arena, "<rule %zu>", i + 1);
		struct excerpt *excerpt = ARENA_NEW(arena, struct excerpt);
		*excerpt = excerpt_of(source_make(arena, name, text_of(line->operands[i])));
		rules[i].kind = RULE_ASSERT;
		rules[i].name = excerpt->text;
		rules[i].expression = rule_parse(arena, excerpt, &context, &eval->rule_diags);
	}
	eval->groups = ARENA_NEW(arena, struct group);
	eval->group_count = 1;
	eval->groups[0] = (struct group){.selector = eval->wanted.selector,
					 .pasted = eval->wanted.pasted,
					 .pasted_of = eval->wanted.pasted_of,
					 .wanted_baseline = eval->request.baseline,
					 .rules = rules,
					 .rule_count = line->operand_count};
}

/* A body is the list of one chain, so a policy that needs several chains, or an environment, can't be judged on it. */
static bool is_of_one_chain(struct eval *eval, const struct policy_target *target)
{
	const struct policy_target *first = &eval->policy->targets[0];
	struct diags *usage = eval->invocation->usage;
	struct diag *diag;
	if (!text_equal(target->chain, first->chain) || target->selector.of != first->selector.of)
		diag = usage_error(usage,
				   "the policy's targets are in several chains or models, but a body shows only one");
	else if ((eval->wanted.selector.kind == SELECT_NOTHING && selector_environment(&target->selector).length) ||
		 selector_environment(&target->baseline.selector).length)
		diag = usage_error(usage, "the policy selects by a role in an environment, but a body is a list, which "
					  "has no roles");
	else
		return true;
	diag_hint(usage, diag,
		  "record a run ('chaingate check --record'), and give the recording to 'chaingate replay'");
	return false;
}

static void read_policy(struct eval *eval)
{
	struct arena *arena = eval->invocation->arena;
	struct diags *usage = eval->invocation->usage;
	const struct selector *given = &eval->wanted.selector;
	eval->policy = policy_file_load(arena, eval->policy_path, &eval->request, &eval->rule_diags);
	if (!eval->policy)
		return;
	policy_request_check(arena, &eval->request, eval->policy, usage);
	target_refuse_other_kind(&eval->wanted, &eval->policy->targets[0], &(struct target_place){.diags = usage});
	eval->group_count = eval->policy->target_count;
	eval->groups = ARENA_ARRAY(arena, struct group, eval->group_count);
	if (given->kind != SELECT_NOTHING && eval->group_count > 1)
		usage_error(usage, "the policy has %zu targets, each with its own selection: leave out %s",
			    eval->group_count, "--deployment, --environment, --latest and --all-deployments");
	for (size_t i = 0; i < eval->group_count; i++) {
		const struct policy_target *target = &eval->policy->targets[i];
		if (!is_of_one_chain(eval, target))
			return;
		eval->groups[i] = (struct group){
			.name = target->name,
			.selector = given->kind != SELECT_NOTHING ? *given : target->selector,
			.pasted = given->kind != SELECT_NOTHING ? eval->wanted.pasted : target->pasted,
			.pasted_of = given->kind != SELECT_NOTHING ? eval->wanted.pasted_of : target->pasted_of,
			.wanted_baseline = target->baseline.given ? &target->baseline : NULL,
			.rules = target->rules,
			.rule_count = target->rule_count,
		};
		if (given->since.kind != SINCE_NOT_GIVEN)
			eval->groups[i].selector.since = given->since;
		if (usage->errors == 0)
			wanted_check_chains(eval->invocation->line, &eval->groups[i].selector, usage);
	}
}

/* What the body lists the deployments of: as the command line says, else the policy. */
static enum target_kind kind_of(const struct eval *eval)
{
	bool is_of_policy = !eval->wanted.chain.length && eval->policy;
	return is_of_policy ? eval->policy->targets[0].selector.of : eval->wanted.selector.of;
}

/* What the model's only chainlet is called. The API's own list doesn't say it, so it is as the policy calls the model.
 * An option that gives the model overrides the policy: then nobody says the name, because such a list is accepted only
 * for the id in an option. */
static struct api_owner owner_of(const struct eval *eval)
{
	struct text name = eval->said.name;
	if (!name.length && eval->policy && !eval->wanted.chain.length && !eval->policy->targets[0].chain_is_id)
		name = eval->policy->targets[0].chain;
	return (struct api_owner){kind_of(eval), name};
}

/* ---- input ------------------------------------------------------------------------------------------------------ */

static void read_line(struct eval *eval)
{
	const struct command_line *line = eval->invocation->line;
	struct diags *usage = eval->invocation->usage;
	eval->body_path = option_value(line, OPTION_BODY);
	eval->policy_path = option_value(line, OPTION_EVAL_POLICY);
	eval->wanted = wanted_read(line, usage);
	value_since(line, OPTION_SINCE, usage, &eval->wanted.selector.since);
	value_moment(line, OPTION_NOW, usage, &eval->now_wall_ns);
	if (!eval->policy_path)
		wanted_check_chains(line, &eval->wanted.selector, usage);
	if (usage->errors > 0)
		return;
	if (line->operand_count == 0 && !eval->policy_path)
		usage_error(usage, "no rule is given: 'chaingate eval \"all chainlets ACTIVE\" --body body.json'");
	if (line->operand_count > 0 && eval->policy_path)
		diag_hint(usage, usage_error(usage, "--policy and rules on the command line exclude each other"),
			  "leave out --policy, or the rules on the command line");
	if (!eval->body_path)
		usage_error(usage, "no body is given: add --body FILE, or --body - for stdin");
	else if (eval->policy_path && strcmp(eval->body_path, "-") == 0 && strcmp(eval->policy_path, "-") == 0)
		diag_hint(usage, usage_error(usage, "the policy and the body cannot both be read from stdin"),
			  "give one of them as a file");
	eval->request = policy_request_read(eval->invocation->arena, line, usage);
}

static bool read_file(struct eval *eval, struct text *out)
{
	struct diags *usage = eval->invocation->usage;
	const char *why;
	if (!file_read(eval->invocation->arena, eval->body_path, NET_BODY_MAX_DEFAULT, out, &why)) {
		diag_hint(usage,
			  usage_error(usage, "could not read the body '%s': %s",
				      diag_value(usage, text_of(eval->body_path)), why),
			  "check the path, and that the file may be read");
		return false;
	}
	return true;
}

/* What the policy calls the model may be its id, which is no name: then the list is read again without one. */
static bool read_listing(struct eval *eval, const struct api_answer *answer, struct miss *miss)
{
	struct arena *arena = eval->invocation->arena;
	struct api_owner owner = owner_of(eval);
	bool is_read = api_read_deployments(arena, answer, owner, &eval->listing, miss);
	if (!is_read || owner.kind == TARGET_CHAIN || eval->said.name.length ||
	    !listing_shows_chain(eval->listing, owner.name))
		return is_read;
	owner.name = (struct text){0};
	return api_read_deployments(arena, answer, owner, &eval->listing, miss);
}

/* The list's mistakes are told first: they name the deployment. */
static bool read_list(struct eval *eval, const struct api_answer *answer, struct miss *miss)
{
	struct arena *arena = eval->invocation->arena;
	struct miss unsaid;
	bool is_said = api_read_said(arena, answer->body, kind_of(eval), &eval->said, &unsaid);
	if (!read_listing(eval, answer, miss))
		return false;
	if (!is_said)
		*miss = unsaid;
	return is_said;
}

static void read_body(struct eval *eval)
{
	struct diags *usage = eval->invocation->usage;
	struct api_answer answer = {.http_status = 200, .wall_ns = eval->now_wall_ns};
	const char *shown = diag_value(usage, text_of(eval->body_path));
	struct miss miss;
	if (!read_file(eval, &answer.body))
		return;
	if (!read_list(eval, &answer, &miss))
		diag_hint(usage,
			  usage_error(usage, "'%s' is not a list of deployments: %.*s", shown, TEXT_ARG(miss.detail)),
			  "%s",
			  file_kind_remedy(answer.body, FILE_KIND_BODY,
					   kind_of(eval) == TARGET_MODEL
						   ? "it is what GET /v1/models/{model_id}/deployments answers"
						   : "it is what GET /v1/chains/{chain_id}/deployments answers; for a "
						     "model's list give --model ID, too"));
}

/* ---- selecting -------------------------------------------------------------------------------------------------- */

/* All targets of a policy name the same chain or model; if one of them gives it by a URL, it is an id. */
static struct body_wanted wanted_of(const struct eval *eval)
{
	if (eval->wanted.chain.length || !eval->policy)
		return (struct body_wanted){eval->wanted.chain, eval->wanted.chain_is_id, true};
	struct body_wanted wanted = {.chain = eval->policy->targets[0].chain};
	for (size_t i = 0; i < eval->policy->target_count; i++)
		wanted.is_id |= eval->policy->targets[i].chain_is_id;
	return wanted;
}

static bool find_chain(struct eval *eval, struct text *out)
{
	struct body_owner owner = {.arena = eval->invocation->arena,
				   .kind = kind_of(eval),
				   .listing = eval->listing,
				   .said = eval->said,
				   .usage = eval->invocation->usage};
	const struct body_wanted wanted = wanted_of(eval);
	if (!body_owner_find(&owner, &wanted, out))
		return false;
	for (size_t i = 0; eval->policy && i < eval->group_count; i++)
		if (!body_owner_has_baseline(&owner, eval->groups[i].wanted_baseline, &wanted, *out))
			return false;
	return true;
}

/* `pasted`: the chain's id in a deployment's URL; empty if there is none. */
static bool is_of_chain(struct diags *usage, enum target_kind kind, struct text pasted, enum target_kind pasted_of,
			struct text chain_id)
{
	if (!pasted.length || (pasted_of == kind && text_equal(pasted, chain_id)))
		return true;
	diag_hint(usage,
		  usage_error(usage, "the deployment's URL is of the %s '%s', but the %s '%s' is judged",
			      target_kind_name(pasted_of), diag_value(usage, pasted), target_kind_name(kind),
			      diag_value(usage, chain_id)),
		  "give the body of that %s, or the deployment by its id", target_kind_name(pasted_of));
	return false;
}

static void refuse_empty(struct diags *usage, size_t count)
{
	const char *words =
		count == 0   ? "the body has no deployments"
		: count == 1 ? "the only deployment in the body isn't selected"
			     : arena_printf(usage->arena, "none of the %zu deployments in the body is selected", count);
	diag_hint(usage, usage_error(usage, "%s: there is nothing to judge", words),
		  count ? "check --deployment, --environment and --since" : "give a body that lists deployments");
}

static void select_deployments(struct eval *eval, struct group *group, struct text chain_id)
{
	struct arena *arena = eval->invocation->arena;
	struct diags *usage = eval->invocation->usage;
	enum target_kind kind = kind_of(eval);
	struct policy_baseline baseline =
		group->wanted_baseline ? *group->wanted_baseline : (struct policy_baseline){0};
	baseline.selector.of = kind;
	if (!is_of_chain(usage, kind, group->pasted, group->pasted_of, chain_id) ||
	    !is_of_chain(usage, kind, baseline.pasted, baseline.pasted_of, chain_id))
		return;
	struct selector selector = group->selector;
	if (selector.kind == SELECT_NOTHING)
		selector.kind = SELECT_ALL;
	selector.of = kind;
	selector.since = since_resolve(selector.since, eval->now_wall_ns);
	group->selection = selection_make(arena, eval->listing, &selector, chain_id, (struct text){0});
	if (group->wanted_baseline)
		group->baseline = gate_baseline_pick(arena, &baseline, eval->listing, chain_id,
						     selector.kind == SELECT_ALL, &group->selection);
	if (group->selection.count == 0)
		refuse_empty(usage, eval->listing->count);
}

/* ---- judging ---------------------------------------------------------------------------------------------------- */

/* As in the gate: a failure outweighs an unknown, and nothing passes unless at least one rule is true. */
static enum gate_exit exit_of(const size_t counts[])
{
	if (counts[FINDING_VIOLATED] > 0)
		return GATE_EXIT_FAILED;
	return counts[FINDING_OPEN] > 0 || counts[FINDING_HOLDS] == 0 ? GATE_EXIT_UNDECIDED : GATE_EXIT_PASSED;
}

static enum gate_exit judge_all(const struct eval *eval, struct buf *text)
{
	const struct invocation *invocation = eval->invocation;
	bool is_json = option_choice(invocation->line, OPTION_FORMAT) == FORMAT_JSON;
	struct json_object *list = is_json ? json_out_array() : NULL;
	struct evidence_style style = {.colour = output_has_color(invocation->output, STDOUT_FILENO),
				       .verbose = option_is_given(invocation->line, OPTION_VERBOSE)};
	enum gate_exit code = GATE_EXIT_PASSED;
	for (size_t g = 0; g < eval->group_count; g++) {
		const struct group *group = &eval->groups[g];
		struct view view = {.deployments = group->selection.deployments,
				    .count = group->selection.count,
				    .at_wall_ns = eval->now_wall_ns,
				    .baseline = group->baseline};
		size_t counts[] = {
			[FINDING_OPEN] = 0, [FINDING_HOLDS] = 0, [FINDING_VIOLATED] = 0, [FINDING_SKIPPED] = 0};
		for (size_t i = 0; i < group->rule_count; i++) {
			struct evidence evidence = {0};
			struct evidence_entry entry = {
				.rule = &group->rules[i], .evidence = &evidence, .target = group->name};
			entry.finding = rule_judge_once(entry.rule, &view, invocation->arena, &evidence).finding;
			if (entry.rule->severity == SEVERITY_ERROR)
				counts[entry.finding]++;
			if (is_json)
				evidence_add_json(list, &entry, eval->policy != NULL);
			else
				evidence_add_text(text, &entry, &style);
		}
		enum gate_exit here = exit_of(counts);
		if (code == GATE_EXIT_PASSED || here == GATE_EXIT_FAILED)
			code = here;
	}
	if (is_json)
		json_out_finish(text, list);
	return code;
}

static enum gate_exit run(struct invocation *invocation)
{
	struct eval eval = {
		.invocation = invocation,
		.now_wall_ns = clock_wall_ns(),
		.rule_diags = {.arena = invocation->arena},
	};
	struct diags *usage = invocation->usage;
	struct text chain_id;
	read_line(&eval);
	if (eval.policy_path)
		read_policy(&eval);
	else
		read_rules(&eval);
	if (usage->errors == 0)
		read_body(&eval);
	if (usage->errors == 0 && eval.rule_diags.errors == 0 && find_chain(&eval, &chain_id))
		for (size_t i = 0; i < eval.group_count; i++)
			select_deployments(&eval, &eval.groups[i], chain_id);
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
	.summary = "try rules, or a policy, on a body of the API",
	.example = "chaingate eval 'no chainlet UNHEALTHY' 'min_replica >= 2' --body body.json",
	.details = "Judges rules, or those of --policy, on one list of deployments as the API sends\n"
		   "it ('chaingate status --body FILE' saves one), and shows why. Judges all\n"
		   "deployments unless some are selected. No time passes: every status_for is 0s.\n",
	.closing = "Exit: 0 all pass, 1 one fails, 2 usage or nothing selected, 4 one is unknown.\n",
	.set = IN_EVAL,
	.run = run,
};
