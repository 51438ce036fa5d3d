/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supplies.c - which row of the Printer-MIB's supplies a number of Brother's is
 * about: by type, colour and description, never by the row's number.
 */
#include "brother.h"

#include <platen/color.h>
#include <platen/text.h>

#include <stdio.h>
#include <string.h>
#include <strings.h>

static int64_t
number(const struct platen_bind *b)
{
	return b->type == PLATEN_INTEGER ? b->number : -2;
}

/* PrtMarkerSuppliesTypeTC */
static enum supply_kind
kind_of(int64_t type, const struct platen_bind *description)
{
	static const struct {
		const char *word;
		enum supply_kind kind;
	} words[] = { { "waste", KIND_OTHER }, { "drum", KIND_DRUM }, { "belt", KIND_BELT },
		{ "fus", KIND_FUSER }, { "toner", KIND_COLORANT }, { "ink", KIND_COLORANT } };
	const char *text = (const char *)description->octets;

	for (size_t i = 0; description->type == PLATEN_OCTETS && i < sizeof(words) / sizeof(*words);
		i++)
		if (strcasestr(text, words[i].word) != NULL)
			return words[i].kind;
	switch (type) {
	case 3: /* toner */
	case 5: /* ink */
	case 6: /* inkCartridge */
	case 21: /* tonerCartridge */
		return KIND_COLORANT;
	case 9: /* opc */
		return KIND_DRUM;
	case 15: /* fuser */
		return KIND_FUSER;
	case 20: /* transferUnit */
		return KIND_BELT;
	default:
		return KIND_OTHER;
	}
}

static void
color_read(const struct platen_bind *b, char out[static MAX_COLOR])
{
	char text[128];

	out[0] = '\0';
	if (b->type == PLATEN_OCTETS &&
		platen_text(text, sizeof(text), b->octets, b->len, PLATEN_CHARSET_UNKNOWN,
			PLATEN_CHARSET_ROMAN8) > 0 &&
		!platen_color_read(text, out, MAX_COLOR))
		out[0] = '\0';
}

void
supplies_row(struct supplies *s, const struct platen_bind *const *columns)
{
	const struct platen_oid *oid = &columns[COLUMN_TYPE]->oid;
	struct supply *row = &s->rows[s->n];
	int64_t colorant = number(columns[COLUMN_COLORANT]);

	if (s->n == MAX_SUPPLIES || oid->n < 2)
		return;
	s->n++;
	row->device = oid->sub[oid->n - 2];
	row->index = oid->sub[oid->n - 1];
	row->colorant = colorant > 0 ? (uint32_t)colorant : 0;
	row->kind = kind_of(number(columns[COLUMN_TYPE]), columns[COLUMN_DESCRIPTION]);
	row->level = number(columns[COLUMN_LEVEL]);
	row->full = number(columns[COLUMN_FULL]);
	color_read(columns[COLUMN_DESCRIPTION], row->color);
}

void
supplies_color(struct supplies *s, const struct platen_bind *b)
{
	if (s->ncolors == MAX_SUPPLIES || b->oid.n < 1)
		return;
	s->colors[s->ncolors].index = b->oid.sub[b->oid.n - 1];
	color_read(b, s->colors[s->ncolors++].color);
}

/* A description is in the language of the display, a colorant's value is not. */
void
supplies_settle(struct supplies *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		for (uint32_t k = 0; k < s->ncolors; k++)
			if (s->rows[i].colorant == s->colors[k].index && s->colors[k].color[0])
				memcpy(s->rows[i].color, s->colors[k].color,
					sizeof(s->rows[i].color));
}

struct supply *
supplies_find(struct supplies *s, enum supply_kind kind, const char *color)
{
	struct supply *found = NULL;

	for (uint32_t i = 0; i < s->n; i++) {
		if (s->rows[i].kind != kind ||
			(color[0] != '\0' && strcmp(s->rows[i].color, color) != 0))
			continue;
		if (found != NULL)
			return NULL;
		found = &s->rows[i];
	}
	return found;
}
