/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frames.c - urgent facts to a place's servers: the first of the list that is not
 * resting, then the others; a server that failed rests, then the first is asked
 * again.
 *
 * A parcel's body is a line with the printer's id, which is replaced by its keyed
 * hash here, and one JSON object, which goes as it is.
 */
#include "net/frames.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A server that failed is left alone for so long, ms. */
#define REST 300000u
/* All servers together may take so long, ms; the agent gives up soon after. */
#define WHOLE 90000u

struct trip {
	struct errand *errand;
	struct frames_try *try; /* NULL: none is under way */
	struct buf content; /* hash and facts */
	uint64_t deadline; /* clock_ms() */
	uint32_t tried; /* a bit a server */
	struct frames_server *server; /* tried last */
	struct buf reason;
};

static struct frames_place *
place_of(const struct errand *e)
{
	return e->role->places[e->place];
}

static void
trip_free(struct errand *e)
{
	struct trip *t = e->state;

	if (t->try != NULL)
		frames_try_cancel(t->try);
	buf_free(&t->content);
	buf_free(&t->reason);
	e->state = NULL;
}

static void
finish(struct errand *e, int32_t status, uint32_t code, uint32_t retry_after)
{
	struct trip *t = e->state;
	char *reason = buf_take(&t->reason);
	const struct sent sent = { .status = status,
		.code = (int32_t)code,
		.retry_after = retry_after,
		.server = t->server != NULL ? t->server->url : NULL,
		.reason = reason,
		.body = (const uint8_t *)"" };

	trip_free(e);
	errand_done(e, &sent);
	free(reason);
}

/* ---- one after the other ---- */

static void try_next(struct errand *);

static void
note_served(struct errand *e, struct frames_server *s)
{
	struct frames_place *p = place_of(e);
	uint32_t i = (uint32_t)(s - p->servers);

	s->rest_until = 0;
	if (i != p->current)
		pipe_log(&e->role->pipe, LOG_INFO, "sink %s: %s takes urgent facts %s",
			p->settings->sink, s->url,
			i == 0 ? "again" : "while those before it do not");
	p->current = i;
}

static void
on_over(void *arg, uint32_t code, uint32_t retry_after, const char *reason)
{
	struct errand *e = arg;
	struct trip *t = e->state;

	t->try = NULL;
	if (code > 0 && code < 500) {
		note_served(e, t->server);
		finish(e, PLATEN_OK, code, retry_after);
		return;
	}
	t->server->rest_until = clock_ms() + REST;
	buf_format(&t->reason, "%s%s: %s", t->reason.n > 0 ? "; " : "", t->server->url, reason);
	if (code > 0)
		buf_format(&t->reason, " %" PRIu32, code);
	try_next(e);
}

/* The first untried one, rested; else, when none was tried, the first of all.  NULL: none. */
static struct frames_server *
next_server(struct frames_place *p, uint32_t tried)
{
	uint64_t now = clock_ms();

	for (uint32_t i = 0; i < p->nservers; i++)
		if ((tried & UINT32_C(1) << i) == 0 && p->servers[i].rest_until <= now)
			return &p->servers[i];
	return tried == 0 ? &p->servers[0] : NULL;
}

/* The transcript is for reading: it shows what is sealed, with the hash in front. */
static void
note_left(struct errand *e, const char *server)
{
	const struct trip *t = e->state;
	struct buf head = { 0 }, facts = { 0 };

	if (!errand_place(e)->transcript)
		return;
	buf_text(&head, "printer ");
	for (size_t i = 0; i < SEAL_DEVICE_BYTES; i++)
		buf_format(&head, "%02x", t->content.p[i]);
	buf_add(&facts, t->content.p + SEAL_DEVICE_BYTES, t->content.n - SEAL_DEVICE_BYTES);
	errand_left(e, server, &head, &facts);
	buf_free(&head);
	buf_free(&facts);
}

