/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_tls.c - which keys are taken from a printer: the one seen first, any, or
 * those an authority has signed; by range, as the site says.
 */
#include "net/page_inside.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>

enum tls_trust
page_trust(const struct page *g)
{
	const struct peer *p = g->ask->peer;

	if (match_has(&p->role->tls_ca, &p->address))
		return TLS_CA;
	if (match_has(&p->role->tls_any, &p->address))
		return TLS_ANY;
	return p->role->settings.tls;
}

/* The printer's key, as curl writes pins. */
void
page_see_key(struct page *g)
{
	struct curl_tlssessioninfo *session = NULL;
	uint8_t *der = NULL, digest[32];
	X509 *certificate;
	int n;

	if (curl_easy_getinfo(g->easy, CURLINFO_TLS_SSL_PTR, &session) != CURLE_OK ||
		session == NULL || session->internals == NULL ||
		session->backend != CURLSSLBACKEND_OPENSSL ||
		(certificate = SSL_get0_peer_certificate(session->internals)) == NULL)
		return;
	certificate_say(session->internals, g->odd);
	n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	if (n > 0 && EVP_Digest(der, (size_t)n, digest, NULL, EVP_sha256(), NULL) == 1)
		EVP_EncodeBlock((uint8_t *)g->pin, digest, sizeof(digest));
	OPENSSL_free(der);
}

/* Old firmware: no secure renegotiation, no close_notify.  What is secret goes another way. */
static CURLcode
on_tls_context(CURL *easy, void *context, void *arg)
{
	struct page *g = arg;
	struct pages *all = pages_of(g);

	(void)easy;
	SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
	if (page_trust(g) == TLS_CA && all->authorities != NULL)
		SSL_CTX_set1_cert_store(context, all->authorities);
	return CURLE_OK;
}

void
page_set_tls(struct page *g)
{
	const struct peer *p = g->ask->peer;
	bool verify = page_trust(g) == TLS_CA;
	char pin[64];

	curl_easy_setopt(g->easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
	curl_easy_setopt(g->easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
	curl_easy_setopt(g->easy, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(g->easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(g->easy, CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
	curl_easy_setopt(g->easy, CURLOPT_SSL_CTX_DATA, g);
	if (!verify) {
		curl_easy_setopt(g->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
		curl_easy_setopt(g->easy, CURLOPT_SSL_CIPHER_LIST, "ALL:@SECLEVEL=0");
	}
	if (page_trust(g) == TLS_PIN && p->pin[0] != 0) {
		snprintf(pin, sizeof(pin), "sha256//%s", p->pin);
		curl_easy_setopt(g->easy, CURLOPT_PINNEDPUBLICKEY, pin);
	}
}

void
page_tell_unsigned(struct page *g)
{
	long result = X509_V_OK;

	curl_easy_getinfo(g->easy, CURLINFO_SSL_VERIFYRESULT, &result);
	snprintf(g->odd, sizeof(g->odd), "not believed (%s), its pages are not read",
		result != X509_V_OK ? X509_verify_cert_error_string(result) : "another name");
}

void
page_tell_changed_key(struct page *g)
{
	struct peer *p = g->ask->peer;
	char address[ADDRESS_TEXT];

	snprintf(g->odd, sizeof(g->odd), "another key than before, its pages are not read");
	if (p->key_told)
		return;
	p->key_told = true;
	address_format(&p->address, address);
	role_log(p->role, LOG_WARN,
		"%s shows another TLS key than before: its pages are not read; "
		"if the printer was replaced or reset, `platen forget %s`",
		address, address);
}
