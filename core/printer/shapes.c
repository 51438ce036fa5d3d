/* SPDX-License-Identifier: Apache-2.0 */
/* shapes.c - lines of "question:time:shape"; see shapes.h. */
#include "printer/shapes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY 17 /* bytes of a question's name, with the colon */

/* Questions are told apart, nobody is kept out. */
static uint64_t
hash(uint64_t h, uint32_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15;
	return h ^ h >> 32;
}

static void
key_of(const struct question *q, char key[static KEY + 1])
{
	uint64_t h = hash(0xCBF29CE484222325, q->nobjects);

	for (uint32_t i = 0; i < q->n; i++) {
		h = hash(h, q->oids[i].n);
		for (uint32_t k = 0; k < q->oids[i].n; k++)
			h = hash(h, q->oids[i].sub[k]);
	}
	snprintf(key, KEY + 1, "%016" PRIx64 ":", h);
}

static const char *
line_of(const char *shapes, const char *key)
{
	for (const char *line = shapes; line != NULL && *line != 0;) {
		if (strncmp(line, key, KEY) == 0)
			return line;
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return NULL;
}

const char *
shapes_find(const char *shapes, const struct question *q, struct pool *pool)
{
	char key[KEY + 1], *end;
	const char *line;
	long long made;

	key_of(q, key);
	if ((line = line_of(shapes, key)) == NULL)
		return "";
	made = strtoll(line + KEY, &end, 10);
	if (*end != ':' || made > clock_wall() || clock_wall() - made > SHAPE_AGE)
		return "";
	return pool_copy(pool, end + 1, strcspn(end + 1, "\n"));
}

const char *
shapes_with(const char *shapes, const struct question *q, const char *shape, struct pool *pool)
{
	struct buf out = { 0 };
	char key[KEY + 1];
	const char *all;
	int lines = 1;

	key_of(q, key);
	buf_format(&out, "%s%lld:%s\n", key, (long long)clock_wall(), shape);
	for (const char *line = shapes; *line != 0 && lines < SHAPES_LINES;) {
		size_t n = strcspn(line, "\n");

		if (strncmp(line, key, KEY) != 0 && out.n + n + 1 < SHAPES_MOST) {
			buf_add(&out, line, n);
			buf_text(&out, "\n");
			lines++;
		}
		line += n + (line[n] != 0);
	}
	all = pool_copy(pool, out.p, out.n);
	buf_free(&out);
	return all;
}
