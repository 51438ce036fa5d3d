/* SPDX-License-Identifier: Apache-2.0 */
/*
 * printer-mib.c - the scraper for every printer that keeps to the standards:
 * Printer-MIB (RFC 3805), HOST-RESOURCES (RFC 2790) and IF-MIB (RFC 2863).
 *
 * This file asks and collects; identity.c, status.c, units.c, supplies.c and
 * alerts.c make sense of it.  No maker's own objects are read here.
 */
#include "mib.h"

#include <platen/identity.h>
#include <platen/text.h>

#include <string.h>

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* ---- what is asked ---- */

#define PRT(...) PLATEN_OID(1, 3, 6, 1, 2, 1, 43, __VA_ARGS__)
#define HR(...) PLATEN_OID(1, 3, 6, 1, 2, 1, 25, 3, __VA_ARGS__)
#define IF(...) PLATEN_OID(1, 3, 6, 1, 2, 1, 2, 2, 1, __VA_ARGS__)

/* Without their index, which is the printer's hrDeviceIndex. */
static const struct platen_oid scalars[NSCALARS] = {
	[DEVICE_STATUS] = HR(2, 1, 5), /* hrDeviceStatus */
	[PRINTER_STATUS] = HR(5, 1, 1), /* hrPrinterStatus */
	[ERROR_STATE] = HR(5, 1, 2), /* hrPrinterDetectedErrorState */
	[LOCALIZATION] = PRT(5, 1, 1, 2), /* prtGeneralCurrentLocalization */
	[CONSOLE_LOCALIZATION] = PRT(5, 1, 1, 10), /* prtConsoleLocalization */
	[SERIAL] = PRT(5, 1, 1, 17), /* prtGeneralSerialNumber */
	[FIRST_CHARSET] = PRT(7, 1, 1, 4), /* prtLocalizationCharacterSet */
};

static const struct platen_oid general_columns[NGENERAL] = {
	[GENERAL_LOCALIZATION] = PRT(5, 1, 1, 2),
	[GENERAL_CONSOLE_LOCALIZATION] = PRT(5, 1, 1, 10),
	[GENERAL_SERIAL] = PRT(5, 1, 1, 17),
	[GENERAL_PRINTER_STATUS] = HR(5, 1, 1),
	[GENERAL_ERROR_STATE] = HR(5, 1, 2),
};

static const struct platen_oid interface_columns[NINTERFACES] = {
	[IF_TYPE] = IF(3),
	[IF_ADDRESS] = IF(6), /* ifPhysAddress */
	[IF_STATUS] = IF(8), /* ifOperStatus */
};

static const struct platen_oid supply_columns[NSUPPLIES] = {
	[SUPPLY_COLORANT] = PRT(11, 1, 1, 3),
	[SUPPLY_CLASS] = PRT(11, 1, 1, 4),
	[SUPPLY_TYPE] = PRT(11, 1, 1, 5),
	[SUPPLY_DESCRIPTION] = PRT(11, 1, 1, 6),
	[SUPPLY_UNIT] = PRT(11, 1, 1, 7),
	[SUPPLY_CAPACITY] = PRT(11, 1, 1, 8),
	[SUPPLY_LEVEL] = PRT(11, 1, 1, 9),
};

static const struct platen_oid unit_columns[NUNITS] = {
	[MARKER_UNIT] = PRT(10, 2, 1, 3),
	[MARKER_LIFE] = PRT(10, 2, 1, 4),
	[COLORANT_VALUE] = PRT(12, 1, 1, 4),
	[COVER_NAME] = PRT(6, 1, 1, 2),
	[COVER_STATUS] = PRT(6, 1, 1, 3),
	[CONSOLE_LINE] = PRT(16, 5, 1, 2), /* prtConsoleDisplayBufferText */
};

static const struct platen_oid paper_columns[NPAPER] = {
	[TRAY_UNIT] = PRT(8, 2, 1, 8),
	[TRAY_CAPACITY] = PRT(8, 2, 1, 9),
	[TRAY_LEVEL] = PRT(8, 2, 1, 10),
	[TRAY_MEDIA] = PRT(8, 2, 1, 12),
	[TRAY_NAME] = PRT(8, 2, 1, 13),
	[TRAY_DESCRIPTION] = PRT(8, 2, 1, 18),
	[OUTPUT_UNIT] = PRT(9, 2, 1, 3),
	[OUTPUT_CAPACITY] = PRT(9, 2, 1, 4),
	[OUTPUT_REMAINING] = PRT(9, 2, 1, 5),
	[OUTPUT_NAME] = PRT(9, 2, 1, 7),
};

