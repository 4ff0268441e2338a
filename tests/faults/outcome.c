/* outcome.c - see outcome.h. */
#include "outcome.h"

#include "rows.h"
#include "wellformed.h"

#include <dirent.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void complain(struct complaints *complaints, const char *format, ...)
{
	size_t room = sizeof(complaints->text) - complaints->length;
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(complaints->text + complaints->length, room, format, arguments);
	va_end(arguments);
	if (length > 0 && (size_t)length + 1 < room) {
		complaints->length += (size_t)length;
		complaints->text[complaints->length++] = '\n';
		complaints->text[complaints->length] = '\0';
	}
}

char *read_whole(const char *directory, const char *name, size_t *out_length)
{
	char path[500];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *stream = fopen(path, "rb");
	if (!stream)
		return NULL;
	size_t length = 0, room = 1 << 16;
	char *bytes = malloc(room);
	while (bytes) {
		length += fread(bytes + length, 1, room - length - 1, stream);
		if (length < room - 1)
			break;
		bytes = realloc(bytes, room *= 2);
	}
	fclose(stream);
	if (!bytes)
		abort();
	bytes[length] = '\0';
	if (out_length)
		*out_length = length;
	return bytes;
}

/* Reads a file that contains exactly one JSON document; NULL otherwise. */
static struct json_object *read_json(const char *directory, const char *name)
{
	size_t length;
	char *bytes = read_whole(directory, name, &length);
	if (!bytes)
		return NULL;
	struct json_tokener *tokener = json_tokener_new();
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_object *document =
		json_tokener_parse_ex(tokener, bytes, (int)length + 1); /* including the NUL, which ends a number */
	size_t end = json_tokener_get_parse_end(tokener);
	while (end < length && (bytes[end] == '\n' || bytes[end] == '\0'))
		end++;
	if (document && end < length) {
		json_object_put(document);
		document = NULL;
	}
	json_tokener_free(tokener);
	free(bytes);
	return document;
}

static int64_t milliseconds(struct json_object *object, const char *key)
{
	struct json_object *value;
	return object && json_object_object_get_ex(object, key, &value)
		       ? (int64_t)(json_object_get_double(value) * 1000 + 0.5)
		       : -1;
}

static void check_json(const char *directory, int code, struct told *out, struct complaints *complaints)
{
	struct json_object *report = read_json(directory, FILE_JSON), *exit_code, *run = NULL;
	*out = (struct told){-1, -1, -1};
	if (!report) {
		complain(complaints, "the JSON report is not whole");
		return;
	}
	if (json_object_object_get_ex(report, "exit", &exit_code))
		out->exit = json_object_get_int(exit_code);
	json_object_object_get_ex(report, "run", &run);
	out->at_ms = milliseconds(report, "at_s");
	out->took_ms = milliseconds(run, "took_s");
	if (out->exit != code)
		complain(complaints, "the JSON report says exit %d", out->exit);
	json_object_put(report);
}

/* A passing report contains no failure and no error; any other contains one. */
static void check_junit(const char *directory, int code, struct complaints *complaints)
{
	char *bytes = read_whole(directory, FILE_JUNIT, NULL);
	if (!bytes || !is_wellformed(bytes))
		complain(complaints, "the JUnit report is not whole");
	else if ((strstr(bytes, "<failure") || strstr(bytes, "<error")) == (code == 0))
		complain(complaints, "the JUnit report says something else than the exit code");
	free(bytes);
}

/* "passed: 2 rules …", once for each target, and once for several: "passed: 2 targets passed". */
static void check_verdicts(const char *directory, int targets, struct complaints *complaints)
{
	static const char *const words[] = {
		"passed: ", "failed: ", "timed_out: ", "undecided: ", "unreachable: ", "interrupted: "};
	char *out = read_whole(directory, FILE_OUT, NULL);
	int verdicts = 0;
	for (char *line = out; line && *line; line = strchr(line, '\n') + 1) {
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			verdicts += strncmp(line, words[i], strlen(words[i])) == 0;
		if (!strchr(line, '\n')) {
			complain(complaints, "the last line of stdout has no end");
			break;
		}
	}
	if (verdicts != targets + (targets > 1))
		complain(complaints, "stdout has %d verdicts", verdicts);
	free(out);
}

static void check_recording(const char *directory, int code, struct complaints *complaints)
{
	char *bytes = read_whole(directory, FILE_RECORDING, NULL), *last = NULL, expected[40];
	for (char *line = bytes; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		last = line;
	snprintf(expected, sizeof(expected), "\"exit\":%d,", code);
	if (!last || !strstr(last, "\"kind\":\"end\"") || !strstr(last, expected))
		complain(complaints, "the recording has no end, or another one");
	free(bytes);
}

/* There is no unexpected file, and no file contains the key. */
static void check_files(const char *directory, struct complaints *complaints)
{
	static const char *const known[] = {FILE_OUT,       FILE_ERR,   FILE_LOG,       FILE_JUNIT,     FILE_JSON,
					    FILE_RECORDING, FILE_AGAIN, FILE_AGAIN_OUT, FILE_AGAIN_ERR, "policy.yaml"};
	DIR *entries = opendir(directory);
	for (struct dirent *entry; entries && (entry = readdir(entries));) {
		bool is_known = entry->d_name[0] == '.' && (!entry->d_name[1] || entry->d_name[1] == '.');
		for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
			is_known = is_known || strcmp(entry->d_name, known[i]) == 0;
		if (strcmp(entry->d_name, "scenario.yaml") == 0) /* it contains the key, because the simulator must know
								  * it */
			continue;
		if (!is_known)
			complain(complaints, "a file is left over: %s", entry->d_name);
		size_t length = 0;
		char *bytes =
			is_known && entry->d_name[0] != '.' ? read_whole(directory, entry->d_name, &length) : NULL;
		if (bytes && (strstr(bytes, KEY) || strlen(bytes) != length))
			complain(complaints, "the key, or a NUL, is in %s", entry->d_name);
		free(bytes);
	}
	if (entries)
		closedir(entries);
}

void check_outcome(const char *directory, int code, int targets, struct told *out, struct complaints *complaints)
{
	check_json(directory, code, out, complaints);
	check_junit(directory, code, complaints);
	check_verdicts(directory, targets, complaints);
	check_recording(directory, code, complaints);
	check_files(directory, complaints);
}

/* A report's text up to its last member: `run` depends on the wall clock and the machine. */
static char *verdict_part(const char *directory, const char *name)
{
	char *bytes = read_whole(directory, name, NULL);
	char *run = bytes ? strstr(bytes, "\n  \"run\": ") : NULL;
	if (run)
		*run = '\0';
	return bytes;
}

void check_replay(const char *directory, int code, int replayed, struct complaints *complaints)
{
	char *then = verdict_part(directory, FILE_JSON), *now = verdict_part(directory, FILE_AGAIN);
	if (replayed != code)
		complain(complaints, "the replay's exit code is %d", replayed);
	if (!then || !now || strcmp(then, now) != 0)
		complain(complaints, "the replay's report is another one");
	check_files(directory, complaints);
	free(then);
	free(now);
}
