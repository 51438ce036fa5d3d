/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h - what `platen doctor` looks at: the site (doctor_site.c), the ways to
 * the dealer (doctor_ways.c), the printers (doctor_printer.c).  Each thing that
 * was looked at is one finding, told as it is known.
 */
#ifndef PLATEN_DOCTOR_H
#define PLATEN_DOCTOR_H

#include "config/config.h"
#include "record.h"

enum verdict {
	VERDICT_GOOD,
	VERDICT_BAD, /* stands in the way, or is not as it should be */
	VERDICT_UNKNOWN /* cannot be known from here */
};

struct finding {
	const char *about; /* "site", "sink NAME", or a printer's address */
	const char *check; /* "clock", "certificate" */
	enum verdict verdict;
	const char *text; /* what was found */
	const char *mend; /* what to do, "" : nothing */
};

struct doctor {
	const struct config *config;
	const char *pins; /* the agent's, or NULL: see pins_error */
	int pins_error; /* errno */
	void (*tell)(void *arg, const struct finding *);
	void *arg;
};

void doctor_tell(struct doctor *, const char *about, const char *check, enum verdict,
	const char *mend, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* Clock, disk, state folder, jail. */
void doctor_site(struct doctor *);

/* Every server of every sink, by the proxy of the INI and without it. */
void doctor_ways(struct doctor *);

/* What a visit found; learned is the lan role's text about the printer. */
void doctor_printer(struct doctor *, const char *address, const struct visited *,
	const char *learned);

/* Nobody answered there, or not to us. */
void doctor_silent(struct doctor *, const char *target, const char *how);

#endif
