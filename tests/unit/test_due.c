/* SPDX-License-Identifier: Apache-2.0 */
/* test_due.c - whoever is due first comes first, whatever happened before. */
#include "printer/due.h"

#include <setjmp.h>
#include <stdlib.h>

#include <cmocka.h>

#define MANY 500

static struct due waiting[MANY];

/* The slow way. */
static uint64_t
earliest(void)
{
	uint64_t at = UINT64_MAX;

	for (uint32_t i = 0; i < MANY; i++)
		if (waiting[i].place != 0 && waiting[i].at < at)
			at = waiting[i].at;
	return at;
}

static void
the_first_is_always_first(void **state)
{
	struct dues all = { 0 };
	uint32_t n = 0;

	(void)state;
	assert_null(due_first(&all));
	srand(7);
	for (int i = 0; i < 20000; i++) {
		struct due *d = &waiting[rand() % MANY];
		const struct due *first;

		n -= d->place != 0;
		if (rand() % 3 == 0) {
			due_drop(&all, d);
			assert_int_equal(d->place, 0);
		} else {
			due_set(&all, d, (uint64_t)rand() % 1000);
			n++;
		}
		assert_int_equal(all.n, n);
		first = due_first(&all);
		assert_true(first != NULL ? first->at == earliest() : n == 0);
	}
	for (uint64_t before = 0; due_first(&all) != NULL; n--) {
		struct due *d = due_first(&all);

		assert_true(d->at >= before);
		before = d->at;
		due_drop(&all, d);
		due_drop(&all, d);
	}
	assert_int_equal(n, 0);
	dues_free(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_is_always_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
