/* SPDX-License-Identifier: Apache-2.0 */
/*
 * counter.h - numbers that are used once and never again, whatever happens to
 * this machine (seal.counter in the state folder).
 *
 * A block is on the disk before it is given out, so SIGKILL and power failure
 * repeat none.  A block also holds the time and chance, so that a state folder
 * that was restored from a copy, lost or cloned does not repeat one either.
 */
#ifndef PLATEN_COUNTER_H
#define PLATEN_COUNTER_H

#include "base/base.h"

/*
 * The next block: higher than every one given out before, as far as the disk
 * knows; else (seconds since 1970) * 2^32 + chance.  False: it could not be put
 * on the disk, and none may be used.
 */
bool counter_reserve(const char *folder, uint64_t *block, struct why *);

#endif
