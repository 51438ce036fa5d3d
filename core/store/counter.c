/* SPDX-License-Identifier: Apache-2.0 */
/* counter.c - blocks of numbers reserved on the disk; see counter.h. */
#include "store/counter.h"

#include "store/kept_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME "seal.counter"

/* The last block; 0: there is none, or what is there makes no sense (then time and chance do). */
static uint64_t
last_block(const char *folder)
{
	char path[4096], text[64] = "";
	uint64_t block = 0;
	int end = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/" NAME, folder);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fgets(text, sizeof(text), f) == NULL ||
		sscanf(text, "block %" SCNu64 "%n", &block, &end) != 1 || end == 0)
		log_warn("%s: makes no sense, it is made anew", path);
	fclose(f);
	return block;
}

bool
counter_reserve(const char *folder, uint64_t *block, struct why *why)
{
	uint64_t last = last_block(folder);
	uint64_t next = (uint64_t)clock_wall() << 32 | (random_u64() & UINT32_MAX);
	char text[64];

	if (last == UINT64_MAX)
		return why_set(why,
			"%s/" NAME ": its numbers are used up; remove it and take a "
			"new seal key",
			folder);
	if (next <= last)
		next = last + 1;
	snprintf(text, sizeof(text), "block %" PRIu64 "\n", next);
	if (!kept_text_write(folder, NAME, text))
		return why_set(why, "%s/" NAME ": cannot be written: %s", folder, strerror(errno));
	*block = next;
	return true;
}
