/* authorities.c - collects the certificates to trust.
 *
 * libcurl can replace the certificates it trusts, but not add to them: with CURLOPT_CAINFO set to a user's file, the
 * public certificates would no longer verify. So if there is a file to add, the system's bundle and the file are
 * concatenated, and libcurl gets both as one piece of memory. A directory of certificates that libcurl was built with
 * is still used as well. Without a file, libcurl uses its built-in settings.
 *
 * The system's bundle is SSL_CERT_FILE if that is set, as for OpenSSL and the curl tool; else the one that libcurl was
 * built with. A libcurl that was built with none, as in the static program, gets the first of the places where
 * distributions keep theirs, because one file must work on all of them. A client without TLS reads none of this: the
 * machine may have no bundle.
 */
#include "request.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A bundle of all public authorities has 220 KiB. */
#define AUTHORITIES_MAX ((size_t)16 << 20)

/* Longest message about a path: the longest path that Linux accepts fits, with each byte made visible. */
#define PATH_SHOWN_MAX ((size_t)32 << 10)

/* Where distributions keep their bundle of public authorities. All have the same format. */
static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine, Arch */
	"/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, Red Hat and their derivatives */
	"/etc/ssl/ca-bundle.pem",                            /* SUSE */
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Red Hat, if an image lacks the file above, which is only
							      * a link */
	"/var/lib/ca-certificates/ca-bundle.pem",            /* SUSE, for the same reason */
	"/etc/ssl/cert.pem", /* Alpine without the package ca-certificates, the BSDs, macOS */
};

/* NULL: there is none, so no certificate is trusted. */
static const char *find_bundle(void)
{
	for (size_t i = 0; i < sizeof(bundles) / sizeof(*bundles); i++)
		if (access(bundles[i], R_OK) == 0)
			return bundles[i];
	return NULL;
}

static bool has_certificate(struct text pem)
{
	static const char mark[] = "CERTIFICATE-----";
	const size_t length = sizeof(mark) - 1;

	for (size_t i = 0; i + length <= pem.length; i++)
		if (memcmp(pem.bytes + i, mark, length) == 0)
			return true;
	return false;
}

/* Joins them with a newline between, in case the first has none at its end. */
static struct text join(struct arena *arena, struct text first, struct text second)
{
	size_t length = first.length + 1 + second.length;
	char *both = arena_alloc(arena, length);

	if (first.length)
		memcpy(both, first.bytes, first.length);
	both[first.length] = '\n';
	if (second.length)
		memcpy(both + first.length + 1, second.bytes, second.length);
	return (struct text){both, length};
}

/* `whose`: the setting that names the file, or "". */
static const char *could_not_read(struct arena *arena, const char *whose, const char *path, const char *why)
{
	struct buf message = buf_make(PATH_SHOWN_MAX);

	buf_printf(&message, "could not read the CA file%s '", whose);
	text_add_printable(&message, text_of(path));
	buf_printf(&message, "': %s", why);
	const char *kept =
		arena_string(arena, message.overflowed ? "could not read the CA file" : buf_string(&message));
	buf_release(&message);
	return kept;
}

const char *authorities_load(struct arena *arena, const char *ca_file, bool tls, struct authorities *out)
{
	const char *variable = getenv("SSL_CERT_FILE");
	const char *chosen = variable && *variable ? variable : NULL;
	const char *built_in = curl_version_info(CURLVERSION_NOW)->cainfo;
	const char *found = built_in ? NULL : find_bundle();
	const char *system = chosen ? chosen : built_in ? built_in : found;
	struct text added = {0}, present = {0};
	const char *why;

	if (ca_file) {
		if (!file_read(arena, ca_file, AUTHORITIES_MAX, &added, &why))
			return could_not_read(arena, "", ca_file, why);
		if (!has_certificate(added))
			return "the CA file contains no certificate in PEM form";
	}
	if (!tls)
		return NULL;
	if (!ca_file && !chosen) {
		out->path = found;
		return NULL;
	}
	/* A machine without the built-in bundle trusts only the added certificates, which is safe. A bundle that was
	 * named explicitly must exist. */
	if (system && !file_read(arena, system, AUTHORITIES_MAX, &present, &why)) {
		if (system == chosen)
			return could_not_read(arena, " that SSL_CERT_FILE names,", system, why);
		present = (struct text){0};
	}
	out->pem = join(arena, present, added);
	return NULL;
}
