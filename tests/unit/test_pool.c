/* SPDX-License-Identifier: Apache-2.0 */
/* Pools: what lies in one stays where it is, also when another one takes it over. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* One small thing, one that fills what comes with a pool, one of several chunks. */
static const size_t sizes[] = { 8, 400, 20000 };

static void
fill(struct pool *pool, uint8_t *things[COUNT(sizes)], int with)
{
	for (size_t i = 0; i < COUNT(sizes); i++)
		memset(things[i] = pool_alloc(pool, sizes[i]), with, sizes[i]);
}

static bool
is_full(uint8_t *const things[COUNT(sizes)], int with)
{
	for (size_t i = 0; i < COUNT(sizes); i++)
		for (size_t at = 0; at < sizes[i]; at++)
			if (things[i][at] != with)
				return false;
	return true;
}

static void
joined_pools_last_as_long_as_the_one_they_joined(void **state)
{
	struct pool *into = pool_new(), *from = pool_new(), *more = pool_new();
	uint8_t *a[COUNT(sizes)], *b[COUNT(sizes)], *c[COUNT(sizes)], *d[COUNT(sizes)];

	(void)state;
	fill(into, a, 1);
	fill(from, b, 2);
	fill(more, c, 3);
	pool_join(from, &more);
	assert_null(more);
	pool_join(into, &from);
	assert_null(from);
	pool_free(from);
	fill(into, d, 4);
	assert_true(pool_size(into) > 4 * 20000);
	assert_true(is_full(a, 1) && is_full(b, 2) && is_full(c, 3) && is_full(d, 4));
	pool_free(into);
}

static void
what_a_joined_pool_gave_back_is_empty(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		struct pool *into = pool_new(), *from = pool_new();

		for (int i = 0; i < 40; i++)
			memset(pool_alloc(from, 1000), 0xFF, 1000);
		pool_join(into, &from);
		for (int i = 0; i < 40; i++)
			assert_int_equal(*(const uint8_t *)pool_alloc(into, 1000), 0);
		pool_free(into);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joined_pools_last_as_long_as_the_one_they_joined),
		cmocka_unit_test(what_a_joined_pool_gave_back_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
