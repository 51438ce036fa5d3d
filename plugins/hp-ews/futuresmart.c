/* SPDX-License-Identifier: Apache-2.0 */
/*
 * futuresmart.c - the pages of HP's Enterprise and Managed printers.
 *
 * Their words change with the language, the ids of their cells do not: only ids
 * are looked at.  "Equivalent" impressions count an A3 page as two and have
 * tenths; they are meters of their own and never taken for impressions.
 */
#include "ews.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PAGES "/hp/device/InternalPages/Index?id="

enum { USAGE, SUPPLIES, CONFIG };

/* The text of the element with this id. */
static bool
by_id(const struct platen_node *page, const char *id, char out[static MAX_LINE])
{
	char path[MAX_LINE + 16];

	out[0] = '\0';
	snprintf(path, sizeof(path), "//*[@id=%s]", id);
	return platen_find_text(page, path, out, MAX_LINE) > 0;
}

static bool
is_usage(const struct platen_node *page)
{
	static const char start[] = "UsagePage.";
	const struct platen_node *n = platen_find(page, "//@id");

	for (; n != NULL; n = platen_find_next(page, "//@id", n))
		if (n->text != NULL && strncmp(n->text, start, strlen(start)) == 0)
			return true;
	return false;
}

/* ---- who it is ---- */

static void
report_identity(struct ews *e)
{
	static const struct {
		int page;
		const char *id, *metric;
	} facts[] = {
		{ USAGE, "UsagePage.DeviceInformation.DeviceSerialNumber", "device.serial" },
		{ USAGE, "UsagePage.DeviceInformation.ProductName", "device.model" },
		{ CONFIG, "ConfigurationPage.DeviceInformation.DeviceSerialNumber",
			"device.serial" },
		{ CONFIG, "ConfigurationPage.DeviceInformation.FirmwareRevision",
			"device.firmware" },
	};
	char text[MAX_LINE];

	for (size_t i = 0; i < COUNT(facts); i++) {
		bool serial = strcmp(facts[i].metric, "device.serial") == 0;

		if (!by_id(e->pages[facts[i].page], facts[i].id, text) ||
			(serial && !is_serial(text)))
			continue;
		say_text(e, facts[i].metric, NULL, strncmp(text, "HP ", 3) == 0 ? text + 3 : text);
	}
}

/* ---- what it has counted ---- */

static const struct {
	const char *id, *metric;
	bool tenths;
} counters[] = {
	{ "UsagePage.ImpressionsByMediaSizeTable.Print.TotalTotal", "meter.print.total", false },
	{ "UsagePage.ImpressionsByMediaSizeTable.Copy.TotalTotal", "meter.copy.total", false },
	{ "UsagePage.ImpressionsByMediaSizeTable.Fax.TotalTotal", "meter.fax.total", false },
	{ "UsagePage.EquivalentImpressionsTable.Total.Total", "meter.equivalent.total", true },
	{ "UsagePage.EquivalentImpressionsTable.Total.Monochrome", "meter.equivalent.mono", true },
	{ "UsagePage.EquivalentImpressionsTable.Total.Color", "meter.equivalent.color", true },
};

static void
report_counters(struct ews *e)
{
	char text[MAX_LINE];
	int64_t number;

	for (size_t i = 0; i < COUNT(counters); i++) {
		if (!by_id(e->pages[USAGE], counters[i].id, text))
			continue;
		if (counters[i].tenths ? number_tenths(text, &number) : number_whole(text, &number))
			say_number(e, counters[i].metric, NULL,
				counters[i].tenths ? "tenths-of-impressions" : "impressions",
				number);
	}
}

/* The sizes of ids, "...Print.Letter.Total", as PWG 5101.1 names them. */
static const struct word sizes[] = {
	{ "Letter", "na_letter_8.5x11in" },
	{ "Legal", "na_legal_8.5x14in" },
	{ "Executive", "na_executive_7.25x10.5in" },
	{ "Statement", "na_invoice_5.5x8.5in" },
	{ "Tabloid", "na_ledger_11x17in" },
	{ "Ledger", "na_ledger_11x17in" },
	{ "11x17", "na_ledger_11x17in" },
	{ "A3", "iso_a3_297x420mm" },
	{ "A4", "iso_a4_210x297mm" },
	{ "A5", "iso_a5_148x210mm" },
	{ "A6", "iso_a6_105x148mm" },
	{ "B4JIS", "jis_b4_257x364mm" },
	{ "B5JIS", "jis_b5_182x257mm" },
};

