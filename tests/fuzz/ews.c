/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ews.c - any bytes as the pages of an HP printer: hp-ews, run by core/host as platen-host runs
 * it, asks for what it may, and what it reports is a metric with a number that can be.
 *
 * The first line is the printer's model; a line "== /path" begins the page at that path.  What has
 * none is 404.  Behind "== /mib" are the bytes that tables of the Printer-MIB are made of.  Two
 * visits: in the first the dialect is looked for, in the second it is known.
 */
#include "host/plugin.h"
#include "metrics.h"

#include <platen/http.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const struct platen_plugin *platen_plugin_v1(void);

#define MAX_ASKED 64
#define MAX_COLUMNS 8
#define MAX_SUBIDS 20 /* of a column that hp-ews asks for, and its row */
#define MAX_TABLE 80 /* rows: more than hp-ews keeps */

static struct plugin *plugin;
static const uint8_t *pages;
static size_t npages;
static uint32_t asked, done;
static struct {
	uint64_t serial;
	enum question_kind kind;
	uint32_t n;
	char path[200];
	struct platen_oid columns[MAX_COLUMNS];
	uint32_t subs[MAX_COLUMNS][MAX_SUBIDS];
} questions[MAX_ASKED];

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* ---- what the plugin does ---- */

static void
on_ask(void *arg, uint64_t visit, uint64_t serial, const struct question *q)
{
	(void)arg, (void)visit;
	must(asked < MAX_ASKED);
	questions[asked].serial = serial;
	questions[asked].kind = q->kind;
	questions[asked].n = q->n;
	snprintf(questions[asked].path, sizeof(questions[asked].path), "%s",
		q->path != NULL ? q->path : "");
	must(q->kind != ASK_TABLE || q->n <= MAX_COLUMNS);
	for (uint32_t i = 0; q->kind == ASK_TABLE && i < q->n; i++) {
		must(q->oids[i].n + 2 < MAX_SUBIDS);
		memcpy(questions[asked].subs[i], q->oids[i].sub, q->oids[i].n * sizeof(uint32_t));
		questions[asked].columns[i] = (struct platen_oid){ .n = q->oids[i].n };
	}
	asked++;
}

static void
on_readings(void *arg, uint64_t visit, const struct emitted *reading, uint32_t n)
{
	const struct platen_reading *r = &reading->said;

	(void)arg, (void)visit;
	must(n == 1 && reading->id == metric_id(r->metric));
	must(metric_find(r->metric) != NULL);
	must(r->number >= 0 || (r->number >= PLATEN_NONE && r->number <= PLATEN_UNLIMITED));
	must(r->full >= 0 || (r->full >= PLATEN_NONE && r->full <= PLATEN_UNLIMITED));
	must(r->text == NULL || text_is_utf8(r->text, strlen(r->text)));
	must(r->part == NULL || text_is_utf8(r->part, strlen(r->part)));
}

static void
on_done(void *arg, uint64_t visit, int32_t status)
{
	(void)arg, (void)visit;
	must(status == PLATEN_OK);
	done++;
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	(void)arg, (void)visit, (void)level, (void)line;
}

static const struct worker_events events = {
	.ask = on_ask,
	.readings = on_readings,
	.done = on_done,
	.log = on_log,
};

/* ---- what the printer answers ---- */

/* The page behind the line "== PATH"; NULL: there is none. */
static const uint8_t *
page_at(const char *path, size_t *n)
{
	char mark[220];
	const uint8_t *at, *end = pages + npages, *next;
	int len = snprintf(mark, sizeof(mark), "\n== %s\n", path);

	if ((at = memmem(pages, npages, mark, (size_t)len)) == NULL)
		return NULL;
	at += len;
	next = memmem(at, (size_t)(end - at), "\n== /", 5);
	*n = (size_t)((next != NULL ? next : end) - at);
	return at;
}

/* ---- tables ---- */

static struct {
	const uint8_t *at, *end;
} mib;

static uint8_t
byte(void)
{
	return mib.at < mib.end ? *mib.at++ : 0;
}

