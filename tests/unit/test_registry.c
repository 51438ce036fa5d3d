/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_registry.c - the printers the agent remembers, and that forgetting them costs nothing else.
 */
#include "store/registry.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[64];
static struct registry *registry;

static void
reopen(void)
{
	struct why why = { "" };

	registry_close(registry);
	registry = registry_open(folder, &why);
	if (registry == NULL)
		fail_msg("%s", why.text);
}

static int
set_up(void **state)
{
	(void)state;
	log_open("test", LOG_ERROR + 1);
	snprintf(folder, sizeof(folder), "/tmp/platen-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	registry = NULL;
	reopen();
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	registry_close(registry);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static struct printer
printer(const char *id, const char *address)
{
	struct printer p = { .port = 161,
		.hr_device_index = 1,
		.seen = 1795219916,
		.failures = 3,
		.faults = 0xfedcba9876543210 };

	snprintf(p.id, sizeof(p.id), "%s", id);
	snprintf(p.address, sizeof(p.address), "%s", address);
	snprintf(p.learned, sizeof(p.learned), "2c community=0");
	snprintf(p.descr, sizeof(p.descr), "a printer; with 'quotes' and \xC3\xA4");
	return p;
}

static void
put(const char *id, const char *address)
{
	struct printer p = printer(id, address);

	registry_put(registry, &p, NULL);
}

/* To somebody who knows nothing of it. */
static bool
elsewhere(const char *id, const char *address, struct printer *out)
{
	struct printer nobody = { .port = 161 };

	snprintf(nobody.address, sizeof(nobody.address), "%s", address);
	return registry_elsewhere(registry, &nobody, id, out);
}

static void
what_is_put_is_found_over_restarts(void **state)
{
	struct printer given = printer("K-1", "192.0.2.1"), got;

	(void)state;
	registry_put(registry, &given, NULL);
	reopen();
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	assert_memory_equal(&got.address, &given.address, sizeof(got.address));
	assert_string_equal(got.descr, given.descr);
	assert_string_equal(got.learned, given.learned);
	assert_string_equal(got.serial, "");
	assert_int_equal(got.seen, given.seen);
	assert_int_equal(got.failures, 3);
	assert_int_equal(got.hr_device_index, 1);
	assert_true(got.faults == given.faults);
	assert_true(elsewhere("K-1", "192.0.2.7", &got));
	assert_false(registry_at(registry, "192.0.2.1", 162, &got, NULL));
	assert_false(elsewhere("K-2", "192.0.2.7", &got));
}

static void
a_printer_that_moved_is_at_one_address(void **state)
{
	struct printer got, known;

	(void)state;
	put("K-1", "192.0.2.1");
	put("K-2", "192.0.2.2");
	assert_true(registry_at(registry, "192.0.2.1", 161, &known, NULL));
	assert_false(registry_elsewhere(registry, &known, "K-1", &got));
	assert_true(registry_elsewhere(registry, &known, "K-2", &got));
	put("K-1", "192.0.2.9");
	assert_true(registry_elsewhere(registry, &known, "K-1", &got));
	assert_string_equal(got.address, "192.0.2.9");
	assert_false(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	assert_true(elsewhere("K-1", "192.0.2.7", &got));
	assert_string_equal(got.address, "192.0.2.9");
}

/* What a visit tells anew, and what it leaves as it was. */
static void
only_what_changed_is_written(void **state)
{
	struct printer was = printer("K-1", "192.0.2.1"), now = was, got;
	const char *shape;

	(void)state;
	registry_put(registry, &was, "a shape");
	now.seen++;
	now.failures = 0;
	now.faults = 7;
	strcpy(now.learned, "an old word");
	registry_put_learned(registry, "192.0.2.1", 161, "3");
	registry_put(registry, &now, NULL);
	reopen();
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, &shape));
	assert_string_equal(shape, "a shape");
	assert_int_equal(got.seen, now.seen);
	assert_int_equal(got.failures, 0);
	assert_int_equal(got.faults, 7);
	assert_string_equal(got.learned, "3");
	assert_string_equal(got.descr, was.descr);
	strcpy(now.descr, "a new program");
	registry_put(registry, &now, "another shape");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, &shape));
	assert_string_equal(shape, "another shape");
	assert_string_equal(got.descr, "a new program");
	/* It moved on meanwhile: what was remembered stands in no row any more. */
	put("K-1", "192.0.2.9");
	registry_put(registry, &now, NULL);
	assert_false(elsewhere("K-1", "192.0.2.1", &got));
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	assert_string_equal(got.descr, "a new program");
}

