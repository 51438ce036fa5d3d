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

static bool
digits(const uint8_t *octets, uint32_t len, int64_t *out)
{
	while (len > 0 && (octets[len - 1] == ' ' || octets[len - 1] == '\0'))
		len--;
	for (; len > 0 && *octets == ' '; len--)
		octets++;
	*out = 0;
	for (uint32_t i = 0; i < len; i++) {
		if (octets[i] < '0' || octets[i] > '9' || *out > INT64_MAX / 100)
			return false;
		*out = *out * 10 + (octets[i] - '0');
	}
	return len > 0;
}

bool
platen_value_number(const struct platen_bind *b, int64_t *out)
{
	switch (b->type) {
	case PLATEN_UNSIGNED:
		*out = b->number;
		if (b->number >= UNSIGNED_SPECIALS && b->number <= UINT32_MAX)
			*out = b->number - UINT32_MAX - 1;
		return b->number < INT64_MAX;
	case PLATEN_INTEGER:
		*out = b->number;
		return true;
	case PLATEN_OCTETS:
		return digits(b->octets, b->len, out);
	default:
		return false;
	}
}

bool
platen_value_text(const struct platen_table *t, const struct platen_bind *b,
	char out[static PLATEN_MAX_TEXT + 1])
{
	int32_t charset = t->charset != 0 ? t->charset : PLATEN_CHARSET_LATIN1;

	out[0] = '\0';
	if (b->type == PLATEN_OCTETS)
		platen_text(out, PLATEN_MAX_TEXT + 1, b->octets, b->len, PLATEN_CHARSET_UNKNOWN,
			charset);
	else if (b->type == PLATEN_INTEGER || b->type == PLATEN_UNSIGNED)
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

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
word_fits(const char *word, const char *text)
{
	for (; strcmp(word, "*") != 0; word++, text++)
		if (lower(*word) != lower(*text))
			return false;
		else if (*word == '\0')
			return true;
	return true;
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
	for (uint32_t i = column; i < whole->n && n <= MAX_PART; i++)
		n += (size_t)snprintf(out + n, MAX_PART + 1 - n, "%s%" PRIu32,
			i > column ? "." : "", whole->sub[i]);
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
