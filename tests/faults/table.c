/* table.c - every fault in every phase of a run under every policy, in virtual time. No run may pass wrongly, hang, or
 * lose its report.
 *
 *   build/plain/tests/faults/table                               a sample, as in `make check`
 *   build/plain/tests/faults/table all                           all cells
 *   build/plain/tests/faults/table FAULT [PHASE [POLICY]]        only those cells; prints the directory in which the
 *                                                                files of the last one stay
 *
 * Each run is the real command line with the objects of tests/virtual, in a process of this program. It is recorded and
 * replayed. Each phase begins at the same time as in a run without a fault under the same policy. judge.c decides from
 * the simulator's log whether a pass was right. Prints how the runs of each fault ended; the last line is
 * "N passed, M failed".
 */
#include "expected.h"
#include "process.h"

#include "../virtual/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS_MAX 64
#define EXITS 256
/* In PHASE_DEADLINE, the run's deadline is this long after the poll that would pass, which is the last one. */
#define DEADLINE_AFTER_MS 1000

/* When each phase of a run without a fault is reached: the times at which the requests were sent. */
struct course {
	int64_t rest_ms, stable_ms, pass_ms;
};

/* ---- one run ---------------------------------------------------------------------------------------------------- */

static FILE *create(const char *directory, const char *name)
{
	char path[500];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *stream = fopen(path, "w");
	if (!stream) {
		perror(path);
		exit(1);
	}
	return stream;
}

static void write_bomb(FILE *stream, const struct bomb *bomb)
{
	fprintf(stream, "text: '{\"deployments\":[],\"chains\":[],\"x\":%s", bomb->open);
	for (int i = 0; i < BOMB_UNITS; i++)
		fputs(bomb->unit, stream);
	for (int i = 0; i < BOMB_UNITS; i++)
		fputs(bomb->closing, stream);
	fprintf(stream, "%s}'", bomb->close);
}

static void write_scenario(const char *directory, const struct run *run)
{
	FILE *stream = create(directory, "scenario.yaml");
	fprintf(stream,
		"api_key: %s\nchains:\n  - {id: " MAIN_CHAIN ", name: rag}\n  - {id: " OTHER_CHAIN ", name: base}\n"
		"deployments:\n"
		"  - {id: q86yjdy, chain: " MAIN_CHAIN ", created_at: 0s, chainlets: [{name: Retriever, "
		"autoscaling_settings: {min_replica: 1}, status: {0s: LOADING_MODEL, %dms: ACTIVE}}]}\n"
		"  - {id: old, chain: " OTHER_CHAIN ", created_at: -24h, environment: production, chainlets: "
		"[{name: Retriever, autoscaling_settings: {min_replica: 1}, status: ACTIVE}]}\n",
		KEY, ACTIVE_MS);
	if (run->fault && !run->fault->event) {
		fprintf(stream, "faults:\n  - {at: %lldms, ", (long long)run->begin_ms);
		if (run->fault->bomb.open)
			write_bomb(stream, &run->fault->bomb);
		else
			fputs(run->fault->answer, stream);
		if (run->span == SPAN_WHILE)
			fprintf(stream, ", for: %dms", WHILE_MS);
		if (run->span == SPAN_ONCE)
			fprintf(stream, ", count: 1");
		if (run->policy->path)
			fprintf(stream, ", path: \"%s\"", run->policy->path);
		fprintf(stream, "}\n");
	}
	fclose(stream);
	stream = create(directory, "policy.yaml");
	fputs(run->policy->text, stream);
	fclose(stream);
}

static void write_events(char *events, size_t size, const struct run *run)
{
	int length = 0;
	*events = '\0';
	if (run->fault && run->fault->event)
		length = snprintf(events, size, "%lldms %s", (long long)run->begin_ms, run->fault->event);
	if (length && run->fault->end && run->span != SPAN_EVER)
		snprintf(events + length, size - (size_t)length, ";%lldms %s", (long long)run->begin_ms + WHILE_MS,
			 run->fault->end);
}

static int gate(const char *directory, const struct run *run)
{
	char events[200] = "VIRTUAL_EVENTS=", timeout[40];
	size_t prefix = strlen(events);
	write_scenario(directory, run);
	write_events(events + prefix, sizeof(events) - prefix, run);
	snprintf(timeout, sizeof(timeout), "%lldms", (long long)run->timeout_ms);
	/* All runs of a worker share its process, so none may give up rights. */
	const char *const arguments[] = {"chaingate",    "check",           "policy.yaml", "--timeout",    timeout,
					 "--no-sandbox", "--max-body",      "1M",          "--junit",      FILE_JUNIT,
					 "--report",     "json=" FILE_JSON, "--record",    FILE_RECORDING, NULL};
	const char *const variables[] = {"HOME=/nonexistent",
					 "TERM=dumb",
					 "BASETEN_API_KEY=" KEY,
					 "VIRTUAL_SCENARIO=scenario.yaml",
					 "VIRTUAL_LOG=" FILE_LOG,
					 events,
					 NULL};
	return run_command_line(directory, arguments, variables, FILE_OUT, FILE_ERR);
}

