/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - facts become a record; see record.h.  The form is sdk/RECORD's. */
#include "record.h"

#include "base/jsontext.h"
#include "printer/settle.h"
#include "spool.h"

#include <platen/names.h>
#include <platen/record_id.h>

#include <stdlib.h>
#include <string.h>

#define SCHEMA "platen.reading/1"

/* A record being made. */
struct making {
	struct recorder *recorder;
	const struct visited *visited;
	struct printer *now;
	struct buf record, notes;
	struct spool_meter *meters; /* room for PLATEN_MAX_READINGS */
	uint32_t nmeters;
};

/* ---- looking facts up ---- */

static int
fact_compare(const void *a, const void *b)
{
	const struct fact *x = a, *y = b;
	int order = strcmp(x->metric, y->metric);

	return order != 0 ? order : strverscmp(x->part, y->part);
}

static const struct fact *
fact_find(const struct visited *v, const char *metric, const char *part)
{
	struct fact key = { .metric = metric, .part = part };

	if (v->nfacts == 0)
		return NULL;
	return bsearch(&key, v->facts, v->nfacts, sizeof(key), fact_compare);
}

static const char *
fact_text(const struct visited *v, const char *metric, const char *part)
{
	const struct fact *f = fact_find(v, metric, part);

	return f != NULL && f->text != NULL ? f->text : "";
}

static bool
is_below(const char *metric, const char *head)
{
	return strncmp(metric, head, strlen(head)) == 0;
}

/* ---- JSON ---- */

static void
note(void *arg, const char *kind, const char *text)
{
	struct making *m = arg;

	jsontext_open(&m->notes, NULL, '{');
	jsontext_text(&m->notes, "kind", kind);
	jsontext_text(&m->notes, "text", text);
	jsontext_close(&m->notes, '}');
}

/* What is new in the part "head.*" of the facts, one part after the other, in order. */
static void
parts_each(struct making *m, const char *head,
	void (*each)(const struct visited *, const char *part, struct buf *out))
{
	const struct visited *v = m->visited;
	const char **parts = mem_alloc((v->nfacts + 1) * sizeof(*parts));
	uint32_t n = 0;

	for (uint32_t i = 0; i < v->nfacts; i++) {
		uint32_t at = 0;

		if (!is_below(v->facts[i].metric, head))
			continue;
		while (at < n && strverscmp(parts[at], v->facts[i].part) < 0)
			at++;
		if (at < n && strcmp(parts[at], v->facts[i].part) == 0)
			continue;
		memmove(parts + at + 1, parts + at, (n - at) * sizeof(*parts));
		parts[at] = v->facts[i].part;
		n++;
	}
	for (uint32_t i = 0; i < n; i++)
		each(v, parts[i], &m->record);
	free(parts);
}

/* ---- device and status ---- */

static void
make_device(struct making *m)
{
	const struct visited *v = m->visited;
	struct printer *now = m->now;
	const char *serial = fact_text(v, "device.serial", "");
	const char *mac = fact_text(v, "device.mac", "");
	struct buf *out = &m->record;

	text_copy(now->manufacturer, sizeof(now->manufacturer),
		fact_text(v, "device.manufacturer", ""));
	text_copy(now->model, sizeof(now->model), fact_text(v, "device.model", ""));
	/* Half of a name is the name of somebody else: what does not fit is not known. */
	text_copy(now->serial, sizeof(now->serial),
		strlen(serial) < sizeof(now->serial) ? serial : "");
	text_copy(now->mac, sizeof(now->mac), strlen(mac) < sizeof(now->mac) ? mac : "");
	settle_identity(m->recorder->registry, v->known, now, note, m);
	jsontext_open(out, "device", '{');
	jsontext_text(out, "id", now->id);
	jsontext_text(out, "serial", serial);
	jsontext_text(out, "mac", now->mac);
	jsontext_text(out, "ip", now->address);
	jsontext_text(out, "manufacturer", now->manufacturer);
	jsontext_text(out, "model", now->model);
	jsontext_text(out, "firmware", fact_text(v, "device.firmware", ""));
	jsontext_text(out, "asset", fact_text(v, "device.asset", ""));
	jsontext_text(out, "installed", fact_text(v, "device.installed", ""));
	jsontext_close(out, '}');
}

static void
make_status(struct making *m)
{
	const struct visited *v = m->visited;
	const char *state = fact_text(v, "status.state", "");
	struct buf *out = &m->record;

	jsontext_open(out, "status", '{');
	jsontext_text(out, "state", state[0] ? state : "unknown");
	jsontext_open(out, "errors", '[');
	for (uint32_t i = 0; i < v->nfacts; i++)
		if (strcmp(v->facts[i].metric, "status.error") == 0)
			jsontext_text(out, NULL, v->facts[i].text);
	jsontext_close(out, ']');
	jsontext_close(out, '}');
}

