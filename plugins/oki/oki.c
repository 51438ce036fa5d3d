/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oki.c - meters of OKI printers: colour and mono where they make one of the totals, the
 * usage counter and the toner of OKIDATA-MIB; see README.md.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define OKI(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 2001, 1, 1, 1, 1, __VA_ARGS__)

static const struct platen_row rows[] = {
	/* Not in the MIB: nothing of this counts that no sum confirms. */
	{ PLATEN_ONE, PLATEN_AS_NUMBER, OKI(11, 1, 10, 170, 1, 6, 1), "meter.color",
		.unit = "unknown" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, OKI(11, 1, 10, 170, 1, 7, 1), "meter.mono",
		.unit = "unknown" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1),
		.metric = ".life" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, OKI(11, 1, 10, 170, 1, 8, 1), .metric = ".all" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, OKI(11, 1, 10, 170, 1, 5, 1), .metric = ".pages" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, OKI(100, 1, 1, 1, 3, 1), .metric = ".usage" },
	/* usagePrinterUnitCounterLife */
	{ PLATEN_ONE, PLATEN_AS_NUMBER, OKI(100, 1, 1, 1, 4, 1), "meter.total", .unit = "unknown" },
	/* The standard's serial number where there is one. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	/* A single object, walked among the tables: so all others fit into the first packet. */
	{ PLATEN_EACH, PLATEN_AS_TEXT, OKI(11, 1, 10, 45), .metric = "device.serial", .part = "" },
	/* usageToner: description (2), percent (3) */
	{ PLATEN_SUPPLY, PLATEN_AS_LEVEL, OKI(100, 3, 1, 1, 3), "supply.level", .unit = "percent",
		.name = OKI(100, 3, 1, 1, 2) },
	{ 0 },
};

static const struct platen_sum checks[] = {
	{ ".life", { "meter.mono", "meter.color" } },
	{ ".all", { "meter.mono", "meter.color" } },
	{ ".pages", { "meter.mono", "meter.color" } },
	{ ".usage", { "meter.mono", "meter.color" } },
	{ "meter.total", { "meter.mono", "meter.color" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "2001.1.1", NULL },
				 *const badges[] = { "OKI", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.10.2.1.4",
	"oid 1.3.6.1.2.1.43.11.1.1.5",
	"oid 1.3.6.1.2.1.43.11.1.1.6",
	"oid 1.3.6.1.4.1.2001.1.1.1.1.11.1.10.45",
	"oid 1.3.6.1.4.1.2001.1.1.1.1.11.1.10.170",
	"oid 1.3.6.1.4.1.2001.1.1.1.1.100.1",
	"oid 1.3.6.1.4.1.2001.1.1.1.1.100.3",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total, supply.level"),
	{ NULL, NULL, NULL },
};

PLATEN_TABLE_PLUGIN("oki", "1.0", "meters of OKI printers", reach, options);
