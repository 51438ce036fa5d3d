// SPDX-License-Identifier: Apache-2.0
//
// @NAME@.cc - reads the private counters of Example printers; see platen-plugin(3).
//
// The table below is all it knows.  The objects are invented: put your maker's here.
// An exception must not leave a callback: the agent is C.

#include <platen/table.h>

#include <algorithm>
#include <iterator>

// All of the maker's objects, 1.3.6.1.4.1.99999 and what is below it.
#define EXAMPLE(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 99999, __VA_ARGS__)

namespace {

// What the counter table calls them, and which metric that is (METRICS lists them all).
const platen_word counters[] = {
	{ "Total", "meter.total", nullptr },
	{ "Black", "meter.mono", nullptr },
	{ "Color", "meter.color", nullptr },
	{ "Scan*", "meter.scan.total", "sheets" },
	{},
};

const platen_word colors[] = {
	{ "1", "black", nullptr },
	{ "2", "cyan", nullptr },
	{},
};

const platen_row rows[] = {
	{ .where = PLATEN_ONE, .how = PLATEN_AS_TEXT, .oid = EXAMPLE(1, 1, 0),
		.metric = "device.serial" },
	{ .where = PLATEN_ONE, .how = PLATEN_AS_TEXT, .oid = EXAMPLE(1, 2, 0),
		.metric = "device.firmware" },
	// A table of value (2) and label (1).
	{ .where = PLATEN_LABELLED, .how = PLATEN_AS_NUMBER, .oid = EXAMPLE(2, 1, 2),
		.unit = "impressions", .name = EXAMPLE(2, 1, 1), .words = counters },
	// A table of colour (1), level (2) and capacity (3); its index is the supply's number.
	{ .where = PLATEN_EACH, .how = PLATEN_AS_LEVEL, .oid = EXAMPLE(3, 1, 2),
		.metric = "supply.level", .unit = "impressions", .full = EXAMPLE(3, 1, 3) },
	{ .where = PLATEN_EACH, .how = PLATEN_AS_WORD, .oid = EXAMPLE(3, 1, 1),
		.metric = "supply.color", .words = colors },
	{},
};

// Colour counters that do not add up to the total are somebody else's.
const platen_sum sums[] = {
	{ "meter.total", { "meter.mono", "meter.color" } },
	{},
};

const platen_table table = { rows, sums, 0 };

// 50: we know the vendor.  By sysObjectID, which every printer of the maker begins so.
int32_t
match(const platen_device *device)
{
	static const uint32_t maker[] = { 1, 3, 6, 1, 4, 1, 99999 };

	return device->nobject_id >= std::size(maker) &&
			std::equal(std::begin(maker), std::end(maker), device->object_id) ? 50 : 0;
}

int32_t
visit(platen_visit *v, const platen_device *)
{
	return platen_table_visit(v, &table);
}

const platen_scraper scraper = { sizeof(platen_scraper), 0, match, visit };

const char *const needs[] = { PLATEN_SNMP, nullptr };
const char *const reach[] = { "oid 1.3.6.1.4.1.99999", nullptr };

const platen_plugin plugin = {
	.size = sizeof(platen_plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "@NAME@",
	.version = "0.1",
	.summary = "private counters of Example printers",
	.needs = needs,
	.reach = reach,
	.options = nullptr,
	.scraper = &scraper,
	.sink = nullptr,
	.start = platen_table_start,
	.stop = nullptr,
};

} // namespace

const platen_plugin *
platen_plugin_v1()
{
	return &plugin;
}
