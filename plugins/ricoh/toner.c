/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toner.c - toner levels where the Printer-MIB only says that some is left.
 *
 * Many Ricohs say -3 from 100 % down to nearly nothing, and -100 then.  A private table
 * knows better, but numbers toners alone, so that its rows are not those of the Printer-MIB,
 * where waste and drums stand between.  A row is taken where its name, its colour or its
 * being the only one says which supply it is; it is never counted off.
 */
#include "toner.h"

#include <platen/color.h>
#include <platen/snmp.h>
#include <platen/text.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MAX_SUPPLIES 32 /* rows of either table that are looked at */
#define MAX_NAME 128

#define SUPPLIES(column) PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, column)
#define TONERS(column) PLATEN_OID(1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 24, 1, 1, column)

/* A column of the tables, in the order they are asked for. */
enum { NAME, KIND, LEVEL, COLUMNS };

static const struct platen_oid supplies[] = { SUPPLIES(6), SUPPLIES(5), SUPPLIES(9) };
static const struct platen_oid toners[] = { TONERS(2), TONERS(4), TONERS(5) };

/* PrtMarkerSuppliesTypeTC */
enum { TYPE_TONER = 3, TYPE_TONER_CARTRIDGE = 21 };

struct supply {
	char name[MAX_NAME];
	int64_t kind; /* a supply's type; a toner's colour, by number */
	int64_t level;
	uint32_t index; /* last sub-identifier */
};

struct list {
	struct supply rows[MAX_SUPPLIES];
	uint32_t n;
};

struct levels {
	struct list standard, own;
	uint32_t pending;
};

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* ---- which supply is it? ---- */

static const char *
color_numbered(int64_t number)
{
	static const struct {
		int64_t number;
		const char *color;
	} colors[] = { { 3, "black" }, { 4, "red" }, { 10, "cyan" }, { 11, "magenta" },
		{ 12, "yellow" }, { 13, "black" } };

	for (size_t i = 0; i < COUNT(colors); i++)
		if (colors[i].number == number)
			return colors[i].color;
	return NULL;
}

static bool
is_toner(const struct supply *s)
{
	return s->kind == TYPE_TONER || s->kind == TYPE_TONER_CARTRIDGE;
}

static bool
fits_name(const struct supply *s, const struct supply *toner)
{
	return toner->name[0] != '\0' && strcasecmp(s->name, toner->name) == 0;
}

static bool
fits_color(const struct supply *s, const struct supply *toner)
{
	const char *color = color_numbered(toner->kind);
	char named[32];

	return color != NULL && platen_color_read(s->name, named, sizeof(named)) &&
		strcmp(named, color) == 0;
}

static bool
fits_any(const struct supply *s, const struct supply *toner)
{
	(void)s, (void)toner;
	return true;
}

typedef bool fits_fn(const struct supply *, const struct supply *toner);

/* The one toner of list that fits; NULL: none, or several. */
static const struct supply *
only_one(const struct list *list, const struct supply *toner, fits_fn *fits)
{
	const struct supply *one = NULL;

	for (uint32_t i = 0; i < list->n; i++) {
		if (!is_toner(&list->rows[i]) || !fits(&list->rows[i], toner))
			continue;
		if (one != NULL)
			return NULL;
		one = &list->rows[i];
	}
	return one;
}

/* One of them: two rows with the same name or colour are nobody's. */
static bool
is_alone(const struct list *own, const struct supply *toner, fits_fn *fits)
{
	for (uint32_t i = 0; i < own->n; i++)
		if (&own->rows[i] != toner &&
			(fits == fits_name ? fits_name(&own->rows[i], toner)
					   : own->rows[i].kind == toner->kind))
			return false;
	return true;
}

static const struct supply *
supply_of(const struct levels *l, const struct supply *toner)
{
	const struct supply *found = NULL;

	if (is_alone(&l->own, toner, fits_name))
		found = only_one(&l->standard, toner, fits_name);
	if (found == NULL && is_alone(&l->own, toner, fits_color))
		found = only_one(&l->standard, toner, fits_color);
	if (found == NULL && l->own.n == 1)
		found = only_one(&l->standard, toner, fits_any);
	return found;
}

/* ---- the report ---- */

#define NEARLY_EMPTY (-100)

/* What is unknown here, too, is no news. */
static void
report_one(struct platen_visit *visit, const struct supply *s, const struct supply *toner)
{
	char part[16], from[64];
	int64_t level = toner->level;
	struct platen_reading reading = { .size = sizeof(reading),
		.metric = "supply.level",
		.part = part,
		.unit = "percent",
		.number = level,
		.full = 100,
		.from = from };

	snprintf(part, sizeof(part), "%u", s->index);
	snprintf(from, sizeof(from), "1.3.6.1.4.1.367.3.2.1.2.24.1.1.5.%u", toner->index);
	if (level == NEARLY_EMPTY)
		reading = (struct platen_reading){ .size = sizeof(reading),
			.metric = "supply.state",
			.part = part,
			.number = PLATEN_NONE,
			.full = PLATEN_NONE,
			.text = "low",
			.from = from };
	else if (level < 0 || level > 100)
		return;
	host->emit(visit, &reading);
}

/* Only where the standard knows no level: else it has the same one. */
static void
report(struct platen_visit *visit, const struct levels *l)
{
	for (uint32_t i = 0; i < l->own.n; i++) {
		const struct supply *s = supply_of(l, &l->own.rows[i]);

		if (s != NULL && s->level < 0)
			report_one(visit, s, &l->own.rows[i]);
	}
}

/* ---- the answers ---- */

static int64_t
number(const struct platen_bind *b)
{
	return b->type == PLATEN_INTEGER || b->type == PLATEN_UNSIGNED ? b->number : -2;
}

static void
take_rows(struct list *list, const struct platen_snmp_reply *reply)
{
	for (uint32_t at = 0; at + COLUMNS <= reply->n && list->n < MAX_SUPPLIES; at += COLUMNS) {
		const struct platen_bind *const *row = reply->binds + at;
		struct supply *s = &list->rows[list->n++];

		if (row[NAME]->type == PLATEN_OCTETS)
			platen_text(s->name, sizeof(s->name), row[NAME]->octets, row[NAME]->len,
				PLATEN_CHARSET_UNKNOWN, PLATEN_CHARSET_LATIN1);
		s->kind = number(row[KIND]);
		s->level = number(row[LEVEL]);
		s->index = row[LEVEL]->oid.sub[row[LEVEL]->oid.n - 1];
	}
}

static void
answered(struct platen_visit *visit, struct levels *l)
{
	if (--l->pending == 0)
		report(visit, l);
}

static void
take_standard(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct levels *l = arg;

	take_rows(&l->standard, reply);
	answered(visit, l);
}

static void
take_own(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct levels *l = arg;

	take_rows(&l->own, reply);
	answered(visit, l);
}

void
toner_ask(struct platen_visit *visit)
{
	struct levels *l = host->alloc(visit, sizeof(*l));

	if (l == NULL)
		return;
	l->pending += snmp->table(visit, supplies, COLUMNS, take_standard, l) == PLATEN_OK;
	l->pending += snmp->table(visit, toners, COLUMNS, take_own, l) == PLATEN_OK;
}

int32_t
toner_start(const struct platen_host *h)
{
	host = h;
	snmp = h->service(h, PLATEN_SNMP);
	return snmp != NULL ? PLATEN_OK : PLATEN_EINVAL;
}
