/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c - a record as rows; see platen/rows.h.
 *
 * What the tables demand is checked here, so that a record that no database could
 * take is refused alone and for the same reason everywhere.  Keys that no column
 * is for are let pass: the record is kept whole beside its rows.
 */
#include "from.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_TEXT 24
/* Bytes of all words of status.errors. */
#define MAX_ERRORS 600

struct making {
	const char *json; /* with its NUL */
	const json_t *record, *device, *status;
	char errors[MAX_ERRORS], month[8];
	int swapped;
	platen_row_fn *row; /* NULL: only looked at */
	void *arg;
	char *why;
};

static int __attribute__((format(printf, 2, 3))) wrong(struct making *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(m->why, PLATEN_MAX_WHY, fmt, ap);
	va_end(ap);
	return 0;
}

/* ---- what texts must look like ---- */

static int
is_uuid(const char *s)
{
	static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

	for (size_t i = 0; form[i] != 0; i++)
		if (form[i] == 'x' ? s[i] == 0 || strchr("0123456789abcdef", s[i]) == NULL
				   : s[i] != form[i])
			return 0;
	return s[sizeof(form) - 1] == 0;
}

static unsigned
days_in(unsigned year, unsigned month)
{
	static const unsigned days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 ? leap : 0);
}

/* "2026-11-20T10:00:00Z", a moment that was. */
static int
is_time(const char *s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	unsigned y, mon, d, h, min, sec;

	for (size_t i = 0; i < sizeof(form); i++)
		if (form[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return 0;
	return sscanf(s, "%4u-%2u-%2uT%2u:%2u:%2uZ", &y, &mon, &d, &h, &min, &sec) == 6 && y > 0 &&
		mon >= 1 && mon <= 12 && d >= 1 && d <= days_in(y, mon) && h < 24 && min < 60 &&
		sec < 60;
}

static const struct {
	const char *type;
	int (*good)(const char *);
	const char *what;
} texts[] = {
	{ "uuid", is_uuid, "a UUID" },
	{ "timestamptz", is_time, "a time like 2026-11-20T10:00:00Z" },
};

static const struct {
	const char *type;
	json_int_t most;
} numbers[] = {
	{ "bigint", INT64_MAX },
	{ "integer", INT32_MAX },
};

/* ---- one value ---- */

/* For messages: which item of which list, or which part. */
struct where {
	const char *list;
	size_t place;
};

static void
say_where(char out[64], const struct where *w, const struct platen_sql_column *c)
{
	if (c->from == FROM_ITEM)
		snprintf(out, 64, "%s[%zu].%s", w->list, w->place, c->key);
	else
		snprintf(out, 64, "%s%s",
			c->from == FROM_DEVICE           ? "device."
				: c->from == FROM_STATUS ? "status."
							 : "",
			c->key);
}

static const char *
take_text(struct making *m, const struct platen_sql_column *c, const json_t *value,
	const char *where)
{
	const char *s = json_string_value(value);

	if (s == NULL) {
		wrong(m, "%s is no text", where);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(c->type, texts[i].type) == 0 && !texts[i].good(s)) {
			wrong(m, "%s is not %s", where, texts[i].what);
			return NULL;
		}
	return s;
}

/* *value: the text for the column, NULL: none.  0: it is wrong. */
static int
take(struct making *m, const struct platen_sql_column *c, const json_t *from, const struct where *w,
	char number[NUMBER_TEXT], const char **out)
{
	const json_t *value = json_object_get(from, c->key);
	char where[64];

	*out = NULL;
	say_where(where, w, c);
	if (value == NULL)
		return !c->need || wrong(m, "%s is missing", where);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(c->type, numbers[i].type) != 0)
			continue;
		if (!json_is_integer(value) || json_integer_value(value) < 0 ||
			json_integer_value(value) > numbers[i].most)
			return wrong(m, "%s is no number from 0 to %lld", where,
				(long long)numbers[i].most);
		snprintf(number, NUMBER_TEXT, "%lld", (long long)json_integer_value(value));
		*out = number;
		return 1;
	}
	*out = take_text(m, c, value, where);
	return *out != NULL;
}

/* ---- one row ---- */

static int
give(struct making *m, uint32_t table, const json_t *item, const struct where *w)
{
	const struct platen_sql_table *t = &platen_sql_tables[table];
	char scratch[PLATEN_MAX_COLUMNS][NUMBER_TEXT];
	const char *values[PLATEN_MAX_COLUMNS];

	for (uint32_t i = 0; i < t->ncolumns; i++) {
		const struct platen_sql_column *c = &t->columns[i];
		const json_t *from = NULL;

		values[i] = scratch[i];
		switch ((enum from)c->from) {
		case FROM_RECORD:
			from = m->record;
			break;
		case FROM_DEVICE:
			from = m->device;
			break;
		case FROM_STATUS:
			from = m->status;
			break;
		case FROM_ITEM:
			from = item;
			break;
		case FROM_PLACE:
			snprintf(scratch[i], NUMBER_TEXT, "%zu", w->place);
			continue;
		case FROM_MONTH:
			values[i] = m->month;
			continue;
		case FROM_ERRORS:
			values[i] = m->errors[0] != 0 ? m->errors : NULL;
			continue;
		case FROM_SWAPPED:
			values[i] = m->swapped ? "1" : "0";
			continue;
		case FROM_WHOLE:
			values[i] = m->json;
			continue;
		}
		if (!take(m, c, from, w, scratch[i], &values[i]))
			return 0;
	}
	if (m->row != NULL)
		m->row(m->arg, table, values);
	return 1;
}

