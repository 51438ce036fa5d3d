/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/delta.h - what changed between two records of one printer (sdk/UPLOAD).
 *
 * In libplaten-json.a, over jansson: one implementation for those who send and
 * those who receive.  Both functions give a new reference, or NULL.
 */
#ifndef PLATEN_DELTA_H
#define PLATEN_DELTA_H

#include <jansson.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_DELTA_SCHEMA "platen.delta/1"

/*
 * The line that says of record what is different from base.  NULL: they are not
 * two records of one printer kept by one agent, or no delta gives the record
 * back; then the whole record is sent.
 */
json_t *platen_delta_make(const json_t *base, const json_t *record);

/*
 * The whole record of which delta was made.  base is the record that has the
 * delta's agent, its device and, as seq, its base.  NULL: it is no sound delta,
 * or not of this base; *why says so in one sentence, which is constant.  What has
 * not changed is shared with base: change neither afterwards.
 */
json_t *platen_delta_expand(const json_t *base, const json_t *delta, const char **why);

#ifdef __cplusplus
}
#endif
#endif
