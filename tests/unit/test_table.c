/* SPDX-License-Identifier: Apache-2.0 */
/* test_table.c - what a table asks, and which row counts. */
#include "table_host.h"

static const struct platen_word states[] = { { "3", "idle", NULL }, { NULL, NULL, NULL } };

static const struct platen_row single_objects_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.color", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(3, 0), "meter.mono", .unit = "impressions" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(4, 0), "meter.duplex", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(5, 0), "meter.large", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(6, 0), "meter.blank", .unit = "items", .times = 10 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(7, 0), .metric = "device.serial" },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(8, 0), .metric = "device.firmware" },
	{ PLATEN_ONE, PLATEN_AS_MAC, ACME(9, 0), .metric = "device.mac" },
	{ PLATEN_ONE, PLATEN_AS_WORD, ACME(10, 0), "status.state", .words = states },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(12, 0), .metric = "device.asset" },
	{ 0 },
};

static void
single_objects(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_UNSIGNED, 1234, NULL },
		{ "2.0", PLATEN_OCTETS, 0, " 567 " },
		{ "3.0", PLATEN_OCTETS, 0, "12 pages" },
		{ "4.0", PLATEN_UNSIGNED, 4294967294, NULL },
		{ "5.0", PLATEN_INTEGER, -1, NULL },
		{ "6.0", PLATEN_INTEGER, 7, NULL },
		{ "7.0", PLATEN_OCTETS, 0, "0000000" },
		{ "8.0", PLATEN_OCTETS, 0, "v1.2 \xE9" },
		{ "9.0", PLATEN_OCTETS, 0, "\x01\xAB\x02\x03\x04\x05" },
		{ "10.0", PLATEN_INTEGER, 3, NULL },
		{ "12.0", PLATEN_INTEGER, 4711, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(single_objects_rows, NULL, objects,
		"meter.total 1234 impressions\n"
		"meter.color 567 impressions\n"
		"meter.blank 70 items\n"
		"device.firmware \"v1.2 é\"\n"
		"device.mac \"01:ab:02:03:04:05\"\n"
		"status.state \"idle\"\n"
		"device.asset \"4711\"\n");
	assert_int_equal(nasked, 1);
}

static const struct platen_row first_that_answers_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(1, 0), "meter.total", .unit = "sheets" },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(2, 0), "meter.total", .unit = "impressions" },
	{ PLATEN_EACH, PLATEN_AS_NUMBER, ACME(3, 1), "meter.total", .unit = "items", .part = "" },
	{ 0 },
};

