/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ledm.c - LEDM: XML documents below /DevMgmt/, of LaserJet Pro, OfficeJet,
 * PageWide and their like from about 2010 to 2022.
 *
 * Names occur dozens of times in a document (TotalImpressions of every
 * cartridge, the schema's Revision before the firmware's), so each value is
 * taken by its whole path.  Counts by page description language or of former
 * cartridges are no meters and are not read.
 */
#include "ews.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { CONFIG, USAGE, CONSUMABLES, STATUS, NETWORK };

static bool
is_tree(const struct platen_node *page)
{
	return platen_find(page, "DiscoveryTree") != NULL;
}

static bool
has(const struct platen_node *tree, const char *path)
{
	static const char where[] = "DiscoveryTree/SupportedTree/ResourceURI";
	const struct platen_node *n = platen_find(tree, where);
	char uri[MAX_LINE];

	for (; n != NULL; n = platen_find_next(tree, where, n))
		if (platen_find_text(n, NULL, uri, sizeof(uri)) > 0 && strcmp(uri, path) == 0)
			return true;
	return false;
}

/* ---- who it is ---- */

static void
report_identity(struct ews *e)
{
	const struct platen_node *page = e->pages[CONFIG];
	const struct platen_node *info = platen_find(page, "ProductConfigDyn/ProductInformation");
	char text[MAX_LINE];

	if (platen_find_text(info, "SerialNumber", text, sizeof(text)) > 0 && is_serial(text))
		say_text(e, "device.serial", NULL, text);
	if (platen_find_text(info, "MakeAndModel", text, sizeof(text)) > 0) {
		say_text(e, "device.manufacturer", NULL, "HP");
		say_text(e, "device.model", NULL, strncmp(text, "HP ", 3) == 0 ? text + 3 : text);
	}
	if (platen_find(info, "Version/Revision") != NULL)
		say_found_text(e, "device.firmware", NULL, info, "Version/Revision");
	else
		say_found_text(e, "device.firmware", NULL, info, "Version/Date");
	say_found_text(e, "device.asset", NULL, page,
		"ProductConfigDyn/ProductSettings/AssetNumber");
}

/* ---- what it has counted ---- */

static const struct counter counters[] = {
	{ "PrinterSubunit/TotalImpressions", "meter.total", "impressions" },
	{ "PrinterSubunit/MonochromeImpressions", "meter.mono", "impressions" },
	{ "PrinterSubunit/ColorImpressions", "meter.color", "impressions" },
	{ "PrinterSubunit/DuplexSheets", "meter.duplex", "sheets" },
	{ "CopyApplicationSubunit/TotalImpressions", "meter.copy.total", "impressions" },
	{ "CopyApplicationSubunit/MonochromeImpressions", "meter.copy.mono", "impressions" },
	{ "CopyApplicationSubunit/ColorImpressions", "meter.copy.color", "impressions" },
	{ "FaxApplicationSubunit/TotalImpressions", "meter.fax.total", "impressions" },
	{ "ScannerEngineSubunit/ScanImages", "meter.scan.total", "images" },
	{ "ScannerEngineSubunit/AdfImages", "meter.scan.adf", "images" },
	{ "ScannerEngineSubunit/FlatbedImages", "meter.scan.flatbed", "images" },
};

/* More than the engine ever printed is some other count. */
static void
report_printed(struct ews *e, const struct platen_node *usage)
{
	int64_t total, printed;

	if (platen_find_number(usage, "PrinterSubunit/TotalImpressions", 0, &total) &&
		platen_find_number(usage, "PrintApplicationSubunit/TotalImpressions", 0,
			&printed) &&
		printed <= total)
		say_number(e, "meter.print.total", NULL, "impressions", printed);
}

/* PEID names the counter behind a number; it is an attribute of the number, or stands beside it. */
static const char *
counter_of(const struct platen_node *media)
{
	const struct platen_node *n = platen_find(media, "TotalImpressions/@PEID");

	if (n == NULL)
		n = platen_find(media, "@PEID");
	if (n == NULL)
		n = platen_find(media, "PEID/*");
	return n != NULL && n->text != NULL ? n->text : "";
}

