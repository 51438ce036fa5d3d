/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/table.h - a scraper as one table: which object is which metric.
 *
 * The commonest plugin is a list of a maker's private objects.  It writes the
 * list, its reach and match(), and gives the rest to this file:
 *
 *	static const struct platen_row rows[] = {
 *		{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 1, 0), "meter.total", .unit = "items" },
 *		{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 2, 0), .metric = "device.serial" },
 *		{ 0 },
 *	};
 *	static const struct platen_table table = { .rows = rows };
 *
 *	PLATEN_TABLE_PLUGIN("acme", "1.0", "counters of Acme", reach, NULL);
 *
 * Single objects go into one question, columns of one table are walked side by
 * side, and all is reported when the last answer is there.  In libplaten-sdk.a,
 * linked into the plugin; nothing here crosses the ABI.  The structs are the
 * plugin's, constant, and must live as long as it is loaded.
 *
 * A text or number may have its symbol set in two octets before it, as HP's have.
 *
 * A wrong number is worse than none.  So nothing is reported of
 *   - an object that is not there, or is of a kind the row does not read;
 *   - a number that is negative, or 4294967168 and more in 32 bits (which is
 *     how printers say -1 ... -128 in an unsigned one), or too large to be told;
 *   - a level above what it is out of (a level in percent is out of 100);
 *   - a serial number or a model that is a maker's filling ("000000000", "N/A");
 *   - a metric that two rows of one column or label tell differently;
 *   - metrics that should add up and do not (platen_sum).
 *
 * A metric that begins with '.' is a name of the table's own: it is read for the
 * sums and never reported.
 */
#ifndef PLATEN_TABLE_H
#define PLATEN_TABLE_H

#include <platen/plugin.h>
#include <platen/snmp.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_MAX_TABLE 1000 /* rows of a table, and words of a list */

/*
 * The option by which the site chooses whose total is billed, for the plugin's
 * options: PLATEN_YIELD("meter.total") is the maker's default.
 */
#define PLATEN_YIELD(metrics)                                                                      \
	{                                                                                          \
		"yield", metrics, "meters of which the standard's value is the record's"           \
	}

/* Where a row's value is: platen_row.where.  0 ends the rows. */
enum {
	PLATEN_ONE = 1, /* oid is one object, instance included */
	PLATEN_EACH, /* oid is a column: a reading for each of its rows */
	PLATEN_LABELLED, /* oid is a column: in each row a label says which metric it is */
	PLATEN_NAMED, /* oid is one object, and another one, name, is its label */
	/*
	 * oid is a column of the maker's own table of supplies: a reading for each of
	 * its rows, of that supply of the Printer-MIB whose description is the same as
	 * the text in the column name.  name.n = 0: whose place in the Printer-MIB's
	 * table is the first number of the row's index, of a maker that counts no more
	 * supplies than the Printer-MIB has.  Needs the reach
	 * "oid 1.3.6.1.2.1.43.11.1.1.5" and "oid 1.3.6.1.2.1.43.11.1.1.6".
	 */
	PLATEN_SUPPLY
};

/*
 * As part of a PLATEN_ONE: the only toner of the Printer-MIB's supplies, "1" when it has no
 * supplies; nothing is reported when it has several.  The same reach as PLATEN_SUPPLY.
 */
#define PLATEN_ONLY_TONER "\003"

/* How a row's value is read: platen_row.how. */
enum {
	/*
	 * An integer of any type, or text of decimal digits and nothing else; of a row with
	 * times also with digits behind a point, "123.4".
	 */
	PLATEN_AS_NUMBER,
	PLATEN_AS_LEVEL, /* the same; -1 is PLATEN_UNLIMITED, -2 UNKNOWN, -3 SOME, else UNKNOWN */
	PLATEN_AS_TEXT, /* octets as UTF-8 (platen/text.h), or an integer's digits */
	PLATEN_AS_WORD, /* what the row's words make of it: 3 or "Ready" is "idle" */
	PLATEN_AS_MAC, /* six octets, not all 0, as "00:11:22:aa:bb:cc" */
	PLATEN_AS_DATE /* DateAndTime (RFC 2579), or text that begins with a year: "2024-05-31" */
};

/*
 * A word a printer says, and what that means.  Upper and lower case (ASCII) and
 * blanks around it make no difference; a number is its decimal digits.  A '*' is
 * any text, or none: "black*", "*impressions*", "*".  Of a list the first that
 * fits counts.  A list ends with a NULL word.
 */
struct platen_word {
	const char *word;
	const char *means; /* a label: the metric; PLATEN_AS_WORD: the text; parts: the part */
	const char *unit; /* a label: instead of the row's; NULL: the row's */
};

