/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_rotated.h - the files PATH.NUMBER a file was renamed to; the highest number is the newest.
 */
#ifndef PLATEN_PLACE_ROTATED_H
#define PLATEN_PLACE_ROTATED_H

#include "base/base.h"

/* The newest one's path, the caller's to free; NULL: there is none. */
char *rotated_newest(const char *path);

/*
 * Rename PATH to the next number, durably, and remove the oldest ones beyond
 * keep (0: none).  False: errno; the file is where it was.
 */
bool rotated_away(const char *path, uint32_t keep);

/* The entries of the folder that holds path are on the disk.  False: errno. */
bool rotated_sync_folder(const char *path);

#endif
