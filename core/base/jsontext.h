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

#include <string.h>

/* With the key's length.  Those below know it where the key is a constant: they are called. */
void jsontext_open_n(struct buf *, const char *key, size_t length, char bracket);
void jsontext_text_n(struct buf *, const char *key, size_t length, const char *text);
void jsontext_word_n(struct buf *, const char *key, size_t length, const char *word, size_t n);
void jsontext_number_n(struct buf *, const char *key, size_t length, int64_t number);

static inline size_t
jsontext_length(const char *key)
{
	return key != NULL ? strlen(key) : 0;
}

/* bracket: '{' or '['; key NULL: it stands in a list, or by itself. */
static inline void
jsontext_open(struct buf *out, const char *key, char bracket)
{
	jsontext_open_n(out, key, jsontext_length(key), bracket);
}

void jsontext_close(struct buf *, char bracket);

/* Nothing is written of a text that is NULL, empty or not UTF-8. */
static inline void
jsontext_text(struct buf *out, const char *key, const char *text)
{
	if (text != NULL && text[0] != 0)
		jsontext_text_n(out, key, jsontext_length(key), text);
}

/* ... of one that is known to be plain (text_plain): a word of ours. */
static inline void
jsontext_word(struct buf *out, const char *key, const char *word)
{
	if (word != NULL && word[0] != 0)
		jsontext_word_n(out, key, jsontext_length(key), word, strlen(word));
}

static inline void
jsontext_number(struct buf *out, const char *key, int64_t number)
{
	jsontext_number_n(out, key, jsontext_length(key), number);
}

#endif
