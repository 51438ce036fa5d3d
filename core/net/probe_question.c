/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_question.c - what everybody is asked; see probe_inside.h.
 *
 * The first question goes to all, the others only to the silent.  The id of a
 * question is a keyed hash of where it goes: an answer is known to be ours
 * without remembering who was asked.
 */
#include "net/probe_inside.h"

#include <string.h>

/* All ids have four bytes: bit 30 is set, those below are left to the hash. */
#define ID_LEAST 0x40000000u
#define ID_MOST 0x7FFFFFFFu

static const uint32_t sys_object_id[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
static const struct name asked_name = { .oid = { sys_object_id, COUNT(sys_object_id) } };
static const struct request asked = { .kind = REQUEST_GET, .n = 1, .names = &asked_name };

/* ---- ids ---- */

static void
hash_open(struct probe *p)
{
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);

	if ((p->hash = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL) == NULL)
		die("OpenSSL has no SipHash");
	EVP_MAC_free(mac);
	for (size_t i = 0; i < sizeof(p->secret); i += 8)
		memcpy(p->secret + i, &(uint64_t){ random_u64() }, 8);
}

static uint32_t
id_of(struct probe *p, const struct address *a, uint32_t pass)
{
	uint8_t where[sizeof(a->ip) + sizeof(a->port) + sizeof(pass)], out[16];
	uint32_t id;
	size_t n;

	memcpy(where, a->ip, sizeof(a->ip));
	memcpy(where + sizeof(a->ip), &a->port, sizeof(a->port));
	memcpy(where + sizeof(a->ip) + sizeof(a->port), &pass, sizeof(pass));
	if (EVP_MAC_init(p->hash, p->secret, sizeof(p->secret), NULL) != 1 ||
		EVP_MAC_update(p->hash, where, sizeof(where)) != 1 ||
		EVP_MAC_final(p->hash, out, &n, sizeof(out)) != 1)
		die("OpenSSL cannot compute SipHash");
	memcpy(&id, out, sizeof(id));
	return (id & ID_MOST) | ID_LEAST;
}

/* ---- questions ---- */

static const struct kind *
kind_of(const struct probe *p, uint32_t pass)
{
	return &p->kinds[pass % p->nkinds];
}

const struct kind *
question_for(struct probe *p, const struct address *a)
{
	const struct kind *k = kind_of(p, p->pass);
	uint32_t id = id_of(p, a, p->pass);

	for (uint32_t i = 0; i < k->nplaces; i++)
		for (uint32_t byte = 0; byte < 4; byte++)
			k->bytes[k->places[i] + byte] = (uint8_t)(id >> (24 - 8 * byte));
	return k;
}

bool
question_is_ours(struct probe *p, const struct address *from, const struct packet_head *head)
{
	for (uint32_t i = 0; i <= p->pass; i++)
		if (head->version == kind_of(p, i)->version && head->id == id_of(p, from, i))
			return true;
	return false;
}

static bool
build(enum snmp_version version, const char *community, uint32_t id, struct packet *out)
{
	struct usm_engine nobody = { 0 };

	return version == VERSION_3 ? usm_build(&nobody, NULL, &asked, id, out)
				    : packet_build(&asked, version, community, id, out);
}

/* Made with two ids, it differs where the id stands. */
static void
make(struct probe *p, enum snmp_version version, const char *community)
{
	struct kind *k = &p->kinds[p->nkinds];
	struct packet one, other;
	const uint8_t *a = one.bytes, *b = other.bytes;

	if (!build(version, community, ID_LEAST, &one) ||
		!build(version, community, ID_MOST, &other))
		return;
	*k = (struct kind){
		.version = version,
		.bytes = pool_copy(p->pool, one.bytes + one.from, one.n),
		.n = one.n,
	};
	for (size_t at = one.from; at < sizeof(one.bytes) && k->nplaces < COUNT(k->places); at++)
		if (a[at] != b[at]) {
			k->places[k->nplaces++] = at - one.from;
			at += 3;
		}
	p->nkinds++;
}

static void
add_kind(struct probe *p, enum snmp_version version, uint32_t community)
{
	const struct lan_settings *s = &p->role->settings;
	static const uint32_t bits[] = {
		[VERSION_1] = SNMP_V1, [VERSION_2C] = SNMP_V2C, [VERSION_3] = SNMP_V3
	};

	if (!(s->versions & bits[version]))
		return;
	if (version == VERSION_3 ? s->nusers > 0 : community < s->ncommunities)
		make(p, version, version == VERSION_3 ? NULL : s->communities[community]);
}

/* The likeliest first. */
void
questions_make(struct probe *p)
{
	hash_open(p);
	add_kind(p, VERSION_2C, 0);
	add_kind(p, VERSION_1, 0);
	add_kind(p, VERSION_3, 0);
	for (uint32_t i = 1; i < p->role->settings.ncommunities; i++) {
		add_kind(p, VERSION_2C, i);
		add_kind(p, VERSION_1, i);
	}
}

void
questions_free(struct probe *p)
{
	EVP_MAC_CTX_free(p->hash);
}
