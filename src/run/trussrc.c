/* trussrc.c - reads the key from truss's own file, so that everyone who can push can also gate.
 *
 * The file is read as truss reads it, with Python's configparser: sections, `key = value` or `key: value`, keys in
 * any case, comment lines, values that continue in more deeply indented lines, [DEFAULT], which applies to every
 * section, and `%` interpolation. Lines that configparser would reject are ignored.
 */
#include "chaingate/key.h"

#include "chaingate/buf.h"

/* Most references to other options in one value, directly and through others: it ends a cycle. configparser follows
 * ten in a chain. */
#define REFERENCES_MAX 100

struct entry {
	struct text section, name, value;
	bool is_section; /* a section's header; the section may be empty */
};

struct file {
	struct arena *arena;
	struct entry *entries;
	size_t count, room;
	struct text section;
	bool has_option;      /* a more deeply indented line continues the last entry */
	size_t option_indent; /* the indentation of that entry */
};

/* Reads the line at `*at`, without its end, and moves `*at` past it. False at the end of the file. */
static bool next_line(struct text content, size_t *at, struct text *out)
{
	size_t end = *at;
	if (end >= content.length)
		return false;
	while (end < content.length && content.bytes[end] != '\n' && content.bytes[end] != '\r')
		end++;
	*out = text_slice(content, *at, end);
	*at = end + 1;
	return true;
}

static struct entry *add_entry(struct file *file, struct entry entry)
{
	file->entries = arena_grow(file->arena, file->entries, file->count, &file->room, sizeof(*file->entries));
	file->entries[file->count++] = entry;
	return &file->entries[file->count - 1];
}

/* section = "[" NAME "]" anything */
static bool read_section(struct file *file, struct text line)
{
	size_t end = line.length;
	while (end > 0 && line.bytes[end - 1] != ']')
		end--;
	if (end < 3 || line.bytes[0] != '[')
		return false;
	file->section = text_slice(line, 1, end - 1);
	file->has_option = false;
	add_entry(file, (struct entry){.section = file->section, .is_section = true});
	return true;
}

/* option = NAME ( "=" | ":" ) VALUE */
static void read_option(struct file *file, struct text line, size_t indent)
{
	size_t end = 0;
	while (end < line.length && line.bytes[end] != '=' && line.bytes[end] != ':')
		end++;
	file->has_option = end < line.length && file->section.length > 0;
	file->option_indent = indent;
	if (file->has_option)
		add_entry(file, (struct entry){.section = file->section,
					       .name = text_trim(text_slice(line, 0, end)),
					       .value = text_trim(text_slice(line, end + 1, line.length))});
}

static void go_on(struct file *file, struct text line)
{
	struct text *value = &file->entries[file->count - 1].value;
	*value = text_of(
		arena_printf(file->arena, "%.*s%s%.*s", TEXT_ARG(*value), value->length ? "\n" : "", TEXT_ARG(line)));
}

static void read_line(struct file *file, struct text whole)
{
	struct text line = text_trim(whole);
	if (line.length == 0 || line.bytes[0] == '#' || line.bytes[0] == ';')
		return;
	size_t indent = (size_t)(line.bytes - whole.bytes);
	if (file->has_option && indent > file->option_indent)
		go_on(file, line);
	else if (!read_section(file, line))
		read_option(file, line, indent);
}

/* Finds the remote's section: [baseten], else the only one. NULL, or why there is none. */
static const char *choose(struct file *file, struct text *out)
{
	struct buf names = buf_make(KEY_FILE_MAX);
	size_t count = 0;
	const char *why = NULL;
	*out = (struct text){0};
	for (size_t i = 0; i < file->count; i++) {
		struct text section = file->entries[i].section;
		if (!file->entries[i].is_section || text_is(section, "DEFAULT") || text_equal(section, *out))
			continue;
		if (text_is(section, "baseten") || count == 0)
			*out = section;
		buf_printf(&names, "%s%.*s", count++ ? ", " : "", TEXT_ARG(section));
	}
	if (count == 0)
		why = "has no remote: no section such as [baseten]";
	else if (count > 1 && !text_is(*out, "baseten"))
		why = arena_printf(file->arena, "has several remotes, of which none is called baseten: %s",
				   buf_string(&names));
	buf_release(&names);
	return why;
}

