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
none_open(const struct sink_config *c, struct why *why)
{
	struct place *p = mem_alloc(sizeof(*p));

	(void)why;
	p->sink = c->name;
	return p;
}

static void
none_send(struct place *p, const char *type, const uint8_t *body, size_t n, place_sent_fn *sent,
	void *arg)
{
	(void)type;
	(void)body;
	(void)n;
	log_error("sink %s: its plugin sends, but with allow = network there is no place for that",
		p->sink);
	sent(arg, &(struct sent){ .status = PLATEN_EREFUSED, .body = (const uint8_t *)"" });
}

static void
none_close(struct place *p)
{
	free(p);
}

const struct place_kind place_none = { "", none_open, none_send, none_close };