/* ---- meters ---- */

/* A counter that went back is never hidden; what another plugin reads is another counter. */
static void
check_back(struct making *m)
{
	char *text;

	if (m->recorder->spool == NULL)
		return;
	spool_latest(m->recorder->spool, m->now->id, m->meters, m->nmeters);
	for (uint32_t i = 0; i < m->nmeters; i++) {
		const struct spool_meter *now = &m->meters[i];

		if (!now->known || now->value >= now->before)
			continue;
		text = mem_format("%s went back from %lld to %lld %s", now->name,
			(long long)now->before, (long long)now->value, now->unit);
		note(m, "reset", text);
		free(text);
	}
}

static void
make_meter(struct making *m, const struct fact *f)
{
	const struct spool_meter now = {
		.name = f->metric + strlen("meter."),
		.unit = f->unit != NULL ? f->unit : "",
		.via = f->via != NULL ? f->via : "",
		.value = f->number,
	};
	struct buf *out = &m->record;

	jsontext_open(out, NULL, '{');
	jsontext_text(out, "name", now.name);
	jsontext_text(out, "part", f->part);
	jsontext_number(out, "value", f->number);
	jsontext_text(out, "unit", f->unit);
	jsontext_text(out, "via", f->via);
	jsontext_close(out, '}');
	if (f->part[0] == 0 && m->nmeters < PLATEN_MAX_READINGS)
		m->meters[m->nmeters++] = now;
}

/* The total first: it is what people look for. */
static void
make_meters(struct making *m)
{
	const struct visited *v = m->visited;

	jsontext_open(&m->record, "meters", '[');
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < v->nfacts; i++)
			if (is_below(v->facts[i].metric, "meter.") &&
				(strcmp(v->facts[i].metric, "meter.total") == 0) == (pass == 0))
				make_meter(m, &v->facts[i]);
	jsontext_close(&m->record, ']');
	check_back(m);
}

/* ---- supplies ---- */

/* What a level is in words; a receptacle's is the room that is left (RFC 3805). */
static const char *
level_state(const struct fact *level, const char *class)
{
	if (level == NULL)
		return "unknown";
	switch (level->number) {
	case PLATEN_SOME:
		return "some";
	case PLATEN_NONE:
	case PLATEN_UNKNOWN:
	case PLATEN_UNLIMITED:
		return "unknown";
	case 0:
		return strcmp(class, "receptacle") == 0 ? "full" : "empty";
	default:
		return "ok";
	}
}

/* The state in words, unless another plugin's level tells more than they do. */
static const char *
supply_state(const struct visited *v, const struct fact *level, const char *part)
{
	const struct fact *said = fact_find(v, "supply.state", part);

	if (said != NULL &&
		(level == NULL || strcmp(said->via, level->via) == 0 || fact_knows(said) == KNOWS ||
			fact_knows(said) >= fact_knows(level)))
		return said->text;
	return level_state(level, fact_text(v, "supply.class", part));
}

/* Who read it: of several plugins the one with the level. */
static const char *
supply_via(const struct visited *v, const struct fact *level, const char *part)
{
	const struct fact *f = level ? level : fact_find(v, "supply.description", part);

	for (uint32_t i = 0; f == NULL && i < v->nfacts; i++)
		if (is_below(v->facts[i].metric, "supply.") && strcmp(v->facts[i].part, part) == 0)
			f = &v->facts[i];
	return f != NULL ? f->via : NULL;
}

static void
make_supply(const struct visited *v, const char *part, struct buf *out)
{
	static const struct {
		const char *key, *metric;
	} texts[] = {
		{ "type", "supply.type" },
		{ "color", "supply.color" },
		{ "description", "supply.description" },
		{ "serial", "supply.serial" },
		{ "part_number", "supply.part_number" },
		{ "installed", "supply.installed" },
	};
	static const struct {
		const char *key, *metric;
	} numbers[] = {
		{ "pages_left", "supply.pages_left" },
		{ "pages_used", "supply.pages_used" },
		{ "replaced", "supply.replaced" },
	};
	const struct fact *level = fact_find(v, "supply.level", part);
	const struct fact *f;
	int64_t percent = fact_percent(level);

	jsontext_open(out, NULL, '{');
	jsontext_text(out, "part", part);
	for (size_t i = 0; i < COUNT(texts); i++)
		jsontext_text(out, texts[i].key, fact_text(v, texts[i].metric, part));
	jsontext_text(out, "state", supply_state(v, level, part));
	if (percent >= 0)
		jsontext_number(out, "percent", percent);
	if (level != NULL && level->number >= 0)
		jsontext_number(out, "level", level->number);
	if (level != NULL && level->full > 0)
		jsontext_number(out, "capacity", level->full);
	if (level != NULL && level->unit != NULL && strcmp(level->unit, "unknown") != 0)
		jsontext_text(out, "unit", level->unit);
	for (size_t i = 0; i < COUNT(numbers); i++)
		if ((f = fact_find(v, numbers[i].metric, part)) != NULL)
			jsontext_number(out, numbers[i].key, f->number);
	jsontext_text(out, "via", supply_via(v, level, part));
	jsontext_close(out, '}');
}

