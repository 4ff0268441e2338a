/* lists.c - reads the lists of one chain, poll by poll. Most polls get the same body as the one before. */
#include "answer.h"
#include "deployments.h"
#include "environment.h"
#include "paging.h"

struct api_lists api_lists_make(size_t body_max)
{
	return (struct api_lists){.body = buf_make(body_max)};
}

void api_lists_release(struct api_lists *lists)
{
	arena_release(&lists->arenas[0]);
	arena_release(&lists->arenas[1]);
	buf_release(&lists->body);
	arena_release(&lists->newest.arena);
}

struct text api_lists_last(const struct api_lists *lists)
{
	return lists->is_remembered ? buf_text(&lists->body) : (struct text){0};
}

/* True if the headers say something about pages: then the same body may be a whole list once, and a page next time. */
static bool has_paging(const struct api_answer *answer)
{
	struct paging paging = paging_of_headers(answer->headers, TEXT("deployments"));
	return paging_is_there(&paging);
}

static bool is_repetition(const struct api_lists *lists, const struct api_answer *answer)
{
	struct arena scratch = {0};
	struct miss ignored;
	bool is_same = lists->is_remembered && answer->transport.cause == MISS_NONE && answer->http_status == 200 &&
		       text_equal(buf_text(&lists->body), answer->body) &&
		       !answer_is_page(&scratch, answer, &ignored) && !answer_is_stale(answer) && !lists->has_paging &&
		       !has_paging(answer);
	arena_release(&scratch);
	return is_same;
}

/* An equal body may be decoded again, because of its headers. It is then the remembered memory itself, and stays. */
static void remember(struct api_lists *lists, const struct api_answer *answer)
{
	struct text body = answer->body;
	if (lists->is_remembered && body.bytes == lists->body.bytes && body.length == lists->body.length)
		return;
	lists->is_remembered = body.length <= lists->body.limit;
	if (lists->is_remembered && answer->allocation && *answer->allocation == body.bytes) {
		size_t limit = lists->body.limit;
		buf_release(&lists->body);
		lists->body = (struct buf){.bytes = *answer->allocation,
					   .length = body.length,
					   .capacity = body.length + 1,
					   .limit = limit};
		*answer->allocation = NULL;
		return;
	}
	buf_clear(&lists->body);
	lists->is_remembered = lists->is_remembered && buf_add(&lists->body, body);
}

static const struct listing *read_environment(const struct api_lists *lists, struct arena *arena, struct text body,
					      struct miss *miss)
{
	const struct listing *listing = environment_read(arena, body, lists->owner, miss);
	if (!listing || !api_environment_is(arena, listing->environment, lists->owner.kind, lists->chain_id,
					    lists->environment, miss))
		return NULL;
	return listing;
}

bool api_lists_read(struct api_lists *lists, const struct api_answer *answer, struct miss *miss)
{
	size_t turn = 1 - lists->turn;
	if (is_repetition(lists, answer))
		return true;
	arena_clear(&lists->arenas[turn]);
	if (!answer_is_good(&lists->arenas[turn], answer, miss))
		return false;
	struct arena *arena = &lists->arenas[turn];
	const struct listing *listing = lists->environment.length
						? read_environment(lists, arena, answer->body, miss)
						: deployments_read(arena, answer, lists->owner, &lists->wanted,
								   lists->chain_id, &lists->newest, miss);
	if (!listing)
		return false;
	lists->latest = listing;
	lists->turn = turn;
	lists->has_paging = has_paging(answer);
	remember(lists, answer);
	return true;
}
