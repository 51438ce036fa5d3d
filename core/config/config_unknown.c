/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_unknown.c - what to say of a section or key that there is not: what
 * it was probably meant to be.
 */
#include "config/config_keys.h"

#include <string.h>

/* ---- did you mean ---- */

/* More edits than these, and it was not meant: one letter in three. */
static uint32_t
too_far(const char *word)
{
	return (uint32_t)strlen(word) / 3 + 1;
}

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* Letters to change, add or take away to make b of a. */
static uint32_t
distance(const char *a, const char *b)
{
	uint32_t row[MAX_INI_WORD + 2], nb = (uint32_t)strlen(b);

	if (nb > MAX_INI_WORD)
		return UINT32_MAX;
	for (uint32_t k = 0; k <= nb; k++)
		row[k] = k;
	for (uint32_t i = 0; a[i] != 0; i++) {
		uint32_t corner = row[0]; /* of the row above */

		row[0] = i + 1;
		for (uint32_t k = 0; k < nb; k++) {
			uint32_t swap = corner + (a[i] != b[k]);

			corner = row[k + 1];
			row[k + 1] = least(swap, least(row[k], corner) + 1);
		}
	}
	return row[nb];
}

/* The better of a candidate and the best so far. */
static void
consider(const char *word, const char *candidate, const char **best, uint32_t *edits)
{
	uint32_t d = distance(word, candidate);

	if (d < *edits) {
		*edits = d;
		*best = candidate;
	}
}

static const char *
nearest_section(const char *word)
{
	const char *best = NULL;
	uint32_t n, edits = too_far(word);
	const struct config_key *keys = config_keys(&n);

	for (uint32_t i = 0; i < n; i++)
		consider(word, keys[i].section, &best, &edits);
	return best;
}

static const char *
nearest_key(const char *kind, const char *word)
{
	const char *best = NULL;
	uint32_t n, edits = too_far(word);
	const struct config_key *keys = config_keys(&n);

	for (uint32_t i = 0; i < n; i++)
		if (strcmp(keys[i].section, kind) == 0)
			consider(word, keys[i].name, &best, &edits);
	return best;
}

/* ---- the faults ---- */

void
section_unknown(struct faults *f, const struct ini_section *s)
{
	const char *best = nearest_section(s->kind);

	if (best != NULL)
		fault_add(f, s->line, SECTION ": no such section; did you mean [%s]?", SAY(s),
			best);
	else
		fault_add(f, s->line, SECTION ": no such section; platen.ini(5) lists them all",
			SAY(s));
}

void
key_unknown(struct faults *f, const struct ini_section *s, const struct ini_entry *e)
{
	const char *best = nearest_key(s->kind, e->key);
	const struct config_key *elsewhere = key_find(NULL, e->key);

	if (best != NULL)
		fault_add(f, e->line, SECTION " %s: no such key; did you mean %s?", SAY(s), e->key,
			best);
	else if (elsewhere != NULL)
		fault_add(f, e->line, SECTION " %s: no such key here; move it to [%s]", SAY(s),
			e->key, elsewhere->section);
	else
		fault_add(f, e->line, SECTION " %s: no such key; platen.ini(5) lists them all",
			SAY(s), e->key);
}