static void
the_first_that_answers(void **state)
{
	static const struct object objects[] = {
		{ "2.0", PLATEN_INTEGER, 2, NULL },
		{ "3.1.1", PLATEN_INTEGER, 3, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(first_that_answers_rows, NULL, objects, "meter.total 2 impressions\n");
}

static const struct platen_word colors[] = {
	{ "Cyan*", "cyan", NULL },
	{ "black", "black", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row columns_rows[] = {
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(1, 1, 3), "supply.level", .unit = "items",
		.full = ACME(1, 1, 4) },
	{ PLATEN_EACH, PLATEN_AS_WORD, ACME(1, 1, 2), "supply.color", .words = colors },
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(9, 1), "tray.level", .unit = "percent",
		.name = ACME(9, 2) },
	{ 0 },
};

static void
columns(void **state)
{
	static const struct object objects[] = {
		{ "1.1.2.1", PLATEN_OCTETS, 0, "BLACK" },
		{ "1.1.2.2", PLATEN_OCTETS, 0, "cyan toner" },
		{ "1.1.2.3.7", PLATEN_OCTETS, 0, "Green" },
		{ "1.1.3.1", PLATEN_INTEGER, 90, NULL },
		{ "1.1.3.2", PLATEN_INTEGER, -3, NULL },
		{ "1.1.3.3.7", PLATEN_INTEGER, 11, NULL },
		{ "1.1.3.4", PLATEN_INTEGER, 5, NULL },
		{ "1.1.4.1", PLATEN_INTEGER, 100, NULL },
		{ "1.1.4.2", PLATEN_INTEGER, 100, NULL },
		{ "1.1.4.3.7", PLATEN_INTEGER, 10, NULL },
		{ "1.1.4.4", PLATEN_INTEGER, -2, NULL },
		{ "9.1.1", PLATEN_INTEGER, 40, NULL },
		{ "9.1.2", PLATEN_INTEGER, 50, NULL },
		{ "9.1.3", PLATEN_INTEGER, 101, NULL },
		{ "9.2.1", PLATEN_OCTETS, 0, "Tray 1" },
		{ "9.2.3", PLATEN_OCTETS, 0, "Tray 3" },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(columns_rows, NULL, objects,
		"supply.level/1 90 of 100 items\n"
		"supply.color/1 \"black\"\n"
		"supply.level/2 special2 of 100 items\n"
		"supply.color/2 \"cyan\"\n"
		"supply.level/4 5 items\n"
		"tray.level/Tray1 40 of 100 percent\n");
	assert_int_equal(nasked, 2); /* side by side: one question a table */
	assert_int_equal(asked[0].n, 3);
}

static const struct platen_word meanings[] = {
	{ "1", "meter.total", NULL },
	{ "2", "meter.scan.total", NULL },
	{ NULL, NULL, NULL },
};
static const struct platen_row tables_side_by_side_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(4, 2, 1, 4), .unit = "impressions",
		.name = ACME(4, 2, 1, 2), .words = meanings },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(4, 3, 1, 4), .unit = "images",
		.name = ACME(4, 3, 1, 2), .words = meanings },
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(4, 2, 1, 5), .unit = "sheets",
		.name = ACME(4, 2, 1, 2), .words = meanings },
	{ 0 },
};

