/* SPDX-License-Identifier: Apache-2.0 */
/*
 * numbers.c - numbers as pages write them for people: in the language the
 * printer is set to, which the page does not say.  What could be read in two
 * ways is not read at all.
 */
#include "ews.h"

#include <ctype.h>
#include <string.h>

#define MAX_DIGITS 15 /* of a number, with what is behind the point */

/* Bytes of the separator at p between two digits, 0: none.  Blanks may be UTF-8's own. */
static size_t
separator(const char *p)
{
	static const char *const wide[] = { "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89" };

	if (*p == ',' || *p == '.' || *p == ' ' || *p == '\'')
		return 1;
	for (size_t i = 0; i < COUNT(wide); i++)
		if (strncmp(p, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

static size_t
digits(const char *p)
{
	return strspn(p, "0123456789");
}

static void
take_digits(const char *p, size_t n, int64_t *out)
{
	for (size_t i = 0; i < n; i++)
		*out = *out * 10 + (p[i] - '0');
}

bool
number_tenths(const char *text, int64_t *out)
{
	const char *p = text;
	size_t n = digits(p), taken = n;
	const char *group = NULL;
	int64_t number = 0;

	if (n == 0 || n > MAX_DIGITS)
		return false;
	take_digits(p, n, &number);
	for (p += n; *p != '\0'; p += n) {
		size_t s = separator(p);

		n = s > 0 ? digits(p + s) : 0;
		taken += n;
		if (taken > MAX_DIGITS)
			return false;
		if (n == 1 && p[s + 1] == '\0' && s == 1 && (group == NULL || *group != *p)) {
			*out = number * 10 + (p[s] - '0');
			return true;
		}
		/* A group: three digits, at most three in front, always the same sign. */
		if (n != 3 || (group == NULL && digits(text) > 3) ||
			(group != NULL && strncmp(group, p, s) != 0))
			return false;
		group = p;
		take_digits(p + s, n, &number);
		p += s;
	}
	*out = number * 10;
	return true;
}

bool
number_whole(const char *text, int64_t *out)
{
	int64_t tenths;

	if (!number_tenths(text, &tenths) || tenths % 10 != 0)
		return false;
	*out = tenths / 10;
	return true;
}

bool
number_scaled(const char *text, char point, int places, int64_t *out, const char **unit)
{
	int64_t number = 0;
	size_t taken = 0;
	const char *p = text;

	while (isdigit((unsigned char)*p) ||
		(*p != point && separator(p) == 1 && digits(p + 1) >= 3)) {
		if (isdigit((unsigned char)*p)) {
			if (++taken > MAX_DIGITS)
				return false;
			take_digits(p, 1, &number);
		}
		p++;
	}
	if (taken == 0)
		return false;
	if (*p == point && isdigit((unsigned char)p[1])) {
		for (p++; isdigit((unsigned char)*p) && places > 0; p++, places--, taken++)
			take_digits(p, 1, &number);
	}
	if (isdigit((unsigned char)*p) || taken + (size_t)places > MAX_DIGITS)
		return false;
	while (places-- > 0)
		number *= 10;
	while (separator(p) > 0 && *p != ',' && *p != '.')
		p += separator(p);
	*out = number;
	*unit = p;
	return true;
}
