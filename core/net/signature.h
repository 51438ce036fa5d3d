/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signature.h - who vouches for a plugin's file: SHA-256 and Ed25519 over its bytes.
 *
 * A signature is a small text file, so that it can be looked at, mailed and
 * checked by hand (openssl pkeyutl -verify -rawin):
 *
 *	platen-signature 1
 *	key 0123456789abcdef
 *	<88 characters: the 64 bytes of the Ed25519 signature in base64>
 *
 * The key's id is the beginning of the SHA-256 of its 32 bytes: it says which
 * key to try, nothing rests on it.  Knows bytes; files and what is to be
 * trusted are trust.h's.
 */
#ifndef PLATEN_SIGNATURE_H
#define PLATEN_SIGNATURE_H

#include "base/base.h"

#define MAX_KEY_FILE 4096 /* bytes of a file with a key */
#define MAX_SIGNATURE_FILE 1024 /* bytes of a file with a signature */

#define KEY_ID_TEXT 17 /* 16 digits and the NUL */
#define SHA256_TEXT 65 /* 64 digits and the NUL */
#define SIGNATURE_BYTES 64
#define PUBLIC_KEY_BYTES 32

struct public_key {
	char id[KEY_ID_TEXT];
	uint8_t bytes[PUBLIC_KEY_BYTES];
};

struct signature {
	char key[KEY_ID_TEXT]; /* the id of the key it was made with */
	uint8_t bytes[SIGNATURE_BYTES];
};

/* In hexadecimal, small letters. */
void sha256_text(const void *p, size_t n, char out[static SHA256_TEXT]);

/* A file's text; false: why says what is wrong with it, without naming the file. */
bool signature_parse(const char *text, size_t n, struct signature *, struct why *);
void signature_text(const struct signature *, struct buf *out);

/* PEM ("BEGIN PUBLIC KEY"), or the 32 bytes in base64 on one line. */
bool public_key_parse(const char *text, size_t n, struct public_key *, struct why *);

bool signature_holds(const struct signature *, const struct public_key *, const void *p, size_t n);

/* Sign with a private key in PEM; its public half goes to key. */
bool signature_make(const char *pem, size_t n, const void *bytes, size_t nbytes, struct signature *,
	struct public_key *key, struct why *);

/* A new pair of keys, both in PEM. */
bool key_make(struct buf *private_pem, struct buf *public_pem, struct public_key *, struct why *);

#endif
