/* SPDX-License-Identifier: Apache-2.0 */
/* pdu.c - objects, and what room they take in a message; see pdu.h. */
#include "printer/pdu.h"

struct platen_bind
bind_absent(struct platen_oid oid)
{
	return (struct platen_bind){
		.size = sizeof(struct platen_bind),
		.type = PLATEN_ABSENT,
		.oid = oid,
		.octets = (const uint8_t *)"",
	};
}

static uint32_t
oid_width(const struct platen_oid *oid)
{
	uint32_t n = oid->n - 1;

	for (uint32_t i = 2; i < oid->n; i++)
		for (uint32_t v = oid->sub[i]; v > 0x7F; v >>= 7)
			n++;
	return n;
}

uint32_t
bind_bytes(const struct platen_oid *oid, uint32_t width)
{
	return oid_width(oid) + width + (width > 0x7F ? 10 : 6);
}

uint32_t
bind_width(const struct platen_bind *b)
{
	switch (b->type) {
	case PLATEN_INTEGER:
	case PLATEN_UNSIGNED:
		return 5;
	case PLATEN_OCTETS:
		return b->len;
	case PLATEN_OBJECT_ID:
		return b->value.n > 1 ? oid_width(&b->value) : 1;
	default:
		return 0;
	}
}
