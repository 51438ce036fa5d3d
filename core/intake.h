/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.h - a gateway's way in: what agents upload goes into the spool, each
 * record once, and is receipted when it is on the disk.
 *
 * Beside the way of a reading: behind the spool a record of another agent goes
 * the same way as one of our own.
 */
#ifndef PLATEN_INTAKE_H
#define PLATEN_INTAKE_H

#include "spool.h"

#include <uv.h>

/* Somebody waits for each commit, but others may come along. */
#define INTAKE_COMMIT_MS 20
/* How often the file of keys is looked at. */
#define INTAKE_KEYS_MS 2000

struct intake;

/* For a config that is a gateway's.  NULL: why. */
struct intake *intake_open(uv_loop_t *, const struct config *, struct spool *, struct why *);
/* Before the spool is closed. */
void intake_close(struct intake *);

#endif
