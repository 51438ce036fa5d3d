/* SPDX-License-Identifier: Apache-2.0 */
/*
 * postgres - records into a PostgreSQL database: the tables of sdk/schema.
 *
 * A batch is one transaction and one journey to the server.  What the server says
 * of it decides: what was wrong with the records is found by halving, and refused
 * alone; what was wrong with the server (gone, restarting, full, a deadlock) is
 * tried again.  A record counts once, however often and by whomever it is brought.
 */
#include "postgres.h"

#include <platen/network.h>
#include <platen/upload.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS 15000 /* until the server says something */
#define WRITE_MS 60000 /* ... to a transaction */

/* Records first..first+n-1 of the batch, to be written as one transaction. */
struct range {
	uint32_t first, n;
};

/* Halving a batch never has more ranges open than this: one for each bit of a length. */
#define MAX_RANGES 34

enum fate { OPEN, ANOTHER, SETTLED };

enum phase { DOWN, LINKING, READY, WRITING };

static const struct platen_host *host;
static const struct platen_upload *upload;
static const struct platen_network *network;

static struct {
	PGconn *conn;
	enum phase phase;
	int fresh; /* connected for this batch */
	struct trouble trouble;

	/* The batch in hand; NULL: free. */
	struct platen_delivery *delivery;
	const struct platen_batch *batch;
	unsigned char *fates;
	struct range now, ranges[MAX_RANGES];
	uint32_t nranges;
	int failed; /* a statement of the transaction at hand has */
} pg;

/* ---- the end of a batch ---- */

static void
hang_up(void)
{
	PQfinish(pg.conn);
	pg.conn = NULL;
	pg.phase = DOWN;
}

static void
let_go(void)
{
	free(pg.fates);
	pg.fates = NULL;
	pg.batch = NULL;
}

/* What is not settled is for later, for the reason in pg.trouble. */
static void
give_up(void)
{
	for (uint32_t i = 0; i < pg.batch->n; i++)
		if (pg.fates[i] != SETTLED) {
			upload->settle(pg.delivery, i, 1, PLATEN_LATER, 0, pg.trouble.text);
			break;
		}
	let_go();
}

static void
settle(uint32_t i, uint32_t n, int32_t verdict, const char *reason)
{
	upload->settle(pg.delivery, i, n, verdict, 0, reason);
	memset(pg.fates + i, SETTLED, n);
}

/* ---- waiting ---- */

static void on_event(struct platen_delivery *, const struct platen_network_event *, void *);

static void
watch(uint32_t ready, uint32_t ms)
{
	if (network->watch(pg.delivery, PQsocket(pg.conn), ready, ms, on_event, NULL) == PLATEN_OK)
		return;
	trouble_say(&pg.trouble, "the server cannot be waited for");
	hang_up();
	give_up();
}

/* ---- connecting ---- */

static void write_next(void);

static void
link_on(enum step step)
{
	switch (step) {
	case STEP_READ:
		watch(PLATEN_READABLE, CONNECT_MS);
		return;
	case STEP_WRITE:
		watch(PLATEN_WRITABLE, CONNECT_MS);
		return;
	case STEP_DONE:
		pg.phase = READY;
		write_next();
		return;
	case STEP_FAILED:
		hang_up();
		give_up();
		return;
	}
}

static void
connect_anew(void)
{
	hang_up();
	pg.fresh = 1;
	pg.phase = LINKING;
	pg.conn = link_begin(&pg.trouble);
	if (pg.conn == NULL) {
		pg.phase = DOWN;
		give_up();
		return;
	}
	/* As libpq wants it: at first as if it had asked to write. */
	watch(PLATEN_WRITABLE, CONNECT_MS);
}

/* The connection is gone: one that slept since the last batch is tried anew, once. */
static void
lost(void)
{
	if (pg.fresh) {
		hang_up();
		give_up();
		return;
	}
	pg.ranges[pg.nranges++] = pg.now;
	connect_anew();
}

/* ---- writing ---- */

static void
send_range(void)
{
	char why[PLATEN_MAX_WHY];

	for (uint32_t i = pg.now.first; i < pg.now.first + pg.now.n; i++)
		if (pg.fates[i] != SETTLED) {
			pg.fates[i] = OPEN;
			rows_add(pg.batch->records[i], i, why); /* it has been looked at */
		}
	pg.failed = 0;
	pg.phase = WRITING;
	if (rows_send(pg.conn) && PQflush(pg.conn) >= 0) {
		watch(PLATEN_READABLE | PLATEN_WRITABLE, WRITE_MS);
	} else {
		trouble_of(&pg.trouble, pg.conn, NULL);
		lost();
	}
}

static void
write_next(void)
{
	if (pg.nranges == 0) {
		let_go();
		return;
	}
	pg.now = pg.ranges[--pg.nranges];
	send_range();
}

/* Is it the records that are wrong?  Data, a rule of the table, or a size nothing can hold. */
static int
is_records_fault(const char *code)
{
	return strncmp(code, "22", 2) == 0 || strncmp(code, "54", 2) == 0 ||
		(strncmp(code, "23", 2) == 0 && strcmp(code, "23503") != 0);
}

static void
push(uint32_t first, uint32_t n)
{
	if (n > 0)
		pg.ranges[pg.nranges++] = (struct range){ first, n };
}

