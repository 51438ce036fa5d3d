/* SPDX-License-Identifier: Apache-2.0 */
/* seal_content.c - uploads and answers as text in an envelope; see seal_content.h. */
#include "net/seal_content.h"

#include <inttypes.h>
#include <string.h>

/* A line that is known, and where its value goes. */
struct line {
	const char *name;
	char *value; /* SEAL_LINE_MOST bytes */
};

static void
put_line(struct buf *out, const char *name, const char *value)
{
	if (value[0] != 0)
		buf_format(out, "%s: %s\n", name, value);
}

/* One line of n bytes without its end. */
static bool
take_line(const char *text, size_t n, const struct line *lines, uint32_t nlines, struct why *why)
{
	for (uint32_t i = 0; i < nlines; i++) {
		size_t name = strlen(lines[i].name);

		if (n < name + 2 || memcmp(text, lines[i].name, name) != 0 ||
			memcmp(text + name, ": ", 2) != 0)
			continue;
		n -= name + 2;
		if (n >= SEAL_LINE_MOST || !text_is_utf8(text + name + 2, n))
			return why_set(why, "has a \"%s\" that makes no sense", lines[i].name);
		memcpy(lines[i].value, text + name + 2, n);
		lines[i].value[n] = 0;
		return true;
	}
	/* A line that is not known means something to a later version, and harms nobody here. */
	return true;
}

/* The lines up to the empty one; *body is what stands behind it. */
static bool
take_lines(const uint8_t *p, size_t n, const struct line *lines, uint32_t nlines,
	const uint8_t **body, size_t *nbody, struct why *why)
{
	size_t at = 0;

	while (at < n) {
		const uint8_t *end = memchr(p + at, '\n', n - at);
		size_t length = end != NULL ? (size_t)(end - p) - at : n - at;

		if (end == NULL)
			break;
		if (length == 0) {
			*body = p + at + 1;
			*nbody = n - at - 1;
			return true;
		}
		if (!take_line((const char *)p + at, length, lines, nlines, why))
			return false;
		at += length + 1;
	}
	return why_set(why, "has no empty line before its body");
}

void
seal_upload_put(const struct seal_upload *u, struct buf *out)
{
	put_line(out, "type", u->type);
	put_line(out, "coding", u->coding);
	put_line(out, "key", u->key);
	buf_text(out, "\n");
	buf_add(out, u->body, u->n);
}

bool
seal_upload_get(const uint8_t *p, size_t n, struct seal_upload *u, struct why *why)
{
	const struct line lines[] = { { "type", u->type }, { "coding", u->coding },
		{ "key", u->key } };

	*u = (struct seal_upload){ .n = 0 };
	return take_lines(p, n, lines, COUNT(lines), &u->body, &u->n, why);
}

void
seal_answer_put(const struct seal_answer *a, struct buf *out)
{
	buf_format(out, "status: %" PRIu32 "\n", a->status);
	if (a->retry_after > 0)
		buf_format(out, "retry-after: %" PRIu32 "\n", a->retry_after);
	put_line(out, "type", a->type);
	buf_text(out, "\n");
	buf_add(out, a->body, a->n);
}

bool
seal_answer_get(const uint8_t *p, size_t n, struct seal_answer *a, struct why *why)
{
	char status[SEAL_LINE_MOST] = "", wait[SEAL_LINE_MOST] = "0";
	const struct line lines[] = { { "status", status }, { "retry-after", wait },
		{ "type", a->type } };

	*a = (struct seal_answer){ .n = 0 };
	if (!take_lines(p, n, lines, COUNT(lines), &a->body, &a->n, why))
		return false;
	if (!text_u32(status, 100, 599, &a->status) ||
		!text_u32(wait, 0, UINT32_MAX, &a->retry_after))
		return why_set(why, "has no status from 100 to 599");
	return true;
}
