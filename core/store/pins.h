/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pins.h - the TLS keys taken from printers, beside the registry (file "pins" in the state folder),
 * for who is not the agent: `platen doctor` and `platen read` believe the keys that the agent
 * believes, whether it runs or not.  And which printers the operator wants forgotten (file
 * "forget"): their next key is taken as if it were the first.
 *
 * A line of "pins" is "ADDRESS KEY", the last one of an address counts, and "-" is no key.  The
 * agent writes it anew when it starts, from the registry, and adds what it sees.
 */
#ifndef PLATEN_PINS_H
#define PLATEN_PINS_H

#include "store/registry.h"

#define PIN_TEXT 48 /* bytes of a key's SHA-256 in base64, with its NUL */

/* ---- the agent ---- */

/* Forget who is to be forgotten, and write down the keys of the others. */
void pins_begin(const char *folder, struct registry *);
/* What the lan role knows of a printer has changed: add its key if that is new. */
void pins_keep(const char *folder, const char *address, const char *was, const char *learned);
/* Is anybody to be forgotten? */
bool pins_wanted(const char *folder);

/* ---- others ---- */

/* All lines, the caller's; NULL: errno says why, ENOENT: no agent has been here. */
char *pins_read(const char *folder);
/* False: no key of this address is kept. */
bool pins_find(const char *pins, const char *address, char out[static PIN_TEXT]);
/* What the lan role is to know of a printer at this address; pins may be NULL. */
void pins_recall(const char *pins, struct printer *);
/* Let the agent forget it, now if it runs.  False: why says what stands in the way. */
bool pins_forget(const char *folder, const char *address, struct why *);

#endif
