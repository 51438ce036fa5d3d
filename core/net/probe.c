/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.c - the sweep; see probe.h.
 *
 * Of an address that is silent nothing is kept.  Many packets leave with one
 * system call, and between two handfuls what has come is read.
 */
#include "net/probe_inside.h"

#include <stdlib.h>
#include <string.h>

#define HANDFUL 256 /* packets, before what has come is read */
#define HANDFULS 8 /* of one turn of the loop */
#define LOOK_MOST 20000 /* addresses looked at in one turn */
#define FEW 256 /* addresses that are asked again and again... */
#define FEW_PAUSE 250 /* ...with so many ms for answers in between */
#define PROGRESS_EVERY 500 /* ms */

/* ---- the end ---- */

void
probe_closed(uv_handle_t *timer)
{
	struct probe *p = timer->data;

	free(p->stretches);
	free(p->exclude);
	answered_free(&p->answered);
	questions_free(p);
	buf_free(&p->problems);
	pool_free(p->pool);
	free(p);
}

void
probe_end(struct role *r)
{
	struct probe *p = r->probe;

	if (p == NULL)
		return;
	r->probe = NULL;
	udp_close(p->udp);
	uv_timer_stop(&p->timer);
	uv_close((uv_handle_t *)&p->timer, probe_closed);
}

void
probe_problem(struct probe *p, const char *text)
{
	if (p->problems.n > 0)
		buf_text(&p->problems, "; ");
	if (p->problems.n < 1000)
		buf_text(&p->problems, text);
}

static void
conclude(struct probe *p)
{
	char *why;
	int error = 0;
	uint64_t unsent = p->udp != NULL ? udp_unsent(p->udp, &error) : 0;

	if (unsent > 0) {
		why = mem_format("%llu packets could not be sent (%s)", (unsigned long long)unsent,
			strerror(error));
		probe_problem(p, why);
		free(why);
	}
	why = buf_take(&p->problems);
	role_swept(p->role, p->id, p->sent, why);
	free(why);
	probe_end(p->role);
}

/* ---- asking ---- */

static uint64_t
now_us(void)
{
	return uv_hrtime() / 1000;
}

static void
tell_progress(struct probe *p, uint64_t now)
{
	uint64_t left = p->total - p->position + (p->npasses - 1 - p->pass) * p->total;

	if (now - p->told < PROGRESS_EVERY)
		return;
	p->told = now;
	role_progress(p->role, p->id, p->sent, p->sent + left, p->found);
}

static void
on_waited(uv_timer_t *timer)
{
	conclude(timer->data);
}

static void on_turn(uv_timer_t *);

/* This pass is over.  True: another one begins at once. */
static bool
next_pass(struct probe *p)
{
	if (p->pass + 1 == p->npasses) {
		uv_timer_start(&p->timer, on_waited, p->role->settings.timeout, 0);
		return false;
	}
	p->pass++;
	p->position = 0;
	if (p->total <= FEW)
		uv_timer_start(&p->timer, on_turn, FEW_PAUSE, 0);
	return p->total > FEW;
}

/* At most so many. */
static void
ask_some(struct probe *p, uint64_t most)
{
	uint32_t look = LOOK_MOST;
	struct address a;
	uint64_t n = 0;

	while (n < most && where_next(p, &look, &a)) {
		const struct kind *k = question_for(p, &a);

		udp_send(p->udp, &a, k->bytes, k->n);
		n++;
	}
	udp_flush(p->udp);
	p->sent += n;
	pace_went(&p->pace, now_us(), n);
}

static void
on_turn(uv_timer_t *timer)
{
	struct probe *p = timer->data;
	uint64_t may, wait;

	for (int i = 0; i < HANDFULS && (may = pace_may(&p->pace, now_us())) > 0; i++) {
		ask_some(p, may < HANDFUL ? may : HANDFUL);
		udp_take(p->udp);
		if (p->found == p->total || (p->position == p->total && !next_pass(p)))
			return;
	}
	tell_progress(p, clock_ms());
	/* Never at once: others have their turn. */
	wait = pace_wait(&p->pace, now_us()) / 1000;
	uv_timer_start(timer, on_turn, wait > 0 ? wait : 1, 0);
}

/* ---- answers ---- */

static void
on_packet(void *arg, const struct address *from, uint8_t *bytes, size_t n)
{
	struct probe *p = arg;
	const struct stretch *s;
	struct packet_head head;
	uint32_t number;

	if (!packet_head(bytes, n, &head) || (s = where_is(p, from, &number)) == NULL ||
		answered_has(&p->answered, number) || !question_is_ours(p, from, &head))
		return;
	answered_add(&p->answered, number);
	p->found++;
	role_found(p->role, p->id, from, s->as_asked);
	if (p->found == p->total)
		uv_timer_start(&p->timer, on_waited, 0, 0);
}

/* ---- beginning ---- */

/*
 * The silent are asked a second time: in another way, or in the same where there
 * is only one.  A few addresses are somebody's very printers: they are asked as
 * often as any question is.
 */
static uint32_t
count_passes(const struct probe *p)
{
	uint32_t tries = p->role->settings.retries + 1;

	if (p->total <= FEW)
		return p->nkinds * tries;
	return p->nkinds == 1 && tries > 1 ? 2 : p->nkinds;
}

void
probe_start(struct probe *p)
{
	bool numbered = where_begin(p);
	struct why why;

	questions_make(p);
	p->npasses = count_passes(p);
	if (p->spoiled)
		probe_problem(p, "nothing was asked, because an exclusion is not understood");
	else if (!numbered)
		probe_problem(p, "more than 16777216 addresses to look at; name fewer ranges");
	else if (p->nkinds == 0)
		probe_problem(p,
			"neither a community nor an SNMPv3 user is set to ask with; see [snmp]");
	else if (p->total > 0 && (p->udp = udp_open(p->role->loop, on_packet, p, &why)) == NULL)
		probe_problem(p, why.text);
	if (p->udp == NULL) {
		conclude(p);
		return;
	}
	p->told = clock_ms();
	pace_begin(&p->pace, p->rate, now_us());
	uv_timer_start(&p->timer, on_turn, 0, 0);
}
