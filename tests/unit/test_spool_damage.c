/* SPDX-License-Identifier: Apache-2.0 */
/* test_spool_damage.c - what damage to the spool costs, and spools of before. */
#include "spool_host.h"

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

/* What makes a spool that is not open one of schema 1, where a meter was its name alone, ... */
#define OF_1                                                                                       \
	"DROP TABLE latest;"                                                                       \
	"CREATE TABLE latest (device TEXT NOT NULL, meter TEXT NOT NULL, unit TEXT NOT NULL,"      \
	" value INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL,"                    \
	" PRIMARY KEY (device, meter)) WITHOUT ROWID;"                                             \
	"INSERT OR REPLACE INTO latest SELECT device, m.value ->> 'name', m.value ->> 'unit',"     \
	" m.value ->> 'value', time, seq FROM record, json_each(record.json, '$.meters') AS m"     \
	" ORDER BY seq;"                                                                           \
	"UPDATE meta SET value = '1' WHERE key = 'schema';"
/* ... or of schema 2, where each had a row. */
#define OF_2                                                                                       \
	"DROP TABLE latest;"                                                                       \
	"CREATE TABLE latest (device TEXT NOT NULL, meter TEXT NOT NULL, unit TEXT NOT NULL,"      \
	" via TEXT NOT NULL, value INTEGER NOT NULL, time INTEGER NOT NULL, seq INTEGER NOT NULL," \
	" PRIMARY KEY (device, meter, unit, via)) WITHOUT ROWID;"                                  \
	"INSERT OR REPLACE INTO latest SELECT device, m.value ->> 'name', m.value ->> 'unit',"     \
	" m.value ->> 'via', m.value ->> 'value', time, seq"                                       \
	" FROM record, json_each(record.json, '$.meters') AS m ORDER BY seq;"                      \
	"UPDATE meta SET value = '2' WHERE key = 'schema';"

/* Who read a value is known where its record is still there, and whole. */
static void
a_spool_of_schema_1_is_brought_up_to_date(void **state)
{
	(void)state;
	keep_via("here", false, "kyocera", 5000);
	keep_via("gone", false, "kyocera", 6000);
	keep_via("spoilt", false, "kyocera", 7000);
	keep(0);
	shut();
	change(OF_1 "DELETE FROM record WHERE device = 'gone';"
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

/* Every value, of its record and its time; all of it, or nothing. */
static void
a_spool_of_schema_2_is_brought_up_to_date(void **state)
{
	struct why why;

	(void)state;
	keep_via("here", false, "kyocera", 5000);
	keep_via("here", false, "printer-mib", 4000);
	keep_via("there", false, "kyocera", 6000);
	keep_via("here", false, "kyocera", 5001);
	keep(0);
	shut();
	change(OF_2 "UPDATE latest SET time = 1795219916 + seq;"
		    "CREATE TRIGGER stops BEFORE UPDATE ON meta WHEN new.value = '3'"
		    " BEGIN SELECT raise(ABORT, 'killed'); END");
	assert_null(spool_open(&config, &why));
	change("DROP TRIGGER stops; DELETE FROM latest WHERE via = ''");
	reopen();
	assert_int_equal(ask("SELECT value FROM meta WHERE key = 'schema'"), SPOOL_SCHEMA);
	assert_int_equal(ask("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'latest_%'"), 0);
	assert_int_equal(ask("SELECT count(*) FROM latest"), 2);
	assert_int_equal(ask("SELECT seq FROM latest WHERE device = 'here'"), 4);
	assert_int_equal(ask("SELECT meters = '@1795219919 3' || char(10) || '6000' || char(9)"
			     " || 'total' || char(9) || 'impressions' || char(9) || 'kyocera'"
			     " || char(10) FROM latest WHERE device = 'there'"),
		1);
	assert_int_equal(latest("here", "total", "impressions", "kyocera"), 5001);
	assert_int_equal(latest("here", "total", "impressions", "printer-mib"), 4000);
	assert_int_equal(latest("there", "total", "impressions", "kyocera"), 6000);
	assert_sound();
	/* What one of them says anew leaves the other's where it was. */
	keep_via("here", false, "kyocera", 5002);
	keep(0);
	assert_int_equal(latest("here", "total", "impressions", "kyocera"), 5002);
	assert_int_equal(latest("here", "total", "impressions", "printer-mib"), 4000);
	assert_sound();
}

/* Where a page of records begins. */
static long
middle_page(void)
{
	return (long)(ask("PRAGMA page_count") / 2 * ask("PRAGMA page_size"));
}

static void
salvage_of(const char *before, const char *via)
{
	long middle;

	keep_of("here", false, 5000);
	keep(1000);
	middle = middle_page();
	shut();
	change(before);
	change("INSERT OR REPLACE INTO meta VALUES ('open', 'yes')");
	spoil("spool.db", middle, 4096);
	reopen();
	assert_int_equal(files("spool.db.damaged-*Z"), 1);
	assert_true(ask("SELECT count(*) FROM record") > 900);
	assert_int_equal(latest("here", "total", "impressions", via), 5000);
	assert_int_equal(ask("SELECT count(*) FROM latest"), 2);
}

static void
a_damaged_spool_of_schema_1_is_salvaged_too(void **state)
{
	(void)state;
	salvage_of(OF_1, "");
}

static void
a_damaged_spool_of_schema_2_is_salvaged_too(void **state)
{
	(void)state;
	salvage_of(OF_2, "printer-mib");
}

static void
what_can_be_read_of_a_damaged_one_is_kept(void **state)
{
	long middle;

	(void)state;
	keep(1000);
	middle = middle_page();
	shut();
	/* A page in the middle of the records. */
	spoil("spool.db", middle, 4096);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_damaged_database_is_set_aside_at_the_start),
		T(a_database_damaged_while_open_is_replaced),
		T(what_can_be_read_of_a_damaged_one_is_kept),
		T(a_spool_of_schema_1_is_brought_up_to_date),
		T(a_spool_of_schema_2_is_brought_up_to_date),
		T(a_damaged_spool_of_schema_1_is_salvaged_too),
		T(a_damaged_spool_of_schema_2_is_salvaged_too),
		T(a_reader_is_no_hindrance_and_sees_what_is_kept),
		T(a_flipped_bit_is_not_passed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
