/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wanlink.c - the agent's end of the wan role; see wan.h and process.h.
 *
 * A parcel that finds the role down stands in line for a while.  Knows neither
 * what is in a parcel nor when it is sent again.
 */
#include "process/child.h"
#include "process/wan.h"
#include "store/counter.h"

#include <stdlib.h>
#include <string.h>

/* Milliseconds a parcel stands in line for a role that is down. */
#define MAX_IN_LINE 30000
/* ... and is out before the role is taken for stuck: it gives up by itself before. */
#define MAX_OUT 150000
/* Milliseconds between two looks at what is overdue. */
#define LOOK 1000

enum parcel_state { PARCEL_NONE, PARCEL_IN_LINE, PARCEL_OUT };

struct outgoing {
	enum parcel_state state;
	uint64_t id;
	uint64_t since;
	struct buf frame; /* in line: what will be sent */
	wan_sent_fn *fn;
	void *arg;
	wan_left_fn *left;
	void *left_arg;
};

struct wan {
	uv_loop_t *loop;
	const struct config *config;
	struct child *child; /* NULL: nothing is sent */
	char *program;
	const char *argv[2];
	uv_timer_t look;
	bool greeted;
	uint64_t ids;
	struct wan_settings settings;
	struct wan_place places[MAX_WAN_PLACES];
	struct outgoing out[MAX_WAN_PLACES];
};

static void
answer(struct outgoing *o, const struct sent *sent)
{
	wan_sent_fn *fn = o->fn;

	o->state = PARCEL_NONE;
	buf_free(&o->frame);
	fn(o->arg, sent); /* may send the next */
}

static void
lose(struct outgoing *o, const char *reason)
{
	answer(o,
		&(struct sent){ .status = PLATEN_ENOANSWER,
			.body = (const uint8_t *)"",
			.reason = reason });
}

/* ---- to the role ---- */

static void
post(struct wan *w, struct outgoing *o)
{
	child_send(w->child, &o->frame);
	buf_free(&o->frame);
	o->state = PARCEL_OUT;
	o->since = clock_ms();
}

/* Each start of the role has counters of its own: what was sealed before is never repeated. */
static void
reserve_counters(struct wan *w)
{
	struct why why;
	bool seals = false;

	w->settings.block = 0;
	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		seals |= w->places[i].seal_key[0] != 0;
	if (seals && !counter_reserve(w->config->state, &w->settings.block, &why))
		log_error("nothing can be sealed: %s", why.text);
}

static void
on_began(void *arg)
{
	struct wan *w = arg;
	struct buf b = { 0 };
	size_t begun = wire_begin(&b, MSG_HELLO);

	reserve_counters(w);
	w->greeted = false;
	wire_u64(&b, WIRE_PROTOCOL);
	wire_text(&b, "agent");
	wire_end(&b, begun);
	begun = wire_begin(&b, MSG_WAN_SETTINGS);
	wan_settings_put(&b, &w->settings);
	wire_end(&b, begun);
	child_send(w->child, &b);
	explicit_bzero(b.p, b.n); /* all secrets were in it */
	buf_free(&b);
}

static void
cancel(struct wan *w, struct outgoing *o)
{
	struct buf b = { 0 };
	size_t begun;

	if (o->state == PARCEL_OUT) {
		begun = wire_begin(&b, MSG_WAN_CANCEL);
		wire_u64(&b, o->id);
		wire_end(&b, begun);
		child_send(w->child, &b);
		buf_free(&b);
	}
	lose(o, "it took too long and was given up");
}

static void on_look(uv_timer_t *);

void
wan_send(struct wan *w, uint32_t place, const struct parcel *parcel, wan_sent_fn *fn, void *arg)
{
	struct outgoing *o = &w->out[place];
	size_t begun;

	if (o->state != PARCEL_NONE)
		cancel(w, o);
	if (!uv_is_active((const uv_handle_t *)&w->look))
		uv_timer_start(&w->look, on_look, LOOK, LOOK);
	o->state = PARCEL_IN_LINE;
	o->id = ++w->ids;
	o->since = clock_ms();
	o->fn = fn;
	o->arg = arg;
	begun = wire_begin(&o->frame, MSG_WAN_SEND);
	wire_u64(&o->frame, o->id);
	wire_u64(&o->frame, place);
	parcel_put(&o->frame, parcel);
	wire_end(&o->frame, begun);
	if (child_state(w->child) == WORKER_READY)
		post(w, o);
}

/* ---- what it says: it reads the bytes of servers, so all of it is checked ---- */

static bool
take_hello(struct wan *w, struct wire *m)
{
	uint64_t protocol = wire_get_u64(m);

	wire_get_text(m);
	if (!wire_ended(m) || protocol != WIRE_PROTOCOL)
		return false;
	w->greeted = true;
	child_ready(w->child);
	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		if (w->out[i].state == PARCEL_IN_LINE)
			post(w, &w->out[i]);
	return true;
}

