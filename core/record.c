/* SPDX-License-Identifier: Apache-2.0 */
/* record.c - facts become a record; see record.h.  The form is sdk/RECORD's. */
#include "record.h"

#include "base/jsontext.h"
#include "printer/parts.h"
#include "printer/settle.h"
#include "spool.h"

#include <platen/record_id.h>

#include <stdlib.h>
#include <string.h>

#define SCHEMA "platen.reading/1"

/* Bytes that most records fit into. */
#define ROOM 4000

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

/* A text of the printer as a whole. */
static const char *
text_of(const struct visited *v, enum metric_id id)
{
	const struct fact *f = fact_find(v->facts, v->nfacts, id);

	return f != NULL && f->text != NULL ? f->text : "";
}

/* ---- JSON ---- */

static void
note(void *arg, const char *kind, const char *text)
{
	struct making *m = arg;

	jsontext_open(&m->notes, NULL, '{');
	jsontext_word(&m->notes, "kind", kind);
	jsontext_text(&m->notes, "text", text);
	jsontext_close(&m->notes, '}');
}

/* ---- device and status ---- */

static void
make_device(struct making *m)
{
	const struct visited *v = m->visited;
	struct printer *now = m->now;
	const char *serial = text_of(v, METRIC_DEVICE_SERIAL);
	const char *mac = text_of(v, METRIC_DEVICE_MAC);
	struct buf *out = &m->record;

	if (strlen(mac) >= sizeof(now->mac))
		mac = "";
	text_copy(now->manufacturer, sizeof(now->manufacturer),
		text_of(v, METRIC_DEVICE_MANUFACTURER));
	text_copy(now->model, sizeof(now->model), text_of(v, METRIC_DEVICE_MODEL));
	/* Half of a name is the name of somebody else: what does not fit is not known. */
	text_copy(now->serial, sizeof(now->serial),
		strlen(serial) < sizeof(now->serial) ? serial : "");
	text_copy(now->mac, sizeof(now->mac), mac);
	settle_identity(m->recorder->registry, v->known, now, note, m);
	jsontext_open(out, "device", '{');
	jsontext_text(out, "id", now->id);
	jsontext_text(out, "serial", serial);
	jsontext_text(out, "mac", mac);
	jsontext_text(out, "ip", now->address);
	jsontext_text(out, "manufacturer", now->manufacturer);
	jsontext_text(out, "model", now->model);
	jsontext_text(out, "firmware", text_of(v, METRIC_DEVICE_FIRMWARE));
	jsontext_text(out, "asset", text_of(v, METRIC_DEVICE_ASSET));
	jsontext_text(out, "installed", text_of(v, METRIC_DEVICE_INSTALLED));
	jsontext_close(out, '}');
}

static void
make_status(struct making *m)
{
	const struct visited *v = m->visited;
	const char *state = text_of(v, METRIC_STATUS_STATE);
	struct buf *out = &m->record;
	uint32_t n;
	const struct fact *errors =
		facts_of(v->facts, v->nfacts, METRIC_STATUS_ERROR, METRIC_STATUS_ERROR, &n);

	jsontext_open(out, "status", '{');
	jsontext_text(out, "state", state[0] ? state : "unknown");
	jsontext_open(out, "errors", '[');
	for (uint32_t i = 0; i < n; i++)
		jsontext_text(out, NULL, errors[i].text);
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
	jsontext_word(out, "name", now.name);
	jsontext_word(out, "part", f->part);
	jsontext_number(out, "value", f->number);
	jsontext_word(out, "unit", f->unit);
	jsontext_text(out, "via", f->via);
	jsontext_close(out, '}');
	if (f->part[0] == 0 && m->nmeters < PLATEN_MAX_READINGS)
		m->meters[m->nmeters++] = now;
}

static bool
is_total(const struct fact *meter)
{
	return meter->id == METRIC_METER_TOTAL;
}

static void
make_meters(struct making *m)
{
	uint32_t n;
	const struct fact *meters =
		facts_of(m->visited->facts, m->visited->nfacts, METRIC_METERS, &n);

	jsontext_open(&m->record, "meters", '[');
	/* The total first: it is what people look for. */
	for (uint32_t i = 0; i < n; i++)
		if (is_total(&meters[i]))
			make_meter(m, &meters[i]);
	for (uint32_t i = 0; i < n; i++)
		if (!is_total(&meters[i]))
			make_meter(m, &meters[i]);
	jsontext_close(&m->record, ']');
	check_back(m);
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
	jsontext_word(out, "schema", SCHEMA);
	jsontext_word(out, "id", id);
	if (m->recorder->spool != NULL) {
		jsontext_text(out, "agent", spool_agent(m->recorder->spool));
		jsontext_number(out, "seq", (int64_t)seq);
	}
	jsontext_text(out, "customer", c->customer);
	jsontext_text(out, "site", c->site);
	jsontext_word(out, "time", when);
}

/* Texts of a metric, as a number; those that are `only`, unless that is NULL. */
static uint64_t
sum_up(uint64_t sum, const struct visited *v, enum metric_id id, const char *only)
{
	uint32_t n;
	const struct fact *f = facts_of(v->facts, v->nfacts, id, id, &n);

	for (; n > 0; n--, f++)
		if (only == NULL || strcmp(f->text, only) == 0)
			for (const char *p = f->text; *p != 0; p++)
				sum = (sum ^ (uint8_t)*p) * 0x100000001B3u + 1;
	return sum;
}

/* What is wrong with the printer, as a number that changes when it does; 0: nothing. */
static uint64_t
faults(const struct visited *v)
{
	return sum_up(sum_up(0, v, METRIC_ALERT_SEVERITY, "critical"), v, METRIC_STATUS_ERROR,
		NULL);
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
	jsontext_open(&m->record, "notes", '[');
	if (m->notes.n > 0)
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
	buf_more(&m.record, ROOM);
	buf_clear(&m.record);
	jsontext_open(&m.record, NULL, '{');
	make_head(&m, seq);
	make_device(&m);
	make_status(&m);
	make_meters(&m);
	parts_supplies(v->facts, v->nfacts, &m.record);
	parts_alerts(v->facts, v->nfacts, &m.record);
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
