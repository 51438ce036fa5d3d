/* SPDX-License-Identifier: Apache-2.0 */
/* message_wan.c - what the wan role is told, on the wire and off it; see message_wan.h. */
#include "message_wan.h"

/* The texts of a place, in the order in which they go. */
static const size_t texts[] = {
	offsetof(struct wan_place, sink),
	offsetof(struct wan_place, ca),
	offsetof(struct wan_place, cert),
	offsetof(struct wan_place, key),
	offsetof(struct wan_place, token),
	offsetof(struct wan_place, seal_key),
	offsetof(struct wan_place, proxy),
	offsetof(struct wan_place, proxy_user),
	offsetof(struct wan_place, proxy_password),
};

static const char **
text_of(const struct wan_place *p, size_t i)
{
	return (const char **)(void *)((uintptr_t)p + texts[i]);
}

static void
place_put(struct buf *b, const struct wan_place *p)
{
	wire_u64(b, p->kind);
	texts_put(b, p->servers, p->nservers);
	texts_put(b, p->pins, p->npins);
	for (size_t i = 0; i < COUNT(texts); i++)
		wire_text(b, *text_of(p, i));
	wire_u64(b, p->timeout);
	wire_u64(b, p->rest_min);
	wire_u64(b, p->rest_max);
	wire_u64(b, p->transcript);
	wire_u64(b, p->http2);
}

static void
place_get(struct wire *w, struct pool *pool, struct wan_place *p)
{
	p->kind = wire_get_max(w, WAN_FRAMES);
	p->servers = texts_get(w, pool, MAX_WAN_SERVERS, &p->nservers);
	p->pins = texts_get(w, pool, MAX_WAN_PINS, &p->npins);
	for (size_t i = 0; i < COUNT(texts); i++)
		*text_of(p, i) = wire_get_text(w);
	p->timeout = wire_get_u64(w);
	p->rest_min = wire_get_u64(w);
	p->rest_max = wire_get_u64(w);
	p->transcript = wire_get_max(w, 1) != 0;
	p->http2 = wire_get_max(w, 1) != 0;
}

void
wan_settings_put(struct buf *b, const struct wan_settings *s)
{
	wire_u64(b, s->sandbox);
	wire_u64(b, s->block);
	wire_u64(b, s->nplaces);
	for (uint32_t i = 0; i < s->nplaces; i++)
		place_put(b, &s->places[i]);
}

bool
wan_settings_get(struct wire *w, struct pool *pool, struct wan_settings *s)
{
	*s = (struct wan_settings){ .sandbox = wire_get_max(w, SANDBOX_OFF) };
	s->block = wire_get_u64(w);
	s->nplaces = wire_get_max(w, MAX_WAN_PLACES);
	s->places = pool_alloc(pool, (s->nplaces + 1) * sizeof(*s->places));
	for (uint32_t i = 0; i < s->nplaces; i++)
		place_get(w, pool, &s->places[i]);
	return !w->bad;
}

void
parcel_put(struct buf *b, const struct parcel *p)
{
	wire_text(b, p->type);
	wire_text(b, p->coding);
	wire_text(b, p->server);
	wire_text(b, p->agent);
	wire_text(b, p->key);
	wire_bytes(b, p->body, p->n);
}

bool
parcel_get(struct wire *w, struct parcel *p)
{
	p->type = wire_get_text(w);
	p->coding = wire_get_text(w);
	p->server = wire_get_text(w);
	p->agent = wire_get_text(w);
	p->key = wire_get_text(w);
	p->body = wire_get_bytes(w, &p->n);
	return !w->bad;
}
