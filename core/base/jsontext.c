/* SPDX-License-Identifier: Apache-2.0 */
/* jsontext.c - JSON from front to back; see jsontext.h. */
#include "base/jsontext.h"

#include <string.h>

/* Bytes that stand for themselves, wherever they are. */
static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* The rest of a quoted text, where something in it does not stand for itself. */
static void
escape(struct buf *out, const char *s)
{
	static const char special[] = "\"\\\b\f\n\r\t", word[] = "\"\\bfnrt";

	while (*s != 0) {
		const char *from = s, *found;

		while (is_plain((unsigned char)*s) || (unsigned char)*s >= 0x80)
			s++;
		buf_add(out, from, (size_t)(s - from));
		if (*s == 0)
			break;
		if ((found = strchr(special, *s)) != NULL)
			buf_add(out, (const char[]){ '\\', word[found - special] }, 2);
		else
			buf_format(out, "\\u%04X", (unsigned)*s);
		s++;
	}
}

/* What stands before a value: a comma unless it is the first, and its key; then room for n more. */
static inline uint8_t *
begin(struct buf *out, const char *key, size_t length, size_t n)
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

void
jsontext_open_n(struct buf *out, const char *key, size_t length, char bracket)
{
	*begin(out, key, length, 1) = (uint8_t)bracket;
}

void
jsontext_close(struct buf *out, char bracket)
{
	*buf_more(out, 1) = (uint8_t)bracket;
}

void
jsontext_word_n(struct buf *out, const char *key, size_t length, const char *word, size_t n)
{
	uint8_t *p = begin(out, key, length, n + 2);

	p[0] = '"';
	memcpy(p + 1, word, n);
	p[n + 1] = '"';
}

void
jsontext_text_n(struct buf *out, const char *key, size_t length, const char *text)
{
	size_t n = strlen(text), plain = text_plain(text, n);

	/* Most are. */
	if (plain == n) {
		jsontext_word_n(out, key, length, text, n);
		return;
	}
	if (!text_is_utf8(text + plain, n - plain))
		return;
	*begin(out, key, length, 1) = '"';
	buf_add(out, text, plain);
	escape(out, text + plain);
	*buf_more(out, 1) = '"';
}

void
jsontext_number_n(struct buf *out, const char *key, size_t length, int64_t number)
{
	begin(out, key, length, 0);
	buf_number(out, number);
}