static void
printers_without_a_name_are_not_one(void **state)
{
	struct printer got;

	(void)state;
	put("", "192.0.2.1");
	put("", "192.0.2.2");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	assert_true(registry_at(registry, "192.0.2.2", 161, &got, NULL));
	assert_false(elsewhere("", "192.0.2.7", &got));
}

/* A registry of before, made by these statements, with one printer. */
static void
expect_of_old(const char *sql, uint64_t faults)
{
	struct printer got;
	char command[1400];
	const char *shape;

	registry_close(registry);
	registry = NULL;
	snprintf(command, sizeof(command), "rm %s/registry.db*; sqlite3 %s/registry.db \"%s\"",
		folder, folder, sql);
	assert_int_equal(system(command), 0);
	for (int i = 0; i < 2; i++) {
		reopen();
		assert_true(registry_at(registry, "192.0.2.1", 161, &got, &shape));
		assert_string_equal(shape, "a shape");
		assert_string_equal(got.id, "K-1");
		assert_string_equal(got.descr, "a printer");
		assert_int_equal(got.seen, 9);
		assert_int_equal(got.failures, 2);
		assert_true(got.faults == faults);
		assert_true(elsewhere("K-1", "192.0.2.7", &got));
	}
	/* What was only learned of somebody is there too. */
	assert_true(registry_at(registry, "192.0.2.2", 161, &got, NULL));
	assert_string_equal(got.learned, "3");
	put("K-2", "192.0.2.2");
	put("K-1", "192.0.2.3");
	assert_false(registry_at(registry, "192.0.2.1", 161, &got, NULL));
}

#define OLD_COLUMNS                                                                                \
	"CREATE TABLE printer (address TEXT, port INTEGER, id TEXT, learned TEXT,"                 \
	" manufacturer TEXT, model TEXT, serial TEXT, mac TEXT, object_id TEXT, descr TEXT,"       \
	" hr_model TEXT, device_id TEXT, hr_device_index INTEGER, seen INTEGER, failures INTEGER,"
#define OLD_PRINTERS                                                                               \
	"INSERT INTO printer (address, port, id, descr, seen, failures) VALUES"                    \
	" ('192.0.2.1', 161, 'K-1', 'a printer', 9, 2);"                                           \
	"INSERT INTO printer (address, port, id, learned) VALUES ('192.0.2.2', 161, '', '3');"

static void
what_an_older_platen_kept_is_known(void **state)
{
	(void)state;
	expect_of_old(OLD_COLUMNS
		" PRIMARY KEY (address, port)) WITHOUT ROWID;"
		"CREATE TABLE shape (address TEXT, port INTEGER, shape TEXT);" OLD_PRINTERS
		"INSERT INTO shape VALUES ('192.0.2.1', 161, 'a shape');"
		"PRAGMA user_version = 1",
		0);
	expect_of_old(OLD_COLUMNS
		" faults INTEGER, shape TEXT, PRIMARY KEY (address, port)) WITHOUT ROWID;"
		"CREATE INDEX printer_id ON printer (id);" OLD_PRINTERS
		"UPDATE printer SET shape = 'a shape', faults = -7 WHERE port = 161"
		" AND id <> '';"
		"PRAGMA user_version = 2",
		(uint64_t)-7);
	expect_of_old(
		"CREATE TABLE printer (row INTEGER PRIMARY KEY, address TEXT, port INTEGER,"
		" id TEXT, learned TEXT, manufacturer TEXT, model TEXT, serial TEXT, mac TEXT,"
		" object_id TEXT, descr TEXT, hr_model TEXT, device_id TEXT,"
		" hr_device_index INTEGER, shape TEXT, UNIQUE (address, port));"
		"CREATE INDEX printer_id ON printer (id);"
		"CREATE TABLE visit (printer INTEGER PRIMARY KEY, seen INTEGER, failures INTEGER,"
		" faults INTEGER);"
		"INSERT INTO printer (row, address, port, id, descr, shape) VALUES"
		" (7, '192.0.2.1', 161, 'K-1', 'a printer', 'a shape');"
		"INSERT INTO printer (address, port, id, learned)"
		" VALUES ('192.0.2.2', 161, '', '3');"
		"INSERT INTO visit VALUES (7, 9, 2, -7);"
		"PRAGMA user_version = 3",
		(uint64_t)-7);
}

