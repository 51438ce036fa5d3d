/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_crc32c.c - the sum of a record is what it always was, whoever computes it: a spool outlives
 * the machine it was written on.
 */
#include "store/crc32c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void
the_sum_of_the_standard(void **state)
{
	(void)state;
	/* RFC 3720, B.4, and the usual check value. */
	static const unsigned char zeros[32];

	assert_int_equal(crc32c(0, "123456789", 9), 0xE3069283);
	assert_int_equal(crc32c(0, zeros, sizeof(zeros)), 0x8A9136AA);
	assert_int_equal(crc32c(crc32c(0, "1234", 4), "56789", 5), 0xE3069283);
	assert_int_equal(crc32c(0, "", 0), 0);
}

static void
both_ways_agree(void **state)
{
	unsigned char text[300];

	(void)state;
	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (unsigned char)(i * 73 + i / 7);
	for (unsigned from = 0; from < 9; from++)
		for (unsigned n = 0; n < sizeof(text) - from; n++)
			assert_int_equal(crc32c(n, text + from, n),
				crc32c_plain(n, text + from, n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_of_the_standard),
		cmocka_unit_test(both_ways_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
