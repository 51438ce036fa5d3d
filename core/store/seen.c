/* SPDX-License-Identifier: Apache-2.0 */
/* seen.c - runs of numbers; see seen.h. */
#include "store/seen.h"

#include <stdlib.h>
#include <string.h>

/* The first run that ends at or behind number. */
static uint32_t
place_of(const struct seen *s, uint64_t number)
{
	uint32_t from = 0, to = s->n;

	/* Mostly it is the next one. */
	if (s->n > 0 && s->runs[s->n - 1].last < number)
		return s->n;
	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (s->runs[middle].last < number)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

bool
seen_has(const struct seen *s, uint64_t number)
{
	uint32_t at = place_of(s, number);

	return at < s->n && s->runs[at].first <= number;
}

static void
cut_out(struct seen *s, uint32_t at)
{
	s->n--;
	memmove(&s->runs[at], &s->runs[at + 1], (s->n - at) * sizeof(*s->runs));
}

static void
put_in(struct seen *s, uint32_t at, struct run run)
{
	if (s->n == s->room) {
		s->room = s->room == 0 ? 1 : s->room * 2;
		s->runs = mem_grow(s->runs, s->room * sizeof(*s->runs));
	}
	memmove(&s->runs[at + 1], &s->runs[at], (s->n - at) * sizeof(*s->runs));
	s->runs[at] = run;
	s->n++;
}

bool
seen_fits(const struct seen *s, uint64_t number, uint32_t most)
{
	return s->n < most || seen_has(s, number) || seen_has(s, number - 1) ||
		seen_has(s, number + 1);
}

void
seen_add(struct seen *s, uint64_t number)
{
	uint32_t at = place_of(s, number);
	bool before = at > 0 && s->runs[at - 1].last + 1 == number;
	bool behind = at < s->n && s->runs[at].first == number + 1;

	if (at < s->n && s->runs[at].first <= number)
		return;
	if (before && behind) {
		s->runs[at - 1].last = s->runs[at].last;
		cut_out(s, at);
	} else if (before) {
		s->runs[at - 1].last = number;
	} else if (behind) {
		s->runs[at].first = number;
	} else {
		put_in(s, at, (struct run){ .first = number, .last = number });
	}
	s->runs[before ? at - 1 : at].dirty = true;
}

uint64_t
seen_missing(const struct seen *s)
{
	uint64_t missing = 0;

	for (uint32_t i = 1; i < s->n; i++)
		missing += s->runs[i].first - s->runs[i - 1].last - 1;
	return missing;
}

void
seen_free(struct seen *s)
{
	free(s->runs);
	*s = (struct seen){ 0 };
}
