/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mib-drive.c - the plugin alone against a recorded printer: what does it ask,
 * what does it report?
 *
 *   mib-drive PLUGIN.so FILE.snmprec
 *
 * Prints "match N", each reading as "metric|part|unit|number|full|text" and, at
 * the end, "asked N".  Every reading is held against the table of metrics.
 */
#include "base/base.h"
#include "metrics.h"
#include "tests/questions.h"

#include <platen/text.h>

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the printer ---- */

struct object {
	struct oid oid, value;
	int32_t type;
	int64_t number;
	uint8_t *octets;
	uint32_t len;
};

/* All that lives as long as the program. */
static struct pool *pool;

static struct object *objects;
static size_t nobjects;

static void
unhex(struct object *o, const char *hex)
{
	unsigned byte;

	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		o->octets[o->len++] = (uint8_t)byte;
}

static bool
object_value(struct object *o, const char *type, const char *value)
{
	o->octets = pool_alloc(pool, strlen(value) + 1);
	switch (atoi(type)) {
	case 2:
		o->type = PLATEN_INTEGER;
		o->number = strtoll(value, NULL, 10);
		return true;
	case 65:
	case 66:
	case 67:
	case 70:
		o->type = PLATEN_UNSIGNED;
		o->number = strtoll(value, NULL, 10);
		return true;
	case 6:
		o->type = PLATEN_OBJECT_ID;
		return oid_parse(value, &o->value);
	case 4:
		o->type = PLATEN_OCTETS;
		if (strchr(type, 'x') != NULL)
			unhex(o, value);
		else
			memcpy(o->octets, value, o->len = (uint32_t)strlen(value));
		return true;
	default:
		return false;
	}
}

static void
object_line(char *line)
{
	char *type = strchr(line, '|'), *value = type ? strchr(type + 1, '|') : NULL;
	struct object o = { 0 };

	if (value == NULL)
		return;
	*type++ = *value++ = 0;
	value[strcspn(value, "\r\n")] = 0;
	if (!oid_parse(line, &o.oid) || !object_value(&o, type, value))
		return;
	objects = mem_grow(objects, (nobjects + 1) * sizeof(*objects));
	objects[nobjects++] = o;
}

static const struct object *
object_find(const uint32_t *sub, uint32_t n)
{
	for (size_t i = 0; i < nobjects; i++)
		if (oid_compare(objects[i].oid.sub, objects[i].oid.n, sub, n) == 0)
			return &objects[i];
	return NULL;
}

static const struct object *
object_get(const char *oid)
{
	struct oid o;

	return oid_parse(oid, &o) ? object_find(o.sub, o.n) : NULL;
}

/* ---- answers ---- */

static void
bind_fill(struct platen_bind *b, const struct oid *oid, const struct object *o)
{
	*b = (struct platen_bind){
		.size = sizeof(*b),
		.type = o ? o->type : PLATEN_ABSENT,
		.oid = { .sub = oid->sub, .n = oid->n },
	};
	if (o == NULL)
		return;
	b->number = o->number;
	b->octets = o->octets;
	b->len = o->len;
	b->value = (struct platen_oid){ .sub = o->value.sub, .n = o->value.n };
}

/* The next index behind *at under any of the columns; false: no more rows. */
static bool
next_row(const struct asked *q, struct oid *at)
{
	struct oid best = { 0 };

	for (size_t i = 0; i < nobjects; i++)
		for (uint32_t c = 0; c < q->n; c++) {
			const struct oid *o = &objects[i].oid;
			uint32_t n = q->oids[c].n;

			if (!oid_below(o->sub, o->n, q->oids[c].sub, n) || o->n == n ||
				(at->n && oid_compare(o->sub + n, o->n - n, at->sub, at->n) <= 0) ||
				(best.n &&
					oid_compare(o->sub + n, o->n - n, best.sub, best.n) >= 0))
				continue;
			best.n = o->n - n;
			memcpy(best.sub, o->sub + n, best.n * sizeof(uint32_t));
		}
	*at = best;
	return best.n != 0;
}

static void
answer(const struct asked *q)
{
	enum { MAX = PLATEN_MAX_ROWS * 16 };
	struct platen_bind *binds = mem_alloc(MAX * sizeof(*binds));
	const struct platen_bind **list = mem_alloc(MAX * sizeof(*list));
	struct oid *oids = mem_alloc(MAX * sizeof(*oids)), index = { 0 };
	struct platen_snmp_reply reply = { .size = sizeof(reply), .binds = list };

	while (reply.n + q->n <= MAX && (q->table ? next_row(q, &index) : reply.n == 0))
		for (uint32_t c = 0; c < q->n; c++, reply.n++) {
			struct oid *o = &oids[reply.n];

			*o = q->oids[c];
			memcpy(o->sub + o->n, index.sub, index.n * sizeof(uint32_t));
			o->n += index.n;
			bind_fill(&binds[reply.n], o, object_find(o->sub, o->n));
			list[reply.n] = &binds[reply.n];
		}
	q->fn(NULL, &reply, q->arg);
	free(binds);
	free(list);
	free(oids);
}

