/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settle.h - who is this printer?  By serial number, else MAC, else address.
 *
 * A printer that moved keeps its id; another serial number at an old address is
 * another printer.  A reading that lacks the serial number, the MAC or the maker
 * this once does not make a new printer of an old one.
 */
#ifndef PLATEN_SETTLE_H
#define PLATEN_SETTLE_H

#include "store/registry.h"

/* The id by serial number, MAC or address, whichever of them p has, best first. */
void settle_name(const struct printer *p, char id[static PRINTER_ID]);

/* Told of a swap or a move, as a note of the record. */
typedef void settle_note_fn(void *arg, const char *kind, const char *text);

/*
 * known: what was remembered at this address (id "" : nothing).  now: the same
 * address with what was read; its id is set.  registry NULL: nothing is remembered.
 */
void settle_identity(struct registry *, const struct printer *known, struct printer *now,
	settle_note_fn *note, void *arg);

#endif
