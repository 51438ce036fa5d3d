/* SPDX-License-Identifier: Apache-2.0 */
/* platen/color.h - colours of supplies, as people write them.  In libplaten-sdk.a. */
#ifndef PLATEN_COLOR_H
#define PLATEN_COLOR_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The one colour that a text names in any of many languages: "Toner noir" is "black",
 * "Light Cyan Ink" is "light cyan".  False: it names none, or several.
 */
bool platen_color_read(const char *text, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
