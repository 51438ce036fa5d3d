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

/* For a table of keys: one with its length. */
#define JSONTEXT_KEY(key) key, sizeof(key) - 1

static inline size_t
jsontext_length(const char *key)
{
	return key != NULL ? strlen(key) : 0;
}

/* What stands before a value: a comma unless it is the first, and its key; then room for n more. */
static inline uint8_t *
jsontext_begin(struct buf *out, const char *key, size_t length, size_t n)
{
	bool first = out->n == 0 || out->p[out->n - 1] == '{' || out->p[out->n - 1] == '[';
	uint8_t *p = buf_more(out, (first ? 0 : 1) + (key != NULL ? length + 3 : 0) + n);

	if (!first)
		*p++ = ',';
	if (key == NULL)
		return p;
	*p++ = '"';
	memcpy(p, key, length);
	memcpy(p + length, "\":", 2);
	return p + length + 2;
}

/* bracket: '{' or '['; key NULL: it stands in a list, or by itself. */
static inline void
jsontext_open(struct buf *out, const char *key, char bracket)
{
	*jsontext_begin(out, key, jsontext_length(key), 1) = (uint8_t)bracket;
}

static inline void
jsontext_close(struct buf *out, char bracket)
{
	*buf_more(out, 1) = (uint8_t)bracket;
}

/* Of n bytes that are known to be plain (text_plain): a word of ours. */
static inline void
jsontext_word_n(struct buf *out, const char *key, size_t length, const char *word, size_t n)
{
	uint8_t *p = jsontext_begin(out, key, length, n + 2);

	p[0] = '"';
	memcpy(p + 1, word, n);
	p[n + 1] = '"';
}

static inline void
jsontext_word(struct buf *out, const char *key, const char *word)
{
	if (word != NULL && word[0] != 0)
		jsontext_word_n(out, key, jsontext_length(key), word, strlen(word));
}

/* Nothing is written of a text that is NULL, empty or not UTF-8. */
void jsontext_text_n(struct buf *, const char *key, size_t length, const char *text);

static inline void
jsontext_text(struct buf *out, const char *key, const char *text)
{
	if (text != NULL && text[0] != 0)
		jsontext_text_n(out, key, jsontext_length(key), text);
}

void jsontext_number_n(struct buf *, const char *key, size_t length, int64_t number);

static inline void
jsontext_number(struct buf *out, const char *key, int64_t number)
{
	jsontext_number_n(out, key, jsontext_length(key), number);
}

#endif
