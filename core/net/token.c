/* SPDX-License-Identifier: Apache-2.0 */
/* token.c - tokens of agents; see token.h. */
#include "net/token.h"

#include "net/base64.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>
#include <sys/random.h>

_Static_assert(TOKEN_TEXT == BASE64(32) + 1, "");

bool
token_make(char out[static TOKEN_TEXT], struct why *why)
{
	uint8_t bits[32];

	if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
		return why_set(why, "no random bytes: %s", strerror(errno));
	base64_text(bits, sizeof(bits), out);
	OPENSSL_cleanse(bits, sizeof(bits));
	return true;
}

void
token_hash(const char *token, uint8_t out[static TOKEN_HASH])
{
	SHA256((const uint8_t *)token, strlen(token), out);
}
