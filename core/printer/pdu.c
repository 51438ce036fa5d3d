/* SPDX-License-Identifier: Apache-2.0 */
/* pdu.c - objects, how they are named, and what room they take in a message; see pdu.h. */
#include "printer/pdu.h"

uint32_t
subids_bytes(const uint32_t *sub, uint32_t n)
{
	uint32_t bytes = n;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t v = sub[i]; v > 0x7F; v >>= 7)
			bytes++;
	return bytes;
}

uint8_t *
subids_write(uint8_t *to, const uint32_t *sub, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t shift = 0;

		while (shift < 28 && sub[i] >> shift > 0x7F)
			shift += 7;
		for (; shift > 0; shift -= 7)
			*to++ = (uint8_t)(0x80 | sub[i] >> shift);
		*to++ = sub[i] & 0x7F;
	}
	return to;
}

/* Are its first two sub-identifiers those that are read where they are written as one? */
static bool
is_plain(struct platen_oid o)
{
	return o.n >= 2 && o.n <= PLATEN_MAX_SUBIDS &&
		(o.sub[0] < 2 ? o.sub[1] < 40 : o.sub[0] == 2 && o.sub[1] <= UINT32_MAX - 80);
}

struct name
name_of(struct pool *pool, struct platen_oid oid)
{
	uint32_t first;
	uint8_t *coded;

	if (!is_plain(oid))
		return (struct name){ .oid = oid };
	first = oid.sub[0] * 40 + oid.sub[1];
	coded = pool_take(pool, subids_bytes(&first, 1) + subids_bytes(oid.sub + 2, oid.n - 2));
	return (struct name){
		.oid = oid,
		.coded = coded,
		.ncoded = (uint32_t)(subids_write(subids_write(coded, &first, 1), oid.sub + 2,
					     oid.n - 2) -
			coded),
	};
}

uint32_t
name_width(const struct name *name)
{
	return name->coded != NULL ? name->ncoded : oid_width(&name->oid);
}

uint32_t
oid_width(const struct platen_oid *oid)
{
	return oid->n > 2 ? 1 + subids_bytes(oid->sub + 2, oid->n - 2) : 1;
}

uint32_t
bind_bytes(uint32_t oid, uint32_t width)
{
	return oid + width + (width > 0x7F ? 10 : 6);
}
