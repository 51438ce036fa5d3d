/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_https.c - dealers' servers as the place of a sink, for records (https) and
 * for urgent facts (udp): the wan role sends, and what has left can be kept for the
 * customer to look at.
 */
#include "store/place_wan.h"
#include "store/transcript.h"

#include "process/wan.h"

#include <stdlib.h>

struct place {
	struct wan *wan;
	uint32_t number; /* at the wan role */
	struct pool *pool; /* of what was read from the section */
	struct transcript *transcript; /* NULL: none is kept */
};

static void
on_left(void *arg, const char *server, const uint8_t *head, size_t nhead, const uint8_t *body,
	size_t nbody)
{
	struct place *p = arg;

	transcript_add(p->transcript, server, head, nhead, body, nbody);
}

static void
first_fault(void *arg, const char *line)
{
	struct why *why = arg;

	if (why->text[0] == 0)
		why_set(why, "%s", line);
}

static void
https_close(struct place *p)
{
	if (p == NULL)
		return;
	transcript_close(p->transcript);
	pool_free(p->pool);
	free(p);
}

static struct place *
https_open(const struct sink_config *c, struct wan *wan, struct why *why)
{
	struct place *p = mem_alloc(sizeof(*p));
	struct wan_place settings;

	p->wan = wan;
	p->pool = pool_new();
	why->text[0] = 0;
	if (!place_wan_read(c, p->pool, &settings, first_fault, why)) {
		https_close(p);
		return NULL;
	}
	if (settings.transcript)
		p->transcript = transcript_open(c->name,
			option_value(c->options, c->noptions, "transcript"));
	p->number = wan_place_add(wan, &settings, on_left, p);
	return p;
}

static void
https_send(struct place *p, const struct parcel *parcel, place_sent_fn *sent, void *arg)
{
	wan_send(p->wan, p->number, parcel, sent, arg);
}

static void
https_check(const struct sink_config *c, place_fault_fn *fault, void *arg)
{
	struct pool *pool = pool_new();
	struct wan_place settings;

	place_wan_read(c, pool, &settings, fault, arg);
	pool_free(pool);
}

const struct place_kind place_https = {
	.plugin = "https",
	.open = https_open,
	.send = https_send,
	.close = https_close,
	.check = https_check,
};

const struct place_kind place_udp = {
	.plugin = "udp",
	.open = https_open,
	.send = https_send,
	.close = https_close,
	.check = https_check,
};
