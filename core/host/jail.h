/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail.h - what the process of a plugin may still do, less at every step.
 *
 *   jail_limits   memory, files, no core
 *   jail_close    before the plugin's first byte: only libraries and the
 *                 plugin's folder can be read, nothing else exists
 *   jail_tighten  the plugin is loaded: no file can be opened any more
 *
 * A database sink whose section grants platen.network/1 keeps as much of files and
 * sockets as the plan names, also when it is loaded.
 *
 * Forbidden system calls end the process with SIGSYS, so that its parent can
 * say what happened; calls that libraries try without need just fail.
 */
#ifndef PLATEN_HOST_JAIL_H
#define PLATEN_HOST_JAIL_H

#include "base/base.h"

/* Descriptors the process may have open. */
#define MAX_HOST_FILES 32

/* Files a database sink may be given to read. */
#define MAX_JAIL_FILES 8

/* How far it opens. */
struct jail_plan {
	const char *plugin; /* the file to be loaded later */
	const char *folder; /* a file in the folder that it may write; NULL: none */
	bool sockets;
	uint32_t nfiles;
	const char *files[MAX_JAIL_FILES]; /* it may read, with sockets */
};

/* Does this kernel keep files from the jail (landlock)?  false: why says what is missing. */
bool jail_whole(struct why *);

bool jail_limits(const struct jail_plan *, struct why *);
/* require: everything or nothing. */
bool jail_close(const struct jail_plan *, bool require, struct why *);
bool jail_tighten(const struct jail_plan *, struct why *);

#endif