/* ---- alerts ---- */

static void
make_alert(const struct visited *v, const char *part, struct buf *out)
{
	const struct fact *code = fact_find(v, "alert.code", part);
	const char *severity = fact_text(v, "alert.severity", part);

	jsontext_open(out, NULL, '{');
	jsontext_text(out, "severity", severity[0] ? severity : "other");
	if (code != NULL && code->number >= 0) {
		jsontext_text(out, "code", platen_alert_name((int32_t)code->number));
		jsontext_number(out, "number", code->number);
	}
	jsontext_text(out, "group", fact_text(v, "alert.group", part));
	jsontext_text(out, "text", fact_text(v, "alert.text", part));
	jsontext_close(out, '}');
}

/* ---- the whole ---- */

static void
make_head(struct making *m, uint64_t seq)
{
	const struct config *c = m->recorder->config;
	struct buf *out = &m->record;
	char id[UUID_TEXT], when[24];

	clock_iso(clock_wall(), when);
	if (m->recorder->spool != NULL)
		platen_record_id(spool_agent(m->recorder->spool), (int64_t)seq, when, id);
	else
		uuid_v7(id);
	jsontext_text(out, "schema", SCHEMA);
	jsontext_text(out, "id", id);
	if (m->recorder->spool != NULL) {
		jsontext_text(out, "agent", spool_agent(m->recorder->spool));
		jsontext_number(out, "seq", (int64_t)seq);
	}
	jsontext_text(out, "customer", c->customer);
	jsontext_text(out, "site", c->site);
	jsontext_text(out, "time", when);
}

/* What is wrong with the printer, as a number that changes when it does; 0: nothing. */
static uint64_t
faults(const struct visited *v)
{
	uint64_t hash = 0;

	for (uint32_t i = 0; i < v->nfacts; i++) {
		const struct fact *f = &v->facts[i];

		if (strcmp(f->metric, "status.error") != 0 &&
			!(strcmp(f->metric, "alert.severity") == 0 &&
				strcmp(f->text, "critical") == 0))
			continue;
		for (const char *p = f->text; *p != 0; p++)
			hash = (hash ^ (uint8_t)*p) * 0x100000001B3u + 1;
	}
	return hash;
}

static bool
keep(struct making *m, uint64_t seq)
{
	uint64_t wrong = faults(m->visited);
	struct why why;
	bool kept;

	kept = spool_keep(m->recorder->spool,
		&(struct spool_record){
			.seq = seq,
			.device = m->now->id,
			.time = clock_wall(),
			.urgent = wrong != 0 && wrong != m->visited->known->faults,
			.json = (const char *)m->record.p,
			.len = m->record.n,
			.nmeters = m->nmeters,
			.meters = m->meters,
		},
		&why);
	m->now->faults = wrong;
	if (!kept)
		log_error("%s: the reading is not kept: %s", m->now->address, why.text);
	return kept;
}

static void
make_notes(struct making *m)
{
	buf_text(&m->notes, ""); /* never NULL */
	jsontext_open(&m->record, "notes", '[');
	buf_add(&m->record, m->notes.p, m->notes.n);
	jsontext_close(&m->record, ']');
}

bool
record_make(struct recorder *recorder, const struct visited *v, struct printer *now)
{
	uint64_t seq = recorder->spool != NULL ? spool_next(recorder->spool) : 0;
	struct spool_meter meters[PLATEN_MAX_READINGS];
	struct making m = { .recorder = recorder, .visited = v, .now = now, .meters = meters };
	bool kept = true;

	for (uint32_t i = 0; i < v->nnotes; i++)
		note(&m, v->notes[i].kind, v->notes[i].text);
	jsontext_open(&m.record, NULL, '{');
	make_head(&m, seq);
	make_device(&m);
	make_status(&m);
	make_meters(&m);
	jsontext_open(&m.record, "supplies", '[');
	parts_each(&m, "supply.", make_supply);
	jsontext_close(&m.record, ']');
	jsontext_open(&m.record, "alerts", '[');
	parts_each(&m, "alert.", make_alert);
	jsontext_close(&m.record, ']');
	make_notes(&m);
	jsontext_close(&m.record, '}');
	if (recorder->spool != NULL)
		kept = keep(&m, seq);
	if (recorder->made != NULL)
		recorder->made(recorder->arg, (const char *)m.record.p, v);
	buf_free(&m.record);
	buf_free(&m.notes);
	return kept;
}
