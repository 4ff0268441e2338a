/* runs.c - how long a run of bytes of one kind is. Scanning a long text spends most of its time here.
 *
 * Reads sixteen bytes at a time with SSE2, which every x86-64 has; elsewhere eight at a time in a 64-bit word. A
 * test checks that both give the same results.
 */
#include "strict.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define WORD(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH_BITS WORD(0x80)

static bool is_plain(char c)
{
	unsigned char byte = (unsigned char)c;
	return byte >= 0x20 && byte < 0x80 && byte != '"' && byte != '\\';
}

static bool is_white(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/* The high bit of each byte that is 0. No byte of `word` may have its high bit set. (After the first such byte there
 * may be false ones.) */
static uint64_t zeros(uint64_t word)
{
	return (word - WORD(0x01)) & ~word & HIGH_BITS;
}

size_t run_of_plain_by_words(const char *bytes, size_t length)
{
	size_t at = 0;
	for (; length - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, bytes + at, sizeof word);
		uint64_t below_space = (word - WORD(0x20)) & ~word;
		if (((word | below_space) & HIGH_BITS) | zeros(word ^ WORD('"')) | zeros(word ^ WORD('\\')))
			break;
	}
	while (at < length && is_plain(bytes[at]))
		at++;
	return at;
}

size_t run_of_white_by_bytes(const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length && is_white(bytes[at]))
		at++;
	return at;
}

#ifdef __SSE2__

#define VECTOR sizeof(__m128i)

/* The index of the lowest bit that is set; `bits` isn't 0. */
static size_t first_bit(int bits)
{
	return (size_t)__builtin_ctz((unsigned)bits);
}

static __m128i load(const char *bytes)
{
	return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}

size_t run_of_plain(const char *bytes, size_t length)
{
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(' ');
	size_t at = 0;
	for (; length - at >= VECTOR; at += VECTOR) {
		__m128i sixteen = load(bytes + at);
		/* in a comparison of signed bytes, those from 0x80 on are below the space, too */
		__m128i ends =
			_mm_or_si128(_mm_cmplt_epi8(sixteen, space),
				     _mm_or_si128(_mm_cmpeq_epi8(sixteen, quote), _mm_cmpeq_epi8(sixteen, backslash)));
		int bits = _mm_movemask_epi8(ends);
		if (bits)
			return at + first_bit(bits);
	}
	return at + run_of_plain_by_words(bytes + at, length - at);
}

size_t run_of_white(const char *bytes, size_t length)
{
	const __m128i space = _mm_set1_epi8(' '), feed = _mm_set1_epi8('\n'), tab = _mm_set1_epi8('\t'),
		      carriage = _mm_set1_epi8('\r');
	size_t at = 0;
	for (; length - at >= VECTOR; at += VECTOR) {
		__m128i sixteen = load(bytes + at);
		__m128i white =
			_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(sixteen, space), _mm_cmpeq_epi8(sixteen, feed)),
				     _mm_or_si128(_mm_cmpeq_epi8(sixteen, tab), _mm_cmpeq_epi8(sixteen, carriage)));
		int others = _mm_movemask_epi8(white) ^ 0xFFFF;
		if (others)
			return at + first_bit(others);
	}
	return at + run_of_white_by_bytes(bytes + at, length - at);
}

#else

size_t run_of_plain(const char *bytes, size_t length)
{
	return run_of_plain_by_words(bytes, length);
}

size_t run_of_white(const char *bytes, size_t length)
{
	return run_of_white_by_bytes(bytes, length);
}

#endif
