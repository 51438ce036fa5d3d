/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_none.c - the place of a sink that keeps its records in a database of its
 * own (platen.network/1): there is none, and what is sent there is refused.
 */
#include "store/place.h"

#include <stdlib.h>

struct place {
	const char *sink;
};

static struct place *
none_open(const struct sink_config *c, struct wan *wan, struct why *why)
{
	struct place *p = mem_alloc(sizeof(*p));

	(void)wan;
	(void)why;
	p->sink = c->name;
	return p;
}

static void
none_send(struct place *p, const struct parcel *parcel, place_sent_fn *sent, void *arg)
{
	(void)parcel;
	log_error("sink %s: its plugin sends, but with allow = network there is no place for that",
		p->sink);
	sent(arg, &(struct sent){ .status = PLATEN_EREFUSED, .body = (const uint8_t *)"" });
}

static void
none_close(struct place *p)
{
	free(p);
}

/* Its options are the plugin's business alone. */
static void
none_check(const struct sink_config *c, place_fault_fn *fault, void *arg)
{
	(void)c;
	(void)fault;
	(void)arg;
}

const struct place_kind place_none = {
	.plugin = "",
	.open = none_open,
	.send = none_send,
	.close = none_close,
	.check = none_check,
};
