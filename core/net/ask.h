/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.h - one question of the agent on its way to one printer.
 *
 * A printer is asked one SNMP question and for one page at a time; the others wait in line.
 * Ends with exactly one answer, or with none when it is cancelled.
 */
#ifndef PLATEN_ASK_H
#define PLATEN_ASK_H

#include "net/exchange.h"

/* What one question may cost. */
#define ASK_TIME (PLATEN_VISIT_SECONDS * 1000u) /* ms from its first packet */
#define ASK_PACKETS 3000 /* packets sent */
#define ASK_BYTES (4u << 20) /* bytes of answers */

struct login;
struct page;
struct outline;

struct ask {
	struct ask *next; /* in its printer's line */
	struct peer *peer;
	uint64_t id;
	struct pool *pool; /* all that belongs to it */
	struct question q;
	struct kept *kept; /* what the question's OIDs and outline lie in; NULL: in its pool */
	struct outline *outline; /* NULL: not found yet */
	uint64_t deadline; /* clock_ms(); 0: not begun */
	uint32_t packets;
	size_t bytes; /* of answers so far */
	struct exchange *exchange; /* that it waits for, or NULL */
	struct login *login; /* while logging in, or NULL */
	union { /* by the kind of the question; NULL before it begins */
		struct reader *reader;
		struct page *page;
	};
};

/* Take over a question; a, its pool and question are the ask's own now. */
void ask_submit(struct ask *);
void ask_cancel(struct role *, uint64_t id);
void asks_close(struct role *);

/* Answer, and let the next in line begin.  a is gone. */
void ask_finish(struct ask *, const struct answer *);
void ask_finish_none(struct ask *, int32_t status);
/* The printer does not speak SNMP with us: so for all that wait in that line. */
void ask_unanswered(struct ask *, int32_t status);
/* The printer refuses: say so once, forget the credentials, answer so. */
void ask_refused(struct ask *, const struct reply *);
/* It has cost too much; what there is must do. */
bool ask_is_over(const struct ask *);
/* Ask the printer in the way it is known to be asked. */
void ask_send(struct ask *, const struct request *, exchange_fn *);

/* kept.c: take the OIDs of a READ apart, or find it done; false: they are none. */
bool kept_take(struct role *, struct ask *);
void kept_leave(struct ask *);
/* None is in use, or only those that have been of late stay. */
void kept_close(struct role *);
void kept_forget_idle(struct role *);

/* role.c */
void role_answer(struct role *, uint64_t id, const struct answer *);

/* read.c, page.c: begin, and let go of what is under way. */
void read_begin(struct ask *);
void page_begin(struct ask *);
void page_cancel(struct ask *);

/*
 * login.c: find out how the printer is asked, or whether it is still there.
 * PLATEN_OK: peer->credential serves; PLATEN_ENOANSWER, PLATEN_EREFUSED: nothing does.
 */
typedef void login_fn(struct ask *, int32_t status);
void login_begin(struct ask *, login_fn *);
void login_cancel(struct ask *);

#endif
