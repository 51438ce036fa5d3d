/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - numbers, durations, sizes and lists from people; strict, the whole text or nothing. */
#include "base.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Decimal digits, then one of the suffixes; the value times what the suffix means. */
struct suffix {
	const char *word;
	uint64_t times;
};

static bool
with_suffix(const char *s, const struct suffix *suffixes, uint64_t *out)
{
	uint64_t v = 0;
	const char *p = s;

	for (; isdigit((unsigned char)*p); p++) {
		if (v > (UINT64_MAX / 4096) / 10)
			return false;
		v = v * 10 + (uint64_t)(*p - '0');
	}
	if (p == s)
		return false;
	for (; suffixes->word != NULL; suffixes++)
		if (strcmp(p, suffixes->word) == 0) {
			if (v > UINT64_MAX / suffixes->times)
				return false;
			*out = v * suffixes->times;
			return true;
		}
	return false;
}

static const struct suffix durations[] = {
	{ "d", 86400000 },
	{ "h", 3600000 },
	{ "m", 60000 },
	{ "s", 1000 },
	{ "ms", 1 },
	{ NULL, 0 },
};

bool
text_duration(const char *s, uint64_t *ms)
{
	return with_suffix(s, durations, ms);
}

bool
text_size(const char *s, uint64_t *bytes)
{
	static const struct suffix sizes[] = {
		{ "", 1 },
		{ "k", 1u << 10 },
		{ "m", 1u << 20 },
		{ "g", 1u << 30 },
		{ NULL, 0 },
	};

	return with_suffix(s, sizes, bytes);
}

void
text_duration_say(uint64_t ms, char out[static 24])
{
	const struct suffix *d = durations;

	while (d->times > 1 && (ms < d->times || ms % d->times != 0))
		d++;
	snprintf(out, 24, "%llu%s", (unsigned long long)(ms / d->times), ms == 0 ? "s" : d->word);
}

bool
text_u32(const char *s, uint32_t min, uint32_t max, uint32_t *out)
{
	static const struct suffix none[] = { { "", 1 }, { NULL, 0 } };
	uint64_t v;

	if (!with_suffix(s, none, &v) || v < min || v > max)
		return false;
	*out = (uint32_t)v;
	return true;
}

bool
text_bool(const char *s, bool *out)
{
	if (strcmp(s, "yes") != 0 && strcmp(s, "no") != 0)
		return false;
	*out = s[0] == 'y';
	return true;
}

/* Length of the longer UTF-8 sequence at p (RFC 3629: shortest form, no surrogates), 0: not one. */
static size_t
utf8_sequence(const uint8_t *p, size_t left)
{
	static const struct {
		uint8_t first, last; /* of the first byte */
		uint8_t second, until; /* of the second byte */
		uint8_t n;
	} forms[] = {
		{ 0xC2, 0xDF, 0x80, 0xBF, 2 },
		{ 0xE0, 0xE0, 0xA0, 0xBF, 3 },
		{ 0xE1, 0xEC, 0x80, 0xBF, 3 },
		{ 0xED, 0xED, 0x80, 0x9F, 3 },
		{ 0xEE, 0xEF, 0x80, 0xBF, 3 },
		{ 0xF0, 0xF0, 0x90, 0xBF, 4 },
		{ 0xF1, 0xF3, 0x80, 0xBF, 4 },
		{ 0xF4, 0xF4, 0x80, 0x8F, 4 },
	};

	for (size_t i = 0; i < COUNT(forms); i++) {
		if (*p < forms[i].first || *p > forms[i].last)
			continue;
		if (left < forms[i].n || p[1] < forms[i].second || p[1] > forms[i].until)
			return 0;
		for (size_t k = 2; k < forms[i].n; k++)
			if ((p[k] & 0xC0) != 0x80)
				return 0;
		return forms[i].n;
	}
	return 0;
}

/* The same byte eight times. */
#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is one of eight bytes 0?  Also where one before it is; never where none is. */
static uint64_t
has_zero(uint64_t eight)
{
	return (eight - EIGHT(1)) & ~eight & EIGHT(0x80);
}

static bool
is_plain(char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

/* Are all of eight bytes plain? */
static bool
are_plain(const char *s)
{
	uint64_t eight;

	memcpy(&eight, s, sizeof(eight));
	return (((eight | (eight + EIGHT(1)) | (eight - EIGHT(0x20))) & EIGHT(0x80)) |
		       has_zero(eight ^ EIGHT('"')) | has_zero(eight ^ EIGHT('\\'))) == 0;
}

size_t
text_plain(const char *s, size_t n)
{
	size_t i = 0;

	while (i + 8 <= n && are_plain(s + i))
		i += 8;
	/* The last eight of a longer one at once. */
	if (i + 8 > n && n >= 8 && are_plain(s + n - 8))
		return n;
	while (i < n && is_plain(s[i]))
		i++;
	return i;
}

bool
text_is_utf8(const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;

	for (size_t i = 0, step = 1; i < n; i += step)
		if (p[i] - 1u < 0x7F)
			step = 1;
		else if ((step = utf8_sequence(p + i, n - i)) == 0)
			return false;
	return true;
}

void
text_copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size - 1);

	while (n > 0 && ((uint8_t)from[n] & 0xc0) == 0x80)
		n--;
	memcpy(to, from, n);
	to[n] = 0;
}

char *
text_trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		end--;
	*end = 0;
	return s;
}

char *
text_item(char **rest)
{
	while (*rest != NULL) {
		char *item = *rest, *comma = strchr(item, ',');

		*rest = comma != NULL ? comma + 1 : NULL;
		if (comma != NULL)
			*comma = 0;
		item = text_trim(item);
		if (*item != 0)
			return item;
	}
	return NULL;
}

bool
text_has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; *p != 0; p += strspn(p, ", ")) {
		size_t length = strcspn(p, ", ");

		if (length == n && memcmp(p, word, n) == 0)
			return true;
		p += length;
	}
	return false;
}
