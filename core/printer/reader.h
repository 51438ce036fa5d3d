/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reader.h - objects and columns of one printer, read in as few PDUs as it can
 * carry: what is asked next, and what an answer means.
 *
 * Single objects are asked with GET, tables are walked with GETBULK, their
 * columns side by side.  A question may bring what was there the last time (its
 * shape): then
 *   - what was there is asked for exactly, and what was not is left out;
 *   - in each table one column, that had all rows, is asked with GETNEXT from its
 *     beginning to beyond its end: a row more, less or elsewhere is noticed;
 *   - a table in which anything is not as it was is walked anew as a whole.
 * What a printer cannot carry is asked in ever simpler ways, and remembered in
 * its ability.  Knows no network and no time: the lan role makes packets of it
 * (net/read.c), and a capture answers it from a file, so that both are the same.
 */
#ifndef PLATEN_READER_H
#define PLATEN_READER_H

#include "message.h"
#include "printer/pdu.h"

/* Objects of one request: to begin with, by how many it grows, and at most. */
#define OBJECTS_START 16
#define OBJECTS_STEP 16
#define OBJECTS_MOST 64
/* Rows of one GETBULK at most. */
#define REPETITIONS_MOST 50

/* What a printer was found to be able to carry. */
struct ability {
	bool version1; /* it is spoken to in SNMPv1, which has no GETBULK */
	bool nobulk; /* is deaf to GETBULK */
	uint32_t bulk_doubts; /* questions in which it seemed to be */
	uint32_t objects, objects_most; /* of one request, and what it may grow to */
	uint32_t repetitions; /* of one GETBULK at most */
};

struct ability ability_new(void);
/* It could not carry n objects at once; it could. */
void ability_fewer(struct ability *, uint32_t n);
void ability_more(struct ability *, uint32_t n);

/*
 * What a question of kind GET, TABLE or READ says by itself, found once for all its readers; and
 * what they found of the rows that printers have.
 */
struct outline;
struct outline *outline_new(struct pool *, const struct question *);

struct reader;

/* All of it lives in the pool. */
struct reader *reader_new(struct pool *, const struct question *, struct outline *,
	struct ability *);

/* The next request; its names stay until the next call.  False: there is none. */
bool reader_next(struct reader *, struct request *);
void reader_take(struct reader *, const struct reply *);
/*
 * The request was not answered.  True: it was about one object alone; is the
 * printer there at all?  Then reader_alive() or reader_stop() follows.
 */
bool reader_silent(struct reader *);
void reader_alive(struct reader *);
/* No more can be had. */
void reader_stop(struct reader *);
/* Has it answered anything? */
bool reader_heard(const struct reader *);
void reader_answer(struct reader *, struct answer *);

#endif
