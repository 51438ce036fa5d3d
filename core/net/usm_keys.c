/* SPDX-License-Identifier: Apache-2.0 */
/* usm_keys.c - users as the INI names them, and their keys for each engine; see usm_keys.h. */
#include "net/usm_keys.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define USER_NAME_MOST 32 /* RFC 3414, 5 */
#define PASSWORD_LEAST USM_LENGTH_P_MIN

/* One way to prove or to hide, as net-snmp numbers it. */
struct way {
	const char *word; /* in the INI */
	int type;
};

static const struct way auth_ways[] = {
	{ "md5", NETSNMP_USMAUTH_HMACMD5 },
	{ "sha", NETSNMP_USMAUTH_HMACSHA1 },
	{ "sha224", NETSNMP_USMAUTH_HMAC128SHA224 },
	{ "sha256", NETSNMP_USMAUTH_HMAC192SHA256 },
	{ "sha384", NETSNMP_USMAUTH_HMAC256SHA384 },
	{ "sha512", NETSNMP_USMAUTH_HMAC384SHA512 },
};

static const struct way priv_ways[] = {
	{ "des", USM_CREATE_USER_PRIV_DES },
	{ "aes", USM_CREATE_USER_PRIV_AES },
	{ "aes192", USM_CREATE_USER_PRIV_AES192 },
	{ "aes256", USM_CREATE_USER_PRIV_AES256 },
};

static bool
way_find(const struct way *ways, size_t n, const char *word, int *type)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ways[i].word, word) == 0) {
			*type = ways[i].type;
			return true;
		}
	return false;
}

static bool
user_ways(struct usm_user *u, struct why *why)
{
	const struct snmp_user *s = u->said;
	int type;

	if (s->auth[0] != 0) {
		if (!way_find(auth_ways, COUNT(auth_ways), s->auth, &type) ||
			(u->auth = sc_find_auth_alg_bytype((u_int)type)) == NULL)
			return why_set(why, "[snmpv3 %s] auth = %s is not known to this net-snmp",
				s->name, s->auth);
		if (strlen(s->auth_password) < PASSWORD_LEAST)
			return why_set(why,
				"[snmpv3 %s] its auth password is shorter than %d "
				"bytes, which SNMPv3 does not allow",
				s->name, PASSWORD_LEAST);
	}
	if (s->priv[0] == 0)
		return true;
	if (u->auth == NULL)
		return why_set(why, "[snmpv3 %s] priv needs auth as well", s->name);
	if (!way_find(priv_ways, COUNT(priv_ways), s->priv, &type) ||
		(u->priv = sc_get_priv_alg_bytype((u_int)type)) == NULL)
		return why_set(why, "[snmpv3 %s] priv = %s is not known to this net-snmp", s->name,
			s->priv);
	if (strlen(s->priv_password) < PASSWORD_LEAST)
		return why_set(why,
			"[snmpv3 %s] its priv password is shorter than %d bytes, which "
			"SNMPv3 does not allow",
			s->name, PASSWORD_LEAST);
	return true;
}

struct usm_user *
usm_user_new(const struct snmp_user *said, struct why *why)
{
	struct usm_user *u;

	if (strlen(said->user) > USER_NAME_MOST) {
		why_set(why, "[snmpv3 %s] its user name is longer than %d bytes", said->name,
			USER_NAME_MOST);
		return NULL;
	}
	u = mem_alloc(sizeof(*u));
	u->said = said;
	if (user_ways(u, why))
		return u;
	free(u);
	return NULL;
}

void
usm_user_free(struct usm_user *u)
{
	if (u != NULL)
		OPENSSL_cleanse(u, sizeof(*u));
	free(u);
}

/* ---- keys ---- */

static bool
hash_password(const netsnmp_auth_alg_info *alg, const char *password, struct secret *out)
{
	out->n = sizeof(out->ku);
	return generate_Ku(alg->alg_oid, (u_int)alg->oid_len, (const u_char *)password,
		       strlen(password), out->ku, &out->n) == SNMPERR_SUCCESS;
}

static bool
localize(const struct usm_engine *e, const netsnmp_auth_alg_info *alg, const struct secret *s,
	uint8_t out[static USM_KEY_MOST], size_t *n)
{
	*n = USM_KEY_MOST;
	return generate_kul(alg->alg_oid, (u_int)alg->oid_len, e->id, e->nid, s->ku, s->n, out,
		       n) == SNMPERR_SUCCESS;
}

static bool
localize_priv(struct usm_engine *e, const struct usm_user *u)
{
	uint8_t *key = e->priv;
	u_int need = (u_int)u->priv->proper_length;

	if (!localize(e, u->auth, &u->priv_secret, e->priv, &e->npriv))
		return false;
	/* AES-192 and -256 with a short hash need more bytes than it has. */
	if (netsnmp_extend_kul(need, u->auth->alg_oid, (u_int)u->auth->oid_len, u->priv->type,
		    e->id, e->nid, &key, &e->npriv, USM_KEY_MOST) != SNMPERR_SUCCESS)
		return false;
	return e->npriv >= need;
}

bool
usm_keys_ready(struct usm_engine *e, const struct usm_user *u)
{
	struct usm_user *mine = (struct usm_user *)u; /* the hash is only remembered */

	if (e->user == u || u->auth == NULL)
		return true;
	if (!u->hashed) {
		mine->hashed = hash_password(u->auth, u->said->auth_password, &mine->auth_secret) &&
			(u->priv == NULL ||
				hash_password(u->auth, u->said->priv_password, &mine->priv_secret));
		if (!u->hashed)
			return false;
	}
	e->user = NULL;
	if (!localize(e, u->auth, &u->auth_secret, e->auth, &e->nauth) ||
		(u->priv != NULL && !localize_priv(e, u)))
		return false;
	e->user = u;
	return true;
}
