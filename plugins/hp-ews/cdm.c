/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cdm.c - CDM: JSON documents below /cdm/, of LaserJet Pro, OfficeJet and
 * Smart Tank from about 2021 on.
 *
 * Read without a password, as some of these printers refuse with one what they
 * give without.  Never the Wi-Fi configuration: it has the passphrase in it.
 */
#include "ews.h"

#include <stdio.h>
#include <string.h>

enum { IDENTITY, COUNTERS, SUPPLIES, STATUS, ALERTS, ADMIN, PROXY };

static bool
is_cdm(const struct platen_node *page)
{
	return platen_find(page, "services") != NULL;
}

static void
report_identity(struct ews *e)
{
	const struct platen_node *page = e->pages[IDENTITY];
	char text[MAX_LINE];

	if (platen_find_text(page, "serialNumber", text, sizeof(text)) > 0 && is_serial(text))
		say_text(e, "device.serial", NULL, text);
	if (platen_find_text(page, "makeAndModel/name", text, sizeof(text)) > 0 ||
		platen_find_text(page, "makeAndModel", text, sizeof(text)) > 0) {
		say_text(e, "device.manufacturer", NULL, "HP");
		say_text(e, "device.model", NULL, strncmp(text, "HP ", 3) == 0 ? text + 3 : text);
	}
	say_found_text(e, "device.firmware", NULL, page, "firmwareVersion");
}

/* ---- what it has counted ---- */

/* A total with its parts, below one path. */
static const struct {
	const char *path, *total, *mono, *color;
} families[] = {
	{ "printUsage/impressions", "meter.total", "meter.mono", "meter.color" },
	{ "printUsage/printOtherImpressions", "meter.print.total", "meter.print.mono",
		"meter.print.color" },
	{ "printUsage/copyImpressions", "meter.copy.total", "meter.copy.mono", "meter.copy.color" },
	{ "printUsage/faxInImpressions", "meter.fax.total", "meter.fax.mono", "meter.fax.color" },
};

static const struct counter counters[] = {
	{ "printUsage/sheets/duplex", "meter.duplex", "sheets" },
	{ "printUsage/impressions/blankSides", "meter.blank", "impressions" },
	{ "scanUsage/totalImages", "meter.scan.total", "images" },
	{ "scanUsage/adfImages", "meter.scan.adf", "images" },
	{ "scanUsage/flatbedImages", "meter.scan.flatbed", "images" },
};

/*
 * Some inkjets count as total what the engine did, cleaning and all: a total
 * that is not the sum of its parts is not what was printed, and is left out.
 */
static void
report_families(struct ews *e)
{
	for (size_t i = 0; i < COUNT(families); i++) {
		const struct platen_node *at = platen_find(e->pages[COUNTERS], families[i].path);
		int64_t total = PLATEN_NONE, mono = PLATEN_NONE, color = PLATEN_NONE;

		platen_find_number(at, "total", 0, &total);
		platen_find_number(at, "monochrome", 0, &mono);
		platen_find_number(at, "color", 0, &color);
		say_number(e, families[i].mono, NULL, "impressions", mono);
		say_number(e, families[i].color, NULL, "impressions", color);
		if (mono == PLATEN_NONE || color == PLATEN_NONE || mono + color == total)
			say_number(e, families[i].total, NULL, "impressions", total);
	}
}

static void
report_sizes(struct ews *e)
{
	static const char where[] = "printUsage/impressionsByMediaSize/item";
	struct size_counter *sizes = host->alloc(e->visit, MAX_SIZES * sizeof(*sizes));
	const struct platen_node *page = e->pages[COUNTERS], *item = platen_find(page, where);
	size_t n = 0;

	for (; item != NULL && sizes != NULL && n < MAX_SIZES;
		item = platen_find_next(page, where, item)) {
		const struct platen_node *size = platen_find(item, "mediaSizeId");

		if (size == NULL || size->text == NULL ||
			!platen_find_number(item, "impressions/total", 0, &sizes[n].number))
			continue;
		sizes[n].size = size->text;
		sizes[n++].counter = "";
	}
	say_sizes(e, sizes, n);
}

/* ---- what it uses up ---- */

/* "More than 90" is no percentage, but not nothing either. */
static int64_t
percent_of(const struct platen_node *item)
{
	char symbol[MAX_LINE];
	int64_t percent;

	if (!platen_find_number(item, "percentLifeDisplay", 0, &percent) || percent > 100)
		return PLATEN_NONE;
	if (platen_find_text(item, "percentLifeDisplaySymbol", symbol, sizeof(symbol)) > 0 &&
		(strcmp(symbol, "greaterThan") == 0 || strcmp(symbol, "lessThan") == 0))
		return percent > 0 ? PLATEN_SOME : PLATEN_UNKNOWN;
	return percent;
}

/* The same of the pages that are left. */
static int64_t
pages_left(const struct platen_node *item)
{
	char symbol[MAX_LINE];
	int64_t pages;

	if (!platen_find_number(item, "approximatePagesRemainingDisplay", 0, &pages))
		return PLATEN_NONE;
	platen_find_text(item, "approximatePagesRemainingDisplaySymbol", symbol, sizeof(symbol));
	return strcmp(symbol, "greaterThan") != 0 && strcmp(symbol, "lessThan") != 0 ? pages
										     : PLATEN_NONE;
}

