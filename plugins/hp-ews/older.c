/* SPDX-License-Identifier: Apache-2.0 */
/*
 * older.c - LaserJets of the years before LEDM: one small XML document, and a
 * page of labels and values in the language the printer is set to.
 *
 * The page is read in English only.  In other languages its labels say nothing
 * that could be relied on; the meters then are those of SNMP.
 */
#include "ews.h"

#include <string.h>

enum { CONFIG, PAGE };

static bool
is_config(const struct platen_node *page)
{
	return platen_find(page, "ConfigurationPage/ProductInformation") != NULL;
}

static const struct {
	const char *label, *metric;
} labels[] = {
	{ "Total Pages Printed", "meter.total" },
	{ "Color Page Count", "meter.color" },
	{ "Mono Page Count", "meter.mono" },
};

static void
report_page(struct ews *e)
{
	char text[MAX_LINE];
	int64_t number;

	for (size_t i = 0; i < COUNT(labels); i++) {
		const struct platen_node *n = platen_find_beside(e->pages[PAGE], labels[i].label);

		if (platen_find_text(n, NULL, text, sizeof(text)) > 0 &&
			number_whole(text, &number))
			say_number(e, labels[i].metric, NULL, "impressions", number);
	}
}

static void
report(struct ews *e)
{
	const struct platen_node *info =
		platen_find(e->pages[CONFIG], "ConfigurationPage/ProductInformation");
	char text[MAX_LINE];

	if (platen_find_text(info, "ProductSerialNumber", text, sizeof(text)) > 0 &&
		is_serial(text))
		say_text(e, "device.serial", NULL, text);
	if (platen_find_text(info, "ProductName", text, sizeof(text)) > 0)
		say_text(e, "device.model", NULL, strncmp(text, "HP ", 3) == 0 ? text + 3 : text);
	say_found_text(e, "device.firmware", NULL, info, "FirmwareDatecode");
	if (platen_find_text(info, "PasswordSet", text, sizeof(text)) > 0)
		say_text(e, "security.admin_password", NULL,
			strcmp(text, "0") == 0 ? "not-set" : "set");
	report_page(e);
}

const struct dialect older = {
	.name = "older pages",
	.is = is_config,
	.documents = {
		[CONFIG] = { "/hp/device/info_config.xml", FORM_XML, false },
		[PAGE] = { "/hp/device/info_configuration.html", FORM_HTML, false },
	},
	.report = report,
};
