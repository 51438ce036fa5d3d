/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool_sinks.c - the spool and its sinks: what each is given, and when it counts as had. */
#include "spool_host.h"

static void
a_receipt_moves_the_cursor_over_restarts(void **state)
{
	(void)state;
	keep(3);
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	assert_int_equal(offered[0].n, 3);
	assert_non_null(strstr(offered[0].id, "/1-3"));
	settle(&offered[0], 1, 3, PLATEN_SENT);
	over(&offered[0], false);
	shut();
	reopen();
	spool_run(spool, &loop, (struct delivery *)1);
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(noffered, 1);
	assert_int_equal(spool->outlets[0].cursor, 3);
	assert_sound();
}

static void
without_a_receipt_the_same_batch_comes_again(void **state)
{
	(void)state;
	keep(3);
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	over(&offered[0], true);
	keep(2);
	turn(2);
	assert_string_equal(offered[1].id, offered[0].id);
	assert_int_equal(offered[1].attempt, 2);
	assert_int_equal(offered[1].n, 3);
}

static void
what_is_settled_out_of_order_is_not_sent_again(void **state)
{
	(void)state;
	keep(5);
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	settle(&offered[0], 1, 1, PLATEN_SENT);
	settle(&offered[0], 3, 4, PLATEN_SENT);
	over(&offered[0], true);
	assert_int_equal(spool->outlets[0].cursor, 1);
	turn(2);
	assert_int_equal(offered[1].first, 2);
	assert_int_equal(offered[1].n, 1);
	settle(&offered[1], 2, 2, PLATEN_SENT);
	over(&offered[1], false);
	assert_int_equal(spool->outlets[0].cursor, 4);
	turn(3);
	assert_int_equal(offered[2].first, 5);
	assert_int_equal(offered[2].n, 1);
}

static void
a_refused_record_is_set_aside_with_its_reason(void **state)
{
	(void)state;
	keep(2);
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	settle(&offered[0], 1, 1, PLATEN_REJECTED);
	keep(0); /* a commit between settling and the end */
	settle(&offered[0], 2, 2, PLATEN_SENT);
	over(&offered[0], false);
	keep(0);
	assert_int_equal(ask("SELECT count(*) FROM refused WHERE sink = 'one' AND seq = 1"
			     " AND reason = 'because' AND json LIKE '{%'"),
		1);
	assert_int_equal(ask("SELECT cursor FROM sink"), 2);
}

static void
an_urgent_sink_is_given_only_the_urgent(void **state)
{
	(void)state;
	sinks[0] = sinks[1];
	sinks[0].every = 86400000;
	keep(2);
	keep_of("printer", true, 3);
	keep(2);
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	assert_int_equal(offered[0].n, 1);
	assert_int_equal(offered[0].first, 3);
	settle(&offered[0], 3, 3, PLATEN_SENT);
	over(&offered[0], false);
	keep(1);
	keep(0);
	assert_int_equal(ask("SELECT cursor FROM sink"), 6);
}

/* 1,000 agents in 100 slots of a day: everywhere some, nowhere many, always the same ones. */
static void
agents_do_not_come_at_once(void **state)
{
	const uint64_t day = 86400000, slot = day / 100;
	uint32_t in[100] = { 0 };
	char agent[UUID_TEXT];

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		uint64_t wait;

		uuid_v4(agent);
		wait = slot_wait(agent, day, 1700000000);
		assert_true(wait < day);
		in[wait / slot]++;
		/* An hour later it is the same moment; behind it, tomorrow's. */
		if (wait >= 3600000)
			assert_int_equal(slot_wait(agent, day, 1700003600), wait - 3600000);
		else
			assert_int_equal(slot_wait(agent, day, 1700003600), wait + day - 3600000);
	}
	for (uint32_t i = 0; i < 100; i++)
		assert_in_range(in[i], 0, 35); /* 10 are expected */
	assert_int_equal(slot_wait(agent, 0, 1700000000), 0);
}

static void
a_slow_sink_does_not_stop_another(void **state)
{
	(void)state;
	nsinks = 2;
	sinks[1].take = TAKE_ALL;
	spool_run(spool, &loop, (struct delivery *)1);
	keep(1);
	turn(2);
	settle(&offered[1], 1, 1, PLATEN_SENT);
	over(&offered[1], false);
	keep(1);
	turn(3);
	assert_int_equal(offered[2].sink, offered[1].sink);
	assert_int_equal(offered[2].first, 2);
}

