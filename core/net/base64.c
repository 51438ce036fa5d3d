/* SPDX-License-Identifier: Apache-2.0 */
/* base64.c - keys and signatures as text; see base64.h. */
#include "net/base64.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <string.h>

bool
base64_take(const char *text, size_t length, uint8_t *out, size_t n)
{
	uint8_t bytes[BASE64(BASE64_BYTES_MOST)];
	char again[BASE64(BASE64_BYTES_MOST) + 1];
	bool ok;

	if (n > BASE64_BYTES_MOST || length != BASE64(n) ||
		EVP_DecodeBlock(bytes, (const uint8_t *)text, (int)length) < (int)n)
		return false;
	base64_text(bytes, n, again);
	ok = memcmp(again, text, length) == 0;
	if (ok)
		memcpy(out, bytes, n);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	OPENSSL_cleanse(again, sizeof(again));
	return ok;
}

void
base64_text(const uint8_t *p, size_t n, char *out)
{
	EVP_EncodeBlock((uint8_t *)out, p, (int)n);
}