static void
report_sizes(struct ews *e, const struct platen_node *usage)
{
	static const char where[] = "PrinterSubunit/UsageByMedia";
	struct size_counter *sizes = host->alloc(e->visit, MAX_SIZES * sizeof(*sizes));
	const struct platen_node *media = platen_find(usage, where);
	size_t n = 0;

	for (; media != NULL && sizes != NULL && n < MAX_SIZES;
		media = platen_find_next(usage, where, media)) {
		char *size = host->alloc(e->visit, MAX_LINE);

		if (size == NULL || platen_find_text(media, "MediaSizeName", size, MAX_LINE) == 0 ||
			!platen_find_number(media, "TotalImpressions", 0, &sizes[n].number))
			continue;
		sizes[n].size = size;
		sizes[n++].counter = counter_of(media);
	}
	say_sizes(e, sizes, n);
}

static void
report_usage(struct ews *e)
{
	const struct platen_node *usage = platen_find(e->pages[USAGE], "ProductUsageDyn");

	say_counters(e, usage, counters, COUNT(counters));
	report_printed(e, usage);
	report_sizes(e, usage);
}

/* ---- what it uses up ---- */

/* 0 percent of what was not measured is unknown, not empty. */
static int64_t
percent_of(const struct platen_node *info)
{
	char measured[MAX_LINE];
	int64_t percent;

	if (!platen_find_number(info, "ConsumablePercentageLevelRemaining", 0, &percent) ||
		percent > 100)
		return PLATEN_NONE;
	if (percent == 0 &&
		platen_find_text(info, "ConsumableLifeState/MeasuredQuantityState", measured,
			sizeof(measured)) > 0 &&
		strcasecmp(measured, "unknown") == 0)
		return PLATEN_UNKNOWN;
	return percent;
}

/* By colour, of ProductUsageDyn; what ConsumableConfigDyn estimates is a full cartridge's. */
static int64_t
pages_left(struct ews *e, const char *color)
{
	static const char where[] = "ProductUsageDyn/ConsumableSubunit/Consumable";
	const struct platen_node *page = e->pages[USAGE], *n = platen_find(page, where);
	char name[MAX_LINE];
	int64_t found = PLATEN_NONE, pages;

	for (; n != NULL && color[0] != '\0'; n = platen_find_next(page, where, n)) {
		if (platen_find_text(n, "MarkerColor", name, sizeof(name)) == 0 ||
			strcmp(color_of_label(name), color) != 0 ||
			!platen_find_number(n, "EstimatedPagesRemaining", 0, &pages))
			continue;
		if (found != PLATEN_NONE)
			return PLATEN_NONE; /* two of one colour */
		found = pages;
	}
	return found;
}

/* A clock that was never set begins in 1976. */
static void
find_day(const struct platen_node *info, char out[static MAX_LINE])
{
	platen_find_text(info, "Installation/Date", out, MAX_LINE);
	if (strncmp(out, "1976", 4) == 0)
		out[0] = '\0';
}

static void
report_consumable(struct ews *e, const struct platen_node *info)
{
	char label[MAX_LINE], type[MAX_LINE], state[MAX_LINE], part[MAX_LINE];
	struct supply s = { .label = part };

	if (platen_find_text(info, "ConsumableTypeEnum", type, sizeof(type)) == 0)
		return;
	platen_find_text(info, "ConsumableLabelCode", label, sizeof(label));
	platen_find_text(info, "ConsumableLifeState/ConsumableState", state, sizeof(state));
	snprintf(part, sizeof(part), "ews-%.16s", label[0] != '\0' ? label : type);
	s.color = color_of_label(label);
	s.type = supply_type_of(type);
	s.state = supply_state_of(state);
	s.percent = percent_of(info);
	s.pages_left = pages_left(e, s.color);
	find_day(info, s.installed);
	platen_find_text(info, "ConsumableFamilyName", s.description, sizeof(s.description));
	platen_find_text(info, "ProductNumber", s.part_number, sizeof(s.part_number));
	platen_find_text(info, "SerialNumber", s.serial, sizeof(s.serial));
	if (!is_serial(s.serial))
		s.serial[0] = '\0';
	parts_report(e, &s);
}

static void
report_consumables(struct ews *e)
{
	static const char where[] = "ConsumableConfigDyn/ConsumableInfo";
	const struct platen_node *page = e->pages[CONSUMABLES], *info = platen_find(page, where);

	for (; info != NULL; info = platen_find_next(page, where, info))
		report_consumable(e, info);
}

/* ---- how it is ---- */

