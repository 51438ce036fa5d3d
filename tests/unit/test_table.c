/* SPDX-License-Identifier: Apache-2.0 */
/* test_table.c - scrapers that are tables, against a host and a printer of this file's own. */
#include <platen/table.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"
#include "metrics.h"

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

/* ---- the host ---- */

struct asked {
	bool table;
	uint32_t n;
	struct oid oids[PLATEN_MAX_OIDS];
	platen_snmp_fn *fn;
	void *arg;
};

static struct asked asked[16];
static uint32_t nasked;
static struct pool *pool;
static struct buf said; /* readings, a line each */
static uint32_t lines; /* of the log */

static int32_t
ask(bool table, const struct platen_oid *oids, uint32_t n, platen_snmp_fn *fn, void *arg)
{
	struct asked *a = &asked[nasked];

	if (nasked == COUNT(asked))
		return PLATEN_EBUDGET;
	if (oids[0].n > 7 && oids[0].sub[7] == 666)
		return PLATEN_EREACH;
	*a = (struct asked){ .table = table, .n = n, .fn = fn, .arg = arg };
	for (uint32_t i = 0; i < n; i++) {
		a->oids[i].n = oids[i].n;
		memcpy(a->oids[i].sub, oids[i].sub, oids[i].n * sizeof(uint32_t));
	}
	nasked++;
	return PLATEN_OK;
}

static int32_t
ask_get(struct platen_visit *v, const struct platen_oid *o, uint32_t n, platen_snmp_fn *fn,
	void *arg)
{
	(void)v;
	return ask(false, o, n, fn, arg);
}

static int32_t
ask_table(struct platen_visit *v, const struct platen_oid *o, uint32_t n, platen_snmp_fn *fn,
	void *arg)
{
	(void)v;
	return ask(true, o, n, fn, arg);
}

static const void *
service(const struct platen_host *h, const char *id)
{
	static const struct platen_snmp snmp = { sizeof(snmp), 0, ask_get, ask_table };

	(void)h;
	return strcmp(id, PLATEN_SNMP) == 0 ? &snmp : NULL;
}

static const char *
option(const struct platen_host *h, const char *key)
{
	(void)h, (void)key;
	return "";
}

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
	assert_int_equal(platen_table_visit(NULL, table), PLATEN_OK);
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

/* ---- tests ---- */

static const struct platen_word states[] = { { "3", "idle", NULL }, { NULL, NULL, NULL } };

static const struct platen_row single_objects_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.duplex", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(5, 0), "meter.large", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(6, 0), "meter.blank", .unit = "items", .times = 10 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(7, 0), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(8, 0), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_MAC, ACME(9, 0), .metric = "device.mac" },
	{ PLATEN_ONE, PLATEN_AS_WORD, ACME(10, 0), "status.state", .words = states },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(12, 0), .metric = "device.asset" },
	{ 0 },
};

static void
single_objects(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_UNSIGNED, 1234, NULL },
		{ "2.0", PLATEN_OCTETS, 0, " 567 " },
		{ "3.0", PLATEN_OCTETS, 0, "12 pages" },
		{ "4.0", PLATEN_UNSIGNED, 4294967294, NULL },
		{ "5.0", PLATEN_INTEGER, -1, NULL },
		{ "6.0", PLATEN_INTEGER, 7, NULL },
		{ "7.0", PLATEN_OCTETS, 0, "0000000" },
		{ "8.0", PLATEN_OCTETS, 0, "v1.2 \xE9" },
		{ "9.0", PLATEN_OCTETS, 0, "\x01\xAB\x02\x03\x04\x05" },
		{ "10.0", PLATEN_INTEGER, 3, NULL },
		{ "12.0", PLATEN_INTEGER, 4711, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(single_objects_rows, NULL, objects,
		"meter.total 1234 impressions\n"
		"meter.color 567 impressions\n"
		"meter.blank 70 items\n"
		"device.firmware \"v1.2 é\"\n"
		"device.mac \"01:ab:02:03:04:05\"\n"
		"status.state \"idle\"\n"
		"device.asset \"4711\"\n");
	assert_int_equal(nasked, 1);
}