/* Put by another program into the file, which nobody has open. */
static void
spoil(const char *sql)
{
	char command[1400];

	registry_close(registry);
	registry = NULL;
	snprintf(command, sizeof(command), "sqlite3 %s/registry.db \"%s\"", folder, sql);
	assert_int_equal(system(command), 0);
	reopen();
}

/*
 * The row of 192.0.2.1 as schema 4 has it: where this differs, it is another schema, and rows of
 * this one have to be taken over.
 */
#define ROW_1                                                                                      \
	"A10101" /* port 161, index 1 */                                                           \
	"0A3139322E302E322E3100" /* address */                                                     \
	"044B2D3100" /* id */                                                                      \
	"0000000000" /* manufacturer, model, serial, mac, object_id */                             \
	"0A61207072696E74657200" /* descr */                                                       \
	"0000" /* hr_model, device_id */                                                           \
	"023300" /* learned */                                                                     \
	"086120736861706500" /* shape */

static void
a_row_stays_what_it_is(void **state)
{
	struct printer got;
	const char *shape;

	(void)state;
	put("K-1", "192.0.2.1");
	put("K-2", "192.0.2.2");
	spoil("UPDATE known SET said = x'" ROW_1 "' WHERE row = 1");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, &shape));
	assert_string_equal(shape, "a shape");
	assert_string_equal(got.id, "K-1");
	assert_string_equal(got.descr, "a printer");
	assert_string_equal(got.learned, "3");
	assert_int_equal(got.hr_device_index, 1);
	assert_int_equal(got.seen, 1795219916);
}

/* Whose row cannot be read is nobody, the others are who they were. */
static void
a_row_that_makes_no_sense_is_nobody(void **state)
{
	static const char *const spoilt[] = {
		"UPDATE known SET said = x'' WHERE row = 1",
		"UPDATE known SET said = substr(said, 1, length(said) - 1) WHERE row = 1",
		"UPDATE known SET said = said || x'00' WHERE row = 1",
		"UPDATE known SET said = 'a text' WHERE row = 1",
		("UPDATE known SET said = (SELECT said FROM known WHERE row = 2) WHERE row = 1;"
		 "UPDATE known SET row = 3 WHERE row = 2; UPDATE known SET row = 2 WHERE row = 1;"),
		"UPDATE known SET row = -1 WHERE row = 1",
		"UPDATE known SET row = 1 << 40 WHERE row = 1",
		"DELETE FROM known WHERE row = 1",
	};
	struct printer got;

	(void)state;
	for (size_t i = 0; i < COUNT(spoilt); i++) {
		put("K-1", "192.0.2.1");
		put("K-2", "192.0.2.2");
		spoil(spoilt[i]);
		assert_false(registry_at(registry, "192.0.2.1", 161, &got, NULL));
		assert_true(registry_at(registry, "192.0.2.2", 161, &got, NULL));
		assert_string_equal(got.id, "K-2");
		put("K-1", "192.0.2.1");
		reopen();
		assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
		assert_true(elsewhere("K-1", "192.0.2.7", &got));
		spoil("DELETE FROM known");
	}
	put("K-1", "192.0.2.1");
	spoil("UPDATE visits SET told = x'FF'; INSERT INTO visits VALUES (1 << 40, x'00')");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	assert_int_equal(got.seen, 0);
}

/* More than a block of rows, some of which went and were given again. */
static void
many_are_found(void **state)
{
	struct printer p, got;
	char address[32], id[16];

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 1000; i++) {
			snprintf(id, sizeof(id), "K-%d", i);
			snprintf(address, sizeof(address), "192.0.%d.%d", i / 250, i % 250);
			p = printer(id, address);
			p.seen = 1000 * round + i;
			registry_put(registry, &p, NULL);
		}
		for (int i = 0; i < 1000; i += 3) {
			snprintf(address, sizeof(address), "192.0.%d.%d", i / 250, i % 250);
			registry_forget(registry, address, 161);
		}
		reopen();
	}
	for (int i = 0; i < 1000; i++) {
		snprintf(id, sizeof(id), "K-%d", i);
		snprintf(address, sizeof(address), "192.0.%d.%d", i / 250, i % 250);
		assert_int_equal(registry_at(registry, address, 161, &got, NULL), i % 3 != 0);
		assert_int_equal(elsewhere(id, "192.0.2.255", &got), i % 3 != 0);
		if (i % 3 != 0) {
			assert_string_equal(got.address, address);
			assert_int_equal(got.seen, 1000 + i);
		}
	}
}

