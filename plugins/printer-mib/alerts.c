/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alerts.c - the rows of prtAlertTable: faults, and what only looks like one.
 *
 * Many printers keep "Sleep", "Idle" or "Ready" in their alert table.  Such a
 * row is the printer's state and no alert.
 */
#include "mib.h"

#include <platen/names.h>

#include <string.h>
#include <strings.h>

#define CRITICAL 3 /* PrtAlertSeverityLevelTC */
#define GROUP_SUPPLIES 11

/* Codes that tell a state, or that something is over; state "": none we report. */
static const struct {
	int32_t code;
	const char *state;
} codes[] = {
	{ 4, "" }, /* cover closed */
	{ 6, "" }, /* interlock closed */
	{ 19, "" }, /* closed */
	{ 20, "" }, /* turned on */
	{ 23, "sleep" }, { 24, "warmup" }, { 502, "" }, /* door closed */
	{ 503, "" }, /* power up */
	{ 505, "" }, /* reset */
	{ 506, "" }, /* reset */
	{ 507, "idle" }, { 1801, "" }, /* an alert is over */
};

/* Texts that tell a state where the code does not, in any case, with or without a full stop. */
static const struct {
	const char *text, *state;
} texts[] = {
	{ "sleep", "sleep" },
	{ "sleeping", "sleep" },
	{ "sleep mode", "sleep" },
	{ "sleep mode on", "sleep" },
	{ "deep sleep", "sleep" },
	{ "auto sleep", "sleep" },
	{ "power saver", "sleep" },
	{ "power saver mode", "sleep" },
	{ "power save", "sleep" },
	{ "power save mode", "sleep" },
	{ "powersave", "sleep" },
	{ "powersave on", "sleep" },
	{ "power saving", "sleep" },
	{ "energy saver", "sleep" },
	{ "energy saver mode", "sleep" },
	{ "energy save mode", "sleep" },
	{ "energy saving", "sleep" },
	{ "low power mode", "sleep" },
	{ "standby", "sleep" },
	{ "stand-by", "sleep" },
	{ "standby mode", "sleep" },
	{ "ruhezustand", "sleep" },
	{ "energiesparmodus", "sleep" },
	{ "schlafmodus", "sleep" },
	{ "tiefschlaf", "sleep" },
	{ "ruhemodus", "sleep" },
	{ "stromsparmodus", "sleep" },
	{ "veille", "sleep" },
	{ "mode veille", "sleep" },
	{ "en veille", "sleep" },
	{ "veille profonde", "sleep" },
	{ "riposo", "sleep" },
	{ "risparmio energia", "sleep" },
	{ "modo reposo", "sleep" },
	{ "reposo", "sleep" },
	{ "hibernación", "sleep" },
	{ "slaapstand", "sleep" },
	{ "diepe slaap", "sleep" },
	{ "スリープ", "sleep" },
	{ "スリープ中", "sleep" },
	{ "省エネモード", "sleep" },
	{ "省エネモード中", "sleep" },
	{ "節電中", "sleep" },
	{ "idle", "idle" },
	{ "ready", "idle" },
	{ "ready to print", "idle" },
	{ "ready to copy", "idle" },
	{ "online", "idle" },
	{ "normal", "idle" },
	{ "bereit", "idle" },
	{ "betriebsbereit", "idle" },
	{ "druckbereit", "idle" },
	{ "prêt", "idle" },
	{ "prêt à imprimer", "idle" },
	{ "pronto", "idle" },
	{ "pronta", "idle" },
	{ "listo", "idle" },
	{ "lista", "idle" },
	{ "preparado", "idle" },
	{ "gereed", "idle" },
	{ "klar", "idle" },
	{ "redo", "idle" },
	{ "valmis", "idle" },
	{ "印刷可", "idle" },
	{ "印刷できます", "idle" },
	{ "印刷できます。", "idle" },
	{ "コピーできます", "idle" },
	{ "コピーできます。", "idle" },
	{ "就绪", "idle" },
	{ "printing", "printing" },
	{ "warming up", "warmup" },
	{ "warm up", "warmup" },
	{ "warm-up", "warmup" },
	{ "preparing to print", "warmup" },
	{ "aufwärmen", "warmup" },
	{ "préchauffage", "warmup" },
};

const char *
state_of_text(const char *text)
{
	size_t n = strlen(text);

	while (n > 0 && strchr(".! ", text[n - 1]) != NULL)
		n--;
	for (size_t i = 0; i < COUNT(texts); i++)
		if (strlen(texts[i].text) == n && strncasecmp(texts[i].text, text, n) == 0)
			return texts[i].state;
	return NULL;
}

