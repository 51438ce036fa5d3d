/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table_host.h - a host and a printer for scrapers that are tables: scrape() says what a table
 * reads of a printer of a few objects.  For the tests of tables, each of which is one program.
 */
#ifndef TABLE_HOST_H
#define TABLE_HOST_H

#include <platen/table.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"
#include "metrics.h"
#include "tests/questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ACME(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 99999, __VA_ARGS__)

/* ---- the printer: objects in order ---- */

struct object {
	const char *oid; /* below ACME */
	int32_t type;
	int64_t number;
	const char *octets;
};

static const struct object *printer;
static int32_t table_status; /* of every walk */
static const char *const *supplies; /* of the Printer-MIB: index and description, ... NULL */
static int64_t supplies_type; /* of them all */
static const struct platen_device *device; /* NULL: it says nothing of itself */

/* ---- the host ---- */

static struct pool *pool;
static struct buf said; /* readings, a line each */
static uint32_t lines; /* of the log */

static void
log_take(const struct platen_host *h, int32_t level, const char *line)
{
	(void)h, (void)level, (void)line;
	lines++;
}

static void *
alloc(struct platen_visit *v, uint64_t n)
{
	(void)v;
	return pool_alloc(pool, n);
}

static char from[200]; /* where the last reading stands */

static int32_t
emit(struct platen_visit *v, const struct platen_reading *r)
{
	struct why why;

	(void)v;
	if (!metric_check(r, &why))
		fail_msg("%s", why.text);
	buf_format(&said, "%s%s%s", r->metric, r->part ? "/" : "", r->part ? r->part : "");
	if (r->text != NULL)
		buf_format(&said, " \"%s\"", r->text);
	else if (r->number < 0)
		buf_format(&said, " special%lld", (long long)(r->number - INT64_MIN));
	else
		buf_format(&said, " %lld", (long long)r->number);
	if (r->full >= 0)
		buf_format(&said, " of %lld", (long long)r->full);
	buf_format(&said, "%s%s\n", r->unit ? " " : "", r->unit ? r->unit : "");
	text_copy(from, sizeof(from), r->from != NULL ? r->from : "");
	return PLATEN_OK;
}

static const struct platen_host host = {
	.size = sizeof(host),
	.service = service,
	.option = option,
	.log = log_take,
	.alloc = alloc,
	.emit = emit,
};

/* ---- answers ---- */

static struct oid
object_oid(const struct object *o)
{
	char *text = mem_format("1.3.6.1.4.1.99999.%s", o->oid);
	struct oid oid;

	assert_true(oid_parse(text, &oid));
	free(text);
	return oid;
}

static const struct object *
object_find(const struct oid *wanted)
{
	for (const struct object *o = printer; o->oid != NULL; o++) {
		struct oid oid = object_oid(o);

		if (oid_compare(oid.sub, oid.n, wanted->sub, wanted->n) == 0)
			return o;
	}
	return NULL;
}

static void
bind_fill(struct platen_bind *b, const struct oid *oid)
{
	const struct object *o = object_find(oid);
	uint32_t *sub = pool_alloc(pool, sizeof(oid->sub));

	memcpy(sub, oid->sub, sizeof(oid->sub));
	*b = (struct platen_bind){ .size = sizeof(*b), .oid = { sub, oid->n } };
	b->type = PLATEN_ABSENT;
	if (o == NULL)
		return;
	b->type = o->type;
	b->number = o->number;
	b->octets = (const uint8_t *)o->octets;
	b->len = o->octets != NULL ? (uint32_t)strlen(o->octets) : 0;
}

/* The index of the object below one of the columns, as the object's place in the printer. */
static bool
row_begins(const struct asked *a, const struct object *o, struct oid *index)
{
	struct oid oid = object_oid(o);

	for (uint32_t c = 0; c < a->n; c++) {
		uint32_t n = a->oids[c].n;

		if (oid.n <= n || !oid_below(oid.sub, oid.n, a->oids[c].sub, n))
			continue;
		index->n = oid.n - n;
		memcpy(index->sub, oid.sub + n, index->n * sizeof(uint32_t));
		return true;
	}
	return false;
}

static uint32_t
answer_rows(const struct asked *a, struct platen_bind *binds)
{
	struct oid seen[32], index;
	uint32_t nseen = 0, n = 0;

	for (const struct object *o = printer; o->oid != NULL; o++) {
		bool again = !row_begins(a, o, &index);

		for (uint32_t i = 0; i < nseen && !again; i++)
			again = oid_compare(seen[i].sub, seen[i].n, index.sub, index.n) == 0;
		if (again)
			continue;
		seen[nseen++] = index;
		for (uint32_t c = 0; c < a->n; c++) {
			struct oid cell = a->oids[c];

			memcpy(cell.sub + cell.n, index.sub, index.n * sizeof(uint32_t));
			cell.n += index.n;
			bind_fill(&binds[n++], &cell);
		}
	}
	return n;
}

/* prtMarkerSuppliesDescription. */
static uint32_t
answer_supplies(struct platen_bind *binds)
{
	uint32_t n = 0;

	for (; supplies != NULL && supplies[2 * n] != NULL; n++) {
		char *text = mem_format("1.3.6.1.2.1.43.11.1.1.6.%s", supplies[2 * n]);
		struct oid *oid = pool_alloc(pool, sizeof(*oid));
		struct platen_bind *b;

		assert_true(oid_parse(text, oid));
		free(text);
		binds[2 * n] =
			(struct platen_bind){ .size = sizeof(*binds), .type = PLATEN_INTEGER };
		binds[2 * n].number = supplies_type;
		b = &binds[2 * n + 1];
		*b = (struct platen_bind){ .size = sizeof(*b), .type = PLATEN_OCTETS };
		b->oid = (struct platen_oid){ oid->sub, oid->n };
		b->octets = (const uint8_t *)supplies[2 * n + 1];
		b->len = (uint32_t)strlen(supplies[2 * n + 1]);
	}
	return 2 * n;
}

static void
answer(const struct asked *a)
{
	struct platen_bind binds[256];
	const struct platen_bind *list[256];
	struct platen_snmp_reply reply = { .size = sizeof(reply), .binds = list };

	if (a->table && a->oids[0].n == 11 && a->oids[0].sub[6] == 43) {
		reply.n = answer_supplies(binds);
	} else if (a->table) {
		reply.n = answer_rows(a, binds);
		reply.status = table_status;
	} else {
		for (reply.n = 0; reply.n < a->n; reply.n++)
			bind_fill(&binds[reply.n], &a->oids[reply.n]);
	}
	for (uint32_t i = 0; i < reply.n; i++)
		list[i] = &binds[i];
	a->fn(NULL, &reply, a->arg);
}

/* What a table says of a printer, the lines in order. */
static void
scrape_table(const struct platen_table *table, const struct object *objects, const char *expected)
{
	pool = pool_new();
	printer = objects;
	nasked = lines = 0;
	said.n = 0;
	assert_int_equal(platen_table_start(&host), PLATEN_OK);
	assert_int_equal(platen_table_visit_device(NULL, device, table), PLATEN_OK);
	for (uint32_t i = 0; i < nasked; i++) {
		assert_int_equal(said.n, 0); /* nothing before the last answer */
		answer(&asked[i]);
	}
	assert_string_equal(said.n ? (const char *)said.p : "", expected);
	buf_free(&said);
	pool_free(pool);
}

static void
scrape(const struct platen_row *rows, const struct platen_sum *sums, const struct object *objects,
	const char *expected)
{
	scrape_table(&(struct platen_table){ .rows = rows, .sums = sums }, objects, expected);
}

#endif
