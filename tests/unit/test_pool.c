/* SPDX-License-Identifier: Apache-2.0 */
/* Pools: what lies in one stays where it is, also when another one takes it over. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <malloc.h>

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

/* Of every size, none in the way of another, all empty at first: also where others were before. */
static void
what_is_handed_out_is_apart_and_empty(void **state)
{
	(void)state;
	for (int round = 0; round < 3; round++) {
		struct pool *pool = pool_new();
		uint8_t *all[600];

		for (size_t i = 0; i < COUNT(all); i++) {
			size_t n = i * i % 20011;

			all[i] = pool_alloc(pool, n);
			assert_int_equal((uintptr_t)all[i] % _Alignof(max_align_t), 0);
			for (size_t at = 0; at < n; at++)
				assert_int_equal(all[i][at], 0);
			memset(all[i], (int)(i % 251), n);
		}
		for (size_t i = 0; i < COUNT(all); i++)
			for (size_t at = 0; at < i * i % 20011; at++)
				assert_int_equal(all[i][at], i % 251);
		pool_free(pool);
	}
}

static void
a_copy_ends_with_a_nul(void **state)
{
	(void)state;
	for (int round = 0; round < 2; round++) {
		struct pool *pool = pool_new();

		for (size_t n = 0; n < 9000; n = 2 * n + 1) {
			uint8_t *from = mem_alloc(n), *copy;

			memset(from, 0xFF, n);
			copy = pool_copy(pool, from, n);
			assert_memory_equal(copy, from, n);
			assert_int_equal(copy[n], 0);
			memset(copy, 0xFF, n + 1);
			free(from);
		}
		pool_free(pool);
	}
}

#ifdef POOL_APART
int __asan_address_is_poisoned(const volatile void *);

/* What is used behind its end or after its end is seen by who looks on. */
static void
misuse_is_seen(void **state)
{
	struct pool *pool = pool_new();
	uint8_t *first = pool_alloc(pool, 8), *copy = pool_copy(pool, "text", 4);
	uint8_t *large = pool_alloc(pool, 20000);

	(void)state;
	assert_true(__asan_address_is_poisoned(first + 8 + 8));
	assert_true(__asan_address_is_poisoned(copy + 16));
	assert_true(__asan_address_is_poisoned(large + 20000));
	assert_false(__asan_address_is_poisoned(large + 19999));
	pool_free(pool);
	assert_true(__asan_address_is_poisoned(first));
	assert_true(__asan_address_is_poisoned(copy));
	assert_true(__asan_address_is_poisoned(large));
}
#else
static size_t
held(void)
{
	return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/* Where another malloc has taken its place, as valgrind's does, libc has nothing to tell. */
static bool
malloc_is_counted(void)
{
	size_t before = held();
	void *some = mem_alloc(100000);
	bool counted = held() >= before + 100000;

	free(some);
	return counted;
}

/* So much at a time is more than what is kept of it, and at rest nothing is. */
static void
what_is_kept_is_bounded(void **state)
{
	struct pool *pools[64];
	size_t before;

	(void)state;
	if (!malloc_is_counted())
		skip();
	mem_give_back();
	before = held();
	for (size_t i = 0; i < COUNT(pools); i++) {
		pools[i] = pool_new();
		for (int n = 0; n < 100; n++)
			pool_alloc(pools[i], 1000);
	}
	assert_true(held() > before + COUNT(pools) * 100 * 1000);
	for (size_t i = 0; i < COUNT(pools); i++)
		pool_free(pools[i]);
	assert_in_range(held() - before, 500 << 10, 1100 << 10);
	mem_give_back();
	assert_in_range(held(), 0, before + 4096); /* malloc keeps some of what is small */
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(joined_pools_last_as_long_as_the_one_they_joined),
		cmocka_unit_test(what_a_joined_pool_gave_back_is_empty),
		cmocka_unit_test(what_is_handed_out_is_apart_and_empty),
		cmocka_unit_test(a_copy_ends_with_a_nul),
#ifdef POOL_APART
		cmocka_unit_test(misuse_is_seen),
#else
		cmocka_unit_test(what_is_kept_is_bounded),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
