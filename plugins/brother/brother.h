/* SPDX-License-Identifier: Apache-2.0 */
/* brother.h - Brother's binary records, and which supply of the Printer-MIB one is about. */
#ifndef BROTHER_H
#define BROTHER_H

#include <platen/snmp.h>

#include <stdbool.h>

/* ---- records.c: one binary string is many numbers ---- */

#define MAX_FIELDS 96 /* printers have been seen with 31 */

/* id 01 length value...: what a number is about, and the number. */
struct field {
	uint8_t id;
	bool fraction; /* number out of full, in steps of the printer's own */
	bool doubtful; /* told twice, differently */
	int64_t number, full;
};

struct record {
	uint32_t n;
	struct field fields[MAX_FIELDS];
};

/* False, and no field: some of it is no record, so none of it is trusted. */
bool record_read(const uint8_t *octets, uint32_t len, struct record *);
/* The number of this id, or -1. */
int64_t record_number(const struct record *, uint8_t id);
/* The percentage of this id, from hundredths or from a fraction, or -1. */
int64_t record_percent(const struct record *, uint8_t id);

/* ---- supplies.c: the rows of prtMarkerSuppliesTable ---- */

#define MAX_SUPPLIES 32
#define MAX_COLOR 32 /* bytes of a colour's name */

enum supply_kind { KIND_OTHER, KIND_COLORANT, KIND_DRUM, KIND_BELT, KIND_FUSER };

/* One row, as far as it says which supply it is. */
struct supply {
	uint32_t device, index, colorant;
	enum supply_kind kind;
	char color[MAX_COLOR]; /* "" : none that is known */
	int64_t level, full; /* as they stand; -2: unknown */
	bool told; /* its state or percentage was in a record */
};

struct supplies {
	uint32_t n, ncolors;
	struct supply rows[MAX_SUPPLIES];
	struct {
		uint32_t index;
		char color[MAX_COLOR];
	} colors[MAX_SUPPLIES]; /* prtMarkerColorantTable */
};

/* Columns of prtMarkerSuppliesTable, in the order in which they are asked for. */
enum { COLUMN_COLORANT, COLUMN_TYPE, COLUMN_DESCRIPTION, COLUMN_FULL, COLUMN_LEVEL, COLUMNS };

void supplies_row(struct supplies *, const struct platen_bind *const *columns);
void supplies_color(struct supplies *, const struct platen_bind *);
/* Give the rows their colours: when all of both tables is there. */
void supplies_settle(struct supplies *);
/* The one row of this kind and colour ("" : whatever it is); NULL: none, or several. */
struct supply *supplies_find(struct supplies *, enum supply_kind, const char *color);

#endif
