/* SPDX-License-Identifier: Apache-2.0 */
/* oid.c - object identifiers as text and as numbers. */
#include "base.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
oid_parse(const char *s, struct oid *out)
{
	out->n = 0;
	if (*s == '.')
		s++;
	for (;;) {
		uint64_t v = 0;

		if (!is_digit(*s) || out->n == OID_MAX)
			return false;
		for (; is_digit(*s); s++)
			if ((v = v * 10 + (uint64_t)(*s - '0')) > UINT32_MAX)
				return false;
		out->sub[out->n++] = (uint32_t)v;
		if (*s == 0)
			return out->n >= 2;
		if (*s++ != '.')
			return false;
	}
}

void
oid_format(const uint32_t *sub, uint32_t n, struct buf *out)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			buf_add(out, ".", 1);
		buf_number(out, sub[i]);
	}
}

int
oid_compare(const uint32_t *a, uint32_t na, const uint32_t *b, uint32_t nb)
{
	for (uint32_t i = 0; i < na && i < nb; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return na < nb ? -1 : na > nb;
}

bool
oid_below(const uint32_t *oid, uint32_t n, const uint32_t *root, uint32_t nroot)
{
	if (n < nroot)
		return false;
	/* From the end: most that differ at all differ there. */
	while (nroot > 0 && oid[nroot - 1] == root[nroot - 1])
		nroot--;
	return nroot == 0;
}