static const struct platen_oid alert_columns[NALERTS] = {
	[ALERT_SEVERITY] = PRT(18, 1, 1, 2),
	[ALERT_GROUP] = PRT(18, 1, 1, 4),
	[ALERT_INDEX] = PRT(18, 1, 1, 5),
	[ALERT_CODE] = PRT(18, 1, 1, 7),
	[ALERT_TEXT] = PRT(18, 1, 1, 8),
};

static const struct {
	const struct platen_oid *columns;
	uint32_t n;
	uint32_t subids; /* of a column, without the index behind it */
} questions[NTABLES] = {
	[GENERAL] = { general_columns, NGENERAL, 0 },
	[INTERFACES] = { interface_columns, NINTERFACES, 0 },
	[SUPPLIES] = { supply_columns, NSUPPLIES, 11 },
	[UNITS] = { unit_columns, NUNITS, 11 },
	[PAPER] = { paper_columns, NPAPER, 11 },
	[ALERTS] = { alert_columns, NALERTS, 11 },
};

/* ---- what is answered ---- */

static void
cell_take(struct mib *m, const struct platen_bind *b, struct cell *cell)
{
	cell->type = b->type;
	cell->number = b->number;
	cell->octets = NULL;
	cell->len = 0;
	if (b->type != PLATEN_OCTETS || b->len == 0)
		return;
	uint8_t *copy = host->alloc(m->visit, b->len);

	if (copy == NULL)
		return;
	memcpy(copy, b->octets, b->len);
	cell->octets = copy;
	cell->len = b->len;
}

static void
report(struct mib *m)
{
	identity_report(m);
	status_report(m);
	units_report(m);
	supplies_report(m);
	alerts_report(m);
}

/* Every answer ends here; the last one makes the report. */
static void
settle(struct mib *m, const struct platen_snmp_reply *reply)
{
	m->answered = m->answered || reply->status == PLATEN_OK || reply->status == PLATEN_EPARTIAL;
	if (--m->pending == 0 && m->answered)
		report(m);
}

static void
take_charsets(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct mib *m = arg;
	struct cell cell;

	(void)visit;
	for (uint32_t i = 0; i < reply->n; i++) {
		cell_take(m, reply->binds[i], &cell);
		*(i == 0 ? &m->charset : &m->console_charset) =
			(int32_t)cell_number_or(&cell, PLATEN_CHARSET_UNKNOWN);
	}
	settle(m, reply);
}

/* The character sets of the localizations in use; known: the first one is, should both be that. */
static void
ask_charsets(struct mib *m, bool known)
{
	uint32_t subs[2][13];
	struct platen_oid oids[2];

	for (int i = 0; i < 2; i++) {
		int64_t language = cell_number_or(&m->scalars[LOCALIZATION + i], 1);

		memcpy(subs[i], scalars[FIRST_CHARSET].sub, 11 * sizeof(uint32_t));
		subs[i][11] = m->printer;
		subs[i][12] = language > 0 && language <= UINT32_MAX ? (uint32_t)language : 1;
		oids[i] = (struct platen_oid){ .sub = subs[i], .n = 13 };
		known = known && subs[i][12] == 1;
	}
	if (known)
		m->charset = m->console_charset =
			(int32_t)cell_number_or(&m->scalars[FIRST_CHARSET], PLATEN_CHARSET_UNKNOWN);
	else if (snmp->get(m->visit, oids, 2, take_charsets, m) == PLATEN_OK)
		m->pending++;
}

static void
take_row(struct mib *m, enum table_id id, const struct platen_bind *const *binds, struct row *row)
{
	uint32_t n = questions[id].n, subids = questions[id].subids;
	const struct platen_oid *oid = &binds[0]->oid;
	struct cell *cells = host->alloc(m->visit, n * sizeof(*cells));

	row->cells = cells;
	row->index = oid->sub[oid->n - 1];
	row->device = m->printer;
	if (subids != 0 && oid->n >= subids + 2) { /* else a printer that leaves the device out */
		row->device = oid->sub[subids];
		row->index = oid->sub[subids + 1];
	}
	for (uint32_t c = 0; c < n && cells != NULL; c++)
		cell_take(m, binds[c], &cells[c]);
}

/* Whose rows are the printer's own?  Some printers file supplies under device 0. */
static uint32_t
table_device(const struct mib *m, const struct table *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->rows[i].device == m->printer)
			return m->printer;
	return t->n > 0 ? t->rows[0].device : m->printer;
}

