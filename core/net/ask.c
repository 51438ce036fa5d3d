/* SPDX-License-Identifier: Apache-2.0 */
/* ask.c - the lines of questions of each printer; see ask.h. */
#include "net/ask.h"

#include <stdlib.h>

static bool
is_page(const struct ask *a)
{
	switch (a->q.kind) {
	case ASK_PAGE:
	case ASK_LOGIN:
		return true;
	case ASK_GET:
	case ASK_TABLE:
	case ASK_READ:
		return false;
	}
	return false;
}

static void
ask_free(struct ask *a)
{
	kept_leave(a);
	pool_free(a->pool);
}

static struct line *
line_of(const struct ask *a)
{
	return &a->peer->lines[is_page(a) ? LINE_PAGES : LINE_SNMP];
}

/* Nobody there: whoever waits for the same printer's SNMP need not find out again. */
static void
fail_line(struct peer *p, int32_t status)
{
	struct line *line = &p->lines[LINE_SNMP];
	struct ask *a = line->first->next, *next;
	struct answer answer;

	for (; a != NULL; a = next) {
		next = a->next;
		answer = answer_none(a->q.kind, status);
		role_answer(p->role, a->id, &answer);
		ask_free(a);
	}
	line->first->next = NULL;
	line->last = &line->first->next;
}

void
ask_unanswered(struct ask *a, int32_t status)
{
	fail_line(a->peer, status);
	ask_finish_none(a, status);
}

static void
logged_in(struct ask *a, int32_t status)
{
	if (status == PLATEN_OK)
		read_begin(a);
	else
		ask_unanswered(a, status);
}

static void
begin(struct ask *a)
{
	a->deadline = clock_ms() + ASK_TIME;
	switch (a->q.kind) {
	case ASK_GET:
	case ASK_TABLE:
	case ASK_READ:
		if (a->peer->credential != NULL)
			read_begin(a);
		else
			login_begin(a, logged_in);
		return;
	case ASK_PAGE:
	case ASK_LOGIN:
		page_begin(a);
		return;
	}
}

void
ask_submit(struct ask *a)
{
	struct line *line = line_of(a);

	*line->last = a;
	line->last = &a->next;
	if (line->first == a)
		begin(a);
}

/* ---- the end ---- */

static void
take_out(struct ask *a)
{
	struct line *line = line_of(a);
	struct ask **at = &line->first;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	if (line->last == &a->next)
		line->last = at;
}

static void
next_in_line(struct peer *p, struct line *line)
{
	p->used = clock_ms();
	if (line->first != NULL && line->first->deadline == 0)
		begin(line->first);
}

void
ask_finish(struct ask *a, const struct answer *answer)
{
	struct peer *p = a->peer;
	struct line *line = line_of(a);
	struct answer counted = *answer;

	counted.packets = a->packets;
	peer_remember(p);
	role_answer(p->role, a->id, &counted);
	take_out(a);
	ask_free(a);
	next_in_line(p, line);
}

void
ask_finish_none(struct ask *a, int32_t status)
{
	struct answer answer = answer_none(a->q.kind, status);

	ask_finish(a, &answer);
}

void
ask_refused(struct ask *a, const struct reply *reply)
{
	struct peer *p = a->peer;
	char address[ADDRESS_TEXT];

	if (!p->refusal_told) {
		address_format(&p->address, address);
		role_log(p->role, LOG_WARN, "%s refuses to be read: %s", address,
			reply->report != REPORT_NONE ? report_say(reply->report)
						     : "authorizationError");
		p->refusal_told = true;
	}
	p->credential = NULL;
	ask_finish_none(a, PLATEN_EREFUSED);
}

static void
let_go(struct ask *a)
{
	if (a->exchange != NULL)
		exchange_cancel(a->exchange);
	login_cancel(a);
	if (is_page(a) && a->page != NULL)
		page_cancel(a);
}

static void
drop(struct ask *a)
{
	let_go(a);
	take_out(a);
	ask_free(a);
}

static struct ask *
find(struct role *r, uint64_t id)
{
	for (uint32_t i = 0; i < PEER_BUCKETS; i++)
		for (struct peer *p = r->peers[i]; p != NULL; p = p->next)
			for (int k = 0; k < LINES; k++)
				for (struct ask *a = p->lines[k].first; a != NULL; a = a->next)
					if (a->id == id)
						return a;
	return NULL;
}

void
ask_cancel(struct role *r, uint64_t id)
{
	struct ask *a = find(r, id);
	struct line *line;
	struct peer *p;

	if (a == NULL)
		return; /* its answer is on its way */
	p = a->peer;
	line = line_of(a);
	drop(a);
	next_in_line(p, line);
}

void
asks_close(struct role *r)
{
	for (uint32_t i = 0; i < PEER_BUCKETS; i++)
		for (struct peer *p = r->peers[i]; p != NULL; p = p->next)
			for (int k = 0; k < LINES; k++)
				while (p->lines[k].first != NULL)
					drop(p->lines[k].first);
}

/* ---- for read.c ---- */

bool
ask_is_over(const struct ask *a)
{
	return a->packets >= ASK_PACKETS || a->bytes >= ASK_BYTES || clock_ms() >= a->deadline;
}

void
ask_send(struct ask *a, const struct request *request, exchange_fn *fn)
{
	const struct exchange_order order = {
		.peer = a->peer,
		.credential = a->peer->credential,
		.request = *request,
		.pool = a->pool,
		.tries = a->peer->role->settings.retries + 1,
		.deadline = a->deadline,
		.packets = &a->packets,
		.fn = fn,
		.arg = a,
	};

	a->exchange = exchange_start(&order);
}
