/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader_own.h - inside a reader: reader.c knows the whole, reader_exact.c asks
 * for what is known by its whole OID, reader_walk.c goes through columns,
 * reader_shape.c writes down and recalls what was there, reader_outline.c finds what
 * many readers have in common.
 */
#ifndef PLATEN_READER_OWN_H
#define PLATEN_READER_OWN_H

#include "printer/reader.h"

/* Rows of a table that are remembered; a longer one is walked every time. */
#define SHAPE_ROWS 128
/* Bytes of an object with its value, before it has been seen. */
#define BIND_BYTES_GUESS 24

/* What remains of an OID behind its column's. */
struct index {
	const uint32_t *sub;
	uint32_t n;
	uint32_t bytes; /* of a table that is known: in a message, */
	const uint8_t *coded; /* ... and these */
};

/* Columns whose OIDs differ in their last sub-identifier alone. */
struct table {
	bool known; /* rows is what was there the last time */
	bool changed; /* ... and is there no more */
	uint32_t first, ncolumns; /* of order */
	uint32_t nrows;
	const struct index *rows; /* in order */
	struct name *names; /* of their cells, as in a rowset; NULL: nobody keeps them */
	uint32_t key; /* known: the column that tells where the rows are */
};

/* Rows of one table as some shapes tell them. */
struct rowset {
	struct rowset *next;
	const char *text;
	size_t ntext;
	struct index *rows;
	uint32_t nrows;
	struct name *names; /* of the cells, column by column; oid.n = 0: not joined yet */
};

struct outline {
	struct pool *pool; /* all of it lives there */
	uint32_t nobjects, ncolumns; /* of the question's OIDs, in this order */
	struct name *names; /* those */
	uint32_t *of; /* which table each column is of */
	uint32_t *order; /* the columns, table by table */
	struct table *tables; /* none of them known */
	uint32_t ntables;
	struct rowset **rowsets; /* of each table */
	size_t room; /* bytes of rowsets that may still be kept */
	uint8_t all[SHAPE_ROWS]; /* 1: what a column without holes is expected to be */
};

struct column {
	const struct name *root;
	struct platen_oid cursor;
	struct platen_bind *cells; /* in order; known: one a row, PLATEN_ABSENT for holes */
	uint32_t n, cap;
	struct table *table;
	struct name *names; /* known: of its cells, or NULL */
	const uint8_t *expected; /* known: which rows it had; NULL: none of them */
	uint32_t nexpected; /* how many those are */
	uint32_t width; /* bytes of its longest value */
	uint32_t bytes; /* known: of a cell and its value, without its row's */
	bool done;
	bool flawed; /* it ended for a bad reason */
};

/* Something asked for exactly. */
struct item {
	uint32_t place; /* in the question */
	uint32_t bytes; /* it takes in an answer, as far as is known */
	uint16_t row; /* of a cell, or behind which the end is looked for */
	bool end; /* of its column */
	bool optional; /* was not there the last time */
};

struct items {
	enum request_kind kind; /* GET or NEXT */
	struct item *list; /* the first `asked` are under way */
	struct name *likely; /* to be answered to those; n = 0 for an end */
	struct name *names; /* by which they are asked for: the same for a GET */
	uint32_t n, asked;
	uint32_t limit; /* of one request, in this question */
	uint32_t mute; /* times it was silent about several */
	bool begun; /* something has been asked */
	bool alone; /* ask one, to see whether it is there at all */
	bool again; /* one is asked again, now that it is awake */
};

struct walk {
	struct name *names; /* room for OBJECTS_MOST, once something is asked */
	uint32_t which[OBJECTS_MOST]; /* columns under way */
	uint32_t asked;
	bool asked_bulk;
	bool bulk; /* GETBULK, else GETNEXT */
	bool bulk_failed; /* it gave no answer to one that counts */
	uint32_t repetitions; /* of a GETBULK */
	uint32_t limit; /* columns a packet */
	uint32_t muted; /* so many got no answer, now one alone is asked; 0: no such doubt */
	bool again; /* asked once more, now that it is awake */
	uint32_t bind_bytes; /* of an object and its value, as last seen */
};

enum phase { PHASE_GET, PHASE_NEXT, PHASE_WALK, PHASE_OVER };

struct reader {
	struct pool *pool;
	const struct question *q;
	struct ability *can;
	enum phase phase;
	struct outline *o;
	uint32_t nobjects, ncolumns; /* as there */
	struct platen_bind *objects; /* and then the known tables' cells; see exact_place() */
	uint8_t *absent; /* objects that were not there the last time */
	uint32_t *widths; /* of the objects' values */
	uint8_t *flawed; /* objects without a good answer */
	struct column *columns;
	struct table *tables; /* o->ntables */
	struct items get, next;
	struct walk walk;
	uint32_t silent; /* single objects it was silent about */
	bool recalled; /* what was there the last time is known */
	bool changed; /* some table has */
	bool heard;
};

/* reader.c */
struct name cell_name(struct reader *, const struct column *, uint32_t row);
void table_changed(struct reader *, struct table *);

enum step { STEP_CELL, STEP_END, STEP_BACKWARDS };
/* What comes behind an OID: a cell of the column, its end, or nonsense. */
enum step step_judge(const struct column *, const struct platen_oid *from,
	const struct platen_bind *);

/* reader_exact.c */
void exact_begin(struct reader *);
/*
 * Room for the objects and behind them the cells of the known tables, in the order of the answer:
 * not before there is one, so many printers are waited for.
 */
void exact_place(struct reader *);
bool exact_next(struct reader *, struct items *, struct request *);
void exact_take(struct reader *, struct items *, const struct reply *);
bool exact_silent(struct items *);
void exact_alive(struct reader *, struct items *);

/* reader_walk.c: the columns that are not done. */
void walk_begin(struct reader *);
bool walk_next(struct reader *, struct request *);
void walk_take(struct reader *, const struct reply *);
bool walk_silent(struct reader *);
void walk_alive(struct reader *);
void walk_stop(struct reader *);

/* reader_outline.c: NULL: they are not kept; there is no room for them. */
const struct rowset *rowset_find(const struct outline *, uint32_t table, const char *, size_t n);
const struct rowset *rowset_keep(struct outline *, uint32_t table, const char *, size_t n,
	const struct index *rows, uint32_t nrows);

/* reader_shape.c: nothing is known when it is no shape of this question. */
void shape_recall(struct reader *, const char *shape);
/* "" : too much to be remembered. */
const char *shape_write(struct reader *);

#endif
