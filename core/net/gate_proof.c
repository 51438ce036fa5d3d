/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_proof.c - who sends a request: the bearer of a token, or the holder of a
 * certificate by an authority of client_ca_file; see gate_web.h.
 *
 * A certificate names the agent as its common name, or as subject alternative
 * name: the URI urn:uuid:UUID or the DNS name UUID.  Either way the agent must be
 * among the keys: revoking those ends the certificate's use, too.
 */
#include "net/gate_web.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <strings.h>

#define BEARER "Bearer "
#define URN "urn:uuid:"

static bool
is_uuid(const char *s)
{
	return strlen(s) == UUID_TEXT - 1 && strspn(s, "0123456789abcdef-") == UUID_TEXT - 1;
}

/* ---- certificates ---- */

/* Why a certificate does not hold, in the order of what helps most. */
static const struct {
	unsigned flag;
	const char *why;
} faults[] = {
	{ GNUTLS_CERT_EXPIRED, "the client certificate has expired" },
	{ GNUTLS_CERT_NOT_ACTIVATED, "the client certificate is not valid yet" },
	{ GNUTLS_CERT_SIGNER_NOT_FOUND,
		"the client certificate is by no authority of client_ca_file" },
	{ ~0u, "the client certificate does not hold" },
};

static bool
name_in_san(gnutls_x509_crt_t crt, char agent[static UUID_TEXT])
{
	char name[256];
	size_t n = sizeof(name) - 1;
	int type;

	for (unsigned i = 0;
		(type = gnutls_x509_crt_get_subject_alt_name(crt, i, name, &n, NULL)) >= 0;
		i++, n = sizeof(name) - 1) {
		const char *uuid = name;

		name[n] = 0;
		if (type == GNUTLS_SAN_URI && strncmp(name, URN, sizeof(URN) - 1) == 0)
			uuid = name + sizeof(URN) - 1;
		else if (type != GNUTLS_SAN_DNSNAME)
			continue;
		if (is_uuid(uuid)) {
			memcpy(agent, uuid, UUID_TEXT);
			return true;
		}
	}
	return false;
}

static bool
name_in(const gnutls_datum_t *der, char agent[static UUID_TEXT])
{
	gnutls_x509_crt_t crt;
	char name[256];
	size_t n = sizeof(name);
	bool found = false;

	if (gnutls_x509_crt_init(&crt) < 0)
		return false;
	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) >= 0) {
		found = name_in_san(crt, agent);
		if (!found &&
			gnutls_x509_crt_get_dn_by_oid(crt, GNUTLS_OID_X520_COMMON_NAME, 0, 0, name,
				&n) >= 0 &&
			is_uuid(name)) {
			memcpy(agent, name, UUID_TEXT);
			found = true;
		}
	}
	gnutls_x509_crt_deinit(crt);
	return found;
}

/* 0: it showed none. */
static uint32_t
by_certificate(struct MHD_Connection *connection, char agent[static UUID_TEXT], struct why *why)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
	gnutls_session_t session = info != NULL ? info->tls_session : NULL;
	const gnutls_datum_t *chain;
	unsigned n = 0, status = 0;

	if (session == NULL || (chain = gnutls_certificate_get_peers(session, &n)) == NULL ||
		n == 0)
		return 0;
	if (gnutls_certificate_verify_peers3(session, NULL, &status) < 0)
		status = ~0u;
	for (size_t i = 0; status != 0 && i < COUNT(faults); i++)
		if ((status & faults[i].flag) != 0) {
			why_set(why, "%s", faults[i].why);
			return 401;
		}
	if (name_in(&chain[0], agent))
		return 200;
	why_set(why, "the client certificate names no agent");
	return 403;
}

/* ---- tokens ---- */

static uint32_t
by_token(const struct gate *g, const char *authorization, char agent[static UUID_TEXT],
	struct why *why)
{
	const struct gate_key *key = NULL;

	if (strncasecmp(authorization, BEARER, sizeof(BEARER) - 1) == 0)
		key = gate_key_of_token(g, authorization + sizeof(BEARER) - 1);
	if (key == NULL) {
		why_set(why, "the token is not known here");
		return 401;
	}
	memcpy(agent, key->agent, UUID_TEXT);
	return 200;
}

uint32_t
proof_of(struct gate *g, struct MHD_Connection *connection, char agent[static UUID_TEXT],
	struct why *why)
{
	const char *authorization = MHD_lookup_connection_value(connection, MHD_HEADER_KIND,
		MHD_HTTP_HEADER_AUTHORIZATION);
	uint32_t status;

	if (authorization != NULL)
		return by_token(g, authorization, agent, why);
	status = *g->settings.client_ca != 0 ? by_certificate(connection, agent, why) : 0;
	if (status == 0) {
		why_set(why, "neither a token nor a client certificate was shown");
		return 401;
	}
	if (status == 200 && gate_key_of(g, agent, 0) == NULL) {
		why_set(why, "the agent of the client certificate may not send here");
		return 403;
	}
	return status;
}
