/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of BER that SNMP uses, and object identifiers.
 *
 * Strict in what it reads: definite lengths only, no octet beyond the buffer, no number wider than
 * its type, no padded sub-identifier. A length may be written longer than needed, because RFC 3417
 * allows that and printers do it. It does not allocate and keeps no state.
 */
#include "sim.h"

#include <string.h>

static bool
take_length(struct reader *r, size_t *out)
{
	size_t len;
	unsigned octets;

	if (r->p == r->end)
		return false;
	len = *r->p++;
	if (len >= 0x80) {
		octets = len & 0x7f;
		if (octets == 0 || octets > 4 || (size_t)(r->end - r->p) < octets)
			return false;
		for (len = 0; octets > 0; octets--)
			len = len << 8 | *r->p++;
	}
	*out = len;
	return len <= (size_t)(r->end - r->p);
}

bool
ber_take_any(struct reader *r, uint8_t *tag, struct reader *inside)
{
	struct reader at = *r;
	size_t len;

	if (at.p == at.end)
		return false;
	*tag = *at.p++;
	if ((*tag & 0x1f) == 0x1f || !take_length(&at, &len))
		return false;
	*inside = (struct reader){ at.p, at.p + len };
	r->p = at.p + len;
	return true;
}

bool
ber_take(struct reader *r, uint8_t tag, struct reader *inside)
{
	struct reader before = *r;
	uint8_t got;

	if (ber_take_any(r, &got, inside) && got == tag)
		return true;
	*r = before;
	return false;
}

bool
ber_take_int(struct reader *r, int32_t *out)
{
	struct reader before = *r, in;
	uint32_t v;

	if (!ber_take(r, TAG_INTEGER, &in) || in.p == in.end || in.end - in.p > 4) {
		*r = before;
		return false;
	}
	v = *in.p & 0x80 ? UINT32_MAX : 0;
	while (in.p < in.end)
		v = v << 8 | *in.p++;
	*out = (int32_t)v;
	return true;
}

static bool
take_arc(struct reader *r, uint64_t *out)
{
	uint64_t v = 0;

	if (r->p == r->end || *r->p == 0x80)
		return false;
	do {
		if (r->p == r->end || v > UINT64_MAX >> 8)
			return false;
		v = v << 7 | (*r->p & 0x7f);
	} while (*r->p++ & 0x80);
	*out = v;
	return true;
}

static bool
oid_from_content(struct reader in, struct oid *out)
{
	uint64_t v;

	if (!take_arc(&in, &v) || v > (uint64_t)UINT32_MAX + 80)
		return false;
	out->arc[0] = v >= 80 ? 2 : (uint32_t)(v / 40);
	out->arc[1] = (uint32_t)(v - out->arc[0] * 40ull);
	for (out->n = 2; in.p < in.end; out->n++) {
		if (out->n == OID_MAX || !take_arc(&in, &v) || v > UINT32_MAX)
			return false;
		out->arc[out->n] = (uint32_t)v;
	}
	return true;
}

bool
ber_take_oid(struct reader *r, struct oid *out)
{
	struct reader before = *r, in;

	if (ber_take(r, TAG_OID, &in) && oid_from_content(in, out))
		return true;
	*r = before;
	return false;
}

static uint32_t
put_arc(uint64_t v, uint8_t *buf)
{
	uint8_t reversed[10];
	uint32_t n = 0, i;

	do {
		reversed[n] = (uint8_t)((v & 0x7f) | (n > 0 ? 0x80 : 0));
		n++;
		v >>= 7;
	} while (v != 0);
	for (i = 0; i < n; i++)
		buf[i] = reversed[n - 1 - i];
	return n;
}

uint32_t
ber_oid_content(const struct oid *oid, uint8_t *buf)
{
	uint32_t len = put_arc(oid->arc[0] * 40ull + (oid->n > 1 ? oid->arc[1] : 0), buf);

	for (uint32_t i = 2; i < oid->n; i++)
		len += put_arc(oid->arc[i], buf + len);
	return len;
}

uint32_t
ber_int_content(int64_t v, uint8_t *buf)
{
	uint32_t n = 1;

	while (n < 8 && (v < -((int64_t)1 << (8 * n - 1)) || v >= (int64_t)1 << (8 * n - 1)))
		n++;
	for (uint32_t i = 0; i < n; i++)
		buf[i] = (uint8_t)((uint64_t)v >> (8 * (n - 1 - i)));
	return n;
}

