/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/dictionary.h - what records have in common, for zstd (sdk/UPLOAD).
 *
 * In libplaten-sdk.a; who does not call it does not have it.  sdk/dictionary tells
 * how it was made.
 */
#ifndef PLATEN_DICTIONARY_H
#define PLATEN_DICTIONARY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Its id in frames, and what a receipt says of a server that has it. */
#define PLATEN_DICTIONARY_ID 1347174705u
#define PLATEN_DICTIONARY_CAN "dictionary:1347174705"

const uint8_t *platen_dictionary(uint64_t *len);

#ifdef __cplusplus
}
#endif
#endif