static void
table_take(struct mib *m, enum table_id id, const struct platen_snmp_reply *reply)
{
	struct table *t = &m->tables[id];
	uint32_t columns = questions[id].n, n = reply->n / columns;

	/* No printer has a thousand of anything here: a table without end is made up. */
	if (reply->status == PLATEN_EPARTIAL && n >= PLATEN_MAX_ROWS) {
		host->log(host, PLATEN_WARNING, "a table has no end; nothing of it is believed");
		return;
	}
	if (n == 0 || (t->rows = host->alloc(m->visit, n * sizeof(*t->rows))) == NULL)
		return;
	for (uint32_t i = 0; i < n; i++) {
		take_row(m, id, reply->binds + i * columns, &t->rows[t->n]);
		t->n += t->rows[t->n].cells != NULL;
	}
	t->device = table_device(m, t);
}

/* One answer function a table: the question's arg says whose visit it is, this says which table. */
#define TAKE(name, id)                                                                             \
	static void name(struct platen_visit *visit, const struct platen_snmp_reply *reply,        \
		void *arg)                                                                         \
	{                                                                                          \
		(void)visit;                                                                       \
		table_take(arg, id, reply);                                                        \
		settle(arg, reply);                                                                \
	}

TAKE(take_interfaces, INTERFACES)
TAKE(take_supplies, SUPPLIES)
TAKE(take_units, UNITS)
TAKE(take_paper, PAPER)
TAKE(take_alerts, ALERTS)

/* The printer keeps itself under another index than we thought. */
static void
take_general(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	static const enum scalar into[NGENERAL] = {
		[GENERAL_LOCALIZATION] = LOCALIZATION,
		[GENERAL_CONSOLE_LOCALIZATION] = CONSOLE_LOCALIZATION,
		[GENERAL_SERIAL] = SERIAL,
		[GENERAL_PRINTER_STATUS] = PRINTER_STATUS,
		[GENERAL_ERROR_STATE] = ERROR_STATE,
	};
	struct mib *m = arg;
	const struct table *t = &m->tables[GENERAL];

	(void)visit;
	table_take(m, GENERAL, reply);
	if (t->n > 0) {
		m->printer = t->rows[0].index;
		for (int c = 0; c < NGENERAL; c++)
			m->scalars[into[c]] = t->rows[0].cells[c];
		ask_charsets(m, false);
	}
	settle(m, reply);
}

static void
take_scalars(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct mib *m = arg;
	bool found = false;

	for (uint32_t i = 0; i < reply->n && i < NSCALARS; i++) {
		cell_take(m, reply->binds[i], &m->scalars[i]);
		found = found || m->scalars[i].type != PLATEN_ABSENT;
	}
	if (found)
		ask_charsets(m, true);
	else if (snmp->table(visit, general_columns, NGENERAL, take_general, m) == PLATEN_OK)
		m->pending++;
	settle(m, reply);
}

/* ---- a visit ---- */

static const char *
keep(struct platen_visit *visit, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = host->alloc(visit, n);

	return copy != NULL ? memcpy(copy, text, n) : "";
}

static bool
keep_device(struct mib *m, const struct platen_device *d)
{
	uint32_t n = d->nobject_id * (uint32_t)sizeof(uint32_t), *sub = NULL;

	if (n > 0 && (sub = host->alloc(m->visit, n)) == NULL)
		return false;
	if (n > 0)
		memcpy(sub, d->object_id, n);
	m->device = (struct platen_device){
		.size = sizeof(m->device),
		.nobject_id = d->nobject_id,
		.object_id = sub,
		.descr = keep(m->visit, d->descr),
		.model = keep(m->visit, d->model),
		.device_id = keep(m->visit, d->device_id),
		.hr_device_index = d->hr_device_index,
	};
	m->printer = d->hr_device_index != 0 ? d->hr_device_index : 1;
	return true;
}

static int32_t
ask_scalars(struct mib *m)
{
	uint32_t subs[NSCALARS][13];
	struct platen_oid oids[NSCALARS];

	for (int i = 0; i < NSCALARS; i++) {
		uint32_t n = scalars[i].n;

		memcpy(subs[i], scalars[i].sub, n * sizeof(uint32_t));
		subs[i][n++] = m->printer;
		if (i == FIRST_CHARSET)
			subs[i][n++] = 1;
		oids[i] = (struct platen_oid){ .sub = subs[i], .n = n };
	}
	return snmp->get(m->visit, oids, NSCALARS, take_scalars, m);
}

