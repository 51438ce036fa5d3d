/* SPDX-License-Identifier: Apache-2.0 */
/* record_id.c - the id of a kept record; see platen/record_id.h. */
#include <platen/record_id.h>

#include <string.h>
#include <time.h>

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

void
platen_record_id(const char *agent, int64_t seq, const char *time, char *out)
{
	struct tm tm = { 0 };
	const char *end = strptime(time, "%Y-%m-%dT%H:%M:%SZ", &tm);
	uint64_t ms = end != NULL ? (uint64_t)timegm(&tm) * 1000 : 0, both, a, b;

	*out = 0;
	if (end == NULL || *end != 0)
		return;
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
