/* SPDX-License-Identifier: Apache-2.0 */
/* platen/record_id.h - the id of a kept record, which follows from agent, seq and time. */
#ifndef PLATEN_RECORD_ID_H
#define PLATEN_RECORD_ID_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_RECORD_ID 37 /* bytes with the NUL */

/*
 * A UUID version 7 (RFC 9562) that nobody has to send: sdk/UPLOAD says how it is
 * made.  time is the record's, "2026-11-20T10:00:00Z"; "" when it is none.
 */
void platen_record_id(const char *agent, int64_t seq, const char *time, char *out);

#ifdef __cplusplus
}
#endif
#endif
