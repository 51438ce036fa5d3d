/* SPDX-License-Identifier: Apache-2.0 */
/*
 * @NAME@.c - reads the private counters of Example printers; see platen-plugin(3).
 *
 * The table below is all it knows.  The objects are invented: put your maker's here.
 */
#include <platen/table.h>

#include <string.h>

/* All of the maker's objects, 1.3.6.1.4.1.99999 and what is below it. */
#define EXAMPLE(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 99999, __VA_ARGS__)

/* What the counter table calls them, and which metric that is (METRICS lists them all). */
static const struct platen_word counters[] = {
	{ "Total", "meter.total", NULL },
	{ "Black", "meter.mono", NULL },
	{ "Color", "meter.color", NULL },
	{ "Scan*", "meter.scan.total", "sheets" },
	{ NULL, NULL, NULL },
};

static const struct platen_word colors[] = {
	{ "1", "black", NULL },
	{ "2", "cyan", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, EXAMPLE(1, 1, 0), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, EXAMPLE(1, 2, 0), .metric = "device.firmware" },
	/* A table of value (2) and label (1). */
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, EXAMPLE(2, 1, 2), .unit = "impressions",
		.name = EXAMPLE(2, 1, 1), .words = counters },
	/* A table of colour (1), level (2) and capacity (3); its index is the supply's number. */
	{ PLATEN_EACH, PLATEN_AS_LEVEL, EXAMPLE(3, 1, 2), "supply.level", .unit = "impressions",
		.full = EXAMPLE(3, 1, 3) },
	{ PLATEN_EACH, PLATEN_AS_WORD, EXAMPLE(3, 1, 1), "supply.color", .words = colors },
	{ 0 },
};

/* Colour counters that do not add up to the total are somebody else's. */
static const struct platen_sum sums[] = {
	{ "meter.total", { "meter.mono", "meter.color" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .sums = sums };

/* 50: we know the vendor.  By sysObjectID, which every printer of the maker begins so. */
static int32_t
match(const struct platen_device *device)
{
	static const uint32_t maker[] = { 1, 3, 6, 1, 4, 1, 99999 };

	if (device->nobject_id < 7 || memcmp(device->object_id, maker, sizeof(maker)) != 0)
		return 0;
	return 50;
}

static const char *const reach[] = { "oid 1.3.6.1.4.1.99999", NULL };

PLATEN_TABLE_PLUGIN("@NAME@", "0.1", "private counters of Example printers", reach, NULL);
