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

/* The list as OIDs. */
static const struct oid *
roots(void)
{
	static struct oid parsed[COUNT(forbidden)];

	for (size_t i = 0; i < COUNT(forbidden) && parsed[i].n == 0; i++)
		if (!oid_parse(forbidden[i], &parsed[i]))
			die("forbidden.c: \"%s\" is no OID", forbidden[i]);
	return parsed;
}

bool
question_forbidden(const struct question *q)
{
	const struct oid *root = roots();

	for (size_t i = 0; i < COUNT(forbidden); i++) {
		const struct oid *f = &root[i];

		for (uint32_t k = 0; k < q->n; k++)
			if (oid_below(q->oids[k].sub, q->oids[k].n, f->sub, f->n) ||
				(q->kind == ASK_TABLE &&
					oid_below(f->sub, f->n, q->oids[k].sub, q->oids[k].n)))
				return true;
	}
	return false;
}