static const struct platen_word meanings[] = {
	{ "1", "meter.total", NULL },
	{ "2", "meter.scan.total", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_row tables_side_by_side_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(4, 2, 1, 4), .unit = "impressions",
		.name = ACME(4, 2, 1, 2), .words = meanings },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(4, 3, 1, 4), .unit = "images",
		.name = ACME(4, 3, 1, 2), .words = meanings },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(4, 2, 1, 5), .unit = "sheets",
		.name = ACME(4, 2, 1, 2), .words = meanings },
	{ 0 },
};

/* Their columns have the same numbers, but each is walked for itself. */
static void
tables_side_by_side(void **state)
{
	static const struct object objects[] = {
		{ "4.2.1.2.1", PLATEN_INTEGER, 1, NULL },
		{ "4.2.1.4.1", PLATEN_INTEGER, 500, NULL },
		{ "4.3.1.2.9", PLATEN_INTEGER, 2, NULL },
		{ "4.3.1.4.9", PLATEN_INTEGER, 70, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(tables_side_by_side_rows, NULL, objects,
		"meter.total 500 impressions\n"
		"meter.scan.total 70 images\n");
	assert_int_equal(nasked, 2);
	assert_int_equal(asked[0].n, 3);
	assert_int_equal(asked[1].n, 2);
}

static const struct platen_row first_that_answers_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_EACH, PLATEN_AS_NUMBER, ACME(3, 1), "meter.total", .unit = "items", .part = "" },
	{ 0 },
};

