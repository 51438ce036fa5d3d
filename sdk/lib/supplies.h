/* SPDX-License-Identifier: Apache-2.0 */
/* supplies.h - which supply a maker's row speaks of, for table.c alone. */
#ifndef PLATEN_SUPPLIES_H
#define PLATEN_SUPPLIES_H

#include <platen/table.h>

#include <stdbool.h>

/* More supplies than any printer has. */
#define PLATEN_MAX_SUPPLIES 64

/* The Printer-MIB's supplies, row by row in order of the index. */
struct platen_supplies {
	uint32_t n;
	bool many; /* of several devices, or more than the limit: no number says which */
	uint32_t device;
	struct {
		uint32_t index;
		int64_t type; /* prtMarkerSuppliesType; 0: not told */
		const char *text;
	} row[PLATEN_MAX_SUPPLIES];
};

/* prtMarkerSuppliesType and ...Description; the index is hrDeviceIndex and the supply's. */
extern const struct platen_oid platen_supplies_columns[2];

/* One more row; text is kept. */
void platen_supplies_add(struct platen_supplies *, const struct platen_oid *row, int64_t type,
	const char *text);

/* The number of the one supply that is described so; 0: none is, or several are. */
uint32_t platen_supplies_described(const struct platen_supplies *, const char *text);
/* The number of the supply at this place, 1 for the first; 0: there is none. */
uint32_t platen_supplies_placed(const struct platen_supplies *, uint32_t place);
/* The number of the only one that is toner, 1 when there are no supplies; 0: there are several. */
uint32_t platen_supplies_toner(const struct platen_supplies *);

#endif
