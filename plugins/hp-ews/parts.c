/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parts.c - the number a supply has in the Printer-MIB, so that what both tell
 * of it becomes one supply of the record.
 *
 * The web server numbers supplies its own way (stations, slots), so they are
 * matched by colour and kind, and only where exactly one row fits.  Where the
 * Printer-MIB has no such supply, it is reported under its label.
 */
#include "ews.h"

#include <platen/names.h>
#include <platen/text.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* prtMarkerSuppliesEntry and prtMarkerColorantEntry (RFC 3805). */
#define SUPPLY(column) PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, column)
#define COLORANT(column) PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 12, 1, 1, column)
#define COLUMN_LENGTH 11

enum { COLORANT_INDEX, TYPE, DESCRIPTION, NCOLUMNS };

static const struct platen_oid supply_columns[NCOLUMNS] = {
	[COLORANT_INDEX] = SUPPLY(3),
	[TYPE] = SUPPLY(5),
	[DESCRIPTION] = SUPPLY(6),
};
static const struct platen_oid colorant_columns[] = { COLORANT(4) };

/* hrDeviceIndex and the row's own; false: the row is not indexed so. */
static bool
index_of(const struct platen_bind *b, uint32_t *device, uint32_t *index)
{
	if (b->oid.n != COLUMN_LENGTH + 2)
		return false;
	*device = b->oid.sub[COLUMN_LENGTH];
	*index = b->oid.sub[COLUMN_LENGTH + 1];
	return true;
}

/* The colour that a text names, "" : none or several. */
static const char *
color_named(const struct platen_bind *b)
{
	static const char *const colors[] = { "black", "cyan", "magenta", "yellow" };
	const char *found = "";
	char text[MAX_LINE];

	if (b->type != PLATEN_OCTETS)
		return "";
	platen_text(text, sizeof(text), b->octets, b->len, PLATEN_CHARSET_UNKNOWN,
		PLATEN_CHARSET_ROMAN8);
	for (size_t i = 0; i < COUNT(colors); i++)
		if (strcasestr(text, colors[i]) != NULL) {
			if (found[0] != '\0')
				return "";
			found = colors[i];
		}
	return found;
}

static void
on_supplies(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct ews *e = arg;

	(void)v;
	for (uint32_t i = 0; i + NCOLUMNS <= r->n && e->nsupplies < MAX_SUPPLIES; i += NCOLUMNS) {
		struct mib_supply *s = &e->supplies[e->nsupplies];
		const struct platen_bind *const *row = &r->binds[i];

		if (!index_of(row[0], &s->device, &s->index))
			continue;
		s->colorant = row[COLORANT_INDEX]->type == PLATEN_INTEGER
			? row[COLORANT_INDEX]->number
			: 0;
		s->type = row[TYPE]->type == PLATEN_INTEGER ? row[TYPE]->number : 0;
		s->color = color_named(row[DESCRIPTION]);
		e->nsupplies++;
	}
	ews_answered(e);
}

static void
on_colorants(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	struct ews *e = arg;

	(void)v;
	for (uint32_t i = 0; i < r->n && e->ncolorants < MAX_SUPPLIES; i++) {
		uint32_t device, index;

		if (!index_of(r->binds[i], &device, &index))
			continue;
		e->colorants[e->ncolorants].device = device;
		e->colorants[e->ncolorants].index = index;
		e->colorants[e->ncolorants++].color = color_named(r->binds[i]);
	}
	ews_answered(e);
}

void
parts_ask(struct ews *e)
{
	if (snmp->table(e->visit, supply_columns, NCOLUMNS, on_supplies, e) == PLATEN_OK)
		e->pending++;
	if (snmp->table(e->visit, colorant_columns, 1, on_colorants, e) == PLATEN_OK)
		e->pending++;
}

/* ---- which row is it? ---- */

/* What a supply is for: a cartridge is as good as the toner in it. */
static const char *
purpose(const char *type)
{
	static const struct word purposes[] = {
		{ "toner", "marking" },
		{ "toner-cartridge", "marking" },
		{ "ink", "marking" },
		{ "ink-cartridge", "marking" },
		{ "opc", "drum" },
	};

	return word_means(purposes, COUNT(purposes), type, type);
}

/* The colorant table tells it, else the description. */
static const char *
color_of(const struct ews *e, const struct mib_supply *s)
{
	for (uint32_t i = 0; i < e->ncolorants && s->colorant > 0; i++)
		if (e->colorants[i].device == s->device &&
			e->colorants[i].index == (uint64_t)s->colorant &&
			e->colorants[i].color[0] != '\0')
			return e->colorants[i].color;
	return s->color;
}

/* Toners need a colour to be told apart; a drum without one is the only drum there is. */
static bool
fits(const struct ews *e, const struct mib_supply *row, const struct supply *s)
{
	const char *type = platen_supply_type_name((int32_t)row->type), *color = color_of(e, row);

	if (type == NULL || strcmp(purpose(type), purpose(s->type)) != 0)
		return false;
	if (strcmp(purpose(type), "marking") != 0 && (color[0] == '\0' || s->color[0] == '\0'))
		return true;
	return strcmp(color, s->color) == 0;
}

/* The rows that fit; *row is the last of them. */
static uint32_t
count_fitting(struct ews *e, const struct supply *s, struct mib_supply **row)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < e->nsupplies; i++)
		if (fits(e, &e->supplies[i], s)) {
			*row = &e->supplies[i];
			n++;
		}
	return n;
}

static void
say_level(struct ews *e, const char *part, int64_t percent)
{
	const struct platen_reading r = {
		.size = sizeof(r),
		.metric = "supply.level",
		.part = part,
		.unit = "percent",
		.number = percent,
		.full = 100,
	};

	if (percent != PLATEN_NONE)
		host->emit(e->visit, &r);
}

void
parts_report(struct ews *e, const struct supply *s)
{
	struct mib_supply *row = NULL;
	uint32_t fitting = count_fitting(e, s, &row);
	char part[32];

	if (fitting > 1 || (row != NULL && row->taken))
		return; /* which of them it is, nobody can tell */
	if (row != NULL) {
		row->taken = true;
		snprintf(part, sizeof(part), "%u", row->index);
	} else {
		snprintf(part, sizeof(part), "%s", s->label);
		say_text(e, "supply.type", part, s->type);
		say_text(e, "supply.class", part, "consumed");
		say_text(e, "supply.color", part, s->color);
		say_text(e, "supply.description", part, s->description);
	}
	say_level(e, part, s->percent);
	say_text(e, "supply.state", part, s->state);
	say_text(e, "supply.serial", part, s->serial);
	say_text(e, "supply.part_number", part, s->part_number);
	say_text(e, "supply.installed", part, s->installed);
	say_number(e, "supply.pages_left", part, "impressions", s->pages_left);
}
