/* SPDX-License-Identifier: Apache-2.0 */
/* charsets.h - the upper halves of single-byte character sets, for text.c alone. */
#ifndef PLATEN_CHARSETS_H
#define PLATEN_CHARSETS_H

#include <stdint.h>
#include <uchar.h>

struct charset {
	int32_t mibenum;
	uint8_t first; /* the byte the table begins with; controls lie below */
	const char16_t *table; /* U+FFFD: no such character */
};

/* NULL: not a single-byte set, or not known. */
const struct charset *charset_find(int32_t mibenum);

#endif
