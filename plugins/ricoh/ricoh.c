/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ricoh.c - the private counters of Ricoh's engines, whatever badge is on them: Ricoh,
 * Savin, Lanier, NRG, Gestetner, Nashuatec, Infotec, Rex Rotary.
 *
 * The counters are a table (ricohEngCounterTable) in which a number says what a row
 * counts; which row it is differs from model to model.  Deliberately not read: the job
 * log, names in the network, and counters in other units than pages.
 */
#include "toner.h"

#include <platen/identity.h>
#include <platen/table.h>

#define ENGINE(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, __VA_ARGS__)
#define COUNTERS(column) ENGINE(19, 5, 1, column)

/* Rows that count times (50), percent (51) or minutes (64) are no pages, whatever their type. */
#define NO_PAGES                                                                                   \
	{ "*/50", ".other", NULL }, { "*/51", ".other", NULL },                                    \
	{                                                                                          \
		"*/64", ".other", NULL                                                             \
	}

/* ricohEngCounterType and ...Unit.  Unit 8 is sheets, as it is in the Printer-MIB. */
static const struct platen_word types[] = {
	NO_PAGES,
	{ "10/*", "meter.total", NULL },
	{ "800/*", "meter.total", NULL },
	{ "200/*", "meter.copy.total", NULL },
	{ "201/*", "meter.copy.mono", NULL },
	{ "202/*", "meter.copy.two-color", NULL }, /* single and two */
	{ "203/*", "meter.copy.color", NULL },
	{ "300/*", "meter.fax.total", NULL },
	{ "301/*", "meter.fax.mono", NULL },
	{ "302/*", "meter.fax.two-color", NULL },
	{ "303/*", "meter.fax.color", NULL },
	{ "400/*", "meter.print.total", NULL },
	{ "401/*", "meter.print.mono", NULL },
	{ "402/*", "meter.print.two-color", NULL },
	{ "403/*", "meter.print.color", NULL },
	{ "700/*", "meter.large", NULL }, /* A3/DLT */
	{ "701/*", "meter.duplex", "impressions" }, /* sides */
	{ "870/*", "meter.scan.total", "images" }, /* Transmission: to be sent, wherever to */
	{ "871/*", "meter.scan.mono", "images" },
	{ "872/*", "meter.scan.fax", "images" },
	{ "873/*", "meter.scan.color", "images" },
	{ NULL, NULL, NULL },
};

/* Of the whole machine: color has what is in one or two colours in it. */
static const struct platen_word whole[] = {
	NO_PAGES,
	{ "608/*", "meter.color", NULL }, /* Total Prints: Color */
	{ "609/*", "meter.mono", NULL }, /* Total Prints: Black & White */
	{ NULL, NULL, NULL },
};

/* Small and old models have no table, and these instead. */
#define SIMPLE(n, name)                                                                            \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER, ENGINE(19, n, 0), .metric = name, .unit = "sheets"   \
	}

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 1, 1, 1, 0),
		.metric = "device.model", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 1, 1, 2, 0),
		.metric = "device.firmware" },
	/* The engine's may have blanks in it: only where the standard has none. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ENGINE(1, 4, 0), .metric = "device.serial" },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, COUNTERS(9), .unit = "sheets", .name = COUNTERS(2),
		.more = COUNTERS(4), .words = types },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, COUNTERS(9), .unit = "sheets", .name = COUNTERS(2),
		.more = COUNTERS(4), .words = whole, .sure = 1 },
	SIMPLE(1, "meter.total"),
	SIMPLE(2, "meter.print.total"),
	SIMPLE(3, "meter.fax.total"),
	SIMPLE(4, "meter.copy.total"),
	{ 0 },
};

/* Models that do not tell the whole machine's. */
static const struct platen_add adds[] = {
	{ "meter.mono", { "meter.copy.mono", "meter.fax.mono", "meter.print.mono" } },
	{ "meter.color",
		{ "meter.copy.color", "meter.fax.color", "meter.print.color",
			"meter.copy.two-color", "meter.fax.two-color", "meter.print.two-color" } },
	{ NULL, { NULL } },
};

static const struct platen_sum checks[] = {
	{ "meter.total", { "meter.mono", "meter.color" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks, .adds = adds };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "367", NULL };
	static const char *const badges[] = { "Ricoh", "Savin", "Lanier", "NRG", "Gestetner",
		"Nashuatec", "Infotec", "Rex Rotary", "Sindoh", NULL };

	return platen_identity_match(device, numbers, badges);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	toner_ask(v);
	return platen_table_visit_device(v, device, &table);
}

static int32_t
start(const struct platen_host *host)
{
	int32_t status = toner_start(host);

	return status == PLATEN_OK ? platen_table_start(host) : status;
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
	"oid 1.3.6.1.2.1.43.11.1.1.9",
	"oid 1.3.6.1.4.1.367.3.2.1.1.1.1",
	"oid 1.3.6.1.4.1.367.3.2.1.1.1.2",
	"oid 1.3.6.1.4.1.367.3.2.1.2.1.4",
	"oid 1.3.6.1.4.1.367.3.2.1.2.19",
	"oid 1.3.6.1.4.1.367.3.2.1.2.24.1.1",
	NULL,
};
static const struct platen_option options[] = { PLATEN_YIELD(""), { NULL, NULL, NULL } };

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "ricoh",
	.version = "0.1",
	.summary = "counters by function and colour, and toner, of Ricoh and its brands",
	.needs = needs,
	.reach = reach,
	.options = options,
	.scraper = &scraper,
	.start = start,
};

const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
