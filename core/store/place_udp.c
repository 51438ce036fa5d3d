/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_udp.c - a dealer's emergency ports as the place of a sink: the wan role
 * seals each printer's urgent facts and sends them as a frame.
 */
#include "store/place_wan.h"

#include "process/wan.h"

#include <stdlib.h>

struct place {
	struct wan *wan;
	uint32_t number; /* at the wan role */
	struct pool *pool; /* of what was read from the section */
};

static void
first_fault(void *arg, const char *line)
{
	struct why *why = arg;

	if (why->text[0] == 0)
		why_set(why, "%s", line);
}

static void
udp_close_place(struct place *p)
{
	if (p == NULL)
		return;
	pool_free(p->pool);
	free(p);
}

static struct place *
udp_open_place(const struct sink_config *c, struct wan *wan, struct why *why)
{
	struct place *p = mem_alloc(sizeof(*p));
	struct wan_place settings;

	p->wan = wan;
	p->pool = pool_new();
	why->text[0] = 0;
	if (!place_frames_read(c, p->pool, &settings, first_fault, why)) {
		udp_close_place(p);
		return NULL;
	}
	p->number = wan_place_add(wan, &settings, NULL, NULL);
	return p;
}

static void
udp_send_parcel(struct place *p, const struct parcel *parcel, place_sent_fn *sent, void *arg)
{
	wan_send(p->wan, p->number, parcel, sent, arg);
}

static void
udp_check(const struct sink_config *c, place_fault_fn *fault, void *arg)
{
	struct pool *pool = pool_new();
	struct wan_place settings;

	place_frames_read(c, pool, &settings, fault, arg);
	pool_free(pool);
}

const struct place_kind place_udp = {
	.plugin = "udp",
	.open = udp_open_place,
	.send = udp_send_parcel,
	.close = udp_close_place,
	.check = udp_check,
};
