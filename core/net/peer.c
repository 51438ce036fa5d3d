/* SPDX-License-Identifier: Apache-2.0 */
/* peer.c - what is known of each printer, and how it is remembered; see peer.h. */
#include "net/peer.h"

#include "net/page.h"
#include "net/weblogin.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- settings ---- */

static void
digest(const struct buf *b, uint8_t out[static 32])
{
	if (EVP_Digest(b->p, b->n, out, NULL, EVP_sha256(), NULL) != 1)
		die("OpenSSL cannot compute SHA-256");
}

/*
 * Of what an index in the remembered text refers to.  The secrets are left out
 * on purpose, or every remembered text would confirm a guess at them; a changed
 * community costs one unanswered question and a new log-in.
 */
static void
settings_digest(struct role *r)
{
	const struct lan_settings *s = &r->settings;
	struct buf b = { 0 };

	buf_format(&b, "%u %u\n", s->versions, s->ncommunities);
	for (uint32_t i = 0; i < s->nusers; i++)
		buf_format(&b, "%s\n%s\n%s\n%s\n", s->users[i].name, s->users[i].user,
			s->users[i].auth, s->users[i].priv);
	for (uint32_t i = 0; i < s->nports; i++)
		buf_format(&b, "%s\n", s->ports[i]);
	digest(&b, r->digest);
	buf_free(&b);
}

static void
add_users(struct role *r, struct credential *list)
{
	for (uint32_t i = 0; i < r->settings.nusers; i++) {
		struct why why;
		struct credential *c = &list[r->ncredentials];

		*c = (struct credential){ .version = VERSION_3, .index = i };
		if ((c->user = usm_user_new(&r->settings.users[i], &why)) == NULL) {
			role_log(r, LOG_ERROR, "%s", why.text);
			continue;
		}
		c->match = match_read(r->pool, r->settings.users[i].match);
		r->ncredentials++;
	}
}

static void
add_communities(struct role *r, struct credential *list, enum snmp_version version)
{
	for (uint32_t i = 0; i < r->settings.ncommunities; i++)
		list[r->ncredentials++] = (struct credential){
			.version = version,
			.index = i,
			.community = r->settings.communities[i],
		};
}

void
peers_open(struct role *r)
{
	struct credential *list = pool_alloc(r->pool,
		(2 * r->settings.ncommunities + r->settings.nusers + 1) * sizeof(*list));

	r->peers = mem_alloc(PEER_BUCKETS * sizeof(*r->peers));
	r->credentials = list;
	settings_digest(r);
	weblogins_open(r);
	r->tls_ca = match_read(r->pool, r->settings.tls_ca);
	r->tls_any = match_read(r->pool, r->settings.tls_any);
	if (r->settings.versions & SNMP_V3)
		add_users(r, list);
	if (r->settings.versions & SNMP_V2C)
		add_communities(r, list, VERSION_2C);
	if (r->settings.versions & SNMP_V1)
		add_communities(r, list, VERSION_1);
}

bool
peer_may_try(const struct peer *p, const struct credential *c)
{
	return c->match.n == 0 || match_has(&c->match, &p->address);
}

/* ---- memory as text: "pin=... login=... check=1f2e 2c community=0 objects=8 nobulk" ---- */

/* Four digits that change with the settings. */
static void
check_of(struct peer *p)
{
	struct buf b = { 0 };
	uint8_t out[32];

	buf_add(&b, p->role->digest, sizeof(p->role->digest));
	buf_add(&b, p->address.ip, sizeof(p->address.ip));
	digest(&b, out);
	buf_free(&b);
	snprintf(p->check, sizeof(p->check), "%02x%02x", out[0], out[1]);
}

static const struct {
	enum snmp_version version;
	const char *word, *key;
} version_words[] = {
	{ VERSION_2C, "2c", "community" },
	{ VERSION_1, "1", "community" },
	{ VERSION_3, "3", "user" },
};

static void
recall_credential(struct peer *p, enum snmp_version version, uint32_t index)
{
	const struct role *r = p->role;

	for (uint32_t i = 0; i < r->ncredentials; i++)
		if (r->credentials[i].version == version && r->credentials[i].index == index &&
			peer_may_try(p, &r->credentials[i]))
			p->credential = &r->credentials[i];
}

static void
recall_number(struct peer *p, const char *key, const char *value, enum snmp_version version)
{
	uint32_t v;

	if (!text_u32(value, 0, UINT16_MAX, &v))
		return;
	if (strcmp(key, "community") == 0 || strcmp(key, "user") == 0)
		recall_credential(p, version, v);
	else if (strcmp(key, "http") == 0 && v < p->role->settings.nports)
		p->http = (int)v;
	else if (strcmp(key, "repetitions") == 0 && v >= 1 && v <= REPETITIONS_MOST)
		p->can.repetitions = v;
	else if (strcmp(key, "objects") == 0 && v >= 1 && v <= OBJECTS_MOST) {
		p->can.objects = v;
		p->can.objects_most = v < OBJECTS_START ? v : OBJECTS_MOST;
	}
}

/* One word; false: it was written under other settings, what follows means nothing here. */
static bool
recall_word(struct peer *p, char *word, enum snmp_version *version)
{
	char *value = strchr(word, '=');

	for (size_t i = 0; i < COUNT(version_words); i++)
		if (strcmp(word, version_words[i].word) == 0)
			*version = version_words[i].version;
	if (strcmp(word, "nobulk") == 0)
		p->can.nobulk = true;
	if (value == NULL)
		return true;
	*value++ = 0;
	if (strcmp(word, "shut") == 0)
		pages_recall_shut(p, value);
	else if (strcmp(word, "pin") == 0)
		snprintf(p->pin, sizeof(p->pin), "%s", value);
	else if (strcmp(word, "login") == 0)
		weblogin_recall(p, value);
	else if (strcmp(word, "check") != 0)
		recall_number(p, word, value, *version);
	else
		return strcmp(value, p->check) == 0;
	return true;
}

