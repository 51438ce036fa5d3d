/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c - records as arrays, and one statement for each table that unfolds them;
 * see postgres.h.
 *
 * All statements are one transaction.  Rows go in the order of their keys, so that
 * two gateways that write the same records wait for each other and never in a ring.
 */
#include "postgres.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SQL 4000

/* A column's values as the text of an array, while it grows. */
struct array {
	char *p;
	size_t n, room;
};

/* Rows of readings carry the reading's id beside their columns. */
#define ID PLATEN_MAX_COLUMNS

static struct array arrays[PLATEN_TABLES][PLATEN_MAX_COLUMNS + 1];
static uint32_t counts[PLATEN_TABLES];
/* The number in the batch of each reading. */
static struct array numbers;
static const char *id; /* of the reading at hand */
static uint32_t at;
static int short_of_memory;

/* ---- arrays ---- */

static void
put(struct array *a, const char *s, size_t n)
{
	if (a->n + n + 2 > a->room) {
		size_t room = (a->n + n + 2) * 2;
		char *p = realloc(a->p, room);

		if (p == NULL) {
			short_of_memory = 1;
			return;
		}
		a->p = p;
		a->room = room;
	}
	memcpy(a->p + a->n, s, n);
	a->n += n;
	a->p[a->n] = 0;
}

static void
put_value(struct array *a, const char *s)
{
	put(a, a->n == 0 ? "{" : ",", 1);
	if (s == NULL) {
		put(a, "NULL", 4);
		return;
	}
	put(a, "\"", 1);
	for (size_t n; *s != 0; s += n) {
		if (*s == '"' || *s == '\\')
			put(a, "\\", 1);
		n = 1 + strcspn(s + 1, "\"\\");
		put(a, s, n);
	}
	put(a, "\"", 1);
}

static void
forget(void)
{
	for (int t = 0; t < PLATEN_TABLES; t++) {
		counts[t] = 0;
		for (int c = 0; c <= ID; c++)
			arrays[t][c].n = 0;
	}
	numbers.n = 0;
}

static void
on_row(void *arg, uint32_t table, const char *const *values)
{
	const struct platen_sql_table *t = &platen_sql_tables[table];
	char number[16];

	(void)arg;
	counts[table]++;
	for (uint32_t i = 0; i < t->ncolumns; i++)
		put_value(&arrays[table][i], values[i]);
	if (table == PLATEN_READINGS) {
		id = values[2];
		snprintf(number, sizeof(number), "%u", at);
		put_value(&numbers, number);
	}
	if (t->of_reading)
		put_value(&arrays[table][ID], id);
}

int
rows_add(const struct platen_record *r, uint32_t i, char why[PLATEN_MAX_WHY])
{
	at = i;
	return platen_rows(r->json, r->len, on_row, NULL, why);
}

/* ---- statements ---- */

struct sql {
	char text[MAX_SQL];
	size_t n;
	const char *values[PLATEN_MAX_COLUMNS + 1];
	int nvalues;
};

static void __attribute__((format(printf, 2, 3))) say(struct sql *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	s->n += (size_t)vsnprintf(s->text + s->n, sizeof(s->text) - s->n, fmt, ap);
	va_end(ap);
}

/* "$3::uuid[]", and the array it stands for. */
static void
say_array(struct sql *s, struct array *a, const char *type)
{
	put(a, "}", 1);
	s->values[s->nvalues++] = a->p;
	say(s, "%s$%d::%s[]", s->nvalues > 1 ? ", " : "", s->nvalues, type);
}

static void
say_names(struct sql *s, const struct platen_sql_table *t, const char *before)
{
	for (uint32_t i = 0; i < t->ncolumns; i++)
		say(s, "%s%s%s", i ? ", " : "", before, t->columns[i].name);
}

/* "u.agent, u.seq" of "agent, seq" */
static void
say_key(struct sql *s, const char *key)
{
	say(s, "u.");
	for (; *key != 0; key++)
		say(s, *key == ' ' ? " u." : "%c", *key);
}

static int
send(PGconn *conn, const struct sql *s)
{
	return !short_of_memory &&
		PQsendQueryParams(conn, s->text, s->nvalues, NULL, s->values, NULL, NULL, 0);
}

/* Of agents and devices the newest of the batch, of others any: they are the same. */
static int
send_table(PGconn *conn, uint32_t table)
{
	const struct platen_sql_table *t = &platen_sql_tables[table];
	struct sql s = { .n = 0 };
	int newest = table == PLATEN_AGENTS || table == PLATEN_DEVICES;

	say(&s, "INSERT INTO %s (", t->name);
	say_names(&s, t, "");
	say(&s, ") SELECT DISTINCT ON (");
	say_key(&s, t->key);
	say(&s, ") ");
	say_names(&s, t, "u.");
	say(&s, " FROM unnest(");
	for (uint32_t i = 0; i < t->ncolumns; i++)
		say_array(&s, &arrays[table][i], t->columns[i].type);
	if (t->of_reading)
		say_array(&s, &arrays[table][ID], "uuid");
	say(&s, ") AS u(");
	say_names(&s, t, "");
	say(&s, "%s)", t->of_reading ? ", id" : "");
	/* Of another record that has this number already nothing is mixed in. */
	if (t->of_reading)
		say(&s, " JOIN readings r ON r.agent = u.agent AND r.seq = u.seq AND r.id = u.id");
	say(&s, " ORDER BY ");
	say_key(&s, t->key);
	say(&s, "%s %s", newest ? ", u.time DESC" : "", t->conflict);
	return send(conn, &s);
}

/* Which readings of the batch found another record under their number? */
static int
send_question(PGconn *conn)
{
	struct array *columns = arrays[PLATEN_READINGS];
	struct sql s = { .n = 0 };

	/* The arrays were closed when the readings were sent. */
	s.values[0] = columns[0].p;
	s.values[1] = columns[1].p;
	s.values[2] = columns[2].p;
	s.nvalues = 3;
	say(&s, "SELECT u.i FROM unnest($1::uuid[], $2::bigint[], $3::uuid[]");
	say_array(&s, &numbers, "integer");
	say(&s,
		") AS u(agent, seq, id, i) JOIN readings r ON r.agent = u.agent AND "
		"r.seq = u.seq WHERE r.id <> u.id");
	return send(conn, &s);
}

int
rows_send(PGconn *conn)
{
	int good = 1;

	for (uint32_t t = 0; good && t < PLATEN_TABLES; t++)
		if (counts[t] > 0)
			good = send_table(conn, t) && (t != PLATEN_READINGS || send_question(conn));
	good = good && PQpipelineSync(conn);
	forget();
	short_of_memory = 0;
	return good;
}
