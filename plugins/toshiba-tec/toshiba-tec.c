/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toshiba-tec.c - the counters of Toshiba TEC's e-STUDIO engines, also where OKI sells them.
 *
 * Categories of counters by colour, below 1129.2.3.50 whatever the sysObjectID is.
 * Deliberately not read: departments, sizes (programs contradict each other), and the
 * e-STUDIOs that Lexmark builds: they have Lexmark's objects.
 */
#include <platen/identity.h>
#include <platen/table.h>

#include <string.h>

#define COUNTER(category, column)                                                                  \
	PLATEN_OID(1, 3, 6, 1, 4, 1, 1129, 2, 3, 50, 1, 3, 21, 6, 1, category, 1, column)

/* The columns of each category; two colours is "twin" and single colour together. */
enum { FULL_COLOR = 1, TWO_COLOR, BLACK, TOTAL };

#define ROW(category, column, name, what)                                                          \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER, COUNTER(category, column), .metric = name,           \
									 .unit = what              \
	}

/* All columns of a category, called as a metric begins. */
#define CATEGORY(category, name)                                                                   \
	{ PLATEN_ONE, PLATEN_AS_NUMBER, COUNTER(category, TOTAL), .metric = name "total",          \
		.unit = "impressions", .sure = 1 },                                                \
		ROW(category, BLACK, name "mono", "impressions"),                                  \
		ROW(category, FULL_COLOR, name "color", "impressions"),                            \
		ROW(category, TWO_COLOR, name "two-color", "impressions")

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT,
		PLATEN_OID(1, 3, 6, 1, 4, 1, 1129, 2, 3, 50, 1, 2, 3, 1, 3, 1, 1),
		.metric = "device.model", .spare = 1 },
	CATEGORY(2, ".both."), /* prints and copies */
	CATEGORY(3, "meter.print."),
	CATEGORY(4, "meter.copy."),
	ROW(7, TOTAL, "meter.fax.total", "impressions"),
	ROW(7, BLACK, "meter.fax.mono", "impressions"),
	ROW(8, TOTAL, "meter.scan.network", "images"),
	ROW(9, TOTAL, "meter.scan.copy", "images"),
	ROW(11, TOTAL, ".lists.total", "impressions"),
	ROW(11, BLACK, ".lists.mono", "impressions"),
	/* The life count, to hold the sums against. */
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1),
		.metric = ".life" },
	{ 0 },
};

static const struct platen_add adds[] = {
	{ "meter.mono", { ".both.mono", "meter.fax.mono", ".lists.mono" } },
	{ "meter.color", { ".both.color" } },
	{ "meter.two-color", { ".both.two-color" } },
	{ NULL, { NULL } },
};

static const struct platen_sum checks[] = {
	{ ".both.total", { ".both.mono", ".both.color", ".both.two-color" } },
	{ "meter.print.total",
		{ "meter.print.mono", "meter.print.color", "meter.print.two-color" } },
	{ "meter.copy.total", { "meter.copy.mono", "meter.copy.color", "meter.copy.two-color" } },
	{ ".life", { "meter.mono", "meter.color", "meter.two-color" } },
	{ ".life", { ".both.total", "meter.fax.total", ".lists.total" } },
	{ "meter.fax.total", { "meter.fax.mono" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks, .adds = adds };

/* OKI's large MFPs. */
static bool
is_rebadged(const struct platen_device *device)
{
	static const char *const models[] = { "MC780", "ES9" };
	char model[64];

	platen_identity_model(device, model, sizeof(model));
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (strncmp(model, models[i], strlen(models[i])) == 0)
			return true;
	return false;
}

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "1129.2.3", NULL };
	static const char *const badges[] = { "Toshiba", NULL };

	return is_rebadged(device) ? 50 : platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.10.2.1.4",
	"oid 1.3.6.1.4.1.1129.2.3.50.1.2.3.1.3",
	"oid 1.3.6.1.4.1.1129.2.3.50.1.3.21.6.1",
	NULL,
};

PLATEN_TABLE_PLUGIN("toshiba-tec", "0.1",
	"counters by function and colour of Toshiba's e-STUDIO engines", reach, NULL);