static void
find_first(const struct platen_node *item, const char *const *paths, char out[static MAX_LINE])
{
	out[0] = '\0';
	for (size_t i = 0; paths[i] != NULL && out[0] == '\0'; i++)
		platen_find_text(item, paths[i], out, MAX_LINE);
}

/* On a printer with tanks, what is called a cartridge is its print head. */
static const char *
type_of(const char *word, bool tanks)
{
	if (tanks && strcmp(word, "inkCartridge") == 0)
		return "other";
	return supply_type_of(word);
}

static void
report_supply(struct ews *e, const struct platen_node *item, bool tanks)
{
	static const char *const numbers[] = { "orderPartNumber", "productNumber",
		"orderSelectabilityNumber", "selectabilityNumber", NULL };
	static const char *const states[] = { "levelState", "supplyState", NULL };
	char type[MAX_LINE], label[MAX_LINE], state[MAX_LINE], part[64];
	struct supply s = { .label = part };

	if (platen_find_text(item, "supplyType", type, sizeof(type)) == 0)
		return;
	platen_find_text(item, "supplyColorCode", label, sizeof(label));
	find_first(item, states, state);
	find_first(item, numbers, s.part_number);
	s.color = color_of_label(label);
	s.type = type_of(type, tanks);
	s.state = supply_state_of(state);
	s.percent = percent_of(item);
	s.pages_left = pages_left(item);
	snprintf(part, sizeof(part), "ews-%.16s%s", label[0] != '\0' ? label : type,
		strcmp(s.type, "other") == 0 ? "-head" : "");
	platen_find_text(item, "serialNumber", s.serial, sizeof(s.serial));
	if (!is_serial(s.serial))
		s.serial[0] = '\0';
	parts_report(e, &s);
}

static void
report_supplies(struct ews *e)
{
	static const char where[] = "suppliesList/item";
	const struct platen_node *page = e->pages[SUPPLIES], *item;
	bool tanks = platen_find(page, "suppliesList/item[supplyType=inkTank]") != NULL;

	for (item = platen_find(page, where); item != NULL;
		item = platen_find_next(page, where, item))
		report_supply(e, item, tanks);
}

/* ---- how it is ---- */

static void
report_state(struct ews *e)
{
	static const struct word states[] = {
		{ "ready", "idle" },
		{ "idle", "idle" },
		{ "processing", "printing" },
		{ "inPowerSave", "sleep" },
		{ "initializing", "warmup" },
		{ "error", "down" },
	};
	char word[MAX_LINE];

	if (platen_find_text(e->pages[STATUS], "status", word, sizeof(word)) > 0)
		say_text(e, "status.state", NULL, word_means(states, COUNT(states), word, ""));
}

static void
report_alerts(struct ews *e)
{
	static const struct word severities[] = {
		{ "error", "critical" },
		{ "critical", "critical" },
		{ "warning", "warning" },
	};
	const struct platen_node *page = e->pages[ALERTS], *n = platen_find(page, "alerts/item");
	char severity[MAX_LINE], part[32];
	uint32_t parts = 0;

	for (; n != NULL && !e->alerts && parts < MAX_SUPPLIES;
		n = platen_find_next(page, "alerts/item", n)) {
		const char *word;

		platen_find_text(n, "severity", severity, sizeof(severity));
		word = word_means(severities, COUNT(severities), severity, "");
		if (word[0] == '\0')
			continue;
		snprintf(part, sizeof(part), "ews-%u", ++parts);
		say_text(e, "alert.severity", part, word);
		say_found_text(e, "alert.text", part, n, "category");
	}
}

/* ---- how it is secured ---- */

static void
report_security(struct ews *e)
{
	static const struct word set[] = { { "true", "set" }, { "false", "not-set" } };
	static const struct word on[] = { { "true", "on" }, { "false", "off" } };
	char text[MAX_LINE];

	if (platen_find_text(e->pages[ADMIN], "passwordSet", text, sizeof(text)) > 0)
		say_text(e, "security.admin_password", NULL, word_means(set, COUNT(set), text, ""));
	if (platen_find_text(e->pages[PROXY], "httpProxy/enabled", text, sizeof(text)) > 0)
		say_text(e, "security.web_proxy", NULL, word_means(on, COUNT(on), text, ""));
}

static void
report(struct ews *e)
{
	report_identity(e);
	report_security(e);
	report_families(e);
	say_counters(e, e->pages[COUNTERS], counters, COUNT(counters));
	report_sizes(e);
	report_supplies(e);
	report_state(e);
	report_alerts(e);
}

static const struct document services = { "/cdm/servicesDiscovery", FORM_JSON, false };

const struct dialect cdm = {
	.name = "CDM",
	.probe = &services,
	.is = is_cdm,
	.documents = {
		[IDENTITY] = { "/cdm/system/v1/identity", FORM_JSON, false },
		[COUNTERS] = { "/cdm/deviceUsage/v1/lifetimeCounters", FORM_JSON, false },
		[SUPPLIES] = { "/cdm/supply/v1/suppliesPublic", FORM_JSON, false },
		[STATUS] = { "/cdm/system/v1/status", FORM_JSON, false },
		[ALERTS] = { "/cdm/alert/v1/alerts", FORM_JSON, false },
		[ADMIN] = { "/cdm/security/v1/deviceAdminConfig", FORM_JSON, true },
		[PROXY] = { "/cdm/network/v1/proxyConfig", FORM_JSON, true },
	},
	.report = report,
};
