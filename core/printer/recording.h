/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recording.h - the file of a capture, NAME.snmprec ("OID|TYPE|VALUE" a line), as
 * objects in memory.  Does not answer: that is capture.c's.
 */
#ifndef PLATEN_RECORDING_H
#define PLATEN_RECORDING_H

#include "base/base.h"

#include <platen/snmp.h>

/*
 * Its objects by OID, each once; what they point to is the pool's, the list is
 * the caller's to free, also when false: why names file, line and fault.
 */
bool recording_read(const char *file, struct pool *, struct platen_bind **, uint32_t *n,
	struct why *);

/* The bytes of a file of at most so many, the caller's; NULL: why. */
char *recording_bytes(const char *file, size_t most, size_t *n, struct why *);

#endif
