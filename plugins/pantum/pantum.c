/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pantum.c - pages and toner of Pantum printers: three generations, three trees, and an
 * instance that is never .0; see README.md.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define PANTUM(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 40093, __VA_ARGS__)

/* The newest tree first; a printer answers one of them. */
static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PANTUM(10, 3, 1, 1), "meter.total", .unit = "unknown" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PANTUM(6, 4, 1), "meter.total", .unit = "unknown" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PANTUM(1, 1, 3, 12), "meter.total", .unit = "unknown" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PANTUM(1, 1, 3, 3), "meter.total", .unit = "unknown" },
	{ PLATEN_ONE, PLATEN_AS_LEVEL, PANTUM(6, 3, 1), "supply.level", .unit = "percent",
		.part = PLATEN_ONLY_TONER },
	{ PLATEN_ONE, PLATEN_AS_LEVEL, PANTUM(1, 1, 3, 13, 2), "supply.level", .unit = "percent",
		.part = PLATEN_ONLY_TONER },
	/* with the toner that is in it */
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PANTUM(1, 1, 3, 10), "supply.pages_used", .unit = "unknown",
		.part = PLATEN_ONLY_TONER },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PANTUM(10, 1, 1, 1), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PANTUM(1, 1, 1, 1), .metric = "device.firmware" },
	/* The standard's serial number where there is one. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PANTUM(10, 1, 1, 4), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PANTUM(6, 1, 2), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PANTUM(1, 1, 1, 5), .metric = "device.serial" },
	{ 0 },
};

static const struct platen_table table = { .rows = rows };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "40093", NULL },
				 *const badges[] = { "Pantum", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.11.1.1.5",
	"oid 1.3.6.1.2.1.43.11.1.1.6",
	"oid 1.3.6.1.4.1.40093.1.1.1.1",
	"oid 1.3.6.1.4.1.40093.1.1.1.5",
	"oid 1.3.6.1.4.1.40093.1.1.3.3",
	"oid 1.3.6.1.4.1.40093.1.1.3.10",
	"oid 1.3.6.1.4.1.40093.1.1.3.12",
	"oid 1.3.6.1.4.1.40093.1.1.3.13.2",
	"oid 1.3.6.1.4.1.40093.6.1.2",
	"oid 1.3.6.1.4.1.40093.6.3.1",
	"oid 1.3.6.1.4.1.40093.6.4.1",
	"oid 1.3.6.1.4.1.40093.10.1.1",
	"oid 1.3.6.1.4.1.40093.10.3.1.1",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total, supply.level"),
	{ NULL, NULL, NULL },
};

PLATEN_TABLE_PLUGIN("pantum", "1.0", "pages and toner of Pantum printers", reach, options);
