/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks something else in each visit, some of it twice and some of it late, and tells
 * whether it got what it asked for: nobody can foresee it.
 */
#include "bad.h"

#include <stdio.h>
#include <time.h>

struct visited {
	uint32_t asked, answered, wrong;
};

/* sysUpTime.0, sysName.0, sysLocation.0, and sysDescr.0 with sysContact.0 */
static const struct platen_oid name = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 5, 0);
static const struct platen_oid location = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 6, 0);
static const struct platen_oid two[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 1, 0),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 4, 0),
};
/* sysORID, a column */
static const struct platen_oid rows = PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 9, 1, 2);

static const struct asks {
	const struct platen_oid *oids;
	uint32_t n;
	int table;
} questions[] = { { &uptime, 1, 0 }, { &name, 1, 0 }, { two, 2, 0 }, { &rows, 1, 1 } };

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static int slow; /* a second in each callback: that it may */

static void
spend_time(void)
{
	if (slow)
		nanosleep(&(struct timespec){ .tv_sec = 1 }, NULL);
}

static int
is_right(const struct platen_oid *asked, uint32_t n, const struct platen_snmp_reply *r)
{
	for (uint32_t i = 0; r->status == PLATEN_OK && i < r->n; i++) {
		const struct platen_oid *got = &r->binds[i]->oid;

		if (got->n < asked[i % n].n ||
			memcmp(got->sub, asked[i % n].sub, asked[i % n].n * sizeof(*got->sub)) != 0)
			return 0;
	}
	return 1;
}

static void
answered(struct platen_visit *v, struct visited *s, int right)
{
	char text[80];

	s->wrong += !right;
	if (++s->answered < s->asked)
		return;
	snprintf(text, sizeof(text), "asked %u, answered %u, wrong %u", s->asked, s->answered,
		s->wrong);
	emit_text(v, "console.text", "fickle", text);
}

static void
got_late(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	answered(v, arg, is_right(&location, 1, r));
}

/* The second half of a visit's memory says of what question an answer is. */
struct question {
	struct visited *visited;
	const struct asks *asks;
};

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	const struct question *q = arg;
	struct visited *s = q->visited;

	spend_time();
	if (q->asks->oids == &name)
		s->asked += snmp->get(v, &location, 1, got_late, s) == PLATEN_OK;
	answered(v, s, is_right(q->asks->oids, q->asks->n, r));
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	static uint32_t turn;
	struct visited *s = host->alloc(v, sizeof(*s));
	uint32_t n = 1 + turn % 5;

	host->log(host, PLATEN_INFO, "turns");
	if ((slow = strcmp(host->option(host, "slow"), "yes") == 0))
		n = QUESTIONS;
	for (uint32_t i = 0; s != NULL && i < n; i++) {
		struct question *q = host->alloc(v, sizeof(*q));

		if (q == NULL)
			return PLATEN_EBUDGET;
		q->visited = s;
		q->asks = &questions[(turn / 2 + 3 * i) % QUESTIONS];
		s->asked += (q->asks->table ? snmp->table : snmp->get)(v, q->asks->oids, q->asks->n,
				    got, q) == PLATEN_OK;
	}
	turn++;
	return PLATEN_OK;
}

static const struct platen_option options[] = {
	{ .key = "slow", .value = "no", .help = "think about each answer" },
	{ 0 },
};

BAD_STRUCT("fickle", visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.options = options;
	return &plugin;
}