static void
transaction_failed(void)
{
	uint32_t half = pg.now.n / 2;
	char reason[MAX_REASON + 40];

	if (!is_records_fault(pg.trouble.code)) {
		give_up();
		return;
	}
	if (pg.now.n == 1) {
		snprintf(reason, sizeof(reason), "the database cannot take it: %s",
			pg.trouble.text);
		settle(pg.now.first, 1, PLATEN_REJECTED, reason);
	} else {
		push(pg.now.first + half, pg.now.n - half);
		push(pg.now.first, half);
	}
	write_next();
}

/* All of the range is on the server's disk, but what another record stands in the way of. */
static void
transaction_done(void)
{
	uint32_t end = pg.now.first + pg.now.n;

	for (uint32_t i = pg.now.first; i < end; i++) {
		uint32_t run = i;

		if (pg.fates[i] == ANOTHER)
			settle(i, 1, PLATEN_REJECTED,
				"another record of this agent has its number already: was the "
				"agent's state copied or restored?");
		while (run < end && pg.fates[run] == OPEN)
			run++;
		if (run > i)
			settle(i, run - i, PLATEN_SENT, "");
	}
	write_next();
}

static void
mark(unsigned long i)
{
	if (i >= pg.now.first && i < pg.now.first + pg.now.n)
		pg.fates[i] = ANOTHER;
}

/* 1: the transaction is over. */
static int
take(const PGresult *result)
{
	switch (PQresultStatus(result)) {
	case PGRES_TUPLES_OK:
		for (int i = 0; i < PQntuples(result); i++)
			mark(strtoul(PQgetvalue(result, i, 0), NULL, 10));
		return 0;
	case PGRES_FATAL_ERROR:
		if (!pg.failed)
			trouble_of(&pg.trouble, pg.conn, result);
		pg.failed = 1;
		return 0;
	case PGRES_PIPELINE_SYNC:
		return 1;
	default:
		return 0;
	}
}

static void
hear(void)
{
	int left = PQflush(pg.conn);

	if (left < 0 || !PQconsumeInput(pg.conn)) {
		trouble_of(&pg.trouble, pg.conn, NULL);
		lost();
		return;
	}
	while (!PQisBusy(pg.conn)) {
		PGresult *result = PQgetResult(pg.conn);
		int over = result != NULL && take(result);

		PQclear(result);
		if (PQstatus(pg.conn) == CONNECTION_BAD) {
			lost();
			return;
		}
		if (over) {
			pg.phase = READY;
			if (pg.failed)
				transaction_failed();
			else
				transaction_done();
			return;
		}
	}
	watch(PLATEN_READABLE | (left > 0 ? PLATEN_WRITABLE : 0), WRITE_MS);
}

static void
on_event(struct platen_delivery *d, const struct platen_network_event *event, void *arg)
{
	(void)arg;
	pg.delivery = d;
	if (event->status != PLATEN_OK) {
		trouble_say(&pg.trouble, "the server does not answer");
		hang_up();
		give_up();
		return;
	}
	switch (pg.phase) {
	case LINKING:
		link_on(link_go_on(pg.conn, &pg.trouble));
		return;
	case WRITING:
		hear();
		return;
	case DOWN:
	case READY:
		return; /* nothing is watched then */
	}
}

/* ---- the plugin ---- */

/* What no database could take needs no journey. */
static uint32_t
look_at_records(void)
{
	char why[PLATEN_MAX_WHY];
	uint32_t good = 0;

	for (uint32_t i = 0; i < pg.batch->n; i++) {
		const struct platen_record *r = pg.batch->records[i];

		if (platen_rows(r->json, r->len, NULL, NULL, why))
			good++;
		else
			settle(i, 1, PLATEN_REJECTED, why);
	}
	return good;
}

static int32_t
deliver(struct platen_delivery *d, const struct platen_batch *batch)
{
	if (pg.batch != NULL)
		return upload->settle(d, 0, batch->n, PLATEN_LATER, 0,
			"the batch before is still being written");
	pg.fates = calloc(batch->n, 1);
	if (pg.fates == NULL)
		return PLATEN_ETOOBIG;
	pg.delivery = d;
	pg.batch = batch;
	pg.nranges = 0;
	pg.fresh = 0;
	if (look_at_records() == 0) {
		let_go();
		return PLATEN_OK;
	}
	push(0, batch->n);
	if (pg.phase == READY)
		write_next();
	else
		connect_anew();
	return PLATEN_OK;
}

static int32_t
start(const struct platen_host *given)
{
	host = given;
	upload = (const struct platen_upload *)host->service(host, PLATEN_UPLOAD);
	network = (const struct platen_network *)host->service(host, PLATEN_NETWORK);
	return link_options(host) ? PLATEN_OK : PLATEN_EINVAL;
}

static const struct platen_sink sink = {
	.size = sizeof(sink),
	.deliver = deliver,
};

static const char *const needs[] = { PLATEN_UPLOAD, PLATEN_NETWORK, NULL };
static const char *const reach[] = { NULL };

static const struct platen_option options[] = {
	{ "url", NULL, "the database: postgresql://USER@HOST/DATABASE, without a password" },
	{ "password_file", "", "file whose first line is the user's password" },
	{ "ca_file", "", "certificates of who may vouch for the server; empty: the system's" },
	{ "cert_file", "", "certificate by which platen proves itself; empty: none" },
	{ "key_file", "", "its key" },
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "postgres",
	.version = "1.0",
	.summary = "writes records into a PostgreSQL database",
	.needs = needs,
	.reach = reach,
	.options = options,
	.sink = &sink,
	.start = start,
	.stop = hang_up,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