/* ---- lists ---- */

static int
give_list(struct making *m, uint32_t table, const char *key)
{
	const json_t *list = json_object_get(m->record, key), *item;
	struct where w = { .list = key };

	if (list == NULL)
		return 1;
	if (!json_is_array(list))
		return wrong(m, "%s is no list", key);
	json_array_foreach (list, w.place, item) {
		if (!json_is_object(item))
			return wrong(m, "%s[%zu] is no object", key, w.place);
		if (!give(m, table, item, &w))
			return 0;
	}
	return 1;
}

/* ---- what is made of the record ---- */

static int
find_part(struct making *m, const char *key, const json_t **out)
{
	*out = json_object_get(m->record, key);
	return *out == NULL || json_is_object(*out) || wrong(m, "%s is no object", key);
}

static void
make_errors(struct making *m)
{
	const json_t *errors = json_object_get(m->status, "errors"), *word;
	size_t i, at = 0;

	json_array_foreach (errors, i, word) {
		const char *s = json_string_value(word);
		int n = s == NULL
			? 0
			: snprintf(m->errors + at, MAX_ERRORS - at, "%s%s", at ? "," : "", s);

		if (n < 0 || at + (size_t)n >= MAX_ERRORS) {
			m->errors[at] = 0; /* the record itself has them all */
			return;
		}
		at += (size_t)n;
	}
}

/* Who is known by its serial number or MAC is the same printer, wherever it stands now. */
static void
make_swapped(struct making *m)
{
	const char *id = json_string_value(json_object_get(m->device, "id"));
	const json_t *notes = json_object_get(m->record, "notes"), *note;
	size_t i;

	if (id == NULL || strncmp(id, "ip:", 3) != 0)
		return;
	json_array_foreach (notes, i, note) {
		const char *kind = json_string_value(json_object_get(note, "kind"));

		m->swapped |= kind != NULL && strcmp(kind, "swap") == 0;
	}
}

static int
give_reading(struct making *m)
{
	const struct where none = { "", 0 };

	return find_part(m, "device", &m->device) && find_part(m, "status", &m->status) &&
		(make_errors(m), make_swapped(m), 1) && give(m, PLATEN_AGENTS, NULL, &none) &&
		(m->device == NULL || give(m, PLATEN_DEVICES, NULL, &none)) &&
		give(m, PLATEN_READINGS, NULL, &none) && give_list(m, PLATEN_METERS, "meters") &&
		give_list(m, PLATEN_SUPPLIES, "supplies") &&
		give_list(m, PLATEN_ALERTS, "alerts") && give_list(m, PLATEN_EVENTS, "notes");
}

static int
give_urgent(struct making *m)
{
	return give(m, PLATEN_URGENT, NULL, &(struct where){ "", 0 });
}

/* ---- the whole ---- */

static const struct {
	const char *schema;
	int (*give)(struct making *);
} kinds[] = {
	{ "platen.reading/1", give_reading },
	{ "platen.urgent/1", give_urgent },
};

static int
give_record(struct making *m)
{
	const char *schema = json_string_value(json_object_get(m->record, "schema"));
	const char *time = json_string_value(json_object_get(m->record, "time"));

	if (schema == NULL)
		return wrong(m, "it names no schema, so it is no record");
	snprintf(m->month, sizeof(m->month), "%s", time != NULL ? time : "");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].schema, schema) == 0)
			return kinds[i].give(m);
	return wrong(m, "its schema %.60s is none that these tables are for", schema);
}

int32_t
platen_rows(const char *json, uint64_t len, platen_row_fn *row, void *arg, char why[PLATEN_MAX_WHY])
{
	struct making m = { .json = json, .why = why, .arg = arg };
	json_error_t error;
	json_t *record = json_loadb(json, len, JSON_REJECT_DUPLICATES, &error);
	int good;

	if (record == NULL)
		return wrong(&m, "it is no JSON: %.120s", error.text);
	m.record = record;
	/* Nothing is given of a record that turns out wrong at its end. */
	good = json_is_object(record) ? give_record(&m) : wrong(&m, "it is no JSON object");
	if (good) {
		m.row = row;
		good = give_record(&m);
	}
	json_decref(record);
	return good;
}
