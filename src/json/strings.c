/* strings.c - decodes the escapes of a string. */
#include "strict.h"

static uint32_t hex4(const char *digits)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		char c = digits[i];
		value = value * 16 + (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* Decodes the escape at `reader->at`. The scan has checked that it is valid. */
static void read_escape(struct string_reader *reader)
{
	static const char names[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	char name = reader->at[1];
	reader->decoded_used = 0;
	if (name != 'u') {
		reader->decoded[0] = name;
		for (size_t i = 0; names[i]; i++)
			if (names[i] == name)
				reader->decoded[0] = meanings[i];
		reader->decoded_count = 1;
		reader->at += 2;
		return;
	}
	uint32_t point = hex4(reader->at + 2);
	reader->at += 6;
	if (point >= 0xD800 && point <= 0xDBFF) {
		point = 0x10000 + ((point - 0xD800) << 10) + (hex4(reader->at + 2) - 0xDC00);
		reader->at += 6;
	}
	reader->decoded_count = utf8_encode(point, reader->decoded);
}

int string_reader_next(struct string_reader *reader)
{
	if (reader->decoded_used == reader->decoded_count) {
		if (reader->at == reader->end)
			return -1;
		if (*reader->at != '\\')
			return (unsigned char)*reader->at++;
		read_escape(reader);
	}
	return (unsigned char)reader->decoded[reader->decoded_used++];
}

struct string_reader string_reader_make(struct text raw)
{
	return (struct string_reader){.at = raw.bytes, .end = text_end(raw)};
}

int strings_compare(struct text a, struct text b)
{
	struct string_reader left = string_reader_make(a), right = string_reader_make(b);
	for (;;) {
		int x = string_reader_next(&left), y = string_reader_next(&right);
		if (x != y)
			return x < y ? -1 : 1;
		if (x < 0)
			return 0;
	}
}

struct text json_value_text(struct arena *arena, const struct json_value *value)
{
	if (!value->has_escapes)
		return value->raw;
	struct string_reader counter = string_reader_make(value->raw), reader = counter;
	size_t length = 0;
	while (string_reader_next(&counter) >= 0)
		length++;
	char *decoded = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++)
		decoded[i] = (char)string_reader_next(&reader);
	return (struct text){decoded, length};
}

bool json_value_is(const struct json_value *value, struct text text)
{
	if (!value->has_escapes)
		return text_equal(value->raw, text);
	struct string_reader reader = string_reader_make(value->raw);
	for (size_t i = 0; i < text.length; i++)
		if (string_reader_next(&reader) != (unsigned char)text.bytes[i])
			return false;
	return string_reader_next(&reader) < 0;
}
