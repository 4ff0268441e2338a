/* request_log.c - writes a JSON line for each request. */
#include "request_log.h"

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/times.h"

#include <json-c/json.h>

/* A request's line and headers are at most 32 KiB (libmicrohttpd's memory for a connection); each byte takes at most
 * ten when made visible. */
#define LOGGED_TEXT_MAX ((size_t)512 << 10)

bool request_log_open(struct request_log *log, const char *path)
{
	bool is_stdout = text_is(text_of(path), "-");
	FILE *stream = is_stdout ? stdout : fopen(path, "w");
	if (!stream)
		return false;
	*log = (struct request_log){.stream = stream, .name = is_stdout ? "stdout" : path};
	return true;
}

static void add(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT))
		memory_exhausted();
}

static void add_number(struct json_object *object, const char *key, int64_t value)
{
	struct json_object *number = json_object_new_int64(value);
	if (!number)
		memory_exhausted();
	add(object, key, number);
}

/* Text that the client sent, made printable, so that a line stays one line and is UTF-8. */
static void add_text(struct json_object *object, const char *key, struct text text)
{
	struct buf printable = buf_make(LOGGED_TEXT_MAX);
	text_add_printable(&printable, text);
	struct json_object *string = json_object_new_string(buf_string(&printable));
	if (!string)
		memory_exhausted();
	add(object, key, string);
	buf_release(&printable);
}

void request_log_add(struct request_log *log, const struct request_record *record)
{
	log->requests++;
	if (!log->stream || log->failed)
		return;
	struct json_object *object = json_object_new_object();
	struct json_object *authorization = json_object_new_boolean(record->has_authorization);
	if (!object || !authorization)
		memory_exhausted();
	add_number(object, "request", (int64_t)log->requests);
	add_number(object, "connection", (int64_t)record->connection);
	add_number(object, "scenario_ms", record->scenario_ns / NS_PER_MS);
	add_number(object, "real_ms", record->real_ns / NS_PER_MS);
	add_text(object, "method", record->method);
	add_text(object, "path", record->path);
	if (record->status)
		add_number(object, "status", record->status);
	else
		add(object, "status", NULL);
	if (record->fault)
		add_text(object, "fault", text_of(record->fault));
	else
		add(object, "fault", NULL);
	add(object, "authorization", authorization);
	if (record->user_agent)
		add_text(object, "user_agent", text_of(record->user_agent));
	else
		add(object, "user_agent", NULL);
	const char *line =
		json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!line)
		memory_exhausted();
	if (fprintf(log->stream, "%s\n", line) < 0 || fflush(log->stream))
		log->failed = true;
	json_object_put(object);
}

bool request_log_close(struct request_log *log)
{
	bool fine = !log->failed;
	if (log->stream && log->stream != stdout)
		fine = !fclose(log->stream) && fine;
	log->stream = NULL;
	return fine;
}
