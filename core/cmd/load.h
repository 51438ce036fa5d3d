/* SPDX-License-Identifier: Apache-2.0 */
/* load.h - what commands that need the INI and a loop share. */
#ifndef PLATEN_LOAD_H
#define PLATEN_LOAD_H

#include "config/config.h"

#include <uv.h>

/* The config, or NULL after each fault has been told on stderr. */
struct config *load_config(const char *file);

/* Are all TARGETs of a command line such as an INI may name?  False: each fault has been told. */
bool load_targets(const char *command, char *const *targets, int n);

/* Is address what this TARGET means, as the address or name alone? */
bool target_is(const char *target, const char *address);
/* Does the TARGET mean one address or name, and no range? */
bool target_is_one(const char *target);

/* Run the loop until it is empty and close it. */
void loop_empty(uv_loop_t *);

/* The line "12 % swept, 3 found, 1m left" on a terminal; nothing elsewhere. */
struct progress {
	bool terminal;
	uint64_t began; /* ms */
};
void progress_begin(struct progress *);
void progress_show(struct progress *, uint64_t sent, uint64_t total, uint64_t found);
/* Take the line away, before something else is printed. */
void progress_clear(struct progress *);

#endif
