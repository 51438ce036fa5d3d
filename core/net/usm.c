/* SPDX-License-Identifier: Apache-2.0 */
/* usm.c - SNMPv3 messages: who asks, proven and hidden as the site wants it; see usm.h. */
#include "net/usm_keys.h"

#include <openssl/crypto.h>
#include <string.h>

#define USM_MODEL 3
#define SALT_BYTES 8
#define MAC_MOST 48 /* of SHA-512 (RFC 7860) */
#define MESSAGE_MOST 65507 /* msgMaxSize: what UDP carries */

enum { FLAG_AUTH = 1, FLAG_PRIV = 2, FLAG_REPORTABLE = 4 };

/* ---- time ---- */

static uint32_t
engine_time(const struct usm_engine *e)
{
	return e->time + (uint32_t)((clock_ms() - e->heard) / 1000);
}

/* RFC 3414, 3.2, 7 b: take over what is newer, refuse what is old. */
static bool
in_time(struct usm_engine *e, const struct usm_said *said)
{
	if (said->boots > e->boots || (said->boots == e->boots && said->time > e->time)) {
		e->boots = said->boots;
		e->time = said->time;
		e->heard = clock_ms();
		return true;
	}
	return said->boots == e->boots && said->time + USM_WINDOW >= engine_time(e);
}

bool
usm_learn(struct usm_engine *e, const struct usm_said *said)
{
	if (said->nid == 0)
		return false;
	if (said->nid != e->nid || memcmp(said->id, e->id, e->nid) != 0) {
		memcpy(e->id, said->id, said->nid);
		e->nid = said->nid;
		e->user = NULL; /* its keys are for another engine */
	}
	e->boots = said->boots;
	e->time = said->time;
	e->heard = clock_ms();
	return true;
}

/* ---- hiding ---- */

static void
put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* The initial vector: RFC 3414, 8.1.1.1 for DES, RFC 3826, 3.1.2.1 for AES. */
static u_int
vector(const struct usm_engine *e, const struct usm_user *u, uint32_t boots, uint32_t time,
	const uint8_t salt[static SALT_BYTES], uint8_t iv[static 16])
{
	if (u->priv->type == USM_CREATE_USER_PRIV_DES) {
		for (int i = 0; i < SALT_BYTES; i++)
			iv[i] = e->priv[8 + i] ^ salt[i];
		return SALT_BYTES;
	}
	put32(iv, boots);
	put32(iv + 4, time);
	memcpy(iv + 8, salt, SALT_BYTES);
	return 16;
}

static void
new_salt(const struct usm_engine *e, const struct usm_user *u, uint8_t salt[static SALT_BYTES])
{
	static uint64_t count;

	if (count == 0)
		count = random_u64();
	count++;
	put32(salt, u->priv->type == USM_CREATE_USER_PRIV_DES ? e->boots : (uint32_t)(count >> 32));
	put32(salt + 4, (uint32_t)count);
}

/* Replace the scoped PDU at the end of the message with its cipher text. */
static bool
hide(struct usm_engine *e, const struct usm_user *u, uint32_t time, struct back *b,
	const uint8_t salt[static SALT_BYTES])
{
	uint8_t cipher[PACKET_SEND_MOST], iv[16];
	size_t n = sizeof(cipher);
	u_int niv = vector(e, u, e->boots, time, salt, iv);

	if (sc_encrypt(u->priv->alg_oid, (size_t)u->priv->oid_len, e->priv, (u_int)e->npriv, iv,
		    niv, b->at, (u_int)(b->end - b->at), cipher, &n) != SNMPERR_SUCCESS)
		return false;
	b->at = b->end;
	back_octets(b, cipher, n);
	return true;
}

static bool
reveal(struct usm_engine *e, const struct usm_user *u, const struct usm_said *said,
	const struct front *salt, struct front *cipher)
{
	static uint8_t plain[PACKET_RECEIVE_MOST];
	uint8_t iv[16];
	size_t n = sizeof(plain);
	u_int niv;

	if (salt->n != SALT_BYTES || cipher->n == 0 || cipher->n > sizeof(plain) ||
		(u->priv->type == USM_CREATE_USER_PRIV_DES && cipher->n % 8 != 0))
		return false;
	niv = vector(e, u, said->boots, said->time, salt->p, iv);
	if (sc_decrypt(u->priv->alg_oid, (size_t)u->priv->oid_len, e->priv, (u_int)e->npriv, iv,
		    niv, cipher->p, (u_int)cipher->n, plain, &n) != SNMPERR_SUCCESS ||
		n > cipher->n)
		return false;
	memcpy(cipher->p, plain, n);
	cipher->n = n;
	return true;
}

