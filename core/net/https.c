/* SPDX-License-Identifier: Apache-2.0 */
/*
 * https.c - which of a place's servers gets a parcel: the first of the list that
 * is not resting, then the others; a server that failed rests, then the first is
 * asked again.
 */
#include "net/https.h"

#include <stdlib.h>
#include <string.h>

/* No server is left alone for longer than this, ms, whatever it asks for. */
#define REST_MOST 86400000u
/* All servers together may take so long, ms; the agent gives up soon after. */
#define WHOLE 110000u

struct trip {
	struct https_try try; /* first: the try leads back here */
	uint64_t deadline; /* clock_ms() */
	uint32_t tried; /* a bit a server */
	/* What the last of them said. */
	const char *server;
	long code;
	uint32_t retry_after; /* the least that was asked for */
	bool asked;
	struct buf reason;
};

static struct https_place *
place_of(const struct errand *e)
{
	return e->role->places[e->place];
}

/* ---- whose turn is it ---- */

/* The first untried one, rested; else, when none was tried, the first of all.  NULL: none. */
static struct https_server *
next_server(struct https_place *p, uint32_t tried)
{
	uint64_t now = clock_ms();

	for (uint32_t i = 0; i < p->nservers; i++)
		if ((tried & UINT32_C(1) << i) == 0 && p->servers[i].rest_until <= now)
			return &p->servers[i];
	return tried == 0 ? &p->servers[0] : NULL;
}

/* Who fails often is asked less often. */
static void
rest(const struct https_place *p, struct https_server *s, uint32_t retry_after)
{
	uint64_t wait = p->settings->rest_min, asked = (uint64_t)retry_after * 1000;

	for (uint32_t i = 0; i < s->failures && wait < p->settings->rest_max; i++)
		wait *= 2;
	s->failures++;
	wait = wait < p->settings->rest_max ? wait : p->settings->rest_max;
	wait = wait > asked ? wait : asked;
	s->rest_until = clock_ms() + (wait < REST_MOST ? wait : REST_MOST);
}

/* ---- the end ---- */

static void
trip_free(struct errand *e)
{
	struct trip *t = e->state;

	https_try_end(&t->try);
	buf_free(&t->reason);
	e->state = NULL;
}

static void
finish(struct errand *e, int32_t status)
{
	struct trip *t = e->state;
	struct buf body = t->try.body;
	struct sent sent = { .status = status,
		.code = (int32_t)t->code,
		.retry_after = t->asked ? t->retry_after : 0,
		.server = t->server,
		.body = body.n > 0 ? body.p : (const uint8_t *)"",
		.len = body.n };
	char *reason;

	t->try.body = (struct buf){ 0 };
	reason = buf_take(&t->reason);
	sent.reason = reason;
	trip_free(e);
	errand_done(e, &sent);
	free(reason);
	buf_free(&body);
}

/* ---- one after the other ---- */

static void over(struct https_try *, long code, uint32_t retry_after, const char *reason);

static void
try_next(struct errand *e)
{
	struct https_place *p = place_of(e);
	struct trip *t = e->state;
	struct https_server *s = next_server(p, t->tried);
	uint64_t now = clock_ms();
	bool bound = e->parcel.server[0] != 0;

	if (s == NULL || now >= t->deadline || (bound && t->tried != 0)) {
		finish(e, t->code > 0 ? PLATEN_OK : PLATEN_ENOANSWER);
		return;
	}
	if (bound && strcmp(e->parcel.server, s->url) != 0) {
		t->server = s->url;
		buf_text(&t->reason, "another server is to be tried first");
		finish(e, PLATEN_EREFUSED);
		return;
	}
	t->tried |= UINT32_C(1) << (s - p->servers);
	t->server = s->url;
	t->try.errand = e;
	t->try.place = p;
	t->try.server = s;
	t->try.over = over;
	https_try_begin(&t->try,
		p->settings->timeout < t->deadline - now ? p->settings->timeout
							 : t->deadline - now);
}

