/* SPDX-License-Identifier: Apache-2.0 */
/*
 * panasonic.c - the counters of Panasonic's KX-MB and KX-MC MFPs, one GET.
 *
 * Larger Panasonics are Fuji Xerox' engines, and its telephone exchanges (258.601) are no
 * printers.  Deliberately not read: what one single program reads, where no sum supports it.
 */
#include <platen/identity.h>
#include <platen/table.h>

#define COUNTER(n, name, what)                                                                     \
	{                                                                                          \
		PLATEN_ONE, PLATEN_AS_NUMBER,                                                      \
			PLATEN_OID(1, 3, 6, 1, 4, 1, 258, 402, 1, 4, 2, 1, 7, n), .metric = name,  \
										  .unit = what     \
	}

static const struct platen_row rows[] = {
	COUNTER(1, "meter.print.total", "impressions"),
	COUNTER(5, "meter.copy.total", "impressions"),
	COUNTER(7, "meter.scan.network", "images"), /* to a PC */
	{ 0 },
};

static const struct platen_table table = { .rows = rows };

static int32_t
match(const struct platen_device *device)
{
	static const char *const numbers[] = { "258.406.2", NULL };
	static const char *const badges[] = { "Panasonic", NULL };

	return platen_identity_match(device, numbers, badges);
}

static const char *const reach[] = { "oid 1.3.6.1.4.1.258.402.1.4.2.1.7", NULL };

PLATEN_TABLE_PLUGIN("panasonic", "0.1", "counters of Panasonic KX-MB and KX-MC", reach, NULL);
