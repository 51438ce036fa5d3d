/* SPDX-License-Identifier: Apache-2.0 */
/* units.c - the printer's sub-units: markers' counters, trays, bins, covers, console lines. */
#include "mib.h"

#include <platen/names.h>

#include <string.h>

/* The first marker is the printer's counter, further ones are called by their number. */
static void
meters_report(const struct mib *m)
{
	const struct table *t = &m->tables[UNITS];
	bool further = false;

	for (uint32_t i = 0; i < t->n; i++) {
		const struct row *r = &t->rows[i];
		const char *unit =
			platen_meter_unit_name((int32_t)cell_number_or(&r->cells[MARKER_UNIT], 0));
		int64_t count = cell_number_or(&r->cells[MARKER_LIFE], -2);
		char part[MAX_LABEL];

		if (r->cells[MARKER_LIFE].type == PLATEN_ABSENT && unit == NULL)
			continue; /* a row of another table */
		if (count < 0) {
			further = true; /* a first that cannot tell makes no second the printer's */
			continue;
		}
		row_label(t, r, part);
		say_number(m, "meter.total", further ? part : NULL, count,
			unit != NULL ? unit : "unknown");
		further = true;
	}
}

static void
covers_report(const struct mib *m)
{
	const struct table *t = &m->tables[UNITS];
	char text[MAX_LINE], part[MAX_LABEL];

	for (uint32_t i = 0; i < t->n; i++) {
		const struct cell *c = t->rows[i].cells;
		const char *state = platen_cover_name((int32_t)cell_number_or(&c[COVER_STATUS], 2));

		if (c[COVER_NAME].type == PLATEN_ABSENT && c[COVER_STATUS].type == PLATEN_ABSENT)
			continue;
		row_label(t, &t->rows[i], part);
		cell_text(m, &c[COVER_NAME], text);
		say_text(m, "cover.name", part, text);
		say_text(m, "cover.state", part, state != NULL ? state : "unknown");
	}
}

static void
console_report(const struct mib *m)
{
	const struct table *t = &m->tables[UNITS];
	char text[MAX_LINE], part[MAX_LABEL];

	for (uint32_t i = 0; i < t->n; i++) {
		row_label(t, &t->rows[i], part);
		cell_console_text(m, &t->rows[i].cells[CONSOLE_LINE], text);
		say_text(m, "console.text", part, text);
	}
}

static const char *
paper_unit(const struct cell *unit)
{
	return platen_capacity_unit_name((int32_t)cell_number_or(unit, 0));
}

static void
trays_report(const struct mib *m)
{
	const struct table *t = &m->tables[PAPER];
	char text[MAX_LINE], part[MAX_LABEL];

	for (uint32_t i = 0; i < t->n; i++) {
		const struct cell *c = t->rows[i].cells;

		row_label(t, &t->rows[i], part);
		if (!cell_text(m, &c[TRAY_NAME], text))
			cell_text(m, &c[TRAY_DESCRIPTION], text);
		say_text(m, "tray.name", part, text);
		cell_text(m, &c[TRAY_MEDIA], text);
		say_text(m, "tray.media", part, text);
		if (c[TRAY_LEVEL].type != PLATEN_ABSENT)
			say_level(m, "tray.level", part, &c[TRAY_LEVEL], &c[TRAY_CAPACITY],
				paper_unit(&c[TRAY_UNIT]));
	}
}

/* A bin's level is the room that remains (RFC 3805), as it is for supplies that fill up. */
static void
outputs_report(const struct mib *m)
{
	const struct table *t = &m->tables[PAPER];
	char text[MAX_LINE], part[MAX_LABEL];

	for (uint32_t i = 0; i < t->n; i++) {
		const struct cell *c = t->rows[i].cells;

		row_label(t, &t->rows[i], part);
		cell_text(m, &c[OUTPUT_NAME], text);
		say_text(m, "output.name", part, text);
		if (c[OUTPUT_REMAINING].type != PLATEN_ABSENT)
			say_level(m, "output.level", part, &c[OUTPUT_REMAINING],
				&c[OUTPUT_CAPACITY], paper_unit(&c[OUTPUT_UNIT]));
	}
}

void
units_report(const struct mib *m)
{
	meters_report(m);
	trays_report(m);
	outputs_report(m);
	covers_report(m);
	console_report(m);
}
