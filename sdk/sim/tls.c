/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS in front of a printer's pages: a key and a self-signed certificate of its own.
 *
 * Both are made at the printer's first connection and live until the process ends; another run has
 * other keys. It asks for no client certificate and resumes no session.
 */
#include "sim.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#define DAY (24L * 3600)
#define WEAK_BITS 1024

/* What a printer shows. */
struct identity {
	SSL_CTX *context;
	bool last; /* after a change of keys */
};

static struct identity *identities; /* one for each printer */

/* ---- key and certificate ------------------------------------------------------------------- */

static EVP_PKEY *
key_make(const struct printer *p)
{
	if (p->fault[FAULT_TLS_WEAK])
		return EVP_RSA_gen(WEAK_BITS);
	return EVP_EC_gen("P-256");
}

static void
name_set(X509 *certificate, const struct printer *p)
{
	X509_NAME *name = X509_get_subject_name(certificate);
	struct addr_text address = addr_text(p->addr);

	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)address.s, -1,
		-1, 0);
	X509_set_issuer_name(certificate, name);
}

static X509 *
certificate_make(const struct printer *p, EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	long shift = p->fault[FAULT_TLS_EXPIRED] ? -3650 * DAY : 0;

	if (certificate == NULL)
		return NULL;
	X509_set_version(certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), (long)p->index + 1);
	X509_gmtime_adj(X509_getm_notBefore(certificate), shift - DAY);
	X509_gmtime_adj(X509_getm_notAfter(certificate), shift + 365 * DAY);
	X509_set_pubkey(certificate, key);
	name_set(certificate, p);
	if (X509_sign(certificate, key, EVP_sha256()) > 0)
		return certificate;
	X509_free(certificate);
	return NULL;
}

static SSL_CTX *
context_make(const struct printer *p)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = key_make(p);
	X509 *certificate = key ? certificate_make(p, key) : NULL;
	bool old = p->fault[FAULT_TLS_OLD] != NULL;

	if (context != NULL) {
		SSL_CTX_set_security_level(context, 0);
		SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(context, old ? TLS1_VERSION : TLS1_3_VERSION);
		SSL_CTX_set_mode(context,
			SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	}
	if (context == NULL || certificate == NULL ||
		SSL_CTX_use_certificate(context, certificate) != 1 ||
		SSL_CTX_use_PrivateKey(context, key) != 1) {
		complain("TLS of %s: no certificate: %s", addr_text(p->addr).s,
			ERR_reason_error_string(ERR_peek_last_error()));
		SSL_CTX_free(context);
		context = NULL;
	}
	X509_free(certificate);
	EVP_PKEY_free(key);
	return context;
}

static SSL_CTX *
context_of(struct sim *sim, const struct printer *p)
{
	const struct fault *rekey = p->fault[FAULT_TLS_REKEY];
	struct identity *own;

	if (identities == NULL) {
		identities = must_realloc(NULL, sim->printer_count, sizeof *identities);
		memset(identities, 0, sim->printer_count * sizeof *identities);
	}
	own = &identities[p->index];
	if (rekey && !own->last && (double)sim->now_ms >= rekey->number * 1000) {
		SSL_CTX_free(own->context);
		*own = (struct identity){ .last = true };
	}
	if (own->context == NULL)
		own->context = context_make(p);
	return own->context;
}

/* ---- a connection -------------------------------------------------------------------------- */

struct ssl_st *
tls_new(struct sim *sim, const struct printer *p, int fd)
{
	SSL_CTX *context = context_of(sim, p);
	SSL *tls = context ? SSL_new(context) : NULL;

	if (tls == NULL || SSL_set_fd(tls, fd) != 1) {
		SSL_free(tls);
		return NULL;
	}
	SSL_set_accept_state(tls);
	return tls;
}

/*
 * What a call that moved nothing means. Waiting to write while reading is a handshake that does
 * not fit the socket's buffer: it always does.
 */
static ssize_t
outcome(SSL *tls, int result)
{
	switch (SSL_get_error(tls, result)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		errno = EAGAIN;
		return -1;
	case SSL_ERROR_ZERO_RETURN:
		return 0;
	default:
		errno = EPROTO;
		return -1;
	}
}

ssize_t
tls_read(struct ssl_st *tls, void *buf, size_t size)
{
	size_t n;
	int result;

	ERR_clear_error();
	result = SSL_read_ex(tls, buf, size, &n);
	return result == 1 ? (ssize_t)n : outcome(tls, result);
}

ssize_t
tls_write(struct ssl_st *tls, const void *buf, size_t len)
{
	size_t n;
	int result;

	ERR_clear_error();
	result = SSL_write_ex(tls, buf, len, &n);
	return result == 1 ? (ssize_t)n : outcome(tls, result);
}

bool
tls_has_more(const struct ssl_st *tls)
{
	return SSL_pending(tls) > 0;
}

void
tls_free(struct ssl_st *tls)
{
	SSL_shutdown(tls);
	SSL_free(tls);
	ERR_clear_error();
}