/* One object or column.  Fields that are not named are 0 and NULL. */
struct platen_row {
	int32_t where;
	int32_t how;
	struct platen_oid oid;
	const char *metric; /* of sdk/METRICS; a label has it in words */
	const char *unit; /* what the maker counts in; NULL: the metric has none */
	/*
	 * Which supply, tray, ...: fixed.  NULL: the printer itself, and with
	 * PLATEN_EACH the row's index ("3", "1.3"; without what oid has of it).
	 */
	const char *part;
	/* PLATEN_AS_LEVEL: the object (PLATEN_ONE) or column with the capacity; n = 0: none. */
	struct platen_oid full;
	/*
	 * A column of the same table.  PLATEN_EACH: its text is the part (only
	 * letters, digits and ._/- of it); n = 0: the index is.  PLATEN_LABELLED:
	 * the label; n = 0: the index is the label, "1.20.34".  PLATEN_NAMED: the
	 * object with the label.  Prefer a label: row numbers are the largest
	 * source of wrong counters there is.
	 */
	struct platen_oid name;
	/*
	 * A further column, or an object beside a single one; n = 0: none.  A label is
	 * then both, "NAME/MORE", or "NAME/" where this is not there.  Without a label
	 * it says what is counted in: the row's words have the unit, and what they do
	 * not have is not reported.
	 */
	struct platen_oid more;
	const struct platen_word *words; /* of the label, of more; PLATEN_AS_WORD */
	/* The object counts in tens, thousands..., or the unit is tenths of what it counts in. */
	int64_t times; /* 0: it is told as it is */
	/*
	 * PLATEN_LABELLED, 1: the table is all pieces; those of one metric are added up.  A hole, a
	 * piece that cannot be read, or a walk that broke off, leaves the metric unreported.
	 */
	int32_t pieces;
	int32_t sure; /* 1: no sum or check puts it in doubt; it still counts in them */
	/*
	 * PLATEN_EACH: which part a row is by its name (by name column or index); a
	 * row whose name is none of these is left out.  NULL: the name is the part.
	 */
	const struct platen_word *parts;
	/*
	 * The value is a piece of a longer text: what stands behind the first before
	 * (NULL: from the beginning), up to the next after (NULL: to the end), as in
	 * "V1.2; S/N X12345;" with ";S/N " and ";".  Text without these is not read.
	 */
	const char *before, *after;
	/*
	 * 1: a device.model or device.firmware that is asked for only where the objects that
	 * all printers have do not tell it, when the table is visited with its device.
	 */
	int32_t spare;
};

/*
 * For numbers that are not to be trusted alone, of the printer as a whole: these
 * metrics are reported only when all were read and the parts add up to total.
 */
struct platen_sum {
	const char *total; /* NULL: the end of the sums */
	const char *parts[6]; /* as many as there are, the rest NULL */
};

/*
 * A meter that the printer tells in pieces only, of the printer as a whole: the
 * sum of those pieces that were read, where no row read the meter itself.  It is
 * reported only when a sum or check that has it holds: pieces that nobody checks
 * may be some of many.
 */
struct platen_add {
	const char *metric; /* NULL: the end */
	const char *pieces[6]; /* as many as there are, the rest NULL; of one unit */
};

/*
 * A scraper.  Where several rows tell the same (metric, part), the first row
 * that has an answer counts, and in a row the first word of the list.
 */
struct platen_table {
	const struct platen_row *rows; /* ends with where = 0 */
	const struct platen_sum *sums; /* NULL: none */
	/*
	 * Sums whose total is beyond doubt and is reported in any case: only the parts
	 * depend on them, and a part that was not read counts as 0.  Of checks that
	 * follow each other with the same parts one that holds is enough.  NULL: none.
	 */
	const struct platen_sum *checks;
	const struct platen_add *adds; /* NULL: none */
	int32_t charset; /* of texts that are not UTF-8, see platen/text.h; 0: Latin-1 */
};

/*
 * Take the host, and platen.snmp/1 of it, which must be in needs.  Callable as
 * the plugin's start() or from it.  PLATEN_EINVAL: this agent has no such service.
 */
int32_t platen_table_start(const struct platen_host *);

/*
 * Ask for all of the table; reports when the last answer is there.  Callable in
 * scraper.visit() and in answers, after platen_table_start.  PLATEN_OK, or why
 * nothing at all could be asked (PLATEN_EREACH: the log says which object,
 * PLATEN_EBUDGET, PLATEN_EINVAL: no rows or too many).
 */
int32_t platen_table_visit(struct platen_visit *, const struct platen_table *);

/* The same; rows that are spare are left out where the device tells what they read. */
int32_t platen_table_visit_device(struct platen_visit *, const struct platen_device *,
	const struct platen_table *);

#ifndef __cplusplus
/*
 * The rest of a plugin that is one table: what every such plugin says alike.  It
 * stands at the end of the file, after the table (table) and match().  options is
 * NULL when there are none.
 */
#define PLATEN_TABLE_PLUGIN(name_, version_, summary_, reach_, options_)                           \
	static int32_t platen_table_plugin_visit(struct platen_visit *v,                           \
		const struct platen_device *device)                                                \
	{                                                                                          \
		return platen_table_visit_device(v, device, &table);                               \
	}                                                                                          \
	static const struct platen_scraper platen_table_plugin_scraper = {                         \
		.size = sizeof(struct platen_scraper),                                             \
		.match = match,                                                                    \
		.visit = platen_table_plugin_visit,                                                \
	};                                                                                         \
	static const char *const platen_table_plugin_needs[] = { PLATEN_SNMP, NULL };              \
	static const struct platen_plugin platen_table_plugin = {                                  \
		.size = sizeof(struct platen_plugin),                                              \
		.abi_minor = PLATEN_ABI_MINOR,                                                     \
		.name = name_,                                                                     \
		.version = version_,                                                               \
		.summary = summary_,                                                               \
		.needs = platen_table_plugin_needs,                                                \
		.reach = reach_,                                                                   \
		.options = options_,                                                               \
		.scraper = &platen_table_plugin_scraper,                                           \
		.start = platen_table_start,                                                       \
	};                                                                                         \
	PLATEN_EXPORT const struct platen_plugin *platen_plugin_v1(void)                           \
	{                                                                                          \
		return &platen_table_plugin;                                                       \
	}                                                                                          \
	const struct platen_plugin *platen_plugin_v1(void)
#endif

#ifdef __cplusplus
}
#endif
#endif
