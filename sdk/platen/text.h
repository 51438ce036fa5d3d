/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/text.h - octets of a printer as UTF-8.
 *
 * SNMP carries no character set.  A text is taken as UTF-8 when it is valid
 * UTF-8, else in the set the printer declared, else in the fallback.  What
 * cannot be converted becomes U+FFFD, never something that looks like text.
 */
#ifndef PLATEN_TEXT_H
#define PLATEN_TEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Character sets by IANA MIBenum (prtLocalizationCharacterSet); more are known than named here. */
enum {
	PLATEN_CHARSET_UNKNOWN = 2,
	PLATEN_CHARSET_ASCII = 3,
	PLATEN_CHARSET_LATIN1 = 4,
	PLATEN_CHARSET_SHIFT_JIS = 17,
	PLATEN_CHARSET_UTF8 = 106,
	PLATEN_CHARSET_ROMAN8 = 2004
};

/*
 * Open the converters for Chinese, Japanese and Korean sets.  Call it from
 * platen_plugin_v1(): the only time library files may be read.  Without it the
 * characters of these sets become U+FFFD.
 */
void platen_text_load(void);

/*
 * dst becomes valid UTF-8 with a NUL, at most size bytes of it, cut between
 * characters; the length without the NUL is returned.  Blanks and NULs around
 * the text go, line breaks and tabs become blanks, other controls are dropped.
 * declared may be any number; fallback is one of the sets above.
 */
size_t platen_text(char *dst, size_t size, const uint8_t *octets, size_t len, int32_t declared,
	int32_t fallback);

/* A number in decimal digits and a NUL, what fits into size bytes; the digits are counted. */
size_t platen_text_number(char *dst, size_t size, uint64_t number);

#ifdef __cplusplus
}
#endif
#endif
