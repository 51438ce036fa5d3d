/* SPDX-License-Identifier: Apache-2.0 */
/* test_table_sums.c - what is told in pieces, and only what adds up. */
#include "table_host.h"

static const struct platen_word scans[] = {
	{ "1", "meter.scan.copy", NULL },
	{ "257", "meter.scan.copy", NULL },
	{ "4", "meter.scan.network", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_word any[] = { { "*", "meter.scan.total", NULL }, { NULL, NULL, NULL } };

static const struct platen_row all_pieces_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "images", .name = ACME(5, 5),
		.words = scans, .pieces = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "images", .name = ACME(5, 5),
		.words = any, .pieces = 1 },
	{ 0 },
};

/* Pieces without words, or of no metric, are none. */
static const struct platen_word no_metric[] = { { "*", NULL, "images" }, { NULL, NULL, NULL } };
static const struct platen_row wordless_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "images", .name = ACME(5, 5),
		.pieces = 1 },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "images", .name = ACME(5, 5),
		.words = no_metric, .pieces = 1 },
	{ 0 },
};

/* Pieces are added up, all of them or none. */
static void
a_table_of_pieces(void **state)
{
	static struct object objects[] = {
		{ "5.5.1", PLATEN_INTEGER, 1, NULL },
		{ "5.5.2", PLATEN_INTEGER, 4, NULL },
		{ "5.5.3", PLATEN_INTEGER, 257, NULL },
		{ "5.5.4", PLATEN_INTEGER, 1, NULL },
		{ "5.5.5", PLATEN_INTEGER, 9, NULL },
		{ "5.9.1", PLATEN_INTEGER, 10, NULL },
		{ "5.9.2", PLATEN_INTEGER, 20, NULL },
		{ "5.9.3", PLATEN_INTEGER, 30, NULL },
		{ "5.9.4", PLATEN_INTEGER, 40, NULL },
		{ "5.9.5", PLATEN_INTEGER, 50, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(all_pieces_rows, NULL, objects,
		"meter.scan.copy 80 images\nmeter.scan.total 150 images\n"
		"meter.scan.network 20 images\n");
	objects[7].number = -1; /* one of the copies' */
	scrape(all_pieces_rows, NULL, objects, "meter.scan.network 20 images\n");
	objects[7].number = 30;
	objects[7].type = PLATEN_ABSENT; /* a hole in the table */
	scrape(all_pieces_rows, NULL, objects, "meter.scan.network 20 images\n");
	objects[7].type = PLATEN_INTEGER;
	objects[4].type = PLATEN_ABSENT; /* nobody says what the last one is */
	scrape(all_pieces_rows, NULL, objects, "");
	scrape(wordless_rows, NULL, objects, "");
	objects[4].type = PLATEN_INTEGER;
	table_status = PLATEN_EPARTIAL;
	scrape(all_pieces_rows, NULL, objects, "");
	table_status = PLATEN_OK;
}

static const struct platen_row only_what_adds_up_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.duplex", .unit = "sheets" },
	{ 0 },
};

static void
only_what_adds_up(void **state)
{
	static const struct platen_sum sums[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ NULL, { NULL } },
	};
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 7, NULL },
		{ "3.0", PLATEN_INTEGER, 3, NULL },
		{ "4.0", PLATEN_INTEGER, 2, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(only_what_adds_up_rows, sums, objects,
		"meter.total 10 impressions\nmeter.mono 7 impressions\n"
		"meter.color 3 impressions\nmeter.duplex 2 sheets\n");
	objects[2].number = 4;
	scrape(only_what_adds_up_rows, sums, objects, "meter.duplex 2 sheets\n");
	assert_int_equal(lines, 3);
	objects[2].number = -1;
	scrape(only_what_adds_up_rows, sums, objects, "meter.duplex 2 sheets\n");
}

static const struct platen_row sure_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), .metric = ".simplex" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.duplex", .unit = "sheets" },
	{ 0 },
};

