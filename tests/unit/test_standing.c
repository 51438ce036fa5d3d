/* SPDX-License-Identifier: Apache-2.0 */
/* test_standing.c - printers whose meters stand: which do, until when, and how many are held. */
#include "store/latest.h"
#include "store/standing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#define M(name, unit, via, number)                                                                 \
	{                                                                                          \
		name, unit, via, .value = number                                                   \
	}

static void
only_what_is_just_so_stands(void **state)
{
	static const struct spool_meter kept[] = { M("total", "sheets", "p", 10),
		M("color", "sheets", "p", 4) };
	static const struct spool_meter others[][2] = {
		{ M("total", "sheets", "p", 11), M("color", "sheets", "p", 4) },
		{ M("total", "sheets", "p", 10), M("color", "sheets", "q", 4) },
		{ M("total", "sheet", "sp", 10), M("color", "sheets", "p", 4) },
		{ M("color", "sheets", "p", 4), M("total", "sheets", "p", 10) },
	};
	struct standing s = { 0 };
	int64_t until = clock_wall() + 100;

	(void)state;
	assert_false(standing_has(&s, "a", kept, 2));
	standing_add(&s, "a", kept, 2, until);
	assert_true(standing_has(&s, "a", kept, 2));
	assert_false(standing_has(&s, "b", kept, 2));
	assert_false(standing_has(&s, "a", kept, 1));
	for (size_t i = 0; i < COUNT(others); i++)
		assert_false(standing_has(&s, "a", others[i], 2));
	/* What came last is what is kept. */
	standing_add(&s, "a", others[0], 2, until);
	assert_false(standing_has(&s, "a", kept, 2));
	assert_true(standing_has(&s, "a", others[0], 2));
	standing_drop(&s, "b");
	assert_true(standing_has(&s, "a", others[0], 2));
	standing_drop(&s, "a");
	assert_false(standing_has(&s, "a", others[0], 2));
	standing_clear(&s);
}

static void
it_stands_for_a_time(void **state)
{
	static const struct spool_meter m = M("total", "sheets", "p", 10);
	struct standing s = { 0 };
	int64_t now = clock_wall();

	(void)state;
	standing_add(&s, "over", &m, 1, now);
	standing_add(&s, "long", &m, 1, now + LATEST_STANDS - 1);
	standing_add(&s, "from a time to come", &m, 1, now + LATEST_STANDS + 1000);
	assert_false(standing_has(&s, "over", &m, 1));
	assert_true(standing_has(&s, "long", &m, 1));
	assert_false(standing_has(&s, "from a time to come", &m, 1));
	standing_clear(&s);
}

static void
there_is_room_for_many_and_a_bound(void **state)
{
	struct spool_meter m = M("total", "sheets", "p", 10);
	struct standing s = { 0 };
	char device[16];

	(void)state;
	for (int i = 0; i < STANDING_MOST; i++) {
		snprintf(device, sizeof(device), "d%d", i);
		m.value = i;
		standing_add(&s, device, &m, 1, clock_wall() + 1000);
	}
	for (int i = 0; i < STANDING_MOST; i++) {
		snprintf(device, sizeof(device), "d%d", i);
		m.value = i;
		assert_true(standing_has(&s, device, &m, 1));
	}
	assert_true(s.room <= 2 * STANDING_MOST);
	standing_add(&s, "one more", &m, 1, clock_wall() + 1000);
	assert_true(standing_has(&s, "one more", &m, 1));
	assert_false(standing_has(&s, device, &m, 1));
	assert_int_equal(s.n, 1);
	standing_clear(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_just_so_stands),
		cmocka_unit_test(it_stands_for_a_time),
		cmocka_unit_test(there_is_room_for_many_and_a_bound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
