/* SPDX-License-Identifier: Apache-2.0 */
/* crc32c.c - by the processor's own instruction where it has one, else by a table. */
#include "store/crc32c.h"

#include <string.h>

uint32_t
crc32c_plain(uint32_t c, const void *bytes, size_t n)
{
	static uint32_t table[256];
	const uint8_t *p = bytes;

	if (table[1] == 0)
		for (uint32_t i = 0; i < 256; i++) {
			table[i] = i;
			for (int bit = 0; bit < 8; bit++)
				table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0x82F63B78u : 0);
		}
	for (c = ~c; n > 0; n--)
		c = table[(c ^ *p++) & 0xFF] ^ c >> 8;
	return ~c;
}

#ifdef __x86_64__
static uint32_t __attribute__((target("sse4.2")))
by_instruction(uint32_t c, const uint8_t *p, size_t n)
{
	uint64_t wide = ~c, part;

	for (; n >= sizeof(part); n -= sizeof(part), p += sizeof(part)) {
		memcpy(&part, p, sizeof(part));
		wide = __builtin_ia32_crc32di(wide, part);
	}
	for (c = (uint32_t)wide; n > 0; n--)
		c = __builtin_ia32_crc32qi(c, *p++);
	return ~c;
}

uint32_t
crc32c(uint32_t c, const void *bytes, size_t n)
{
	return __builtin_cpu_supports("sse4.2") ? by_instruction(c, bytes, n)
						: crc32c_plain(c, bytes, n);
}
#else
uint32_t
crc32c(uint32_t c, const void *bytes, size_t n)
{
	return crc32c_plain(c, bytes, n);
}
#endif