static void
recall(struct peer *p, const char *learned)
{
	enum snmp_version version = VERSION_2C;
	char copy[LEARNED_MOST], *rest, *word;

	if (snprintf(copy, sizeof(copy), "%s", learned) >= (int)sizeof(copy))
		copy[0] = 0;
	p->told = mem_string(copy);
	for (word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		if (!recall_word(p, word, &version))
			return;
}

/* " key=number" */
static void
write_number(struct buf *out, const char *key, int64_t number)
{
	buf_text(out, " ");
	buf_text(out, key);
	buf_text(out, "=");
	buf_number(out, number);
}

static void
write_down(const struct peer *p, struct buf *out)
{
	for (size_t i = 0; p->credential != NULL && i < COUNT(version_words); i++)
		if (version_words[i].version == p->credential->version) {
			buf_text(out, " ");
			buf_text(out, version_words[i].word);
			write_number(out, version_words[i].key, p->credential->index);
		}
	if (p->can.objects != OBJECTS_START)
		write_number(out, "objects", p->can.objects);
	if (p->can.repetitions != REPETITIONS_MOST)
		write_number(out, "repetitions", p->can.repetitions);
	if (p->can.nobulk)
		buf_text(out, " nobulk");
	if (p->http >= 0)
		write_number(out, "http", p->http);
	else if (p->shut > 0)
		buf_format(out, " shut=%u@%lld", p->shut, (long long)p->knock_after);
}

/* All that is written down, as one number: each answer comes by here, and little is new. */
static uint64_t
facts_of(const struct peer *p)
{
	struct {
		const struct credential *credential;
		int64_t knock_after, login_after;
		int32_t http;
		uint32_t shut, login_refusals, objects, repetitions, nobulk;
		char pin[sizeof(p->pin)];
	} facts = {
		.credential = p->credential,
		.knock_after = p->knock_after,
		.login_after = p->login_after,
		.http = p->http,
		.shut = p->shut,
		.login_refusals = p->login_refusals,
		.objects = p->can.objects,
		.repetitions = p->can.repetitions,
		.nobulk = p->can.nobulk,
	};

	memcpy(facts.pin, p->pin, sizeof(facts.pin));
	return hash_on(0, &facts, sizeof(facts));
}

static void
write_all(const struct peer *p, struct buf *all)
{
	struct buf said = { 0 };

	write_down(p, &said);
	buf_text(all, ""); /* never NULL */
	if (p->pin[0] != 0)
		buf_format(all, "pin=%s ", p->pin);
	weblogin_write_down(p, all);
	if (said.n > 0) {
		buf_text(all, "check=");
		buf_text(all, p->check);
		buf_add(all, said.p, said.n);
	}
	while (all->n > 0 && all->p[all->n - 1] == ' ')
		all->p[--all->n] = 0;
	buf_free(&said);
}

void
peer_remember(struct peer *p)
{
	uint64_t facts = facts_of(p);
	struct buf all = { 0 };
	char address[ADDRESS_TEXT];

	if (facts == p->facts)
		return;
	p->facts = facts;
	write_all(p, &all);
	if (strcmp((char *)all.p, p->told) != 0 && all.n < LEARNED_MOST) {
		free(p->told);
		p->told = mem_string((char *)all.p);
		address_format(&p->address, address);
		role_learned(p->role, address, p->address.port, p->told);
	}
	buf_free(&all);
}

/* ---- the table of peers ---- */

static struct peer *
peer_new(struct role *r, const struct address *at, const char *learned)
{
	struct peer *p = mem_alloc(sizeof(*p));

	p->role = r;
	p->address = *at;
	check_of(p);
	for (int i = 0; i < LINES; i++)
		p->lines[i].last = &p->lines[i].first;
	p->can = ability_new();
	p->http = -1;
	recall(p, learned);
	return p;
}

struct peer *
peer_at(struct role *r, const struct address *at, const char *learned)
{
	struct peer **bucket = &r->peers[address_hash(at) % PEER_BUCKETS], *p;

	for (p = *bucket; p != NULL && !address_equal(&p->address, at); p = p->next)
		;
	if (p == NULL) {
		p = peer_new(r, at, learned);
		p->next = *bucket;
		*bucket = p;
		r->npeers++;
	}
	p->used = clock_ms();
	return p;
}

static bool
is_idle(const struct peer *p, uint64_t now)
{
	for (int i = 0; i < LINES; i++)
		if (p->lines[i].first != NULL)
			return false;
	return now - p->used > PEER_IDLE;
}

static void
peer_free(struct role *r, struct peer **at)
{
	struct peer *p = *at;

	*at = p->next;
	r->npeers--;
	session_forget(p);
	free(p->engine);
	free(p->told);
	free(p);
}

void
peers_forget_idle(struct role *r)
{
	uint64_t now = clock_ms();

	for (uint32_t i = 0; i < PEER_BUCKETS; i++)
		for (struct peer **at = &r->peers[i]; *at != NULL;)
			if (is_idle(*at, now))
				peer_free(r, at);
			else
				at = &(*at)->next;
}

void
peers_close(struct role *r)
{
	for (uint32_t i = 0; i < PEER_BUCKETS; i++)
		while (r->peers[i] != NULL)
			peer_free(r, &r->peers[i]);
	for (uint32_t i = 0; i < r->ncredentials; i++)
		usm_user_free(r->credentials[i].user);
	free(r->peers);
}