static void
try_next(struct errand *e)
{
	struct frames_place *p = place_of(e);
	struct trip *t = e->state;
	struct frames_server *s = next_server(p, t->tried);

	if (s == NULL || clock_ms() >= t->deadline) {
		/* All rest: the next parcel begins with the whole list again. */
		for (uint32_t i = 0; i < p->nservers; i++)
			p->servers[i].rest_until = 0;
		finish(e, PLATEN_ENOANSWER, 0, 0);
		return;
	}
	t->tried |= UINT32_C(1) << (s - p->servers);
	t->server = s;
	note_left(e, s->url);
	t->try = frames_try_begin(p, s, &t->content, on_over, e);
}

/* ---- the sender ---- */

/* False: it is no parcel of urgent facts, or too large for a datagram. */
static bool
make_content(struct errand *e, int32_t *status, struct why *why)
{
	const struct parcel *parcel = &e->parcel;
	struct sealer *sealer = place_of(e)->sealer;
	struct trip *t = e->state;
	const uint8_t *end = memchr(parcel->body, '\n', parcel->n);
	uint8_t hash[SEAL_DEVICE_BYTES];
	size_t line = end != NULL ? (size_t)(end - parcel->body) : 0;
	char *device;

	*status = PLATEN_EINVAL;
	if (strcmp(parcel->type, URGENT_TYPE) != 0 || end == NULL)
		return why_set(why, "only urgent facts are sent here");
	if (!sealer_agent(sealer, parcel->agent, why))
		return false;
	*status = PLATEN_ETOOBIG;
	if (SEAL_DEVICE_BYTES + parcel->n - line - 1 > SEAL_DATAGRAM_CONTENT)
		return why_set(why, "%zu bytes of facts do not fit into a datagram",
			parcel->n - line - 1);
	device = mem_string_n((const char *)parcel->body, line);
	sealer_device(sealer, device, hash);
	free(device);
	buf_add(&t->content, hash, sizeof(hash));
	buf_add(&t->content, end + 1, parcel->n - line - 1);
	return true;
}

static void
frames_begin(struct errand *e)
{
	struct trip *t = pool_alloc(e->pool, sizeof(*t));
	int32_t status;
	struct why why;

	e->state = t;
	t->errand = e;
	t->deadline = clock_ms() + WHOLE;
	if (make_content(e, &status, &why)) {
		try_next(e);
		return;
	}
	buf_text(&t->reason, why.text);
	finish(e, status, 0, 0);
}

static void *
frames_open(struct wan_role *r, uint32_t place)
{
	struct frames_place *p = mem_alloc(sizeof(*p));
	const struct wan_place *s = &r->settings.places[place];
	struct why why;

	p->settings = s;
	p->role = r;
	p->sealer = sealer_open(r, s->seal_key);
	if (p->sealer == NULL)
		die("sink %s has no seal key", s->sink); /* the agent has let it pass: cannot be */
	p->servers = pool_alloc(r->pool, (s->nservers + 1) * sizeof(*p->servers));
	for (uint32_t i = 0; i < s->nservers; i++) {
		struct frames_server *server = &p->servers[p->nservers];

		if (!url_parse(s->servers[i], r->pool, &server->at, &why))
			continue;
		server->url = s->servers[i];
		server->udp = strcmp(server->at.scheme, "udp") == 0;
		p->nservers++;
	}
	return p;
}

static uint32_t
frames_ports(void *place, uint16_t *ports, uint32_t most)
{
	const struct frames_place *p = place;
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->nservers && n < most; i++)
		if (!p->servers[i].udp)
			ports[n++] = p->servers[i].at.port;
	return n;
}

static void
frames_close(void *place)
{
	struct frames_place *p = place;

	sealer_close(p->sealer);
	free(p);
}

const struct wan_sender frames_sender = {
	.open = frames_open,
	.ports = frames_ports,
	.begin = frames_begin,
	.cancel = trip_free,
	.close = frames_close,
};
