/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_lines.h - lines of records: whose they are, and what of them a file holds
 * already.
 */
#ifndef PLATEN_PLACE_LINES_H
#define PLATEN_PLACE_LINES_H

#include "store/seen.h"

/* How much of a file's end tells what it holds: more than can be written and not yet be known. */
#define TAIL_SIZE (8u << 20)

/* Urgent facts of a number are no record of that number. */
enum line_kind { LINE_READING, LINE_URGENT, LINE_KINDS };

/*
 * Which numbers of each agent are there: one agent, or at a gateway many, whose
 * records may come late and out of turn.
 */
struct held {
	uint32_t n, room;
	struct holder {
		char agent[UUID_TEXT];
		struct seen seen[LINE_KINDS];
	} * holders; /* in order of agent */
};

void held_merge(struct held *into, const struct held *from);
void held_free(struct held *);

struct tail {
	size_t good; /* bytes of whole lines */
	size_t torn; /* bytes behind them */
	bool foreign; /* not one line is a record */
};

/* Read the end of a file into held (which only grows).  False: errno. */
bool tail_read(int fd, struct held *, struct tail *);

/* Lines where they lie in a body: what stands side by side is one run. */
struct runs {
	uint32_t n, room;
	size_t bytes; /* of all */
	struct run_of_lines {
		const uint8_t *p;
		size_t n;
	} * runs;
};

void runs_free(struct runs *);

/*
 * The lines of body that are not held yet; fresh is what they are.  False:
 * one is no record.
 */
bool lines_new(const uint8_t *body, size_t n, const struct held *, struct runs *out,
	struct held *fresh);

#endif