static bool
take_log(struct wan *w, struct wire *m)
{
	enum log_level level = wire_get_max(m, LOG_ERROR);
	const char *line;

	(void)w;
	wire_get_u64(m);
	line = wire_get_text(m);
	if (!wire_ended(m))
		return false;
	log_line(level, "wan: %.*s", WIRE_MAX_LINE, line);
	return true;
}

static bool
take_sent(struct wan *w, struct wire *m)
{
	uint64_t id = wire_get_u64(m);
	struct sent sent = { .status = (int32_t)wire_get_i64(m) };

	sent.code = (int32_t)wire_get_max(m, 999);
	sent.retry_after = wire_get_max(m, UINT32_MAX);
	sent.server = wire_get_text(m);
	sent.reason = wire_get_text(m);
	sent.body = wire_get_bytes(m, &sent.len);
	if (!wire_ended(m) || sent.status > PLATEN_OK || sent.status < PLATEN_EPARTIAL)
		return false;
	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		if (w->out[i].state == PARCEL_OUT && w->out[i].id == id) {
			answer(&w->out[i], &sent);
			break;
		}
	return true;
}

static bool
take_left(struct wan *w, struct wire *m)
{
	uint32_t place = wire_get_max(m, MAX_WAN_PLACES - 1);
	const char *server = wire_get_text(m);
	size_t nhead, nbody;
	const uint8_t *head = wire_get_bytes(m, &nhead), *body = wire_get_bytes(m, &nbody);

	if (!wire_ended(m) || place >= w->settings.nplaces)
		return false;
	if (w->out[place].left != NULL)
		w->out[place].left(w->out[place].left_arg, server, head, nhead, body, nbody);
	return true;
}

static bool
hear(void *arg, struct wire *m)
{
	struct wan *w = arg;

	if (w->greeted != (m->type != MSG_HELLO))
		return false;
	switch (m->type) {
	case MSG_HELLO:
		return take_hello(w, m);
	case MSG_LOG:
		return take_log(w, m);
	case MSG_WAN_SENT:
		return take_sent(w, m);
	case MSG_WAN_LEFT:
		return take_left(w, m);
	default:
		return false;
	}
}

/* ---- when it dies, or does not come back ---- */

static void
on_doing(void *arg, struct buf *out)
{
	const struct wan *w = arg;

	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		if (w->out[i].state == PARCEL_OUT)
			buf_format(out, " while sending for sink %s", w->places[i].sink);
}

static void
on_gone(void *arg, const char *how)
{
	struct wan *w = arg;
	char *why = mem_format("the wan role was %s", how);

	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		if (w->out[i].state == PARCEL_OUT)
			lose(&w->out[i], why);
	free(why);
}

static void
on_look(uv_timer_t *timer)
{
	struct wan *w = timer->data;
	uint64_t now = clock_ms();
	bool awaited = false;

	for (uint32_t i = 0; i < w->settings.nplaces; i++) {
		struct outgoing *o = &w->out[i];

		if (o->state == PARCEL_IN_LINE && now - o->since > MAX_IN_LINE)
			lose(o, "the wan role cannot be started");
		else if (o->state == PARCEL_OUT && now - o->since > MAX_OUT)
			child_kill(w->child, "said nothing for %d s and was killed",
				MAX_OUT / 1000);
		awaited |= o->state != PARCEL_NONE;
	}
	if (!awaited)
		uv_timer_stop(timer);
}

/* ---- coming and going ---- */

struct wan *
wan_new(uv_loop_t *loop, const struct config *config)
{
	struct wan *w = mem_alloc(sizeof(*w));
	const char *given = getenv("PLATEN_WAN");

	w->loop = loop;
	w->config = config;
	w->program = mem_string(given != NULL ? given : "/proc/self/exe");
	w->argv[0] = "platen-wan";
	w->settings.sandbox = config->sandbox;
	w->settings.places = w->places;
	return w;
}

uint32_t
wan_place_add(struct wan *w, const struct wan_place *place, wan_left_fn *left, void *arg)
{
	uint32_t n = w->settings.nplaces++;

	w->places[n] = *place;
	w->out[n].left = left;
	w->out[n].left_arg = arg;
	return n;
}

void
wan_begin(struct wan *w)
{
	if (w->settings.nplaces == 0)
		return;
	uv_timer_init(w->loop, &w->look);
	w->look.data = w;
	w->child = child_open(w->loop,
		&(struct child_plan){
			.who = "wan",
			.program = w->program,
			.argv = w->argv,
			.began = on_began,
			.frame = hear,
			.doing = on_doing,
			.gone = on_gone,
			.arg = w,
		});
}

static void
wan_free(struct wan *w)
{
	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		buf_free(&w->out[i].frame);
	free(w->program);
	free(w);
}

static void
on_closed(uv_handle_t *handle)
{
	wan_free(handle->data);
}

void
wan_close(struct wan *w)
{
	for (uint32_t i = 0; i < w->settings.nplaces; i++)
		if (w->out[i].state != PARCEL_NONE)
			lose(&w->out[i], "platen stops");
	if (w->child == NULL) {
		wan_free(w);
		return;
	}
	child_close(w->child);
	uv_close((uv_handle_t *)&w->look, on_closed);
}
