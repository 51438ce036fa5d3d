/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry_rows.h - the rows of registry.db in memory: found by the printer's place and by its id,
 * with what changes at every visit; and their bytes, as far as there is room.
 *
 * A place and an id are a hash here, begun with a number nobody can know.  It knows no words of a
 * printer and no file.
 */
#ifndef PLATEN_REGISTRY_ROWS_H
#define PLATEN_REGISTRY_ROWS_H

#include "store/registry.h"

/* Numbers of rows are below; who comes when all are given is not remembered. */
#define ROWS_MOST (1u << 20)

/* Bytes of rows that are held: those of 15,000 printers or so. */
#define ROWS_HELD (8u << 20)

/* Rows whose visits are written together: a bit of a number each. */
#define ROWS_BLOCK 64

enum rows_by { ROWS_BY_PLACE, ROWS_BY_ID, ROWS_BY };

struct row {
	uint64_t hash[ROWS_BY]; /* of a printer without an id both are its place's */
	uint32_t next[ROWS_BY]; /* whose hash ends alike; 0: nobody */
	int64_t seen;
	uint64_t faults;
	uint32_t failures;
	uint32_t size;
	uint8_t *bytes; /* of the file's row; NULL: they are not held */
};

/* { 0 } is an empty one, but for its seed. */
struct rows {
	uint64_t seed;
	struct row_block **blocks; /* row N is one of block N / ROWS_BLOCK */
	uint32_t nblocks;
	uint32_t open; /* no number of a block before this one is free */
	uint32_t *first[ROWS_BY]; /* by the hash's end */
	uint32_t n, room; /* a power of two, or 0 */
	size_t held; /* bytes */
};

uint64_t rows_place(const struct rows *, const char *address, uint16_t port);
/* The hash of an id that is not "". */
uint64_t rows_id(const struct rows *, const char *id);

/* The row of that hash behind another one, 0: the first; 0: there is none. */
uint32_t rows_find(const struct rows *, enum rows_by, uint64_t hash, uint32_t behind);
/* The row of the next number that is given, from 0 on; 0: no more. */
uint32_t rows_next(const struct rows *, uint32_t number);
struct row *rows_at(const struct rows *, uint32_t number);

/* A number nobody has; 0: all are given. */
uint32_t rows_free(struct rows *);
/* Begin a row; the number is below ROWS_MOST and nobody has it. */
struct row *rows_add(struct rows *, uint32_t number, uint64_t place, uint64_t id);
void rows_rename(struct rows *, uint32_t number, uint64_t id);
/* These are its bytes now: hold them if there is room. */
void rows_hold(struct rows *, uint32_t number, const uint8_t *p, size_t n);
void rows_drop(struct rows *, uint32_t number);
void rows_clear(struct rows *);

/*
 * Blocks, of which something has to be written: the next one from that number on, nblocks: no
 * more.  What its rows' visits are goes as bytes; false: these are none.
 */
void rows_visited(struct rows *, uint32_t number);
uint32_t rows_changed(const struct rows *, uint32_t block);
void rows_pack(struct rows *, uint32_t block, struct buf *);
bool rows_unpack(struct rows *, uint64_t block, const uint8_t *p, size_t n);

#endif
