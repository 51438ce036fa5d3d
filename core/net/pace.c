/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pace.c - packets a second; see pace.h.
 *
 * Packet k is due k / rate seconds after the first.  A machine that was late
 * sends what is due by now, but a second that has had its number is full: what
 * went late goes late again a second later.
 */
#include "net/pace.h"

/* What a late machine may catch up; what is older is let go. */
#define CATCH_UP (PACE_SECOND / 20)

#define PACE_GRAIN (PACE_SECOND / 1000)

void
pace_begin(struct pace *p, uint32_t rate, uint64_t now)
{
	*p = (struct pace){ .rate = rate, .began = now };
}

static uint64_t
due_at(const struct pace *p, uint64_t number)
{
	return p->began + (number * PACE_SECOND + p->rate - 1) / p->rate;
}

static void
forget_old(struct pace *p, uint64_t now)
{
	while (p->nmarks > 0 && p->marks[p->first].at + PACE_SECOND <= now) {
		p->recent -= p->marks[p->first].n;
		p->first = (p->first + 1) % PACE_MARKS;
		p->nmarks--;
	}
}

uint64_t
pace_may(struct pace *p, uint64_t now)
{
	uint64_t due, room;

	forget_old(p, now);
	if (due_at(p, p->sent) + CATCH_UP < now) { /* count anew from what is let go */
		p->began = now - CATCH_UP;
		p->sent = 0;
	}
	if (due_at(p, p->sent) > now)
		return 0;
	due = (now - p->began) * p->rate / PACE_SECOND + 1 - p->sent;
	room = p->rate - p->recent;
	return due < room ? due : room;
}

/* A mark is of one millisecond, so that those of a second have room. */
static bool
is_of_mark(const struct pace *p, uint32_t mark, uint64_t now)
{
	return p->nmarks > 0 && p->marks[mark].at / PACE_GRAIN == now / PACE_GRAIN;
}

void
pace_went(struct pace *p, uint64_t now, uint64_t n)
{
	uint32_t last = (p->first + p->nmarks + PACE_MARKS - 1) % PACE_MARKS;

	if (n == 0)
		return;
	p->sent += n;
	p->recent += n;
	if (!is_of_mark(p, last, now) && p->nmarks < PACE_MARKS) {
		last = (p->first + p->nmarks++) % PACE_MARKS;
		p->marks[last].n = 0;
	}
	p->marks[last].at = now; /* those before it count as later, too */
	p->marks[last].n += n;
}

uint64_t
pace_wait(const struct pace *p, uint64_t now)
{
	uint64_t next = due_at(p, p->sent);

	if (p->recent >= p->rate && p->marks[p->first].at + PACE_SECOND > next)
		next = p->marks[p->first].at + PACE_SECOND;
	return next > now ? next - now : 0;
}