static void
the_first_that_answers(void **state)
{
	static const struct object objects[] = {
		{ "2.0", PLATEN_INTEGER, 2, NULL },
		{ "3.1.1", PLATEN_INTEGER, 3, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(first_that_answers_rows, NULL, objects, "meter.total 2 impressions\n");
}

static const struct platen_word colors[] = {
	{ "Cyan*", "cyan", NULL },
	{ "black", "black", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row columns_rows[] = {
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(1, 1, 3), "supply.level", .unit = "items",
		.full = ACME(1, 1, 4) },
	{ PLATEN_EACH, PLATEN_AS_WORD, ACME(1, 1, 2), "supply.color", .words = colors },
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(9, 1), "tray.level", .unit = "percent",
		.name = ACME(9, 2) },
	{ 0 },
};

static void
columns(void **state)
{
	static const struct object objects[] = {
		{ "1.1.2.1", PLATEN_OCTETS, 0, "BLACK" },
		{ "1.1.2.2", PLATEN_OCTETS, 0, "cyan toner" },
		{ "1.1.2.3.7", PLATEN_OCTETS, 0, "Green" },
		{ "1.1.3.1", PLATEN_INTEGER, 90, NULL },
		{ "1.1.3.2", PLATEN_INTEGER, -3, NULL },
		{ "1.1.3.3.7", PLATEN_INTEGER, 11, NULL },
		{ "1.1.3.4", PLATEN_INTEGER, 5, NULL },
		{ "1.1.4.1", PLATEN_INTEGER, 100, NULL },
		{ "1.1.4.2", PLATEN_INTEGER, 100, NULL },
		{ "1.1.4.3.7", PLATEN_INTEGER, 10, NULL },
		{ "1.1.4.4", PLATEN_INTEGER, -2, NULL },
		{ "9.1.1", PLATEN_INTEGER, 40, NULL },
		{ "9.1.2", PLATEN_INTEGER, 50, NULL },
		{ "9.1.3", PLATEN_INTEGER, 101, NULL },
		{ "9.2.1", PLATEN_OCTETS, 0, "Tray 1" },
		{ "9.2.3", PLATEN_OCTETS, 0, "Tray 3" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(columns_rows, NULL, objects,
		"supply.level/1 90 of 100 items\n"
		"supply.color/1 \"black\"\n"
		"supply.level/2 special2 of 100 items\n"
		"supply.color/2 \"cyan\"\n"
		"supply.level/4 5 items\n"
		"tray.level/Tray1 40 of 100 percent\n");
	assert_int_equal(nasked, 2); /* side by side: one question a table */
	assert_int_equal(asked[0].n, 3);
}

static const struct platen_word counters[] = {
	{ "Counter: Machine Total", "meter.total", NULL },
	{ "Copy*", "meter.copy.total", "sheets" },
	{ "Scan", "meter.scan.total", NULL },
	{ "Total", "meter.total", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row labelled[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "impressions", .name = ACME(5, 5),
		.words = counters },
	{ 0 },
};

static void
labels_not_row_numbers(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_OCTETS, 0, "Scan" },
		{ "5.5.2", PLATEN_OCTETS, 0, "total" },
		{ "5.5.4", PLATEN_OCTETS, 0, "copy: black & white" },
		{ "5.5.7", PLATEN_OCTETS, 0, "Counter: Machine Total" },
		{ "5.5.8", PLATEN_OCTETS, 0, "Stapler" },
		{ "5.9.1", PLATEN_INTEGER, 1, NULL },
		{ "5.9.2", PLATEN_INTEGER, 2, NULL },
		{ "5.9.3", PLATEN_INTEGER, 3, NULL },
		{ "5.9.4", PLATEN_INTEGER, 4, NULL },
		{ "5.9.7", PLATEN_INTEGER, 7, NULL },
		{ "5.9.8", PLATEN_INTEGER, 8, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	table_status = PLATEN_EPARTIAL;
	scrape(labelled, NULL, objects,
		"meter.scan.total 1 impressions\n"
		"meter.total 7 impressions\n"
		"meter.copy.total 4 sheets\n");
	table_status = PLATEN_OK;
}

static const struct platen_word scans[] = {
	{ "1", "meter.scan.copy", NULL },
	{ "257", "meter.scan.copy", NULL },
	{ "4", "meter.scan.network", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word any[] = { { "*", "meter.scan.total", NULL }, { NULL, NULL, NULL } };

static const struct platen_row all_pieces_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "images", .name = ACME(5, 5),
		.words = scans, .pieces = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "images", .name = ACME(5, 5),
		.words = any, .pieces = 1 },
	{ 0 },
};

/* Pieces are added up, all of them or none. */
static void
a_table_of_pieces(void **state)
{
	static struct object objects[] = {
		{ "5.5.1", PLATEN_INTEGER, 1, NULL },
		{ "5.5.2", PLATEN_INTEGER, 4, NULL },
		{ "5.5.3", PLATEN_INTEGER, 257, NULL },
		{ "5.5.4", PLATEN_INTEGER, 1, NULL },
		{ "5.5.5", PLATEN_INTEGER, 9, NULL },
		{ "5.9.1", PLATEN_INTEGER, 10, NULL },
		{ "5.9.2", PLATEN_INTEGER, 20, NULL },
		{ "5.9.3", PLATEN_INTEGER, 30, NULL },
		{ "5.9.4", PLATEN_INTEGER, 40, NULL },
		{ "5.9.5", PLATEN_INTEGER, 50, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(all_pieces_rows, NULL, objects,
		"meter.scan.copy 80 images\nmeter.scan.total 150 images\n"
		"meter.scan.network 20 images\n");
	objects[7].number = -1; /* one of the copies' */
	scrape(all_pieces_rows, NULL, objects, "meter.scan.network 20 images\n");
	objects[7].number = 30;
	table_status = PLATEN_EPARTIAL;
	scrape(all_pieces_rows, NULL, objects, "");
	table_status = PLATEN_OK;
}

static void
told_twice(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_OCTETS, 0, "Scan" },
		{ "5.5.2", PLATEN_OCTETS, 0, "Scan" },
		{ "5.5.3", PLATEN_OCTETS, 0, "Copy 1" },
		{ "5.5.4", PLATEN_OCTETS, 0, "Copy 2" },
		{ "5.9.1", PLATEN_INTEGER, 5, NULL },
		{ "5.9.2", PLATEN_INTEGER, 5, NULL },
		{ "5.9.3", PLATEN_INTEGER, 6, NULL },
		{ "5.9.4", PLATEN_INTEGER, 7, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(labelled, NULL, objects, "meter.scan.total 5 impressions\n");
	assert_int_equal(lines, 1);
}

static const struct platen_word typed[] = {
	{ "1/4", "meter.total", "impressions" },
	{ "1/5", "meter.sheets", "sheets" },
	{ NULL, NULL, NULL },
};

static const struct platen_word sides[] = { { "4", NULL, "impressions" }, { NULL, NULL, NULL } };

static const struct platen_row two_columns_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .name = ACME(5, 5), .more = ACME(5, 6),
		.words = typed },
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(7, 1), "supply.level", .more = ACME(7, 2),
		.words = sides },
	{ 0 },
};

static void
two_columns_say_what_it_is(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_INTEGER, 1, NULL },
		{ "5.5.2", PLATEN_INTEGER, 1, NULL },
		{ "5.5.3", PLATEN_INTEGER, 1, NULL },
		{ "5.6.1", PLATEN_INTEGER, 5, NULL },
		{ "5.6.2", PLATEN_INTEGER, 4, NULL },
		{ "5.9.1", PLATEN_INTEGER, 70, NULL },
		{ "5.9.2", PLATEN_INTEGER, 100, NULL },
		{ "5.9.3", PLATEN_INTEGER, 200, NULL },
		{ "7.1.1", PLATEN_INTEGER, 30, NULL },
		{ "7.1.2", PLATEN_INTEGER, 40, NULL },
		{ "7.2.1", PLATEN_INTEGER, 2, NULL },
		{ "7.2.2", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(two_columns_rows, NULL, objects,
		"meter.sheets 70 sheets\n"
		"meter.total 100 impressions\n"
		"supply.level/2 40 impressions\n");
}

static const struct platen_row supplies_rows[] = {
	{ PLATEN_SUPPLY, PLATEN_AS_TEXT, ACME(8, 2), .metric = "supply.serial",
		.name = ACME(8, 1) },
	{ PLATEN_SUPPLY, PLATEN_AS_DATE, ACME(9, 1), .metric = "supply.installed" },
	{ 0 },
};

static void
supplies_are_joined(void **state)
{
	static const struct object objects[] = {
		{ "8.1.1", PLATEN_OCTETS, 0, "Cyan" },
		{ "8.1.2", PLATEN_OCTETS, 0, "Black" },
		{ "8.1.3", PLATEN_OCTETS, 0, "Drum" },
		{ "8.1.4", PLATEN_OCTETS, 0, "Fuser" },
		{ "8.2.1", PLATEN_OCTETS, 0, "C-1" },
		{ "8.2.2", PLATEN_OCTETS, 0, "K-1" },
		{ "8.2.3", PLATEN_OCTETS, 0, "D-1" },
		{ "8.2.4", PLATEN_OCTETS, 0, "F-1" },
		{ "9.1.1.0", PLATEN_OCTETS, 0, "\x07\xE8\x0B\x05\x01\x01\x01\x01" },
		{ "9.1.2.0", PLATEN_OCTETS, 0, "20241231" },
		{ "9.1.3.0", PLATEN_OCTETS, 0, "20241331" },
		{ "9.1.9.0", PLATEN_OCTETS, 0, "20240101" },
		{ NULL, 0, 0, NULL },
	};
	static const char *const standard[] = { "1.1", "Black", "1.5", "Cyan ", "1.6", "Drum",
		"1.7", "Drum", NULL };
	static const char *const two_devices[] = { "1.1", "Black", "2.1", "Cyan", NULL };

	(void)state;
	supplies = standard;
	scrape(supplies_rows, NULL, objects,
		"supply.serial/5 \"C-1\"\n"
		"supply.serial/1 \"K-1\"\n"
		"supply.installed/1 \"2024-11-05\"\n"
		"supply.installed/5 \"2024-12-31\"\n");
	supplies = two_devices;
	scrape(supplies_rows, NULL, objects, "");
	supplies = NULL;
}

static const struct platen_row only_toner_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_LEVEL, ACME(1, 0), "supply.level", .unit = "percent",
		.part = PLATEN_ONLY_TONER },
	{ 0 },
};

static void
the_only_toner(void **state)
{
	static const struct object objects[] = { { "1.0", PLATEN_INTEGER, 40, NULL },
		{ NULL, 0, 0, NULL } };
	static const char *const one[] = { "1.3", "Toner", NULL };
	static const char *const two[] = { "1.3", "Toner", "1.4", "Toner", NULL };

	(void)state;
	supplies_type = 21;
	supplies = one;
	scrape(only_toner_rows, NULL, objects, "supply.level/3 40 of 100 percent\n");
	supplies = two;
	scrape(only_toner_rows, NULL, objects, "");
	supplies_type = 9; /* drums: there is no toner */
	scrape(only_toner_rows, NULL, objects, "");
	supplies = NULL; /* the Printer-MIB has no supplies at all */
	scrape(only_toner_rows, NULL, objects, "supply.level/1 40 of 100 percent\n");
}

static void
symbol_sets(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_OCTETS, 0,
			"\x01\x15"
			"1234" },
		{ "7.0", PLATEN_OCTETS, 0,
			"\x01\x15"
			"PHB123" },
		{ "8.0", PLATEN_OCTETS, 0,
			"\x01\x15"
			"D\xE9part" },
		{ "12.0", PLATEN_OCTETS, 0,
			"\x02\x4E"
			"\xC3\xA9" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(single_objects_rows, NULL, objects,
		"meter.total 1234 impressions\n"
		"device.serial \"PHB123\"\n"
		"device.firmware \"D\xC3\x95part\"\n"
		"device.asset \"é\"\n");
}

static const struct platen_row named_rows[] = {
	{ PLATEN_NAMED, PLATEN_AS_NUMBER, ACME(5, 9, 1), .unit = "impressions",
		.name = ACME(5, 5, 1), .words = counters },
	{ PLATEN_NAMED, PLATEN_AS_NUMBER, ACME(5, 9, 2), .unit = "impressions",
		.name = ACME(5, 5, 2), .words = counters },
	{ PLATEN_NAMED, PLATEN_AS_NUMBER, ACME(5, 9, 3), .unit = "impressions",
		.name = ACME(5, 5, 3), .words = counters },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(5, 9, 4), "meter.blank", .unit = "impressions" },
	{ 0 },
};

static void
an_object_and_its_label(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_OCTETS, 0, "Copy, all" },
		{ "5.5.2", PLATEN_OCTETS, 0, "Stapler" },
		{ "5.9.1", PLATEN_INTEGER, 1, NULL },
		{ "5.9.2", PLATEN_INTEGER, 2, NULL },
		{ "5.9.3", PLATEN_INTEGER, 3, NULL },
		{ "5.9.4", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(named_rows, NULL, objects, "meter.copy.total 1 sheets\nmeter.blank 4 impressions\n");
	assert_int_equal(nasked, 1); /* no walk */
}

static const struct platen_word numbers[] = {
	{ "1.20.34", "meter.mono", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row index_as_label_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(6, 6), .unit = "impressions", .words = numbers },
	{ 0 },
};

static void
index_as_label(void **state)
{
	static const struct object objects[] = {
		{ "6.6.1.20.33", PLATEN_UNSIGNED, 8, NULL },
		{ "6.6.1.20.34", PLATEN_UNSIGNED, 9, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(index_as_label_rows, NULL, objects, "meter.mono 9 impressions\n");
}

static const struct platen_row only_what_adds_up_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.duplex", .unit = "sheets" },
	{ 0 },
};

static void
only_what_adds_up(void **state)
{
	static const struct platen_sum sums[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ NULL, { NULL } },
	};
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 7, NULL },
		{ "3.0", PLATEN_INTEGER, 3, NULL },
		{ "4.0", PLATEN_INTEGER, 2, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(only_what_adds_up_rows, sums, objects,
		"meter.total 10 impressions\nmeter.mono 7 impressions\n"
		"meter.color 3 impressions\nmeter.duplex 2 sheets\n");
	objects[2].number = 4;
	scrape(only_what_adds_up_rows, sums, objects, "meter.duplex 2 sheets\n");
	assert_int_equal(lines, 3);
	objects[2].number = -1;
	scrape(only_what_adds_up_rows, sums, objects, "meter.duplex 2 sheets\n");
}

static const struct platen_row sure_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), .metric = ".simplex" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.duplex", .unit = "sheets" },
	{ 0 },
};

