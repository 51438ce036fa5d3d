/* SPDX-License-Identifier: Apache-2.0 */
/*
 * zebra.c - who a Zebra label printer is and how much it has printed; see README.md.
 *
 * Three faces: Link-OS (10642.1), the mirror of its settings in text (10642.200), and an old
 * print server beside the printer (683), whose serial number is not the printer's.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define ZEBRA(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 10642, __VA_ARGS__)

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, ZEBRA(1, 1, 0), .metric = "device.model", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ZEBRA(200, 19, 7, 0), .metric = "device.model", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 4, 1, 683, 6, 2, 3, 2, 1, 15, 1),
		.metric = "device.model", .spare = 1 },
	/* Labels; else length, "1920 INCHES, 4876 CENTIMETERS". */
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ZEBRA(200, 17, 2, 0), "meter.total", .unit = "items" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ZEBRA(200, 17, 3, 0), "meter.total",
		.unit = "ten-thousandths-of-inches", .times = 10000, .after = " INCHES" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ZEBRA(1, 2, 0), .metric = "device.firmware" },
	/* The standard's serial number where there is one. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ZEBRA(1, 9, 0), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_MAC, PLATEN_OID(1, 3, 6, 1, 4, 1, 683, 1, 6, 0),
		.metric = "device.mac" },
	{ 0 },
};

static const struct platen_table table = { .rows = rows };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "10642", "683.6", NULL };
	static const char *const badges[] = { "Zebra", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.4.1.683.1.6",
	"oid 1.3.6.1.4.1.683.6.2.3.2.1.15",
	"oid 1.3.6.1.4.1.10642.1.1",
	"oid 1.3.6.1.4.1.10642.1.2",
	"oid 1.3.6.1.4.1.10642.1.9",
	"oid 1.3.6.1.4.1.10642.200.17",
	"oid 1.3.6.1.4.1.10642.200.19.7",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total, device.mac"),
	{ NULL, NULL, NULL },
};

PLATEN_TABLE_PLUGIN("zebra", "1.0", "who a Zebra label printer is, and how much it has printed",
	reach, options);