/* Their columns have the same numbers, but each is walked for itself. */
static void
tables_side_by_side(void **state)
{
	static const struct object objects[] = {
		{ "4.2.1.2.1", PLATEN_INTEGER, 1, NULL },
		{ "4.2.1.4.1", PLATEN_INTEGER, 500, NULL },
		{ "4.3.1.2.9", PLATEN_INTEGER, 2, NULL },
		{ "4.3.1.4.9", PLATEN_INTEGER, 70, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(tables_side_by_side_rows, NULL, objects,
		"meter.total 500 impressions\n"
		"meter.scan.total 70 images\n");
	assert_int_equal(nasked, 2);
	assert_int_equal(asked[0].n, 3);
	assert_int_equal(asked[1].n, 2);
}

static const struct platen_word counters[] = {
	{ "Counter: Machine Total", "meter.total", NULL },
	{ "Copy*", "meter.copy.total", "sheets" },
	{ "Scan", "meter.scan.total", NULL },
	{ "Total", "meter.total", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row labelled[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .unit = "impressions", .name = ACME(5, 5),
		.words = counters },
	{ 0 },
};

static void
labels_not_row_numbers(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_OCTETS, 0, "Scan" },
		{ "5.5.2", PLATEN_OCTETS, 0, "total" },
		{ "5.5.4", PLATEN_OCTETS, 0, "copy: black & white" },
		{ "5.5.7", PLATEN_OCTETS, 0, "Counter: Machine Total" },
		{ "5.5.8", PLATEN_OCTETS, 0, "Stapler" },
		{ "5.9.1", PLATEN_INTEGER, 1, NULL },
		{ "5.9.2", PLATEN_INTEGER, 2, NULL },
		{ "5.9.3", PLATEN_INTEGER, 3, NULL },
		{ "5.9.4", PLATEN_INTEGER, 4, NULL },
		{ "5.9.7", PLATEN_INTEGER, 7, NULL },
		{ "5.9.8", PLATEN_INTEGER, 8, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	table_status = PLATEN_EPARTIAL;
	scrape(labelled, NULL, objects,
		"meter.scan.total 1 impressions\n"
		"meter.total 7 impressions\n"
		"meter.copy.total 4 sheets\n");
	table_status = PLATEN_OK;
}

static void
told_twice(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_OCTETS, 0, "Scan" },
		{ "5.5.2", PLATEN_OCTETS, 0, "Scan" },
		{ "5.5.3", PLATEN_OCTETS, 0, "Copy 1" },
		{ "5.5.4", PLATEN_OCTETS, 0, "Copy 2" },
		{ "5.9.1", PLATEN_INTEGER, 5, NULL },
		{ "5.9.2", PLATEN_INTEGER, 5, NULL },
		{ "5.9.3", PLATEN_INTEGER, 6, NULL },
		{ "5.9.4", PLATEN_INTEGER, 7, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(labelled, NULL, objects, "meter.scan.total 5 impressions\n");
	assert_int_equal(lines, 1);
}

static const struct platen_word typed[] = {
	{ "1/4", "meter.total", "impressions" },
	{ "1/5", "meter.sheets", "sheets" },
	{ NULL, NULL, NULL },
};

static const struct platen_word sides[] = { { "4", NULL, "impressions" }, { NULL, NULL, NULL } };

static const struct platen_row two_columns_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(5, 9), .name = ACME(5, 5), .more = ACME(5, 6),
		.words = typed },
	{ PLATEN_EACH, PLATEN_AS_LEVEL, ACME(7, 1), "supply.level", .more = ACME(7, 2),
		.words = sides },
	{ 0 },
};

static void
two_columns_say_what_it_is(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_INTEGER, 1, NULL },
		{ "5.5.2", PLATEN_INTEGER, 1, NULL },
		{ "5.5.3", PLATEN_INTEGER, 1, NULL },
		{ "5.6.1", PLATEN_INTEGER, 5, NULL },
		{ "5.6.2", PLATEN_INTEGER, 4, NULL },
		{ "5.9.1", PLATEN_INTEGER, 70, NULL },
		{ "5.9.2", PLATEN_INTEGER, 100, NULL },
		{ "5.9.3", PLATEN_INTEGER, 200, NULL },
		{ "7.1.1", PLATEN_INTEGER, 30, NULL },
		{ "7.1.2", PLATEN_INTEGER, 40, NULL },
		{ "7.2.1", PLATEN_INTEGER, 2, NULL },
		{ "7.2.2", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(two_columns_rows, NULL, objects,
		"meter.sheets 70 sheets\n"
		"meter.total 100 impressions\n"
		"supply.level/2 40 impressions\n");
}

static const struct platen_row named_rows[] = {
	{ PLATEN_NAMED, PLATEN_AS_NUMBER, ACME(5, 9, 1), .unit = "impressions",
		.name = ACME(5, 5, 1), .words = counters },
	{ PLATEN_NAMED, PLATEN_AS_NUMBER, ACME(5, 9, 2), .unit = "impressions",
		.name = ACME(5, 5, 2), .words = counters },
	{ PLATEN_NAMED, PLATEN_AS_NUMBER, ACME(5, 9, 3), .unit = "impressions",
		.name = ACME(5, 5, 3), .words = counters },
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(5, 9, 4), "meter.blank", .unit = "impressions" },
	{ 0 },
};

