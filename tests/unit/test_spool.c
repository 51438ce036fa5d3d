/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool.c - the spool: what is kept and numbered, and what goes when it is full. */
#include "spool_host.h"

/* ---- keeping ---- */

static void
numbers_rise_without_a_hole_over_restarts(void **state)
{
	char agent[UUID_TEXT];

	(void)state;
	snprintf(agent, sizeof(agent), "%s", spool_agent(spool));
	assert_int_equal(spool_next(spool), 1);
	keep(3);
	shut();
	reopen();
	assert_string_equal(spool_agent(spool), agent);
	assert_int_equal(spool_next(spool), 4);
	keep(1);
	assert_int_equal(ask("SELECT count(*) FROM record"), 4);
	assert_sound();
}

static void
deleted_numbers_are_not_given_again(void **state)
{
	(void)state;
	keep(3);
	assert_true(spool_db_delete(&spool->db, 2));
	assert_true(spool_db_delete(&spool->db, 3));
	assert_int_equal(ask("SELECT count(*) FROM record"), 0);
	shut();
	reopen();
	assert_int_equal(spool_next(spool), 4);
	keep(1);
	assert_sound();
}

/* Its table numbers by itself what is given no number, and writes down which was the last. */
static void
a_spool_of_an_earlier_platen_goes_on(void **state)
{
	(void)state;
	assert_true(database_run(&spool->db,
		"DROP TABLE record; CREATE TABLE record (seq INTEGER PRIMARY KEY AUTOINCREMENT,"
		" time INTEGER NOT NULL, lived INTEGER NOT NULL, device TEXT NOT NULL,"
		" urgent INTEGER NOT NULL, sum INTEGER NOT NULL, json TEXT NOT NULL);"
		"CREATE INDEX record_urgent ON record (seq) WHERE urgent;"));
	keep(40);
	assert_int_equal(ask("SELECT seq FROM sqlite_sequence WHERE name = 'record'"), 40);
	assert_true(spool_db_delete(&spool->db, 40));
	shut();
	reopen();
	assert_int_equal(spool_next(spool), 41);
	keep(1);
	assert_int_equal(ask("SELECT count(*) FROM sqlite_sequence WHERE name = 'record'"), 1);
	assert_sound();
}

static void
a_lost_database_repeats_no_number(void **state)
{
	char path[128];

	(void)state;
	keep(3);
	shut();
	snprintf(path, sizeof(path), "%s/spool.db", folder);
	unlink(path);
	reopen();
	assert_true(spool_next(spool) > 3);
	keep(2);
	assert_sound();
}

static void
a_lost_identity_is_found_in_the_database(void **state)
{
	char agent[UUID_TEXT], path[128];

	(void)state;
	snprintf(agent, sizeof(agent), "%s", spool_agent(spool));
	keep(3);
	shut();
	snprintf(path, sizeof(path), "%s/agent.id", folder);
	unlink(path);
	reopen();
	assert_string_equal(spool_agent(spool), agent);
	assert_int_equal(spool_next(spool), 4);
}

static void
a_second_agent_is_refused(void **state)
{
	struct why why;

	(void)state;
	assert_null(spool_open(&config, &why));
	assert_non_null(strstr(why.text, "in use"));
}

static void
what_makes_no_record_is_refused(void **state)
{
	struct spool_record r = { .seq = 7, .device = "d", .json = "{}", .len = 2 };
	struct why why;

	(void)state;
	assert_false(spool_keep(spool, &r, &why));
	r.seq = spool_next(spool);
	r.json = "{\n}";
	r.len = 3;
	assert_false(spool_keep(spool, &r, &why));
	assert_int_equal(spool_next(spool), 1);
}

static void
the_newest_meter_is_found_also_while_it_waits(void **state)
{
	(void)state;
	assert_int_equal(LATEST("printer"), -1);
	keep_of("printer", false, 10);
	keep_of("printer", false, 11);
	keep_of("other", false, 99);
	for (int kept = 0; kept < 2; kept++, keep(0)) {
		assert_int_equal(LATEST("printer"), 11);
		assert_int_equal(latest("printer", "color", "impressions", "printer-mib"), -1);
		assert_int_equal(latest("printer", "total", "sheets", "printer-mib"), -1);
		assert_int_equal(latest("printer", "total", "impressions", "kyocera"), -1);
	}
}

