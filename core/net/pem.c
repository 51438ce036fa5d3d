/* SPDX-License-Identifier: Apache-2.0 */
/* pem.c - certificates and keys, looked at before they are used; see net.h. */
#include "net/net.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

static BIO *
bio_of(const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)strlen(pem));

	if (bio == NULL)
		die("out of memory");
	return bio;
}

static X509 *
first_certificate(const char *pem)
{
	BIO *bio = bio_of(pem);
	X509 *x = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	BIO_free(bio);
	return x;
}

bool
pem_check_certificates(const char *pem, struct why *why)
{
	X509 *x = first_certificate(pem);
	bool ok = x != NULL;

	X509_free(x);
	ERR_clear_error();
	return ok ||
		why_set(why, "holds no certificate; write it as PEM (-----BEGIN CERTIFICATE-----)");
}

/* A key with a pass phrase asks nobody. */
static int
no_passphrase(char *to, int size, int writing, void *arg)
{
	(void)to, (void)size, (void)writing, (void)arg;
	return -1;
}

bool
pem_check_pair(const char *certificate, const char *key, struct why *why)
{
	X509 *x = first_certificate(certificate);
	BIO *bio = bio_of(key);
	EVP_PKEY *k = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	bool ok = true;

	if (x == NULL)
		ok = why_set(why, "cert_file holds no certificate; write it as PEM");
	else if (k == NULL)
		ok = why_set(why,
			"key_file holds no private key without a pass phrase; write it as PEM");
	else if (X509_check_private_key(x, k) != 1)
		ok = why_set(why, "key_file is not the key of the certificate in cert_file");
	else if (X509_cmp_current_time(X509_get0_notAfter(x)) < 0)
		ok = why_set(why, "the certificate in cert_file has expired; ask for a new one");
	X509_free(x);
	EVP_PKEY_free(k);
	BIO_free(bio);
	ERR_clear_error();
	return ok;
}