/* ---- the host ---- */

static int failed;

static void
log_one(const struct platen_host *h, int32_t level, const char *line)
{
	(void)h;
	fprintf(stderr, "%d %s\n", level, line);
}

static void *
give(struct platen_visit *v, uint64_t n)
{
	(void)v;
	return n ? pool_alloc(pool, n) : NULL;
}

static int32_t
emit(struct platen_visit *v, const struct platen_reading *r)
{
	static const struct {
		int64_t number;
		const char *word;
	} specials[] = { { PLATEN_NONE, "" }, { PLATEN_UNKNOWN, "-2" }, { PLATEN_SOME, "-3" },
		{ PLATEN_UNLIMITED, "-1" } };
	const int64_t numbers[] = { r->number, r->full };
	char text[2][32];
	struct why why;

	(void)v;
	if (!metric_check(r, &why)) {
		printf("wrong %s\n", why.text);
		failed = 1;
		return PLATEN_EINVAL;
	}
	for (int i = 0; i < 2; i++) {
		snprintf(text[i], sizeof(text[i]), "%" PRId64, numbers[i]);
		for (size_t k = 0; k < COUNT(specials); k++)
			if (numbers[i] == specials[k].number)
				snprintf(text[i], sizeof(text[i]), "%s", specials[k].word);
	}
	printf("%s|%s|%s|%s|%s|%s\n", r->metric, r->part ? r->part : "", r->unit ? r->unit : "",
		text[0], text[1], r->text ? r->text : "");
	return PLATEN_OK;
}

/* ---- what is known before: the objects the agent asks for ---- */

static const char *
text_of(const char *oid)
{
	const struct object *o = object_get(oid);
	char text[1024];

	if (o == NULL || o->type != PLATEN_OCTETS)
		return "";
	platen_text(text, sizeof(text), o->octets, o->len, 0, PLATEN_CHARSET_LATIN1);
	return pool_string(pool, text);
}

static void
find_printer(struct platen_device *d)
{
	struct oid column, printer;
	char descr[64];

	oid_parse("1.3.6.1.2.1.25.3.2.1.2", &column);
	oid_parse("1.3.6.1.2.1.25.3.1.5", &printer);
	for (size_t i = 0; i < nobjects && d->hr_device_index == 0; i++)
		if (oid_below(objects[i].oid.sub, objects[i].oid.n, column.sub, column.n) &&
			objects[i].type == PLATEN_OBJECT_ID &&
			oid_compare(objects[i].value.sub, objects[i].value.n, printer.sub,
				printer.n) == 0)
			d->hr_device_index = objects[i].oid.sub[objects[i].oid.n - 1];
	oid_parse("1.3.6.1.2.1.43", &column);
	for (size_t i = 0; i < nobjects && d->hr_device_index == 0; i++)
		if (oid_below(objects[i].oid.sub, objects[i].oid.n, column.sub, column.n))
			d->hr_device_index = 1;
	snprintf(descr, sizeof(descr), "1.3.6.1.2.1.25.3.2.1.3.%u", d->hr_device_index);
	d->model = text_of(descr);
}

static struct platen_device
device(void)
{
	const struct object *id = object_get("1.3.6.1.2.1.1.2.0");
	struct platen_device d = {
		.size = sizeof(d),
		.object_id = id != NULL ? id->value.sub : NULL,
		.nobject_id = id != NULL ? id->value.n : 0,
		.descr = text_of("1.3.6.1.2.1.1.1.0"),
		.device_id = text_of("1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1"),
	};

	if (d.device_id[0] == 0)
		d.device_id = text_of("1.3.6.1.4.1.11.2.3.9.1.1.7.0");
	find_printer(&d);
	return d;
}

int
main(int argc, char **argv)
{
	static const struct platen_host host = { sizeof(host), PLATEN_ABI_MINOR, service, option,
		log_one, give, emit };
	void *so = argc == 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
	const struct platen_plugin *(*entry)(void) = NULL;
	const struct platen_plugin *plugin;
	struct platen_device d;
	char *line = NULL;
	size_t room = 0;
	FILE *f = argc == 3 ? fopen(argv[2], "r") : NULL;

	if (so == NULL || f == NULL)
		die("usage: mib-drive PLUGIN.so FILE.snmprec: %s",
			so == NULL ? dlerror() : "no file");
	pool = pool_new();
	while (getline(&line, &room, f) > 0)
		object_line(line);
	fclose(f);
	free(line);
	*(void **)&entry = dlsym(so, "platen_plugin_v1");
	if (entry == NULL || (plugin = entry()) == NULL || plugin->start(&host) != PLATEN_OK)
		die("%s: does not start", argv[1]);
	d = device();
	printf("match %d\n", plugin->scraper->match(&d));
	if (plugin->scraper->match(&d) > 0 && plugin->scraper->visit(NULL, &d) != PLATEN_OK)
		die("the visit failed");
	for (uint32_t i = 0; i < nasked; i++)
		answer(&asked[i]);
	printf("asked %u\n", nasked);
	pool_free(pool);
	free(objects);
	return failed;
}
