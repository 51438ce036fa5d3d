/* SPDX-License-Identifier: Apache-2.0 */
/* jsontext.c - JSON from front to back; see jsontext.h. */
#include "base/jsontext.h"

#include <string.h>

/* A quoted text without the quotes. */
static void
escape(struct buf *out, const char *s)
{
	static const char special[] = "\"\\\b\f\n\r\t", word[] = "\"\\bfnrt";

	while (*s != 0) {
		const char *from = s, *found;

		while ((unsigned char)*s >= 0x20 && *s != '"' && *s != '\\')
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

/* What stands before a value: a comma unless it is the first, and its key. */
static void
begin(struct buf *out, const char *key)
{
	bool first = out->n == 0 || out->p[out->n - 1] == '{' || out->p[out->n - 1] == '[';
	size_t n = key != NULL ? strlen(key) : 0;
	uint8_t *p = buf_more(out, (first ? 0 : 1) + (key != NULL ? n + 3 : 0));

	if (!first)
		*p++ = ',';
	if (key == NULL)
		return;
	*p++ = '"';
	memcpy(p, key, n);
	memcpy(p + n, "\":", 2);
}

void
jsontext_open(struct buf *out, const char *key, char bracket)
{
	begin(out, key);
	buf_add(out, &bracket, 1);
}

void
jsontext_close(struct buf *out, char bracket)
{
	buf_add(out, &bracket, 1);
}

void
jsontext_text(struct buf *out, const char *key, const char *text)
{
	if (text == NULL || text[0] == 0 || !text_is_utf8(text, strlen(text)))
		return;
	begin(out, key);
	buf_add(out, "\"", 1);
	escape(out, text);
	buf_add(out, "\"", 1);
}

void
jsontext_number(struct buf *out, const char *key, int64_t number)
{
	begin(out, key);
	buf_number(out, number);
}
