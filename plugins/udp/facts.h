/* SPDX-License-Identifier: Apache-2.0 */
/* facts.h - what of a record is urgent, and short enough for one datagram. */
#ifndef FACTS_H
#define FACTS_H

#include <jansson.h>

/* Bytes of facts: what a sealed datagram carries beside the hash of the printer (sdk/ENVELOPE). */
#define FACTS_MOST 1068

/*
 * The facts of a record as one JSON object without blanks; the caller frees it.
 * NULL: out of memory.
 */
char *facts_of(const json_t *record);

#endif
