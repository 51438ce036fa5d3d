/* SPDX-License-Identifier: Apache-2.0 */
/*
 * colors.c - the colour of a supply: from prtMarkerColorantTable, else from the
 * words of its description, else from letters that only make sense as colours.
 */
#include "mib.h"

#include <platen/color.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- the standard's way ---- */

static const char *
color_of_letter(int letter)
{
	switch (letter) {
	case 'K':
		return "black";
	case 'C':
		return "cyan";
	case 'M':
		return "magenta";
	case 'Y':
		return "yellow";
	default:
		return NULL;
	}
}

/* "photoBlack" and "Photo Black" are the same name. */
static void
lower(char text[static MAX_LINE])
{
	char from[MAX_LINE];
	size_t n = 0;

	memcpy(from, text, strlen(text) + 1);
	for (const char *p = from; *p != '\0' && n + 2 < MAX_LINE; p++) {
		if (p > from && isupper((unsigned char)*p) && islower((unsigned char)p[-1]))
			text[n++] = ' ';
		text[n++] = (char)tolower((unsigned char)*p);
	}
	text[n] = '\0';
}

static bool
color_of_colorant(const struct mib *m, const struct row *supply, char out[static MAX_LINE])
{
	const struct table *t = &m->tables[UNITS];
	int64_t colorant = cell_number_or(&supply->cells[SUPPLY_COLORANT], 0);
	char text[MAX_LINE];

	for (uint32_t i = 0; i < t->n; i++) {
		const struct row *r = &t->rows[i];

		if (r->device != supply->device || r->index != colorant ||
			!cell_text(m, &r->cells[COLORANT_VALUE], text))
			continue;
		if (text[1] == '\0' && color_of_letter(text[0]) != NULL)
			snprintf(text, sizeof(text), "%s", color_of_letter(text[0]));
		lower(text);
		if (!platen_color_read(text, out, MAX_LINE))
			memcpy(out, text, MAX_LINE);
		return strcmp(out, "other") != 0 && strcmp(out, "unknown") != 0 &&
			strcmp(out, "none") != 0;
	}
	return false;
}

/* ---- letters ---- */

static bool
is_letter(char c)
{
	return isalpha((unsigned char)c) || (c & 0x80);
}

/* Bytes of the letter of a colour that stands alone at text[at], "BK" as "K"; 0: there is none. */
static size_t
letter_at(const char *text, size_t at)
{
	const char *p = text + at;
	size_t n = (p[0] | 0x20) == 'b' && (p[1] | 0x20) == 'k' ? 2 : color_of_letter(*p) != NULL;

	if (n == 0 || (at > 0 && is_letter(p[-1])))
		return 0;
	return is_letter(p[n]) || isdigit((unsigned char)p[n]) ? 0 : n;
}

/* Is other the same text but for the letter there?  The letter, or '\0'. */
static char
sister_letter(const char *text, size_t at, const char *other)
{
	size_t mine = letter_at(text, at), its;

	if (strncmp(text, other, at) != 0 || (its = letter_at(other, at)) == 0)
		return '\0';
	return strcmp(text + at + mine, other + at + its) == 0 ? other[at + its - 1] : '\0';
}

/*
 * "TK-8527K", "TN-243BK", "Toner (K)": a letter is a colour only among sisters: three more
 * supplies called the same but for C, M and Y.
 */
static bool
has_sisters(const struct mib *m, const char *text, size_t at)
{
	const struct table *t = &m->tables[SUPPLIES];
	char other[MAX_LINE], seen[] = "CMY";

	for (uint32_t i = 0; i < t->n; i++) {
		char letter, *sister;

		if (!cell_text(m, &t->rows[i].cells[SUPPLY_DESCRIPTION], other))
			continue;
		letter = sister_letter(text, at, other);
		sister = letter != '\0' ? strchr(seen, letter) : NULL;
		if (sister != NULL)
			*sister = ' ';
	}
	return strcmp(seen, "   ") == 0;
}

static bool
color_of_one_letter(const struct mib *m, uint32_t which, char out[static MAX_LINE])
{
	char text[MAX_LINE];
	size_t n;

	cell_text(m, &m->tables[SUPPLIES].rows[which].cells[SUPPLY_DESCRIPTION], text);
	for (size_t at = strlen(text); at-- > 0;) {
		if ((n = letter_at(text, at)) == 0 || !has_sisters(m, text, at))
			continue;
		snprintf(out, MAX_LINE, "%s",
			color_of_letter(toupper((unsigned char)text[at + n - 1])));
		return true;
	}
	return false;
}

bool
supply_color(const struct mib *m, uint32_t i, char out[static MAX_LINE])
{
	const struct row *r = &m->tables[SUPPLIES].rows[i];
	char text[MAX_LINE];

	if (color_of_colorant(m, r, out))
		return true;
	return (cell_text(m, &r->cells[SUPPLY_DESCRIPTION], text) &&
		       platen_color_read(text, out, MAX_LINE)) ||
		color_of_one_letter(m, i, out);
}
