/* digest.c - see digest.h. */
#include "digest.h"

#include "chaingate/arena.h"

#include <openssl/evp.h>
#include <stdio.h>

void digest_make(struct text text, char out[DIGEST_LETTERS + 1])
{
	unsigned char bytes[DIGEST_LETTERS / 2];
	unsigned int length = 0;
	/* It fails only if memory runs out. */
	if (!EVP_Digest(text.bytes, text.length, bytes, &length, EVP_sha256(), NULL) || length != sizeof(bytes))
		memory_exhausted();
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

void report_digest(struct text text, char out[REPORT_DIGEST_LETTERS + 1])
{
	digest_make(text, out);
}