static const struct word states[] = {
	{ "ready", "idle" },
	{ "processing", "printing" },
	{ "copying", "printing" },
	{ "inPowerSave", "sleep" },
	{ "initializing", "warmup" },
	{ "hardError", "down" },
	{ "shuttingDown", "down" },
};

static const struct word errors[] = {
	{ "closeDoorOrCover", "door-open" },
	{ "trayEmptyOrOpen", "input-tray-empty" },
	{ "nomediainstalled", "no-paper" },
	{ "jamInPrinter", "jammed" },
	{ "outputBinFull", "output-full" },
	{ "cartridgeMissing", "marker-supply-missing" },
	{ "missingPrintHead", "marker-supply-missing" },
	{ "cartridgeVeryLow", "low-toner" },
};

static void
report_state(struct ews *e)
{
	static const char where[] = "ProductStatusDyn/Status/StatusCategory";
	const struct platen_node *page = e->pages[STATUS], *n = platen_find(page, where);
	char word[MAX_LINE], part[32];
	uint32_t parts = 0;

	for (; n != NULL && parts < MAX_SUPPLIES; n = platen_find_next(page, where, n)) {
		if (platen_find_text(n, NULL, word, sizeof(word)) == 0)
			continue;
		say_text(e, "status.state", NULL, word_means(states, COUNT(states), word, ""));
		snprintf(part, sizeof(part), "ews-%u", ++parts);
		if (!e->alerts)
			say_text(e, "status.error", part,
				word_means(errors, COUNT(errors), word, ""));
	}
}

/* What the Printer-MIB would have in its table of alerts, where it has none. */
static void
report_alerts(struct ews *e)
{
	static const char where[] = "ProductStatusDyn/AlertTable/Alert";
	static const struct word severities[] = {
		{ "Error", "critical" },
		{ "Warning", "warning" },
	};
	const struct platen_node *page = e->pages[STATUS], *n = platen_find(page, where);
	char severity[MAX_LINE], part[32];
	uint32_t parts = 0;

	for (; n != NULL && !e->alerts && parts < MAX_SUPPLIES;
		n = platen_find_next(page, where, n)) {
		const char *word;

		platen_find_text(n, "Severity", severity, sizeof(severity));
		word = word_means(severities, COUNT(severities), severity, "");
		if (word[0] == '\0')
			continue;
		snprintf(part, sizeof(part), "ews-%u", ++parts);
		say_text(e, "alert.severity", part, word);
		say_found_text(e, "alert.text", part, n, "ProductStatusAlertID");
	}
}

/* ---- how it is secured ---- */

static void
report_security(struct ews *e)
{
	static const struct word words[] = { { "set", "set" }, { "notSet", "not-set" } };
	const struct platen_node *info =
		platen_find(e->pages[CONFIG], "ProductConfigDyn/ProductInformation");
	const struct platen_node *proxy = platen_find(e->pages[NETWORK], "NetAppsDyn/ProxyConfig");
	char text[MAX_LINE];
	int64_t port = 0;

	if (platen_find_text(info, "PasswordStatus", text, sizeof(text)) > 0)
		say_text(e, "security.admin_password", NULL,
			word_means(words, COUNT(words), text, ""));
	if (proxy == NULL)
		return;
	platen_find_number(proxy, "Port", 0, &port);
	say_text(e, "security.web_proxy", NULL,
		port > 0 && platen_find_text(proxy, "ResourceURI", text, sizeof(text)) > 0 ? "on"
											   : "off");
}

static void
report(struct ews *e)
{
	report_identity(e);
	report_security(e);
	report_usage(e);
	report_consumables(e);
	report_state(e);
	report_alerts(e);
}

static const struct document tree = { "/DevMgmt/DiscoveryTree.xml", FORM_XML, false };

const struct dialect ledm = {
	.name = "LEDM",
	.probe = &tree,
	.is = is_tree,
	.has = has,
	.documents = {
		[CONFIG] = { "/DevMgmt/ProductConfigDyn.xml", FORM_XML, false },
		[USAGE] = { "/DevMgmt/ProductUsageDyn.xml", FORM_XML, false },
		[CONSUMABLES] = { "/DevMgmt/ConsumableConfigDyn.xml", FORM_XML, false },
		[STATUS] = { "/DevMgmt/ProductStatusDyn.xml", FORM_XML, false },
		[NETWORK] = { "/DevMgmt/NetAppsDyn.xml", FORM_XML, true },
	},
	.report = report,
};
