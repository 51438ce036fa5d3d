/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanlink.c - the agent's end of the lan role; see lan.h and process.h.
 *
 * Every question is answered exactly once, never from within ask: by the role,
 * or, when it dies, with PLATEN_ENOANSWER.  While it is down questions stand in
 * line, so many and so long.  It reads foreign bytes: what it says is checked.
 */
#include "child.h"

#include <stdlib.h>
#include <string.h>

/* Questions out or in line at one time. */
#define MAX_ASKED 20000

/* Milliseconds a question stands in line for a role that is down. */
#define MAX_IN_LINE 30000

/*
 * Milliseconds of silence, with questions out, after which the role is stuck:
 * longer than any visit, within which it would have answered or been cancelled.
 */
#define MAX_SILENCE 180000

/* Milliseconds between two looks at what is overdue. */
#define LOOK 1000

/* Bytes of an address, of a TARGET, of what is remembered of a printer. */
#define MAX_ADDRESS 64
#define MAX_TARGET 256
#define MAX_LEARNED 400

enum asked_state { ASKED_FREE, ASKED_IN_LINE, ASKED_OUT, ASKED_LOST };

struct asked {
	uint64_t id; /* slot + 1 in the low bits, uses above */
	enum asked_state state;
	enum question_kind kind;
	uint32_t n; /* objects or columns */
	uint64_t since;
	struct buf frame; /* in line: what will be sent */
	lan_answer_fn *fn;
	void *arg;
};

#define SLOT_BITS 20

struct link {
	struct lan lan; /* first: what the stages know of it is this struct */
	const struct config *config;
	struct child *child;
	char *program;
	const char *argv[2];
	uv_timer_t look, soon;
	struct asked *asked;
	uint32_t room, out; /* slots; questions that are out */
	uint64_t heard;	    /* the role last said something, or had nothing to say */
	bool greeted;
	/* The sweep under way, 0: none. */
	uint64_t sweep, sweeps;
	struct buf sweep_frame; /* not sent yet */
	uint64_t sweep_since;	/* it stands in line */
	const struct sweep_events *events;
	void *events_arg;
};

/* ---- slots ---- */

static struct asked *
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
	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state == ASKED_FREE) {
			l->asked[i].id += 1u << SLOT_BITS;
			return &l->asked[i];
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
}

