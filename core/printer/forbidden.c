/* SPDX-License-Identifier: Apache-2.0 */
/* forbidden.c - the list of what is never asked; see forbidden.h. */
#include "printer/forbidden.h"

static const char *const forbidden[] = {
	"1.3.6.1.4.1.1248.1.2.2.44", /* Epson: commands, also to the EEPROM */
	"1.3.6.1.4.1.1347.47", /* Kyocera: jobs */
	"1.3.6.1.4.1.367.3.2.1.3", /* Ricoh: jobs */
	"1.3.6.1.4.1.18334.1.1.4", /* Konica Minolta: jobs */
	"1.3.6.1.4.1.253.8.59", /* Xerox: jobs */
	"1.3.6.1.4.1.253.8.51.5", /* Xerox: jobs */
	"1.3.6.1.4.1.683.6.2.6", /* Zebra: jobs */
	"1.3.6.1.4.1.10642.30", /* Zebra: jobs */
	"1.3.6.1.4.1.2699.1.1", /* Job Monitoring MIB (RFC 2707) */
};

/* All of the list is below it, and little of what is asked. */
static const uint32_t enterprises[] = { 1, 3, 6, 1, 4, 1 };

/* The list as OIDs. */
static const struct oid *
roots(void)
{
	static struct oid parsed[COUNT(forbidden)];

	for (size_t i = 0; i < COUNT(forbidden) && parsed[i].n == 0; i++)
		if (!oid_parse(forbidden[i], &parsed[i]) ||
			!oid_below(parsed[i].sub, parsed[i].n, enterprises, COUNT(enterprises)))
			die("forbidden.c: \"%s\" is no OID of a maker", forbidden[i]);
	return parsed;
}

static bool
is_forbidden(const struct platen_oid *oid, bool column)
{
	const struct oid *root = roots();

	if (oid->n >= COUNT(enterprises) &&
		!oid_below(oid->sub, oid->n, enterprises, COUNT(enterprises)))
		return false;
	for (size_t i = 0; i < COUNT(forbidden); i++)
		if (oid_below(oid->sub, oid->n, root[i].sub, root[i].n) ||
			(column && oid_below(root[i].sub, root[i].n, oid->sub, oid->n)))
			return true;
	return false;
}

bool
question_forbidden(const struct question *q)
{
	for (uint32_t i = 0; i < q->n; i++)
		if (is_forbidden(&q->oids[i], q->kind == ASK_TABLE))
			return true;
	return false;
}
