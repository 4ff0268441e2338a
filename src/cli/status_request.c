/* status_request.c - see status_request.h. */
#include "status_request.h"

#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "chaingate/listed.h"
#include "chaingate/target_check.h"

struct api_answer status_answer(struct net_answer *answer)
{
	return (struct api_answer){
		.transport = answer->transport,
		.http_status = answer->http_status,
		.body = answer->body,
		.allocation = &answer->owned,
		.retry_after = answer->retry_after,
		.date = answer->date,
		.link = answer->link,
		.headers = answer->headers,
		.wall_ns = clock_wall_ns(),
	};
}

const char *status_miss_words(struct arena *arena, const struct miss *miss)
{
	const char *what = miss->cause == MISS_HTTP ? arena_printf(arena, "HTTP %d", miss->http_status)
						    : miss_cause_name(miss->cause);
	return arena_printf(arena, "%s%s%.*s", what, miss->detail.length > 0 ? ": " : "", TEXT_ARG(miss->detail));
}

enum gate_exit status_refuse_miss(const struct status_request *request, const char *what, const struct miss *miss)
{
	const struct invocation *invocation = request->invocation;
	diag_hint(invocation->usage,
		  usage_error(invocation->usage, "could not read %s: %s", what,
			      status_miss_words(invocation->arena, miss)),
		  "%s", miss_remedy(miss, request->wanted.selector.of));
	output_usage_errors(invocation->output, invocation->usage);
	return GATE_EXIT_UNREACHABLE;
}

bool status_is_of_chain(const struct status_request *request, struct text chain_id)
{
	const struct policy_target *wanted = &request->wanted;
	const struct target_naming naming = {.of = wanted->selector.of,
					     .pasted_of = wanted->pasted_of,
					     .chain = wanted->chain,
					     .chain_from = wanted->chain_from,
					     .pasted = wanted->pasted,
					     .pasted_from = wanted->pasted_from};
	return target_check_id(&naming, chain_id, &(struct target_place){.diags = request->invocation->usage});
}

struct selection status_select(const struct status_request *request, struct arena *arena, const struct listing *listing,
			       struct text chain_id)
{
	return selection_make(arena, listing, &request->wanted.selector, chain_id, (struct text){0});
}

struct text status_instead(const struct status_request *request, struct arena *arena, const struct listing *listing,
			   struct text chain_id, const struct selection *selection)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	if (selection->count == 0)
		listed_add(&words, listing, &request->wanted.selector, selection->older, chain_id, clock_wall_ns());
	struct text instead = arena_text(arena, buf_text(&words));
	buf_release(&words);
	return instead;
}

void status_say_nothing(const struct status_request *request, struct text instead)
{
	output_message(request->invocation->output, "nothing is selected: %.*s", TEXT_ARG(instead));
}
