/* recorder.c - see recorder.h. A round's lines are written when the round is over, so a killed run leaves all earlier
 * rounds.
 */
#include "chaingate/recorder.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct recorder {
	int fd;
	struct record_rounds *rounds;
	struct record_answer *kept; /* by chain: its answer, until the round is over */
	struct arena *memory;       /* by chain: the answer's texts */
	bool *is_kept;
	size_t chain_count;
	const char *why;    /* the first error; nothing is written after it */
	size_t written;     /* bytes */
	struct buf pending; /* what a pipe's reader hasn't taken yet */
	struct arena arena;
};

/* Bytes that a pipe's reader doesn't take yet stay in memory, and the run continues. */
static bool write_out(struct recorder *r, struct text lines, const char **why)
{
	size_t done;
	buf_add(&r->pending, lines);
	if (!fd_write_now(r->fd, buf_text(&r->pending), &done, why))
		return false;
	r->pending.length -= done;
	if (done)
		memmove(r->pending.bytes, r->pending.bytes + done, r->pending.length + 1);
	return true;
}

static void write_lines(struct recorder *r, struct buf *lines)
{
	const char *why;
	if (!r->why && r->written + lines->length > RECORD_BYTES_MAX)
		r->why = "it would be larger than replay can read";
	if (!r->why && !write_out(r, buf_text(lines), &why))
		r->why = why;
	if (!r->why && lines->overflowed)
		r->why = "an answer is too large";
	r->written += lines->length;
	buf_release(lines);
}

/* A pipe without a reader must not delay the run. -1 with *why. */
static int open_file(const char *path, const char **why)
{
	struct arena arena = {0};
	int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, fd;
	fd = file_open_trusted(path, flags, why);
	if (fd < 0 && errno == ENOENT && file_make_parents(&arena, path, why))
		fd = file_open_trusted(path, flags, why);
	if (fd < 0 && errno == ENXIO)
		*why = "nobody reads it";
	arena_release(&arena);
	return fd;
}

struct recorder *recorder_open(const char *path, const struct record_header *header, const char **why)
{
	int fd = open_file(path, why);
	if (fd < 0)
		return NULL;
	struct recorder *r = calloc(1, sizeof(*r));
	if (!r)
		memory_exhausted();
	r->fd = fd;
	r->rounds = record_rounds_new();
	r->pending = buf_make(RECORD_BYTES_MAX + RECORD_LINE_MAX);
	struct buf lines = buf_make(RECORD_LINE_MAX);
	record_add_header(&lines, header);
	write_lines(r, &lines);
	return r;
}

static void forget(struct recorder *r)
{
	for (size_t i = 0; i < r->chain_count; i++)
		arena_release(&r->memory[i]);
	r->chain_count = 0;
	r->kept = NULL;
}

void recorder_begin(struct recorder *r, const struct record_chains *chains)
{
	struct buf lines = buf_make(RECORD_LINE_MAX);
	forget(r);
	record_add_chains(&lines, chains);
	write_lines(r, &lines);
}

static void begin(struct recorder *r, size_t chain_count)
{
	r->kept = ARENA_ARRAY(&r->arena, struct record_answer, chain_count);
	r->memory = ARENA_ARRAY(&r->arena, struct arena, chain_count);
	r->is_kept = ARENA_ARRAY(&r->arena, bool, chain_count);
	r->chain_count = chain_count;
}

static void keep(struct recorder *r, const struct feed_reading *reading)
{
	struct arena *memory = &r->memory[reading->chain];
	struct record_answer *kept = &r->kept[reading->chain];
	arena_clear(memory);
	*kept = (struct record_answer){
		.is_list = reading->is_list, .answer = *reading->answer, .took_ns = reading->at_ns - reading->sent_ns};
	kept->answer.body = arena_text(memory, reading->answer->body);
	kept->answer.retry_after = arena_text(memory, reading->answer->retry_after);
	kept->answer.date = arena_text(memory, reading->answer->date);
	kept->answer.link = arena_text(memory, reading->answer->link);
	kept->answer.headers = arena_text(memory, reading->answer->headers);
	kept->model = arena_text(memory, reading->model);
	kept->has_clock = reading->has_clock;
	kept->clock_offset_ns = reading->clock_offset_ns;
	kept->clock_slack_ns = reading->clock_slack_ns;
	r->is_kept[reading->chain] = true;
}

/* Writes the answers of a group's chains. */
static void write_round(struct recorder *r, const struct driver_chain *chains, size_t group)
{
	struct buf lines = buf_make(RECORD_LINE_MAX);
	struct arena scratch = {0};
	struct record_answer *answers = ARENA_ARRAY(&scratch, struct record_answer, r->chain_count);
	size_t count = 0;
	for (size_t i = 0; i < r->chain_count; i++) {
		if (chains[i].group != group || !r->is_kept[i])
			continue;
		answers[count] = r->kept[i];
		answers[count].at_ns = chains[i].at_ns;
		answers[count].kind = chains[i].kind;
		answers[count].chain = chains[i].wanted;
		answers[count].is_id = chains[i].is_id;
		answers[count].environment = chains[i].environment;
		answers[count].chain_id = chains[i].chain_id;
		answers[count++].miss = chains[i].miss;
		r->is_kept[i] = false;
	}
	record_add_round(&lines, r->rounds, answers, count);
	write_lines(r, &lines);
	arena_release(&scratch);
}

void recorder_take(struct recorder *r, const struct driver *driver, const struct feed_reading *reading, bool is_over)
{
	size_t count;
	const struct driver_chain *chains = driver_chains(driver, &count);
	if (!r->kept)
		begin(r, count);
	keep(r, reading);
	if (is_over)
		write_round(r, chains, chains[reading->chain].group);
}

bool recorder_close(struct recorder *r, const struct gate_result *result, enum gate_exit code, int64_t patience_ns,
		    const char **why)
{
	const char *unread;
	struct buf lines = buf_make(RECORD_LINE_MAX);
	struct record_end end = {.at_ns = result->at_ns,
				 .verdict = verdict_name(result->verdict),
				 .exit_code = (int)code,
				 .signal_number = result->signal_number};
	record_add_end(&lines, &end);
	write_lines(r, &lines);
	if (!r->why && !fd_write(r->fd, buf_text(&r->pending), patience_ns, &unread))
		r->why = unread;
	if (close(r->fd) != 0 && !r->why)
		r->why = strerror(errno);
	*why = r->why;
	forget(r);
	record_rounds_free(r->rounds);
	buf_release(&r->pending);
	arena_release(&r->arena);
	free(r);
	return *why == NULL;
}
