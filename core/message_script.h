/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message_script.h - what the agent and a host say to each other of questions that
 * are foreseen: a plugin asks the same of every printer of a kind, so the agent has
 * read that before it calls the plugin, and all of a visit is one frame each way.
 *
 * The plugin knows nothing of it: it asks, and is answered when it has returned.
 */
#ifndef PLATEN_MESSAGE_SCRIPT_H
#define PLATEN_MESSAGE_SCRIPT_H

#include "message.h"

/*
 * Scripts that a host keeps: one is found by its number modulo this, and the next one of the same
 * place drops it.  The agent counts the same way, and tells it again.
 */
#define SCRIPTS_MOST 4096

/* ---- script: u64 number, u64 n, n questions (GET and TABLE) ---- */
struct script {
	uint64_t number; /* never used twice, never 0 */
	uint32_t n; /* at most PLATEN_MAX_QUESTIONS, none of them twice */
	const struct question *questions;
};

void script_put(struct buf *, const struct script *);
/* In memory of the pool; false: bad. */
bool script_get(struct wire *, struct pool *, struct script *);
/* Which of its questions is this?  Looked for from the last one on, which is moved; -1: none. */
int32_t script_find(const struct script *, const struct question *, uint32_t *last);

/*
 * ---- foreseen: u64 number of the script or 0 for nothing, u64 known (bit i: the answer to
 * question i follows), answers ----
 * answer to a GET: a value for each object; to a TABLE: u64 n, n rows as in message_read.h,
 * then for each column n values.  Only what is whole is foreseen.
 */

/* On the agent's side: as it is said. */
struct foretold {
	const struct script *script;
	uint64_t known;
	struct buf answers;
};

struct got;

/* Questions in their order, once each.  What came of its OIDs; false: that are no whole rows. */
bool foretold_read(struct foretold *, uint32_t question, const struct got *const *got);
/* ... or its answer. */
void foretold_answer(struct foretold *, uint32_t question, const struct answer *);
/* NULL: nothing is foreseen. */
void foretold_put(struct buf *, const struct foretold *);

/* On the host's: as it is given to the plugin. */
struct foreseen {
	const struct script *script;
	uint64_t known; /* bit i: question i has its answer here */
	const struct answer *answers; /* as many as questions */
	void (*before)(void); /* called ahead of each callback; NULL: nothing is */
};

_Static_assert(PLATEN_MAX_QUESTIONS <= 64, "a bit for each question of a script");

/* script: the one that is kept in the place of that number, or NULL; false: bad. */
bool foreseen_get(struct wire *, struct pool *, const struct script *(*kept)(uint64_t number),
	struct foreseen *);
/* ... behind the number, of a script that is there. */
bool foreseen_answers(struct wire *, struct pool *, struct foreseen *);

#endif