static void
a_total_that_is_sure(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ "meter.total", { ".simplex", "meter.duplex" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table table = { .rows = sure_rows, .checks = checks };
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 10, NULL },
		{ "3.0", PLATEN_INTEGER, 6, NULL },
		{ "4.0", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	/* No colour was told: a mono printer.  What begins with '.' is not reported. */
	scrape_table(&table, objects,
		"meter.total 10 impressions\nmeter.mono 10 impressions\nmeter.duplex 4 sheets\n");
	objects[1].number = 9;
	objects[2].number = 7;
	scrape_table(&table, objects, "meter.total 10 impressions\n");
	assert_string_equal(from, "1.3.6.1.4.1.99999.1.0");
	objects[0].number = -1;
	scrape_table(&table, objects, "");
}

/* One of the totals is enough. */
static void
a_total_of_several(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.duplex" } },
		{ ".simplex", { "meter.mono", "meter.duplex" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table table = { .rows = sure_rows, .checks = checks };
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 9, NULL },
		{ "3.0", PLATEN_INTEGER, 13, NULL },
		{ "4.0", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape_table(&table, objects,
		"meter.total 10 impressions\nmeter.mono 9 impressions\nmeter.duplex 4 sheets\n");
	objects[2].number = 12;
	scrape_table(&table, objects, "meter.total 10 impressions\n");
	objects[0].number = 13;
	scrape_table(&table, objects,
		"meter.total 13 impressions\nmeter.mono 9 impressions\nmeter.duplex 4 sheets\n");
}

/* What is sure stays; what is added up beside it must still be all of the rest. */
static const struct platen_row sure_part_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.mono", .unit = "impressions",
		.sure = 1 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), ".color", .unit = "impressions" },
	{ 0 },
};

