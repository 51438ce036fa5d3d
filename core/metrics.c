/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - the table of metrics and the check of a reading against it; see metrics.h. */
#include "metrics.h"

#include <string.h>

/* PrtMarkerCounterUnitTC (RFC 3805), and what vendors count in beyond it. */
#define METER_UNITS                                                                                \
	"impressions\0sheets\0images\0meters\0square-meters\0hours\0feet\0characters\0lines\0dot-" \
	"rows\0"                                                                                   \
	"micrometers\0ten-thousandths-of-inches\0items\0other\0unknown\0"
/* PrtMarkerSuppliesSupplyUnitTC (RFC 3805). */
#define SUPPLY_UNITS                                                                               \
	"percent\0impressions\0sheets\0hours\0tenths-of-grams\0tenths-of-milliliters\0"            \
	"thousandths-of-ounces\0hundredths-of-fluid-ounces\0feet\0meters\0items\0micrometers\0"    \
	"ten-thousandths-of-inches\0other\0unknown\0"
/* What supplies are said to last for. */
#define PAGE_UNITS "impressions\0sheets\0items\0unknown\0"
/* PrtCapacityUnitTC (RFC 3805). */
#define TRAY_UNITS                                                                                 \
	"sheets\0percent\0feet\0meters\0items\0micrometers\0ten-thousandths-of-"                   \
	"inches\0other\0unknown\0"

/* hrPrinterDetectedErrorState (RFC 2790). */
#define ERRORS                                                                                     \
	"low-paper\0no-paper\0low-toner\0no-toner\0door-open\0jammed\0offline\0service-"           \
	"requested\0"                                                                              \
	"input-tray-missing\0output-tray-missing\0marker-supply-missing\0output-near-full\0"       \
	"output-full\0input-tray-empty\0overdue-prevent-maint\0"

#define FUNCTION_METERS "total\0mono\0color\0single-color\0two-color\0duplex\0large\0"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "00:11:22:aa:bb:cc" */
static bool
is_mac(const char *s)
{
	for (int i = 0; i < 17; i++)
		if (i % 3 == 2 ? s[i] != ':' : !is_digit(s[i]) && (s[i] < 'a' || s[i] > 'f'))
			return false;
	return s[17] == 0;
}

/* "2024-05-31" */
static bool
is_date(const char *s)
{
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? s[i] != '-' : !is_digit(s[i]))
			return false;
	return s[10] == 0;
}

const struct metric metrics[] = {
	{ "device.manufacturer", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, NULL },
	{ "device.model", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, NULL },
	{ "device.serial", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, NULL },
	{ "device.mac", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, is_mac },
	{ "device.firmware", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, NULL },
	{ "device.asset", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, NULL },
	{ "device.installed", METRIC_TEXT, PART_NONE, NULL, NULL, NULL, is_date },
	{ "status.state", METRIC_TEXT, PART_NONE, NULL,
		"idle\0printing\0warmup\0sleep\0down\0unknown\0", NULL, NULL },
	{ "status.error", METRIC_TEXT, PART_REQUIRED, NULL, ERRORS, NULL, NULL },
	{ "security.admin_password", METRIC_TEXT, PART_NONE, NULL, "set\0not-set\0", NULL, NULL },
	{ "security.web_proxy", METRIC_TEXT, PART_NONE, NULL, "on\0off\0", NULL, NULL },
	{ "security.user_names", METRIC_TEXT, PART_NONE, NULL, "hidden\0shown\0", NULL, NULL },
	{ "console.text", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "meter.*", METRIC_NUMBER, PART_OPTIONAL,
		FUNCTION_METERS "large.mono\0large.color\0blank\0sheets\0", NULL, METER_UNITS,
		NULL },
	{ "meter.print.*", METRIC_NUMBER, PART_OPTIONAL, FUNCTION_METERS, NULL, METER_UNITS, NULL },
	{ "meter.copy.*", METRIC_NUMBER, PART_OPTIONAL, FUNCTION_METERS, NULL, METER_UNITS, NULL },
	{ "meter.fax.*", METRIC_NUMBER, PART_OPTIONAL, FUNCTION_METERS "sent\0", NULL, METER_UNITS,
		NULL },
	{ "meter.scan.*", METRIC_NUMBER, PART_OPTIONAL,
		FUNCTION_METERS "copy\0fax\0email\0network\0adf\0flatbed\0", NULL, METER_UNITS,
		NULL },
	{ "meter.equivalent.*", METRIC_NUMBER, PART_OPTIONAL, "total\0mono\0color\0", NULL,
		"tenths-of-impressions\0", NULL },
	{ "meter.area.*", METRIC_NUMBER, PART_OPTIONAL, "total\0", NULL,
		"square-centimeters\0hundredths-of-square-feet\0", NULL },
	{ "meter.ink.*", METRIC_NUMBER, PART_OPTIONAL, "total\0", NULL, "microliters\0", NULL },
	{ "meter.size.*", METRIC_NUMBER, PART_OPTIONAL, NULL, NULL, METER_UNITS, NULL },
	{ "supply.type", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "supply.class", METRIC_TEXT, PART_REQUIRED, NULL, "consumed\0receptacle\0other\0", NULL,
		NULL },
	{ "supply.color", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "supply.description", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "supply.serial", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "supply.part_number", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "supply.level", METRIC_LEVEL, PART_REQUIRED, NULL, NULL, SUPPLY_UNITS, NULL },
	{ "supply.pages_left", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, PAGE_UNITS, NULL },
	{ "supply.pages_used", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, PAGE_UNITS, NULL },
	{ "supply.replaced", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "supply.installed", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, is_date },
	{ "supply.state", METRIC_TEXT, PART_REQUIRED, NULL,
		"ok\0low\0empty\0full\0some\0unknown\0missing\0", NULL, NULL },
	{ "tray.name", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "tray.media", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "tray.level", METRIC_LEVEL, PART_REQUIRED, NULL, NULL, TRAY_UNITS, NULL },
	{ "output.name", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "output.level", METRIC_LEVEL, PART_REQUIRED, NULL, NULL, TRAY_UNITS, NULL },
	{ "cover.name", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "cover.state", METRIC_TEXT, PART_REQUIRED, NULL, "open\0closed\0unknown\0", NULL, NULL },
	{ "alert.severity", METRIC_TEXT, PART_REQUIRED, NULL, "critical\0warning\0other\0", NULL,
		NULL },
	{ "alert.code", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "alert.group", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "alert.index", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, NULL, NULL },
	{ "alert.text", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL, NULL },
};