static void
a_total_that_is_sure(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ "meter.total", { ".simplex", "meter.duplex" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table table = { .rows = sure_rows, .checks = checks };
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 10, NULL },
		{ "3.0", PLATEN_INTEGER, 6, NULL },
		{ "4.0", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	/* No colour was told: a mono printer.  What begins with '.' is not reported. */
	scrape_table(&table, objects,
		"meter.total 10 impressions\nmeter.mono 10 impressions\nmeter.duplex 4 sheets\n");
	objects[1].number = 9;
	objects[2].number = 7;
	scrape_table(&table, objects, "meter.total 10 impressions\n");
	assert_string_equal(from, "1.3.6.1.4.1.99999.1.0");
	objects[0].number = -1;
	scrape_table(&table, objects, "");
}

/* One of the totals is enough. */
static void
a_total_of_several(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.duplex" } },
		{ ".simplex", { "meter.mono", "meter.duplex" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table table = { .rows = sure_rows, .checks = checks };
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 9, NULL },
		{ "3.0", PLATEN_INTEGER, 13, NULL },
		{ "4.0", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape_table(&table, objects,
		"meter.total 10 impressions\nmeter.mono 9 impressions\nmeter.duplex 4 sheets\n");
	objects[2].number = 12;
	scrape_table(&table, objects, "meter.total 10 impressions\n");
	objects[0].number = 13;
	scrape_table(&table, objects,
		"meter.total 13 impressions\nmeter.mono 9 impressions\nmeter.duplex 4 sheets\n");
}

/* What is sure stays; what is added up beside it must still be all of the rest. */
static const struct platen_row sure_part_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.mono", .unit = "impressions",
		.sure = 1 },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), ".color", .unit = "impressions" },
	{ 0 },
};

static void
a_part_that_is_sure(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_add adds[] = {
		{ "meter.color", { ".color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table table = {
		.rows = sure_part_rows, .checks = checks, .adds = adds
	};
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 7, NULL },
		{ "3.0", PLATEN_INTEGER, 3, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape_table(&table, objects,
		"meter.total 10 impressions\nmeter.mono 7 impressions\nmeter.color 3 "
		"impressions\n");
	objects[2].number = 4;
	scrape_table(&table, objects, "meter.total 10 impressions\nmeter.mono 7 impressions\n");
}

static const struct platen_row pieces_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.print.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.copy.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.print.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(5, 0), "meter.mono", .unit = "impressions" },
	{ 0 },
};

/* Pieces are added up where a sum confirms them, and where nobody tells the meter itself. */
static void
what_is_told_in_pieces(void **state)
{
	static const struct platen_sum checks[] = {
		{ "meter.total", { "meter.mono", "meter.color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_add adds[] = {
		{ "meter.mono", { "meter.print.mono", "meter.copy.mono" } },
		{ "meter.color", { "meter.print.color", "meter.copy.color" } },
		{ NULL, { NULL } },
	};
	static const struct platen_table checked = { .rows = pieces_rows,
		.checks = checks,
		.adds = adds },
					 unchecked = { .rows = pieces_rows, .adds = adds };
	static struct object objects[] = {
		{ "1.0", PLATEN_INTEGER, 10, NULL },
		{ "2.0", PLATEN_INTEGER, 3, NULL },
		{ "3.0", PLATEN_INTEGER, 5, NULL },
		{ "4.0", PLATEN_INTEGER, 2, NULL },
		{ NULL, 0, 0, NULL },
		{ NULL, 0, 0, NULL },
	};
	const char *pieces = "meter.total 10 impressions\nmeter.print.mono 3 impressions\n"
			     "meter.copy.mono 5 impressions\nmeter.print.color 2 impressions\n";
	char all[300];

	(void)state;
	snprintf(all, sizeof(all), "%smeter.mono 8 impressions\nmeter.color 2 impressions\n",
		pieces);
	scrape_table(&checked, objects, all);
	assert_string_equal(from, "1.3.6.1.4.1.99999.4.0"); /* meter.color, of one piece */
	scrape_table(&unchecked, objects, pieces);
	objects[4] = (struct object){ "5.0", PLATEN_INTEGER, 8, NULL };
	snprintf(all, sizeof(all), "%smeter.mono 8 impressions\nmeter.color 2 impressions\n",
		pieces);
	scrape_table(&checked, objects, all);
	objects[4].number = 7;
	scrape_table(&checked, objects, pieces);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_pieces),
		cmocka_unit_test(only_what_adds_up),
		cmocka_unit_test(a_total_that_is_sure),
		cmocka_unit_test(a_total_of_several),
		cmocka_unit_test(a_part_that_is_sure),
		cmocka_unit_test(what_is_told_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
