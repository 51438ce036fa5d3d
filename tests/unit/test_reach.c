/* SPDX-License-Identifier: Apache-2.0 */
/* test_reach.c - what a plugin may ask, as a table of reach and question. */
#include "process/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct {
	const char *item;
	bool valid;
} items[] = {
	{ "oid 1.3.6.1.2.1.43", true },
	{ "oid .1.3.6", true },
	{ "oid 1", false },
	{ "oid", false },
	{ "oid ", false },
	{ "oid *", false },
	{ "oid 1.3.6.", false },
	{ "oid 1.3.6 ", false },
	{ "oid 1.3.99999999999", false },
	{ "set 1.3.6.1", false },
	{ "get /", true },
	{ "get /DevMgmt/", true },
	{ "get /page.html?kind=", true },
	{ "get DevMgmt", false },
	{ "get http://192.0.2.1/", false },
	{ "get //192.0.2.1/", false },
	{ "get /a/../b", false },
	{ "get /a b", false },
	{ "post /login", false },
	{ "login /login.cgi", true },
	{ "login", false },
	{ "", false },
};

static void
test_valid(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(items); i++)
		if (reach_valid(items[i].item) != items[i].valid)
			fail_msg("%s", items[i].item);
}

static const struct {
	const char *reach, *oid;
	bool covers;
} oids[] = {
	{ "oid 1.3.6.1.2.1.43", "1.3.6.1.2.1.43", true },
	{ "oid 1.3.6.1.2.1.43", "1.3.6.1.2.1.43.10.2.1.4.1.1", true },
	{ "oid 1.3.6.1.2.1.43", "1.3.6.1.2.1.4", false },
	{ "oid 1.3.6.1.2.1.43", "1.3.6.1.2.1", false },
	/* Numbers are compared, not letters. */
	{ "oid 1.3.6.1.2.1.43", "1.3.6.1.2.1.430", false },
	{ "oid 1.3.6.1.2.1.43", "1.3.6.1.2.1.44.1", false },
	{ "get /", "1.3.6.1", false },
};

static bool
covers(const char *const *all, uint32_t n, const struct question *q)
{
	struct pool *pool = pool_new();
	struct reach reach = reach_of(pool, all, n);
	bool ok = reach_covers(&reach, q);

	pool_free(pool);
	return ok;
}

static void
test_oids(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(oids); i++)
		for (enum question_kind kind = ASK_GET; kind <= ASK_TABLE; kind++) {
			struct oid oid;
			struct platen_oid asked = { .sub = oid.sub };
			struct question q = { .kind = kind, .n = 1, .oids = &asked };

			assert_true(oid_parse(oids[i].oid, &oid));
			asked.n = oid.n;
			if (covers(&oids[i].reach, 1, &q) != oids[i].covers)
				fail_msg("%s, %s", oids[i].reach, oids[i].oid);
		}
}

/* All that is asked at once must be covered, by whichever items. */
static void
test_all(void **state)
{
	static const char *const reach[] = { "oid 1.3.6.1", "get /x", "oid 1.3.7" };
	static const uint32_t a[] = { 1, 3, 6, 1, 5 }, b[] = { 1, 3, 7, 1 }, c[] = { 1, 3, 8 };
	const struct platen_oid good[] = { { a, COUNT(a) }, { b, COUNT(b) } };
	const struct platen_oid bad[] = { { a, COUNT(a) }, { c, COUNT(c) }, { b, COUNT(b) } };
	struct question q = { .kind = ASK_GET, .n = 2, .oids = good };

	(void)state;
	assert_true(covers(reach, 3, &q));
	assert_false(covers(reach, 2, &q));
	assert_false(covers(NULL, 0, &q));
	q.n = 0;
	assert_false(covers(reach, 3, &q));
	q = (struct question){ .kind = ASK_TABLE, .n = 3, .oids = bad };
	assert_false(covers(reach, 3, &q));
}

static const struct {
	const char *reach, *path;
	bool covers;
} paths[] = {
	{ "get /DevMgmt/", "/DevMgmt/ProductUsageDyn.xml", true },
	{ "get /DevMgmt/", "/DevMgmt/", true },
	{ "get /DevMgmt/", "/DevMgmt", false },
	{ "get /DevMgmt/", "/devmgmt/x", false },
	{ "get /DevMgmt/", "/Other/", false },
	{ "get /", "/anything", true },
	{ "get /", "/..", false },
	{ "get /", "/.", false },
	{ "get /a/", "/a/../b", false },
	{ "get /a/", "/a/./b", false },
	{ "get /a/", "/a//b", false },
	{ "get /a/", "/a/b..c", true },
	{ "get /a/", "/a/%2e%2e/b", false },
	{ "get /a/", "/a/b%00", false },
	{ "get /a/", "/a/b\\..\\c", false },
	{ "get /a/", "/a/b#c", false },
	{ "get /a/", "/a/b c", false },
	{ "get /a/", "/a/b\r\nHost: x", false },
	{ "get /a/", "/a/b\303\266", false },
	{ "get /", "http://192.0.2.1/", false },
	{ "get /", "//192.0.2.1/", false },
	{ "get /", "", false },
	{ "get /", "a", false },
	/* A query acts on some printers: only where it was declared. */
	{ "get /page", "/page?x=1", false },
	{ "get /page?", "/page?x=1", true },
	{ "get /page?x=", "/page?x=1&y=/../2%20", true },
	{ "get /page?x=", "/page?y=1", false },
	{ "login /page", "/page", false },
	{ "oid 1.3", "/page", false },
};

static void
test_paths(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct question q = { .kind = ASK_PAGE, .path = paths[i].path };

		if (covers(&paths[i].reach, 1, &q) != paths[i].covers)
			fail_msg("%s, %s", paths[i].reach, paths[i].path);
	}
}

static void
test_login(void **state)
{
	static const char *const reach[] = { "get /", "login /hp/device/signin" };
	struct question q = { .kind = ASK_LOGIN, .form = "a={user}&b={password}" };

	(void)state;
	q.path = "/hp/device/signin";
	assert_true(covers(reach, 2, &q));
	/* A form goes to the very path that was declared. */
	q.path = "/hp/device/signin/delete";
	assert_false(covers(reach, 2, &q));
	q.path = "/";
	assert_false(covers(reach, 2, &q));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_oids),
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_login),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
