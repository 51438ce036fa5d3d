/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail.h - what the process of a plugin may still do, less at every step.
 *
 *   jail_limits   memory, files, no core
 *   jail_close    before the plugin's first byte: only libraries and the
 *                 plugin's folder can be read, nothing else exists
 *   jail_tighten  the plugin is loaded: no file can be opened any more
 *
 * Forbidden system calls end the process with SIGSYS, so that its parent can
 * say what happened; calls that libraries try without need just fail.
 */
#ifndef PLATEN_HOST_JAIL_H
#define PLATEN_HOST_JAIL_H

#include "base/base.h"

/* Descriptors the process may have open. */
#define MAX_HOST_FILES 32

/* Does this kernel keep files from the jail (landlock)?  false: why says what is missing. */
bool jail_whole(struct why *);

bool jail_limits(struct why *);
/* plugin: the file to be loaded later.  require: everything or nothing. */
bool jail_close(const char *plugin, bool require, struct why *);
bool jail_tighten(struct why *);

#endif