/* Most counters stand still from one reading to the next. */
static void
a_value_that_stands_is_not_written_again(void **state)
{
	struct spool_meter m = { "total", "impressions", "printer-mib", .value = 10 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		spool_latest(spool, "printer", &m, 1);
		assert_int_equal(m.known, i > 0);
		assert_int_equal(m.stands, i > 0);
		keep_meter("printer", false, &m);
		if (i > 0)
			keep(0);
	}
	assert_int_equal(ask("SELECT seq FROM latest"), 1);
	/* Once a day it is, so that it is not the oldest one some day. */
	assert_int_equal(ask("UPDATE latest SET meters = replace(meters, '@', '@-') RETURNING 0"),
		0);
	shut();
	reopen();
	spool_latest(spool, "printer", &m, 1);
	assert_true(m.known);
	assert_false(m.stands);
	m.value = 9;
	spool_latest(spool, "printer", &m, 1);
	assert_int_equal(m.before, 10);
	assert_false(m.stands);
	keep_meter("printer", false, &m);
	/* What waits is what it is compared with. */
	m.value = 10;
	spool_latest(spool, "printer", &m, 1);
	assert_int_equal(m.before, 9);
	assert_false(m.stands);
}

/* ... nor looked up again, until another one comes. */
static void
a_value_that_stands_is_not_looked_up_again(void **state)
{
	struct spool_meter m = { "total", "impressions", "printer-mib", .value = 10 };

	(void)state;
	keep_meter("printer", false, &m);
	keep(0);
	spool_latest(spool, "printer", &m, 1);
	assert_true(m.stands);
	assert_int_equal(ask("UPDATE latest SET meters = '' RETURNING 0"), 0);
	m.stands = m.known = false;
	spool_latest(spool, "printer", &m, 1);
	assert_true(m.known && m.stands && m.before == 10);
	/* What goes to and fro is never taken for what stood. */
	m.value = 11;
	spool_latest(spool, "printer", &m, 1);
	assert_false(m.stands);
	keep_meter("printer", false, &m);
	keep(0);
	m.value = 10;
	spool_latest(spool, "printer", &m, 1);
	assert_true(m.known && !m.stands && m.before == 11);
}

static void
what_each_plugin_counted_is_kept_apart(void **state)
{
	(void)state;
	for (int kept = 0; kept < 2; kept++, keep(0)) {
		keep_via("printer", false, "kyocera", 5000 + kept);
		keep_via("printer", false, "printer-mib", 4000 + kept);
		keep_via("printer", false, "kyocera", 5010 + kept);
		assert_int_equal(LATEST("printer"), 4000 + kept);
		assert_int_equal(latest("printer", "total", "impressions", "kyocera"), 5010 + kept);
	}
	assert_int_equal(ask("SELECT count(*) FROM latest"), 1);
	assert_sound();
}

/* A value that is in no record, or in another's, is found. */
static void
newest_values_are_checked(void **state)
{
	(void)state;
	keep_via("printer", false, "kyocera", 5);
	keep_via("other", false, "kyocera", 6);
	keep(0);
	assert_sound();
	assert_true(database_run(&spool->db,
		"UPDATE latest SET meters = replace(meters, ' 1', ' 2') WHERE device = 'printer'"));
	assert_int_equal(look_check(&spool->db, print_finding, NULL), 2);
	assert_true(database_run(&spool->db,
		"UPDATE latest SET meters = 'nonsense' WHERE device = 'printer'"));
	assert_int_equal(look_check(&spool->db, print_finding, NULL), 1);
	assert_int_equal(latest("printer", "total", "impressions", "kyocera"), -1);
}

static void
a_full_disk_loses_nothing(void **state)
{
	struct why why;
	uint32_t n = 0;

	(void)state;
	assert_true(database_run(&spool->db, "PRAGMA max_page_count=20"));
	do {
		assert_true(keep_of("printer", false, 1));
		n++;
	} while (spool_commit(spool, &why) && n < 5000);
	assert_true(spool->ailing);
	for (int i = 0; i < 100; i++)
		assert_true(keep_of("printer", false, 2));
	n += 100;
	assert_false(spool_commit(spool, &why));
	assert_true(database_run(&spool->db, "PRAGMA max_page_count=100000"));
	assert_true(spool_commit(spool, &why));
	assert_int_equal(ask("SELECT count(*) FROM record"), n);
	assert_int_equal(spool_next(spool), n + 1);
	assert_sound();
}

