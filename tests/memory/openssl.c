/* openssl.c - what the memory sanitizer can't see: OpenSSL isn't built with it, so it takes for unwritten what OpenSSL wrote. */
#include <openssl/evp.h>
#include <sanitizer/msan_interface.h>

int __real_EVP_Digest(const void *data, size_t length, unsigned char *digest, unsigned int *size, const EVP_MD *type,
		      ENGINE *engine);
int __wrap_EVP_Digest(const void *data, size_t length, unsigned char *digest, unsigned int *size, const EVP_MD *type,
		      ENGINE *engine);

/* The linker puts this in place of EVP_Digest (--wrap). What is read is still checked. */
int __wrap_EVP_Digest(const void *data, size_t length, unsigned char *digest, unsigned int *size, const EVP_MD *type,
		      ENGINE *engine)
{
	__msan_check_mem_is_initialized(data, length);
	__msan_scoped_disable_interceptor_checks();
	int is_made = __real_EVP_Digest(data, length, digest, size, type, engine);
	__msan_scoped_enable_interceptor_checks();
	if (size)
		__msan_unpoison(size, sizeof(*size));
	__msan_unpoison(digest, (size_t)EVP_MD_get_size(type));
	return is_made;
}
