/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature.c - hashes, keys and signatures; see signature.h.
 *
 * Here because OpenSSL may be included in core/net alone; it makes no socket.
 */
#include "net/signature.h"
#include "net/base64.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <stdio.h>
#include <string.h>

#define HEAD "platen-signature 1"
#define HEX "0123456789abcdef"

/* ---- text ---- */

static void
hex(const uint8_t *p, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		out[2 * i] = HEX[p[i] >> 4];
		out[2 * i + 1] = HEX[p[i] & 15];
	}
	out[2 * n] = 0;
}

/* The next line of *text without its end; what follows is left in *text and *n. */
static const char *
next_line(const char **text, size_t *n, size_t *length)
{
	const char *line = *text, *end = memchr(line, '\n', *n);
	size_t taken = end != NULL ? (size_t)(end - line) + 1 : *n;

	*length = end != NULL ? taken - 1 : taken;
	if (*length > 0 && line[*length - 1] == '\r')
		(*length)--;
	*text += taken;
	*n -= taken;
	return line;
}

/* ---- hashes and ids ---- */

void
sha256_text(const void *p, size_t n, char out[static SHA256_TEXT])
{
	uint8_t digest[32];

	if (EVP_Digest(p, n, digest, NULL, EVP_sha256(), NULL) != 1)
		die("SHA-256 is missing from OpenSSL");
	hex(digest, sizeof(digest), out);
}

static void
key_name(struct public_key *key)
{
	char digest[SHA256_TEXT];

	sha256_text(key->bytes, sizeof(key->bytes), digest);
	text_copy(key->id, sizeof(key->id), digest);
}

/* ---- signatures as text ---- */

bool
signature_parse(const char *text, size_t n, struct signature *out, struct why *why)
{
	static const char key[] = "key ";
	size_t length;
	const char *line = next_line(&text, &n, &length);

	if (length != strlen(HEAD) || memcmp(line, HEAD, length) != 0)
		return why_set(why, "does not begin with \"" HEAD "\"");
	line = next_line(&text, &n, &length);
	if (length != strlen(key) + KEY_ID_TEXT - 1 || memcmp(line, key, strlen(key)) != 0)
		return why_set(why, "has no \"key\" and 16 digits in its second line");
	line += strlen(key);
	for (size_t i = 0; i < KEY_ID_TEXT - 1; i++)
		if (line[i] == 0 || strchr(HEX, line[i]) == NULL)
			return why_set(why, "has no \"key\" and 16 digits in its second line");
	memcpy(out->key, line, KEY_ID_TEXT - 1);
	out->key[KEY_ID_TEXT - 1] = 0;
	line = next_line(&text, &n, &length);
	if (!base64_take(line, length, out->bytes, sizeof(out->bytes)))
		return why_set(why, "has no signature in its third line: 88 characters of base64");
	return n == 0 || why_set(why, "goes on behind its third line");
}

void
signature_text(const struct signature *s, struct buf *out)
{
	char text[BASE64(SIGNATURE_BYTES) + 1];

	base64_text(s->bytes, sizeof(s->bytes), text);
	buf_format(out, HEAD "\nkey %s\n%s\n", s->key, text);
}

/* ---- keys ---- */

static bool
is_ed25519(const EVP_PKEY *key)
{
	return key != NULL && EVP_PKEY_id(key) == EVP_PKEY_ED25519;
}

static bool
public_half(const EVP_PKEY *key, struct public_key *out)
{
	size_t n = sizeof(out->bytes);

	if (EVP_PKEY_get_raw_public_key(key, out->bytes, &n) != 1 || n != sizeof(out->bytes))
		return false;
	key_name(out);
	return true;
}

static bool
public_from_pem(const char *text, size_t n, struct public_key *out, struct why *why)
{
	BIO *bio = BIO_new_mem_buf(text, (int)n);
	EVP_PKEY *key = bio != NULL ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
	bool ok = is_ed25519(key) && public_half(key, out);

	EVP_PKEY_free(key);
	BIO_free(bio);
	ERR_clear_error();
	return ok || why_set(why, "is no public key of Ed25519");
}

bool
public_key_parse(const char *text, size_t n, struct public_key *out, struct why *why)
{
	size_t length;
	const char *line;

	if (n > MAX_KEY_FILE)
		return why_set(why, "is larger than %d bytes", MAX_KEY_FILE);
	/* By hand-over, mail or mistake: it must not lie where public keys do. */
	if (memmem(text, n, "PRIVATE KEY", 11) != NULL)
		return why_set(why, "holds a private key, which belongs to whoever signs");
	if (memmem(text, n, "-----BEGIN ", 11) != NULL)
		return public_from_pem(text, n, out, why);
	line = next_line(&text, &n, &length);
	if (n > 0 || !base64_take(line, length, out->bytes, sizeof(out->bytes)))
		return why_set(why, "is neither a public key in PEM nor 32 bytes in base64");
	key_name(out);
	return true;
}

/* ---- signing ---- */

bool
signature_holds(const struct signature *s, const struct public_key *key, const void *p, size_t n)
{
	EVP_PKEY *k =
		EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, sizeof(key->bytes));
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool ok = k != NULL && c != NULL && EVP_DigestVerifyInit(c, NULL, NULL, NULL, k) == 1 &&
		EVP_DigestVerify(c, s->bytes, sizeof(s->bytes), p, n) == 1;

	EVP_MD_CTX_free(c);
	EVP_PKEY_free(k);
	ERR_clear_error();
	return ok;
}

bool
signature_make(const char *pem, size_t n, const void *bytes, size_t nbytes, struct signature *out,
	struct public_key *half, struct why *why)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)n);
	/* No passphrase is asked for: "" ends the attempt. */
	char none[] = "";
	EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, NULL, none) : NULL;
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	size_t length = sizeof(out->bytes);
	bool ok = is_ed25519(key) && public_half(key, half);

	if (!ok)
		why_set(why,
			"holds no private key of Ed25519 in PEM without a passphrase; "
			"`platen sign --new-key FILE` makes one");
	else if (c == NULL || EVP_DigestSignInit(c, NULL, NULL, NULL, key) != 1 ||
		EVP_DigestSign(c, out->bytes, &length, bytes, nbytes) != 1)
		ok = why_set(why, "could not be used to sign");
	if (ok)
		memcpy(out->key, half->id, sizeof(out->key));
	EVP_MD_CTX_free(c);
	EVP_PKEY_free(key);
	BIO_free(bio);
	ERR_clear_error();
	return ok;
}

static void
bio_take(BIO *bio, struct buf *out)
{
	char *p;
	long n = BIO_get_mem_data(bio, &p);

	buf_add(out, p, n > 0 ? (size_t)n : 0);
}

bool
key_make(struct buf *private_pem, struct buf *public_pem, struct public_key *half, struct why *why)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	BIO *secret = BIO_new(BIO_s_mem()), *open = BIO_new(BIO_s_mem());
	bool ok = key != NULL && secret != NULL && open != NULL && public_half(key, half) &&
		PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) == 1 &&
		PEM_write_bio_PUBKEY(open, key) == 1;

	if (ok) {
		bio_take(secret, private_pem);
		bio_take(open, public_pem);
	} else {
		why_set(why, "no key could be made: OpenSSL has no Ed25519");
	}
	EVP_PKEY_free(key);
	BIO_free(secret);
	BIO_free(open);
	ERR_clear_error();
	return ok;
}
