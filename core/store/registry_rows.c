/* SPDX-License-Identifier: Apache-2.0 */
/* registry_rows.c - rows by number, chained by their hashes; see registry_rows.h. */
#include "store/registry_rows.h"

#include "wire.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_LEAST 64

struct row_block {
	uint64_t given; /* a bit for each number that is */
	bool changed;
	struct row rows[ROWS_BLOCK];
};

_Static_assert(ROWS_BLOCK == 64, "a block's rows are the bits of a number");

uint64_t
rows_place(const struct rows *r, const char *address, uint16_t port)
{
	return hash_string(r->seed + port, address);
}

uint64_t
rows_id(const struct rows *r, const char *id)
{
	return hash_string(r->seed, id);
}

struct row *
rows_at(const struct rows *r, uint32_t number)
{
	return &r->blocks[number / ROWS_BLOCK]->rows[number % ROWS_BLOCK];
}

uint32_t
rows_next(const struct rows *r, uint32_t number)
{
	uint32_t block = ++number / ROWS_BLOCK;
	uint64_t left = UINT64_MAX << number % ROWS_BLOCK;

	for (; block < r->nblocks; block++, left = UINT64_MAX)
		if ((left &= r->blocks[block]->given) != 0)
			return block * ROWS_BLOCK + (uint32_t)__builtin_ctzll(left);
	return 0;
}

uint32_t
rows_free(struct rows *r)
{
	uint32_t number;

	while (r->open < r->nblocks && r->blocks[r->open]->given == UINT64_MAX)
		r->open++;
	number = r->open * ROWS_BLOCK;
	if (r->open < r->nblocks)
		return number + (uint32_t)__builtin_ctzll(~r->blocks[r->open]->given);
	/* The first one of all is nobody's: 0 is none. */
	return number < ROWS_MOST ? number + (number == 0) : 0;
}

/* ---- by their hashes ---- */

static uint32_t *
first(const struct rows *r, enum rows_by by, uint64_t hash)
{
	return &r->first[by][hash & (r->room - 1)];
}

uint32_t
rows_find(const struct rows *r, enum rows_by by, uint64_t hash, uint32_t behind)
{
	uint32_t number = 0;

	if (behind != 0)
		number = rows_at(r, behind)->next[by];
	else if (r->room > 0)
		number = *first(r, by, hash);
	while (number != 0 && rows_at(r, number)->hash[by] != hash)
		number = rows_at(r, number)->next[by];
	return number;
}

static void
chain(struct rows *r, uint32_t number, enum rows_by by)
{
	struct row *row = rows_at(r, number);
	uint32_t *at = first(r, by, row->hash[by]);

	row->next[by] = *at;
	*at = number;
}

static void
unchain(struct rows *r, uint32_t number, enum rows_by by)
{
	struct row *row = rows_at(r, number);
	uint32_t *at = first(r, by, row->hash[by]);

	while (*at != number)
		at = &rows_at(r, *at)->next[by];
	*at = row->next[by];
}

/* Twice the room, and all of them again. */
static void
grow(struct rows *r)
{
	r->room = r->room == 0 ? ROOM_LEAST : 2 * r->room;
	for (enum rows_by by = 0; by < ROWS_BY; by++) {
		free(r->first[by]);
		r->first[by] = mem_alloc(r->room * sizeof(*r->first[by]));
		for (uint32_t number = 0; (number = rows_next(r, number)) != 0;)
			chain(r, number, by);
	}
}

/* ---- they come and go ---- */

static struct row_block *
block_of(struct rows *r, uint32_t number)
{
	while (r->nblocks <= number / ROWS_BLOCK) {
		r->blocks = mem_grow(r->blocks, (r->nblocks + 1) * sizeof(struct row_block *));
		r->blocks[r->nblocks++] = mem_alloc(sizeof(struct row_block));
	}
	r->blocks[0]->given |= 1;
	return r->blocks[number / ROWS_BLOCK];
}

struct row *
rows_add(struct rows *r, uint32_t number, uint64_t place, uint64_t id)
{
	struct row_block *block = block_of(r, number);
	struct row *row = rows_at(r, number);

	if (r->n >= r->room)
		grow(r);
	*row = (struct row){ .hash = { [ROWS_BY_PLACE] = place, [ROWS_BY_ID] = id } };
	block->given |= UINT64_C(1) << number % ROWS_BLOCK;
	chain(r, number, ROWS_BY_PLACE);
	chain(r, number, ROWS_BY_ID);
	r->n++;
	return row;
}

void
rows_rename(struct rows *r, uint32_t number, uint64_t id)
{
	unchain(r, number, ROWS_BY_ID);
	rows_at(r, number)->hash[ROWS_BY_ID] = id;
	chain(r, number, ROWS_BY_ID);
}

static void
let_go(struct rows *r, struct row *row)
{
	r->held -= row->size;
	free(row->bytes);
	row->bytes = NULL;
	row->size = 0;
}

void
rows_hold(struct rows *r, uint32_t number, const uint8_t *p, size_t n)
{
	struct row *row = rows_at(r, number);

	let_go(r, row);
	if (n > ROWS_HELD - r->held)
		return;
	row->bytes = mem_copy(p, n);
	row->size = (uint32_t)n;
	r->held += n;
}

void
rows_drop(struct rows *r, uint32_t number)
{
	uint32_t block = number / ROWS_BLOCK;

	let_go(r, rows_at(r, number));
	unchain(r, number, ROWS_BY_PLACE);
	unchain(r, number, ROWS_BY_ID);
	r->blocks[block]->given &= ~(UINT64_C(1) << number % ROWS_BLOCK);
	r->open = block < r->open ? block : r->open;
	r->n--;
}

void
rows_clear(struct rows *r)
{
	for (uint32_t number = 0; (number = rows_next(r, number)) != 0;)
		let_go(r, rows_at(r, number));
	for (uint32_t i = 0; i < r->nblocks; i++)
		free(r->blocks[i]);
	free(r->blocks);
	for (enum rows_by by = 0; by < ROWS_BY; by++)
		free(r->first[by]);
	*r = (struct rows){ .seed = r->seed };
}

/* ---- what changes with every visit ---- */

void
rows_visited(struct rows *r, uint32_t number)
{
	r->blocks[number / ROWS_BLOCK]->changed = true;
}

uint32_t
rows_changed(const struct rows *r, uint32_t block)
{
	while (block < r->nblocks && !r->blocks[block]->changed)
		block++;
	return block;
}

void
rows_pack(struct rows *r, uint32_t block, struct buf *out)
{
	struct row_block *b = r->blocks[block];

	for (const struct row *row = b->rows; row < b->rows + ROWS_BLOCK; row++) {
		wire_i64(out, row->seen);
		wire_u64(out, row->failures);
		wire_u64(out, row->faults);
	}
	b->changed = false;
}

bool
rows_unpack(struct rows *r, uint64_t block, const uint8_t *p, size_t n)
{
	struct wire w = { .p = p, .n = n };

	if (block >= r->nblocks)
		return true;
	for (struct row *row = r->blocks[block]->rows; row < r->blocks[block]->rows + ROWS_BLOCK;
		row++) {
		row->seen = wire_get_i64(&w);
		row->failures = wire_get_max(&w, UINT32_MAX);
		row->faults = wire_get_u64(&w);
	}
	return wire_ended(&w);
}
