/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supplies.c - the rows of prtMarkerSuppliesTable, each with honest levels.
 *
 * Columns a printer leaves out stay unknown: no class, unit or capacity is made
 * up for them.  Serial and part numbers are taken out of the descriptions.
 */
#include "mib.h"

#include <platen/identity.h>
#include <platen/names.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- descriptions ---- */

struct described {
	char text[MAX_LINE]; /* what remains */
	char serial[MAX_LINE]; /* "": none */
	char number[MAX_LINE]; /* the part number */
};

/*
 * How serial and part numbers are written into descriptions:
 *   "Black Toner, PN 006R01509;SN48178080E0000481"   "..., PN#106R02237"
 *   "Black Toner Cartridge S/N:CRUM-15072112345"     "Fuser, PN unknown;SNunknown"
 */
static const struct {
	const char *mark;
	bool serial; /* else a part number */
	bool sure; /* nothing else is written so, even with no number behind it */
} marks[] = {
	{ "S/N:", true, true },
	{ "S/N ", true, true },
	{ "SN:", true, true },
	{ "SN#", true, true },
	{ "SN ", true, false },
	{ "SN", true, false },
	{ "P/N:", false, true },
	{ "P/N ", false, true },
	{ "PN:", false, true },
	{ "PN#", false, true },
	{ "PN ", false, false },
};

static bool
is_separator(char c)
{
	return c == ' ' || c == ',' || c == ';' || c == '(';
}

static bool
has_digit(const char *p, size_t n)
{
	return strcspn(p, "0123456789") < n;
}

/* The mark that begins at text[at], and the number behind it; false: there is none. */
static bool
mark_at(const char *text, size_t at, size_t *which, size_t *from, size_t *n)
{
	if (text[at] != 'S' && text[at] != 'P')
		return false; /* no mark begins otherwise */
	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t length = strlen(marks[i].mark);
		bool glued = isalpha((unsigned char)marks[i].mark[length - 1]) != 0;

		if (strncmp(text + at, marks[i].mark, length) != 0)
			continue;
		if (glued && (at == 0 || strchr(";,", text[at - 1]) == NULL))
			continue; /* "SN48..." only right behind a ';' */
		*which = i;
		*from = at + length + strspn(text + at + length, " ");
		*n = strcspn(text + *from, " ,;)");
		if (marks[i].sure || has_digit(text + *from, *n) ||
			strncmp(text + *from, "unknown", *n > 7 ? *n : 7) == 0)
			return true;
	}
	return false;
}

/* Take text[from] up to text[to] out, with the separators before it. */
static void
take_out(char *text, size_t from, size_t to)
{
	to += text[to] == ')';
	while (from > 0 && is_separator(text[from - 1]))
		from--;
	memmove(text + from, text + to, strlen(text + to) + 1);
}

static void
describe(struct described *d)
{
	size_t which, from, n, at = 0;

	d->serial[0] = d->number[0] = '\0';
	while (d->text[at] != '\0') {
		char *into;

		if ((at > 0 && !is_separator(d->text[at - 1])) ||
			!mark_at(d->text, at, &which, &from, &n)) {
			at++;
			continue;
		}
		into = marks[which].serial ? d->serial : d->number;
		snprintf(into, MAX_LINE, "%.*s", (int)n, d->text + from);
		take_out(d->text, at, from + n);
		at = 0;
	}
	if (!platen_serial_is_real(d->serial))
		d->serial[0] = '\0';
	if (!has_digit(d->number, strlen(d->number)))
		d->number[0] = '\0';
}

/* ---- levels ---- */

enum { CLASS_RECEPTACLE = 4 };

/* What is filled, whatever the printer says or leaves out of its class. */
static bool
is_waste(int64_t type)
{
	switch (type) {
	case 4: /* wasteToner */
	case 8: /* wasteInk */
	case 14: /* wasteWax */
	case 24: /* wasteWater */
	case 26: /* wastePaper */
		return true;
	default:
		return false;
	}
}

/*
 * A state that the level alone does not tell; NULL: the level tells all.  At 0
 * it does, but for waste without a class: is it full, or is it empty?
 */
static const char *
state_of(const struct mib *m, const struct row *r)
{
	int64_t level = cell_number_or(&r->cells[SUPPLY_LEVEL], -2);
	const char *said = alerts_supply_state(m, r);

	if (said != NULL && !(level == 0 && strcmp(said, "low") == 0))
		return said;
	if (level == -100)
		return "low";
	if (level == 0 && is_waste(cell_number_or(&r->cells[SUPPLY_TYPE], 2)) &&
		cell_number_or(&r->cells[SUPPLY_CLASS], 0) != CLASS_RECEPTACLE)
		return "unknown";
	return NULL;
}

static void
level_report(const struct mib *m, const struct row *r, const char *part)
{
	const struct cell *c = r->cells;
	const char *class = platen_supply_class_name((int32_t)cell_number_or(&c[SUPPLY_CLASS], 0));
	const char *state = state_of(m, r);

	if (class != NULL)
		say_text(m, "supply.class", part, class);
	say_level(m, "supply.level", part, &c[SUPPLY_LEVEL], &c[SUPPLY_CAPACITY],
		platen_supply_unit_name((int32_t)cell_number_or(&c[SUPPLY_UNIT], 0)));
	if (state != NULL)
		say_text(m, "supply.state", part, state);
}

/* ---- the report ---- */

static void
supply_report(const struct mib *m, uint32_t i)
{
	const struct table *t = &m->tables[SUPPLIES];
	const struct row *r = &t->rows[i];
	const char *type =
		platen_supply_type_name((int32_t)cell_number_or(&r->cells[SUPPLY_TYPE], 0));
	char part[MAX_LABEL], color[MAX_LINE];
	struct described d;

	row_label(t, r, part);
	cell_text(m, &r->cells[SUPPLY_DESCRIPTION], d.text);
	describe(&d);
	say_text(m, "supply.description", part, d.text);
	say_text(m, "supply.serial", part, d.serial);
	say_text(m, "supply.part_number", part, d.number);
	if (type != NULL)
		say_text(m, "supply.type", part, type);
	if (supply_color(m, i, color))
		say_text(m, "supply.color", part, color);
	level_report(m, r, part);
}

void
supplies_report(const struct mib *m)
{
	for (uint32_t i = 0; i < m->tables[SUPPLIES].n; i++)
		supply_report(m, i);
}
