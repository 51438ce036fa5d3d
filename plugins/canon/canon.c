/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canon.c - the meters of Canon: of imageRUNNERs by Canon's own meter numbers, of LBP and
 * MF by the names in another table.
 *
 * Tables alone.  Canon's numbers are the same on all models (101 is "Total 1"), but which of
 * them a machine has is a matter of model and setting.  Deliberately not read: meters that
 * count large sheets twice (102, 109), and toner, which the Printer-MIB has.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define CANON(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 1602, __VA_ARGS__)

/* The same meters stand in two places; newer machines have the second. */
#define METER(number, name, what)                                                                  \
	{ PLATEN_ONE, PLATEN_AS_NUMBER, CANON(1, 11, 1, 3, 1, 4, number), .metric = name,          \
		.unit = what, .sure = 1 },                                                         \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER, CANON(1, 11, 1, 4, 1, 4, number),                    \
			.metric = name, .unit = what, .sure = 1                                    \
	}

static const struct platen_word names[] = {
	{ "Total 1", "meter.total", NULL },
	{ "Copy (Total 1)", "meter.copy.total", NULL },
	{ "Print (Total 1)", "meter.print.total", NULL },
	{ "Scan (Total 1)", "meter.scan.total", "images" },
	/* "Black & White" on older machines, "Black" on newer ones: 108, 112, 113, 122, 123 */
	{ "Total (Black*1)", "meter.mono", NULL },
	{ "Total (Black*/Large)", "meter.large.mono", NULL },
	{ "Total (Black*/Small)", ".small.mono", NULL },
	{ "Total (Full Color + Single Color/Large)", "meter.large.color", NULL },
	{ "Total (Full Color + Single Color/Small)", ".small.color", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, CANON(1, 1, 1, 1, 0), .metric = "device.model", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, CANON(1, 1, 1, 4, 0), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, CANON(1, 2, 1, 8, 1, 3, 1, 1), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, CANON(1, 2, 1, 4, 0), .metric = "device.serial" },
	METER(101, "meter.total", "impressions"),
	METER(108, "meter.mono", "impressions"), /* Total (Black & White 1) */
	METER(103, ".large", "impressions"), /* Total (Large) */
	METER(112, "meter.large.mono", "impressions"),
	METER(113, ".small.mono", "impressions"),
	METER(122, "meter.large.color", "impressions"),
	METER(123, ".small.color", "impressions"),
	METER(301, "meter.print.total", "impressions"),
	METER(501, "meter.scan.total", "images"),
	{ PLATEN_ONE, PLATEN_AS_NUMBER, CANON(1, 11, 1, 3, 1, 4, 201), .metric = "meter.copy.total",
		.unit = "impressions" },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, CANON(1, 11, 2, 1, 1, 3), .unit = "impressions",
		.name = CANON(1, 11, 2, 1, 1, 2), .words = names, .sure = 1 },
	{ 0 },
};

/* 122 and 123 are full and single colour: in colour is what is not in black. */
static const struct platen_add adds[] = {
	{ "meter.mono", { "meter.large.mono", ".small.mono" } },
	{ "meter.color", { "meter.large.color", ".small.color" } },
	{ "meter.large", { "meter.large.mono", "meter.large.color" } },
	{ NULL, { NULL } },
};

static const struct platen_sum checks[] = {
	{ "meter.total", { "meter.mono", "meter.color" } },
	{ ".large", { "meter.large" } },
	{ "meter.total", { "meter.print.total", "meter.copy.total" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks, .adds = adds };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "1602", "27748.4", NULL };
	static const char *const badges[] = { "Canon", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.4.1.1602.1.1.1.1",
	"oid 1.3.6.1.4.1.1602.1.1.1.4",
	"oid 1.3.6.1.4.1.1602.1.2.1.4",
	"oid 1.3.6.1.4.1.1602.1.2.1.8.1.3",
	"oid 1.3.6.1.4.1.1602.1.11.1.3.1.4",
	"oid 1.3.6.1.4.1.1602.1.11.1.4.1.4",
	"oid 1.3.6.1.4.1.1602.1.11.2.1.1",
	NULL,
};
static const struct platen_option options[] = { PLATEN_YIELD(""), { NULL, NULL, NULL } };

PLATEN_TABLE_PLUGIN("canon", "0.1", "meters of Canon's imageRUNNER, LBP and MF", reach, options);
