/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanlink.c - the agent's end of the lan role; see lan.h and process.h.
 *
 * Every question is answered exactly once, never from within ask: by the role,
 * or, when it dies, with PLATEN_ENOANSWER.  While it is down questions stand in
 * line, so many and so long.
 */
#include "process/lanlink_own.h"

#include <stdlib.h>
#include <string.h>

/* Questions out or in line at one time. */
#define MAX_ASKED 20000

/* Milliseconds a question stands in line for a role that is down. */
#define MAX_IN_LINE 30000

/*
 * Milliseconds of silence, with questions or a sweep out, after which the role is stuck:
 * longer than any visit, within which it would have answered or been cancelled.
 */
#define MAX_SILENCE 180000

/* Milliseconds between two looks at what is overdue, while anything is asked. */
#define LOOK 1000

#define SLOT_BITS 20

/* ---- slots ---- */

struct asked *
asked_find(struct link *l, uint64_t id)
{
	uint64_t slot = (id & ((1u << SLOT_BITS) - 1)) - 1;

	if (slot >= l->room || l->asked[slot].id != id || l->asked[slot].state == ASKED_FREE)
		return NULL;
	return &l->asked[slot];
}

static struct asked *
asked_take(struct link *l)
{
	struct asked *a;

	if (l->free != 0) {
		a = &l->asked[l->free - 1];
		l->free = a->next_free;
		a->id += 1u << SLOT_BITS;
		return a;
	}
	l->asked = mem_grow(l->asked, (l->room + 1) * sizeof(*l->asked));
	l->asked[l->room] = (struct asked){ .id = (1u << SLOT_BITS) + l->room + 1 };
	return &l->asked[l->room++];
}

static void
asked_free(struct link *l, struct asked *a)
{
	if (a->state == ASKED_OUT)
		l->out--;
	a->state = ASKED_FREE;
	buf_free(&a->frame);
	a->next_free = l->free;
	l->free = (uint32_t)(a - l->asked) + 1;
}

void
asked_answer(struct link *l, struct asked *a, const struct answer *answer)
{
	lan_answer_fn *fn = a->fn;
	void *arg = a->arg;

	/* The slot first: the answer may bring the next question. */
	asked_free(l, a);
	fn(arg, answer);
}

static void
asked_lose(struct link *l, struct asked *a)
{
	struct answer none = answer_none(a->kind, PLATEN_ENOANSWER);

	asked_answer(l, a, &none);
}

/* ---- to the role ---- */

static void
asked_out(struct link *l, struct asked *a)
{
	if (l->out++ == 0)
		l->heard = clock_ms();
	a->state = ASKED_OUT;
}

static void
on_began(void *arg)
{
	struct link *l = arg;
	struct buf b = { 0 };
	size_t begun = wire_begin(&b, MSG_HELLO);
	struct lan_settings settings = l->config->lan;

	settings.sandbox = l->config->sandbox;
	l->greeted = false;
	wire_u64(&b, WIRE_PROTOCOL);
	wire_text(&b, "agent");
	wire_end(&b, begun);
	begun = wire_begin(&b, MSG_LAN_SETTINGS);
	lan_settings_put(&b, &settings);
	wire_end(&b, begun);
	child_send(l->child, &b);
	buf_free(&b);
}

void
link_up(struct link *l)
{
	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state == ASKED_IN_LINE) {
			child_send(l->child, &l->asked[i].frame);
			buf_free(&l->asked[i].frame);
			asked_out(l, &l->asked[i]);
		}
	if (l->sweep_frame.n > 0) {
		child_send(l->child, &l->sweep_frame);
		l->heard = clock_ms();
	}
	buf_free(&l->sweep_frame);
}

/* Nobody is answered from within ask. */
static void
on_soon(uv_timer_t *timer)
{
	struct link *l = timer->data;

	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state == ASKED_LOST)
			asked_lose(l, &l->asked[i]);
}

static void on_look(uv_timer_t *);

static void
look_on(struct link *l)
{
	if (!uv_is_active((const uv_handle_t *)&l->look))
		uv_timer_start(&l->look, on_look, LOOK, LOOK);
}

static uint64_t
link_ask(struct lan *lan, const struct target *target, const struct question *q, lan_answer_fn *fn,
	void *arg)
{
	struct link *l = (struct link *)lan;
	struct asked *a = asked_take(l);
	bool ready = child_state(l->child) == WORKER_READY;
	struct buf *b = ready ? child_out(l->child) : &a->frame;
	size_t begun;

	*a = (struct asked){
		.id = a->id,
		.state = ASKED_IN_LINE,
		.kind = q->kind,
		.n = q->n,
		.nobjects = q->nobjects,
		.since = clock_ms(),
		.fn = fn,
		.arg = arg,
	};
	look_on(l);
	if (a->id % (1u << SLOT_BITS) > MAX_ASKED) {
		a->state = ASKED_LOST;
		uv_timer_start(&l->soon, on_soon, 0, 0);
		return a->id;
	}
	begun = wire_begin(b, MSG_LAN_ASK);
	wire_u64(b, a->id);
	target_put(b, target);
	question_put(b, q);
	wire_end(b, begun);
	if (ready) {
		asked_out(l, a);
		child_said(l->child, 0);
	}
	return a->id;
}