/* The server is not to blame, or nobody else would say otherwise; where it has nothing, one may. */
static bool
is_answer(long code)
{
	return code > 0 && code < 500 && code != 404 && code != 405 && code != 408 && code != 410;
}

static void
note_served(struct errand *e, struct https_server *s)
{
	struct https_place *p = place_of(e);
	uint32_t i = (uint32_t)(s - p->servers);

	s->rest_until = s->failures = 0;
	if (i != p->current)
		pipe_log(&e->role->pipe, LOG_INFO, "sink %s: %s takes records %s",
			p->settings->sink, s->url,
			i == 0 ? "again" : "while those before it do not");
	p->current = i;
}

static void
over(struct https_try *try, long code, uint32_t retry_after, const char *reason)
{
	struct errand *e = try->errand;
	struct trip *t = e->state;

	t->code = code;
	if (!t->asked || retry_after < t->retry_after)
		t->retry_after = retry_after;
	t->asked = true;
	if (reason[0] != 0)
		buf_format(&t->reason, "%s%s: %s", t->reason.n > 0 ? "; " : "", t->server, reason);
	if (is_answer(code)) {
		if (code == 429)
			rest(try->place, try->server, retry_after);
		else
			note_served(e, try->server);
		finish(e, PLATEN_OK);
		return;
	}
	rest(try->place, try->server, retry_after);
	if (code > 0)
		buf_format(&t->reason, "%s%s: answered %ld", t->reason.n > 0 ? "; " : "", t->server,
			code);
	https_try_end(try);
	try_next(e);
}

/* ---- the sender ---- */

static void
https_begin(struct errand *e)
{
	struct trip *t = pool_alloc(e->pool, sizeof(*t));

	e->state = t;
	t->deadline = clock_ms() + WHOLE;
	try_next(e);
}

static void
take_server(struct https_place *p, struct wan_role *r, const char *url)
{
	struct https_server *s = &p->servers[p->nservers];
	struct why why;

	if (!url_parse(url, r->pool, &s->at, &why))
		return; /* the config has let it pass: cannot be */
	s->url = url;
	s->sealed = strcmp(s->at.scheme, "http") == 0;
	if ((s->easy = curl_easy_init()) == NULL)
		die("out of memory");
	p->nservers++;
}

static void *
https_open(struct wan_role *r, uint32_t place)
{
	struct https_place *p = mem_alloc(sizeof(*p));
	const struct wan_place *s = &r->settings.places[place];
	struct buf pins = { 0 };
	struct why why;

	p->settings = s;
	p->sealer = sealer_open(r, s->seal_key);
	p->proxy.host = "";
	p->servers = pool_alloc(r->pool, (s->nservers + 1) * sizeof(*p->servers));
	for (uint32_t i = 0; i < s->nservers; i++)
		take_server(p, r, s->servers[i]);
	if (s->proxy[0] != 0 && !url_parse(s->proxy, r->pool, &p->proxy, &why))
		p->proxy.host = "";
	for (uint32_t i = 0; i < s->npins; i++)
		buf_format(&pins, "%ssha256//%s", i > 0 ? ";" : "", s->pins[i]);
	p->pins = s->npins > 0 ? buf_take(&pins) : NULL;
	return p;
}

static uint32_t
https_ports(void *place, uint16_t *ports, uint32_t most)
{
	const struct https_place *p = place;
	uint32_t n = 0;

	if (p->proxy.host[0] != 0 && most > 0)
		ports[n++] = p->proxy.port;
	else
		for (uint32_t i = 0; i < p->nservers && n < most; i++)
			ports[n++] = p->servers[i].at.port;
	return n;
}

static void
https_close(void *place)
{
	struct https_place *p = place;

	for (uint32_t i = 0; i < p->nservers; i++)
		curl_easy_cleanup(p->servers[i].easy);
	sealer_close(p->sealer);
	free(p->pins);
	free(p);
}

const struct wan_sender https_sender = {
	.open = https_open,
	.ports = https_ports,
	.begin = https_begin,
	.cancel = trip_free,
	.close = https_close,
};
