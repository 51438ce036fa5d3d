/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tables.c - the tables of sdk/schema: their columns, and where in a record each
 * of them stands; see platen/rows.h.
 */
#include "from.h"

/* The schema as it stands in sdk/schema, one text a version; made by the Makefile. */
const char *const platen_schema[] = {
#include <schema.inc>
	NULL
};

uint32_t
platen_schema_version(void)
{
	uint32_t n = 0;

	while (platen_schema[n] != NULL)
		n++;
	return n;
}

#define COUNT(a) (uint32_t)(sizeof(a) / sizeof((a)[0]))
#define MUST 1
#define MAY 0

static const struct platen_sql_column agents[] = {
	{ "agent", "uuid", FROM_RECORD, MUST, "agent" },
	{ "customer", "text", FROM_RECORD, MAY, "customer" },
	{ "site", "text", FROM_RECORD, MAY, "site" },
	{ "time", "timestamptz", FROM_RECORD, MUST, "time" },
};

static const struct platen_sql_column devices[] = {
	{ "device", "text", FROM_DEVICE, MUST, "id" },
	{ "agent", "uuid", FROM_RECORD, MUST, "agent" },
	{ "customer", "text", FROM_RECORD, MAY, "customer" },
	{ "site", "text", FROM_RECORD, MAY, "site" },
	{ "time", "timestamptz", FROM_RECORD, MUST, "time" },
	{ "serial", "text", FROM_DEVICE, MAY, "serial" },
	{ "mac", "text", FROM_DEVICE, MAY, "mac" },
	{ "ip", "text", FROM_DEVICE, MAY, "ip" },
	{ "manufacturer", "text", FROM_DEVICE, MAY, "manufacturer" },
	{ "model", "text", FROM_DEVICE, MAY, "model" },
	{ "firmware", "text", FROM_DEVICE, MAY, "firmware" },
	{ "asset", "text", FROM_DEVICE, MAY, "asset" },
};

static const struct platen_sql_column readings[] = {
	{ "agent", "uuid", FROM_RECORD, MUST, "agent" },
	{ "seq", "bigint", FROM_RECORD, MUST, "seq" },
	{ "id", "uuid", FROM_RECORD, MUST, "id" },
	{ "time", "timestamptz", FROM_RECORD, MUST, "time" },
	{ "month", "text", FROM_MONTH, MUST, NULL },
	{ "customer", "text", FROM_RECORD, MAY, "customer" },
	{ "site", "text", FROM_RECORD, MAY, "site" },
	{ "device", "text", FROM_DEVICE, MAY, "id" },
	{ "state", "text", FROM_STATUS, MAY, "state" },
	{ "errors", "text", FROM_ERRORS, MAY, NULL },
	{ "swapped", "smallint", FROM_SWAPPED, MUST, NULL },
	{ "record", "jsonb", FROM_WHOLE, MUST, NULL },
};

/* Rows of a reading begin so; n counts them. */
#define OF_READING                                                                                 \
	{ "agent", "uuid", FROM_RECORD, MUST, "agent" },                                           \
		{ "seq", "bigint", FROM_RECORD, MUST, "seq" },                                     \
	{                                                                                          \
		"n", "integer", FROM_PLACE, MUST, NULL                                             \
	}

static const struct platen_sql_column meters[] = {
	OF_READING,
	{ "name", "text", FROM_ITEM, MUST, "name" },
	{ "part", "text", FROM_ITEM, MAY, "part" },
	{ "unit", "text", FROM_ITEM, MAY, "unit" },
	{ "value", "bigint", FROM_ITEM, MUST, "value" },
	{ "via", "text", FROM_ITEM, MAY, "via" },
};

