/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mib.h - what one visit reads of a printer, and how its parts report it.
 *
 * The answers are collected first and reported together when the last one is
 * there: alerts tell of supplies, and the character set comes after the texts.
 */
#ifndef PRINTER_MIB_H
#define PRINTER_MIB_H

#include <platen/plugin.h>
#include <platen/snmp.h>

#include <stdbool.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define MAX_LINE 512 /* bytes of a printer's text that are kept */
#define MAX_LABEL 32 /* of a part's name */

/* Single objects, all of the printer's hrDeviceIndex. */
enum scalar {
	DEVICE_STATUS,
	PRINTER_STATUS,
	ERROR_STATE,
	LOCALIZATION,
	CONSOLE_LOCALIZATION,
	SERIAL,
	FIRST_CHARSET, /* prtLocalizationCharacterSet.<device>.1, the one in use nearly always */
	NSCALARS
};

/* Tables, each asked for at once; some hold tables of the standard that share their index. */
enum table_id {
	GENERAL, /* asked where the single objects are not found */
	INTERFACES,
	SUPPLIES,
	UNITS, /* markers, colorants, covers and console lines */
	PAPER, /* input trays and output bins */
	ALERTS,
	NTABLES
};

enum general_column {
	GENERAL_LOCALIZATION,
	GENERAL_CONSOLE_LOCALIZATION,
	GENERAL_SERIAL,
	GENERAL_PRINTER_STATUS,
	GENERAL_ERROR_STATE,
	NGENERAL
};

enum interface_column { IF_TYPE, IF_ADDRESS, IF_STATUS, NINTERFACES };

enum supply_column {
	SUPPLY_COLORANT,
	SUPPLY_CLASS,
	SUPPLY_TYPE,
	SUPPLY_DESCRIPTION,
	SUPPLY_UNIT,
	SUPPLY_CAPACITY,
	SUPPLY_LEVEL,
	NSUPPLIES
};

enum unit_column {
	MARKER_UNIT,
	MARKER_LIFE,
	COLORANT_VALUE,
	COVER_NAME,
	COVER_STATUS,
	CONSOLE_LINE,
	NUNITS
};

enum paper_column {
	TRAY_UNIT,
	TRAY_CAPACITY,
	TRAY_LEVEL,
	TRAY_MEDIA,
	TRAY_NAME,
	TRAY_DESCRIPTION,
	OUTPUT_UNIT,
	OUTPUT_CAPACITY,
	OUTPUT_REMAINING,
	OUTPUT_NAME,
	NPAPER
};

enum alert_column { ALERT_SEVERITY, ALERT_GROUP, ALERT_INDEX, ALERT_CODE, ALERT_TEXT, NALERTS };

/* One value; type is PLATEN_ABSENT for a hole. */
struct cell {
	int32_t type;
	uint32_t len;
	int64_t number;
	const uint8_t *octets;
};

struct row {
	uint32_t device, index; /* hrDeviceIndex, and the row's own */
	const struct cell *cells;
};

struct table {
	uint32_t n;
	uint32_t device; /* whose rows are called by their index alone */
	struct row *rows;
};

struct mib {
	struct platen_visit *visit;
	struct platen_device device; /* a copy: the agent's is gone after visit() */
	uint32_t printer; /* hrDeviceIndex */
	uint32_t pending; /* questions not answered yet */
	bool answered; /* any of them was */
	struct cell scalars[NSCALARS];
	struct table tables[NTABLES];
	int32_t charset, console_charset; /* MIBenum, as declared */
	int32_t fallback; /* ... and for texts that are not what was declared */
};

/* A cell's number, also where it came as decimal text; false: it has none. */
bool cell_number(const struct cell *, int64_t *out);
/* ... or what stands for "not there". */
int64_t cell_number_or(const struct cell *, int64_t otherwise);
/* A cell's text as UTF-8; false, and out "", when there is none. */
bool cell_text(const struct mib *, const struct cell *, char out[static MAX_LINE]);
bool cell_console_text(const struct mib *, const struct cell *, char out[static MAX_LINE]);
/* A level or capacity: PLATEN_UNKNOWN, PLATEN_SOME, PLATEN_UNLIMITED for -2, -3, -1. */
int64_t cell_level(const struct cell *);

/* What a row of a table is called: "3", or "2.3" on a device that is not the printer's. */
void row_label(const struct table *, const struct row *, char out[static MAX_LABEL]);

/* Report; an empty text is not reported. */
void say_text(const struct mib *, const char *metric, const char *part, const char *text);
void say_number(const struct mib *, const char *metric, const char *part, int64_t number,
	const char *unit);
/* unit NULL: the standard knows none of that number. */
void say_level(const struct mib *, const char *metric, const char *part, const struct cell *level,
	const struct cell *capacity, const char *unit);

/* The parts of a report, a file each. */
void identity_report(struct mib *); /* first: it settles the fallback character set */
void status_report(const struct mib *);
void units_report(const struct mib *); /* meters, trays, bins, covers, console */
void supplies_report(const struct mib *);
void alerts_report(const struct mib *);

/* What an alert says of a supply's row: "low", "empty", "full", "missing", or NULL. */
const char *alerts_supply_state(const struct mib *, const struct row *supply);
/* What alerts say the printer is doing that is no fault: "sleep", "idle", "warmup", or NULL. */
const char *alerts_state(const struct mib *);
/* The same of a text on its own: "Sleep", "Bereit". NULL: it is no such text. */
const char *state_of_text(const char *text);

/* The colour of supply i, lower case; false: it has none, or nothing certain. */
bool supply_color(const struct mib *, uint32_t i, char out[static MAX_LINE]);

#endif