const size_t metrics_count = COUNT(metrics);

const char *
word_at(const char *words, uint64_t n)
{
	for (; n > 0 && *words != 0; n--)
		words += strlen(words) + 1;
	return *words != 0 ? words : NULL;
}

const char *
word_find(const char *words, const char *word, uint32_t *n)
{
	for (*n = 0; *words != 0; words += strlen(words) + 1, ++*n)
		if (words == word || (*words == *word && strcmp(words, word) == 0))
			return words;
	return NULL;
}

static bool
is_word_of(const char *word, const char *words)
{
	uint32_t n;

	return word_find(words, word, &n) != NULL;
}

/* ---- which metric it is ---- */

#define NAME_MOST 32

static const char names[][NAME_MOST] = {
#define METRIC_ID(id, name) [METRIC_##id] = name,
	METRIC_NAMES(METRIC_ID)
#undef METRIC_ID
		[METRIC_NONE] = "",
};

/* "iso_a4_210x297mm": class, name, dimensions (PWG 5101.1, 5). */
static bool
is_media_size(const char *s)
{
	size_t n = strlen(s), underscores = 0;

	for (const char *p = s; *p != 0; p++)
		underscores += *p == '_';
	return n <= 60 && underscores >= 2 &&
		strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == n;
}

/* Of the names that the table of metrics tells in one line: is this one of them? */
static bool
is_called(const struct metric *m, const char *name)
{
	size_t n = strcspn(m->name, "*");

	if (strncmp(m->name, name, n) != 0)
		return false;
	return m->ends != NULL ? is_word_of(name + n, m->ends) : name[n] == 0;
}

