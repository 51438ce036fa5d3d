/* SPDX-License-Identifier: Apache-2.0 */
/* values.c - what a printer's value says, whatever type it came in; see values.h. */
#include "values.h"

#include <platen/text.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Printers send -1, -2 and -3 also as Counter32 or Gauge32. */
#define UNSIGNED_SPECIALS (UINT32_MAX - 127)

#define MAX_PART 63 /* bytes of a part, as sdk/METRICS has it */

/*
 * HP's PML puts the symbol set before a text, number * 32 and letter in two octets: 8U,
 * Roman-8, is 01 15.  No text begins with such a control character of its own.
 */
static int32_t
symbol_set(const uint8_t **octets, uint32_t *len, int32_t charset)
{
	static const struct {
		uint32_t set;
		int32_t charset;
	} sets[] = {
		{ 8 * 32 + 'U' - 64, PLATEN_CHARSET_ROMAN8 },
		{ 0 * 32 + 'N' - 64, PLATEN_CHARSET_LATIN1 },
		{ 18 * 32 + 'N' - 64, PLATEN_CHARSET_UTF8 },
	};
	uint32_t set;

	if (*len < 2 || (*octets)[0] > 2)
		return charset;
	set = (uint32_t)(*octets)[0] << 8 | (*octets)[1];
	if (set % 32 < 1 || set % 32 > 26)
		return charset;
	*octets += 2;
	*len -= 2;
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (sets[i].set == set)
			return sets[i].charset;
	return charset;
}

/* All of it is digits, one at least. */
static bool
take_digits(const uint8_t *octets, uint32_t len, int64_t *out)
{
	*out = 0;
	for (uint32_t i = 0; i < len; i++) {
		if (octets[i] < '0' || octets[i] > '9' || *out > INT64_MAX / 100)
			return false;
		*out = *out * 10 + (octets[i] - '0');
	}
	return len > 0;
}

/* A number that is told times-fold; negative ones are words, and stay what they are. */
static bool
multiply(int64_t number, int64_t times, int64_t *out)
{
	if (number > (INT64_MAX - 1) / times)
		return false;
	*out = number < 0 ? number : number * times;
	return true;
}

/*
 * Text of digits; when told times-fold, with as many behind a point as fit in.  Three behind
 * the point are none: "1.234" is more than a thousand to some.
 */
static bool
text_number(const uint8_t *octets, uint32_t len, int64_t times, int64_t *out)
{
	const uint8_t *point;
	uint32_t behind = 0;
	int64_t number, fraction = 0;

	symbol_set(&octets, &len, 0);
	while (len > 0 && (octets[len - 1] == ' ' || octets[len - 1] == '\0'))
		len--;
	for (; len > 0 && *octets == ' '; len--)
		octets++;
	point = times > 1 && len > 0 ? memchr(octets, '.', len) : NULL;
	if (point != NULL) {
		behind = (uint32_t)(octets + len - point - 1);
		len -= behind + 1;
		if (behind == 3 || !take_digits(point + 1, behind, &fraction))
			return false;
	}
	if (!take_digits(octets, len, &number) || !multiply(number, times, out))
		return false;
	for (uint32_t i = 0; i < behind; i++) {
		times /= 10;
		*out += (point[1 + i] - '0') * times;
	}
	return true;
}

bool
platen_value_number(const struct platen_bind *b, int64_t times, int64_t *out)
{
	int64_t number = b->number;

	switch (b->type) {
	case PLATEN_UNSIGNED:
		if (number >= UNSIGNED_SPECIALS && number <= UINT32_MAX)
			number -= (int64_t)UINT32_MAX + 1;
		return multiply(number, times, out);
	case PLATEN_INTEGER:
		return multiply(number, times, out);
	case PLATEN_OCTETS:
		return text_number(b->octets, b->len, times, out);
	default:
		return false;
	}
}

bool
platen_value_text(const struct platen_table *t, const struct platen_bind *b,
	char out[static PLATEN_MAX_TEXT + 1])
{
	int32_t charset = t->charset != 0 ? t->charset : PLATEN_CHARSET_LATIN1;

	const uint8_t *octets = b->octets;
	uint32_t len = b->len;

	out[0] = '\0';
	if (b->type == PLATEN_OCTETS) {
		charset = symbol_set(&octets, &len, charset);
		platen_text(out, PLATEN_MAX_TEXT + 1, octets, len, PLATEN_CHARSET_UNKNOWN, charset);
	} else if (b->type == PLATEN_INTEGER || b->type == PLATEN_UNSIGNED)
		snprintf(out, PLATEN_MAX_TEXT + 1, "%" PRId64, b->number);
	return out[0] != '\0';
}

bool
platen_value_mac(const struct platen_bind *b, char out[static PLATEN_MAX_TEXT + 1])
{
	static const uint8_t none[6];

	if (b->type != PLATEN_OCTETS || b->len != 6 || memcmp(b->octets, none, 6) == 0)
		return false;
	for (size_t i = 0; i < 6; i++)
		snprintf(out + 3 * i, 4, i < 5 ? "%02x:" : "%02x", b->octets[i]);
	return true;
}

