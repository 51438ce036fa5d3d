/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hp.c - meters and true levels of HP printers by SNMP: one table of the PML tree that
 * LaserJets and many others have (FUTURESMART-MIB, HP-LASERJET-COMMON-MIB); see README.md.
 *
 * The same machines' web pages are another plugin's, hp-ews.  Knows nothing of jobs, error
 * logs and what users called the printer.
 */
#include <platen/identity.h>
#include <platen/table.h>
#include <platen/text.h>

#define PML(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, __VA_ARGS__)

/* HP's numbers of paper sizes, with the instance behind them.  9 is one of two folios: left out. */
static const struct platen_word sizes[] = {
	{ "1.0", "meter.size.na_executive_7.25x10.5in", NULL },
	{ "2.0", "meter.size.na_letter_8.5x11in", NULL },
	{ "3.0", "meter.size.na_legal_8.5x14in", NULL },
	{ "11.0", "meter.size.na_ledger_11x17in", NULL },
	{ "15.0", "meter.size.na_invoice_5.5x8.5in", NULL },
	{ "17.0", "meter.size.roc_16k_7.75x10.75in", NULL },
	{ "18.0", "meter.size.jis_exec_216x330mm", NULL },
	{ "25.0", "meter.size.iso_a5_148x210mm", NULL },
	{ "26.0", "meter.size.iso_a4_210x297mm", NULL },
	{ "27.0", "meter.size.iso_a3_297x420mm", NULL },
	{ "45.0", "meter.size.jis_b5_182x257mm", NULL },
	{ "46.0", "meter.size.jis_b4_257x364mm", NULL },
	{ "80.0", "meter.size.na_monarch_3.875x7.5in", NULL },
	{ "81.0", "meter.size.na_number-10_4.125x9.5in", NULL },
	{ "90.0", "meter.size.iso_dl_110x220mm", NULL },
	{ "91.0", "meter.size.iso_c5_162x229mm", NULL },
	{ "100.0", "meter.size.iso_b5_176x250mm", NULL },
	{ NULL, NULL, NULL },
};

/* FutureSmart's impressions by colour (1 mono, 2 colour, 13 both) and size. */
static const struct platen_word prints[] = {
	{ "1.*", "meter.print.mono", NULL },
	{ "2.*", "meter.print.color", NULL },
	{ "13.*", "meter.print.total", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word copies[] = {
	{ "1.*", "meter.copy.mono", NULL },
	{ "2.*", "meter.copy.color", NULL },
	{ "13.*", ".copies", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word all[] = { { "*", ".all", NULL }, { NULL, NULL, NULL } };

/* consumable-life-usage-units: 1 pages, 2 estimated pages, 7 percent. */
static const struct platen_word percent[] = { { "7", NULL, "percent" }, { NULL, NULL, NULL } };
static const struct platen_word pages[] = {
	{ "1", NULL, "impressions" },
	{ "2", NULL, "impressions" },
	{ NULL, NULL, NULL },
};

/* FutureSmart's A4 equivalents, text with a decimal point, by the same colours. */
#define EQUIVALENT(color) PML(1, 16, 1, 47, color, 0)

/* HP's pages are printed sides: the engine's are prtMarkerLifeCount's impressions. */
static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(4, 1, 2, 5, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(4, 1, 2, 6, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(4, 1, 2, 7, 0), "meter.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(4, 1, 2, 22, 0), "meter.duplex", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(2, 2, 1, 63, 0), "meter.copy.total",
		.unit = "impressions", .sure = 1 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(3, 7, 1, 32, 0), "meter.fax.total",
		.unit = "impressions", .sure = 1 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(2, 2, 1, 44, 0), "meter.scan.adf", .unit = "images" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(2, 2, 1, 20, 0), "meter.scan.adf", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(2, 2, 1, 74, 0), "meter.scan.flatbed",
		.unit = "images" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PML(2, 2, 1, 21, 0), "meter.scan.flatbed",
		.unit = "images" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, EQUIVALENT(13), "meter.equivalent.total",
		.unit = "tenths-of-impressions", .times = 10 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, EQUIVALENT(1), "meter.equivalent.mono",
		.unit = "tenths-of-impressions", .times = 10 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, EQUIVALENT(2), "meter.equivalent.color",
		.unit = "tenths-of-impressions", .times = 10 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PML(1, 3, 2, 0), .metric = "device.model", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PML(1, 3, 6, 0), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PML(1, 3, 5, 0), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PML(1, 3, 12, 0), .metric = "device.asset" },
	{ PLATEN_ONE, PLATEN_AS_DATE, PML(1, 2, 8, 0), .metric = "device.installed" },
	/* The standard's serial number where there is one. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PML(1, 3, 3, 0), .metric = "device.serial" },

	/* FutureSmart: of print jobs (in no MIB) and copies. */
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, PML(1, 16, 1, 20), .unit = "impressions",
		.words = prints, .pieces = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, PML(1, 16, 1, 26), .unit = "impressions",
		.words = copies, .pieces = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, PML(1, 16, 1, 38, 13), .unit = "impressions",
		.words = all, .pieces = 1 },
	/* FutureSmart's impressions of all functions and colours (13), older ones' pages. */
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, PML(1, 16, 1, 38, 13), .unit = "impressions",
		.words = sizes },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, PML(4, 1, 8, 5, 1), .unit = "impressions",
		.words = sizes },

	/* Supplies in the order of the Printer-MIB's: left (1), unit (2), yield (4). */
	{ PLATEN_SUPPLY, PLATEN_AS_LEVEL, PML(4, 1, 10, 5, 1, 1), .metric = "supply.level",
		.more = PML(4, 1, 10, 5, 1, 2), .words = percent },
	{ PLATEN_SUPPLY, PLATEN_AS_LEVEL, PML(4, 1, 10, 5, 1, 1), .metric = "supply.level",
		.full = PML(4, 1, 10, 5, 1, 4), .more = PML(4, 1, 10, 5, 1, 2), .words = pages },
	{ PLATEN_SUPPLY, PLATEN_AS_NUMBER, PML(4, 1, 10, 5, 1, 1), .metric = "supply.pages_left",
		.more = PML(4, 1, 10, 5, 1, 2), .words = pages },
	{ 0 },
};

/* Colours must make their function, print jobs, copies and faxes all there is. */
static const struct platen_sum checks[] = {
	{ ".copies", { "meter.copy.mono", "meter.copy.color" } },
	{ "meter.copy.total", { "meter.copy.mono", "meter.copy.color" } },
	{ ".all", { "meter.print.total", "meter.copy.total", "meter.fax.total" } },
	{ ".all",
		{ "meter.print.mono", "meter.print.color", "meter.copy.total",
			"meter.fax.total" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = {
	.rows = rows, .checks = checks, .charset = PLATEN_CHARSET_ROMAN8
};

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "11.2.3.9", "11.1", "29999.1", "26696.1", "32925.1",
		NULL };
	static const char *const badges[] = { "HP", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.11.1.1.5",
	"oid 1.3.6.1.2.1.43.11.1.1.6",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.2.8",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.2",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.5",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.6",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.12",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.16.1.20",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.16.1.26",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.16.1.38",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.16.1.47",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.2.2.1",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.3.7.1.32",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.2",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.8.5.1",
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.4.1.10.5.1",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total, supply.level"),
	{ NULL, NULL, NULL },
};

PLATEN_TABLE_PLUGIN("hp", "1.0", "meters and levels of HP printers, by SNMP", reach, options);
