/* SPDX-License-Identifier: Apache-2.0 */
/*
 * epson.c - any octets as the status of an Epson printer: whole or nothing, and
 * only what a printer can mean.
 */
#include "../../plugins/epson/status.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct status s;
	bool whole = status_read(data, (uint32_t)size, &s);

	must(s.ninks <= MAX_INKS && s.nboxes <= MAX_BOXES);
	must(s.color >= -1 && s.mono >= -1 && s.blank >= -1);
	must(strlen(s.serial) < MAX_SERIAL);
	must(whole || (s.ninks == 0 && s.nboxes == 0 && s.color == -1 && s.serial[0] == '\0'));
	for (uint32_t i = 0; i < s.ninks; i++)
		must(s.inks[i].color != NULL && s.inks[i].percent >= 0 && s.inks[i].percent <= 100);
	for (uint32_t i = 0; i < s.nboxes; i++)
		must(s.boxes[i] >= 0 && s.boxes[i] <= 100);
	return 0;
}
