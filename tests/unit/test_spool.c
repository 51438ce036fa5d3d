/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool.c - the spool without a delivery: what is kept, for whom, and what damage costs. */
#include "store/spool_inside.h"
#include "store/spool_look.h"

#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a delivery that does what a test says ---- */

static struct sink_config sinks[2];
static uint32_t nsinks;
static struct offer {
	uint32_t n, sink, attempt;
	uint64_t first, last;
	char id[96];
	const struct batch_events *events;
	void *arg;
} offered[64];
static uint32_t noffered;

uint32_t
delivery_sinks(const struct delivery *d)
{
	(void)d;
	return nsinks;
}

const struct sink_config *
delivery_sink(const struct delivery *d, uint32_t sink)
{
	(void)d;
	return &sinks[sink];
}

void
delivery_offer(struct delivery *d, uint32_t sink, const struct platen_batch *batch,
	const struct batch_events *events, void *arg)
{
	struct offer *o = &offered[noffered++ % COUNT(offered)];

	(void)d;
	*o = (struct offer){ .n = batch->n,
		.sink = sink,
		.attempt = batch->attempt,
		.first = batch->records[0]->seq,
		.last = batch->records[batch->n - 1]->seq,
		.events = events,
		.arg = arg };
	snprintf(o->id, sizeof(o->id), "%s", batch->id);
}

/* ---- a state folder for each test ---- */

static char folder[64];
static struct config config;
static uv_loop_t loop;
static struct spool *spool;

static void
reopen(void)
{
	struct why why = { "" };

	spool = spool_open(&config, &why);
	if (spool == NULL)
		fail_msg("%s", why.text);
}

static void
shut(void)
{
	spool_close(spool);
	spool = NULL;
	uv_run(&loop, UV_RUN_NOWAIT);
	uv_run(&loop, UV_RUN_NOWAIT);
}

