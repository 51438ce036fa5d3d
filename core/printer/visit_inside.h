/* SPDX-License-Identifier: Apache-2.0 */
/*
 * visit_inside.h - inside a visit: visit.c begins and ends it and hears the
 * plugins, visit_identity.c finds out who answers, visit_plan.c foresees what the
 * plugins ask, visit_questions.c hears the questions that were not foreseen, and
 * visit_read.c reads the printer for both.
 */
#ifndef PLATEN_VISIT_INSIDE_H
#define PLATEN_VISIT_INSIDE_H

#include "printer/identify.h"
#include "printer/matches.h"
#include "visit.h"

/* So often in a visit it is asked again who it is, when answers are missing. */
#define AGAIN_MOST 3

enum visit_state { STATE_FREE, STATE_IDENTIFY, STATE_MATCH, STATE_READ };

/* Lists that visits are found in by name: about as many as are open at a time. */
#define NAME_BUCKETS 256

/* What one scraper does in a visit. */
struct part {
	int32_t match;
	bool open; /* matched() or done() is still to come */
	bool partial; /* it has been noted that an answer was not whole */
	uint32_t busy; /* calls it has not returned from */
};

/* A read of the printer, from when it is asked. */
struct read {
	struct visit *visit;
	struct question q;
	const char *key; /* its name among shapes */
	const struct got *got; /* of each OID; NULL: it has not answered */
};

struct wanted; /* an object or a column that was asked for; visit_questions.c */

/* A question of a scraper, not answered yet. */
struct asked {
	struct visit *visit;
	uint32_t scraper;
	uint64_t serial;
	uint64_t lan_id; /* of a page */
	enum question_kind kind;
	uint32_t n;
	struct wanted **wanted; /* what its OIDs are, in order */
	const struct question *question; /* NULL: nobody looks on */
	struct asked *next;
};

struct visit {
	struct visits *all;
	uint64_t id; /* slot, and how often the slot was used */
	enum visit_state state;
	struct visit *next_free; /* FREE: the next such slot */
	struct pool *pool;
	struct printer *known, *now; /* one, until visit_now(): most wait to be answered */
	char name[PRINTER_ID]; /* MATCH, READ: what it is called as far as is known by then */
	struct visit *same_name; /* in its bucket */
	struct identity identity;
	enum identify_step step;
	bool identify_only;
	bool match_doubtful; /* a scraper died over it, or was not there to be asked */
	bool vague; /* of the questions who it is not all were answered */
	uint32_t again; /* how often it was asked once more for want of that */
	bool trusted; /* taken for who was known here, until the first answer */
	struct readings *readings;
	struct part parts[MAX_SCRAPERS];
	uint32_t nopen; /* parts; one more while it is only trusted */
	uint64_t serving; /* id of the visit whose questions are being served */
	uint32_t nbusy; /* calls that plugins have not returned from */
	uint64_t kind; /* of printer, to the matches */
	struct plan
		*plan; /* by which it was read before the scrapers are called; NULL: it was not */
	struct read *ahead; /* ... and that read */
	bool called; /* the scrapers have been called */
	bool resting; /* ... with all that they are known to ask: others may have its place */
	struct news *news, **news_end; /* what they asked that was not in the plan */
	struct asked *asked, **asked_end;
	struct wanted **buckets, *wanted, **wanted_end; /* NULL: nothing is; in order of asking */
	uint64_t read; /* lan's number of the read that is out, 0: none */
	uint64_t who; /* ... of the identifying question */
	const char *shape; /* what was there, by read; see shapes.h */
	bool shape_new;
	uint32_t packets;
	bool odd; /* its TLS, and that is noted */
	uv_timer_t deadline;
	visit_done_fn *done;
	void *arg;
};

struct visits {
	uv_loop_t *loop;
	struct lan *lan;
	struct scrapers *scrapers;
	struct recorder *recorder;
	const struct visit_witness *witness; /* NULL: nobody looks on */
	struct matches *matches; /* NULL: nothing has been matched yet */
	struct visit **slots, *free; /* those in use and not; the latter */
	struct visit *named[NAME_BUCKETS]; /* those that have a name */
	uint32_t nslots, nopen, nresting;
	uint32_t ngathered; /* that plugins may not have been told of */
	void (*free_place)(void *arg); /* NULL: nobody waits for one */
	void *free_place_arg;
};

/* visit.c: the visit with this id, or NULL. */
struct visit *visit_find(struct visits *, uint64_t id);
void visit_finish(struct visit *, enum visit_outcome);
/* What is known now, to be changed. */
struct printer *visit_now(struct visit *);
/* It is known who it is: let the scrapers match, and read. */
void visit_begin_matching(struct visit *);
/* It is who it was taken for. */
void visit_confirmed(struct visit *);
/* It is somebody else: all of what was asked is void. */
void visit_begin_anew(struct visit *);
/* Let the scrapers that are open visit it. */
void visit_call(struct visit *);

/* visit_place.c */
/* Ask its printer, as lan.h says: it has its place again. */
uint64_t visit_ask(struct visit *, const struct question *, lan_answer_fn *, void *arg);
/* Only plugins are waited for, as far as is known: others may have its place. */
void place_give(struct visit *);
void place_take(struct visit *);
/* After a visit has ended. */
void place_look(struct visits *);

/* visit_identity.c */
void identity_ask(struct visit *);
/* It is called as its printer is known by now; no more. */
void identity_name(struct visit *);
void identity_unname(struct visit *);
/* The two objects by which a known printer is known again have been answered. */
void identity_check(struct visit *, const struct answer *);

/* visit_read.c */
struct read *read_new(struct visit *);
/* Ask the printer; q and key are there. */
void read_ask(struct read *);
/* The answer to n objects or columns, of what came of each; to be given on before the pool goes. */
struct answer answer_of(struct pool *, enum question_kind, const struct platen_oid *oids,
	const struct got *const *got, uint32_t n);

/* visit_plan.c */
/* Read the printer as planned; false: there is no plan. */
bool plan_begin(struct visit *);
/*
 * What a scraper is foreseen to ask, and the answers that are whole, instead of what is there of
 * another one; false: nothing is.
 */
bool plan_foresee(const struct visit *, uint32_t scraper, struct foretold *);
/* It was not foreseen that a scraper asks this. */
void plan_news(struct visit *, uint32_t scraper, const struct question *);
/* The visit has gone through: the next of its kind is planned better. */
void plan_learn(struct visit *);
void plan_end(struct visit *);

/* visit_questions.c */
void questions_begin(struct visit *);
/* A scraper's question; it is in its reach. */
void questions_add(struct visit *, uint32_t scraper, uint64_t serial, const struct question *);
/* When every plugin has said what it wants: answer, or ask the printer. */
void questions_serve(struct visit *);
void questions_cancel(struct visit *);

#endif
