/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xerox.c - the meters of Xerox, Fuji Xerox and FUJIFILM printers, and of those they built
 * for Dell: one table of the XCMI (XEROX-HOST-RESOURCES-EXT-MIB); see README.md.
 *
 * Each meter is an object with a label beside it, and the label decides.  Knows nothing of
 * jobs, accounts and users, and leaves supplies to the Printer-MIB.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define XCMI(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 253, 8, __VA_ARGS__)

/* What the device details call the meters; what is said first counts, where two mean the same. */
static const struct platen_word labels[] = {
	{ "Total Impressions", "meter.total", NULL },
	{ "Black Impressions", "meter.mono", NULL },
	{ "Color Impressions", "meter.color", NULL },
	{ "Sheets", "meter.sheets", "sheets" },
	{ "2 Sided Sheets", "meter.duplex", "sheets" },
	{ "Large Impressions", "meter.large", NULL },
	{ "Black Large Impressions", "meter.large.mono", NULL },
	{ "Color Large Impressions", "meter.large.color", NULL },
	{ "Printed Impressions", "meter.print.total", NULL },
	{ "Black Printed Impressions", "meter.print.mono", NULL },
	{ "Color Printed Impressions", "meter.print.color", NULL },
	{ "Printed 2 Sided Sheets", "meter.print.duplex", "sheets" },
	{ "Black Copied Impressions", "meter.copy.mono", NULL },
	{ "Color Copied Impressions", "meter.copy.color", NULL },
	{ "Fax Impressions", "meter.fax.total", NULL },
	{ "Faxed Impressions", "meter.fax.total", NULL },
	{ "Embedded Fax Impressions", "meter.fax.total", NULL },
	{ "Fax Images Sent", "meter.fax.sent", "images" },
	{ "Embedded Fax Images Sent", "meter.fax.sent", "images" },
	{ "Network Images Sent", "meter.scan.network", "images" },
	{ "Network Scanning Images Sent", "meter.scan.network", "images" },
	{ "E-mail Images Sent", "meter.scan.email", "images" },
	{ NULL, NULL, NULL },
};

/* Lifetime usage (20) of a device: xcmHrDevDetailValueInteger (6), and ...ValueString (8). */
#define METER(device, number)                                                                      \
	{                                                                                          \
		PLATEN_NAMED, PLATEN_AS_NUMBER, XCMI(53, 13, 2, 1, 6, device, 20, number),         \
			.unit = "impressions", .name = XCMI(53, 13, 2, 1, 8, device, 20, number),  \
			.words = labels                                                            \
	}

static const struct platen_row rows[] = {
	/* the printer */
	METER(1, 1),
	METER(1, 7),
	METER(1, 16),
	METER(1, 29),
	METER(1, 33),
	METER(1, 34),
	METER(1, 38),
	METER(1, 39),
	METER(1, 43),
	METER(1, 44),
	METER(1, 47),
	METER(1, 71),
	/* the copier: three ways of numbering it */
	METER(103, 3),
	METER(103, 25),
	METER(11, 3),
	METER(11, 25),
	METER(13, 3),
	METER(13, 25),
	/* the scanner */
	METER(102, 11),
	METER(102, 12),
	METER(10, 11),
	METER(10, 12),
	METER(12, 11),
	METER(12, 12),
	/* the fax */
	METER(104, 13),
	METER(104, 14),
	METER(9, 13),
	METER(9, 14),
	/* xcmGenBaseSystem1284DeviceId; xcmHrDevInfoName */
	{ PLATEN_ONE, PLATEN_AS_TEXT, XCMI(51, 1, 2, 1, 20, 1), .metric = "device.model",
		.before = "MDL:", .after = ";", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, XCMI(53, 3, 2, 1, 2, 1), .metric = "device.model",
		.spare = 1 },
	/* xcmHrDevInfoCustomerAssetNumber */
	{ PLATEN_ONE, PLATEN_AS_TEXT, XCMI(53, 3, 2, 1, 15, 1), .metric = "device.asset" },
	/* xcmHrDevInfoInstallDate */
	{ PLATEN_ONE, PLATEN_AS_DATE, XCMI(53, 3, 2, 1, 8, 1), .metric = "device.installed" },
	/* xcmHrDevInfoSerialNumber is cut short on some: only where the standard has none. */
	{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
		.metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, XCMI(53, 3, 2, 1, 3, 1), .metric = "device.serial" },
	{ 0 },
};

static const struct platen_table table = { .rows = rows };

/* 297 is Fuji Xerox', 128 Tektronix' line; 674.10898.1 and .10 are Dells that Fuji Xerox built. */
static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "253", "297.1.11.93", "258.300.127", "128.2.1.4",
		"674.10898.1", "674.10898.10", NULL };
	static const char *const badges[] = { "Xerox", "Fuji Xerox", "FUJIFILM", "Tektronix",
		NULL };

	if (platen_identity_is_nameless(device))
		return 2; /* labels say whose they are */
	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = {
	"oid 1.3.6.1.2.1.43.5.1.1.17",
	"oid 1.3.6.1.4.1.253.8.51.1.2.1.20",
	"oid 1.3.6.1.4.1.253.8.53.3.2.1.2",
	"oid 1.3.6.1.4.1.253.8.53.3.2.1.3",
	"oid 1.3.6.1.4.1.253.8.53.3.2.1.8",
	"oid 1.3.6.1.4.1.253.8.53.3.2.1.15",
	"oid 1.3.6.1.4.1.253.8.53.13.2.1.6",
	"oid 1.3.6.1.4.1.253.8.53.13.2.1.8",
	NULL,
};

static const struct platen_option options[] = {
	PLATEN_YIELD("meter.total"),
	{ NULL, NULL, NULL },
};

PLATEN_TABLE_PLUGIN("xerox", "1.0", "meters of Xerox, Fuji Xerox and FUJIFILM printers", reach,
	options);
