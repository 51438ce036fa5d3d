/* SPDX-License-Identifier: Apache-2.0 */
/*
 * colors.c - the colour of a supply: from prtMarkerColorantTable, else from the
 * words of its description, else from letters that only make sense as colours.
 */
#include "mib.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* In the languages printers are set to; words of letters stand alone, others anywhere. */
static const struct {
	const char *word, *color;
} words[] = {
	{ "black", "black" },
	{ "schwarz", "black" },
	{ "noir", "black" },
	{ "noire", "black" },
	{ "nero", "black" },
	{ "nera", "black" },
	{ "negro", "black" },
	{ "negra", "black" },
	{ "preto", "black" },
	{ "preta", "black" },
	{ "zwart", "black" },
	{ "zwarte", "black" },
	{ "svart", "black" },
	{ "musta", "black" },
	{ "czarny", "black" },
	{ "siyah", "black" },
	{ "ブラック", "black" },
	{ "黒", "black" },
	{ "黑", "black" },
	{ "черный", "black" },
	{ "чёрный", "black" },
	{ "cyan", "cyan" },
	{ "ciano", "cyan" },
	{ "cian", "cyan" },
	{ "cián", "cyan" },
	{ "cyaan", "cyan" },
	{ "シアン", "cyan" },
	{ "青", "cyan" },
	{ "голубой", "cyan" },
	{ "magenta", "magenta" },
	{ "マゼンタ", "magenta" },
	{ "品红", "magenta" },
	{ "洋红", "magenta" },
	{ "пурпурный", "magenta" },
	{ "yellow", "yellow" },
	{ "gelb", "yellow" },
	{ "jaune", "yellow" },
	{ "giallo", "yellow" },
	{ "gialla", "yellow" },
	{ "amarillo", "yellow" },
	{ "amarilla", "yellow" },
	{ "amarelo", "yellow" },
	{ "geel", "yellow" },
	{ "gele", "yellow" },
	{ "gul", "yellow" },
	{ "keltainen", "yellow" },
	{ "イエロー", "yellow" },
	{ "黄", "yellow" },
	{ "желтый", "yellow" },
	{ "жёлтый", "yellow" },
	{ "red", "red" },
	{ "green", "green" },
	{ "blue", "blue" },
	{ "orange", "orange" },
	{ "violet", "violet" },
	{ "white", "white" },
	{ "gray", "gray" },
	{ "grey", "gray" },
};

/* Inks that are sold beside the plain ones. */
static const char *const shades[] = { "matte", "photo", "light" };

static bool
is_letter(char c)
{
	return isalpha((unsigned char)c) || (c & 0x80);
}

/* Where word stands in text, NULL: nowhere. */
static const char *
word_in(const char *text, const char *word)
{
	size_t n = strlen(word);
	bool alone = !(word[0] & 0x80);

	for (const char *p = text; (p = strcasestr(p, word)) != NULL; p++)
		if (!alone || ((p == text || !is_letter(p[-1])) && !is_letter(p[n])))
			return p;
	return NULL;
}

/* Does shade stand right before the word at p? */
static bool
shaded(const char *text, const char *p, const char *shade)
{
	size_t n = strlen(shade);

	while (p > text && (p[-1] == ' ' || p[-1] == '-'))
		p--;
	return (size_t)(p - text) >= n && strncasecmp(p - n, shade, n) == 0;
}

/* The one colour that text names; false: none, or several. */
static bool
color_in_text(const char *text, char out[static MAX_LINE])
{
	const char *color = NULL, *at = NULL;

	for (size_t i = 0; i < COUNT(words); i++) {
		const char *p = word_in(text, words[i].word);

		if (p == NULL)
			continue;
		if (color != NULL && strcmp(color, words[i].color) != 0)
			return false;
		color = words[i].color;
		at = p;
	}
	if (color == NULL)
		return false;
	snprintf(out, MAX_LINE, "%s", color);
	for (size_t i = 0; i < COUNT(shades); i++)
		if (shaded(text, at, shades[i]))
			snprintf(out, MAX_LINE, "%s %s", shades[i], color);
	return true;
}

/* ---- the standard's way ---- */

static const char *
color_of_letter(char letter)
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

	snprintf(from, sizeof(from), "%s", text);
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
		if (!color_in_text(text, out))
			memcpy(out, text, MAX_LINE);
		return strcmp(out, "other") != 0 && strcmp(out, "unknown") != 0 &&
			strcmp(out, "none") != 0;
	}
	return false;
}

/* ---- letters ---- */

/*
 * "TK-8527K": a last letter behind a digit is a colour only among sisters: three
 * more supplies called the same but for C, M and Y.
 */
static bool
color_of_last_letter(const struct mib *m, uint32_t which, char out[static MAX_LINE])
{
	const struct table *t = &m->tables[SUPPLIES];
	char text[MAX_LINE], other[MAX_LINE], seen[] = "CMY";
	size_t n;

	cell_text(m, &t->rows[which].cells[SUPPLY_DESCRIPTION], text);
	n = strlen(text);
	if (n < 2 || !isdigit((unsigned char)text[n - 2]) || color_of_letter(text[n - 1]) == NULL)
		return false;
	for (uint32_t i = 0; i < t->n; i++) {
		char *sister;

		if (!cell_text(m, &t->rows[i].cells[SUPPLY_DESCRIPTION], other) ||
			strlen(other) != n || memcmp(text, other, n - 1) != 0)
			continue;
		sister = strchr(seen, other[n - 1]);
		if (sister != NULL)
			*sister = ' ';
	}
	if (strcmp(seen, "   ") != 0)
		return false;
	snprintf(out, MAX_LINE, "%s", color_of_letter(text[n - 1]));
	return true;
}

bool
supply_color(const struct mib *m, uint32_t i, char out[static MAX_LINE])
{
	const struct row *r = &m->tables[SUPPLIES].rows[i];
	char text[MAX_LINE];

	if (color_of_colorant(m, r, out))
		return true;
	return (cell_text(m, &r->cells[SUPPLY_DESCRIPTION], text) && color_in_text(text, out)) ||
		color_of_last_letter(m, i, out);
}
