/* SPDX-License-Identifier: Apache-2.0 */
/*
 * postgres.h - between the plugin's three files.
 *
 *   postgres.c  the delivery: which records are written next, what became of them
 *   link.c      the connection, and the tables made or found current
 *   rows.c      records as arrays, one statement a table
 */
#ifndef PLATEN_POSTGRES_H
#define PLATEN_POSTGRES_H

#include <platen/plugin.h>
#include <platen/rows.h>

#include <libpq-fe.h>

#define MAX_REASON 400

/* Why the last step failed: a sentence without newline, and the server's code, "" : none. */
struct trouble {
	char text[MAX_REASON];
	char code[6];
};

void trouble_say(struct trouble *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What the server said of a statement, or what libpq says of the connection. */
void trouble_of(struct trouble *, const PGconn *, const PGresult *);

/* ---- link.c ---- */

/* What to wait for, or how it went. */
enum step { STEP_READ, STEP_WRITE, STEP_DONE, STEP_FAILED };

/* Are the options a way to a server?  0: the line in the log says what is wrong. */
int link_options(const struct platen_host *);
/* Begin anew; NULL when it fails at once. */
PGconn *link_begin(struct trouble *);
/* Go on until it is STEP_DONE: connected, the tables current, in pipeline mode. */
enum step link_go_on(PGconn *, struct trouble *);

/* ---- rows.c ---- */

/* Take the rows of a record that is number i of the batch. */
int rows_add(const struct platen_record *, uint32_t i, char why[PLATEN_MAX_WHY]);
/* Send all that were taken, as one transaction, and forget them.  0: it cannot be sent. */
int rows_send(PGconn *);

#endif
