/* SPDX-License-Identifier: Apache-2.0 */
/* answered.c - a set of numbers, half full at most; see answered.h. */
#include "net/answered.h"

#include <stdlib.h>

#define CAP_LEAST 64

/* Where the number is, or would be. */
static uint32_t
place_of(const struct answered *a, uint32_t number)
{
	uint32_t mixed = number * 2654435761u, at = (mixed ^ mixed >> 15) & (a->cap - 1);

	while (a->slots[at] != 0 && a->slots[at] != number + 1)
		at = (at + 1) & (a->cap - 1);
	return at;
}

bool
answered_has(const struct answered *a, uint32_t number)
{
	return a->n > 0 && a->slots[place_of(a, number)] != 0;
}

static void
grow(struct answered *a)
{
	struct answered larger = { .n = a->n, .cap = a->cap > 0 ? 2 * a->cap : CAP_LEAST };

	larger.slots = mem_alloc(larger.cap * sizeof(*larger.slots));
	for (uint32_t i = 0; i < a->cap; i++)
		if (a->slots[i] != 0)
			larger.slots[place_of(&larger, a->slots[i] - 1)] = a->slots[i];
	free(a->slots);
	*a = larger;
}

void
answered_add(struct answered *a, uint32_t number)
{
	if (2 * (a->n + 1) > a->cap)
		grow(a);
	a->slots[place_of(a, number)] = number + 1;
	a->n++;
}

void
answered_free(struct answered *a)
{
	free(a->slots);
	*a = (struct answered){ 0 };
}
