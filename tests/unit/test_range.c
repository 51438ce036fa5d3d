/* SPDX-License-Identifier: Apache-2.0 */
/* test_range.c - TARGETs: what they mean, and which are refused with a reason. */
#include "net/address.h"
#include "net/net.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *text;
	const char *first, *last; /* NULL: a name, or refused */
	uint16_t port;
	uint64_t count;
} good[] = {
	{ "192.168.1.20", "192.168.1.20", "192.168.1.20", 0, 1 },
	{ "192.168.1.20:1161", "192.168.1.20", "192.168.1.20", 1161, 1 },
	{ "192.168.1.0/24", "192.168.1.1", "192.168.1.254", 0, 254 },
	{ "192.168.1.77/24", "192.168.1.1", "192.168.1.254", 0, 254 },
	{ "192.168.1.4/31", "192.168.1.4", "192.168.1.5", 0, 2 },
	{ "192.168.1.4/30:161", "192.168.1.5", "192.168.1.6", 161, 2 },
	{ "192.168.1.4/32", "192.168.1.4", "192.168.1.4", 0, 1 },
	{ "10.0.0.0/8", "10.0.0.1", "10.255.255.254", 0, 16777214 },
	{ "10.0.0.5-10.0.1.4", "10.0.0.5", "10.0.1.4", 0, 256 },
	{ "10.0.0.5-10.0.0.9:99", "10.0.0.5", "10.0.0.9", 99, 5 },
	{ "[2001:db8::7]", "2001:db8::7", "2001:db8::7", 0, 1 },
	{ "[2001:db8::7]:161", "2001:db8::7", "2001:db8::7", 161, 1 },
	{ "[2001:db8::]/120", "2001:db8::", "2001:db8::ff", 0, 256 },
	{ "[2001:db8::/120]:5", "2001:db8::", "2001:db8::ff", 5, 256 },
	{ "[2001:db8::1]-[2001:db8::9]", "2001:db8::1", "2001:db8::9", 0, 9 },
	{ "[2001:db8::1-2001:db8::9]:7", "2001:db8::1", "2001:db8::9", 7, 9 },
	{ "printer-3.example.com", NULL, NULL, 0, 0 },
	{ "printer:1161", NULL, NULL, 1161, 0 },
};

static const char *const bad[] = {
	"",
	"-",
	"1.2.3",
	"1.2.3.4.5",
	"1.2.3.256",
	"1.2.3.4/33",
	"1.2.3.4/",
	"1.2.3.4:0",
	"1.2.3.4:65536",
	"1.2.3.4:",
	"1.2.3.9-1.2.3.4",
	"1.2.3.4-",
	"1.2.3.4-1.2.3.5/24",
	"1.0.0.0/7",
	"0.0.0.0/24",
	"224.0.0.1",
	"255.255.255.255",
	"0.0.0.0",
	"fe80::1",
	"[fe80::1",
	"[fe80::1]x",
	"[::]",
	"[ff02::1]",
	"[::1]/129",
	"[2001:db8::]/64",
	"[1.2.3.4]x",
	"a b",
	"name/24",
	"-name",
	"[::1]-1.2.3.4",
	"1.2.3.4-[::1]",
	"x/../y",
	"\xff",
	"[[::1]]",
};

static void
understood(void **state)
{
	struct pool *pool = pool_new();

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct address first, last;
		struct range r;
		struct why why;

		if (!range_parse(good[i].text, pool, &r, &why))
			fail_msg("%s: %s", good[i].text, why.text);
		assert_int_equal(r.port, good[i].port);
		assert_int_equal(range_count(&r), good[i].count);
		assert_int_equal(r.name != NULL, good[i].first == NULL);
		if (good[i].first == NULL)
			continue;
		assert_true(address_parse(good[i].first, 0, &first));
		assert_true(address_parse(good[i].last, 0, &last));
		assert_memory_equal(r.first, first.ip, 16);
		assert_memory_equal(r.last, last.ip, 16);
		assert_true(range_has(&r, first.v6, last.ip));
		assert_false(range_has(&r, !first.v6, first.ip));
		if (++last.ip[15] != 0)
			assert_false(range_has(&r, last.v6, last.ip));
	}
	pool_free(pool);
}

static void
refused(void **state)
{
	struct pool *pool = pool_new();

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct range r;
		struct why why = { "" };

		if (range_parse(bad[i], pool, &r, &why))
			fail_msg("\"%s\" is taken", bad[i]);
		assert_true(strlen(why.text) > 10);
	}
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(understood),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
