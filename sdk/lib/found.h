/* SPDX-License-Identifier: Apache-2.0 */
/* found.h - readings of a table that wait for their report, for table.c alone. */
#ifndef PLATEN_FOUND_H
#define PLATEN_FOUND_H

#include "supplies.h"

/* A reading that waits for its report. */
struct found {
	struct found *next;
	const char *metric, *part, *unit, *text; /* part is never NULL */
	const char *from; /* its object, or what it is the sum of; NULL: too long to say */
	int64_t number, full;
	uint32_t rank; /* the lower counts: place of its row, then of its word */
	bool doubtful;
	bool added, confirmed; /* made of pieces; and a sum that has it holds */
	bool sure;
	bool piece; /* one of many: more of the same rank is added to it */
};

/* All of one visit. */
struct finds {
	const struct platen_host *host;
	struct platen_visit *visit;
	const struct platen_table *table;
	uint32_t nfound;
	struct found *found, **end;
	struct platen_supplies *supplies; /* NULL: no row speaks of them */
};

/* How the part of a PLATEN_SUPPLY begins until it is known which one it is. */
#define DESCRIBED '\001' /* its description follows */
#define PLACED '\002' /* its place follows, decimal */
#define ONLY_TONER (PLATEN_ONLY_TONER[0])

/* A copy in memory of the visit; NULL: there is none left. */
const char *platen_found_keep(const struct finds *, const char *text);

/* Take what a row told; contents are copied. */
void platen_found_add(struct finds *, const struct found *);

/* A line of why a metric is not reported. */
void platen_found_say(const struct platen_host *, int32_t level, const char *metric,
	const char *what);

/* Add up, check, and report what holds. */
void platen_found_report(struct finds *);

#endif