static int replay(const char *directory)
{
	const char *const arguments[] = {"chaingate", "replay", FILE_RECORDING, "--report", "json=" FILE_AGAIN, NULL};
	const char *const variables[] = {"HOME=/nonexistent", "TERM=dumb", NULL};
	return run_command_line(directory, arguments, variables, FILE_AGAIN_OUT, FILE_AGAIN_ERR);
}

static void clear(const char *directory)
{
	static const char *const names[] = {FILE_OUT,       FILE_ERR,       FILE_LOG,       FILE_JUNIT,
					    FILE_JSON,      FILE_RECORDING, FILE_AGAIN,     FILE_AGAIN_OUT,
					    FILE_AGAIN_ERR, "policy.yaml",  "scenario.yaml"};
	char path[500];
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
}

/* Returns the exit code. */
static int do_run(const char *directory, const struct run *run, const struct course *course,
		  struct complaints *complaints)
{
	struct told told;
	clear(directory);
	int code = gate(directory, run);
	check_outcome(directory, code, run->policy->targets_other ? 2 : 1, &told, complaints);
	if (told.took_ms > run->timeout_ms + 1000 + (run->fault->nature == NATURE_ASLEEP ? ASLEEP_MS : 0))
		complain(complaints, "it took %lld ms", (long long)told.took_ms);
	if (code == 0)
		check_pass(directory, run, told.at_ms, complaints);
	if (!may_end(run, code))
		complain(complaints, "the exit code is %d", code);
	if (run->fault->nature == NATURE_HARMLESS && code == 0 &&
	    (told.at_ms < course->pass_ms || told.at_ms > course->pass_ms + LATENCY_MS * 2))
		complain(complaints, "it was over after %lld ms", (long long)told.at_ms);
	check_replay(directory, code, replay(directory), complaints);
	return code;
}

/* ---- all runs --------------------------------------------------------------------------------------------------- */

/* Makes a run without a fault to find out when the phases begin. */
static struct course course_of(const char *directory, const struct policy_row *policy)
{
	static struct requests requests;
	struct run run = {.policy = policy, .timeout_ms = TIMEOUT_MS};
	struct complaints complaints = {0};
	struct told told;
	clear(directory);
	int code = gate(directory, &run);
	check_outcome(directory, code, run.policy->targets_other ? 2 : 1, &told, &complaints);
	char *log = read_whole(directory, FILE_LOG, NULL);
	struct course course = {-1, -1, -1};
	if (log && requests_read(log, MAIN_CHAIN, NATURE_TRANSIENT, &requests))
		course = (struct course){
			.rest_ms = first_pass_ms(&requests, (struct need){.active_ms = ACTIVE_MS}),
			.stable_ms = first_pass_ms(&requests, (struct need){ACTIVE_MS, STABLE_FOR_MS, 0, false}),
			.pass_ms = first_pass_ms(&requests, need_of(policy)),
		};
	free(log);
	/* If the gate passed later than it could, the phases would be wrong. */
	if (code != 0 || complaints.length || told.at_ms < course.pass_ms ||
	    told.at_ms > course.pass_ms + LATENCY_MS * 2) {
		printf("%s without a fault: exit %d after %lld ms, not 0 after %lld ms\n%s", policy->name, code,
		       (long long)told.at_ms, (long long)course.pass_ms, complaints.text);
		exit(1);
	}
	return course;
}

/* -1: the policy has no such phase. */
static int64_t begin_of(enum phase phase, const struct course *course)
{
	bool is_judged = course->pass_ms > course->stable_ms;
	switch (phase) {
	case PHASE_LOOKUP: return 0;
	case PHASE_FIRST: return LATENCY_MS / 2;
	case PHASE_MOVING: return ACTIVE_MS / 2;
	case PHASE_REST: return course->rest_ms - 1;
	case PHASE_RESTING: return (course->rest_ms + course->stable_ms) / 2;
	case PHASE_STABLE: return is_judged ? course->stable_ms - 1 : -1;
	case PHASE_JUDGING: return is_judged ? course->stable_ms + 1 : -1;
	case PHASE_HOLDING: return is_judged ? (course->stable_ms + course->pass_ms) / 2 : -1;
	case PHASE_DECIDING:
	case PHASE_DEADLINE: return course->pass_ms - 1;
	case PHASE_COUNT: break;
	}
	return -1;
}

