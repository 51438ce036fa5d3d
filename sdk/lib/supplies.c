/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supplies.c - a maker's own table of supplies beside the Printer-MIB's; see supplies.h.
 *
 * Makers number them in their own way.  What joins both is the description, or the order
 * where the maker says so; where that is not unique, nothing is joined.
 */
#include "supplies.h"

#include <string.h>

const struct platen_oid platen_supplies_columns[2] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6),
};

/* PrtMarkerSuppliesTypeTC */
#define TONER 3
#define TONER_CARTRIDGE 21

void
platen_supplies_add(struct platen_supplies *s, const struct platen_oid *row, int64_t type,
	const char *text)
{
	uint32_t column = platen_supplies_columns[0].n;

	if (row->n != column + 2 || s->n == PLATEN_MAX_SUPPLIES ||
		(s->n > 0 && s->device != row->sub[column])) {
		s->many = true;
		return;
	}
	s->device = row->sub[column];
	s->row[s->n].index = row->sub[column + 1];
	s->row[s->n].type = type;
	s->row[s->n++].text = text;
}

uint32_t
platen_supplies_described(const struct platen_supplies *s, const char *text)
{
	uint32_t index = 0;

	if (s->many || text[0] == '\0')
		return 0;
	for (uint32_t i = 0; i < s->n; i++) {
		if (strcmp(s->row[i].text, text) != 0)
			continue;
		if (index != 0)
			return 0;
		index = s->row[i].index;
	}
	return index;
}

uint32_t
platen_supplies_placed(const struct platen_supplies *s, uint32_t place)
{
	return !s->many && place >= 1 && place <= s->n ? s->row[place - 1].index : 0;
}

uint32_t
platen_supplies_toner(const struct platen_supplies *s)
{
	uint32_t index = 0;

	if (s->many)
		return 0;
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->row[i].type != TONER && s->row[i].type != TONER_CARTRIDGE)
			continue;
		if (index != 0)
			return 0;
		index = s->row[i].index;
	}
	return s->n > 0 ? index : 1;
}
