/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe_where.c - the addresses of a sweep and their numbers; see probe_inside.h.
 *
 * The numbers are gone through with a stride, so that a subnet is not met in one
 * burst.  Nothing is kept of an address.
 */
#include "net/probe_inside.h"

#include <string.h>

#define SWEEP_MOST (UINT64_C(1) << 24) /* addresses of one sweep */

static uint16_t
port_of(const struct probe *p, const struct range *r)
{
	return r->port != 0 ? r->port : p->port;
}

static struct address
address_of(const struct probe *p, const struct stretch *s, uint64_t number)
{
	struct address a = { .v6 = s->range.v6, .port = port_of(p, &s->range) };
	uint64_t add = number - s->start;

	memcpy(a.ip, s->range.first, 16);
	for (int i = 15; i >= 0 && add > 0; i--) {
		add += a.ip[i];
		a.ip[i] = (uint8_t)add;
		add >>= 8;
	}
	return a;
}

static uint64_t
number_of(const struct stretch *s, const struct address *a)
{
	uint64_t from = 0, at = 0;

	for (int i = 8; i < 16; i++) {
		from = from << 8 | s->range.first[i];
		at = at << 8 | a->ip[i];
	}
	return s->start + (at - from);
}

/* The first, where several stretches have the address. */
static const struct stretch *
stretch_with(const struct probe *p, const struct address *a)
{
	for (uint32_t i = 0; i < p->nstretches; i++) {
		const struct stretch *s = &p->stretches[i];

		if (port_of(p, &s->range) == a->port && range_has(&s->range, a->v6, a->ip))
			return s;
	}
	return NULL;
}

static const struct stretch *
stretch_at(const struct probe *p, uint64_t number)
{
	uint32_t low = 0, high = p->nstretches - 1;

	while (low < high) {
		uint32_t middle = (low + high + 1) / 2;

		if (p->stretches[middle].start <= number)
			low = middle;
		else
			high = middle - 1;
	}
	return &p->stretches[low];
}

static bool
is_excluded(const struct probe *p, const struct address *a)
{
	for (uint32_t i = 0; i < p->nexclude; i++) {
		const struct range *r = &p->exclude[i];

		if ((r->port == 0 || r->port == a->port) && range_has(r, a->v6, a->ip))
			return true;
	}
	return false;
}

bool
where_next(struct probe *p, uint32_t *look, struct address *a)
{
	for (; p->position<p->total && * look> 0; --*look) {
		uint64_t number = (p->offset + p->position * p->stride) % p->total;
		const struct stretch *s = stretch_at(p, number);

		p->position++;
		*a = address_of(p, s, number);
		if (!answered_has(&p->answered, (uint32_t)number) && stretch_with(p, a) == s &&
			!is_excluded(p, a))
			return true;
	}
	return false;
}

const struct stretch *
where_is(const struct probe *p, const struct address *a, uint32_t *number)
{
	const struct stretch *s = stretch_with(p, a);

	if (s != NULL)
		*number = (uint32_t)number_of(s, a);
	return s;
}

/* ---- beginning ---- */

static uint64_t
common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* About the golden section of all: neighbours in time are far from each other. */
static void
choose_stride(struct probe *p)
{
	p->stride = p->total * 618 / 1000 + 1;
	while (common_divisor(p->stride, p->total) != 1)
		p->stride++;
	p->offset = random_u64() % p->total;
}

bool
where_begin(struct probe *p)
{
	for (uint32_t i = 0; i < p->nstretches; i++) {
		p->stretches[i].start = p->total;
		p->total += range_count(&p->stretches[i].range);
	}
	if (p->total > 0 && p->total <= SWEEP_MOST)
		choose_stride(p);
	return p->total <= SWEEP_MOST;
}
