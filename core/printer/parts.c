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
parts_each(const struct fact *f, uint32_t n, const char *head, const char *const columns[],
	uint32_t ncolumns, each_part *each, struct buf *out)
{
	const struct fact *at[MAX_COLUMNS] = { NULL }, *end[MAX_COLUMNS] = { NULL };
	const struct fact *row[MAX_COLUMNS];
	uint32_t column = 0;

	for (f = facts_below(f, n, head, &n); n > 0; n--, f++) {
		while (column < ncolumns && strcmp(columns[column], f->metric + strlen(head)) < 0)
			column++;
		if (column == ncolumns || strcmp(columns[column], f->metric + strlen(head)) != 0)
			continue;
		at[column] = at[column] != NULL ? at[column] : f;
		end[column] = f + 1;
	}
	for (const char *part;; each(row, part, out)) {
		part = NULL;
		for (uint32_t i = 0; i < ncolumns; i++)
			if (at[i] != end[i] && (part == NULL || strverscmp(at[i]->part, part) < 0))
				part = at[i]->part;
		if (part == NULL)
			return;
		for (uint32_t i = 0; i < ncolumns; i++)
			row[i] = at[i] != end[i] && strcmp(at[i]->part, part) == 0 ? at[i]++ : NULL;
	}
}

/* ---- supplies ---- */

/* As they are sorted. */
enum {
	SUPPLY_CLASS,
	SUPPLY_COLOR,
	SUPPLY_DESCRIPTION,
	SUPPLY_INSTALLED,
	SUPPLY_LEVEL,
	SUPPLY_PAGES_LEFT,
	SUPPLY_PAGES_USED,
	SUPPLY_PART_NUMBER,
	SUPPLY_REPLACED,
	SUPPLY_SERIAL,
	SUPPLY_STATE,
	SUPPLY_TYPE,
	SUPPLY_COLUMNS
};

static const char *const supply_columns[] = {
	[SUPPLY_CLASS] = "class",
	[SUPPLY_COLOR] = "color",
	[SUPPLY_DESCRIPTION] = "description",
	[SUPPLY_INSTALLED] = "installed",
	[SUPPLY_LEVEL] = "level",
	[SUPPLY_PAGES_LEFT] = "pages_left",
	[SUPPLY_PAGES_USED] = "pages_used",
	[SUPPLY_PART_NUMBER] = "part_number",
	[SUPPLY_REPLACED] = "replaced",
	[SUPPLY_SERIAL] = "serial",
	[SUPPLY_STATE] = "state",
	[SUPPLY_TYPE] = "type",
};

_Static_assert(SUPPLY_COLUMNS <= MAX_COLUMNS, "a supply has more metrics than parts_each() holds");

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
	const struct fact *said = row[SUPPLY_STATE], *level = row[SUPPLY_LEVEL];

	if (said != NULL &&
		(level == NULL || strcmp(said->via, level->via) == 0 || fact_knows(said) == KNOWS ||
			fact_knows(said) >= fact_knows(level)))
		return said->text;
	return level_state(level, text_in(row[SUPPLY_CLASS]));
}

/* Who read it: of several plugins the one with the level. */
static const char *
supply_via(const struct fact *const row[])
{
	const struct fact *f = row[SUPPLY_LEVEL] ? row[SUPPLY_LEVEL] : row[SUPPLY_DESCRIPTION];

	for (uint32_t i = 0; f == NULL && i < SUPPLY_COLUMNS; i++)
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
		jsontext_text(out, "unit", level->unit);
}

static void
make_supply(const struct fact *const row[], const char *part, struct buf *out)
{
	static const struct {
		const char *key;
		uint32_t column;
	} texts[] = {
		{ "type", SUPPLY_TYPE },
		{ "color", SUPPLY_COLOR },
		{ "description", SUPPLY_DESCRIPTION },
		{ "serial", SUPPLY_SERIAL },
		{ "part_number", SUPPLY_PART_NUMBER },
		{ "installed", SUPPLY_INSTALLED },
	}, numbers[] = {
		{ "pages_left", SUPPLY_PAGES_LEFT },
		{ "pages_used", SUPPLY_PAGES_USED },
		{ "replaced", SUPPLY_REPLACED },
	};

	jsontext_open(out, NULL, '{');
	jsontext_text(out, "part", part);
	for (size_t i = 0; i < COUNT(texts); i++)
		jsontext_text(out, texts[i].key, text_in(row[texts[i].column]));
	jsontext_text(out, "state", supply_state(row));
	if (row[SUPPLY_LEVEL] != NULL)
		make_level(row[SUPPLY_LEVEL], out);
	for (size_t i = 0; i < COUNT(numbers); i++)
		if (row[numbers[i].column] != NULL)
			jsontext_number(out, numbers[i].key, row[numbers[i].column]->number);
	jsontext_text(out, "via", supply_via(row));
	jsontext_close(out, '}');
}

void
parts_supplies(const struct fact *facts, uint32_t n, struct buf *out)
{
	jsontext_open(out, "supplies", '[');
	parts_each(facts, n, "supply.", supply_columns, SUPPLY_COLUMNS, make_supply, out);
	jsontext_close(out, ']');
}

/* ---- alerts ---- */

/* As they are sorted. */
enum { ALERT_CODE, ALERT_GROUP, ALERT_INDEX, ALERT_SEVERITY, ALERT_TEXT, ALERT_COLUMNS };

static const char *const alert_columns[] = {
	[ALERT_CODE] = "code",
	[ALERT_GROUP] = "group",
	[ALERT_INDEX] = "index",
	[ALERT_SEVERITY] = "severity",
	[ALERT_TEXT] = "text",
};

static void
make_alert(const struct fact *const row[], const char *part, struct buf *out)
{
	const struct fact *code = row[ALERT_CODE];
	const char *severity = text_in(row[ALERT_SEVERITY]);

	(void)part;
	jsontext_open(out, NULL, '{');
	jsontext_text(out, "severity", severity[0] ? severity : "other");
	if (code != NULL && code->number >= 0) {
		jsontext_text(out, "code", platen_alert_name((int32_t)code->number));
		jsontext_number(out, "number", code->number);
	}
	jsontext_text(out, "group", text_in(row[ALERT_GROUP]));
	jsontext_text(out, "text", text_in(row[ALERT_TEXT]));
	jsontext_close(out, '}');
}

void
parts_alerts(const struct fact *facts, uint32_t n, struct buf *out)
{
	jsontext_open(out, "alerts", '[');
	parts_each(facts, n, "alert.", alert_columns, ALERT_COLUMNS, make_alert, out);
	jsontext_close(out, ']');
}
