/* SPDX-License-Identifier: Apache-2.0 */
/* match.c - which printers something is for; see match.h. */
#include "net/match.h"

#include <stdlib.h>

struct match
match_read(struct pool *pool, const char *list)
{
	char *copy = mem_string(list), *rest = copy;
	struct range *ranges = NULL;
	struct match m = { 0 };
	struct why why;

	for (char *item; (item = text_item(&rest)) != NULL; m.n++) {
		ranges = mem_grow(ranges, (m.n + 1) * sizeof(*ranges));
		if (!range_parse(item, pool, &ranges[m.n], &why))
			ranges[m.n] = (struct range){ .name = "" };
	}
	m.ranges = pool_copy(pool, ranges, m.n * sizeof(*ranges));
	free(ranges);
	free(copy);
	return m;
}

bool
match_has(const struct match *m, const struct address *at)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (range_has(&m->ranges[i], at->v6, at->ip))
			return true;
	return false;
}