/* Finds an option's value in a section. Returns how often the section has the option. */
static size_t find(const struct file *file, struct text section, struct text name, struct text *out)
{
	size_t found = 0;
	for (size_t i = 0; i < file->count; i++) {
		const struct entry *entry = &file->entries[i];
		if (entry->is_section || !text_equal(entry->section, section) || entry->name.length != name.length ||
		    text_distance(entry->name, name) != 0)
			continue;
		*out = entry->value;
		found++;
	}
	return found;
}

/* The same in the remote's section or, if that doesn't have it, in [DEFAULT]. */
static size_t find_of_remote(const struct file *file, struct text remote, struct text name, struct text *out)
{
	size_t found = find(file, remote, name, out);
	return found ? found : find(file, TEXT("DEFAULT"), name, out);
}

/* Appends the value as configparser interpolates it: `%%` is a percent sign, `%(name)s` the value of that option. False
 * if the file has no such option, or if anything else follows a percent sign: configparser rejects these, too. */
static bool add_interpolated(const struct file *file, struct text remote, struct text value, size_t *references,
			     struct buf *out)
{
	for (size_t i = 0; i < value.length; i++) {
		struct text rest = text_slice(value, i, value.length), other;
		size_t end = 2;
		if (value.bytes[i] != '%' || text_starts_with(rest, "%%")) {
			buf_add_byte(out, value.bytes[i]);
			i += value.bytes[i] == '%';
			continue;
		}
		while (end < rest.length && rest.bytes[end] != ')')
			end++;
		if (!text_starts_with(rest, "%(") || !text_starts_with(text_slice(rest, end, rest.length), ")s") ||
		    ++*references > REFERENCES_MAX || !find_of_remote(file, remote, text_slice(rest, 2, end), &other) ||
		    !add_interpolated(file, remote, other, references, out))
			return false;
		i += end + 1;
	}
	return true;
}

/* Reads an option of the remote. False if there is none; then *why is set if there is a mistake in it. */
static bool read_of_remote(struct file *file, struct text remote, const char *name, struct text *out, const char **why)
{
	struct text written;
	struct buf value = buf_make(KEY_FILE_MAX);
	value.wipes = file->arena->wipes;
	size_t references = 0, count = find_of_remote(file, remote, text_of(name), &written);
	if (count > 1)
		*why = arena_printf(file->arena, "has %s twice in its section [%.*s]", name, TEXT_ARG(remote));
	else if (count && (!add_interpolated(file, remote, written, &references, &value) || value.overflowed))
		*why = arena_printf(file->arena,
				    "has a %% in the %s of its section [%.*s] that truss cannot read either: it takes "
				    "%%%% for a percent sign, and %%(name)s for the option of that name",
				    name, TEXT_ARG(remote));
	bool is_there = count == 1 && !*why;
	if (is_there)
		*out = arena_text(file->arena, buf_text(&value));
	buf_release(&value);
	return is_there;
}

const char *trussrc_read(struct arena *arena, struct text content, struct trussrc *out)
{
	struct file file = {.arena = arena};
	struct trussrc found = {0};
	struct text line;
	if (text_starts_with(content, "\xef\xbb\xbf"))
		content = text_slice(content, 3, content.length);
	for (size_t at = 0; next_line(content, &at, &line);)
		read_line(&file, line);
	const char *why = choose(&file, &found.remote);
	if (why)
		return why;
	bool has_key = read_of_remote(&file, found.remote, "api_key", &found.key, &why);
	if (!why)
		read_of_remote(&file, found.remote, "remote_url", &found.remote_url, &why);
	if (!why && !has_key)
		why = arena_printf(arena, "has no api_key in its section [%.*s]", TEXT_ARG(found.remote));
	if (!why)
		*out = found;
	return why;
}
