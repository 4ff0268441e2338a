/* marks.c - converts libyaml's marks, which count code points, to bytes. */
#include "marks.h"

static bool continues_point(char byte)
{
	return ((unsigned char)byte & 0xC0) == 0x80;
}

size_t marks_offset(struct marks *marks, size_t point)
{
	const char *bytes = marks->text.bytes;
	size_t length = marks->text.length;
	while (marks->point < point && marks->byte < length) {
		marks->byte++;
		while (marks->byte < length && continues_point(bytes[marks->byte]))
			marks->byte++;
		marks->point++;
	}
	while (marks->point > point) {
		marks->byte--;
		while (marks->byte > 0 && continues_point(bytes[marks->byte]))
			marks->byte--;
		marks->point--;
	}
	return marks->byte + marks->skipped;
}
