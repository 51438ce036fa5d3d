/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool_standby.c - a sink that steps in for another one, and only then. */
#include "spool_host.h"

/* Milliseconds until the standby steps in: more than a slow machine takes for a few turns. */
#define AFTER 400

/* Sinks "one", and "two" which steps in for it. */
static void
with_standby(void)
{
	shut();
	sinks[1] = (struct sink_config){
		.name = "two", .plugin = "x", .standby_of = "one", .after = AFTER
	};
	nsinks = 2;
	reopen();
	spool_run(spool, &loop, NULL);
}

static void
turn_for(uint32_t ms)
{
	for (uint32_t i = 0; i < ms; i++) {
		uv_run(&loop, UV_RUN_NOWAIT);
		usleep(1000);
	}
}

static void
state_is(const char *word)
{
	struct why why;
	char state[16];

	assert_true(spool_commit(spool, &why));
	spool_db_state(&spool->db, "two", state, sizeof(state));
	assert_string_equal(state, word);
}

static void
a_standby_takes_over_and_stands_by_again(void **state)
{
	const struct offer *one, *two;

	(void)state;
	with_standby();
	keep(3);
	state_is("standby");
	turn(1);
	usleep((AFTER + AFTER / 4) * 1000);
	over(&offered[0], true);
	turn(3);
	/* Both are offered the same: the one tries again, the other takes over. */
	one = &offered[offered[1].sink == 0 ? 1 : 2];
	two = &offered[offered[1].sink == 0 ? 2 : 1];
	assert_true(one->sink == 0 && two->sink == 1);
	assert_true(two->first == 1 && two->last == 3);
	state_is("delivers");
	settle(two, 1, 2, PLATEN_SENT);
	/* The other sink is back before the standby is through: it is given nothing more. */
	settle(one, 1, 3, PLATEN_SENT);
	over(one, false);
	over(two, true);
	turn_for(AFTER + AFTER / 2);
	assert_int_equal(noffered, 3);
	state_is("standby");
	/* What the other one has had it has had. */
	assert_int_equal(spool->outlets[1].cursor, 3);
	keep(2);
	turn(4);
	assert_int_equal(offered[3].sink, 0);
	settle(&offered[3], 4, 5, PLATEN_SENT);
	over(&offered[3], false);
	turn_for(AFTER + AFTER / 2);
	assert_int_equal(noffered, 4);
	keep(0);
	assert_int_equal(ask("SELECT min(cursor) FROM sink"), 5);
	assert_sound();
}

static void
a_standby_takes_over_from_one_that_never_answers(void **state)
{
	(void)state;
	with_standby();
	keep(1);
	turn(2);
	assert_int_equal(offered[0].sink, 0);
	assert_int_equal(offered[1].sink, 1);
	settle(&offered[1], 1, 1, PLATEN_SENT);
	over(&offered[1], false);
	/* It has had it, and is not given it again while the other one still hangs. */
	turn_for(AFTER + AFTER / 2);
	assert_int_equal(noffered, 2);
	assert_int_equal(spool->outlets[0].cursor, 0);
	assert_int_equal(spool->outlets[1].cursor, 1);
}

static void
a_standby_that_has_nothing_to_step_in_for_is_quiet(void **state)
{
	(void)state;
	with_standby();
	keep(1);
	turn(1);
	settle(&offered[0], 1, 1, PLATEN_SENT);
	over(&offered[0], false);
	turn_for(AFTER + AFTER / 2);
	assert_int_equal(noffered, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_standby_takes_over_and_stands_by_again),
		T(a_standby_takes_over_from_one_that_never_answers),
		T(a_standby_that_has_nothing_to_step_in_for_is_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
