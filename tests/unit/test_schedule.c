/* SPDX-License-Identifier: Apache-2.0 */
/* test_schedule.c - when a printer is due again, as a table an operator can read. */
#include "printer/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define H 3600000ull
#define M 60000ull
#define CLOCK(h, m) ((h)*60 + (m))

static void
test_next(void **state)
{
	static const struct {
		const char *what;
		uint64_t every;
		uint32_t from, until, jitter, failures, now;
		uint64_t least, most; /* the wait, for any chance */
	} cases[] = {
		{ "a good visit: every", 4 * H, 0, 0, 0, 0, 0, 4 * H, 4 * H },
		{ "10 % jitter: half of it each way", 4 * H, 0, 0, 10, 0, 0, 4 * H - 12 * M,
			4 * H + 12 * M },
		{ "first silence: a sixteenth", 4 * H, 0, 0, 0, 1, 0, 15 * M, 15 * M },
		{ "second silence: twice that", 4 * H, 0, 0, 0, 2, 0, 30 * M, 30 * M },
		{ "long silence: every, never more", 4 * H, 0, 0, 0, 40, 0, 4 * H, 4 * H },
		{ "short every: at least a minute", 10 * M, 0, 0, 0, 1, 0, M, M },
		{ "inside the window", 1 * H, CLOCK(8, 0), CLOCK(18, 0), 0, 0, CLOCK(9, 0), H, H },
		{ "behind the window: next morning, spread", 4 * H, CLOCK(8, 0), CLOCK(18, 0), 0, 0,
			CLOCK(17, 0), 15 * H, 19 * H },
		{ "window over midnight", 1 * H, CLOCK(22, 0), CLOCK(6, 0), 0, 0, CLOCK(23, 0), H,
			H },
		{ "before a window over midnight", 1 * H, CLOCK(22, 0), CLOCK(6, 0), 0, 0,
			CLOCK(12, 0), 10 * H, 11 * H },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (uint64_t chance = 0; chance < 1000; chance++) {
			struct config c = {
				.every = cases[i].every,
				.window_from = cases[i].from,
				.window_until = cases[i].until,
				.jitter = cases[i].jitter,
			};
			uint64_t wait = schedule_next(&c, cases[i].failures, cases[i].now,
				chance * 0x9E3779B97F4A7C15u);

			if (wait < cases[i].least || wait > cases[i].most)
				fail_msg("%s: %llu ms", cases[i].what, (unsigned long long)wait);
		}
}

static void
test_first(void **state)
{
	struct config c = { .every = 4 * H };

	(void)state;
	assert_int_equal(schedule_first(&c, UINT64_MAX, 0, 12345), 0);
	assert_int_equal(schedule_first(&c, 1 * H, 0, 12345), 3 * H);
	for (uint64_t chance = 0; chance < 1000; chance++)
		assert_in_range(schedule_first(&c, 9 * H, 0, chance * 0x9E3779B97F4A7C15u), 0, M);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
