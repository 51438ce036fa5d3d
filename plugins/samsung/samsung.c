/* SPDX-License-Identifier: Apache-2.0 */
/*
 * samsung.c - reads Samsung's engines, whatever badge is on them: who they are, what they
 * counted (counters.c) and the level of a single toner; see README.md.
 */
#include "samsung.h"

#include <platen/identity.h>
#include <platen/table.h>

#include <string.h>
#include <strings.h>

const struct platen_host *host;
const struct platen_snmp *snmp;

/* The standard's serial number where there is one. */
static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, SAMSUNG(1, 1, 1, 1, 0), .metric = "device.model",
		.spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, SAMSUNG(11, 55, 5, 1, 1, 0), .metric = "device.model",
		.spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, SAMSUNG(1, 1, 1, 2, 0), .metric = "device.firmware",
		.spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, SAMSUNG(11, 55, 5, 1, 2, 0), .metric = "device.firmware",
		.spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, SAMSUNG(1, 1, 1, 4, 0), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, SAMSUNG(11, 55, 5, 1, 4, 0), .metric = "device.serial" },
	/* percent of black toner */
	{ PLATEN_ONE, PLATEN_AS_LEVEL, SAMSUNG(1, 1, 3, 22, 0), "supply.level", .unit = "percent",
		.part = PLATEN_ONLY_TONER },
	{ 0 },
};

static const struct platen_table table = { .rows = rows };

/* Whose badge is on an engine of Samsung's, and how their names begin. */
static const struct {
	const char *maker, *model;
} badges[] = {
	{ "HP", "Laser 1" },
	{ "HP", "Laser 4" },
	{ "HP", "Laser MFP" },
	{ "HP", "Color Laser " },
	{ "Xerox", "Phaser 3" },
	{ "Xerox", "WorkCentre 3" },
	{ "Xerox", "WorkCentre M20" },
	{ "Dell", "1815" },
	{ "Dell", "1135" },
};

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "236.11.5", NULL },
				 *const makers[] = { "Samsung", NULL };
	char maker[64], model[64];

	if (platen_identity_match(device, numbers, makers) != 0)
		return 50;
	platen_identity_manufacturer(device, maker, sizeof(maker));
	platen_identity_model(device, model, sizeof(model));
	for (size_t i = 0; i < sizeof(badges) / sizeof(badges[0]); i++)
		if (strcmp(maker, badges[i].maker) == 0 &&
			strncasecmp(model, badges[i].model, strlen(badges[i].model)) == 0)
			return 50;
	return 0;
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	counters_ask(v);
	return platen_table_visit_device(v, device, &table);
}

static int32_t
start(const struct platen_host *h)
{
	host = h;
	snmp = h->service(h, PLATEN_SNMP);
	return platen_table_start(h);
}

static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit,
};

static const char *const needs[] = { PLATEN_SNMP, NULL };
static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.10.2.1.4",
	"oid 1.3.6.1.2.1.43.11.1.1.5",
	"oid 1.3.6.1.2.1.43.11.1.1.6",
	"oid 1.3.6.1.4.1.236.11.5.1.1.1",
	"oid 1.3.6.1.4.1.236.11.5.1.1.3.22",
	"oid 1.3.6.1.4.1.236.11.5.11.53.11.2",
	"oid 1.3.6.1.4.1.236.11.5.11.55.5.1",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total, supply.level"),
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "samsung",
	.version = "1.0",
	.summary = "meters of Samsung's engines, whatever badge is on them",
	.needs = needs,
	.reach = reach,
	.options = options,
	.scraper = &scraper,
	.start = start,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
