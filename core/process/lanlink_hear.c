/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanlink_hear.c - what the lan role says.  It reads the bytes of printers, and
 * may have been taken over by them: all of it is checked.
 */
#include "process/lanlink_own.h"

#include <string.h>

/* Bytes of an address, of a TARGET, of what is remembered of a printer. */
#define MAX_ADDRESS 64
#define MAX_TARGET 256
#define MAX_LEARNED 400

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
take_hello(struct link *l, struct wire *m)
{
	uint64_t protocol = wire_get_u64(m);

	wire_get_text(m);
	if (!wire_ended(m) || protocol != WIRE_PROTOCOL)
		return false;
	l->greeted = true;
	child_ready(l->child);
	link_up(l);
	return true;
}

static bool
take_log(struct link *l, struct wire *m)
{
	enum log_level level = wire_get_max(m, LOG_ERROR);
	const char *line;

	(void)l;
	wire_get_u64(m);
	line = wire_get_text(m);
	if (!wire_ended(m))
		return false;
	log_line(level, "lan: %.*s", WIRE_MAX_LINE, line);
	return true;
}

/*
 * A get has one bind for each object, a table whole rows, a read all that was asked for: else it
 * answers something else.
 */
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
	case ASK_READ:
		return !some || (answer->ngot == a->n && answer->nobjects == a->nobjects);
	case ASK_PAGE:
	case ASK_LOGIN:
		return answer->len <= PLATEN_MAX_BODY_CEILING && is_plain(answer->type, MAX_TARGET);
	}
	return false;
}

static bool
take_answer(struct link *l, struct wire *m)
{
	struct asked *a = asked_find(l, wire_get_u64(m));
	struct pool *pool = pool_new();
	struct answer answer;
	bool ok = answer_get(m, pool, &answer) && wire_ended(m);

	answer.pool = &pool;
	/* It may have been cancelled while the answer was on its way. */
	if (ok && a != NULL && (ok = a->state == ASKED_OUT && has_shape(a, &answer)))
		asked_answer(l, a, &answer);
	pool_free(pool);
	return ok;
}

static bool
take_learned(struct link *l, struct wire *m)
{
	const char *address = wire_get_text(m);
	uint16_t port = (uint16_t)wire_get_max(m, UINT16_MAX);
	const char *learned = wire_get_text(m);

	if (!wire_ended(m) || !is_plain(address, MAX_ADDRESS) || !is_plain(learned, MAX_LEARNED))
		return false;
	if (l->lan.learned != NULL)
		l->lan.learned(l->lan.learned_arg, address, port, learned);
	return true;
}

static bool
take_found(struct link *l, struct wire *m)
{
	uint64_t sweep = wire_get_u64(m);
	const char *address = wire_get_text(m);
	uint16_t port = (uint16_t)wire_get_max(m, UINT16_MAX);
	const char *as_asked = wire_get_text(m);

	if (!wire_ended(m) || !is_plain(address, MAX_ADDRESS) || !is_plain(as_asked, MAX_TARGET))
		return false;
	if (sweep == l->sweep && sweep != 0)
		l->events->found(l->events_arg, address, port, as_asked);
	return true;
}

static bool
take_progress(struct link *l, struct wire *m)
{
	uint64_t sweep = wire_get_u64(m), sent = wire_get_u64(m), most = wire_get_u64(m);
	uint64_t found = wire_get_u64(m);

	if (!wire_ended(m))
		return false;
	if (sweep == l->sweep && sweep != 0)
		l->events->progress(l->events_arg, sent, most, found);
	return true;
}

static bool
take_swept(struct link *l, struct wire *m)
{
	uint64_t sweep = wire_get_u64(m), packets = wire_get_u64(m);
	const char *why = wire_get_text(m);

	if (!wire_ended(m))
		return false;
	if (sweep == l->sweep && sweep != 0)
		link_swept(l, packets, why);
	return true;
}

static bool (*const messages[])(struct link *, struct wire *) = {
	[MSG_HELLO] = take_hello,
	[MSG_LOG] = take_log,
	[MSG_LAN_ANSWER] = take_answer,
	[MSG_LAN_LEARNED] = take_learned,
	[MSG_LAN_FOUND] = take_found,
	[MSG_LAN_PROGRESS] = take_progress,
	[MSG_LAN_SWEPT] = take_swept,
};

bool
link_hear(void *arg, struct wire *m)
{
	struct link *l = arg;

	l->heard = clock_ms();
	if (m->type >= COUNT(messages) || messages[m->type] == NULL ||
		l->greeted != (m->type != MSG_HELLO))
		return false;
	return messages[m->type](l, m);
}