/* Numbers of rows are given again: what was remembered before one went is not believed. */
static void
a_row_that_went_is_nobody_elses(void **state)
{
	struct printer known, got;

	(void)state;
	put("K-1", "192.0.2.1");
	assert_true(registry_at(registry, "192.0.2.1", 161, &known, NULL));
	registry_forget(registry, "192.0.2.1", 161);
	put("K-2", "192.0.2.2");
	got = known;
	got.seen = 1;
	registry_put(registry, &got, NULL);
	assert_true(registry_at(registry, "192.0.2.2", 161, &got, NULL));
	assert_string_equal(got.id, "K-2");
	assert_int_equal(got.seen, known.seen);
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	assert_int_equal(got.seen, 1);
}

/* More bytes than memory holds: the file has them all. */
static void
who_is_not_held_is_read(void **state)
{
	enum { PRINTERS = 1500, SHAPE = 6000 };
	static char shape[SHAPE + 1];
	char address[32], id[16];
	struct printer p, got;
	const char *found;

	(void)state;
	memset(shape, 'x', SHAPE);
	for (int i = 0; i < 2 * PRINTERS; i++) {
		snprintf(id, sizeof(id), "K-%d", i % PRINTERS);
		snprintf(address, sizeof(address), "192.0.%d.%d", i % PRINTERS / 250, i % 250);
		p = printer(id, address);
		p.seen = i;
		registry_put(registry, &p, i < PRINTERS ? shape : NULL);
	}
	for (int i = 0; i < 2 * PRINTERS; i++) {
		if (i == PRINTERS)
			reopen();
		snprintf(id, sizeof(id), "K-%d", i % PRINTERS);
		snprintf(address, sizeof(address), "192.0.%d.%d", i % PRINTERS / 250, i % 250);
		assert_true(registry_at(registry, address, 161, &got, &found));
		assert_string_equal(got.id, id);
		assert_string_equal(found, shape);
		assert_int_equal(got.seen, PRINTERS + i % PRINTERS);
	}
	strcpy(p.descr, "a new program");
	registry_put(registry, &p, NULL);
	assert_true(registry_at(registry, address, 161, &got, &found));
	assert_string_equal(got.descr, "a new program");
	assert_string_equal(found, shape);
}

static uint32_t seen;

static bool
each(void *arg, const struct printer *p)
{
	const uint32_t *most = arg;

	/* Changing the registry on the way is allowed. */
	registry_forget(registry, p->address, p->port);
	return ++seen < *most;
}

static void
all_are_visited_until_enough(void **state)
{
	uint32_t most = 2;

	(void)state;
	for (int i = 0; i < 5; i++) {
		char id[16], address[32];

		snprintf(id, sizeof(id), "K-%d", i);
		snprintf(address, sizeof(address), "192.0.2.%d", i);
		put(id, address);
	}
	seen = 0;
	registry_each(registry, each, &most);
	assert_int_equal(seen, 2);
	most = 100;
	registry_each(registry, each, &most);
	assert_int_equal(seen, 5);
	registry_each(registry, each, &most);
	assert_int_equal(seen, 5);
}

static void
a_damaged_registry_begins_anew(void **state)
{
	char path[128];
	struct printer got;
	FILE *f;

	(void)state;
	put("K-1", "192.0.2.1");
	registry_close(registry);
	registry = NULL;
	snprintf(path, sizeof(path), "%s/registry.db", folder);
	f = fopen(path, "r+");
	assert_non_null(f);
	for (int i = 0; i < 4096; i++)
		fputc(i, f);
	fclose(f);
	reopen();
	assert_false(registry_at(registry, "192.0.2.1", 161, &got, NULL));
	put("K-1", "192.0.2.1");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got, NULL));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_is_put_is_found_over_restarts),
		T(a_printer_that_moved_is_at_one_address),
		T(only_what_changed_is_written),
		T(what_an_older_platen_kept_is_known),
		T(a_row_stays_what_it_is),
		T(a_row_that_makes_no_sense_is_nobody),
		T(many_are_found),
		T(who_is_not_held_is_read),
		T(a_row_that_went_is_nobody_elses),
		T(printers_without_a_name_are_not_one),
		T(all_are_visited_until_enough),
		T(a_damaged_registry_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
