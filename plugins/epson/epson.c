/* SPDX-License-Identifier: Apache-2.0 */
/*
 * epson.c - the private objects of Epson: pages in black and colour, by function
 * and by size, ink and maintenance boxes, and the binary status where a printer
 * has nothing better.
 *
 * Never asks for anything below 1.3.6.1.4.1.1248.1.2.2.44: printers obey what is
 * asked there.  Deliberately not read: the job's name, lengths and areas in
 * units that nobody has written down.
 */
#include "status.h"

#include <platen/identity.h>
#include <platen/table.h>

#include <stdio.h>
#include <string.h>

#define EPSON(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 1248, 1, 2, 2, __VA_ARGS__)
#define FIRMWARE(column, row) EPSON(2, 1, 1, column, 1, row)
#define SIZE(column, row) EPSON(6, 1, 1, column, 1, row)
#define FUNCTION(column, row) EPSON(27, 6, 1, column, 1, 1, row)
#define SUPPLY(column) EPSON(28, 1, 1, column, 1)

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* ---- the table ---- */

static const struct platen_word firmwares[] = {
	{ "Main FW", "device.firmware", NULL },
	{ "Printer FW", "device.firmware", NULL },
	{ NULL, NULL, NULL },
};

/* What a function is stands beside it as a number or a word. */
static const struct platen_word functions[] = {
	{ "1", "meter.print.total", NULL },
	{ "2", "meter.copy.total", NULL },
	{ "3", "meter.fax.total", NULL },
	{ "0", ".other", NULL },
	{ "*copy*", "meter.copy.total", NULL },
	{ "*fax*", "meter.fax.total", NULL },
	{ "*print*", "meter.print.total", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word functions_color[] = {
	{ "1", "meter.print.color", NULL },
	{ "2", "meter.copy.color", NULL },
	{ "3", "meter.fax.color", NULL },
	{ "*copy*", "meter.copy.color", NULL },
	{ "*fax*", "meter.fax.color", NULL },
	{ "*print*", "meter.print.color", NULL },
	{ NULL, NULL, NULL },
};

/* "A4/Letter" is no one size; both of "A3/Ledger" are large. */
static const struct platen_word sizes[] = {
	{ "A3/Ledger", "meter.large", NULL },
	{ "A3", "meter.size.iso_a3_297x420mm", NULL },
	{ "A4", "meter.size.iso_a4_210x297mm", NULL },
	{ "A5", "meter.size.iso_a5_148x210mm", NULL },
	{ "A6", "meter.size.iso_a6_105x148mm", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_word sizes_color[] = {
	{ "A3/Ledger", "meter.large.color", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_word types[] = {
	{ "5", "ink", NULL },
	{ "6", "ink-cartridge", NULL },
	{ "8", "waste-ink", NULL },
	{ NULL, NULL, NULL },
};

#define NAMED(name_of, column, row, words_of)                                                      \
	{                                                                                          \
		PLATEN_NAMED, PLATEN_AS_NUMBER, name_of(column, row),                              \
			.unit = "impressions", .name = name_of(2, row), .words = words_of          \
	}
#define NAMED_FIRMWARE(row)                                                                        \
	{                                                                                          \
		PLATEN_NAMED, PLATEN_AS_TEXT, FIRMWARE(2, row), .name = FIRMWARE(3, row),          \
								.words = firmwares                 \
	}

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, EPSON(1, 1, 1, 2, 1), .metric = "device.model", .spare = 1 },
	/* The standard's serial number where there is one. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, EPSON(1, 1, 1, 5, 1), .metric = "device.serial" },
	NAMED_FIRMWARE(1),
	NAMED_FIRMWARE(2),
	NAMED_FIRMWARE(3),
	{ PLATEN_ONE, PLATEN_AS_NUMBER, EPSON(27, 1, 1, 3, 1, 1), "meter.mono",
		.unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, EPSON(27, 1, 1, 4, 1, 1), "meter.color",
		.unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, EPSON(27, 1, 1, 30, 1, 1), ".pages",
		.unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1),
		.metric = ".life" },
	NAMED(FUNCTION, 4, 1, functions),
	NAMED(FUNCTION, 4, 2, functions),
	NAMED(FUNCTION, 4, 3, functions),
	NAMED(FUNCTION, 4, 4, functions),
	NAMED(FUNCTION, 5, 1, functions_color),
	NAMED(FUNCTION, 5, 2, functions_color),
	NAMED(FUNCTION, 5, 3, functions_color),
	NAMED(SIZE, 4, 1, sizes),
	NAMED(SIZE, 4, 2, sizes),
	NAMED(SIZE, 4, 3, sizes),
	NAMED(SIZE, 4, 4, sizes),
	NAMED(SIZE, 5, 1, sizes_color),
	/* The rows are those of prtMarkerSuppliesTable, and boxes that it leaves out. */
	{ PLATEN_EACH, PLATEN_AS_LEVEL, SUPPLY(2), "supply.level", .unit = "percent" },
	{ PLATEN_EACH, PLATEN_AS_TEXT, SUPPLY(5), .metric = "supply.description" },
	{ PLATEN_EACH, PLATEN_AS_WORD, SUPPLY(21), .metric = "supply.type", .words = types },
	{ 0 },
};

/* Functions are believed where they are all that was printed: .pages is two-sided ones on some. */
static const struct platen_sum checks[] = {
	{ ".pages", { "meter.print.total", "meter.copy.total", "meter.fax.total", ".other" } },
	{ ".life", { "meter.print.total", "meter.copy.total", "meter.fax.total", ".other" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks };

/* ---- the status, for what nothing else tells ---- */

enum { STATUS, SERIAL, PAGES, SUPPLIES, STANDARD_SUPPLIES, OBJECTS };

static const struct platen_oid objects[OBJECTS] = {
	[STATUS] = EPSON(1, 1, 1, 4, 1),
	[SERIAL] = EPSON(1, 1, 1, 5, 1),
	[PAGES] = EPSON(27, 1, 1, 3, 1, 1),
	[SUPPLIES] = EPSON(28, 1, 1, 2, 1, 1),
	[STANDARD_SUPPLIES] = PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 1),
};

static void
emit(struct platen_visit *v, struct platen_reading r)
{
	r.size = sizeof(r);
	host->emit(v, &r);
}

static void
say_text(struct platen_visit *v, const char *metric, const char *part, const char *text)
{
	emit(v,
		(struct platen_reading){ .metric = metric,
			.part = part,
			.text = text,
			.number = PLATEN_NONE,
			.full = PLATEN_NONE });
}

static void
say_pages(struct platen_visit *v, const char *metric, int64_t pages)
{
	if (pages >= 0)
		emit(v,
			(struct platen_reading){ .metric = metric,
				.unit = "impressions",
				.number = pages,
				.full = PLATEN_NONE });
}

static void
say_supply(struct platen_visit *v, const char *part, const char *type, int64_t percent)
{
	say_text(v, "supply.type", part, type);
	emit(v,
		(struct platen_reading){ .metric = "supply.level",
			.part = part,
			.unit = "percent",
			.number = percent,
			.full = 100 });
}

static void
report_supplies(struct platen_visit *v, const struct status *s)
{
	char part[32];

	for (uint32_t i = 0; i < s->ninks; i++) {
		snprintf(part, sizeof(part), "ink-%s", s->inks[i].color);
		say_supply(v, part, "ink", s->inks[i].percent);
		say_text(v, "supply.color", part, s->inks[i].color);
	}
	for (uint32_t i = 0; i < s->nboxes; i++) {
		snprintf(part, sizeof(part), "maintenance-box-%u", (unsigned)i + 1);
		say_supply(v, part, "waste-ink", s->boxes[i]);
		say_text(v, "supply.class", part, "receptacle");
	}
}

static void
on_status(struct platen_visit *v, const struct platen_snmp_reply *reply, void *arg)
{
	const struct platen_bind *const *b = reply->binds;
	struct status s;

	(void)arg;
	if (reply->n != OBJECTS || b[STATUS]->type != PLATEN_OCTETS ||
		!status_read(b[STATUS]->octets, b[STATUS]->len, &s))
		return;
	if (b[PAGES]->type == PLATEN_ABSENT) {
		say_pages(v, "meter.mono", s.mono);
		say_pages(v, "meter.color", s.color);
	}
	say_pages(v, "meter.blank", s.blank);
	if (b[SERIAL]->type == PLATEN_ABSENT && platen_serial_is_real(s.serial))
		say_text(v, "device.serial", NULL, s.serial);
	if (b[SUPPLIES]->type == PLATEN_ABSENT && b[STANDARD_SUPPLIES]->type == PLATEN_ABSENT)
		report_supplies(v, &s);
}

/* ---- the plugin ---- */

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	int32_t status = platen_table_visit_device(v, device, &table);

	return snmp->get(v, objects, OBJECTS, on_status, NULL) == PLATEN_OK ? PLATEN_OK : status;
}

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "1248", NULL };
	static const char *const badges[] = { "Epson", NULL };

	return platen_identity_is_printer(device) ? platen_identity_match(device, numbers, badges)
						  : 0;
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
	"oid 1.3.6.1.4.1.1248.1.2.2.1.1.1.2.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.1.1.1.4.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.1.1.1.5.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.2.1.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.6.1.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.27.1.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.27.6.1",
	"oid 1.3.6.1.4.1.1248.1.2.2.28.1.1",
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.10.2.1.4.1.1",
	"oid 1.3.6.1.2.1.43.11.1.1.9.1.1",
	NULL,
};

static const struct platen_option options[] = { PLATEN_YIELD("meter.total"), { NULL, NULL, NULL } };

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "epson",
	.version = "0.1",
	.summary = "pages in black and colour, by function and size, and ink of Epson printers",
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