/* ---- proving ---- */

static size_t
mac_size(const struct usm_user *u)
{
	return (size_t)u->auth->mac_length;
}

static bool
make_mac(const struct usm_engine *e, const struct usm_user *u, const uint8_t *p, size_t n,
	uint8_t mac[static MAC_MOST])
{
	size_t nmac = mac_size(u);

	return sc_generate_keyed_hash(u->auth->alg_oid, (size_t)u->auth->oid_len, e->auth,
		       (u_int)e->nauth, p, (u_int)n, mac, &nmac) == SNMPERR_SUCCESS &&
		nmac == mac_size(u);
}

/* mac lies inside the message, which was signed with zeros in its place. */
static bool
proven(const struct usm_engine *e, const struct usm_user *u, uint8_t *p, size_t n,
	const struct front *mac)
{
	uint8_t said[MAC_MOST], right[MAC_MOST];

	if (mac->n != mac_size(u))
		return false;
	memcpy(said, mac->p, mac->n);
	memset(mac->p, 0, mac->n);
	return make_mac(e, u, p, n, right) && CRYPTO_memcmp(said, right, mac->n) == 0;
}

/* ---- whole messages ---- */

static void
back_head(struct back *b, uint32_t id, uint8_t flags)
{
	const uint8_t *end = b->at;

	back_uint(b, USM_MODEL);
	back_octets(b, &flags, 1);
	back_uint(b, MESSAGE_MOST);
	back_uint(b, id);
	back_wrap(b, TAG_SEQUENCE, end);
	back_uint(b, VERSION_3);
	back_wrap(b, TAG_SEQUENCE, b->end);
}

/* Security parameters; returns where the MAC's zeros end. */
static uint8_t *
back_security(struct back *b, const struct usm_engine *e, const char *name, uint32_t time,
	const uint8_t *salt, size_t nmac)
{
	static const uint8_t zeros[MAC_MOST];
	const uint8_t *end = b->at;
	uint8_t *mac;

	back_octets(b, salt, salt != NULL ? SALT_BYTES : 0);
	mac = b->at;
	back_octets(b, zeros, nmac);
	back_octets(b, name, strlen(name));
	back_uint(b, time);
	back_uint(b, e->boots);
	back_octets(b, e->id, e->nid);
	back_wrap(b, TAG_SEQUENCE, end);
	back_wrap(b, TAG_OCTETS, end);
	return mac;
}

static void
back_scoped(struct back *b, const struct usm_engine *e, const struct request *r, uint32_t id)
{
	packet_pdu(b, r, id);
	back_octets(b, "", 0); /* the default context */
	back_octets(b, e->id, e->nid);
	back_wrap(b, TAG_SEQUENCE, b->end);
}

/* RFC 3414, 4: an empty question of nobody, to be told the engine in a Report. */
static bool
build_discovery(uint32_t id, struct packet *out)
{
	static const struct usm_engine nobody;
	static const struct request nothing = { .kind = REQUEST_GET };
	struct back b = packet_begin(out);

	back_scoped(&b, &nobody, &nothing, id);
	back_security(&b, &nobody, "", 0, NULL, 0);
	back_head(&b, id, FLAG_REPORTABLE);
	return packet_end(out, &b);
}

bool
usm_build(struct usm_engine *e, const struct usm_user *u, const struct request *r, uint32_t id,
	struct packet *out)
{
	struct back b = packet_begin(out);
	uint8_t salt[SALT_BYTES], mac[MAC_MOST], flags = FLAG_REPORTABLE, *at;
	uint32_t time = engine_time(e);

	if (e->nid == 0)
		return build_discovery(id, out);
	if (!usm_keys_ready(e, u))
		return false;
	back_scoped(&b, e, r, id);
	if (u->priv != NULL) {
		flags |= FLAG_PRIV;
		new_salt(e, u, salt);
		if (b.full || !hide(e, u, time, &b, salt))
			return false;
	}
	at = back_security(&b, e, u->said->user, time, u->priv != NULL ? salt : NULL,
		u->auth != NULL ? mac_size(u) : 0);
	if (u->auth != NULL)
		flags |= FLAG_AUTH;
	back_head(&b, id, flags);
	if (!packet_end(out, &b) || u->auth == NULL)
		return !b.full;
	if (!make_mac(e, u, out->bytes + out->from, out->n, mac))
		return false;
	memcpy(at - mac_size(u), mac, mac_size(u));
	return true;
}

