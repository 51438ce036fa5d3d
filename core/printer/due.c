/* SPDX-License-Identifier: Apache-2.0 */
/* due.c - a binary heap; see due.h. */
#include "printer/due.h"

#include <stdlib.h>

static void
put(struct dues *all, uint32_t place, struct due *d)
{
	all->heap[place] = d;
	d->place = place;
}

/* Towards the first place as long as whoever is there is due later, else away from it. */
static void
settle(struct dues *all, struct due *d, uint32_t place)
{
	uint32_t next;

	for (; place > 1 && all->heap[place / 2]->at > d->at; place /= 2)
		put(all, place, all->heap[place / 2]);
	for (; (next = place * 2) <= all->n; place = next) {
		if (next < all->n && all->heap[next + 1]->at < all->heap[next]->at)
			next++;
		if (all->heap[next]->at >= d->at)
			break;
		put(all, place, all->heap[next]);
	}
	put(all, place, d);
}

void
due_set(struct dues *all, struct due *d, uint64_t at)
{
	if (d->place == 0) {
		if (all->n + 1 >= all->room) {
			all->room = all->room == 0 ? 16 : all->room * 2;
			all->heap = mem_grow(all->heap, all->room * sizeof(struct due *));
		}
		d->place = ++all->n;
	}
	d->at = at;
	settle(all, d, d->place);
}

void
due_drop(struct dues *all, struct due *d)
{
	uint32_t place = d->place;
	struct due *last;

	if (place == 0)
		return;
	d->place = 0;
	last = all->heap[all->n--];
	if (last != d)
		settle(all, last, place);
}

struct due *
due_first(const struct dues *all)
{
	return all->n > 0 ? all->heap[1] : NULL;
}

void
dues_free(struct dues *all)
{
	free(all->heap);
	*all = (struct dues){ 0 };
}