struct sums {
	int runs[EXITS];
	int failed, count;
};

struct job {
	const char *folder;
	int worker, workers;
	const char *const *only; /* fault, phase, policy; a NULL among them: all. `only` NULL: a sample */
	const struct course *courses;
	struct run *current; /* each worker's, shared with the first process; without a fault: none */
};

static bool is_wanted(const char *only, const char *name)
{
	return !only || strcmp(only, name) == 0;
}

static void print_name(const struct run *run)
{
	static const char *const spans[SPAN_COUNT] = {"for ever", "for a while", "once"};
	printf("%s %s %s %s: ", run->fault->name, phase_names[run->phase], run->policy->name, spans[run->span]);
}

static void do_one(const struct job *job, const struct run *run, struct sums *sums)
{
	struct complaints complaints = {0};
	job->current[job->worker] = *run;
	int code = do_run(job->folder, run, &job->courses[run->policy - policy_rows], &complaints);
	job->current[job->worker].fault = NULL;
	sums->count++;
	sums->runs[code & (EXITS - 1)]++;
	if (!complaints.length)
		return;
	sums->failed++;
	print_name(run);
	printf("exit %d\n%s", code, complaints.text);
}

static bool can_end(const struct fault_row *fault)
{
	return !fault->event || fault->end;
}

/* Defined in builds with sanitizers. A fork costs ten times as much there, so they run a tenth of the sample. */
void __asan_init(void) __attribute__((weak));
#define SANITIZED_SHARE 10

/* `make check` runs only two of nine cells, and one span of each. They include every fault in every phase that a policy
 * has, and every fault with every policy. */
static bool is_in_sample(const struct run *run)
{
	size_t f = (size_t)(run->fault - fault_rows), p = (size_t)(run->policy - policy_rows),
	       phase = (size_t)run->phase;
	if ((f + p + phase) % 9 > 1)
		return false;
	if (__asan_init && (f * PHASE_COUNT + phase) % SANITIZED_SHARE != p % SANITIZED_SHARE)
		return false;
	enum span spans[] = {SPAN_EVER, SPAN_WHILE, SPAN_EVER, SPAN_ONCE};
	enum span span = spans[(f + p / 2 + phase * 3) % 4];
	if (!can_end(run->fault))
		span = SPAN_EVER;
	else if (run->fault->event && span == SPAN_ONCE)
		span = SPAN_WHILE;
	return run->span == span;
}

static bool is_in_table(const struct run *run, const char *const *only)
{
	if (run->begin_ms < 0 || (run->span != SPAN_EVER && !can_end(run->fault)))
		return false;
	if (run->span == SPAN_ONCE && run->fault->event) /* an event can't end after a request */
		return false;
	if (!only && !is_in_sample(run))
		return false;
	if (run->policy->path && run->fault->event) /* an event can't be limited to a path */
		return false;
	return !only || (is_wanted(only[0], run->fault->name) && is_wanted(only[1], phase_names[run->phase]) &&
			 is_wanted(only[2], run->policy->name));
}

#define CELLS (fault_row_count * policy_row_count * PHASE_COUNT * SPAN_COUNT)

/* The run of a cell. False if the cell is left out. */
static bool run_of(const struct job *job, size_t cell, struct run *out)
{
	size_t p = cell / SPAN_COUNT / PHASE_COUNT % policy_row_count;
	*out = (struct run){
		.fault = &fault_rows[cell / SPAN_COUNT / PHASE_COUNT / policy_row_count],
		.policy = &policy_rows[p],
		.phase = (enum phase)(cell / SPAN_COUNT % PHASE_COUNT),
		.span = (enum span)(cell % SPAN_COUNT),
		.timeout_ms = TIMEOUT_MS,
	};
	out->begin_ms = begin_of(out->phase, &job->courses[p]);
	if (out->phase == PHASE_DEADLINE)
		out->timeout_ms = job->courses[p].pass_ms + DEADLINE_AFTER_MS;
	return is_in_table(out, job->only);
}

static int count_runs(const struct job *job)
{
	struct run run;
	int count = 0;
	for (size_t cell = 0; cell < CELLS; cell++)
		count += run_of(job, cell, &run);
	return count;
}

