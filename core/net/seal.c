/* SPDX-License-Identifier: Apache-2.0 */
/* seal.c - closing and opening envelopes with OpenSSL; see seal.h and sdk/ENVELOPE. */
#include "net/seal.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

#define PAD_LEAST 128 /* bytes of padded content at least: a receipt is as large as a request */
#define PAD_STEP 64 /* padded to a multiple of it */
#define PAD_SIXTEENTH 16 /* ... and of this part of its own size, rounded down to a power of two */
#define LENGTH 4 /* bytes of the content's length in front of it */
#define COUNTER 12

/* Where things stand in the head. */
enum {
	AT_MAGIC,
	AT_VERSION = 2,
	AT_KIND,
	AT_KEY,
	AT_AGENT = 8,
	AT_COUNTER = 24,
	AT_SESSION = 36,
	AT_LENGTH = 44
};

/* ---- numbers, highest byte first ---- */

static void
put(uint8_t *p, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

static uint64_t
get(const uint8_t *p, int bytes)
{
	uint64_t value = 0;

	for (int i = 0; i < bytes; i++)
		value = value << 8 | p[i];
	return value;
}

static void
put_counter(uint8_t *p, const struct seal_counter *c)
{
	put(p, c->block, 8);
	put(p + 8, c->count, 4);
}

static struct seal_counter
get_counter(const uint8_t *p)
{
	return (struct seal_counter){ get(p, 8), (uint32_t)get(p + 8, 4) };
}

/* ---- sizes ---- */

static size_t
padded(size_t n)
{
	size_t step = PAD_STEP;

	n += LENGTH;
	if (n < PAD_LEAST)
		return PAD_LEAST;
	while (step * 2 <= n / PAD_SIXTEENTH)
		step *= 2;
	return (n + step - 1) / step * step;
}

size_t
seal_size(size_t n)
{
	return SEAL_HEAD + padded(n) + SEAL_TAG;
}

size_t
seal_whole(const uint8_t *p)
{
	uint64_t length = get(p + AT_LENGTH, 4);

	if (p[AT_MAGIC] != 'P' || p[AT_MAGIC + 1] != 'S' ||
		length > SEAL_MOST - SEAL_HEAD - SEAL_TAG || length < PAD_LEAST)
		return 0;
	return SEAL_HEAD + (size_t)length + SEAL_TAG;
}

/* ---- the head ---- */

bool
seal_head_read(const uint8_t *p, size_t n, struct seal_head *h, struct why *why)
{
	if (n < SEAL_LEAST || p[AT_MAGIC] != 'P' || p[AT_MAGIC + 1] != 'S')
		return why_set(why, "is no sealed envelope");
	if (p[AT_VERSION] != SEAL_VERSION)
		return why_set(why, "is a sealed envelope of version %u, this platen knows %d",
			p[AT_VERSION], SEAL_VERSION);
	if (p[AT_KIND] < SEAL_HELLO || p[AT_KIND] > SEAL_RECEIPT)
		return why_set(why, "is a sealed envelope of the unknown kind %u", p[AT_KIND]);
	if (seal_whole(p) != n)
		return why_set(why, "is a sealed envelope that was cut or grew on its way");
	h->kind = p[AT_KIND];
	h->key = (uint32_t)get(p + AT_KEY, 4);
	memcpy(h->agent, p + AT_AGENT, sizeof(h->agent));
	h->counter = get_counter(p + AT_COUNTER);
	h->session = get(p + AT_SESSION, 8);
	h->length = (uint32_t)get(p + AT_LENGTH, 4);
	return true;
}

static void
head_write(const struct seal_keys *k, enum seal_kind kind, const struct seal_counter *counter,
	uint64_t session, size_t length, uint8_t *p)
{
	p[AT_MAGIC] = 'P';
	p[AT_MAGIC + 1] = 'S';
	p[AT_VERSION] = SEAL_VERSION;
	p[AT_KIND] = (uint8_t)kind;
	put(p + AT_KEY, k->id, 4);
	memcpy(p + AT_AGENT, k->agent, sizeof(k->agent));
	put_counter(p + AT_COUNTER, counter);
	put(p + AT_SESSION, session, 8);
	put(p + AT_LENGTH, length, 4);
}

/* ---- closing ---- */

static const uint8_t *
key_for(const struct seal_keys *k, enum seal_kind kind)
{
	return kind == SEAL_RECEIPT ? k->receipt : k->request;
}

/* Seal the n padded bytes behind the head at p, in place, and put the tag behind them. */
static void
encrypt(const uint8_t *key, uint8_t *p, size_t n)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t *text = p + SEAL_HEAD;
	int done = 0, last = 0;

	if (c == NULL ||
		EVP_EncryptInit_ex(c, EVP_chacha20_poly1305(), NULL, key, p + AT_COUNTER) != 1 ||
		EVP_EncryptUpdate(c, NULL, &done, p, SEAL_HEAD) != 1 ||
		EVP_EncryptUpdate(c, text, &done, text, (int)n) != 1 ||
		EVP_EncryptFinal_ex(c, text + done, &last) != 1 || (size_t)(done + last) != n ||
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG, text + n) != 1)
		die("ChaCha20-Poly1305 is missing from OpenSSL");
	EVP_CIPHER_CTX_free(c);
}