static void
a_part_that_is_sure(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_add adds[] = {
		{ "meter.color", { ".color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table table = {
		.rows = sure_part_rows, .checks = checks, .adds = adds
	};
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 7, NULL },
		{ "3.0", PLATEN_INTEGER, 3, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape_table(&table, objects,
		"meter.total 10 impressions\nmeter.mono 7 impressions\nmeter.color 3 "
		"impressions\n");
	objects[2].number = 4;
	scrape_table(&table, objects, "meter.total 10 impressions\nmeter.mono 7 impressions\n");
}

static const struct platen_row pieces_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.print.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.copy.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.print.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(5, 0), "meter.mono", .unit = "impressions" },
	{ 0 },
};

/* Pieces are added up where a sum confirms them, and where nobody tells the meter itself. */
static void
what_is_told_in_pieces(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_add adds[] = {
		{ "meter.mono", { "meter.print.mono", "meter.copy.mono" } },
		{ "meter.color", { "meter.print.color", "meter.copy.color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table checked = { .rows = pieces_rows,
		.checks = checks,
		.adds = adds },
					 unchecked = { .rows = pieces_rows, .adds = adds };
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 3, NULL },
		{ "3.0", PLATEN_INTEGER, 5, NULL },
		{ "4.0", PLATEN_INTEGER, 2, NULL },
		{ NULL, 0, 0, NULL },
		{ NULL, 0, 0, NULL },
	};
	const char *pieces = "meter.total 10 impressions\nmeter.print.mono 3 impressions\n"
			     "meter.copy.mono 5 impressions\nmeter.print.color 2 impressions\n";
	char all[300];

	(void)state;
	snprintf(all, sizeof(all), "%smeter.mono 8 impressions\nmeter.color 2 impressions\n",
		pieces);
	scrape_table(&checked, objects, all);
	assert_string_equal(from, "1.3.6.1.4.1.99999.4.0"); /* meter.color, of one piece */
	scrape_table(&unchecked, objects, pieces);
	objects[4] = (struct object){ "5.0", PLATEN_INTEGER, 8, NULL };
	snprintf(all, sizeof(all), "%smeter.mono 8 impressions\nmeter.color 2 impressions\n",
		pieces);
	scrape_table(&checked, objects, all);
	objects[4].number = 7;
	scrape_table(&checked, objects, pieces);
}

