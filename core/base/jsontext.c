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
	*jsontext_begin(out, key, length, 1) = '"';
	buf_add(out, text, plain);
	escape(out, text + plain);
	*buf_more(out, 1) = '"';
}

void
jsontext_number_n(struct buf *out, const char *key, size_t length, int64_t number)
{
	jsontext_begin(out, key, length, 0);
	buf_number(out, number);
}
