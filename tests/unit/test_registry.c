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
	struct printer p = { .port = 161, .hr_device_index = 1, .seen = 1795219916, .failures = 3 };

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

	registry_put(registry, &p);
}

static void
what_is_put_is_found_over_restarts(void **state)
{
	struct printer given = printer("K-1", "192.0.2.1"), got;

	(void)state;
	registry_put(registry, &given);
	reopen();
	assert_true(registry_at(registry, "192.0.2.1", 161, &got));
	assert_memory_equal(&got.address, &given.address, sizeof(got.address));
	assert_string_equal(got.descr, given.descr);
	assert_string_equal(got.learned, given.learned);
	assert_string_equal(got.serial, "");
	assert_int_equal(got.seen, given.seen);
	assert_int_equal(got.failures, 3);
	assert_int_equal(got.hr_device_index, 1);
	assert_true(registry_by_id(registry, "K-1", &got));
	assert_false(registry_at(registry, "192.0.2.1", 162, &got));
	assert_false(registry_by_id(registry, "K-2", &got));
}

static void
a_printer_that_moved_is_at_one_address(void **state)
{
	struct printer got;

	(void)state;
	put("K-1", "192.0.2.1");
	put("K-1", "192.0.2.9");
	assert_false(registry_at(registry, "192.0.2.1", 161, &got));
	assert_true(registry_by_id(registry, "K-1", &got));
	assert_string_equal(got.address, "192.0.2.9");
}

static void
printers_without_a_name_are_not_one(void **state)
{
	struct printer got;

	(void)state;
	put("", "192.0.2.1");
	put("", "192.0.2.2");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got));
	assert_true(registry_at(registry, "192.0.2.2", 161, &got));
	assert_false(registry_by_id(registry, "", &got));
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
	assert_false(registry_at(registry, "192.0.2.1", 161, &got));
	put("K-1", "192.0.2.1");
	assert_true(registry_at(registry, "192.0.2.1", 161, &got));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(what_is_put_is_found_over_restarts),
		T(a_printer_that_moved_is_at_one_address),
		T(printers_without_a_name_are_not_one),
		T(all_are_visited_until_enough),
		T(a_damaged_registry_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
