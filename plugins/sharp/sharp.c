/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sharp.c - the counters of Sharp's MFPs and printers, by the names the machine gives them.
 *
 * One table of value and name.  Its rows are group, type and number, of which the groups
 * mean different things in different models: only the name is read.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define COUNTERS(column) PLATEN_OID(1, 3, 6, 1, 4, 1, 2385, 1, 1, 19, 2, 1, column)

static const struct platen_word names[] = {
	{ "Black & White Total Count", "meter.mono", NULL },
	{ "Full Color Total Count", "meter.color", NULL },
	{ "Two Color Total Count", "meter.two-color", NULL },
	{ "Single Color Total Count", "meter.single-color", NULL },
	{ "Duplex", "meter.duplex", "unknown" }, /* sheets or sides: nobody says */
	{ "Prints", "meter.print.total", NULL },
	{ "Black & White Print Count", "meter.print.mono", NULL },
	{ "Full Color Print Count", "meter.print.color", NULL },
	{ "Two Color Print Count", "meter.print.two-color", NULL },
	{ "Single Color Print Count", "meter.print.single-color", NULL },
	{ "Copies", "meter.copy.total", NULL },
	{ "Black & White Copy Count", "meter.copy.mono", NULL },
	{ "Full Color Copy Count", "meter.copy.color", NULL },
	{ "Two Color Copy Count", "meter.copy.two-color", NULL },
	{ "Single Color Copy Count", "meter.copy.single-color", NULL },
	{ "Scan to E-mail/FTP", "meter.scan.total", "images" }, /* what was sent */
	{ "Document Feeder", "meter.scan.adf", "sheets" },
	{ "Black & White Scanner Count", "meter.scan.mono", "images" },
	{ "Full Color Scanner Count", "meter.scan.color", "images" },
	{ NULL, NULL, NULL },
};

static const struct platen_row rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT,
		PLATEN_OID(1, 3, 6, 1, 4, 1, 2385, 2, 1, 3, 2, 1, 4, 13501, 1302, 1),
		.metric = "device.model", .spare = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, COUNTERS(3), .unit = "impressions",
		.name = COUNTERS(4), .words = names },
	{ 0 },
};

static const struct platen_table table = { .rows = rows };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "2385", NULL };
	static const char *const badges[] = { "Sharp", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.4.1.2385.1.1.19.2.1.3",
	"oid 1.3.6.1.4.1.2385.1.1.19.2.1.4",
	"oid 1.3.6.1.4.1.2385.2.1.3.2.1.4.13501",
	NULL,
};

PLATEN_TABLE_PLUGIN("sharp", "0.1", "counters by function and colour of Sharp", reach, NULL);
