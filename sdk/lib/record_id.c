/* SPDX-License-Identifier: Apache-2.0 */
/* record_id.c - the id of a kept record; see platen/record_id.h. */
#include <platen/record_id.h>

#include <stdbool.h>
#include <string.h>

/* FNV-1a, ... */
static uint64_t
add(uint64_t h, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	return h;
}

/* ... then the last step of MurmurHash3, which spreads it over all bits. */
static uint64_t
spread(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

/* "AGENT/SEQ/": the agent's first 40 bytes. */
static uint64_t
hash_of(const char *agent, int64_t seq)
{
	uint64_t left = seq < 0 ? -(uint64_t)seq : (uint64_t)seq;
	char text[24], *at = text + sizeof(text);

	*--at = '/';
	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) > 0);
	if (seq < 0)
		*--at = '-';
	*--at = '/';
	return add(add(UINT64_C(14695981039346656037), agent, strnlen(agent, 40)), at,
		(size_t)(text + sizeof(text) - at));
}

/* The lowest n digits, and a hyphen. */
static char *
hex(char *to, uint64_t value, int n)
{
	for (int i = n - 1; i >= 0; i--, value >>= 4)
		to[i] = "0123456789abcdef"[value & 15];
	to[n] = '-';
	return to + n + 1;
}

/* So many digits, least to most, and what stands behind them; NULL: they are not there. */
static const char *
number(const char *p, int digits, int64_t least, int64_t most, char behind, int64_t *out)
{
	for (*out = 0; digits > 0 && p != NULL; digits--, p++) {
		if (*p < '0' || *p > '9')
			return NULL;
		*out = *out * 10 + (*p - '0');
	}
	return p != NULL && *out >= least && *out <= most && *p == behind ? p + 1 : NULL;
}

/* Days since 1970, of the Gregorian calendar: a year that begins in March ends with what varies. */
static int64_t
days(int64_t year, int64_t month, int64_t day)
{
	int64_t since_march = (month + 9) % 12;

	year -= month < 3;
	return year * 365 + year / 4 - year / 100 + year / 400 + (since_march * 306 + 5) / 10 +
		day - 1 - 719468;
}

/* "2026-11-20T10:00:00Z" in seconds since 1970; false: it is no such time. */
static bool
seconds(const char *time, int64_t *out)
{
	int64_t year, month, day, hour, minute, second;
	const char *p = number(time, 4, 1, 9999, '-', &year);

	p = number(p, 2, 1, 12, '-', &month);
	p = number(p, 2, 1, 31, 'T', &day);
	p = number(p, 2, 0, 23, ':', &hour);
	p = number(p, 2, 0, 59, ':', &minute);
	p = number(p, 2, 0, 61, 'Z', &second);
	*out = p != NULL ? ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second : 0;
	return p != NULL && *p == 0;
}

void
platen_record_id(const char *agent, int64_t seq, const char *time, char *out)
{
	uint64_t ms, both, a, b;
	int64_t when;

	*out = 0;
	if (!seconds(time, &when))
		return;
	ms = (uint64_t)when * 1000;
	both = hash_of(agent, seq);
	a = spread(add(both, "a", 1)) >> 52;
	b = spread(add(both, "b", 1)) >> 2;
	out = hex(out, ms >> 16, 8);
	out = hex(out, ms, 4);
	out = hex(out, 0x7000 | a, 4);
	out = hex(out, 0x8000 | b >> 48, 4);
	out = hex(out, b, 12);
	out[-1] = 0;
}