static void
link_cancel(struct lan *lan, uint64_t id)
{
	struct link *l = (struct link *)lan;
	struct asked *a = asked_find(l, id);
	struct buf *b;
	size_t begun;

	if (a == NULL)
		return;
	if (a->state == ASKED_OUT) {
		b = child_out(l->child);
		begun = wire_begin(b, MSG_LAN_CANCEL);
		wire_u64(b, id);
		wire_end(b, begun);
		child_said(l->child, 0);
	}
	asked_free(l, a);
}

static void
link_sweep(struct lan *lan, const struct sweep_order *order, const struct sweep_events *events,
	void *arg)
{
	struct link *l = (struct link *)lan;
	struct buf *b = &l->sweep_frame;
	size_t begun;

	look_on(l);
	l->sweep = ++l->sweeps;
	l->sweep_since = clock_ms();
	l->events = events;
	l->events_arg = arg;
	begun = wire_begin(b, MSG_LAN_SWEEP);
	wire_u64(b, l->sweep);
	wire_u64(b, order->rate);
	wire_u64(b, order->port);
	texts_put(b, order->targets, order->ntargets);
	texts_put(b, order->exclude, order->nexclude);
	wire_end(b, begun);
	if (child_state(l->child) == WORKER_READY)
		link_up(l);
}

/* ---- when it dies, or does not come back ---- */

void
link_swept(struct link *l, uint64_t packets, const char *why)
{
	l->sweep = 0;
	l->events->swept(l->events_arg, packets, why);
}

static void
on_doing(void *arg, struct buf *out)
{
	struct link *l = arg;

	if (l->out > 0)
		buf_format(out, " with %u question%s out", l->out, l->out == 1 ? "" : "s");
	else if (l->sweep != 0 && l->sweep_frame.n == 0)
		buf_text(out, " while sweeping");
}

static void
on_gone(void *arg, const char *how)
{
	struct link *l = arg;
	char *why;

	/* New questions may come of the answers: they stand in line. */
	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state == ASKED_OUT)
			asked_lose(l, &l->asked[i]);
	if (l->sweep == 0 || l->sweep_frame.n > 0)
		return;
	why = mem_format("the sweep stopped half-way: lan: %s", how);
	link_swept(l, 0, why);
	free(why);
}

static bool
is_busy(const struct link *l)
{
	return l->out > 0 || (l->sweep != 0 && l->sweep_frame.n == 0);
}

/* Is there anything to look at again? */
static bool
is_awaited(const struct link *l)
{
	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state != ASKED_FREE)
			return true;
	return l->sweep != 0;
}

static void
on_look(uv_timer_t *timer)
{
	struct link *l = timer->data;
	uint64_t now = clock_ms();

	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state == ASKED_IN_LINE && now - l->asked[i].since > MAX_IN_LINE)
			asked_lose(l, &l->asked[i]);
	if (l->sweep_frame.n > 0 && now - l->sweep_since > MAX_IN_LINE) {
		buf_free(&l->sweep_frame);
		link_swept(l, 0, "nothing was swept: the lan role cannot be started");
	}
	if (!is_awaited(l))
		uv_timer_stop(timer);
	if (!is_busy(l) || now - l->heard < MAX_SILENCE)
		return;
	/* It may be us who did not listen. */
	child_listen(l->child);
	if (is_busy(l) && now - l->heard >= MAX_SILENCE)
		child_kill(l->child, "said nothing for %d s and was killed", MAX_SILENCE / 1000);
}

/* ---- coming and going ---- */

struct lan *
lan_open(uv_loop_t *loop, const struct config *config, struct why *why)
{
	static const struct lan_ops ops = {
		.ask = link_ask,
		.cancel = link_cancel,
		.sweep = link_sweep,
	};
	const char *given = getenv("PLATEN_LAN");
	struct link *l = mem_alloc(sizeof(*l));

	(void)why;
	l->lan.ops = &ops;
	l->config = config;
	l->program = mem_string(given != NULL ? given : "/proc/self/exe");
	l->argv[0] = "platen-lan";
	uv_timer_init(loop, &l->look);
	uv_timer_init(loop, &l->soon);
	l->look.data = l->soon.data = l;
	l->child = child_open(loop,
		&(struct child_plan){
			.who = "lan",
			.program = l->program,
			.argv = l->argv,
			.began = on_began,
			.frame = link_hear,
			.doing = on_doing,
			.gone = on_gone,
			.arg = l,
		});
	return &l->lan;
}

static void
on_closed(uv_handle_t *handle)
{
	struct link *l = handle->data;

	for (uint32_t i = 0; i < l->room; i++)
		buf_free(&l->asked[i].frame);
	buf_free(&l->sweep_frame);
	free(l->asked);
	free(l->program);
	free(l);
}

/* One after the other: both timers are part of what is freed. */
static void
on_look_closed(uv_handle_t *handle)
{
	struct link *l = handle->data;

	uv_close((uv_handle_t *)&l->soon, on_closed);
}

void
lan_close(struct lan *lan)
{
	struct link *l = (struct link *)lan;

	child_close(l->child);
	uv_close((uv_handle_t *)&l->look, on_look_closed);
}