/* What is sealed is the front and then the content. */
static void
close_parts(const struct seal_keys *k, enum seal_kind kind, const struct seal_counter *counter,
	uint64_t session, const uint8_t *front, size_t nfront, const void *content, size_t n,
	struct buf *out)
{
	size_t length = padded(nfront + n);
	uint8_t *whole = mem_alloc(SEAL_HEAD + length + SEAL_TAG);
	uint8_t *text = whole + SEAL_HEAD;

	if (nfront + n > SEAL_CONTENT_MOST)
		die("%zu bytes are more than a sealed envelope carries", nfront + n);
	head_write(k, kind, counter, session, length, whole);
	put(text, nfront + n, LENGTH);
	if (nfront > 0)
		memcpy(text + LENGTH, front, nfront);
	if (n > 0)
		memcpy(text + LENGTH + nfront, content, n);
	encrypt(key_for(k, kind), whole, length);
	buf_add(out, whole, SEAL_HEAD + length + SEAL_TAG);
	free(whole);
}

void
seal_close(const struct seal_keys *k, enum seal_kind kind, const struct seal_counter *counter,
	uint64_t session, const void *content, size_t n, struct buf *out)
{
	close_parts(k, kind, counter, session, NULL, 0, content, n, out);
}

void
seal_receipt(const struct seal_keys *k, const struct seal_counter *request, uint64_t session,
	const void *content, size_t n, struct buf *out)
{
	struct seal_counter nonce = { random_u64(), (uint32_t)random_u64() };
	uint8_t front[COUNTER];

	put_counter(front, request);
	close_parts(k, SEAL_RECEIPT, &nonce, session, front, sizeof(front), content, n, out);
}

/* ---- opening ---- */

static bool
decrypt(const uint8_t *key, const uint8_t *p, size_t n, uint8_t *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	uint8_t tag[SEAL_TAG];
	int done = 0, last = 0;
	bool ok;

	memcpy(tag, p + SEAL_HEAD + n, sizeof(tag));
	ok = c != NULL &&
		EVP_DecryptInit_ex(c, EVP_chacha20_poly1305(), NULL, key, p + AT_COUNTER) == 1 &&
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, tag) == 1 &&
		EVP_DecryptUpdate(c, NULL, &done, p, SEAL_HEAD) == 1 &&
		EVP_DecryptUpdate(c, out, &done, p + SEAL_HEAD, (int)n) == 1 &&
		EVP_DecryptFinal_ex(c, out + done, &last) == 1 && (size_t)(done + last) == n;
	EVP_CIPHER_CTX_free(c);
	ERR_clear_error();
	return ok;
}

/* The content between its length and the padding, which is all zero. */
static bool
unpad(const uint8_t *text, size_t length, struct buf *out, struct why *why)
{
	uint64_t n = get(text, LENGTH);
	uint8_t other = 0;

	if (n > length - LENGTH || padded((size_t)n) != length)
		return why_set(why, "holds a length that its padding does not bear out");
	for (size_t i = LENGTH + (size_t)n; i < length; i++)
		other |= text[i];
	if (other != 0)
		return why_set(why, "holds something else than zeros in its padding");
	buf_add(out, text + LENGTH, (size_t)n);
	return true;
}

bool
seal_open(const struct seal_keys *k, const uint8_t *p, size_t n, struct seal_head *h,
	struct buf *content, struct why *why)
{
	uint8_t *text;
	bool ok;

	if (!seal_head_read(p, n, h, why))
		return false;
	if (h->key != k->id || memcmp(h->agent, k->agent, sizeof(h->agent)) != 0)
		return why_set(why, "is sealed with another key");
	text = mem_alloc(h->length);
	ok = decrypt(key_for(k, h->kind), p, h->length, text);
	if (!ok)
		why_set(why, "was altered on its way, or was sealed with another key");
	ok = ok && unpad(text, h->length, content, why);
	OPENSSL_cleanse(text, h->length);
	free(text);
	return ok;
}

bool
seal_open_receipt(const struct seal_keys *k, const struct seal_counter *request, const uint8_t *p,
	size_t n, struct seal_head *h, struct buf *content, struct why *why)
{
	struct buf all = { 0 };
	struct seal_counter answered = { 0 };
	bool ok = seal_open(k, p, n, h, &all, why);

	if (ok && (h->kind != SEAL_RECEIPT || all.n < COUNTER))
		ok = why_set(why, "is no receipt");
	if (ok)
		answered = get_counter(all.p);
	if (ok && (answered.block != request->block || answered.count != request->count))
		ok = why_set(why, "is a receipt for something else");
	if (ok)
		buf_add(content, all.p + COUNTER, all.n - COUNTER);
	buf_free(&all);
	return ok;
}
