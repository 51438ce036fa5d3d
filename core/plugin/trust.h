/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trust.h - may this plugin be loaded?  Asked before anything of it runs, over
 * the very descriptor that is then loaded.
 *
 * Owner and mode of the file and its folder always (worker.h); its SHA-256 where
 * [plugin NAME] names one; its signature NAME.so.sig where one lies beside it or
 * [plugins] require_signed wants one.  What a plugin may do once it is loaded
 * is no question of trust: the jail is the same for all.
 */
#ifndef PLATEN_TRUST_H
#define PLATEN_TRUST_H

#include "config/config.h"
#include "net/signature.h"

#define MAX_PLUGIN_FILE (64u << 20) /* bytes of a plugin's file */
#define MAX_KEYS 64 /* files in the folder of keys */

enum trust_state {
	TRUST_UNSIGNED, /* no signature beside it */
	TRUST_SIGNED, /* by a key that is known */
	TRUST_STRANGER, /* by a key that is not */
	TRUST_FALSE /* the signature is damaged, or is not of these bytes */
};

/* What can be said of a plugin's file without running it. */
struct trust {
	enum trust_state state;
	char key[KEY_ID_TEXT]; /* the signature's; "" : none */
	char file[256]; /* name of the key's file, of a known one */
	struct why wrong; /* of TRUST_FALSE */
};

/*
 * Open the plugin in path, called name in the INI.  -1: it must not be loaded;
 * why is one sentence: which file, what is wrong, what to do.
 */
int trust_open(const struct config *, const char *name, const char *path, struct why *);

/* Look at the bytes of the file in path, whoever may have written it. */
void trust_look(const struct config *, const char *path, const struct buf *bytes, struct trust *);

/* Each file in the folder of keys: its id, or what is wrong with it. */
void keys_each(const struct config *,
	void (*each)(void *arg, const char *file, const struct public_key *, const char *wrong),
	void *arg);

#endif
