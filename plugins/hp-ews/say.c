/* SPDX-License-Identifier: Apache-2.0 */
/* say.c - what was read, to the agent: one reading each, nothing that is not there. */
#include "ews.h"

#include <string.h>

void
say_text(struct ews *e, const char *metric, const char *part, const char *text)
{
	const struct platen_reading r = {
		.size = sizeof(r),
		.metric = metric,
		.part = part,
		.number = PLATEN_NONE,
		.full = PLATEN_NONE,
		.text = text,
	};

	if (text[0] != '\0')
		host->emit(e->visit, &r);
}

void
say_number(struct ews *e, const char *metric, const char *part, const char *unit, int64_t number)
{
	const struct platen_reading r = {
		.size = sizeof(r),
		.metric = metric,
		.part = part,
		.unit = unit,
		.number = number,
		.full = PLATEN_NONE,
	};

	if (number != PLATEN_NONE)
		host->emit(e->visit, &r);
}

void
say_found_text(struct ews *e, const char *metric, const char *part, const struct platen_node *root,
	const char *path)
{
	char text[MAX_LINE];

	if (platen_find_text(root, path, text, sizeof(text)) > 0)
		say_text(e, metric, part, text);
}

void
say_counters(struct ews *e, const struct platen_node *root, const struct counter *counters,
	size_t n)
{
	int64_t number;

	for (size_t i = 0; i < n; i++)
		if (platen_find_number(root, counters[i].path, 0, &number))
			say_number(e, counters[i].metric, NULL, counters[i].unit, number);
}

/* Sizes with a name of PWG 5101.1; a maker's own names mean nothing elsewhere. */
static bool
is_standard(const char *size)
{
	static const char *const classes[] = { "na_", "iso_", "jis_", "jpn_", "prc_", "roc_", "om_",
		"oe_", "asme_" };

	for (size_t i = 0; i < COUNT(classes); i++)
		if (strncmp(size, classes[i], strlen(classes[i])) == 0)
			return true;
	return false;
}

/*
 * Do two entries tell of one counter?  By the counter's name, and where there is
 * none, letter and A4 with the same number: firmware that counts both together
 * lists the sum under each.
 */
static bool
is_shared(const struct size_counter *a, const struct size_counter *b)
{
	bool pair = strncmp(a->size, "na_letter", 9) == 0 && strncmp(b->size, "iso_a4_", 7) == 0;

	if (a->counter[0] != '\0' || b->counter[0] != '\0')
		return strcmp(a->counter, b->counter) == 0;
	pair = pair ||
		(strncmp(b->size, "na_letter", 9) == 0 && strncmp(a->size, "iso_a4_", 7) == 0);
	return pair && a->number == b->number;
}

/*
 * Left out: sizes that were never used, as there are dozens, and a counter that
 * stands under two sizes, for which of them was printed is not known.
 */
void
say_sizes(struct ews *e, struct size_counter *sizes, size_t n)
{
	char metric[MAX_LINE];

	for (size_t i = 0; i < n; i++) {
		bool shared = false;

		for (size_t k = 0; k < n; k++)
			shared = shared || (k != i && is_shared(&sizes[i], &sizes[k]));
		if (shared || sizes[i].number <= 0 || !is_standard(sizes[i].size) ||
			strlen(sizes[i].size) > 60)
			continue;
		strcpy(metric, "meter.size.");
		strcat(metric, sizes[i].size);
		say_number(e, metric, NULL, "impressions", sizes[i].number);
	}
}
