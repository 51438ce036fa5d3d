/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pace of a sweep on machines that are punctual, late or stuck: never one
 * packet more in any second, and as many as were promised; and the set of those
 * who answered.
 */
#include "net/answered.h"
#include "net/pace.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TURNS_MOST 40000

/* What went, turn by turn. */
static struct {
	uint64_t at, n;
} went[TURNS_MOST];

static uint32_t dice = 1;

static uint32_t
roll(uint32_t below)
{
	dice = dice * 1664525u + 1013904223u;
	return (uint32_t)((uint64_t)dice * below >> 32);
}

/* How late the next turn is, in microseconds. */
typedef uint64_t lateness(void);

static uint64_t
punctual(void)
{
	return 0;
}

static uint64_t
late(void)
{
	return roll(3000);
}

static uint64_t
stuck(void)
{
	return roll(100) == 0 ? roll(300000) : roll(500);
}

/* A sweep of so many packets; returns how long it took. */
static uint64_t
sweep(uint32_t rate, uint64_t packets, lateness *how, uint32_t *turns)
{
	static struct pace p;
	uint64_t now = 5 * PACE_SECOND, began = now, sent = 0;

	pace_begin(&p, rate, now);
	for (*turns = 0; sent < packets; ++*turns) {
		uint64_t may = pace_may(&p, now), n = may < packets - sent ? may : packets - sent;
		uint64_t took = n / 4; /* microseconds of sending */

		assert_true(*turns < TURNS_MOST);
		went[*turns].at = now; /* as if all went at once, at the earliest */
		went[*turns].n = n;
		sent += n;
		now += took;
		pace_went(&p, now, n);
		if (sent < packets)
			now += (pace_wait(&p, now) + 999) / 1000 * 1000 + how();
	}
	return now - began;
}

static void
no_second_has_more(uint32_t rate, uint32_t turns)
{
	uint64_t sum = 0;

	for (uint32_t i = 0, first = 0; i < turns; i++) {
		sum += went[i].n;
		for (; went[i].at - went[first].at >= PACE_SECOND; first++)
			sum -= went[first].n;
		if (sum > rate)
			fail_msg("%llu in a second of %u", (unsigned long long)sum, rate);
	}
}

static void
never_more_than_the_rate(void **state)
{
	static const uint32_t rates[] = { 1, 3, 50, 999, 20000, 1000000 };
	static lateness *const ways[] = { punctual, late, stuck };
	uint32_t turns;

	(void)state;
	for (size_t i = 0; i < COUNT(rates); i++)
		for (size_t k = 0; k < COUNT(ways); k++) {
			sweep(rates[i], 5 * (uint64_t)rates[i], ways[k], &turns);
			no_second_has_more(rates[i], turns);
		}
}

static void
and_no_less(void **state)
{
	static const uint32_t rates[] = { 1, 3, 50, 999, 20000 };
	uint32_t turns;

	(void)state;
	for (size_t i = 0; i < COUNT(rates); i++) {
		uint64_t packets = 5 * (uint64_t)rates[i];
		uint64_t ideal = (packets - 1) * PACE_SECOND / rates[i];
		uint64_t took = sweep(rates[i], packets, punctual, &turns);

		assert_true(took >= ideal && took <= ideal + 20000);
		took = sweep(rates[i], packets, late, &turns);
		assert_true(took >= ideal && took <= ideal + 60000);
	}
}

/* One packet is not followed by its whole second's at once. */
static void
evenly(void **state)
{
	uint32_t turns;

	(void)state;
	sweep(1000, 3000, punctual, &turns);
	for (uint32_t i = 0; i < turns; i++)
		assert_true(went[i].n <= 3);
}

static void
who_answered(void **state)
{
	static uint8_t there[1 << 16];
	struct answered a = { 0 };

	(void)state;
	assert_false(answered_has(&a, 0));
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t number = i % 2 ? roll(1 << 16) : roll(256) << 8;

		assert_int_equal(answered_has(&a, number), there[number]);
		if (!there[number])
			answered_add(&a, number);
		there[number] = 1;
	}
	for (uint32_t i = 0; i < 1 << 16; i++)
		assert_int_equal(answered_has(&a, i), there[i]);
	assert_true(a.cap <= 4 * a.n);
	answered_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(never_more_than_the_rate),
		cmocka_unit_test(and_no_less),
		cmocka_unit_test(evenly),
		cmocka_unit_test(who_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
