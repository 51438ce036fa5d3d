/* SPDX-License-Identifier: Apache-2.0 */
/* base64.h - bytes of a known number as text (RFC 4648, 4), in the one way there is. */
#ifndef PLATEN_BASE64_H
#define PLATEN_BASE64_H

#include "base/base.h"

/* Characters that n bytes take, without the NUL. */
#define BASE64(n) (((n) + 2) / 3 * 4)
#define BASE64_BYTES_MOST 64 /* of what is read */

/* Exactly n bytes; false: the text is something else, or written in another way. */
bool base64_take(const char *text, size_t length, uint8_t *out, size_t n);
/* BASE64(n) characters and a NUL. */
void base64_text(const uint8_t *p, size_t n, char *out);

#endif
