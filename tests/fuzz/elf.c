/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elf.c - any bytes as a plugin's file: refused with a reason, or names that can
 * be shown.
 */
#include "plugin/sofile.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
printable(const char *const *list, uint32_t n, uint32_t most)
{
	must(n <= most);
	for (uint32_t i = 0; i < n; i++)
		for (const char *s = list[i]; *s != 0; s++)
			must(*s > 0x20 && *s < 0x7F);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Its own memory, so that a byte too far is seen. */
	uint8_t *bytes = malloc(size + (size == 0));
	struct pool *pool = pool_new();
	struct why why = { "" };
	struct sofile so;

	must(bytes != NULL);
	memcpy(bytes, data, size);
	if (sofile_read(bytes, size, pool, &so, &why)) {
		printable(so.exports, so.nexports, MAX_SO_SYMBOLS);
		printable(so.imports, so.nimports, MAX_SO_SYMBOLS);
		printable(so.needed, so.nneeded, MAX_SO_NEEDED);
	} else {
		must(why.text[0] != 0 && strchr(why.text, '\n') == NULL);
	}
	pool_free(pool);
	free(bytes);
	return 0;
}
