/* SPDX-License-Identifier: Apache-2.0 */
/*
 * counters.c - Samsung's counter table: each row says by job, media size, sides and colour
 * what it counts.
 *
 * A meter is the row that says "any" to all that the meter does not ask for; where there is
 * none, the sum of the rows that say something to everything, provided that all printed rows
 * together make the life count.  Rows are never told by their number.
 */
#include "samsung.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Columns of scmHrDevCountTable, in the order they are asked for. */
enum { JOB, SIZE, UNIT, DUPLEX, COLOR, VALUE, COLUMNS };

#define ANY (-2)
#define IMPRESSIONS 7

/* scmHrDevCountJobType */
enum { PRINT = 1, COPY = 2, FAX_IN = 3, REPORT = 6, RECEIVED = 12, STORED = 21 };
/* scmHrDevCountColor */
enum { FULL = 1, SINGLE = 2, MONO = 3 };

#define TWO_SIDED 2 /* scmHrDevCountDuplex */

static const struct {
	const char *metric;
	int32_t job, size, duplex, color;
} meters[] = {
	{ "meter.total", ANY, ANY, ANY, ANY },
	{ "meter.mono", ANY, ANY, ANY, MONO },
	{ "meter.color", ANY, ANY, ANY, FULL },
	{ "meter.single-color", ANY, ANY, ANY, SINGLE },
	{ "meter.duplex", ANY, ANY, TWO_SIDED, ANY },
	{ "meter.print.total", PRINT, ANY, ANY, ANY },
	{ "meter.print.mono", PRINT, ANY, ANY, MONO },
	{ "meter.print.color", PRINT, ANY, ANY, FULL },
	{ "meter.print.single-color", PRINT, ANY, ANY, SINGLE },
	{ "meter.copy.total", COPY, ANY, ANY, ANY },
	{ "meter.copy.mono", COPY, ANY, ANY, MONO },
	{ "meter.copy.color", COPY, ANY, ANY, FULL },
	{ "meter.copy.single-color", COPY, ANY, ANY, SINGLE },
	{ "meter.fax.total", FAX_IN, ANY, ANY, ANY },
	{ "meter.size.na_letter_8.5x11in", ANY, 3, ANY, ANY },
	{ "meter.size.na_legal_8.5x14in", ANY, 4, ANY, ANY },
	{ "meter.size.iso_a4_210x297mm", ANY, 5, ANY, ANY },
	{ "meter.size.iso_a5_148x210mm", ANY, 16, ANY, ANY },
	{ "meter.size.iso_a3_297x420mm", ANY, 20, ANY, ANY },
};

static const struct platen_oid columns[COLUMNS] = {
	SAMSUNG(11, 53, 11, 2, 1, 2),
	SAMSUNG(11, 53, 11, 2, 1, 3),
	SAMSUNG(11, 53, 11, 2, 1, 4),
	SAMSUNG(11, 53, 11, 2, 1, 5),
	SAMSUNG(11, 53, 11, 2, 1, 6),
	SAMSUNG(11, 53, 11, 2, 1, 7),
};
static const struct platen_oid life = PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1);

struct counters {
	uint32_t answers, n;
	int64_t life; /* -1: not told */
	int64_t row[PLATEN_MAX_ROWS][COLUMNS];
	uint32_t index[PLATEN_MAX_ROWS][2]; /* hrDeviceIndex and the row's number */
};

static bool
is_printed(int64_t job)
{
	return job == PRINT || job == COPY || job == FAX_IN || job == REPORT || job == RECEIVED ||
		job == STORED || job == -1;
}

/* Nothing in it is "any", and it is printed: a piece of the whole. */
static bool
is_piece(const int64_t *row)
{
	return is_printed(row[JOB]) && row[SIZE] != ANY && row[DUPLEX] != ANY &&
		row[COLOR] != ANY && row[UNIT] == IMPRESSIONS;
}

/* The row that is just this meter; c->n: there is none. */
static uint32_t
whole(const struct counters *c, size_t m)
{
	uint32_t i = 0;

	for (; i < c->n; i++) {
		const int64_t *row = c->row[i];

		if (row[UNIT] == IMPRESSIONS && row[JOB] == meters[m].job &&
			row[SIZE] == meters[m].size && row[DUPLEX] == meters[m].duplex &&
			row[COLOR] == meters[m].color)
			break;
	}
	return i;
}

