/* SPDX-License-Identifier: Apache-2.0 */
/*
 * brother.c - the private objects of Brother: three binary records with counters,
 * with what is left of each supply, and with the pages until the next care.
 *
 * What the Printer-MIB knows of a supply is left to the plugin printer-mib.
 * Deliberately not read: logs, replacement and jam counts (nobody says which is
 * which), coverage (no metric), scans (told in pieces that no total confirms).
 */
#include "brother.h"

#include <platen/identity.h>
#include <platen/table.h>

#include <stdio.h>
#include <string.h>

#define INFO(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5, __VA_ARGS__)
#define SUPPLY(column) PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, column)

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* ---- what is no record ---- */

static const struct platen_word functions[] = {
	{ "1", "meter.print.total", NULL },
	{ "2", "meter.fax.total", NULL },
	{ "3", "meter.copy.total", NULL },
	{ "4", "meter.copy.color", NULL },
	{ "5", "meter.print.color", NULL },
	{ "6", "meter.fax.color", NULL },
	{ "7", "meter.print.mono", NULL },
	{ "8", "meter.fax.mono", NULL },
	{ "9", "meter.copy.mono", NULL },
	{ NULL, NULL, NULL },
};

/* All there is: by the feeder (1), from the glass (2), by the feeder on both sides (3). */
static const struct platen_word scans[] = {
	{ "1", "meter.scan.adf", NULL },
	{ "2", "meter.scan.flatbed", NULL },
	{ "3", "meter.scan.adf", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word all_scans[] = {
	{ "*", "meter.scan.total", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row rows[] = {
	/* An IEEE 1284 device id of its own. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 1, 1, 7, 0),
		.metric = "device.model", .before = "MDL:", .after = ";", .spare = 1 },
	/* The standard's serial number where there is one. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, INFO(1, 0), .metric = "device.serial" },
	/* Brothers speak HP's tongue, too; some say it there alone. */
	{ PLATEN_ONE, PLATEN_AS_TEXT,
		PLATEN_OID(1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 3, 3, 0),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, INFO(17, 0), .metric = "device.firmware" },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, INFO(52, 21, 1, 3), .unit = "impressions",
		.name = INFO(52, 21, 1, 2), .words = functions },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, INFO(54, 2, 2, 1, 3), .unit = "images",
		.name = INFO(54, 2, 2, 1, 2), .words = scans, .pieces = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, INFO(54, 2, 2, 1, 3), .unit = "images",
		.name = INFO(54, 2, 2, 1, 2), .words = all_scans, .pieces = 1 },
	{ 0 },
};

/* The MIB alone says which function is which: that the colours add up says it, too. */
static const struct platen_sum checks[] = {
	{ "meter.print.total", { "meter.print.mono", "meter.print.color" } },
	{ "meter.copy.total", { "meter.copy.mono", "meter.copy.color" } },
	{ "meter.fax.total", { "meter.fax.mono", "meter.fax.color" } },
	{ NULL, { NULL } },
};

static const struct platen_table table = { .rows = rows, .checks = checks };

/* ---- the records ---- */

enum { MAINTENANCE, COUNTERS, NEXT_CARE, RECORDS };

static const struct platen_oid records[RECORDS] = {
	[MAINTENANCE] = INFO(8, 0),
	[COUNTERS] = INFO(10, 0),
	[NEXT_CARE] = INFO(11, 0),
};

static const struct platen_oid columns[COLUMNS] = {
	[COLUMN_COLORANT] = SUPPLY(3),
	[COLUMN_TYPE] = SUPPLY(5),
	[COLUMN_DESCRIPTION] = SUPPLY(6),
	[COLUMN_FULL] = SUPPLY(8),
	[COLUMN_LEVEL] = SUPPLY(9),
};

static const struct platen_oid colorants[] = { PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4) };

/* One printer being read. */
struct scrape {
	struct platen_visit *visit;
	uint32_t device; /* hrDeviceIndex of the printer */
	uint32_t pending;
	struct record records[RECORDS];
	struct supplies supplies;
};

/* Pages are printed sides: a drum's count is the total on machines with many two-sided prints. */
static const struct {
	uint8_t id;
	const char *metric;
} counters[] = {
	{ 0x00, "meter.total" },
	{ 0x01, "meter.mono" },
	{ 0x02, "meter.color" },
	{ 0x06, "meter.duplex" },
};

/* A supply, and the ids that speak of it; 0: none does. */
struct wearing {
	enum supply_kind kind;
	const char *color; /* "" : it has none */
	const char *own; /* its part where the Printer-MIB has no such row */
	const char *type; /* in the words of platen/names.h; NULL: what it is depends */
	const char *description; /* of an own part */
	uint8_t left[3]; /* percent, in order of preference */
	uint8_t status; /* 1 ok, 2 low */
	uint8_t pages_used; /* MAINTENANCE */
	uint8_t pages_left; /* NEXT_CARE */
};

/* Older machines tell what is left of a colour in steps. */
#define FRACTION(color) (0xA0 + (color))

static const struct wearing wearing[] = {
	{ KIND_COLORANT, "black", "black", NULL, NULL, { 0x6F, FRACTION(1) }, .status = 0x31 },
	{ KIND_COLORANT, "cyan", "cyan", NULL, NULL, { 0x70, FRACTION(2) }, .status = 0x32 },
	{ KIND_COLORANT, "magenta", "magenta", NULL, NULL, { 0x71, FRACTION(3) }, .status = 0x33 },
	{ KIND_COLORANT, "yellow", "yellow", NULL, NULL, { 0x72, FRACTION(4) }, .status = 0x34 },
	{ KIND_DRUM, "", "drum", "opc", "Drum Unit", { 0x41 }, .pages_used = 0x11,
		.pages_left = 0x82 },
	{ KIND_DRUM, "black", "drum-black", "opc", "Drum (black)", { 0x80 }, .pages_used = 0x7E,
		.pages_left = 0xA4 },
	{ KIND_DRUM, "cyan", "drum-cyan", "opc", "Drum (cyan)", { 0x79 }, .pages_used = 0x73,
		.pages_left = 0xA5 },
	{ KIND_DRUM, "magenta", "drum-magenta", "opc", "Drum (magenta)", { 0x7A },
		.pages_used = 0x74, .pages_left = 0xA6 },
	{ KIND_DRUM, "yellow", "drum-yellow", "opc", "Drum (yellow)", { 0x7B }, .pages_used = 0x75,
		.pages_left = 0xA7 },
	{ KIND_BELT, "", "belt", "transfer-unit", "Belt Unit", { 0x69 }, .pages_left = 0x88 },
	{ KIND_FUSER, "", "fuser", "fuser", "Fuser Unit", { 0x6A }, .pages_left = 0x89 },
	{ KIND_OTHER, "", "laser", "other", "Laser Unit", { 0x6B }, .pages_left = 0x73 },
	{ KIND_OTHER, "", "pf-kit-1", "other", "Paper Feeding Kit 1", { 0x6D },
		.pages_left = 0x77 },
	{ KIND_OTHER, "", "pf-kit-mp", "other", "Paper Feeding Kit MP", { 0x6C },
		.pages_left = 0x86 },
};

/* ---- the report ---- */

static void
emit(const struct scrape *s, struct platen_reading r)
{
	r.size = sizeof(r);
	host->emit(s->visit, &r);
}

static void
say_text(const struct scrape *s, const char *metric, const char *part, const char *text)
{
	if (text != NULL && text[0] != '\0')
		emit(s,
			(struct platen_reading){ .metric = metric,
				.part = part,
				.text = text,
				.number = PLATEN_NONE,
				.full = PLATEN_NONE });
}

static void
say_pages(const struct scrape *s, const char *metric, const char *part, int64_t number)
{
	if (number >= 0)
		emit(s,
			(struct platen_reading){ .metric = metric,
				.part = part,
				.unit = "impressions",
				.number = number,
				.full = PLATEN_NONE });
}

static int64_t
asked_number(const struct scrape *s, int record, uint8_t id)
{
	return id != 0 ? record_number(&s->records[record], id) : -1;
}

static int64_t
percent_left(const struct scrape *s, const struct wearing *w)
{
	int64_t percent = -1;

	for (size_t i = 0; percent < 0 && i < sizeof(w->left) && w->left[i] != 0; i++)
		percent = record_percent(&s->records[MAINTENANCE], w->left[i]);
	return percent;
}

static const char *
state_of(int64_t status, int64_t percent)
{
	if (percent == 0)
		return NULL; /* the level says it */
	if (status == 1 && percent < 0)
		return "ok";
	return status == 2 ? "low" : NULL;
}

static void
say_level(const struct scrape *s, const char *part, int64_t percent)
{
	emit(s,
		(struct platen_reading){ .metric = "supply.level",
			.part = part,
			.unit = "percent",
			.number = percent,
			.full = 100 });
}

/* What the Printer-MIB calls it. */
static void
part_of(const struct scrape *s, const struct supply *row, char part[static 24])
{
	if (row->device == s->device)
		snprintf(part, 24, "%u", (unsigned)row->index);
	else
		snprintf(part, 24, "%u.%u", (unsigned)row->device, (unsigned)row->index);
}

/* Of a row of the Printer-MIB only what that does not know. */
static void
report_wearing(struct scrape *s, const struct wearing *w)
{
	struct supply *row = w->kind != KIND_OTHER ? supplies_find(&s->supplies, w->kind, w->color)
						   : NULL;
	int64_t percent = percent_left(s, w), used, left;
	const char *state = state_of(asked_number(s, MAINTENANCE, w->status), percent);
	char part[24];

	used = asked_number(s, MAINTENANCE, w->pages_used);
	left = asked_number(s, NEXT_CARE, w->pages_left);
	if (percent < 0 && used < 0 && left < 0 && state == NULL)
		return;
	if (row == NULL) {
		snprintf(part, sizeof(part), "%s", w->own);
		say_text(s, "supply.type", part, w->type);
		say_text(s, "supply.color", part, w->color);
		say_text(s, "supply.description", part, w->description);
	} else {
		part_of(s, row, part);
		row->told = percent >= 0 || state != NULL;
	}
	if (percent >= 0 && (row == NULL || row->level < 0 || row->full <= 0))
		say_level(s, part, percent);
	say_text(s, "supply.state", part, state);
	say_pages(s, "supply.pages_used", part, used);
	say_pages(s, "supply.pages_left", part, left);
}

/* In the Printer-MIB 1 is low, 2 and 3 are empty where a toner has no capacity. */
static void
report_status(const struct scrape *s, const struct supply *row)
{
	char part[24];

	if (row->kind != KIND_COLORANT || row->told || row->full >= 0 || row->level < 1 ||
		row->level > 3)
		return;
	part_of(s, row, part);
	say_text(s, "supply.state", part, row->level == 1 ? "low" : "empty");
}

static void
report(struct scrape *s)
{
	supplies_settle(&s->supplies);
	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++)
		say_pages(s, counters[i].metric, NULL,
			record_number(&s->records[COUNTERS], counters[i].id));
	for (size_t i = 0; i < sizeof(wearing) / sizeof(*wearing); i++)
		report_wearing(s, &wearing[i]);
	for (uint32_t i = 0; i < s->supplies.n; i++)
		report_status(s, &s->supplies.rows[i]);
}

