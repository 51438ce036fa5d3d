/* SPDX-License-Identifier: Apache-2.0 */
/*
 * folders.h - which plugin files there are.
 *
 * The folder "plugins" beside the running binary comes before those of the INI,
 * so that platen works from where it was built.
 */
#ifndef PLATEN_FOLDERS_H
#define PLATEN_FOLDERS_H

#include "config/config.h"

#define PLUGIN_NAME 256 /* bytes of a plugin's name, NUL included */

/* Is file called NAME.so?  Then out is NAME. */
bool plugin_name(const char *file, char out[static PLUGIN_NAME]);

/* Each NAME.so in the plugin folders, first folder first, a name once. */
void plugins_each(const struct config *,
	void (*each)(void *arg, const char *name, const char *path), void *arg);

/* The file of one plugin in out; false: there is none. */
bool plugin_find(const struct config *, const char *name, char *out, size_t size);

#endif