/* ---- dates ---- */

static bool
date_put(int32_t year, int32_t month, int32_t day, char out[static PLATEN_MAX_TEXT + 1])
{
	static const int32_t days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (year < 1990 || year > 2099 || month < 1 || month > 12 || day < 1 ||
		day > days[month - 1])
		return false; /* a clock that nobody has set, or no date */
	snprintf(out, PLATEN_MAX_TEXT + 1, "%04d-%02d-%02d", year, month, day);
	return true;
}

/* The next width digits of the text, or -1. */
static int32_t
date_field(const char **at, size_t width)
{
	int32_t n = 0;

	for (size_t i = 0; i < width; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		n = n * 10 + (**at - '0');
	}
	return n;
}

/* "20240531", "2024-05-31", "202405311200": what begins otherwise may be read two ways. */
static bool
date_read(const char *text, char out[static PLATEN_MAX_TEXT + 1])
{
	int32_t year = date_field(&text, 4), month, day;
	char mark = year >= 0 && strchr("-/.", *text) != NULL ? *text : '\0';
	size_t behind; /* hours, minutes and seconds */

	if (year < 0)
		return false;
	text += mark != '\0';
	month = date_field(&text, 2);
	if (month < 0 || (mark != '\0' && *text != mark))
		return false;
	text += mark != '\0';
	day = date_field(&text, 2);
	behind = strspn(text, "0123456789");
	return (behind == 0 || (mark == '\0' && (behind == 4 || behind == 6))) &&
		date_put(year, month, day, out);
}

bool
platen_value_date(const struct platen_bind *b, char out[static PLATEN_MAX_TEXT + 1])
{
	const uint8_t *octets = b->octets;
	uint32_t len = b->len;
	char text[24];

	if (b->type == PLATEN_OCTETS && (b->len == 8 || b->len == 11) && b->octets[0] == 7)
		return date_put(7 * 256 + b->octets[1], b->octets[2], b->octets[3], out);
	if (b->type == PLATEN_OCTETS) {
		symbol_set(&octets, &len, 0);
		snprintf(text, sizeof(text), "%.*s", (int)(len < 20 ? len : 20),
			(const char *)octets);
	} else if (b->type == PLATEN_INTEGER || b->type == PLATEN_UNSIGNED)
		snprintf(text, sizeof(text), "%" PRId64, b->number);
	else
		return false;
	return date_read(text, out);
}

/* ---- pieces ---- */

/* Where in the octets the text begins, or NULL. */
static const uint8_t *
octets_find(const uint8_t *octets, size_t n, const char *text)
{
	size_t length = strlen(text);

	for (; n >= length; octets++, n--)
		if (memcmp(octets, text, length) == 0)
			return octets;
	return NULL;
}

const struct platen_bind *
platen_value_piece(const struct platen_row *r, const struct platen_bind *b,
	struct platen_bind *piece)
{
	const uint8_t *from = b->octets, *end;

	if (r->before == NULL && r->after == NULL)
		return b;
	if (b->type != PLATEN_OCTETS)
		return NULL;
	end = b->octets + b->len;
	if (r->before != NULL) {
		from = octets_find(from, b->len, r->before);
		if (from == NULL)
			return NULL;
		from += strlen(r->before);
	}
	if (r->after != NULL)
		end = octets_find(from, (size_t)(end - from), r->after);
	if (end == NULL)
		return NULL;
	*piece = *b;
	piece->octets = from;
	piece->len = (uint32_t)(end - from);
	return piece;
}

/* ---- words ---- */

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* '*' is any text: where what follows does not fit, the last '*' takes one letter more. */
static bool
word_fits(const char *word, const char *text)
{
	const char *star = NULL, *again = text;

	while (*text != '\0' || *word == '*')
		if (*word == '*') {
			star = ++word;
			again = text;
			if (*word == '\0')
				return true;
		} else if (lower(*word) == lower(*text)) {
			word++;
			text++;
		} else if (star != NULL) {
			word = star;
			text = ++again;
		} else {
			return false;
		}
	return *word == '\0';
}

int32_t
platen_word_find(const struct platen_word *words, const char *text)
{
	for (int32_t i = 0; words != NULL && i < PLATEN_MAX_TABLE && words[i].word != NULL; i++)
		if (word_fits(words[i].word, text))
			return i;
	return -1;
}

bool
platen_index_text(const struct platen_oid *whole, uint32_t column,
	char out[static PLATEN_MAX_TEXT + 1])
{
	size_t n = 0;

	out[0] = '\0';
	for (uint32_t i = column; i < whole->n && n <= MAX_PART; i++) {
		if (i > column)
			out[n++] = '.';
		n += platen_text_number(out + n, PLATEN_MAX_TEXT + 1 - n, whole->sub[i]);
	}
	return n > 0 && n <= MAX_PART;
}

const char *
platen_part_clean(char *name)
{
	static const char marks[] = "._/-";
	size_t n = 0;

	for (const char *p = name; *p != '\0' && n < MAX_PART; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= '0' && *p <= '9') || strchr(marks, *p) != NULL)
			name[n++] = *p;
	name[n] = '\0';
	return name;
}