/* ---- questions and answers ---- */

static void
answered(struct scrape *s)
{
	if (--s->pending == 0)
		report(s);
}

static void
on_records(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct scrape *s = arg;

	(void)visit;
	for (uint32_t i = 0; i < reply->n && i < RECORDS; i++) {
		const struct platen_bind *b = reply->binds[i];

		if (b->type == PLATEN_OCTETS && !record_read(b->octets, b->len, &s->records[i]))
			host->log(host, PLATEN_DEBUG, "a record is not of the form that is known");
	}
	answered(s);
}

static void
on_supplies(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct scrape *s = arg;

	(void)visit;
	for (uint32_t at = 0; at + COLUMNS <= reply->n; at += COLUMNS)
		supplies_row(&s->supplies, reply->binds + at);
	answered(s);
}

static void
on_colorants(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct scrape *s = arg;

	(void)visit;
	for (uint32_t i = 0; i < reply->n; i++)
		supplies_color(&s->supplies, reply->binds[i]);
	answered(s);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	struct scrape *s = host->alloc(v, sizeof(*s));
	int32_t status = platen_table_visit_device(v, device, &table);

	if (s == NULL)
		return PLATEN_EBUDGET;
	s->visit = v;
	s->device = device->hr_device_index != 0 ? device->hr_device_index : 1;
	s->pending += snmp->get(v, records, RECORDS, on_records, s) == PLATEN_OK;
	s->pending += snmp->table(v, columns, COLUMNS, on_supplies, s) == PLATEN_OK;
	s->pending += snmp->table(v, colorants, 1, on_colorants, s) == PLATEN_OK;
	return s->pending > 0 ? PLATEN_OK : status;
}

/* ---- the plugin ---- */

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "2435", NULL };
	static const char *const badges[] = { "Brother", NULL };

	return platen_identity_match(device, numbers, badges);
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
	"oid 1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3",
	"oid 1.3.6.1.4.1.2435.2.3.9.1.1.7",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.10",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.11",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.17",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.52.21.1",
	"oid 1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.54.2.2.1",
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.11.1.1",
	"oid 1.3.6.1.2.1.43.12.1.1.4",
	NULL,
};

static const struct platen_option options[] = { PLATEN_YIELD("meter.total"), { NULL, NULL, NULL } };

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "brother",
	.version = "0.1",
	.summary = "counters, toner and drums of Brother printers, from their binary records",
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