/* A cell of any kind, in memory of its own size; what is its index, the input says, too. */
static void
make_cell(struct pool *pool, struct platen_bind *b, const uint32_t *column, uint32_t n,
	uint32_t row)
{
	uint8_t kind = byte();
	uint32_t *sub = pool_alloc(pool, (n + 2) * sizeof(*sub));
	size_t left = (size_t)(mib.end - mib.at);

	memcpy(sub, column, n * sizeof(*sub));
	sub[n] = 1 + (kind >> 6);
	sub[n + 1] = row;
	*b = (struct platen_bind){ .oid = { .n = n + 2 - (kind >> 3 == 7), .sub = sub } };
	b->octets = (const uint8_t *)"";
	if (kind % 4 == 0) {
		b->type = PLATEN_INTEGER;
		b->number = (int8_t)byte();
	} else if (kind % 4 < 3) {
		b->type = PLATEN_OCTETS;
		b->len = byte() % 32;
		b->len = b->len < left ? b->len : (uint32_t)(left > 0 ? left - 1 : 0);
		b->octets = pool_copy(pool, mib.at, b->len);
		mib.at += b->len;
	} else {
		b->type = PLATEN_ABSENT;
	}
}

static void
answer_table(uint64_t visit, uint32_t i)
{
	uint32_t columns = questions[i].n;
	struct pool *pool = pool_new();
	struct platen_bind *binds = pool_alloc(pool, MAX_TABLE * columns * sizeof(*binds));
	struct answer a = answer_none(ASK_TABLE, PLATEN_OK);

	for (uint32_t row = 0; row < MAX_TABLE && mib.at < mib.end && byte() != 0; row++)
		for (uint32_t c = 0; c < columns; c++)
			make_cell(pool, &binds[a.n++], questions[i].subs[c],
				questions[i].columns[c].n, row);
	a.binds = binds;
	plugin_answer(plugin, visit, questions[i].serial, &a);
	pool_free(pool);
}

static void
answer(uint64_t visit, uint32_t i)
{
	struct answer a = answer_none(questions[i].kind, PLATEN_OK);
	const uint8_t *page;
	uint8_t *copy = NULL;
	size_t n;

	a.code = 404;
	a.type = "text/html";
	page = questions[i].kind == ASK_PAGE ? page_at(questions[i].path, &n) : NULL;
	if (questions[i].kind == ASK_LOGIN)
		a.code = 302;
	if (page != NULL) {
		/* With the NUL that follows every body, in memory of its own size. */
		copy = mem_alloc(n + 1);
		memcpy(copy, page, n);
		a.code = 200;
		a.body = copy;
		a.len = n;
	}
	plugin_answer(plugin, visit, questions[i].serial, &a);
	free(copy);
}

static void
visit(uint64_t number, const char *model)
{
	const struct platen_device device = {
		.size = sizeof(device),
		.descr = "HP ETHERNET MULTI-ENVIRONMENT",
		.model = model,
		.device_id = "MFG:HP;",
		.key = model,
	};
	size_t n;

	asked = done = 0;
	must(plugin_match(plugin, &device) > 0);
	plugin_visit(plugin, number, &device, NULL);
	mib.at = page_at("/mib", &n);
	mib.end = mib.at != NULL ? mib.at + n : NULL;
	for (uint32_t i = 0; i < asked; i++)
		if (questions[i].kind == ASK_TABLE)
			answer_table(number, i);
		else
			answer(number, i);
	must(done == 1);
}

/* ---- the plugin, linked in and not loaded, so that its edges are seen ---- */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const services[] = { PLATEN_SNMP, PLATEN_HTTP, NULL };
	const struct platen_plugin *about = platen_plugin_v1();
	struct why why = { "" };
	uint32_t n;

	(void)argc, (void)argv;
	plugin = mem_alloc(sizeof(*plugin));
	plugin->path = mem_string("hp-ews");
	plugin->pool = pool_new();
	plugin->events = &events;
	plugin->fd = -1;
	offer_make(plugin);
	plugin->about = *about;
	plugin->scraper = *about->scraper;
	for (n = 0; about->reach[n] != NULL;)
		n++;
	plugin->reach = reach_of(plugin->pool, about->reach, n);
	must(plugin_begin(plugin, NULL, 0, services, &why));
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint64_t number;
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	char model[100];

	if (newline == NULL)
		return 0;
	pages = newline;
	npages = size - (size_t)(newline - data);
	/* A model of its own: nothing is remembered of other inputs. */
	number += 2;
	snprintf(model, sizeof(model), "HP %.*s %llu",
		newline - data > 60 ? 0 : (int)(newline - data), (const char *)data,
		(unsigned long long)number);
	visit(number, model);
	visit(number + 1, model);
	return 0;
}