static void
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
send_asked(struct link *l, struct asked *a)
{
	if (l->out++ == 0)
		l->heard = clock_ms();
	a->state = ASKED_OUT;
	child_send(l->child, &a->frame);
	buf_free(&a->frame);
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

/* It is up: what stood in line goes out. */
static void
send_line(struct link *l)
{
	for (uint32_t i = 0; i < l->room; i++)
		if (l->asked[i].state == ASKED_IN_LINE)
			send_asked(l, &l->asked[i]);
	if (l->sweep_frame.n > 0)
		child_send(l->child, &l->sweep_frame);
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

static uint64_t
link_ask(struct lan *lan, const struct target *target, const struct question *q,
	lan_answer_fn *fn, void *arg)
{
	struct link *l = (struct link *)lan;
	struct asked *a = asked_take(l);
	size_t begun;

	*a = (struct asked){
		.id = a->id,
		.state = ASKED_IN_LINE,
		.kind = q->kind,
		.n = q->n,
		.since = clock_ms(),
		.fn = fn,
		.arg = arg,
	};
	if (a->id % (1u << SLOT_BITS) > MAX_ASKED) {
		a->state = ASKED_LOST;
		uv_timer_start(&l->soon, on_soon, 0, 0);
		return a->id;
	}
	begun = wire_begin(&a->frame, MSG_LAN_ASK);
	wire_u64(&a->frame, a->id);
	target_put(&a->frame, target);
	question_put(&a->frame, q);
	wire_end(&a->frame, begun);
	if (child_state(l->child) == WORKER_READY)
		send_asked(l, a);
	return a->id;
}

static void
link_cancel(struct lan *lan, uint64_t id)
{
	struct link *l = (struct link *)lan;
	struct asked *a = asked_find(l, id);
	struct buf b = { 0 };
	size_t begun;

	if (a == NULL)
		return;
	if (a->state == ASKED_OUT) {
		begun = wire_begin(&b, MSG_LAN_CANCEL);
		wire_u64(&b, id);
		wire_end(&b, begun);
		child_send(l->child, &b);
		buf_free(&b);
	}
	asked_free(l, a);
}

static void
put_texts(struct buf *b, const char *const *texts, uint32_t n)
{
	wire_u64(b, n);
	for (uint32_t i = 0; i < n; i++)
		wire_text(b, texts[i]);
}

static void
link_sweep(struct lan *lan, const struct sweep_order *order, const struct sweep_events *events,
	void *arg)
{
	struct link *l = (struct link *)lan;
	struct buf *b = &l->sweep_frame;
	size_t begun;

	l->sweep = ++l->sweeps;
	l->sweep_since = clock_ms();
	l->events = events;
	l->events_arg = arg;
	begun = wire_begin(b, MSG_LAN_SWEEP);
	wire_u64(b, l->sweep);
	wire_u64(b, order->rate);
	wire_u64(b, order->port);
	put_texts(b, order->targets, order->ntargets);
	put_texts(b, order->exclude, order->nexclude);
	wire_end(b, begun);
	if (child_state(l->child) == WORKER_READY)
		send_line(l);
}

/* ---- from the role ---- */

static bool
is_plain(const char *s, size_t most)
{
	size_t n = strlen(s);

	for (size_t i = 0; i < n; i++)
		if (s[i] < 0x20 || s[i] >= 0x7F)
			return false;
	return n <= most;
}

static bool
take_hello(struct link *l, struct wire *m, struct pool *pool)
{
	uint64_t protocol = wire_get_u64(m);

	(void)pool;
	wire_get_text(m);
	if (!wire_ended(m) || protocol != WIRE_PROTOCOL)
		return false;
	l->greeted = true;
	child_ready(l->child);
	send_line(l);
	return true;
}

static bool
take_log(struct link *l, struct wire *m, struct pool *pool)
{
	enum log_level level = wire_get_max(m, LOG_ERROR);
	const char *line;

	(void)l, (void)pool;
	wire_get_u64(m);
	line = wire_get_text(m);
	if (!wire_ended(m))
		return false;
	log_line(level, "lan: %.*s", WIRE_MAX_LINE, line);
	return true;
}

/* A get has one bind for each object, a table whole rows; else it is no answer to what was asked. */
static bool
has_shape(const struct asked *a, const struct answer *answer)
{
	bool some = answer->status == PLATEN_OK || answer->status == PLATEN_EPARTIAL;

	if (answer->kind != a->kind || answer->status > PLATEN_OK ||
		answer->status < PLATEN_EPARTIAL)
		return false;
	switch (a->kind) {
	case ASK_GET:
		return answer->n == (some ? a->n : 0);
	case ASK_TABLE:
		return answer->n % a->n == 0 && answer->n / a->n <= (some ? PLATEN_MAX_ROWS : 0);
	case ASK_PAGE:
	case ASK_LOGIN:
		return answer->len <= PLATEN_MAX_BODY_CEILING && is_plain(answer->type, MAX_TARGET);
	}
	return false;
}

static bool
take_answer(struct link *l, struct wire *m, struct pool *pool)
{
	struct asked *a = asked_find(l, wire_get_u64(m));
	struct answer answer;

	if (!answer_get(m, pool, &answer) || !wire_ended(m))
		return false;
	/* It was cancelled while the answer was on its way. */
	if (a == NULL)
		return true;
	if (a->state != ASKED_OUT || !has_shape(a, &answer))
		return false;
	asked_answer(l, a, &answer);
	return true;
}

static bool
take_learned(struct link *l, struct wire *m, struct pool *pool)
{
	const char *address = wire_get_text(m);
	uint16_t port = (uint16_t)wire_get_max(m, UINT16_MAX);
	const char *learned = wire_get_text(m);

	(void)pool;
	if (!wire_ended(m) || !is_plain(address, MAX_ADDRESS) || !is_plain(learned, MAX_LEARNED))
		return false;
	if (l->lan.learned != NULL)
		l->lan.learned(l->lan.learned_arg, address, port, learned);
	return true;
}

static bool
take_found(struct link *l, struct wire *m, struct pool *pool)
{
	uint64_t sweep = wire_get_u64(m);
	const char *address = wire_get_text(m);
	uint16_t port = (uint16_t)wire_get_max(m, UINT16_MAX);
	const char *as_asked = wire_get_text(m);

	(void)pool;
	if (!wire_ended(m) || !is_plain(address, MAX_ADDRESS) || !is_plain(as_asked, MAX_TARGET))
		return false;
	if (sweep == l->sweep && sweep != 0)
		l->events->found(l->events_arg, address, port, as_asked);
	return true;
}

static bool
take_progress(struct link *l, struct wire *m, struct pool *pool)
{
	uint64_t sweep = wire_get_u64(m), sent = wire_get_u64(m), most = wire_get_u64(m);
	uint64_t found = wire_get_u64(m);

	(void)pool;
	if (!wire_ended(m))
		return false;
	if (sweep == l->sweep && sweep != 0)
		l->events->progress(l->events_arg, sent, most, found);
	return true;
}

static void
sweep_over(struct link *l, uint64_t packets, const char *why)
{
	l->sweep = 0;
	l->events->swept(l->events_arg, packets, why);
}

static bool
take_swept(struct link *l, struct wire *m, struct pool *pool)
{
	uint64_t sweep = wire_get_u64(m), packets = wire_get_u64(m);
	const char *why = wire_get_text(m);

	(void)pool;
	if (!wire_ended(m))
		return false;
	if (sweep == l->sweep && sweep != 0)
		sweep_over(l, packets, why);
	return true;
}

static const struct {
	enum message type;
	bool (*take)(struct link *, struct wire *, struct pool *);
} messages[] = {
	{ MSG_HELLO, take_hello },
	{ MSG_LOG, take_log },
	{ MSG_LAN_ANSWER, take_answer },
	{ MSG_LAN_LEARNED, take_learned },
	{ MSG_LAN_FOUND, take_found },
	{ MSG_LAN_PROGRESS, take_progress },
	{ MSG_LAN_SWEPT, take_swept },
};

static bool
on_frame(void *arg, struct wire *m)
{
	struct link *l = arg;

	l->heard = clock_ms();
	if (l->greeted != (m->type != MSG_HELLO))
		return false;
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].type == m->type) {
			struct pool *pool = pool_new();
			bool ok = messages[i].take(l, m, pool);

			pool_free(pool);
			return ok;
		}
	return false;
}

/* ---- when it dies, or does not come back ---- */

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
	sweep_over(l, 0, why);
	free(why);
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
		sweep_over(l, 0, "nothing was swept: the lan role cannot be started");
	}
	if (l->out == 0 || now - l->heard < MAX_SILENCE)
		return;
	/* It may be us who did not listen. */
	child_listen(l->child);
	if (l->out > 0 && now - l->heard >= MAX_SILENCE)
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
	uv_timer_start(&l->look, on_look, LOOK, LOOK);
	l->child = child_open(loop,
		&(struct child_plan){
			.who = "lan",
			.program = l->program,
			.argv = l->argv,
			.began = on_began,
			.frame = on_frame,
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