/* What a row says the printer is doing; NULL: it is a fault. */
static const char *
row_state(const struct mib *m, const struct row *r)
{
	int64_t code = cell_number_or(&r->cells[ALERT_CODE], 0);
	char text[MAX_LINE];

	if (cell_number_or(&r->cells[ALERT_SEVERITY], 0) == CRITICAL)
		return NULL;
	for (size_t i = 0; i < COUNT(codes); i++)
		if (codes[i].code == code)
			return codes[i].state;
	if (code > 2 || !cell_text(m, &r->cells[ALERT_TEXT], text))
		return NULL;
	return state_of_text(text);
}

const char *
alerts_state(const struct mib *m)
{
	const struct table *t = &m->tables[ALERTS];
	const char *found = NULL;

	for (uint32_t i = 0; i < t->n; i++) {
		const char *state = row_state(m, &t->rows[i]);

		if (state == NULL || state[0] == '\0')
			continue;
		if (found == NULL || strcmp(state, "sleep") == 0)
			found = state;
	}
	return found;
}

/* ---- supplies ---- */

static const char *
code_supply_state(int64_t code)
{
	static const struct {
		int64_t code;
		const char *state;
	} states[] = {
		{ 9, "missing" },
		{ 10, "low" },
		{ 11, "empty" },
		{ 12, "low" },
		{ 13, "empty" },
		{ 14, "low" }, /* of what is filled, room */
		{ 15, "full" },
		{ 16, "low" },
		{ 26, "missing" },
		{ 1101, "empty" },
		{ 1102, "empty" },
		{ 1103, "empty" },
		{ 1104, "low" },
		{ 1105, "low" },
		{ 1106, "low" },
		{ 1107, "low" },
		{ 1108, "low" },
		{ 1109, "full" },
		{ 1110, "full" },
		{ 1111, "low" },
		{ 1112, "empty" },
		{ 1113, "low" },
		{ 1114, "empty" },
		{ 1115, "missing" },
	};

	for (size_t i = 0; i < COUNT(states); i++)
		if (states[i].code == code)
			return states[i].state;
	return NULL;
}

const char *
alerts_supply_state(const struct mib *m, const struct row *supply)
{
	const struct table *t = &m->tables[ALERTS];
	const char *worst = NULL;

	for (uint32_t i = 0; i < t->n; i++) {
		const struct cell *c = t->rows[i].cells;
		const char *state = code_supply_state(cell_number_or(&c[ALERT_CODE], 0));

		if (state == NULL || cell_number_or(&c[ALERT_GROUP], 0) != GROUP_SUPPLIES ||
			cell_number_or(&c[ALERT_INDEX], -1) != supply->index)
			continue;
		if (worst == NULL || strcmp(worst, "low") == 0)
			worst = state;
	}
	return worst;
}

/* ---- the report ---- */

/* The group as said, else the one that the code belongs to. */
static const char *
group_of(int64_t group, int64_t code)
{
	const char *name = platen_alert_group_name((int32_t)group);

	if (name != NULL && group > 2)
		return name;
	if (code >= 30200)
		return "finisher";
	name = code >= 500 ? platen_alert_group_name((int32_t)(code / 100)) : NULL;
	return name != NULL ? name : "";
}

static void
alert_report(const struct mib *m, const struct row *r, const char *part)
{
	const struct cell *c = r->cells;
	int64_t code = cell_number_or(&c[ALERT_CODE], 0), index;
	const char *severity =
		platen_alert_severity_name((int32_t)cell_number_or(&c[ALERT_SEVERITY], 0));
	const char *name = code > 2 && code <= INT32_MAX ? platen_alert_name((int32_t)code) : NULL;
	char text[MAX_LINE];

	if (!cell_text(m, &c[ALERT_TEXT], text) && name != NULL)
		platen_name_say(name, text, sizeof(text));
	if (code <= 2 && text[0] == '\0' && (severity == NULL || strcmp(severity, "other") == 0))
		return; /* nothing is said */
	say_text(m, "alert.severity", part, severity != NULL ? severity : "other");
	if (code > 0)
		say_number(m, "alert.code", part, code, NULL);
	say_text(m, "alert.group", part, group_of(cell_number_or(&c[ALERT_GROUP], 0), code));
	if (cell_number(&c[ALERT_INDEX], &index) && index > 0)
		say_number(m, "alert.index", part, index, NULL);
	say_text(m, "alert.text", part, text);
}

void
alerts_report(const struct mib *m)
{
	const struct table *t = &m->tables[ALERTS];
	char part[MAX_LABEL];

	for (uint32_t i = 0; i < t->n; i++) {
		if (row_state(m, &t->rows[i]) != NULL)
			continue;
		row_label(t, &t->rows[i], part);
		alert_report(m, &t->rows[i], part);
	}
}
