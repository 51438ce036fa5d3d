/* SPDX-License-Identifier: Apache-2.0 */
/*
 * certificate.c - looks at the certificate a printer has shown and the protocol
 * it speaks; see certificate.h.  Believes and refuses nothing: page.c does.
 */
#include "net/certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Below these a key is weak (NIST SP 800-57, 112 bits). */
#define RSA_BITS_LEAST 2048
#define EC_BITS_LEAST 224

static void add(char out[static ODD_MOST], const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void
add(char out[static ODD_MOST], const char *fmt, ...)
{
	size_t n = strlen(out);
	va_list args;

	if (n > 0)
		n += (size_t)snprintf(out + n, ODD_MOST - n, ", ");
	if (n >= ODD_MOST)
		return;
	va_start(args, fmt);
	vsnprintf(out + n, ODD_MOST - n, fmt, args);
	va_end(args);
}

static void
say_day(char out[static ODD_MOST], const char *what, const ASN1_TIME *t)
{
	struct tm day;

	if (ASN1_TIME_to_tm(t, &day) == 1)
		add(out, "%s %04d-%02d-%02d", what, day.tm_year + 1900, day.tm_mon + 1,
			day.tm_mday);
	else
		add(out, "%s on a day that is none", what);
}

static void
say_days(X509 *c, char out[static ODD_MOST])
{
	if (X509_cmp_current_time(X509_get0_notAfter(c)) < 0)
		say_day(out, "expired", X509_get0_notAfter(c));
	if (X509_cmp_current_time(X509_get0_notBefore(c)) > 0)
		say_day(out, "not valid before", X509_get0_notBefore(c));
}

static void
say_key(X509 *c, char out[static ODD_MOST])
{
	EVP_PKEY *key = X509_get0_pubkey(c);
	int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
	bool ec = key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;

	if (key == NULL)
		add(out, "a key of an unknown kind");
	else if (bits < (ec ? EC_BITS_LEAST : RSA_BITS_LEAST) &&
		EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519)
		add(out, "%d-bit %s key", bits, ec ? "EC" : "RSA");
}

/* Who signs himself could write any signature: how it was made says nothing then. */
static void
say_signature(X509 *c, char out[static ODD_MOST])
{
	int digest = NID_undef;

	if (X509_NAME_cmp(X509_get_subject_name(c), X509_get_issuer_name(c)) == 0) {
		add(out, "self-signed certificate");
		return;
	}
	X509_get_signature_info(c, &digest, NULL, NULL, NULL);
	if (digest == NID_md5 || digest == NID_sha1)
		add(out, "signed with %s", digest == NID_md5 ? "MD5" : "SHA-1");
}

void
certificate_say(SSL *ssl, char out[static ODD_MOST])
{
	X509 *c = SSL_get0_peer_certificate(ssl);

	out[0] = 0;
	if (c != NULL) {
		say_signature(c, out);
		say_days(c, out);
		say_key(c, out);
	}
	if (SSL_version(ssl) < TLS1_2_VERSION)
		add(out, "%s", SSL_get_version(ssl));
}
