/* SPDX-License-Identifier: Apache-2.0 */
/* test_table_supplies.c - a maker's own table of supplies beside the Printer-MIB's. */
#include "table_host.h"

static const struct platen_row supplies_rows[] = {
	{ PLATEN_SUPPLY, PLATEN_AS_TEXT, ACME(8, 2), .metric = "supply.serial",
		.name = ACME(8, 1) },
	{ PLATEN_SUPPLY, PLATEN_AS_DATE, ACME(9, 1), .metric = "supply.installed" },
	{ 0 },
};

static void
supplies_are_joined(void **state)
{
	static struct object objects[] = {
		{ "8.1.1", PLATEN_OCTETS, 0, "Cyan" },
		{ "8.1.2", PLATEN_OCTETS, 0, "Black" },
		{ "8.1.3", PLATEN_OCTETS, 0, "Drum" },
		{ "8.1.4", PLATEN_OCTETS, 0, "Fuser" },
		{ "8.2.1", PLATEN_OCTETS, 0, "C-1" },
		{ "8.2.2", PLATEN_OCTETS, 0, "K-1" },
		{ "8.2.3", PLATEN_OCTETS, 0, "D-1" },
		{ "8.2.4", PLATEN_OCTETS, 0, "F-1" },
		{ "9.1.1.0", PLATEN_OCTETS, 0, "\x07\xE8\x0B\x05\x01\x01\x01\x01" },
		{ "9.1.2.0", PLATEN_OCTETS, 0, "20241231" },
		{ "9.1.3.0", PLATEN_OCTETS, 0, "20241331" },
		{ "9.1.4.0", PLATEN_OCTETS, 0, "20240101" },
		{ NULL, 0, 0, NULL },
	};
	static const char *const standard[] = { "1.1", "Black", "1.5", "Cyan ", "1.6", "Drum",
		"1.7", "Drum", NULL };
	static const char *const two_devices[] = { "1.1", "Black", "2.1", "Cyan", NULL };

	(void)state;
	supplies = standard;
	scrape(supplies_rows, NULL, objects,
		"supply.serial/5 \"C-1\"\n"
		"supply.serial/1 \"K-1\"\n"
		"supply.installed/1 \"2024-11-05\"\n"
		"supply.installed/5 \"2024-12-31\"\n"
		"supply.installed/7 \"2024-01-01\"\n");
	objects[11].oid = "9.1.5.0"; /* one more than there are: it counts others */
	scrape(supplies_rows, NULL, objects, "supply.serial/5 \"C-1\"\nsupply.serial/1 \"K-1\"\n");
	supplies = two_devices;
	scrape(supplies_rows, NULL, objects, "");
	supplies = NULL;
}

static const struct platen_row only_toner_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_LEVEL, ACME(1, 0), "supply.level", .unit = "percent",
		.part = PLATEN_ONLY_TONER },
	{ 0 },
};

static void
the_only_toner(void **state)
{
	static const struct object objects[] = { { "1.0", PLATEN_INTEGER, 40, NULL },
		{ NULL, 0, 0, NULL } };
	static const char *const one[] = { "1.3", "Toner", NULL };
	static const char *const two[] = { "1.3", "Toner", "1.4", "Toner", NULL };

	(void)state;
	supplies_type = 21;
	supplies = one;
	scrape(only_toner_rows, NULL, objects, "supply.level/3 40 of 100 percent\n");
	supplies = two;
	scrape(only_toner_rows, NULL, objects, "");
	supplies_type = 9; /* drums: there is no toner */
	scrape(only_toner_rows, NULL, objects, "");
	supplies = NULL; /* the Printer-MIB has no supplies at all */
	scrape(only_toner_rows, NULL, objects, "supply.level/1 40 of 100 percent\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(supplies_are_joined),
		cmocka_unit_test(the_only_toner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