static void
many_objects(void **state)
{
	static struct platen_row rows[301];
	static uint32_t subs[300][9];
	static const struct object none[] = { { NULL, 0, 0, NULL } };

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		memcpy(subs[i], (uint32_t[]){ 1, 3, 6, 1, 4, 1, 99999, i, 0 }, sizeof(subs[i]));
		rows[i] = (struct platen_row){ .where = PLATEN_ONE,
			.oid = { subs[i], 9 },
			.metric = "meter.total",
			.unit = "impressions" };
	}
	scrape(rows, NULL, none, "");
	assert_int_equal(nasked, 3);
}

static const struct platen_row what_cannot_be_asked_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(666, 0), "meter.total", .unit = "items" },
	{ 0 },
};

static void
what_cannot_be_asked(void **state)
{
	static const struct platen_row nothing[] = { { 0 } };
	const struct platen_table table = { .rows = what_cannot_be_asked_rows };
	const struct platen_table empty = { .rows = nothing };

	(void)state;
	pool = pool_new();
	nasked = 0;
	assert_int_equal(platen_table_visit(NULL, &table), PLATEN_EREACH);
	assert_int_equal(platen_table_visit(NULL, &empty), PLATEN_EINVAL);
	pool_free(pool);
}

/* ---- pieces of text, dates, and parts by name ---- */

