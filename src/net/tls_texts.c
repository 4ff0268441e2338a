/* tls_texts.c - see tls_texts.h. */
#ifdef CHAINGATE_STATIC
/* OpenSSL 3 has no other way to read the table after its start. */
#define OPENSSL_SUPPRESS_DEPRECATED
#endif
#include "tls_texts.h"

#ifdef CHAINGATE_STATIC
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The number of an error in words without texts: eight hexadecimal digits between these. */
#define BEFORE_NUMBER "error:"
#define NUMBER_DIGITS 8
#define AFTER_NUMBER ":lib("
#define BEFORE_END "reason("

/* Longer than any text of OpenSSL's. */
#define TEXT_BYTES 256

void tls_texts_delay(void)
{
	/* If it fails, libcurl's own start will say so. */
	OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_SSL_STRINGS | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS, NULL);
}

/* Those of the parts that a connection or a certificate can fail in. OpenSSL keeps two tables to itself, of its providers and decoders: their errors
 * get the part's name, and keep their number. */
static void read_texts(void)
{
	ERR_load_ERR_strings();
	ERR_load_SSL_strings();
	ERR_load_X509_strings();
	ERR_load_X509V3_strings();
	ERR_load_EVP_strings();
	ERR_load_RSA_strings();
	ERR_load_DSA_strings();
	ERR_load_EC_strings();
	ERR_load_DH_strings();
	ERR_load_BN_strings();
	ERR_load_ASN1_strings();
	ERR_load_PEM_strings();
	ERR_load_PKCS7_strings();
	ERR_load_PKCS12_strings();
	ERR_load_BIO_strings();
	ERR_load_CONF_strings();
	ERR_load_CRYPTO_strings();
	ERR_load_RAND_strings();
	ERR_load_OBJ_strings();
	ERR_load_OCSP_strings();
	ERR_load_CT_strings();
	ERR_load_OSSL_STORE_strings();
}

/* Where "error:0A000126:lib(" begins in the words; NULL: nowhere. Other words may have "error:", too. */
static char *numbered(char *words)
{
	char *digits_end, *at = words;
	while ((at = strstr(at, BEFORE_NUMBER))) {
		strtoul(at + strlen(BEFORE_NUMBER), &digits_end, 16);
		if (digits_end == at + strlen(BEFORE_NUMBER) + NUMBER_DIGITS &&
		    strncmp(digits_end, AFTER_NUMBER, strlen(AFTER_NUMBER)) == 0)
			return at;
		at += strlen(BEFORE_NUMBER);
	}
	return NULL;
}

void tls_texts_add(char *words, size_t size)
{
	char *begin = numbered(words), *end = begin ? strstr(begin, BEFORE_END) : NULL;
	end = end ? strchr(end, ')') : NULL;
	if (!end)
		return;
	char text[TEXT_BYTES], rest[TEXT_BYTES];
	read_texts();
	ERR_error_string_n(strtoul(begin + strlen(BEFORE_NUMBER), NULL, 16), text, sizeof(text));
	snprintf(rest, sizeof(rest), "%s", end + 1);
	snprintf(begin, size - (size_t)(begin - words), "%s%s", text, rest);
}
#else
void tls_texts_delay(void)
{
}

void tls_texts_add(char *words, size_t size)
{
	(void)words;
	(void)size;
}
#endif
