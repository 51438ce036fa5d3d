/* SPDX-License-Identifier: Apache-2.0 */
/*
 * designjet.c - the usage page of DesignJet, PageWide XL and Latex: how much
 * was printed as an area, and how much ink that took.
 *
 * Numbers, units and words are those of the printer's language.  A cell counts
 * only when its unit tells what it is, its label begins as "total" does in the
 * languages here, and no other such cell is on the page.  HP itself does not
 * guarantee these figures.  Jobs and users, which stand elsewhere, are not read.
 */
#include "ews.h"

#include <string.h>
#include <strings.h>

/* "Total", "Totale", "Gesamt": the label of what all adds up to. */
static bool
is_total(const char *label)
{
	static const char *const starts[] = { "total", "gesamt", "всего", "итого", "合計", "总" };

	for (size_t i = 0; i < COUNT(starts); i++)
		if (strncasecmp(label, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* The unit of a cell, the metric it makes, and how many places its number has at most. */
static const struct unit {
	const char *said, *metric, *unit;
	int places;
} units[] = {
	{ "m2", "meter.area.total", "square-centimeters", 4 },
	{ "m²", "meter.area.total", "square-centimeters", 4 },
	{ "ft2", "meter.area.total", "hundredths-of-square-feet", 2 },
	{ "ft²", "meter.area.total", "hundredths-of-square-feet", 2 },
	{ "sq.ft", "meter.area.total", "hundredths-of-square-feet", 2 },
	{ "ml", "meter.ink.total", "microliters", 3 },
};

static const struct unit *
unit_of(const char *said)
{
	for (size_t i = 0; i < COUNT(units); i++)
		if (strcasecmp(units[i].said, said) == 0)
			return &units[i];
	return NULL;
}

/* ---- which sign is the point? ---- */

/*
 * A number with both signs ends with the point; one sign with other than three
 * digits behind it is the point.  The first cell that tells, tells for the page.
 */
static char
point_told(const char *text)
{
	const char *last = NULL, *other = NULL;
	size_t behind;

	for (const char *p = text; strchr("0123456789.,", *p) != NULL && *p != '\0'; p++)
		if (*p == '.' || *p == ',') {
			if (last != NULL && *last != *p)
				other = last;
			last = p;
		}
	if (last == NULL)
		return 0;
	behind = strspn(last + 1, "0123456789");
	return other != NULL || (behind > 0 && behind != 3) ? *last : 0;
}

static char
point_of(const struct platen_node *page)
{
	const struct platen_node *td = platen_find(page, "//td");
	char text[MAX_LINE], point = 0;

	for (; td != NULL && point == 0; td = platen_find_next(page, "//td", td))
		if (platen_find_text(td, NULL, text, sizeof(text)) > 0)
			point = point_told(text);
	return point;
}

/* ---- the page ---- */

static bool
is_page(const struct platen_node *page)
{
	return platen_find(page, "//td") != NULL;
}

struct found {
	const struct unit *unit;
	int64_t number;
	bool several;
};

static void
take(struct found *f, const struct unit *unit, int64_t number)
{
	if (f->unit != NULL && (f->unit != unit || f->number != number))
		f->several = true;
	f->unit = unit;
	f->number = number;
}

static void
take_row(const struct platen_node *label, const struct platen_node *value, char point,
	struct found *area, struct found *ink)
{
	char text[MAX_LINE];
	const char *said;
	const struct unit *unit;
	int64_t number;

	if (platen_find_text(label, NULL, text, sizeof(text)) == 0 || !is_total(text) ||
		platen_find_text(value, NULL, text, sizeof(text)) == 0)
		return;
	/* The number has to be read twice: how many places there are, the unit says. */
	for (int places = 2; places <= 4; places++)
		if (number_scaled(text, point, places, &number, &said) &&
			(unit = unit_of(said)) != NULL && unit->places == places)
			take(strcmp(unit->unit, "microliters") == 0 ? ink : area, unit, number);
}

static void
report(struct ews *e)
{
	const struct platen_node *page = e->pages[0], *td = platen_find(page, "//td");
	struct found area = { 0 }, ink = { 0 };
	char point = point_of(page);

	for (; td != NULL && point != 0; td = platen_find_next(page, "//td", td)) {
		const struct platen_node *value = td->next;

		while (value != NULL && strcmp(value->name, "td") != 0)
			value = value->next;
		if (value != NULL)
			take_row(td, value, point, &area, &ink);
	}
	if (area.unit != NULL && !area.several)
		say_number(e, area.unit->metric, NULL, area.unit->unit, area.number);
	if (ink.unit != NULL && !ink.several)
		say_number(e, ink.unit->metric, NULL, ink.unit->unit, ink.number);
}

const struct dialect designjet = {
	.name = "DesignJet",
	.is = is_page,
	.documents = { { "/hp/device/webAccess/index.htm?content=usage", FORM_HTML, false } },
	.report = report,
};
