/* SPDX-License-Identifier: Apache-2.0 */
/*
 * identity.h - who this agent is and how far it has counted (agent.id in the
 * state folder), kept apart from the spool so that a damaged spool costs neither.
 *
 * Sequence numbers are promised in blocks: none at or above `promised` has ever
 * been used.  Whoever lost the spool goes on there and repeats no number.
 */
#ifndef PLATEN_IDENTITY_H
#define PLATEN_IDENTITY_H

#include "base/base.h"

#define IDENTITY_BLOCK 1000 /* numbers promised beyond those that are needed now */

struct identity {
	char agent[UUID_TEXT];
	uint64_t promised;
};

/* Exclusive hold of the state folder, made when missing (0700).  A descriptor, or -1. */
int identity_lock(const char *folder, struct why *);

/* False: there is none, or it makes no sense (why->text is "" when there is none). */
bool identity_read(const char *folder, struct identity *, struct why *);

/* On the disk, file and folder, when it returns true. */
bool identity_write(const char *folder, const struct identity *, struct why *);

#endif
