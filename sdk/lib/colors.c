/* SPDX-License-Identifier: Apache-2.0 */
/*
 * colors.c - the colour a text names, in the languages printers are set to; see color.h.
 *
 * Only words: what letters mean ("TN-243C") is up to who knows what they stand beside.
 */
#include <platen/color.h>

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

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
	{ "czarna", "black" },
	{ "siyah", "black" },
	{ "černá", "black" },
	{ "černý", "black" },
	{ "Černá", "black" },
	{ "Černý", "black" },
	{ "čierna", "black" },
	{ "Čierna", "black" },
	{ "fekete", "black" },
	{ "negru", "black" },
	{ "μαύρο", "black" },
	{ "Μαύρο", "black" },
	{ "검정", "black" },
	{ "ブラック", "black" },
	{ "黒", "black" },
	{ "黑", "black" },
	{ "черный", "black" },
	{ "чёрный", "black" },
	{ "Черный", "black" },
	{ "Чёрный", "black" },
	{ "cyan", "cyan" },
	{ "ciano", "cyan" },
	{ "cian", "cyan" },
	{ "cián", "cyan" },
	{ "cyaan", "cyan" },
	{ "シアン", "cyan" },
	{ "青", "cyan" },
	{ "голубой", "cyan" },
	{ "Голубой", "cyan" },
	{ "azurová", "cyan" },
	{ "azurový", "cyan" },
	{ "błękitny", "cyan" },
	{ "syaani", "cyan" },
	{ "camgöbeği", "cyan" },
	{ "시안", "cyan" },
	{ "magenta", "magenta" },
	{ "マゼンタ", "magenta" },
	{ "品红", "magenta" },
	{ "洋红", "magenta" },
	{ "洋紅", "magenta" },
	{ "пурпурный", "magenta" },
	{ "Пурпурный", "magenta" },
	{ "purpurová", "magenta" },
	{ "purpurový", "magenta" },
	{ "purpurowy", "magenta" },
	{ "eflatun", "magenta" },
	{ "마젠타", "magenta" },
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
	{ "黃", "yellow" },
	{ "желтый", "yellow" },
	{ "жёлтый", "yellow" },
	{ "Желтый", "yellow" },
	{ "Жёлтый", "yellow" },
	{ "žlutá", "yellow" },
	{ "žlutý", "yellow" },
	{ "Žlutá", "yellow" },
	{ "Žlutý", "yellow" },
	{ "žltá", "yellow" },
	{ "Žltá", "yellow" },
	{ "żółty", "yellow" },
	{ "Żółty", "yellow" },
	{ "sárga", "yellow" },
	{ "sarı", "yellow" },
	{ "galben", "yellow" },
	{ "노랑", "yellow" },
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

/* Does the word stand at p, which begins a word of the text or not? */
static bool
stands(const char *p, bool begins, const char *word)
{
	size_t n = strlen(word);
	bool alone = !(word[0] & 0x80);

	return (begins || !alone) && strncasecmp(p, word, n) == 0 && !(alone && is_letter(p[n]));
}

/* Words by their first byte: each counted from 1, and the next one that begins like it. */
static uint8_t begin[256], next[COUNT(words) + 1];

static void
words_link(void)
{
	for (size_t i = COUNT(words); i > 0 && next[0] == 0; i--) {
		uint8_t first = (uint8_t)words[i - 1].word[0];

		next[i] = begin[first];
		begin[first] = (uint8_t)i;
	}
	next[0] = 1; /* done */
}

/* The colour of the word at p; NULL: it is none. */
static const char *
color_at(const char *p, bool begins)
{
	uint8_t first = (uint8_t)tolower((unsigned char)*p);

	if (!begins && !(first & 0x80))
		return NULL;
	for (uint8_t i = begin[first]; i > 0; i = next[i])
		if (stands(p, begins, words[i - 1].word))
			return words[i - 1].color;
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

bool
platen_color_read(const char *text, char *out, size_t size)
{
	const char *color = NULL, *at = NULL, *shade = NULL;
	size_t n;

	words_link();
	for (const char *p = text; *p != '\0'; p++) {
		const char *here = color_at(p, p == text || !is_letter(p[-1]));

		if (here == NULL)
			continue;
		if (color != NULL && strcmp(color, here) != 0)
			return false;
		color = here;
		at = p;
	}
	if (color == NULL)
		return false;
	for (size_t i = 0; i < COUNT(shades); i++)
		if (shaded(text, at, shades[i]))
			shade = shades[i];
	n = strlen(color);
	if (shade == NULL && n < size)
		memcpy(out, color, n + 1);
	else
		snprintf(out, size, "%s%s%s", shade != NULL ? shade : "", shade != NULL ? " " : "",
			color);
	return true;
}