static int32_t
visit_start(struct platen_visit *visit, const struct platen_device *device)
{
	static const struct {
		enum table_id id;
		platen_snmp_fn *take;
	} tables[] = {
		{ SUPPLIES, take_supplies },
		{ UNITS, take_units },
		{ PAPER, take_paper },
		{ ALERTS, take_alerts },
		{ INTERFACES, take_interfaces },
	};
	struct mib *m = host->alloc(visit, sizeof(*m));
	int32_t status;

	if (m == NULL)
		return PLATEN_EBUDGET;
	m->visit = visit;
	m->charset = m->console_charset = PLATEN_CHARSET_UNKNOWN;
	if (!keep_device(m, device))
		return PLATEN_EBUDGET;
	if ((status = ask_scalars(m)) != PLATEN_OK)
		return status;
	m->pending = 1;
	for (size_t i = 0; i < COUNT(tables); i++)
		m->pending += snmp->table(visit, questions[tables[i].id].columns,
				      questions[tables[i].id].n, tables[i].take, m) == PLATEN_OK;
	return PLATEN_OK;
}

/* ---- reporting, for the other files ---- */

static void
say(const struct mib *m, const struct platen_reading *reading)
{
	host->emit(m->visit, reading);
}

void
say_text(const struct mib *m, const char *metric, const char *part, const char *text)
{
	if (text[0] != '\0')
		say(m,
			&(struct platen_reading){
				.size = sizeof(struct platen_reading),
				.metric = metric,
				.part = part,
				.number = PLATEN_NONE,
				.full = PLATEN_NONE,
				.text = text,
			});
}

void
say_number(const struct mib *m, const char *metric, const char *part, int64_t number,
	const char *unit)
{
	say(m,
		&(struct platen_reading){
			.size = sizeof(struct platen_reading),
			.metric = metric,
			.part = part,
			.unit = unit,
			.number = number,
			.full = PLATEN_NONE,
		});
}

void
say_level(const struct mib *m, const char *metric, const char *part, const struct cell *level,
	const struct cell *capacity, const char *unit)
{
	say(m,
		&(struct platen_reading){
			.size = sizeof(struct platen_reading),
			.metric = metric,
			.part = part,
			.unit = unit != NULL ? unit : "unknown",
			.number = cell_level(level),
			.full = cell_level(capacity),
		});
}

/* ---- the plugin ---- */

static int32_t
match(const struct platen_device *device)
{
	return platen_identity_is_printer(device) ? 5 : 0;
}

static int32_t
start(const struct platen_host *h)
{
	host = h;
	snmp = h->service(h, PLATEN_SNMP);
	return snmp != NULL ? PLATEN_OK : PLATEN_EINVAL;
}

static const char *const needs[] = { PLATEN_SNMP, NULL };

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.2.2.1.3", /* ifType */
	"oid 1.3.6.1.2.1.2.2.1.6", /* ifPhysAddress */
	"oid 1.3.6.1.2.1.2.2.1.8", /* ifOperStatus */
	"oid 1.3.6.1.2.1.25.3.2.1.5", /* hrDeviceStatus */
	"oid 1.3.6.1.2.1.25.3.5", /* hrPrinterTable */
	/* The Printer-MIB, but for the names of people and of the printer in its general table. */
	"oid 1.3.6.1.2.1.43.5.1.1.2",
	"oid 1.3.6.1.2.1.43.5.1.1.10",
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.2.1.43.6.1.1", /* covers */
	"oid 1.3.6.1.2.1.43.7.1.1", /* localizations */
	"oid 1.3.6.1.2.1.43.8.2.1", /* trays */
	"oid 1.3.6.1.2.1.43.9.2.1", /* outputs */
	"oid 1.3.6.1.2.1.43.10.2.1", /* markers */
	"oid 1.3.6.1.2.1.43.11.1.1", /* supplies */
	"oid 1.3.6.1.2.1.43.12.1.1", /* colorants */
	"oid 1.3.6.1.2.1.43.16.5.1", /* console */
	"oid 1.3.6.1.2.1.43.18.1.1", /* alerts */
	NULL,
};

static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit_start,
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "printer-mib",
	.version = "1.0",
	.summary = "any printer, by the standard Printer-MIB (RFC 3805)",
	.needs = needs,
	.reach = reach,
	.scraper = &scraper,
	.start = start,
};

const struct platen_plugin *
platen_plugin_v1(void)
{
	platen_text_load();
	return &plugin;
}
