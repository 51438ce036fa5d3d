/* SPDX-License-Identifier: Apache-2.0 */
/*
 * look.h - what plugins ask and read in a visit, for people: the words and
 * figures that `replay --verbose` and `platen plugins FILE.so` share.
 */
#ifndef PLATEN_LOOK_H
#define PLATEN_LOOK_H

#include "visit.h"

#include <stdio.h>

/*
 * Packets a question takes on the wire, by its answer: requests with 48 objects
 * each, or with the 16 that a printer is asked for first.  A table takes one
 * more row, in which its end is seen.  0: it is not asked over SNMP.
 */
struct packets {
	uint32_t least, most;
};
struct packets packets_needed(const struct question *, const struct answer *);

/* "answered", "outside its reach, not asked": a status of platen/plugin.h. */
const char *status_word(int32_t status);

/* "1234 impressions", "42 of 100 percent", "unknown", or its text. */
void reading_say(const struct platen_reading *, struct buf *out);

/* Words in lines of the terminal's width, from column at on; further lines begin at indent. */
void print_words(FILE *out, const char *words, int at, int indent);

/* Prints all of it to out; scrapers name the plugins. */
struct look {
	FILE *out;
	const struct scrapers *scrapers;
	struct packets packets;
	uint32_t questions, pages, refused;
};
struct visit_witness look_witness(struct look *);
/* The sum, behind the last line. */
void look_end(const struct look *);

#endif
