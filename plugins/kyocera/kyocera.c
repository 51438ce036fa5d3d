/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kyocera.c - the private counters of Kyocera's engines: Kyocera, Copystar, UTAX,
 * Triumph-Adler and Olivetti.
 *
 * Tables alone.  Deliberately not read: supply levels and alerts, which the
 * Printer-MIB tells as well, department accounts, job lists and the host name.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define KYOCERA(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 1347, __VA_ARGS__)

/* kcprt: the printer, on all models.  Everything is of device 1. */
#define GENERAL(column) KYOCERA(43, 5, 1, 1, column, 1)

/* kmMFP: what each function counted.  Functions 1 print, 2 copy, 4 fax. */
#define FUNCTION(f) KYOCERA(42, 3, 1, 1, 1, 1, f)
#define FUNCTION_COLOR(f, color) KYOCERA(42, 3, 1, 2, 1, 1, f, color)
enum { MONO = 1, SINGLE_COLOR, FULL_COLOR };

/* Sheets by size: which row is which size differs from model to model, the label says it. */
#define SIZES(column) KYOCERA(42, 2, 1, 1, 1, column, 1)

/* Dimensions of the sizes stand in the same table: B4 and B5 are the Japanese ones. */
static const struct platen_word sizes[] = {
	{ "A3", "meter.size.iso_a3_297x420mm", NULL },
	{ "B4", "meter.size.jis_b4_257x364mm", NULL },
	{ "A4", "meter.size.iso_a4_210x297mm", NULL },
	{ "B5", "meter.size.jis_b5_182x257mm", NULL },
	{ "A5", "meter.size.iso_a5_148x210mm", NULL },
	{ "A6", "meter.size.iso_a6_105x148mm", NULL },
	{ "Folio", "meter.size.om_folio_210x330mm", NULL },
	{ "Ledger", "meter.size.na_ledger_11x17in", NULL },
	{ "Legal", "meter.size.na_legal_8.5x14in", NULL },
	{ "Letter", "meter.size.na_letter_8.5x11in", NULL },
	{ "Statement", "meter.size.na_invoice_5.5x8.5in", NULL },
	{ NULL, NULL, NULL },
};

#define COUNTER(object, name)                                                                      \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER, object, .metric = name, .unit = "impressions"        \
	}
#define SCANS(object, name)                                                                        \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER, object, .metric = name, .unit = "images"             \
	}
#define TEXT(object, name)                                                                         \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_TEXT, object, .metric = name                                 \
	}

static const struct platen_row rows[] = {
	TEXT(GENERAL(1), "device.model"),
	TEXT(KYOCERA(42, 5, 1, 1, 1, 1), "device.model"),
	/* The standard's serial number where there is one. */
	TEXT(PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1), "device.serial"),
	TEXT(GENERAL(28), "device.serial"),
	TEXT(GENERAL(29), "device.asset"),
	TEXT(GENERAL(37), "device.asset"),
	TEXT(KYOCERA(43, 5, 4, 1, 5, 1, 1), "device.firmware"),
	/* What Kyocera bills; the engine's life count is larger by misfeeds and service prints. */
	COUNTER(KYOCERA(43, 10, 1, 1, 12, 1, 1), "meter.total"),
	/* Printers without a scanner tell these, MFPs tell them by function. */
	COUNTER(KYOCERA(42, 2, 2, 1, 1, 3, 1, MONO), "meter.mono"),
	COUNTER(KYOCERA(42, 2, 2, 1, 1, 3, 1, SINGLE_COLOR), "meter.single-color"),
	COUNTER(KYOCERA(42, 2, 2, 1, 1, 3, 1, FULL_COLOR), "meter.color"),
	COUNTER(KYOCERA(42, 2, 5, 1, 1, 1, 1), ".simplex"),
	COUNTER(KYOCERA(42, 2, 5, 1, 1, 2, 1), "meter.duplex"),
	COUNTER(FUNCTION(1), "meter.print.total"),
	COUNTER(FUNCTION_COLOR(1, MONO), "meter.print.mono"),
	COUNTER(FUNCTION_COLOR(1, SINGLE_COLOR), "meter.print.single-color"),
	COUNTER(FUNCTION_COLOR(1, FULL_COLOR), "meter.print.color"),
	COUNTER(FUNCTION(2), "meter.copy.total"),
	COUNTER(FUNCTION_COLOR(2, MONO), "meter.copy.mono"),
	COUNTER(FUNCTION_COLOR(2, SINGLE_COLOR), "meter.copy.single-color"),
	COUNTER(FUNCTION_COLOR(2, FULL_COLOR), "meter.copy.color"),
	COUNTER(FUNCTION(4), "meter.fax.total"),
	COUNTER(FUNCTION_COLOR(4, MONO), "meter.fax.mono"),
	/* The scanner of an MFP is device 3. */
	SCANS(KYOCERA(46, 10, 1, 1, 5, 3), "meter.scan.total"),
	SCANS(KYOCERA(42, 3, 1, 3, 1, 1, 2), "meter.scan.copy"),
	SCANS(KYOCERA(42, 3, 1, 3, 1, 1, 4), "meter.scan.fax"),
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, SIZES(6), .unit = "impressions", .name = SIZES(2),
		.words = sizes },
	{ 0 },
};

static const struct platen_add adds[] = {
	{ "meter.mono", { "meter.print.mono", "meter.copy.mono", "meter.fax.mono" } },
	{ "meter.single-color", { "meter.print.single-color", "meter.copy.single-color" } },
	{ "meter.color", { "meter.print.color", "meter.copy.color" } },
	{ NULL, { NULL } },
};

/* Nothing Kyocera wrote says that 42.2.5 is one-sided and two-sided: that they are all does. */
static const struct platen_sum checks[] = {
	{ "meter.total", { "meter.mono", "meter.single-color", "meter.color" } },
	{ "meter.total", { ".simplex", "meter.duplex" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks, .adds = adds };

/* The numbers behind 1347 are the print servers' of very old FS printers. */
static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "1347", "1229.2.1.1", "961.1", "1750.1", NULL };
	static const char *const badges[] = { "Kyocera", "Copystar", "UTAX", "Triumph-Adler",
		"Olivetti", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.4.1.1347.42.2.1.1.1",
	"oid 1.3.6.1.4.1.1347.42.2.2.1.1.3",
	"oid 1.3.6.1.4.1.1347.42.2.5.1.1",
	"oid 1.3.6.1.4.1.1347.42.3.1.1.1.1",
	"oid 1.3.6.1.4.1.1347.42.3.1.2.1.1",
	"oid 1.3.6.1.4.1.1347.42.3.1.3.1.1",
	"oid 1.3.6.1.4.1.1347.42.5.1.1.1",
	"oid 1.3.6.1.4.1.1347.43.5.1.1",
	"oid 1.3.6.1.4.1.1347.43.5.4.1.5",
	"oid 1.3.6.1.4.1.1347.43.10.1.1.12",
	"oid 1.3.6.1.4.1.1347.46.10.1.1.5",
	NULL,
};

static const struct platen_option options[] = { PLATEN_YIELD(""), { NULL, NULL, NULL } };

PLATEN_TABLE_PLUGIN("kyocera", "0.1",
	"counters by function, colour and size of Kyocera, UTAX, Triumph-Adler, Olivetti", reach,
	options);