/* The parts of a message, each still unproven. */
struct parts {
	uint8_t flags;
	struct usm_said said;
	struct front name, mac, salt;
	struct front data; /* the scoped PDU, or its cipher text */
};

static bool
parts_of_head(struct front *message, struct parts *parts)
{
	struct front head, flags;
	uint32_t version, id, size, model;

	if (!front_uint(message, &version) || !front_enter(message, TAG_SEQUENCE, &head) ||
		!front_uint(&head, &id) || !front_uint(&head, &size) ||
		!front_enter(&head, TAG_OCTETS, &flags) || flags.n != 1 ||
		!front_uint(&head, &model) || model != USM_MODEL)
		return false;
	parts->flags = flags.p[0];
	return true;
}

static bool
parts_of_security(struct front *message, struct parts *parts)
{
	struct front security, inside, engine;
	struct usm_said *said = &parts->said;

	if (!front_enter(message, TAG_OCTETS, &security) ||
		!front_enter(&security, TAG_SEQUENCE, &inside) ||
		!front_enter(&inside, TAG_OCTETS, &engine) || engine.n > sizeof(said->id) ||
		!front_uint(&inside, &said->boots) || !front_uint(&inside, &said->time))
		return false;
	said->nid = (uint32_t)engine.n;
	memcpy(said->id, engine.p, engine.n);
	return front_enter(&inside, TAG_OCTETS, &parts->name) &&
		front_enter(&inside, TAG_OCTETS, &parts->mac) &&
		front_enter(&inside, TAG_OCTETS, &parts->salt);
}

static bool
parts_get(uint8_t *p, size_t n, struct parts *parts)
{
	struct front all = { p, n }, message;

	*parts = (struct parts){ 0 };
	if (!front_enter(&all, TAG_SEQUENCE, &message) || !parts_of_head(&message, parts) ||
		!parts_of_security(&message, parts))
		return false;
	if (parts->flags & FLAG_PRIV)
		return front_enter(&message, TAG_OCTETS, &parts->data);
	parts->data = message;
	return true;
}

/* Is it from this engine to this user, proven and hidden as it should be? */
static bool
trusted(struct usm_engine *e, const struct usm_user *u, uint8_t *p, size_t n, struct parts *parts)
{
	if (parts->said.nid != e->nid || memcmp(parts->said.id, e->id, e->nid) != 0 ||
		parts->name.n != strlen(u->said->user) ||
		memcmp(parts->name.p, u->said->user, parts->name.n) != 0)
		return false;
	if (u->auth == NULL)
		return !(parts->flags & (FLAG_AUTH | FLAG_PRIV));
	if (!(parts->flags & FLAG_AUTH) || !usm_keys_ready(e, u) ||
		!proven(e, u, p, n, &parts->mac) || !in_time(e, &parts->said))
		return false;
	if (u->priv == NULL)
		return !(parts->flags & FLAG_PRIV);
	return (parts->flags & FLAG_PRIV) && reveal(e, u, &parts->said, &parts->salt, &parts->data);
}

static bool
scoped_pdu(struct front *data, struct front *pdu)
{
	struct front scoped, skipped;

	if (!front_enter(data, TAG_SEQUENCE, &scoped) ||
		!front_enter(&scoped, TAG_OCTETS, &skipped) ||
		!front_enter(&scoped, TAG_OCTETS, &skipped) || scoped.n == 0)
		return false;
	*pdu = scoped;
	return true;
}

enum usm_verdict
usm_open(struct usm_engine *e, const struct usm_user *u, uint8_t *p, size_t n, struct front *pdu,
	struct usm_said *said)
{
	struct parts parts;

	if (!parts_get(p, n, &parts))
		return USM_BAD;
	*said = parts.said;
	/* A Report that is proven is also trusted; one in clear needs no trust. */
	if (!(parts.flags & FLAG_PRIV)) {
		struct front data = parts.data;

		if (scoped_pdu(&data, pdu) && pdu->p[0] == TAG_REPORT)
			return USM_REPORT;
	}
	if (!trusted(e, u, p, n, &parts) || !scoped_pdu(&parts.data, pdu))
		return USM_BAD;
	return pdu->p[0] == TAG_REPORT ? USM_REPORT : USM_OK;
}
