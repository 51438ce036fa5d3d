/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsontext.h - JSON written from front to back into a buffer, as jansson's
 * JSON_COMPACT has it.
 *
 * For what is made once and kept as text: no tree is built of it.  What is read
 * or changed is jansson's.
 */
#ifndef PLATEN_JSONTEXT_H
#define PLATEN_JSONTEXT_H

#include "base/base.h"

/* bracket: '{' or '['; key NULL: it stands in a list, or by itself. */
void jsontext_open(struct buf *, const char *key, char bracket);
void jsontext_close(struct buf *, char bracket);

/* Nothing is written of a text that is NULL, empty or not UTF-8. */
void jsontext_text(struct buf *, const char *key, const char *text);
void jsontext_number(struct buf *, const char *key, int64_t number);

#endif
