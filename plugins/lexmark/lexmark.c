/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lexmark.c - meters and cartridges of Lexmark printers, whatever badge is on them: one table,
 * for the two trees in which they keep the same objects; see README.md.
 *
 * A meter is what its type and its unit say, never its row.  Knows nothing of alerts, jobs and
 * the history of cartridges.
 */
#include <platen/identity.h>
#include <platen/table.h>

/* Type and unit: 4 is sides, 5 is sheets.  Of two that mean the same the first counts. */
static const struct platen_word papers[] = {
	{ "2/4", "meter.total", "impressions" }, /* delivered, not only picked */
	{ "3/4", "meter.mono", "impressions" },
	{ "4/4", "meter.color", "impressions" },
	{ "2/5", "meter.sheets", "sheets" },
	{ "16/4", "meter.print.total", "impressions" },
	{ "16/5", "meter.print.total", "sheets" },
	{ "17/4", "meter.print.mono", "impressions" },
	{ "18/4", "meter.print.color", "impressions" },
	{ "32/4", "meter.copy.total", "impressions" },
	{ "32/5", "meter.copy.total", "sheets" },
	{ "33/4", "meter.copy.mono", "impressions" },
	{ "34/4", "meter.copy.color", "impressions" },
	{ "48/4", "meter.fax.total", "impressions" },
	{ "48/5", "meter.fax.total", "sheets" },
	{ "49/4", "meter.fax.mono", "impressions" },
	{ "50/4", "meter.fax.color", "impressions" },
	{ NULL, NULL, NULL },
};

/* What was scanned for; 256 more is from the glass, 768 more on both sides. */
static const struct platen_word scans[] = {
	{ "1", "meter.scan.copy", NULL },
	{ "257", "meter.scan.copy", NULL },
	{ "769", "meter.scan.copy", NULL },
	{ "2", "meter.scan.fax", NULL },
	{ "258", "meter.scan.fax", NULL },
	{ "770", "meter.scan.fax", NULL },
	{ "3", "meter.scan.email", NULL },
	{ "259", "meter.scan.email", NULL },
	{ "771", "meter.scan.email", NULL },
	{ "4", "meter.scan.network", NULL },
	{ "260", "meter.scan.network", NULL },
	{ "772", "meter.scan.network", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word all_scans[] = {
	{ "*", "meter.scan.total", NULL },
	{ NULL, NULL, NULL },
};

/* In what a cartridge is counted. */
static const struct platen_word units[] = {
	{ "4", NULL, "impressions" },
	{ "5", NULL, "sheets" },
	{ NULL, NULL, NULL },
};

/* Only what the level does not say itself. */
static const struct platen_word states[] = { { "4", "low", NULL }, { NULL, NULL, NULL } };

/* The same objects in the trees of both makers. */
static const struct platen_row lexmark_rows[] = {
#define TREE(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 641, __VA_ARGS__)
#include "rows.h"
#undef TREE
};
static const struct platen_row dell_rows[] = {
#define TREE(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 674, 10898, 100, __VA_ARGS__)
#include "rows.h"
#undef TREE
};

static const struct platen_table lexmark = { .rows = lexmark_rows };
static const struct platen_table dell = { .rows = dell_rows };

static const char *const dells[] = { "674.10898.2.100", "674.10898.100", NULL };

static int32_t
match(const struct platen_device *device)
{
	static const char *const lexmarks[] = { "641", "2.3", NULL }; /* 2.3 is IBM */
	static const char *const badges[] = { "Lexmark", NULL }, *const none[] = { NULL };

	if (platen_identity_is_nameless(device))
		return 2; /* types and units say what is what */
	return platen_identity_match(device, lexmarks, badges) != 0
		? 50
		: platen_identity_match(device, dells, none);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	static const char *const none[] = { NULL };

	return platen_table_visit_device(v, device,
		platen_identity_match(device, dells, none) != 0 ? &dell : &lexmark);
}

static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit,
};

static const char *const needs[] = { PLATEN_SNMP, NULL };
static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.11.1.1.5",
	"oid 1.3.6.1.2.1.43.11.1.1.6",
	"oid 1.3.6.1.4.1.641.2.1.2.1",
	"oid 1.3.6.1.4.1.641.2.1.5",
	"oid 1.3.6.1.4.1.641.6.2.3.1",
	"oid 1.3.6.1.4.1.641.6.4.2.1",
	"oid 1.3.6.1.4.1.641.6.4.3.1",
	"oid 1.3.6.1.4.1.641.6.4.4.1",
	"oid 1.3.6.1.4.1.674.10898.100.2.1.2.1",
	"oid 1.3.6.1.4.1.674.10898.100.2.1.5",
	"oid 1.3.6.1.4.1.674.10898.100.6.2.3.1",
	"oid 1.3.6.1.4.1.674.10898.100.6.4.2.1",
	"oid 1.3.6.1.4.1.674.10898.100.6.4.3.1",
	"oid 1.3.6.1.4.1.674.10898.100.6.4.4.1",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total, supply.level"),
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "lexmark",
	.version = "1.0",
	.summary = "meters and cartridges of Lexmark printers, and of Dell's",
	.needs = needs,
	.reach = reach,
	.options = options,
	.scraper = &scraper,
	.start = platen_table_start,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
