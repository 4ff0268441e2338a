/* replay.c - a driver for the fuzz targets that needs no fuzzer.
 *
 *     fuzz_yaml FILE-OR-DIRECTORY…
 *
 * Gives the target each file, and a few hundred mutations of it that are the same in every run. So targets built by
 * any compiler are exercised in each `make check`. A target that finds something aborts. Each input's description is
 * printed before it is used, so that the log's last line names it.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How many mutations of each seed: enough to reach most of a parser's error paths, in about a second. */
#define MUTATIONS 400
/* Most edits of one mutation. More edits only give noise that is rejected at its first byte. */
#define EDITS_MAX 4
/* Largest seed: a larger one would slow every check. */
#define SEED_BYTES_MAX ((size_t)1 << 20)
/* Longest piece that an edit copies or removes. */
#define PIECE_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t seeds, inputs, failures;

/* xorshift32; stays nonzero if the seed is. */
static uint32_t next_random(uint32_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 17;
	*random ^= *random << 5;
	return *random;
}

static size_t random_below(uint32_t *random, size_t bound)
{
	return bound > 0 ? next_random(random) % bound : 0;
}

/* In memory of exactly its size, so that a sanitizer notices a read past the end. */
static void give(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);
	if (!exact)
		abort();
	memcpy(exact, bytes, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	inputs++;
}

/* One edit in place; `bytes` has room for PIECE_MAX more. Gives the new size. */
static size_t edit(uint8_t *bytes, size_t size, uint32_t *random)
{
	static const char telling[] = "\"'\\{}[]:,-#&*!|>?%@`~ \t\n\r0159eEuxn.+/";
	size_t at = random_below(random, size + 1);
	size_t from = random_below(random, size + 1);
	size_t length = random_below(random, PIECE_MAX) + 1;
	uint8_t piece[PIECE_MAX];
	switch (next_random(random) % 6) {
	case 0: /* a bit */
		if (at < size)
			bytes[at] ^= (uint8_t)(1u << random_below(random, 8));
		return size;
	case 1: /* a byte with a meaning */
		if (at < size)
			bytes[at] = (uint8_t)telling[random_below(random, sizeof telling - 1)];
		return size;
	case 2: /* a random byte */
		if (at < size)
			bytes[at] = (uint8_t)next_random(random);
		return size;
	case 3: /* cut off */ return at;
	case 4: /* a piece removed */
		length = length < size - at ? length : size - at;
		memmove(bytes + at, bytes + at + length, size - at - length);
		return size - length;
	default: /* a piece repeated */
		length = length < size - from ? length : size - from;
		memcpy(piece, bytes + from, length);
		memmove(bytes + at + length, bytes + at, size - at);
		memcpy(bytes + at, piece, length);
		return size + length;
	}
}

static void give_mutations(const uint8_t *seed, size_t size)
{
	uint32_t random = 2463534242u ^ (uint32_t)size;
	uint8_t *bytes = malloc(size + (size_t)EDITS_MAX * PIECE_MAX + 1);
	if (!bytes)
		abort();
	for (int i = 0; i < MUTATIONS; i++) {
		size_t mutated = size;
		memcpy(bytes, seed, size);
		for (size_t left = random_below(&random, EDITS_MAX) + 1; left > 0; left--)
			mutated = edit(bytes, mutated, &random);
		give(bytes, mutated);
	}
	free(bytes);
}

static void fail(const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	failures++;
}

static void replay_file(const char *path)
{
	uint8_t *seed = malloc(SEED_BYTES_MAX + 1);
	FILE *file = fopen(path, "rb");
	if (!seed)
		abort();
	if (file) {
		size_t size = fread(seed, 1, SEED_BYTES_MAX + 1, file);
		printf("%s\n", path);
		fflush(stdout);
		if (ferror(file)) {
			fail(path, "could not be read");
		} else if (size > SEED_BYTES_MAX) {
			fail(path, "too large for a seed");
		} else {
			give(seed, size);
			give_mutations(seed, size);
			seeds++;
		}
		fclose(file);
	} else {
		fail(path, strerror(errno));
	}
	free(seed);
}

static void replay_directory(const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);
	if (count < 0) {
		fail(path, strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		size_t size = strlen(path) + strlen(name) + 2;
		char *file = malloc(size);
		if (!file)
			abort();
		snprintf(file, size, "%s/%s", path, name);
		if (name[0] != '.')
			replay_file(file);
		free(file);
		free(entries[i]);
	}
	free(entries);
}

static size_t count_files(const char *directory)
{
	DIR *stream = opendir(directory);
	size_t count = 0;
	for (struct dirent *entry; stream && (entry = readdir(stream));)
		count += entry->d_name[0] != '.';
	if (stream)
		closedir(stream);
	return count;
}

static bool is_directory(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int main(int argc, char **argv)
{
	/* If a target aborts, tests/run counts the seeds that it didn't reach. */
	size_t planned = 0;
	for (int i = 1; i < argc; i++)
		planned += is_directory(argv[i]) ? count_files(argv[i]) : 1;
	printf("%zu planned\n", planned);
	for (int i = 1; i < argc; i++) {
		if (is_directory(argv[i]))
			replay_directory(argv[i]);
		else
			replay_file(argv[i]);
	}
	if (seeds == 0)
		fail("replay", "no seed was given");
	printf("%zu inputs\n%zu passed, %zu failed\n", inputs, seeds, failures);
	return failures > 0;
}
