/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.c - the table of metrics and the check of a reading against it; see metrics.h. */
#include "metrics.h"

#include <string.h>

/* PrtMarkerCounterUnitTC (RFC 3805), and what vendors count in beyond it. */
#define METER_UNITS                                                                                \
	"impressions sheets images meters square-meters hours feet characters lines dot-rows "     \
	"micrometers ten-thousandths-of-inches items other unknown"
/* PrtMarkerSuppliesSupplyUnitTC (RFC 3805). */
#define SUPPLY_UNITS                                                                               \
	"percent impressions sheets hours tenths-of-grams tenths-of-milliliters "                  \
	"thousandths-of-ounces hundredths-of-fluid-ounces feet meters items micrometers "          \
	"ten-thousandths-of-inches other unknown"
/* What supplies are said to last for. */
#define PAGE_UNITS "impressions sheets items unknown"
/* PrtCapacityUnitTC (RFC 3805). */
#define TRAY_UNITS                                                                                 \
	"sheets percent feet meters items micrometers ten-thousandths-of-inches other unknown"

/* hrPrinterDetectedErrorState (RFC 2790). */
#define ERRORS                                                                                     \
	"low-paper no-paper low-toner no-toner door-open jammed offline service-requested "        \
	"input-tray-missing output-tray-missing marker-supply-missing output-near-full "           \
	"output-full input-tray-empty overdue-prevent-maint"

#define FUNCTION_METERS "total mono color single-color two-color duplex large"

const struct metric metrics[] = {
	{ "device.manufacturer", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "device.model", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "device.serial", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "device.mac", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "device.firmware", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "device.asset", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "device.installed", METRIC_TEXT, PART_NONE, NULL, NULL, NULL },
	{ "status.state", METRIC_TEXT, PART_NONE, NULL, "idle printing warmup sleep down unknown",
		NULL },
	{ "status.error", METRIC_TEXT, PART_REQUIRED, NULL, ERRORS, NULL },
	{ "security.admin_password", METRIC_TEXT, PART_NONE, NULL, "set not-set", NULL },
	{ "security.web_proxy", METRIC_TEXT, PART_NONE, NULL, "on off", NULL },
	{ "security.user_names", METRIC_TEXT, PART_NONE, NULL, "hidden shown", NULL },
	{ "console.text", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "meter.*", METRIC_NUMBER, PART_OPTIONAL,
		FUNCTION_METERS " large.mono large.color blank sheets", NULL, METER_UNITS },
	{ "meter.print.*", METRIC_NUMBER, PART_OPTIONAL, FUNCTION_METERS, NULL, METER_UNITS },
	{ "meter.copy.*", METRIC_NUMBER, PART_OPTIONAL, FUNCTION_METERS, NULL, METER_UNITS },
	{ "meter.fax.*", METRIC_NUMBER, PART_OPTIONAL, FUNCTION_METERS " sent", NULL, METER_UNITS },
	{ "meter.scan.*", METRIC_NUMBER, PART_OPTIONAL,
		FUNCTION_METERS " copy fax email network adf flatbed", NULL, METER_UNITS },
	{ "meter.equivalent.*", METRIC_NUMBER, PART_OPTIONAL, "total mono color", NULL,
		"tenths-of-impressions" },
	{ "meter.area.*", METRIC_NUMBER, PART_OPTIONAL, "total", NULL,
		"square-centimeters hundredths-of-square-feet" },
	{ "meter.ink.*", METRIC_NUMBER, PART_OPTIONAL, "total", NULL, "microliters" },
	{ "meter.size.*", METRIC_NUMBER, PART_OPTIONAL, NULL, NULL, METER_UNITS },
	{ "supply.type", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.class", METRIC_TEXT, PART_REQUIRED, NULL, "consumed receptacle other", NULL },
	{ "supply.color", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.description", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.serial", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.part_number", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.level", METRIC_LEVEL, PART_REQUIRED, NULL, NULL, SUPPLY_UNITS },
	{ "supply.pages_left", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, PAGE_UNITS },
	{ "supply.pages_used", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, PAGE_UNITS },
	{ "supply.replaced", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.installed", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "supply.state", METRIC_TEXT, PART_REQUIRED, NULL,
		"ok low empty full some unknown missing", NULL },
	{ "tray.name", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "tray.media", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "tray.level", METRIC_LEVEL, PART_REQUIRED, NULL, NULL, TRAY_UNITS },
	{ "output.name", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "output.level", METRIC_LEVEL, PART_REQUIRED, NULL, NULL, TRAY_UNITS },
	{ "cover.name", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "cover.state", METRIC_TEXT, PART_REQUIRED, NULL, "open closed unknown", NULL },
	{ "alert.severity", METRIC_TEXT, PART_REQUIRED, NULL, "critical warning other", NULL },
	{ "alert.code", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, NULL },
	{ "alert.group", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
	{ "alert.index", METRIC_NUMBER, PART_REQUIRED, NULL, NULL, NULL },
	{ "alert.text", METRIC_TEXT, PART_REQUIRED, NULL, NULL, NULL },
};

const size_t metrics_count = COUNT(metrics);

/* Is word one of the blank separated words of list? */
static bool
is_word_of(const char *word, const char *list)
{
	for (const char *at = list;; at++) {
		size_t n = 0;

		while (word[n] == at[n] && word[n] != 0 && word[n] != ' ')
			n++;
		if (n > 0 && word[n] == 0 && (at[n] == 0 || at[n] == ' '))
			return true;
		at = strchr(at + n, ' ');
		if (at == NULL)
			return false;
	}
}

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

/* "00:11:22:aa:bb:cc" */
static bool
is_mac(const char *s)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 17; i++)
		if (i % 3 == 2 ? s[i] != ':' : s[i] == 0 || strchr(digits, s[i]) == NULL)
			return false;
	return s[17] == 0;
}