/* "UsagePage.ImpressionsByMediaSizeTable.Print.A4.Total": the size, NULL: another cell. */
static const char *
size_of_id(const char *id)
{
	static const char start[] = "UsagePage.ImpressionsByMediaSizeTable.Print.";
	static const char end[] = ".Total";
	size_t n = strlen(id), s = strlen(start), t = strlen(end);
	char name[32];

	if (n <= s + t || n - s - t >= sizeof(name) || strncmp(id, start, s) != 0 ||
		strcmp(id + n - t, end) != 0)
		return NULL;
	memcpy(name, id + s, n - s - t);
	name[n - s - t] = '\0';
	return word_means(sizes, COUNT(sizes), name, NULL);
}

static void
report_sizes(struct ews *e)
{
	struct size_counter *found = host->alloc(e->visit, MAX_SIZES * sizeof(*found));
	const struct platen_node *page = e->pages[USAGE], *id = platen_find(page, "//@id");
	char text[MAX_LINE];
	size_t n = 0;

	for (; id != NULL && found != NULL && n < MAX_SIZES;
		id = platen_find_next(page, "//@id", id)) {
		const char *size = id->text != NULL ? size_of_id(id->text) : NULL;

		if (size == NULL || platen_find_text(id->parent, NULL, text, sizeof(text)) == 0 ||
			!number_whole(text, &found[n].number))
			continue;
		found[n].size = size;
		found[n++].counter = id->text; /* each cell is a count of its own */
	}
	say_sizes(e, found, n);
}

/* ---- what it uses up ---- */

/* "45%", "45 %*": the digits; "<10%", "--": nothing. */
static int64_t
percent_of(const char *text)
{
	size_t n = strspn(text, "0123456789");
	int64_t percent = 0;

	if (n == 0 || n > 3 || text[n + strspn(text + n, " ")] != '%')
		return PLATEN_NONE;
	for (size_t i = 0; i < n; i++)
		percent = percent * 10 + (text[i] - '0');
	return percent <= 100 ? percent : PLATEN_NONE;
}

static const struct {
	const char *id, *label, *color, *type;
} cartridges[] = {
	{ "BlackCartridge1", "ews-K", "black", "toner-cartridge" },
	{ "CyanCartridge1", "ews-C", "cyan", "toner-cartridge" },
	{ "MagentaCartridge1", "ews-M", "magenta", "toner-cartridge" },
	{ "YellowCartridge1", "ews-Y", "yellow", "toner-cartridge" },
	{ "BlackDrumCartridge1", "ews-K-drum", "black", "opc" },
	{ "CyanDrumCartridge1", "ews-C-drum", "cyan", "opc" },
	{ "MagentaDrumCartridge1", "ews-M-drum", "magenta", "opc" },
	{ "YellowDrumCartridge1", "ews-Y-drum", "yellow", "opc" },
};

static bool
cell(struct ews *e, const char *cartridge, const char *what, char out[static MAX_LINE])
{
	char id[MAX_LINE];

	snprintf(id, sizeof(id), "%s-%s", cartridge, what);
	return by_id(e->pages[SUPPLIES], id, out);
}

static void
report_supplies(struct ews *e)
{
	for (size_t i = 0; i < COUNT(cartridges); i++) {
		const char *id = cartridges[i].id;
		struct supply s = { .state = "", .pages_left = PLATEN_NONE };
		char level[MAX_LINE], text[MAX_LINE];
		int64_t pages;

		if (!cell(e, id, "Header_Level", level))
			continue;
		s.label = cartridges[i].label;
		s.color = cartridges[i].color;
		s.type = cartridges[i].type;
		s.percent = percent_of(level);
		if (!cell(e, id, "InstalledPartNumber", s.part_number))
			cell(e, id, "Header_OrderNumber", s.part_number);
		if (cell(e, id, "EstimatedPagesRemaining", text) && number_whole(text, &pages))
			s.pages_left = pages;
		if (!cell(e, id, "SerialNumber", s.serial) || !is_serial(s.serial))
			s.serial[0] = '\0';
		parts_report(e, &s);
	}
}

static void
report(struct ews *e)
{
	report_identity(e);
	report_counters(e);
	report_sizes(e);
	report_supplies(e);
}

const struct dialect futuresmart = {
	.name = "FutureSmart",
	.is = is_usage,
	.documents = {
		[USAGE] = { PAGES "UsagePage", FORM_HTML, false },
		[SUPPLIES] = { PAGES "SuppliesStatus", FORM_HTML, false },
		[CONFIG] = { PAGES "ConfigurationPage", FORM_HTML, false },
	},
	.report = report,
};
