/* SPDX-License-Identifier: Apache-2.0 */
/* parts.c - supplies and alerts as the record lists them; see parts.h. */
#include "printer/parts.h"

#include "base/jsontext.h"

#include <platen/names.h>

#include <string.h>

/* ---- the facts of each part together ---- */

/* Metrics of one kind of part, at most. */
#define MAX_COLUMNS 12

/* What is known of one part, by column; NULL: nothing. */
typedef void each_part(const struct fact *const row[], const char *part, struct buf *out);

/* Columns: the metrics from one to another. */
struct columns {
	enum metric_id first, last;
};

static void
put_text(struct buf *out, const char *key, size_t length, const struct fact *f)
{
	if (f != NULL && f->plain && f->length > 0)
		jsontext_word_n(out, key, length, f->text, f->length);
	else if (f != NULL && f->length > 0)
		jsontext_text_n(out, key, length, f->text);
}

static const char *
text_in(const struct fact *f)
{
	return f != NULL && f->text != NULL ? f->text : "";
}

/*
 * The facts are sorted by metric, and of each metric by part: so one walk along all metrics meets
 * the parts in their order.
 */
static void
parts_each(const struct fact *f, uint32_t n, struct columns columns, each_part *each,
	struct buf *out)
{
	const struct fact *at[MAX_COLUMNS] = { NULL }, *end[MAX_COLUMNS] = { NULL };
	const struct fact *row[MAX_COLUMNS];
	uint32_t ncolumns = columns.last - columns.first + 1;

	for (f = facts_of(f, n, columns.first, columns.last, &n); n > 0; n--, f++) {
		uint32_t column = f->id - columns.first;

		at[column] = at[column] != NULL ? at[column] : f;
		end[column] = f + 1;
	}
	for (const struct fact *least;; each(row, least->part, out)) {
		least = NULL;
		for (uint32_t i = 0; i < ncolumns; i++)
			if (at[i] != end[i] && (least == NULL || fact_part_order(at[i], least) < 0))
				least = at[i];
		if (least == NULL)
			return;
		for (uint32_t i = 0; i < ncolumns; i++)
			row[i] = at[i] != end[i] && fact_part_order(at[i], least) == 0 ? at[i]++
										       : NULL;
	}
}

/* ---- supplies ---- */

#define SUPPLY(column) (METRIC_SUPPLY_##column - METRIC_SUPPLY_CLASS)

static const struct columns supplies = { METRIC_SUPPLY_CLASS, METRIC_SUPPLY_TYPE };

_Static_assert(SUPPLY(TYPE) < MAX_COLUMNS, "a supply has more metrics than parts_each() holds");

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
supply_state(const struct fact *const row[])
{
	const struct fact *said = row[SUPPLY(STATE)], *level = row[SUPPLY(LEVEL)];

	if (said != NULL &&
		(level == NULL || strcmp(said->via, level->via) == 0 || fact_knows(said) == KNOWS ||
			fact_knows(said) >= fact_knows(level)))
		return said->text;
	return level_state(level, text_in(row[SUPPLY(CLASS)]));
}

/* Who read it: of several plugins the one with the level. */
static const char *
supply_via(const struct fact *const row[])
{
	const struct fact *f = row[SUPPLY(LEVEL)] ? row[SUPPLY(LEVEL)] : row[SUPPLY(DESCRIPTION)];

	for (uint32_t i = 0; f == NULL && i <= SUPPLY(TYPE); i++)
		f = row[i];
	return f != NULL ? f->via : NULL;
}

static void
make_level(const struct fact *level, struct buf *out)
{
	int64_t percent = fact_percent(level);

	if (percent >= 0)
		jsontext_number(out, "percent", percent);
	if (level->number >= 0)
		jsontext_number(out, "level", level->number);
	if (level->full > 0)
		jsontext_number(out, "capacity", level->full);
	if (level->unit != NULL && strcmp(level->unit, "unknown") != 0)
		jsontext_word(out, "unit", level->unit);
}

static void
make_supply(const struct fact *const row[], const char *part, struct buf *out)
{
	static const struct {
		const char *key;
		size_t length;
		uint32_t column;
	} texts[] = {
		{ JSONTEXT_KEY("type"), SUPPLY(TYPE) },
		{ JSONTEXT_KEY("color"), SUPPLY(COLOR) },
		{ JSONTEXT_KEY("description"), SUPPLY(DESCRIPTION) },
		{ JSONTEXT_KEY("serial"), SUPPLY(SERIAL) },
		{ JSONTEXT_KEY("part_number"), SUPPLY(PART_NUMBER) },
		{ JSONTEXT_KEY("installed"), SUPPLY(INSTALLED) },
	}, numbers[] = {
		{ JSONTEXT_KEY("pages_left"), SUPPLY(PAGES_LEFT) },
		{ JSONTEXT_KEY("pages_used"), SUPPLY(PAGES_USED) },
		{ JSONTEXT_KEY("replaced"), SUPPLY(REPLACED) },
	};

	jsontext_open(out, NULL, '{');
	jsontext_word(out, "part", part);
	for (size_t i = 0; i < COUNT(texts); i++)
		put_text(out, texts[i].key, texts[i].length, row[texts[i].column]);
	jsontext_word(out, "state", supply_state(row));
	if (row[SUPPLY(LEVEL)] != NULL)
		make_level(row[SUPPLY(LEVEL)], out);
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (row[numbers[i].column] != NULL)
			jsontext_number_n(out, numbers[i].key, numbers[i].length,
				row[numbers[i].column]->number);
	jsontext_text(out, "via", supply_via(row));
	jsontext_close(out, '}');
}

void
parts_supplies(const struct fact *facts, uint32_t n, struct buf *out)
{
	jsontext_open(out, "supplies", '[');
	parts_each(facts, n, supplies, make_supply, out);
	jsontext_close(out, ']');
}

/* ---- alerts ---- */

#define ALERT(column) (METRIC_ALERT_##column - METRIC_ALERT_CODE)

static const struct columns alerts = { METRIC_ALERT_CODE, METRIC_ALERT_TEXT };

static void
make_alert(const struct fact *const row[], const char *part, struct buf *out)
{
	const struct fact *code = row[ALERT(CODE)];
	const char *severity = text_in(row[ALERT(SEVERITY)]);

	(void)part;
	jsontext_open(out, NULL, '{');
	jsontext_word(out, "severity", severity[0] ? severity : "other");
	if (code != NULL && code->number >= 0) {
		jsontext_word(out, "code", platen_alert_name((int32_t)code->number));
		jsontext_number(out, "number", code->number);
	}
	put_text(out, JSONTEXT_KEY("group"), row[ALERT(GROUP)]);
	put_text(out, JSONTEXT_KEY("text"), row[ALERT(TEXT)]);
	jsontext_close(out, '}');
}

void
parts_alerts(const struct fact *facts, uint32_t n, struct buf *out)
{
	jsontext_open(out, "alerts", '[');
	parts_each(facts, n, alerts, make_alert, out);
	jsontext_close(out, ']');
}