/* Of sorted names the one that this is, or begins with. */
static enum metric_id
name_search(const char *name)
{
	uint32_t first = 0, end = METRIC_NONE;
	size_t n = strlen(names[METRIC_METER_SIZE]);

	if (strncmp(name, names[METRIC_METER_SIZE], n) == 0)
		return is_media_size(name + n) ? METRIC_METER_SIZE : METRIC_NONE;
	while (first < end) {
		uint32_t middle = first + (end - first) / 2;

		if (strcmp(names[middle], name) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	return strcmp(names[first], name) == 0 ? first : METRIC_NONE;
}

/*
 * A name of the table is known by its place, one that was said before is found where it lay then,
 * if it still is that one.
 */
enum metric_id
metric_id(const char *name)
{
	static uint8_t found[256];
	uintptr_t at = (uintptr_t)name - (uintptr_t)names;
	uint8_t *last = &found[at % COUNT(found)];

	if (at < sizeof(names))
		return (enum metric_id)(at / sizeof(names[0]));
	if (strcmp(names[*last], name) != 0 || *last == METRIC_METER_SIZE)
		*last = (uint8_t)name_search(name);
	return *last;
}

const char *
metric_called(enum metric_id id)
{
	return names[id];
}

/* The line of the table that tells of it. */
static const struct metric *
line_find(enum metric_id id)
{
	const struct metric *m = metrics;

	while (!is_called(m, names[id]))
		m++;
	return m;
}

const struct metric *
metric_of(enum metric_id id)
{
	static const struct metric *found[METRIC_NONE];

	if (id >= METRIC_NONE)
		return NULL;
	if (found[id] == NULL)
		found[id] = line_find(id);
	return found[id];
}

const struct metric *
metric_find(const char *name)
{
	return metric_of(metric_id(name));
}

/* ---- is it one that is allowed? ---- */

static bool
is_of_part(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') ||
		c == '_';
}

static bool
check_part(const struct metric *m, const struct platen_reading *r, struct why *why)
{
	const char *part = r->part != NULL ? r->part : "";
	size_t n = 0;

	while (n < MAX_PART && is_of_part(part[n]))
		n++;
	if (part[0] == 0)
		return m->part != PART_REQUIRED ||
			why_set(why, "%s: it needs a part (which one?)", r->metric);
	if (m->part == PART_NONE)
		return why_set(why, "%s: it has no parts, part must be NULL", r->metric);
	if (part[n] != 0)
		return why_set(why, "%s: part has up to %d letters, digits or ._/-", r->metric,
			MAX_PART);
	return true;
}

static bool
check_text(const struct metric *m, const struct emitted *given, struct why *why)
{
	const struct platen_reading *r = &given->said;

	if (r->text == NULL)
		return why_set(why, "%s: it is told by text, and text is NULL", r->metric);
	if (given->length > PLATEN_MAX_TEXT)
		return why_set(why, "%s: text is longer than %d bytes", r->metric, PLATEN_MAX_TEXT);
	if (!given->plain && !text_is_utf8(r->text, given->length))
		return why_set(why, "%s: text is not UTF-8", r->metric);
	for (uint32_t i = 0; !given->plain && i < given->length; i++)
		if ((unsigned char)r->text[i] < 0x20 || r->text[i] == 0x7F)
			return why_set(why, "%s: text has control characters", r->metric);
	if (m->is != NULL && !m->is(r->text))
		return why_set(why, "%s: \"%.40s\" is not of the form %s", r->metric, r->text,
			m->is == is_mac ? "00:11:22:aa:bb:cc" : "2024-05-31");
	return true;
}

static bool
is_level(int64_t v)
{
	return v >= 0 || v == PLATEN_UNKNOWN || v == PLATEN_SOME || v == PLATEN_UNLIMITED;
}

static bool
check_number(const struct metric *m, const struct platen_reading *r, struct why *why)
{
	bool level = m->kind == METRIC_LEVEL;

	if (r->text != NULL)
		return why_set(why, "%s: it is told by a number, text must be NULL", r->metric);
	if (r->number < 0 && !(level && is_level(r->number)))
		return why_set(why, "%s: %s", r->metric,
			level ? "number is negative and no special value"
			      : "number is negative: do not report what is not known");
	if (level && !is_level(r->full) && r->full != PLATEN_NONE)
		return why_set(why, "%s: full is negative and no special value", r->metric);
	return true;
}

/* Said is none of these words. */
static bool
refuse_word(const struct platen_reading *r, const char *what, const char *said, const char *words,
	struct why *why)
{
	struct buf all = { 0 };

	for (const char *word = words; *word != 0; word += strlen(word) + 1)
		buf_format(&all, " %s", word);
	why_set(why, "%s: %s\"%.40s\" is none of:%s", r->metric, what, said, (char *)all.p);
	buf_free(&all);
	return false;
}

/* Unit and word, of the metric's own. */
static bool
settle_words(const struct metric *m, struct platen_reading *r, struct why *why)
{
	const char *unit = r->unit != NULL ? r->unit : "", *text = r->text;
	uint32_t n;

	if (m->units == NULL && unit[0] != 0)
		return why_set(why, "%s: it has no unit", r->metric);
	if (m->units != NULL && (r->unit = word_find(m->units, unit, &n)) == NULL)
		return refuse_word(r, "unit ", unit, m->units, why);
	if (m->words != NULL && (r->text = word_find(m->words, text, &n)) == NULL)
		return refuse_word(r, "", text, m->words, why);
	return true;
}

bool
metric_holds(const struct metric *m, const struct emitted *r, struct why *why)
{
	return check_part(m, &r->said, why) &&
		(m->kind == METRIC_TEXT ? check_text(m, r, why) : check_number(m, &r->said, why));
}

bool
metric_allows(struct emitted *r, struct why *why)
{
	const struct metric *m = metric_of(r->id);

	if (m == NULL)
		return why_set(why, "\"%.60s\" is no metric of sdk/METRICS",
			r->said.metric != NULL ? r->said.metric : "(NULL)");
	return metric_holds(m, r, why) && settle_words(m, &r->said, why);
}

struct emitted
emitted_of(const struct platen_reading *r)
{
	uint32_t n = r->text != NULL ? (uint32_t)strnlen(r->text, PLATEN_MAX_TEXT + 1) : 0;

	return (struct emitted){
		.said = *r,
		.id = r->metric != NULL ? metric_id(r->metric) : METRIC_NONE,
		.length = n,
		.plain = n == 0 || text_plain(r->text, n) == n,
	};
}

bool
metric_check(const struct platen_reading *r, struct why *why)
{
	struct emitted reading = emitted_of(r);

	return metric_allows(&reading, why);
}
