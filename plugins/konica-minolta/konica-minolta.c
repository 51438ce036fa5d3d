/* SPDX-License-Identifier: Apache-2.0 */
/*
 * konica-minolta.c - the private counters of Konica Minolta's engines: Konica Minolta,
 * Develop, and machines of Olivetti, Sindoh and others that are built on them.
 *
 * A table alone.  Deliberately not read: toner, which is in no private object, the job
 * table, and the counters that programs read in contradictory ways (see README.md).
 */
#include <platen/identity.h>
#include <platen/table.h>

#define COUNTERS(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 18334, 1, 1, 1, 5, 7, 2, __VA_ARGS__)

#define TOTAL(n) COUNTERS(1, n, 0) /* of the whole machine */
#define PAGES(color, function) COUNTERS(2, 1, 5, color, function)
#define LARGE(color, function) COUNTERS(2, 1, 7, color, function)
#define SCANS(column) COUNTERS(3, 1, column, 1)
enum { COPY = 1, PRINT };
enum { BLACK = 1, FULL_COLOR, SINGLE_COLOR, TWO_COLOR };

#define COUNTER(object, name, what)                                                                \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER, object, .metric = name, .unit = what                 \
	}

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 4, 1, 18334, 1, 1, 1, 1, 6, 2, 1, 0),
		.metric = "device.model", .spare = 1 },
	COUNTER(TOTAL(1), "meter.total", "impressions"),
	COUNTER(TOTAL(3), "meter.duplex", "unknown"), /* pages or sheets: nobody says */
	COUNTER(TOTAL(10), ".prints", "impressions"),
	COUNTER(PAGES(BLACK, COPY), "meter.copy.mono", "impressions"),
	COUNTER(PAGES(FULL_COLOR, COPY), "meter.copy.color", "impressions"),
	COUNTER(PAGES(SINGLE_COLOR, COPY), "meter.copy.single-color", "impressions"),
	COUNTER(PAGES(TWO_COLOR, COPY), "meter.copy.two-color", "impressions"),
	COUNTER(PAGES(BLACK, PRINT), "meter.print.mono", "impressions"),
	COUNTER(PAGES(FULL_COLOR, PRINT), "meter.print.color", "impressions"),
	COUNTER(PAGES(SINGLE_COLOR, PRINT), "meter.print.single-color", "impressions"),
	COUNTER(PAGES(TWO_COLOR, PRINT), "meter.print.two-color", "impressions"),
	COUNTER(TOTAL(2), ".large", "impressions"),
	COUNTER(LARGE(BLACK, COPY), ".copy.large.mono", "impressions"),
	COUNTER(LARGE(BLACK, PRINT), ".print.large.mono", "impressions"),
	COUNTER(LARGE(FULL_COLOR, COPY), ".copy.large.color", "impressions"),
	COUNTER(LARGE(FULL_COLOR, PRINT), ".print.large.color", "impressions"),
	COUNTER(LARGE(SINGLE_COLOR, COPY), ".copy.large.single", "impressions"),
	COUNTER(LARGE(SINGLE_COLOR, PRINT), ".print.large.single", "impressions"),
	COUNTER(LARGE(TWO_COLOR, COPY), ".copy.large.two", "impressions"),
	COUNTER(LARGE(TWO_COLOR, PRINT), ".print.large.two", "impressions"),
	COUNTER(TOTAL(5), "meter.scan.total", "images"),
	COUNTER(SCANS(5), "meter.scan.total", "images"),
	COUNTER(SCANS(23), "meter.scan.mono", "images"),
	COUNTER(SCANS(24), "meter.scan.color", "images"),
	{ 0 },
};

static const struct platen_add adds[] = {
	{ "meter.mono", { "meter.copy.mono", "meter.print.mono" } },
	{ "meter.color", { "meter.copy.color", "meter.print.color" } },
	{ "meter.single-color", { "meter.copy.single-color", "meter.print.single-color" } },
	{ "meter.two-color", { "meter.copy.two-color", "meter.print.two-color" } },
	{ "meter.print.total",
		{ "meter.print.mono", "meter.print.color", "meter.print.single-color",
			"meter.print.two-color" } },
	{ "meter.large.mono", { ".copy.large.mono", ".print.large.mono" } },
	{ "meter.large.color", { ".copy.large.color", ".print.large.color" } },
	{ ".large.other",
		{ ".copy.large.single", ".print.large.single", ".copy.large.two",
			".print.large.two" } },
	{ "meter.large", { "meter.large.mono", "meter.large.color", ".large.other" } },
	{ NULL, { NULL } },
};

/* Where received faxes are printed, copies and prints are not all: then nothing is added up. */
static const struct platen_sum checks[] = {
	{ "meter.total", { "meter.mono", "meter.color", "meter.single-color", "meter.two-color" } },
	{ ".prints", { "meter.print.total" } },
	{ ".large", { "meter.large" } },
	{ ".large", { "meter.large.mono", "meter.large.color", ".large.other" } },
	{ "meter.scan.total", { "meter.scan.mono", "meter.scan.color" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks, .adds = adds };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "18334", "2590.1.1.1.2.1", NULL };
	static const char *const badges[] = { "Konica Minolta", "Minolta", "Develop", "Olivetti",
		"Sindoh", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.4.1.18334.1.1.1.1.6.2",
	"oid 1.3.6.1.4.1.18334.1.1.1.5.7.2",
	NULL,
};
static const struct platen_option options[] = { PLATEN_YIELD(""), { NULL, NULL, NULL } };

PLATEN_TABLE_PLUGIN("konica-minolta", "0.1",
	"copies and prints by colour, and scans, of Konica Minolta, Develop, Sindoh", reach,
	options);
