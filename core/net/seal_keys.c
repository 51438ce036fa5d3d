/* SPDX-License-Identifier: Apache-2.0 */
/* seal_keys.c - HKDF-SHA256 and HMAC-SHA256 by OpenSSL; see seal_keys.h. */
#include "net/seal_keys.h"
#include "net/base64.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SALT "platen seal 1"
#define LABEL_MOST 16 /* bytes of a label */

/* ---- text ---- */

bool
seal_secret_parse(const char *text, struct seal_secret *out, struct why *why)
{
	const char *colon = strchr(text, ':');
	char number[16];
	uint32_t id;

	if (colon == NULL || colon - text >= (ptrdiff_t)sizeof(number))
		return why_set(why,
			"holds no seal key; it is one line, KEYID:KEY, as "
			"`platen keys new` prints it");
	memcpy(number, text, (size_t)(colon - text));
	number[colon - text] = 0;
	if (!text_u32(number, 1, UINT32_MAX, &id))
		return why_set(why,
			"does not begin with the number of a key, from 1; copy the "
			"line that `platen keys new` printed");
	if (!base64_take(colon + 1, strlen(colon + 1), out->key, sizeof(out->key)))
		return why_set(why,
			"holds no 32 bytes in base64 behind the colon; copy the line "
			"that `platen keys new` printed");
	out->id = id;
	return true;
}

void
seal_secret_text(const struct seal_secret *s, char out[static SEAL_KEY_TEXT])
{
	int n = snprintf(out, SEAL_KEY_TEXT, "%" PRIu32 ":", s->id);

	base64_text(s->key, sizeof(s->key), out + n);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Where hyphens stand in a UUID's text (RFC 9562, 4). */
static bool
is_hyphen(int at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

bool
seal_agent_parse(const char *uuid, uint8_t out[static SEAL_AGENT_BYTES])
{
	uint8_t bytes[SEAL_AGENT_BYTES];
	int n = 0;

	if (strlen(uuid) != UUID_TEXT - 1)
		return false;
	for (int at = 0; at < UUID_TEXT - 1; at++) {
		int digit = hex_digit(uuid[at]);

		if (is_hyphen(at)) {
			if (uuid[at] != '-')
				return false;
			continue;
		}
		if (digit < 0)
			return false;
		bytes[n / 2] = (uint8_t)(n % 2 == 0 ? digit << 4 : bytes[n / 2] | digit);
		n++;
	}
	memcpy(out, bytes, sizeof(bytes));
	return true;
}

void
seal_agent_text(const uint8_t agent[static SEAL_AGENT_BYTES], char out[static UUID_TEXT])
{
	int n = 0;

	for (int at = 0; at < UUID_TEXT - 1; at++) {
		if (is_hyphen(at)) {
			out[at] = '-';
			continue;
		}
		out[at] = "0123456789abcdef"[n % 2 == 0 ? agent[n / 2] >> 4 : agent[n / 2] & 15];
		n++;
	}
	out[UUID_TEXT - 1] = 0;
}

/* ---- derivation ---- */

/* HKDF-SHA256 (RFC 5869): 32 bytes of key for one label, one key id and one agent. */
static void
derive(const uint8_t *key, const char *label, uint32_t id, const uint8_t *agent, uint8_t *out)
{
	uint8_t info[LABEL_MOST + 4 + SEAL_AGENT_BYTES];
	size_t n = strlen(label);
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *c = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	OSSL_PARAM params[5];

	memcpy(info, label, n);
	for (int i = 0; i < 4; i++)
		info[n++] = (uint8_t)(id >> (24 - 8 * i));
	memcpy(info + n, agent, SEAL_AGENT_BYTES);
	n += SEAL_AGENT_BYTES;
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, "SHA256", 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, SALT, strlen(SALT));
	params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key,
		SEAL_KEY_BYTES);
	params[3] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, n);
	params[4] = OSSL_PARAM_construct_end();
	if (c == NULL || EVP_KDF_derive(c, out, SEAL_KEY_BYTES, params) != 1)
		die("HKDF with SHA-256 is missing from OpenSSL");
	EVP_KDF_CTX_free(c);
	EVP_KDF_free(kdf);
}

void
seal_secret_derive(const uint8_t master[static SEAL_KEY_BYTES],
	const uint8_t agent[static SEAL_AGENT_BYTES], struct seal_secret *out)
{
	derive(master, "agent", out->id, agent, out->key);
}

void
seal_keys_make(struct seal_keys *k, const struct seal_secret *s,
	const uint8_t agent[static SEAL_AGENT_BYTES])
{
	k->id = s->id;
	memcpy(k->agent, agent, sizeof(k->agent));
	derive(s->key, "request", s->id, agent, k->request);
	derive(s->key, "receipt", s->id, agent, k->receipt);
	derive(s->key, "device", s->id, agent, k->device);
}

void
seal_device(const struct seal_keys *k, const char *device, uint8_t out[static SEAL_DEVICE_BYTES])
{
	uint8_t digest[32];
	unsigned n = 0;

	if (HMAC(EVP_sha256(), k->device, sizeof(k->device), (const uint8_t *)device,
		    strlen(device), digest, &n) == NULL ||
		n != sizeof(digest))
		die("HMAC with SHA-256 is missing from OpenSSL");
	memcpy(out, digest, SEAL_DEVICE_BYTES);
}