/* "2024-05-31" */
static bool
is_date(const char *s)
{
	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9')
			return false;
	return s[10] == 0;
}

static bool
is_called(const struct metric *m, const char *name)
{
	size_t n = 0;

	while (m->name[n] == name[n] && name[n] != 0 && name[n] != '*')
		n++;
	if (m->name[n] != '*')
		return m->name[n] == 0 && name[n] == 0;
	return m->ends != NULL ? is_word_of(name + n, m->ends) : is_media_size(name + n);
}

/* A name that was said before is found by its sum, where it was found then. */
const struct metric *
metric_find(const char *name)
{
	static uint8_t found[256];
	uint8_t sum = 0;

	for (const char *at = name; *at != 0; at++)
		sum = (uint8_t)(sum * 31 + *at);
	if (is_called(&metrics[found[sum]], name))
		return &metrics[found[sum]];
	for (uint8_t i = 0; i < COUNT(metrics); i++)
		if (is_called(&metrics[i], name)) {
			found[sum] = i;
			return &metrics[i];
		}
	return NULL;
}

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
check_text(const struct metric *m, const struct platen_reading *r, struct why *why)
{
	size_t n;

	if (r->text == NULL)
		return why_set(why, "%s: it is told by text, and text is NULL", r->metric);
	n = strnlen(r->text, PLATEN_MAX_TEXT + 1);
	if (n > PLATEN_MAX_TEXT)
		return why_set(why, "%s: text is longer than %d bytes", r->metric, PLATEN_MAX_TEXT);
	if (!text_is_utf8(r->text, n))
		return why_set(why, "%s: text is not UTF-8", r->metric);
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)r->text[i] < 0x20 || r->text[i] == 0x7F)
			return why_set(why, "%s: text has control characters", r->metric);
	if (m->words != NULL && !is_word_of(r->text, m->words))
		return why_set(why, "%s: \"%.40s\" is none of: %s", r->metric, r->text, m->words);
	if (strcmp(m->name, "device.mac") == 0 && !is_mac(r->text))
		return why_set(why, "%s: \"%.40s\" is not of the form 00:11:22:aa:bb:cc", r->metric,
			r->text);
	if (strstr(m->name, ".installed") != NULL && !is_date(r->text))
		return why_set(why, "%s: \"%.40s\" is not of the form 2024-05-31", r->metric,
			r->text);
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

static bool
check_unit(const struct metric *m, const struct platen_reading *r, struct why *why)
{
	const char *unit = r->unit != NULL ? r->unit : "";

	if (m->units == NULL)
		return unit[0] == 0 || why_set(why, "%s: it has no unit", r->metric);
	return is_word_of(unit, m->units) ||
		why_set(why, "%s: unit \"%.40s\" is none of: %s", r->metric, unit, m->units);
}

bool
metric_allows(const struct metric *m, const struct platen_reading *r, struct why *why)
{
	if (m == NULL)
		return why_set(why, "\"%.60s\" is no metric of sdk/METRICS",
			r->metric != NULL ? r->metric : "(NULL)");
	return check_part(m, r, why) && check_unit(m, r, why) &&
		(m->kind == METRIC_TEXT ? check_text(m, r, why) : check_number(m, r, why));
}

bool
metric_check(const struct platen_reading *r, struct why *why)
{
	return metric_allows(r->metric != NULL ? metric_find(r->metric) : NULL, r, why);
}