static bool
fits(int64_t value, int32_t wanted)
{
	return wanted == ANY || value == wanted;
}

/* The sum of the pieces of the meter; -1: it has none. */
static int64_t
pieces(const struct counters *c, size_t m)
{
	int64_t sum = -1;

	for (uint32_t i = 0; i < c->n; i++) {
		const int64_t *row = c->row[i];

		if (is_piece(row) && fits(row[JOB], meters[m].job) &&
			fits(row[SIZE], meters[m].size) && fits(row[DUPLEX], meters[m].duplex) &&
			fits(row[COLOR], meters[m].color))
			sum = (sum < 0 ? 0 : sum) + row[VALUE];
	}
	return sum;
}

/* Within a hundredth: the engine counts its own pages, too.  meters[0] is the total. */
static bool
pieces_are_all(const struct counters *c)
{
	int64_t sum = pieces(c, 0);

	return sum >= 0 && c->life >= 0 && sum <= c->life && c->life - sum <= c->life / 100;
}

#define VALUES "1.3.6.1.4.1.236.11.5.11.53.11.2.1.7"

/* Say the meter, and where it stands. */
static void
meter_say(struct platen_visit *v, const struct counters *c, size_t m, bool trusted)
{
	uint32_t row = whole(c, m);
	char from[sizeof(VALUES) + 24];
	struct platen_reading r = {
		.size = sizeof(r),
		.metric = meters[m].metric,
		.unit = "impressions",
		.number = -1,
		.full = PLATEN_NONE,
		.from = from,
	};

	if (row < c->n) {
		r.number = c->row[row][VALUE];
		snprintf(from, sizeof(from), VALUES ".%" PRIu32 ".%" PRIu32, c->index[row][0],
			c->index[row][1]);
	} else if (trusted) {
		r.number = pieces(c, m);
		snprintf(from, sizeof(from), "rows of " VALUES);
	}
	if (r.number >= 0)
		host->emit(v, &r);
}

static void
counters_say(struct platen_visit *v, const struct counters *c)
{
	bool trusted = pieces_are_all(c);

	for (size_t m = 0; m < sizeof(meters) / sizeof(meters[0]); m++)
		meter_say(v, c, m, trusted);
	if (c->n > 0 && !trusted)
		host->log(host, PLATEN_DEBUG,
			"the rows of the counter table do not make the life count; not added up");
}

static bool
is_number(const struct platen_bind *b)
{
	return b->type == PLATEN_INTEGER || b->type == PLATEN_UNSIGNED;
}

static void
take_rows(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct counters *c = arg;
	const struct platen_oid *oid;

	/* Half a table adds up to nothing. */
	for (uint32_t i = 0; r->status == PLATEN_OK && i + COLUMNS <= r->n; i += COLUMNS) {
		bool good = c->n < PLATEN_MAX_ROWS;

		for (uint32_t k = 0; k < COLUMNS && good; k++) {
			good = is_number(r->binds[i + k]);
			c->row[c->n][k] = r->binds[i + k]->number;
		}
		/* -1 ... in an unsigned counter, or more than any counter holds */
		good = good && c->row[c->n][VALUE] >= 0 && c->row[c->n][VALUE] < UINT32_MAX - 127;
		oid = &r->binds[i + VALUE]->oid;
		if (good && oid->n == columns[VALUE].n + 2)
			memcpy(c->index[c->n++], oid->sub + oid->n - 2, 2 * sizeof(uint32_t));
	}
	if (++c->answers == 2)
		counters_say(v, c);
}

static void
take_life(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct counters *c = arg;

	c->life = r->n == 1 && is_number(r->binds[0]) ? r->binds[0]->number : -1;
	if (++c->answers == 2)
		counters_say(v, c);
}

void
counters_ask(struct platen_visit *v)
{
	struct counters *c = host->alloc(v, sizeof(*c));

	if (c == NULL)
		return;
	snmp->get(v, &life, 1, take_life, c);
	snmp->table(v, columns, COLUMNS, take_rows, c);
}
