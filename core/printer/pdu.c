/* SPDX-License-Identifier: Apache-2.0 */
/* pdu.c - objects, and what room they take in a message; see pdu.h. */
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

uint32_t
oid_width(const struct platen_oid *oid)
{
	return oid->n > 2 ? 1 + subids_bytes(oid->sub + 2, oid->n - 2) : 1;
}

uint32_t
bind_bytes(const struct platen_oid *oid, uint32_t width)
{
	return oid_width(oid) + width + (width > 0x7F ? 10 : 6);
}