/* A worker's share of the runs. */
static void work(const struct job *job, struct sums *sums)
{
	size_t number = 0;
	struct run run;
	for (size_t cell = 0; cell < CELLS; cell++)
		if (run_of(job, cell, &run) && number++ % (size_t)job->workers == (size_t)job->worker)
			do_one(job, &run, &sums[run.fault - fault_rows]);
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

/* On a memory disk if there is one, because syncing a report takes longer than the run. */
static char *make_folder(void)
{
	static char folder[300];
	const char *base = getenv("TMPDIR");
	if (!base || !*base)
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(folder, sizeof(folder), "%s/chaingate-faults.XXXXXX", base);
	if (!mkdtemp(folder)) {
		perror(folder);
		exit(1);
	}
	return folder;
}

/* Zeroed memory, shared with forked processes. */
static void *make_shared(size_t size)
{
	FILE *file = tmpfile();
	void *memory = MAP_FAILED;
	if (file && ftruncate(fileno(file), (off_t)size) == 0)
		memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fileno(file), 0);
	if (memory == MAP_FAILED) {
		perror("shared memory");
		exit(1);
	}
	fclose(file);
	return memory;
}

static int begin_workers(struct job *job, const char *folder, struct sums *sums)
{
	int started = 0;
	for (job->worker = 0; job->worker < job->workers; job->worker++) {
		char own[320];
		snprintf(own, sizeof(own), "%s/%d", folder, job->worker);
		fflush(NULL);
		pid_t pid = mkdir(own, 0777) == 0 ? fork() : -1;
		if (pid == 0) {
			job->folder = own;
			work(job, &sums[(size_t)job->worker * fault_row_count]);
			world_leave(0);
		}
		started += pid > 0;
	}
	return started;
}

static bool end_workers(const struct job *job, int started)
{
	int fine = 0, status;
	for (int i = 0; i < started; i++)
		fine += wait(&status) > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	for (int w = 0; w < job->workers; w++)
		if (job->current[w].fault) {
			print_name(&job->current[w]);
			printf("the process ended in it\n");
		}
	return fine == job->workers;
}

static void end_folder(const char *folder, int workers, bool is_kept)
{
	char own[320];
	if (is_kept) {
		printf("what they left is in %s\n", folder);
		return;
	}
	for (int i = 0; i < workers; i++) {
		snprintf(own, sizeof(own), "%s/%d", folder, i);
		clear(own);
		rmdir(own);
	}
	clear(folder);
	rmdir(folder);
}

/* Prints a row for each fault. Returns how many runs failed. */
static int print_sums(const struct sums *sums, int workers, int *out_count)
{
	static const int columns[] = {0, 1, 3, 4, 5, 130, 143};
	int failed = 0;
	printf("%-15s %5s %7s %7s %9s %10s %12s %12s %6s\n", "fault", "runs", "passed", "failed", "timed out",
	       "undecided", "unreachable", "interrupted", "wrong");
	for (size_t f = 0; f < fault_row_count; f++) {
		struct sums all = {0};
		for (int w = 0; w < workers; w++) {
			const struct sums *part = &sums[(size_t)w * fault_row_count + f];
			all.count += part->count;
			all.failed += part->failed;
			for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++)
				all.runs[columns[i]] += part->runs[columns[i]];
		}
		if (all.count)
			printf("%-15s %5d %7d %7d %9d %10d %12d %12d %6d\n", fault_rows[f].name, all.count, all.runs[0],
			       all.runs[1], all.runs[3], all.runs[4], all.runs[5], all.runs[130] + all.runs[143],
			       all.failed);
		failed += all.failed;
		*out_count += all.count;
	}
	return failed;
}

int main(int argc, char **argv)
{
	struct course courses[16];
	bool is_all = argc == 2 && strcmp(argv[1], "all") == 0;
	const char *const only[] = {argc > 1 && !is_all ? argv[1] : NULL, argc > 2 ? argv[2] : NULL,
				    argc > 3 ? argv[3] : NULL};
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	struct job job = {.only = argc > 1 ? only : NULL,
			  .courses = courses,
			  .workers = processors < 1             ? 1
				     : processors > WORKERS_MAX ? WORKERS_MAX
								: (int)processors};
	job.current = make_shared(sizeof(struct run) * (size_t)job.workers);
	struct sums *sums = make_shared(sizeof(struct sums) * (size_t)job.workers * fault_row_count);
	char *folder = make_folder();
	int count = 0;
	world_warm_up();
	if (policy_row_count > sizeof(courses) / sizeof(*courses))
		return 1;
	for (size_t p = 0; p < policy_row_count; p++)
		courses[p] = course_of(folder, &policy_rows[p]);
	printf("%d planned\n", count_runs(&job));
	int started = begin_workers(&job, folder, sums);
	bool all_fine = end_workers(&job, started);
	int failed = print_sums(sums, job.workers, &count);
	end_folder(folder, job.workers, !all_fine || (argc > 1 && !is_all));
	if (!all_fine)
		printf("a worker didn't come to its end\n");
	failed += !all_fine || count == 0;
	printf("%d passed, %d failed\n", count > failed ? count - failed : 0, failed);
	return failed > 0;
}