static int
set_up(void **state)
{
	(void)state;
	log_open("test", LOG_ERROR + 1);
	snprintf(folder, sizeof(folder), "/tmp/platen-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	config = (struct config){ .customer = "C-1",
		.site = "",
		.state = folder,
		.spool_max_size = 64 << 20,
		.spool_max_age = 86400000 };
	sinks[0] = (struct sink_config){ .name = "one", .plugin = "x", .every = 0 };
	sinks[1] = (struct sink_config){ .name = "two", .plugin = "x", .take = TAKE_URGENT };
	nsinks = 1;
	noffered = 0;
	assert_int_equal(uv_loop_init(&loop), 0);
	reopen();
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	if (spool != NULL)
		shut();
	assert_int_equal(uv_loop_close(&loop), 0);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static bool
keep_meter(const char *device, bool urgent, const struct spool_meter *meter)
{
	uint64_t seq = spool_next(spool);
	char json[512];
	struct spool_record r = { .seq = seq,
		.device = device,
		.time = clock_wall(),
		.urgent = urgent,
		.json = json,
		.nmeters = 1,
		.meters = meter };
	struct why why;

	snprintf(json, sizeof(json),
		"{\"seq\":%" PRIu64 ",\"meters\":[{\"name\":\"total\","
		"\"value\":%" PRId64 ",\"unit\":\"impressions\",\"via\":\"%s\"}],"
		"\"fill\":\"%0200d\"}",
		seq, meter->value, meter->via, 0);
	r.len = strlen(json);
	return spool_keep(spool, &r, &why);
}

static bool
keep_via(const char *device, bool urgent, const char *via, int64_t value)
{
	return keep_meter(device, urgent,
		&(struct spool_meter){ "total", "impressions", via, .value = value });
}

static bool
keep_of(const char *device, bool urgent, int64_t value)
{
	return keep_via(device, urgent, "printer-mib", value);
}

/* What a plugin counted last, -1: nothing is known. */
static int64_t
latest(const char *device, const char *meter, const char *unit, const char *via)
{
	struct spool_meter m = { meter, unit, via, .value = -1 };

	spool_latest(spool, device, &m, 1);
	return m.known ? m.before : -1;
}

#define LATEST(device) latest(device, "total", "impressions", "printer-mib")

static void
keep(uint32_t n)
{
	struct why why = { "" };

	for (uint32_t i = 0; i < n; i++)
		assert_true(keep_of("printer", false, (int64_t)spool_next(spool)));
	if (!spool_commit(spool, &why))
		fail_msg("%s", why.text);
}

/* Turn the loop until that many offers were made, or it is clear that none comes. */
static void
turn(uint32_t until)
{
	for (int i = 0; i < 2000 && noffered < until; i++) {
		uv_run(&loop, UV_RUN_NOWAIT);
		usleep(1000);
	}
	assert_int_equal(noffered, until);
}

static void
settle(const struct offer *o, uint64_t first, uint64_t last, int32_t verdict)
{
	o->events->settled(o->arg, o->sink, first, last, verdict, "because");
}

static void
over(const struct offer *o, bool again)
{
	o->events->over(o->arg, o->sink, again, 1);
}

static int64_t
ask(const char *sql)
{
	return database_number(&spool->db, sql);
}

/* How many files in the state folder are called so. */
static size_t
files(const char *pattern)
{
	char path[128];
	glob_t g;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", folder, pattern);
	n = glob(path, 0, NULL, &g) == 0 ? g.gl_pathc : 0;
	globfree(&g);
	return n;
}

static void
print_finding(void *arg, const char *line)
{
	(void)arg;
	print_message("%s\n", line);
}

static void
assert_sound(void)
{
	assert_int_equal(look_check(&spool->db, print_finding, NULL), 0);
}

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
	assert_true(database_run(&spool->db, "DELETE FROM record"));
	shut();
	reopen();
	assert_int_equal(spool_next(spool), 4);
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
	assert_int_equal(ask("UPDATE latest SET time = time - 86401 RETURNING 0"), 0);
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
	assert_int_equal(ask("SELECT count(*) FROM latest"), 2);
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

/* ---- sinks ---- */

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

/* ---- damage ---- */

static void
spoil(const char *file, long from, long n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	f = fopen(path, "r+");
	assert_non_null(f);
	fseek(f, from, SEEK_SET);
	for (long i = 0; i < n; i++)
		fputc(0xA5, f);
	fclose(f);
}

static void
a_damaged_database_is_set_aside_at_the_start(void **state)
{
	char agent[UUID_TEXT];

	(void)state;
	snprintf(agent, sizeof(agent), "%s", spool_agent(spool));
	keep(3);
	shut();
	spoil("spool.db", 0, 100);
	reopen();
	assert_string_equal(spool_agent(spool), agent);
	assert_true(spool_next(spool) > 3);
	assert_int_equal(files("spool.db.damaged-*Z"), 1);
	keep(2);
	assert_sound();
}

static void
a_database_damaged_while_open_is_replaced(void **state)
{
	struct spool_meter stands = { "total", "impressions", "kyocera", .value = 7 };
	struct why why;
	uint64_t next;

	(void)state;
	keep(300);
	spool_run(spool, &loop, (struct delivery *)1);
	keep_meter("other", false, &stands);
	keep(0);
	next = spool_next(spool);
	assert_true(keep_of("printer", false, 5));
	/* That it stands in the old one is no reason not to write it into the new one. */
	spool_latest(spool, "other", &stands, 1);
	assert_true(stands.stands);
	keep_meter("other", false, &stands);
	assert_true(database_run(&spool->db, "DELETE FROM latest"));
	spool->db.damaged = true;
	assert_true(spool_commit(spool, &why));
	assert_int_equal(files("spool.db.damaged-*Z"), 1);
	/* Nothing was wrong with the pages: all of it could be read. */
	assert_int_equal(ask("SELECT count(*) FROM record WHERE seq < 300"), 299);
	assert_true(spool_next(spool) > next);
	assert_int_equal(latest("other", "total", "impressions", "kyocera"), 7);
	keep(1);
	assert_sound();
}

static void
change(const char *sql)
{
	struct database d;
	char path[128];

	snprintf(path, sizeof(path), "%s/spool.db", folder);
	assert_true(database_open(&d, path, DATABASE_TREASURE));
	assert_true(database_run(&d, sql));
	database_close(&d);
}

/* What makes a spool that is not open one of schema 1, where a meter was its name alone. */
#define OF_BEFORE                                                                                  \
	"CREATE TABLE old (device TEXT NOT NULL, meter TEXT NOT NULL, unit TEXT NOT NULL,"         \
	" value INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL,"                    \
	" PRIMARY KEY (device, meter)) WITHOUT ROWID;"                                             \
	"INSERT INTO old SELECT device, meter, unit, value, time, seq FROM latest;"                \
	"DROP TABLE latest; ALTER TABLE old RENAME TO latest;"                                     \
	"UPDATE meta SET value = '1' WHERE key = 'schema';"

/* Who read a value is known where its record is still there, and whole. */
static void
a_spool_of_before_is_brought_up_to_date(void **state)
{
	(void)state;
	keep_via("here", false, "kyocera", 5000);
	keep_via("gone", false, "kyocera", 6000);
	keep_via("spoilt", false, "kyocera", 7000);
	keep(0);
	shut();
	change(OF_BEFORE "DELETE FROM record WHERE device = 'gone';"
			 "UPDATE record SET json = '{' WHERE device = 'spoilt';");
	reopen();
	assert_int_equal(ask("SELECT value FROM meta WHERE key = 'schema'"), SPOOL_SCHEMA);
	assert_int_equal(ask("SELECT count(*) FROM latest"), 3);
	assert_int_equal(latest("here", "total", "impressions", "kyocera"), 5000);
	assert_int_equal(latest("gone", "total", "impressions", "kyocera"), -1);
	assert_int_equal(latest("gone", "total", "impressions", ""), 6000);
	assert_int_equal(latest("spoilt", "total", "impressions", ""), 7000);
	assert_int_equal(spool_next(spool), 4);
}

static void
a_damaged_spool_of_before_is_salvaged_too(void **state)
{
	uint64_t pages;

	(void)state;
	keep_of("here", false, 5000);
	keep(1000);
	pages = (uint64_t)ask("PRAGMA page_count");
	shut();
	change(OF_BEFORE "INSERT OR REPLACE INTO meta VALUES ('open', 'yes')");
	spoil("spool.db", (long)(pages / 2 * 4096), 4096);
	reopen();
	assert_int_equal(files("spool.db.damaged-*Z"), 1);
	assert_true(ask("SELECT count(*) FROM record") > 900);
	assert_int_equal(latest("here", "total", "impressions", ""), 5000);
}

static void
what_can_be_read_of_a_damaged_one_is_kept(void **state)
{
	uint64_t pages;

	(void)state;
	keep(1000);
	pages = (uint64_t)ask("PRAGMA page_count");
	shut();
	/* A page in the middle of the records. */
	spoil("spool.db", (long)(pages / 2 * 4096), 4096);
	/* As after a power cut: the whole file is looked through. */
	change("INSERT OR REPLACE INTO meta VALUES ('open', 'yes')");
	reopen();
	assert_int_equal(files("spool.db.damaged-*Z"), 1);
	assert_true(ask("SELECT count(*) FROM record") > 900);
	assert_int_equal(ask("SELECT max(seq) FROM record"), 1000);
	assert_int_equal(ask("SELECT min(seq) FROM record"), 1);
	assert_true(spool_next(spool) > 1000);
	keep(1);
	assert_sound();
}

static void
a_reader_is_no_hindrance_and_sees_what_is_kept(void **state)
{
	struct database d;
	struct spool_overview o;

	(void)state;
	keep(5);
	assert_true(spool_db_open(&d, folder, DATABASE_READ));
	keep(5);
	look_overview(&d, &o);
	assert_int_equal(o.records, 10);
	assert_false(database_run(&d, "DELETE FROM record"));
	database_close(&d);
}

static void
a_flipped_bit_is_not_passed_on(void **state)
{
	(void)state;
	keep(3);
	assert_true(database_run(&spool->db,
		"UPDATE record SET json = replace(json, '\"value\":2', '\"value\":3') WHERE seq = "
		"2"));
	spool_run(spool, &loop, (struct delivery *)1);
	turn(1);
	assert_int_equal(offered[0].last, 1);
	settle(&offered[0], 1, 1, PLATEN_SENT);
	over(&offered[0], false);
	turn(2);
	assert_int_equal(offered[1].first, 3);
	keep(0);
	assert_int_equal(ask("SELECT count(*) FROM refused WHERE seq = 2"), 1);
	assert_true(look_check(&spool->db, print_finding, NULL) > 0);
}

/* ---- a standby ---- */

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
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(numbers_rise_without_a_hole_over_restarts),
		T(deleted_numbers_are_not_given_again),
		T(a_lost_database_repeats_no_number),
		T(a_lost_identity_is_found_in_the_database),
		T(a_second_agent_is_refused),
		T(what_makes_no_record_is_refused),
		T(the_newest_meter_is_found_also_while_it_waits),
		T(a_value_that_stands_is_not_written_again),
		T(what_each_plugin_counted_is_kept_apart),
		T(a_full_disk_loses_nothing),
		T(memory_is_bounded_too),
		T(a_receipt_moves_the_cursor_over_restarts),
		T(without_a_receipt_the_same_batch_comes_again),
		T(what_is_settled_out_of_order_is_not_sent_again),
		T(a_refused_record_is_set_aside_with_its_reason),
		T(an_urgent_sink_is_given_only_the_urgent),
		T(agents_do_not_come_at_once),
		T(a_slow_sink_does_not_stop_another),
		T(a_batch_is_no_larger_than_it_may_be),
		T(records_wait_for_company_but_urgent_ones),
		T(a_sink_that_is_gone_holds_nothing_back),
		T(what_all_have_goes_silently_and_the_rest_is_told),
		T(delivered_records_go_by_size_without_a_word),
		T(age_is_the_agents_not_the_clocks),
		T(a_damaged_database_is_set_aside_at_the_start),
		T(a_database_damaged_while_open_is_replaced),
		T(what_can_be_read_of_a_damaged_one_is_kept),
		T(a_spool_of_before_is_brought_up_to_date),
		T(a_damaged_spool_of_before_is_salvaged_too),
		T(a_reader_is_no_hindrance_and_sees_what_is_kept),
		T(a_flipped_bit_is_not_passed_on),
		T(a_standby_takes_over_and_stands_by_again),
		T(a_standby_takes_over_from_one_that_never_answers),
		T(a_standby_that_has_nothing_to_step_in_for_is_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