static const struct platen_word slots[] = {
	{ "*black*toner*", "1", NULL },
	{ "*(C)", "2", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row text_pieces_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.firmware", .before = "; FW ",
		.after = ";" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.serial", .before = ";S/N " },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.asset", .before = "Asset " },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.total", .unit = "items",
		.after = " LABELS" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.blank", .unit = "items",
		.after = " SHEETS" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.mono", .unit = "items", .before = "x" },
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(5, 2), "supply.level", .unit = "percent",
		.name = ACME(5, 1), .parts = slots },
	{ PLATEN_EACH, PLATEN_AS_DATE, ACME(5, 3), .metric = "supply.installed", .name = ACME(5, 1),
		.parts = slots },
	{ 0 },
};

static void
pieces_and_parts(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_OCTETS, 0, "Printer V1; FW 2.07; Engine;S/N X12345" },
		{ "2.0", PLATEN_OCTETS, 0, "1920 LABELS, 4877 METERS" },
		{ "3.0", PLATEN_INTEGER, 17, NULL },
		{ "5.1.7", PLATEN_OCTETS, 0, "Genuine BLACK Toner" },
		{ "5.1.8", PLATEN_OCTETS, 0, "Toner (C)" },
		{ "5.1.9", PLATEN_OCTETS, 0, "Toner (M) (C) no" },
		{ "5.2.7", PLATEN_INTEGER, 70, NULL },
		{ "5.2.8", PLATEN_INTEGER, 80, NULL },
		{ "5.2.9", PLATEN_INTEGER, 90, NULL },
		{ "5.3.7", PLATEN_OCTETS, 0, "2024/05/31 10:00" },
		{ "5.3.8", PLATEN_OCTETS, 0, "\x07\xE9\x02\x1C\x0A\x01\x01\x01" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(text_pieces_rows, NULL, objects,
		"device.firmware \"2.07\"\n"
		"device.serial \"X12345\"\n"
		"meter.total 1920 items\n"
		"supply.level/1 70 of 100 percent\n"
		"supply.installed/1 \"2024-05-31\"\n"
		"supply.level/2 80 of 100 percent\n"
		"supply.installed/2 \"2025-02-28\"\n");
}

static const struct platen_row dates_rows[] = {
	{ PLATEN_EACH, PLATEN_AS_DATE, ACME(1), .metric = "supply.installed" },
	{ 0 },
};

/* A date that may be read two ways, or that no clock shows, is none. */
static void
dates(void **state)
{
	static const struct object objects[] = {
		{ "1.1", PLATEN_OCTETS, 0, "20240531" },
		{ "1.2", PLATEN_INTEGER, 20240531, NULL },
		{ "1.3", PLATEN_OCTETS, 0, "2024-05-31T10:00:00" },
		{ "1.4", PLATEN_OCTETS, 0, "05/06/2024" },
		{ "1.5", PLATEN_OCTETS, 0, "2024-02-31" },
		{ "1.6", PLATEN_OCTETS, 0, "1970-01-01" },
		{ "1.7", PLATEN_OCTETS, 0, "2024-05/31" },
		{ "1.8", PLATEN_OCTETS, 0, "202405311" },
		{ "1.9", PLATEN_OCTETS, 0, "2024-13-01" },
		{ "1.10", PLATEN_OCTETS, 0, "2024" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(dates_rows, NULL, objects,
		"supply.installed/1 \"2024-05-31\"\n"
		"supply.installed/2 \"2024-05-31\"\n"
		"supply.installed/3 \"2024-05-31\"\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_and_parts),
		cmocka_unit_test(dates),
		cmocka_unit_test(single_objects),
		cmocka_unit_test(the_first_that_answers),
		cmocka_unit_test(columns),
		cmocka_unit_test(tables_side_by_side),
		cmocka_unit_test(labels_not_row_numbers),
		cmocka_unit_test(a_table_of_pieces),
		cmocka_unit_test(told_twice),
		cmocka_unit_test(two_columns_say_what_it_is),
		cmocka_unit_test(supplies_are_joined),
		cmocka_unit_test(the_only_toner),
		cmocka_unit_test(symbol_sets),
		cmocka_unit_test(an_object_and_its_label),
		cmocka_unit_test(index_as_label),
		cmocka_unit_test(only_what_adds_up),
		cmocka_unit_test(a_total_that_is_sure),
		cmocka_unit_test(a_total_of_several),
		cmocka_unit_test(a_part_that_is_sure),
		cmocka_unit_test(what_is_told_in_pieces),
		cmocka_unit_test(many_objects),
		cmocka_unit_test(what_cannot_be_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
