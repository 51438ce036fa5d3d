/* SPDX-License-Identifier: Apache-2.0 */
/* record_id.c - the id of a kept record; see platen/record_id.h. */
#include <platen/record_id.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* FNV-1a, then the last step of MurmurHash3, which spreads it over all bits. */
static uint64_t
hash(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text != 0; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

void
platen_record_id(const char *agent, int64_t seq, const char *time, char *out)
{
	struct tm tm = { 0 };
	const char *end = strptime(time, "%Y-%m-%dT%H:%M:%SZ", &tm);
	uint64_t ms = end != NULL ? (uint64_t)timegm(&tm) * 1000 : 0, a, b;
	char text[96];

	*out = 0;
	if (end == NULL || *end != 0)
		return;
	snprintf(text, sizeof(text), "%.40s/%" PRId64 "/a", agent, seq);
	a = hash(text) >> 52;
	text[strlen(text) - 1] = 'b';
	b = hash(text) >> 2;
	snprintf(out, PLATEN_RECORD_ID,
		"%08" PRIx64 "-%04" PRIx64 "-7%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
		ms >> 16 & 0xffffffff, ms & 0xffff, a, 0x8000 | b >> 48,
		b & UINT64_C(0xffffffffffff));
}
