/* SPDX-License-Identifier: Apache-2.0 */
/* test_table_values.c - texts, numbers and dates in the ways printers write them. */
#include "table_host.h"

static const struct platen_row symbol_sets_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(7, 0), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(8, 0), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(12, 0), .metric = "device.asset" },
	{ 0 },
};

static void
symbol_sets(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_OCTETS, 0,
			"\x01\x15"
			"1234" },
		{ "7.0", PLATEN_OCTETS, 0,
			"\x01\x15"
			"PHB123" },
		{ "8.0", PLATEN_OCTETS, 0,
			"\x01\x15"
			"D\xE9part" },
		{ "12.0", PLATEN_OCTETS, 0,
			"\x02\x4E"
			"\xC3\xA9" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(symbol_sets_rows, NULL, objects,
		"meter.total 1234 impressions\n"
		"device.serial \"PHB123\"\n"
		"device.firmware \"D\xC3\x95part\"\n"
		"device.asset \"é\"\n");
}

static const struct platen_word slots[] = {
	{ "*black*toner*", "1", NULL },
	{ "*(C)", "2", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row text_pieces_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.firmware", .before = "; FW ",
		.after = ";" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.serial", .before = ";S/N " },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.asset", .before = "Asset " },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.total", .unit = "items",
		.after = " LABELS" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.blank", .unit = "items",
		.after = " SHEETS" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.mono", .unit = "items", .before = "x" },
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(5, 2), "supply.level", .unit = "percent",
		.name = ACME(5, 1), .parts = slots },
	{ PLATEN_EACH, PLATEN_AS_DATE, ACME(5, 3), .metric = "supply.installed", .name = ACME(5, 1),
		.parts = slots },
	{ 0 },
};

static void
pieces_and_parts(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_OCTETS, 0, "Printer V1; FW 2.07; Engine;S/N X12345" },
		{ "2.0", PLATEN_OCTETS, 0, "1920 LABELS, 4877 METERS" },
		{ "3.0", PLATEN_INTEGER, 17, NULL },
		{ "5.1.7", PLATEN_OCTETS, 0, "Genuine BLACK Toner" },
		{ "5.1.8", PLATEN_OCTETS, 0, "Toner (C)" },
		{ "5.1.9", PLATEN_OCTETS, 0, "Toner (M) (C) no" },
		{ "5.2.7", PLATEN_INTEGER, 70, NULL },
		{ "5.2.8", PLATEN_INTEGER, 80, NULL },
		{ "5.2.9", PLATEN_INTEGER, 90, NULL },
		{ "5.3.7", PLATEN_OCTETS, 0, "2024/05/31 10:00" },
		{ "5.3.8", PLATEN_OCTETS, 0, "\x07\xE9\x02\x1C\x0A\x01\x01\x01" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(text_pieces_rows, NULL, objects,
		"device.firmware \"2.07\"\n"
		"device.serial \"X12345\"\n"
		"meter.total 1920 items\n"
		"supply.level/1 70 of 100 percent\n"
		"supply.installed/1 \"2024-05-31\"\n"
		"supply.level/2 80 of 100 percent\n"
		"supply.installed/2 \"2025-02-28\"\n");
}

static const struct platen_row dates_rows[] = {
	{ PLATEN_EACH, PLATEN_AS_DATE, ACME(1), .metric = "supply.installed" },
	{ 0 },
};

/* A date that may be read two ways, or that no clock shows, is none. */
static void
dates(void **state)
{
	static const struct object objects[] = {
		{ "1.1", PLATEN_OCTETS, 0, "20240531" },
		{ "1.2", PLATEN_INTEGER, 20240531, NULL },
		{ "1.3", PLATEN_OCTETS, 0, "2024-05-31T10:00:00" },
		{ "1.4", PLATEN_OCTETS, 0, "05/06/2024" },
		{ "1.5", PLATEN_OCTETS, 0, "2024-02-31" },
		{ "1.6", PLATEN_OCTETS, 0, "1970-01-01" },
		{ "1.7", PLATEN_OCTETS, 0, "2024-05/31" },
		{ "1.8", PLATEN_OCTETS, 0, "202405311" },
		{ "1.9", PLATEN_OCTETS, 0, "2024-13-01" },
		{ "1.10", PLATEN_OCTETS, 0, "2024" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(dates_rows, NULL, objects,
		"supply.installed/1 \"2024-05-31\"\n"
		"supply.installed/2 \"2024-05-31\"\n"
		"supply.installed/3 \"2024-05-31\"\n");
}

/* Tenths of what the object counts in, and models with their maker before them. */
static const struct platen_row decimals_rows[] = {
	{ PLATEN_EACH, PLATEN_AS_NUMBER, ACME(1), "meter.equivalent.total",
		.unit = "tenths-of-impressions", .times = 10 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(3, 0), .metric = "device.model" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(4, 0), .metric = "device.model" },
	{ 0 },
};

static void
decimals(void **state)
{
	static const struct object objects[] = {
		{ "1.1", PLATEN_OCTETS, 0, "1234.5" },
		{ "1.2", PLATEN_OCTETS, 0,
			"\x01\x15"
			"1234" },
		{ "1.3", PLATEN_OCTETS, 0, " 0.07 " },
		{ "1.4", PLATEN_OCTETS, 0, "12.3456" },
		{ "1.5", PLATEN_INTEGER, 9, NULL },
		{ "1.6", PLATEN_OCTETS, 0, "1.234" },
		{ "1.7", PLATEN_OCTETS, 0, "1.2.3" },
		{ "1.8", PLATEN_OCTETS, 0, ".5" },
		{ "1.9", PLATEN_OCTETS, 0, "5." },
		{ "1.10", PLATEN_OCTETS, 0, "1,5" },
		{ "1.11", PLATEN_OCTETS, 0, "999999999999999999.9" },
		{ "1.12", PLATEN_UNSIGNED, INT64_MAX / 9, NULL },
		{ "2.0", PLATEN_OCTETS, 0, "12.5" },
		{ "3.0", PLATEN_OCTETS, 0, "unknown" },
		{ "4.0", PLATEN_OCTETS, 0, "KONICA MINOLTA KONICA MINOLTA bizhub 227" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(decimals_rows, NULL, objects,
		"meter.equivalent.total/1 12345 tenths-of-impressions\n"
		"meter.equivalent.total/2 12340 tenths-of-impressions\n"
		"meter.equivalent.total/3 0 tenths-of-impressions\n"
		"meter.equivalent.total/4 123 tenths-of-impressions\n"
		"meter.equivalent.total/5 90 tenths-of-impressions\n"
		"device.model \"bizhub 227\"\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(symbol_sets),
		cmocka_unit_test(pieces_and_parts),
		cmocka_unit_test(dates),
		cmocka_unit_test(decimals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
