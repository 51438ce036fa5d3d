/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c - any octets in any character set as text: always UTF-8 that fits,
 * one line, no blanks around it, the same for the same.
 *
 * The first six bytes are room, declared set and fallback; the rest the octets.
 */
#include "base/base.h"

#include <platen/text.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	platen_text_load();
	return 0;
}

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room, n;
	int32_t declared, fallback;
	uint8_t *octets;
	char *text;

	if (size < 6)
		return 0;
	room = (size_t)(data[0] | data[1] << 8) % 1025;
	declared = (int16_t)(data[2] | data[3] << 8);
	fallback = (int16_t)(data[4] | data[5] << 8);
	data += 6;
	size -= 6;
	/* Exact sizes, so that a byte too much is seen. */
	octets = memcpy(malloc(size > 0 ? size : 1), data, size);
	text = malloc(room > 0 ? room : 1);

	n = platen_text(text, room, octets, size, declared, fallback);
	must(room == 0 ? n == 0 : n < room);
	if (room > 0) {
		must(strlen(text) == n && text_is_utf8(text, n));
		must(n == 0 || (text[0] != ' ' && text[n - 1] != ' '));
		for (size_t i = 0; i < n; i++)
			must((uint8_t)text[i] >= ' ' && text[i] != 0x7f);
	}
	free(text);
	free(octets);
	return 0;
}
