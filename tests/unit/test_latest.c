/* SPDX-License-Identifier: Apache-2.0 */
/* test_latest.c - the text of a printer's newest values: merged, compared, and nonsense in it. */
#include "store/latest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define M(name, via, number)                                                                       \
	{                                                                                          \
		name, "sheets", via, .value = number                                               \
	}

/* The text after a record, the caller's. */
static char *
merged(const char *text, int64_t time, uint64_t seq, const struct spool_meter *meters, uint32_t n)
{
	struct buf out = { 0 };

	latest_merge(text,
		&(struct spool_record){ .seq = seq, .time = time, .nmeters = n, .meters = meters },
		&out);
	return buf_take(&out);
}

static void
what_a_record_lacks_stays_with_its_own(void **state)
{
	static const struct spool_meter first[] = { M("total", "p", 10), M("color", "p", 4),
		M("total", "q", 9) };
	static const struct spool_meter second[] = { M("total", "q", 11), M("total", "p", 12) };
	static const struct spool_meter odd[] = { M("to\ttal", "p", 1), M("x", "p\n", 1) };
	char *a = merged("", 1000, 1, first, COUNT(first)),
	     *b = merged(a, 2000, 2, second, COUNT(second)), *c = merged(b, 3000, 3, NULL, 0),
	     *d = merged("", 1, 1, odd, COUNT(odd));

	(void)state;
	assert_string_equal(a,
		"@1000 1\n10\ttotal\tsheets\tp\n4\tcolor\tsheets\tp\n9\ttotal\tsheets\tq\n");
	assert_string_equal(b,
		"@2000 2\n11\ttotal\tsheets\tq\n12\ttotal\tsheets\tp\n"
		"@1000 1\n4\tcolor\tsheets\tp\n");
	assert_string_equal(c,
		"@3000 3\n@2000 2\n11\ttotal\tsheets\tq\n12\ttotal\tsheets\tp\n"
		"@1000 1\n4\tcolor\tsheets\tp\n");
	assert_string_equal(d, "@1 1\n");
	free(a), free(b), free(c), free(d);
}

static void
each_is_compared_with_its_own(void **state)
{
	struct spool_meter m[] = { M("color", "p", 4), M("total", "q", 12), M("total", "r", 0),
		M("tota", "p", 0), M("total", "p", 10) };
	char *text = mem_format("@%lld 2\n10\ttotal\tsheets\tp\n@1000 1\n4\tcolor\tsheets\tp\n"
				"-11\ttotal\tsheets\tq\n",
		(long long)clock_wall());

	(void)state;
	assert_int_equal(latest_compare(text, m, COUNT(m)), 0);
	assert_true(m[0].known && !m[0].stands && m[0].before == 4);
	assert_true(m[1].known && !m[1].stands && m[1].before == -11);
	assert_false(m[2].known || m[3].known);
	assert_true(m[4].known && m[4].stands && m[4].before == 10);
	free(text);
}

/* Until the one that was written first is to be written again. */
static void
all_that_stand_stand_until(void **state)
{
	struct spool_meter m[] = { M("color", "p", 4), M("total", "p", 10) };
	int64_t now = clock_wall();
	char *text = mem_format("@%lld 2\n10\ttotal\tsheets\tp\n@%lld 1\n4\tcolor\tsheets\tp\n",
		(long long)now, (long long)now - 1000);

	(void)state;
	assert_int_equal(latest_compare(text, m, COUNT(m)), now - 1000 + LATEST_STANDS);
	assert_int_equal(latest_compare(text, m, 1), now - 1000 + LATEST_STANDS);
	assert_int_equal(latest_compare(text, m + 1, 1), now + LATEST_STANDS);
	m[0].value = 5;
	assert_int_equal(latest_compare(text, m, COUNT(m)), 0);
	free(text);
}

/* The oldest go. */
static void
ever_new_meters_are_bounded(void **state)
{
	char *text = mem_string(""), *longer, name[32];

	(void)state;
	for (uint64_t i = 0; i < 5000; i++) {
		struct spool_meter m = M(name, "p", (int64_t)i);

		snprintf(name, sizeof(name), "size.%llu", (unsigned long long)i);
		longer = merged(text, 1000 + (int64_t)i, i, &m, 1);
		free(text);
		text = longer;
		assert_true(strlen(text) < (66u << 10));
	}
	assert_non_null(strstr(text, "\tsize.4999\t"));
	assert_non_null(strstr(text, "\tsize.4500\t"));
	assert_null(strstr(text, "\tsize.1\t"));
	free(text);
}

static void
nonsense_ends_it(void **state)
{
	static const char *const bad[] = { "x", "@", "@1", "@1 \n", "@1 2", "@1 2\n5", "@1 2\n5\ta",
		"@1 2\n5\ta\tb\tc", "@1 2\n\ta\tb\tc\n", "@1 2\n5 \ta\tb\tc\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct latest l = { 0 };
		const char *at = bad[i];

		assert_false(latest_next(&at, &l));
		assert_true(*at != 0 || strcmp(bad[i], "@1 2\n") == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_record_lacks_stays_with_its_own),
		cmocka_unit_test(each_is_compared_with_its_own),
		cmocka_unit_test(all_that_stand_stand_until),
		cmocka_unit_test(ever_new_meters_are_bounded),
		cmocka_unit_test(nonsense_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