uint32_t
ber_uint_content(uint64_t v, uint8_t *buf)
{
	if (v <= INT64_MAX)
		return ber_int_content((int64_t)v, buf);
	buf[0] = 0;
	for (int i = 0; i < 8; i++)
		buf[1 + i] = (uint8_t)(v >> (56 - 8 * i));
	return 9;
}

bool
ber_is_number(uint8_t tag)
{
	return tag == TAG_INTEGER || tag == TAG_COUNTER32 || tag == TAG_GAUGE32 ||
		tag == TAG_TIMETICKS || tag == TAG_COUNTER64;
}

int64_t
ber_number(const struct value *v)
{
	uint64_t n = v->tag == TAG_INTEGER && v->len > 0 && (v->data[0] & 0x80) ? UINT64_MAX : 0;

	for (uint32_t i = 0; i < v->len; i++)
		n = n << 8 | v->data[i];
	return (int64_t)n;
}

/* Octets of the tag and length in front of `len` octets of content. */
static size_t
head_size(size_t len)
{
	return len < 0x80 ? 2 : len < 0x100 ? 3 : len < 0x10000 ? 4 : 5;
}

uint8_t *
ber_prepend_head(uint8_t *p, uint8_t tag, size_t len)
{
	size_t size = head_size(len), rest = len;

	p -= size;
	p[0] = tag;
	if (size == 2) {
		p[1] = (uint8_t)len;
		return p;
	}
	p[1] = (uint8_t)(0x80 | (size - 2));
	for (size_t i = size - 1; i > 1; i--, rest >>= 8)
		p[i] = (uint8_t)rest;
	return p;
}

uint8_t *
ber_prepend_int(uint8_t *p, int32_t v)
{
	uint8_t content[9];
	uint32_t n = ber_int_content(v, content);

	p -= n;
	memcpy(p, content, n);
	return ber_prepend_head(p, TAG_INTEGER, n);
}

bool
ber_put_binding(struct writer *w, const struct oid *name, const struct value *value)
{
	uint8_t oid[5 * OID_MAX + 5];
	uint32_t oid_len = ber_oid_content(name, oid);
	size_t inside = head_size(oid_len) + oid_len + head_size(value->len) + value->len;
	uint8_t *p = w->buf + w->len;

	if (inside + head_size(inside) > w->cap - w->len)
		return false;

	/* Each head is as long as head_size says, so writing it "in front of" is safe. */
	p += head_size(inside);
	ber_prepend_head(p, TAG_SEQUENCE, inside);
	p += head_size(oid_len);
	ber_prepend_head(p, TAG_OID, oid_len);
	memcpy(p, oid, oid_len);
	p += oid_len + head_size(value->len);
	ber_prepend_head(p, value->tag, value->len);
	if (value->len > 0)
		memcpy(p, value->data, value->len);
	w->len += head_size(inside) + inside;
	return true;
}

int
oid_cmp(const uint32_t *a, uint32_t an, const uint32_t *b, uint32_t bn)
{
	uint32_t n = an < bn ? an : bn;

	for (uint32_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return an < bn ? -1 : an > bn;
}

bool
oid_under(const uint32_t *oid, uint32_t n, const uint32_t *root, uint32_t root_n)
{
	return n >= root_n && oid_cmp(oid, root_n, root, root_n) == 0;
}

void
oid_set(struct oid *out, const uint32_t *arc, uint32_t n)
{
	out->n = n;
	memmove(out->arc, arc, n * sizeof *arc);
}

const char *
oid_text(const struct oid *oid, char *buf, size_t cap)
{
	size_t len = 0;

	buf[0] = '\0';
	for (uint32_t i = 0; i < oid->n && len < cap; i++)
		len += (size_t)snprintf(buf + len, cap - len, i ? ".%u" : "%u", oid->arc[i]);
	return buf;
}

bool
oid_parse(const char *text, const char *end, struct oid *out)
{
	uint64_t v;

	out->n = 0;
	if (text < end && *text == '.')
		text++;
	do {
		if (text == end || *text < '0' || *text > '9' || out->n == OID_MAX)
			return false;
		for (v = 0; text < end && *text >= '0' && *text <= '9'; text++)
			if ((v = v * 10 + (uint64_t)(*text - '0')) > UINT32_MAX)
				return false;
		out->arc[out->n++] = (uint32_t)v;
	} while (text < end && *text++ == '.');
	return text == end && out->n >= 2 && out->arc[0] <= 2 &&
		(out->arc[0] == 2 || out->arc[1] < 40);
}
