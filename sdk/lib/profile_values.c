/* SPDX-License-Identifier: Apache-2.0 */
/* profile_values.c - the values of a profile: OIDs, words, names; see profile_inside.h. */
#include "profile_inside.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORDS 100 /* of one list */

void
profile_fault(struct reading *r, uint32_t line, const char *fmt, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	r->wrong = r->section_wrong = true;
	r->reader->fault(r->reader->arg, line, text);
}

void *
profile_take(struct reading *r, size_t n)
{
	void *p = r->reader->alloc(r->reader->arg, n);

	if (p == NULL)
		profile_fault(r, r->line, "there is no memory for it");
	return p;
}

static char *
copy(struct reading *r, const char *s, size_t n)
{
	char *text = profile_take(r, n + 1);

	return text != NULL ? memcpy(text, s, n) : NULL;
}

bool
profile_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The text without blanks around it, and then without quotation marks. */
const char *
profile_trim(const char *s, size_t *n)
{
	while (*n > 0 && profile_blank(*s)) {
		s++;
		(*n)--;
	}
	while (*n > 0 && profile_blank(s[*n - 1]))
		(*n)--;
	if (*n >= 2 && s[0] == '"' && s[*n - 1] == '"') {
		s++;
		*n -= 2;
	}
	return s;
}

const char *
profile_text(struct reading *r, const char *value)
{
	size_t n = strlen(value);
	const char *s = profile_trim(value, &n);

	return copy(r, s, n);
}

void
profile_oid(struct reading *r, const char *value, struct platen_oid *out)
{
	uint32_t sub[PLATEN_MAX_SUBIDS], n = 0;
	const char *p = value + (*value == '.');
	uint32_t *kept;

	for (char *end; n < PLATEN_MAX_SUBIDS && isdigit((unsigned char)*p); p = end + 1) {
		unsigned long long number = strtoull(p, &end, 10);

		if (number > UINT32_MAX)
			break;
		sub[n++] = (uint32_t)number;
		if (*end != '.') {
			p = end;
			break;
		}
	}
	if (*p != '\0' || n < 2 || p[-1] == '.') {
		profile_fault(r, r->value_line, "\"%.80s\" is no OID; write 1.3.6.1.4.1....",
			value);
		return;
	}
	kept = profile_take(r, n * sizeof(*kept));
	if (kept != NULL)
		*out = (struct platen_oid){ memcpy(kept, sub, n * sizeof(*sub)), n };
}

/* The next item of a list; commas in quotation marks are no ends. */
static const char *
item_next(const char **rest, size_t *n)
{
	const char *s = *rest;
	bool quoted = false;
	size_t length = 0;

	if (*s == '\0')
		return NULL;
	while (s[length] != '\0' && (quoted || s[length] != ',')) {
		quoted ^= s[length] == '"';
		length++;
	}
	*rest = s + length + (s[length] == ',');
	*n = length;
	while (*n > 0 && profile_blank(*s)) {
		s++;
		(*n)--;
	}
	return s;
}

/* "Total Pages: meter.total impressions" */
static void
word_pair(struct reading *r, const char *s, size_t n, struct platen_word *out)
{
	size_t colon = n, length, means;
	const char *right;

	while (colon > 0 && s[colon - 1] != ':')
		colon--;
	if (colon == 0) {
		profile_fault(r, r->value_line,
			"\"%.80s\" is no pair; write WHAT IT SAYS: what it means", r->value);
		return;
	}
	length = colon - 1;
	means = n - colon;
	right = profile_trim(s + colon, &means);
	s = profile_trim(s, &length);
	out->word = copy(r, s, length);
	for (length = 0; length < means && !profile_blank(right[length]); length++)
		;
	out->means = copy(r, right, length);
	if (length < means) {
		means -= length;
		right = profile_trim(right + length, &means);
		out->unit = copy(r, right, means);
	}
}

const struct platen_word *
profile_words(struct reading *r, const char *value, bool pairs)
{
	struct platen_word *words = profile_take(r, (MAX_WORDS + 1) * sizeof(*words));
	uint32_t count = 0;
	const char *s;
	size_t n;

	if (words == NULL)
		return NULL;
	while ((s = item_next(&value, &n)) != NULL) {
		if (n == 0)
			continue;
		if (count == MAX_WORDS) {
			profile_fault(r, r->value_line, "%s: more words than a list may have",
				r->key);
			break;
		}
		if (pairs) {
			word_pair(r, s, n, &words[count++]);
			continue;
		}
		s = profile_trim(s, &n);
		words[count++].word = copy(r, s, n);
	}
	if (count == 0)
		profile_fault(r, r->value_line, "%s: is empty; write at least one", r->key);
	return words;
}

/* A metric, or a unit: what the agent knows it as is the agent's business. */
const char *
profile_name(struct reading *r, const char *value, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	const char *s = profile_trim(value, &n);
	char *name = copy(r, s, n);

	if (name != NULL && (n == 0 || strspn(name, letters) != n))
		profile_fault(r, r->value_line, "\"%.80s\" is no name of sdk/METRICS", name);
	return name;
}

void
profile_names(struct reading *r, const char *value, const char *out[static 6])
{
	uint32_t count = 0;
	const char *s;
	size_t n;

	while ((s = item_next(&value, &n)) != NULL) {
		if (n == 0)
			continue;
		if (count == 6) {
			profile_fault(r, r->value_line, "%s: at most 6", r->key);
			return;
		}
		out[count++] = profile_name(r, s, n);
	}
	if (count == 0)
		profile_fault(r, r->value_line, "%s: is empty; write at least one", r->key);
}