static void
a_batch_is_no_larger_than_it_may_be(void **state)
{
	(void)state;
	keep(SPOOL_BATCH_RECORDS + 1);
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	assert_int_equal(offered[0].n, SPOOL_BATCH_RECORDS);
	settle(&offered[0], 1, SPOOL_BATCH_RECORDS, PLATEN_SENT);
	over(&offered[0], false);
	turn(2);
	assert_int_equal(offered[1].n, 1);
}

static void
records_wait_for_company_but_urgent_ones(void **state)
{
	(void)state;
	sinks[0].every = 86400000;
	spool_run(spool, &loop, (struct delivery *)1);
	keep(1);
	for (int i = 0; i < 20; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(noffered, 0);
	keep_of("printer", true, 2);
	keep(0);
	turn(1);
	assert_int_equal(offered[0].n, 2);
}

static void
what_was_just_kept_is_not_read_back(void **state)
{
	(void)state;
	spool_run(spool, &loop, (struct delivery *)1);
	keep(1);
	turn(1);
	keep(3);
	assert_true(database_run(&spool->db, "UPDATE record SET json = '{}' WHERE seq = 3"));
	settle(&offered[0], 1, 1, PLATEN_SENT);
	over(&offered[0], false);
	turn(2);
	assert_int_equal(offered[1].n, 3);
	keep(5);
	assert_texts(offered[1].batch);
	over(&offered[1], true);
	/* What did not arrive is read anew, and looked through. */
	turn(3);
	assert_int_equal(offered[2].first, 2);
	assert_int_equal(offered[2].last, 4);
	assert_int_equal(offered[2].n, 2);
}

static void
an_urgent_sink_is_given_only_the_urgent_from_memory_too(void **state)
{
	(void)state;
	nsinks = 2;
	spool_run(spool, &loop, (struct delivery *)1);
	keep_of("printer", true, 1);
	keep(1);
	keep_of("printer", true, 2);
	keep_of("printer", false, 3);
	keep_of("printer", true, 4);
	keep(1);
	assert_int_equal(noffered, 2);
	settle(&offered[1], 1, 1, PLATEN_SENT);
	over(&offered[1], false);
	turn(3);
	assert_int_equal(offered[2].sink, 1);
	assert_int_equal(offered[2].n, 2);
	assert_int_equal(offered[2].first, 3);
	assert_int_equal(offered[2].last, 5);
}

static void
little_of_what_is_kept_stays_in_memory(void **state)
{
	(void)state;
	spool_run(spool, &loop, (struct delivery *)1);
	keep(1);
	turn(1);
	for (int i = 0; i < 40; i++)
		keep(100);
	assert_true(spool->recent_size > 0);
	assert_true(spool->recent_size <= SPOOL_BATCH_SIZE);
	settle(&offered[0], 1, 1, PLATEN_SENT);
	over(&offered[0], false);
	turn(2);
	assert_int_equal(offered[1].first, 2);
	assert_int_equal(offered[1].n, SPOOL_BATCH_RECORDS);
	sinks[0].every = 86400000;
	settle(&offered[1], 0, INT64_MAX, PLATEN_SENT);
	over(&offered[1], false);
	for (uint32_t i = 2; i < 9; i++) {
		turn(i + 1);
		settle(&offered[i], 0, INT64_MAX, PLATEN_SENT);
		over(&offered[i], false);
	}
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	assert_int_equal(noffered, 9);
	assert_null(spool->recent);
	keep(1);
	assert_null(spool->recent);
}

static void
a_sink_that_is_gone_holds_nothing_back(void **state)
{
	(void)state;
	keep(1);
	spool_run(spool, &loop, (struct delivery *)1);
	keep(1);
	shut();
	sinks[0].name = "renamed";
	reopen();
	spool_run(spool, &loop, (struct delivery *)1);
	assert_int_equal(ask("SELECT gone FROM sink WHERE name = 'one'"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_receipt_moves_the_cursor_over_restarts),
		T(without_a_receipt_the_same_batch_comes_again),
		T(what_is_settled_out_of_order_is_not_sent_again),
		T(a_refused_record_is_set_aside_with_its_reason),
		T(an_urgent_sink_is_given_only_the_urgent),
		T(agents_do_not_come_at_once),
		T(a_slow_sink_does_not_stop_another),
		T(a_batch_is_no_larger_than_it_may_be),
		T(records_wait_for_company_but_urgent_ones),
		T(what_was_just_kept_is_not_read_back),
		T(an_urgent_sink_is_given_only_the_urgent_from_memory_too),
		T(little_of_what_is_kept_stays_in_memory),
		T(a_sink_that_is_gone_holds_nothing_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