static const struct platen_sql_column supplies[] = {
	OF_READING,
	{ "part", "text", FROM_ITEM, MUST, "part" },
	{ "type", "text", FROM_ITEM, MAY, "type" },
	{ "color", "text", FROM_ITEM, MAY, "color" },
	{ "description", "text", FROM_ITEM, MAY, "description" },
	{ "serial", "text", FROM_ITEM, MAY, "serial" },
	{ "part_number", "text", FROM_ITEM, MAY, "part_number" },
	{ "state", "text", FROM_ITEM, MUST, "state" },
	{ "percent", "integer", FROM_ITEM, MAY, "percent" },
	{ "level", "bigint", FROM_ITEM, MAY, "level" },
	{ "capacity", "bigint", FROM_ITEM, MAY, "capacity" },
	{ "unit", "text", FROM_ITEM, MAY, "unit" },
	{ "installed", "text", FROM_ITEM, MAY, "installed" },
	{ "pages_left", "bigint", FROM_ITEM, MAY, "pages_left" },
	{ "pages_used", "bigint", FROM_ITEM, MAY, "pages_used" },
	{ "replaced", "bigint", FROM_ITEM, MAY, "replaced" },
	{ "via", "text", FROM_ITEM, MAY, "via" },
};

static const struct platen_sql_column alerts[] = {
	OF_READING,
	{ "severity", "text", FROM_ITEM, MUST, "severity" },
	{ "code", "text", FROM_ITEM, MAY, "code" },
	{ "number", "bigint", FROM_ITEM, MAY, "number" },
	{ "alert_group", "text", FROM_ITEM, MAY, "group" },
	{ "text", "text", FROM_ITEM, MAY, "text" },
};

static const struct platen_sql_column events[] = {
	OF_READING,
	{ "kind", "text", FROM_ITEM, MUST, "kind" },
	{ "text", "text", FROM_ITEM, MAY, "text" },
};

static const struct platen_sql_column urgent[] = {
	{ "agent", "uuid", FROM_RECORD, MUST, "agent" },
	{ "seq", "bigint", FROM_RECORD, MUST, "seq" },
	{ "time", "timestamptz", FROM_RECORD, MUST, "time" },
	{ "device_hash", "text", FROM_RECORD, MAY, "device" },
	{ "record", "jsonb", FROM_WHOLE, MUST, NULL },
};

#define KEPT "ON CONFLICT DO NOTHING"

/* Of agents and devices the newest is kept, in whatever order records come. */
static const char agents_newer[] =
	"ON CONFLICT (agent) DO UPDATE SET customer = excluded.customer, site = excluded.site, "
	"time = excluded.time WHERE excluded.time > agents.time";
static const char devices_newer[] =
	"ON CONFLICT (device) DO UPDATE SET agent = excluded.agent, customer = excluded.customer, "
	"site = excluded.site, time = excluded.time, serial = excluded.serial, mac = excluded.mac, "
	"ip = excluded.ip, manufacturer = excluded.manufacturer, model = excluded.model, "
	"firmware = excluded.firmware, asset = excluded.asset WHERE excluded.time > devices.time";

const struct platen_sql_table platen_sql_tables[PLATEN_TABLES] = {
	[PLATEN_AGENTS] = { "agents", "agent", agents_newer, 0, COUNT(agents), agents },
	[PLATEN_DEVICES] = { "devices", "device", devices_newer, 0, COUNT(devices), devices },
	[PLATEN_READINGS] = { "readings", "agent, seq", KEPT, 0, COUNT(readings), readings },
	[PLATEN_METERS] = { "meters", "agent, seq, n", KEPT, 1, COUNT(meters), meters },
	[PLATEN_SUPPLIES] = { "supplies", "agent, seq, n", KEPT, 1, COUNT(supplies), supplies },
	[PLATEN_ALERTS] = { "alerts", "agent, seq, n", KEPT, 1, COUNT(alerts), alerts },
	[PLATEN_EVENTS] = { "events", "agent, seq, n", KEPT, 1, COUNT(events), events },
	[PLATEN_URGENT] = { "urgent", "agent, seq", KEPT, 0, COUNT(urgent), urgent },
};
