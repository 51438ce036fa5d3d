/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keyfile.h - a gateway's file of who may send: one line a key, hashes only, and
 * the one secret that seal keys are derived from.
 *
 *   master HEX
 *   key ID AGENT SHA256 CREATED NAME
 *   revoked ID AGENT REVOKED NAME
 *
 * A new file takes the place of the old one in one step, so that a running
 * gateway, or two, may read it at any time.
 */
#ifndef PLATEN_KEYFILE_H
#define PLATEN_KEYFILE_H

#include "message_gate.h"

#define KEY_NAME_MOST 64 /* bytes of the name a person gives */

struct keyfile_entry {
	struct gate_key key; /* its token is nothing when it is revoked */
	bool revoked;
	int64_t when; /* made, or revoked; seconds since 1970 */
	char name[KEY_NAME_MOST + 1];
};

struct keyfile {
	uint32_t n;
	struct keyfile_entry *entries;
	uint8_t master[32];
};

/* A file that is not there is an empty one, with a new master.  False: why. */
bool keyfile_read(const char *path, struct keyfile *, struct why *);
/* On the disk, mode 0600, when it returns true. */
bool keyfile_write(const char *path, const struct keyfile *, struct why *);
void keyfile_free(struct keyfile *);
/* Who may send by it, in memory of the pool. */
struct gate_keys keyfile_keys(const struct keyfile *, struct pool *);
/* Hold it against others who would change it; a descriptor to close, or -1. */
int keyfile_lock(const char *path, struct why *);

#endif
