/* SPDX-License-Identifier: Apache-2.0 */
/* shapes.c - lines of "question:time:shape"; see shapes.h. */
#include "printer/shapes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Questions are told apart, nobody is kept out. */
static uint64_t
hash(uint64_t h, uint32_t v)
{
	h = (h ^ v) * 0x9E3779B97F4A7C15;
	return h ^ h >> 32;
}

void
shapes_key(const struct question *q, char key[static SHAPE_KEY + 1])
{
	uint64_t h = hash(0xCBF29CE484222325, q->nobjects);

	for (uint32_t i = 0; i < q->n; i++) {
		h = hash(h, q->oids[i].n);
		for (uint32_t k = 0; k < q->oids[i].n; k++)
			h = hash(h, q->oids[i].sub[k]);
	}
	snprintf(key, SHAPE_KEY + 1, "%016" PRIx64 ":", h);
}

static const char *
line_of(const char *shapes, const char *key)
{
	for (const char *line = shapes; line != NULL && *line != 0;) {
		if (strncmp(line, key, SHAPE_KEY) == 0)
			return line;
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return NULL;
}

const char *
shapes_find(const char *shapes, const char *key, struct pool *pool)
{
	char *end;
	const char *line;
	long long made;

	if ((line = line_of(shapes, key)) == NULL)
		return "";
	made = strtoll(line + SHAPE_KEY, &end, 10);
	if (*end != ':' || made > clock_wall() || clock_wall() - made > SHAPE_AGE)
		return "";
	return pool_copy(pool, end + 1, strcspn(end + 1, "\n"));
}

const char *
shapes_with(const char *shapes, const char *key, const char *shape, struct pool *pool)
{
	struct buf out = { 0 };
	const char *all;
	int lines = 1;

	buf_format(&out, "%s%lld:%s\n", key, (long long)clock_wall(), shape);
	for (const char *line = shapes; *line != 0 && lines < SHAPES_LINES;) {
		size_t n = strcspn(line, "\n");

		if (strncmp(line, key, SHAPE_KEY) != 0 && out.n + n + 1 < SHAPES_MOST) {
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