static void
an_object_and_its_label(void **state)
{
	static const struct object objects[] = {
		{ "5.5.1", PLATEN_OCTETS, 0, "Copy, all" },
		{ "5.5.2", PLATEN_OCTETS, 0, "Stapler" },
		{ "5.9.1", PLATEN_INTEGER, 1, NULL },
		{ "5.9.2", PLATEN_INTEGER, 2, NULL },
		{ "5.9.3", PLATEN_INTEGER, 3, NULL },
		{ "5.9.4", PLATEN_INTEGER, 4, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(named_rows, NULL, objects, "meter.copy.total 1 sheets\nmeter.blank 4 impressions\n");
	assert_int_equal(nasked, 1); /* no walk */
}

static const struct platen_word numbers[] = {
	{ "1.20.34", "meter.mono", NULL },
	{ NULL, NULL, NULL },
};

static const struct platen_row index_as_label_rows[] = {
	{ PLATEN_LABELLED, PLATEN_AS_NUMBER, ACME(6, 6), .unit = "impressions", .words = numbers },
	{ 0 },
};

static void
index_as_label(void **state)
{
	static const struct object objects[] = {
		{ "6.6.1.20.33", PLATEN_UNSIGNED, 8, NULL },
		{ "6.6.1.20.34", PLATEN_UNSIGNED, 9, NULL },
		{ NULL, 0, 0, NULL },
	};

	(void)state;
	scrape(index_as_label_rows, NULL, objects, "meter.mono 9 impressions\n");
}

static void
many_objects(void **state)
{
	static struct platen_row rows[301];
	static uint32_t subs[300][9];
	static const struct object none[] = { { NULL, 0, 0, NULL } };

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		memcpy(subs[i], (uint32_t[]){ 1, 3, 6, 1, 4, 1, 99999, i, 0 }, sizeof(subs[i]));
		rows[i] = (struct platen_row){ .where = PLATEN_ONE,
			.oid = { subs[i], 9 },
			.metric = "meter.total",
			.unit = "impressions" };
	}
	scrape(rows, NULL, none, "");
	assert_int_equal(nasked, 3);
}

static const struct platen_row what_cannot_be_asked_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_NUMBER, ACME(666, 0), "meter.total", .unit = "items" },
	{ 0 },
};

static void
what_cannot_be_asked(void **state)
{
	static const struct platen_row nothing[] = { { 0 } };
	const struct platen_table table = { .rows = what_cannot_be_asked_rows };
	const struct platen_table empty = { .rows = nothing };

	(void)state;
	pool = pool_new();
	nasked = 0;
	assert_int_equal(platen_table_visit(NULL, &table), PLATEN_EREACH);
	assert_int_equal(platen_table_visit(NULL, &empty), PLATEN_EINVAL);
	pool_free(pool);
}

static const struct platen_row spare_rows[] = {
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(1, 0), .metric = "device.model", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(2, 0), .metric = "device.firmware", .spare = 1 },
	{ PLATEN_ONE, PLATEN_AS_TEXT, ACME(3, 0), .metric = "device.serial" },
	{ 0 },
};

/* Who says its model and its firmware in sysDescr is asked for neither. */
static void
what_is_spare(void **state)
{
	static const struct object objects[] = {
		{ "1.0", PLATEN_OCTETS, 0, "Laser 3" },
		{ "2.0", PLATEN_OCTETS, 0, "1.7" },
		{ "3.0", PLATEN_OCTETS, 0, "X12345" },
		{ NULL, 0, 0, NULL },
	};
	static const struct platen_device silent = { .descr = "", .model = "", .device_id = "" };
	static const struct platen_device loud = {
		.descr = "Lexmark T640 version NS.NP.N219", .model = "", .device_id = ""
	};

	(void)state;
	scrape(spare_rows, NULL, objects,
		"device.model \"Laser 3\"\ndevice.firmware \"1.7\"\ndevice.serial \"X12345\"\n");
	device = &silent;
	scrape(spare_rows, NULL, objects,
		"device.model \"Laser 3\"\ndevice.firmware \"1.7\"\ndevice.serial \"X12345\"\n");
	device = &loud;
	scrape(spare_rows, NULL, objects, "device.serial \"X12345\"\n");
	assert_int_equal(asked[0].n, 1);
	device = NULL;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(single_objects),
		cmocka_unit_test(the_first_that_answers),
		cmocka_unit_test(columns),
		cmocka_unit_test(tables_side_by_side),
		cmocka_unit_test(labels_not_row_numbers),
		cmocka_unit_test(told_twice),
		cmocka_unit_test(two_columns_say_what_it_is),
		cmocka_unit_test(an_object_and_its_label),
		cmocka_unit_test(index_as_label),
		cmocka_unit_test(what_is_spare),
		cmocka_unit_test(many_objects),
		cmocka_unit_test(what_cannot_be_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
