/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profiles.h - the profiles of [plugin NAME] profiles: read and checked by the
 * agent, as plugins open no files.
 */
#ifndef PLATEN_PROFILES_H
#define PLATEN_PROFILES_H

#include "config/config.h"

/* Outside sizes. */
#define MAX_PROFILE_FILES 256
#define MAX_PROFILE_TEXT (1u << 20) /* bytes of all of them */

/*
 * Read all *.ini of the folder: their text becomes the option "profiles" of the
 * plugin, what they ask for its reach where the INI gives none.  What is wrong is
 * told as "FILE:LINE: what; what to do".
 */
void profiles_read(const char *folder, struct plugin_config *, struct pool *,
	void (*tell)(void *arg, const char *line), void *arg);

#endif