static void
memory_is_bounded_too(void **state)
{
	uint32_t n = 0;

	(void)state;
	assert_true(database_run(&spool->db, "PRAGMA query_only=ON"));
	while (keep_of("printer", false, 1))
		n++;
	assert_int_equal(n, SPOOL_MAX_WAITING);
	assert_int_equal(spool_next(spool), n + 1);
	assert_true(database_run(&spool->db, "PRAGMA query_only=OFF"));
}

/* ---- bounds ---- */

static void
what_all_have_goes_silently_and_the_rest_is_told(void **state)
{
	(void)state;
	config.spool_max_size = 1 << 20;
	keep_of("once", false, 77);
	spool_run(spool, &loop, (struct delivery *)1);
	for (int i = 0; i < 60; i++)
		keep(100);
	assert_true(spool_db_used(&spool->db) <= config.spool_max_size);
	assert_true(ask("SELECT sum(count) FROM dropped") > 0);
	assert_int_equal(ask("SELECT min(seq) - 1 FROM record"),
		ask("SELECT max(last) FROM dropped"));
	assert_true(ask("SELECT count(*) FROM record WHERE json LIKE '%\"kind\":\"dropped\"%'") >
		0);
	assert_int_equal(LATEST("once"), 77);
	assert_sound();
}

static void
delivered_records_go_by_size_without_a_word(void **state)
{
	(void)state;
	config.spool_max_size = 1 << 20;
	spool_run(spool, &loop, (struct delivery *)1);
	for (uint32_t i = 0; i < 60; i++) {
		keep(100);
		turn(i + 1);
		settle(&offered[i % COUNT(offered)], 0, INT64_MAX, PLATEN_SENT);
		over(&offered[i % COUNT(offered)], false);
	}
	keep(1);
	assert_int_equal(ask("SELECT count(*) FROM dropped"), 0);
	assert_true(ask("SELECT min(seq) FROM record") > 1);
	assert_sound();
}

static void
age_is_the_agents_not_the_clocks(void **state)
{
	(void)state;
	config.spool_max_age = 3600000;
	nsinks = 0;
	keep(1);
	assert_true(database_run(&spool->db, "UPDATE record SET time = 0"));
	spool_run(spool, &loop, (struct delivery *)1);
	keep(1);
	assert_int_equal(ask("SELECT count(*) FROM record"), 2);
	spool->lived += 7200;
	keep(1);
	assert_int_equal(ask("SELECT count(*) FROM record"), 1);
}

/* Whoever is killed has said no farewell: how long it ran stands in its records. */
static void
age_goes_on_after_a_kill(void **state)
{
	(void)state;
	spool_run(spool, &loop, (struct delivery *)1);
	spool->lived += 7200;
	keep(20);
	assert_int_equal(ask("SELECT count(*) FROM meta WHERE key = 'lived'"), 0);
	assert_true(spool_db_lived(&spool->db) >= 7200);
	spool->lived += 7200;
	keep(0);
	assert_true(spool_db_lived(&spool->db) >= 14400);
	shut();
	reopen();
	assert_true(spool_lived(spool) >= 14400);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(numbers_rise_without_a_hole_over_restarts),
		T(deleted_numbers_are_not_given_again),
		T(a_spool_of_an_earlier_platen_goes_on),
		T(a_lost_database_repeats_no_number),
		T(a_lost_identity_is_found_in_the_database),
		T(a_second_agent_is_refused),
		T(what_makes_no_record_is_refused),
		T(the_newest_meter_is_found_also_while_it_waits),
		T(a_value_that_stands_is_not_written_again),
		T(a_value_that_stands_is_not_looked_up_again),
		T(what_each_plugin_counted_is_kept_apart),
		T(newest_values_are_checked),
		T(a_full_disk_loses_nothing),
		T(memory_is_bounded_too),
		T(what_all_have_goes_silently_and_the_rest_is_told),
		T(delivered_records_go_by_size_without_a_word),
		T(age_is_the_agents_not_the_clocks),
		T(age_goes_on_after_a_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
