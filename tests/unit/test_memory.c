/* SPDX-License-Identifier: Apache-2.0 */
/* test_memory.c - what is given back to the system while a process goes on. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <link.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* KiB of files that are mapped and present. */
static long
file_pages(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	long kib = -1;

	assert_non_null(f);
	while (kib < 0 && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "RssFile:", 8) == 0)
			kib = strtol(line + 8, NULL, 10);
	fclose(f);
	return kib;
}

/* Reads all of what is mapped of programs and libraries and is no variable. */
__attribute__((no_sanitize_address)) static int
touch(struct dl_phdr_info *o, size_t size, void *arg)
{
	volatile unsigned *sum = arg;

	(void)size;
	for (size_t i = 0; i < o->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &o->dlpi_phdr[i];
		const unsigned char *p = (const void *)(o->dlpi_addr + h->p_vaddr);

		for (size_t at = 0;
			h->p_type == PT_LOAD && h->p_flags != (PF_R | PF_W) && at < h->p_memsz;
			at += 512)
			*sum += p[at];
	}
	return 0;
}

static unsigned
sum_of_files(void)
{
	unsigned sum = 0;

	dl_iterate_phdr(touch, &sum);
	return sum;
}

static int variable = 1;
static const char *const relocated[] = { "one", "two" };

static void
test_files_go_and_come_back(void **state)
{
	unsigned sum = sum_of_files(), n = 0;
	uint8_t digest[EVP_MAX_MD_SIZE];
	long before = file_pages(), after;

	(void)state;
	variable = 2;
	mem_started();
	after = file_pages();
	/* All of the largest library was there, so most of it goes. */
	assert_true(before > 4096);
	assert_in_range(after, 1, before / 2);
	/* Nothing of it is lost: bytes, code, what was written, what was relocated. */
	assert_int_equal(sum_of_files(), sum);
	assert_int_equal(EVP_Digest("abc", 3, digest, &n, EVP_sha256(), NULL), 1);
	assert_int_equal(digest[0], 0xBA);
	assert_int_equal(variable, 2);
	assert_string_equal(relocated[variable - 1], "two");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_go_and_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
