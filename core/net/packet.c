/* SPDX-License-Identifier: Apache-2.0 */
/* packet.c - SNMP messages in BER; see packet.h. */
#include "net/packet.h"

#include <string.h>

/* ---- writing ---- */

struct back
packet_begin(struct packet *p)
{
	uint8_t *end = p->bytes + sizeof(p->bytes);

	return (struct back){ .begin = p->bytes, .end = end, .at = end };
}

bool
packet_end(struct packet *p, const struct back *b)
{
	p->from = (size_t)(b->at - b->begin);
	p->n = (size_t)(b->end - b->at);
	return !b->full;
}

/* An object with nothing for a value. */
static void
put_object(struct back *b, const struct name *name)
{
	const uint8_t *end = b->at;

	back_null(b);
	if (name->coded != NULL)
		back_bytes(b, TAG_OBJECT, name->coded, name->ncoded);
	else
		back_oid(b, name->oid);
	back_wrap(b, TAG_SEQUENCE, end);
}

/* The same of most: what is known to be short, in one go. */
static bool
put_short(struct back *b, const struct name *name)
{
	uint8_t n = (uint8_t)name->ncoded;
	const uint8_t head[] = { TAG_SEQUENCE, n + 4, TAG_OBJECT, n };
	const uint8_t null[] = { TAG_NULL, 0 };

	if (name->coded == NULL || sizeof(head) + name->ncoded >= BER_LONG ||
		b->at - b->begin < BER_LONG)
		return false;
	b->at -= sizeof(head) + n + sizeof(null);
	memcpy(b->at, head, sizeof(head));
	memcpy(b->at + sizeof(head), name->coded, n);
	memcpy(b->at + sizeof(head) + n, null, sizeof(null));
	return true;
}

void
packet_pdu(struct back *b, const struct request *r, uint32_t id)
{
	static const uint8_t tags[] = {
		[REQUEST_GET] = 0xA0,
		[REQUEST_NEXT] = 0xA1,
		[REQUEST_BULK] = 0xA5,
	};
	const uint8_t *end = b->at;

	for (uint32_t i = r->n; i > 0; i--)
		if (!put_short(b, &r->names[i - 1]))
			put_object(b, &r->names[i - 1]);
	back_wrap(b, TAG_SEQUENCE, end);
	back_uint(b, r->kind == REQUEST_BULK ? r->repetitions : 0);
	back_uint(b, 0);
	back_uint(b, id);
	back_wrap(b, tags[r->kind], end);
}

bool
packet_build(const struct request *r, enum snmp_version version, const char *community, uint32_t id,
	struct packet *out)
{
	struct back b = packet_begin(out);

	packet_pdu(&b, r, id);
	back_octets(&b, community, strlen(community));
	back_uint(&b, version);
	back_wrap(&b, TAG_SEQUENCE, b.end);
	return packet_end(out, &b);
}

/* ---- reading: the head ---- */

/* The request-id of a Response. */
static bool
head_of_pdu(struct packet_head *h)
{
	struct front pdu = { h->pdu, h->npdu }, inside;

	return front_enter(&pdu, TAG_RESPONSE, &inside) && front_uint(&inside, &h->id);
}

bool
packet_head(uint8_t *p, size_t n, struct packet_head *h)
{
	struct front all = { p, n }, message, part;
	uint32_t version;

	*h = (struct packet_head){ 0 };
	if (!front_enter(&all, TAG_SEQUENCE, &message) || !front_uint(&message, &version))
		return false;
	h->version = version;
	switch (h->version) {
	case VERSION_1:
	case VERSION_2C:
		if (!front_enter(&message, TAG_OCTETS, &part))
			return false;
		h->community = part.p;
		h->ncommunity = part.n;
		h->pdu = message.p;
		h->npdu = message.n;
		return head_of_pdu(h);
	case VERSION_3:
		return front_enter(&message, TAG_SEQUENCE, &part) && front_uint(&part, &h->id);
	}
	return false;
}

/* ---- reading: the values ---- */

/* What can be the value of an object (RFC 2578, RFC 1902, RFC 1442 for the oldest). */
enum {
	VALUE_BITS = 0x03,
	VALUE_ADDRESS = 0x40,
	VALUE_COUNTER = 0x41,
	VALUE_GAUGE = 0x42,
	VALUE_TICKS = 0x43,
	VALUE_OPAQUE = 0x44,
	VALUE_NSAP = 0x45,
	VALUE_COUNTER64 = 0x46,
	VALUE_UINTEGER = 0x47,
	VALUE_NO_OBJECT = 0x80,
	VALUE_NO_INSTANCE = 0x81,
	VALUE_END_OF_VIEW = 0x82
};

/* Within an Opaque, net-snmp's way to carry floats: another tag, of two bytes. */
#define OPAQUE_EXTENDED 0x9F

static bool
take_octets(const struct front *f, struct pool *pool, struct platen_bind *b)
{
	b->type = PLATEN_OCTETS;
	b->octets = pool_copy(pool, f->p, f->n);
	b->len = (uint32_t)f->n;
	return true;
}

/* A number beyond its type's 32 bits is what it is: cut, it would be another. */
static bool
take_integer(const struct front *f, struct platen_bind *b)
{
	b->type = PLATEN_INTEGER;
	return front_signed(f, &b->number);
}

/* A value without a sign need not have the zero that BER asks for. */
static bool
take_unsigned(const struct front *f, struct platen_bind *b)
{
	uint64_t v;

	if (!front_unsigned(f, &v))
		return false;
	b->type = PLATEN_UNSIGNED;
	b->number = v > INT64_MAX ? INT64_MAX : (int64_t)v;
	return true;
}

/* False: it is no such value, and then nothing of the PDU is believed. */
static bool
take_value(uint8_t tag, const struct front *f, struct pool *pool, struct platen_bind *b,
	struct reply *out)
{
	switch (tag) {
	case TAG_INTEGER:
		return take_integer(f, b);
	case VALUE_COUNTER:
	case VALUE_GAUGE:
	case VALUE_TICKS:
	case VALUE_UINTEGER:
	case VALUE_COUNTER64:
		return take_unsigned(f, b);
	case VALUE_OPAQUE:
		if (f->n > 1 && f->p[0] == OPAQUE_EXTENDED) {
			out->partial = true; /* the SDK carries no floats */
			return true;
		}
		return take_octets(f, pool, b);
	case VALUE_ADDRESS:
		return f->n == 4 && take_octets(f, pool, b);
	case VALUE_BITS:
		return f->n > 0 && f->p[0] < 8 && take_octets(f, pool, b);
	case TAG_OCTETS:
	case VALUE_NSAP:
		return take_octets(f, pool, b);
	case TAG_OBJECT:
		b->type = PLATEN_OBJECT_ID;
		return front_oid(f, pool, &b->value);
	case TAG_NULL: /* some agents' way to say that there is nothing */
	case VALUE_NO_OBJECT:
	case VALUE_NO_INSTANCE:
	case VALUE_END_OF_VIEW:
		return true;
	default:
		return false;
	}
}

/* Objects for which room is made at once. */
#define BINDS_STEP 64

/* What a PDU is taken apart into. */
struct taking {
	const struct request *request;
	struct pool *pool;
	struct buf *binds;
	struct reply *reply;
};

static bool
is_name(const struct front *f, const struct name *name)
{
	return name->coded != NULL && f->n == name->ncoded && memcmp(f->p, name->coded, f->n) == 0;
}

/* The OID of the answer's i-th object, most often the one that is waited for. */
static bool
take_name(const struct front *name, uint32_t i, const struct taking *t, struct platen_oid *out)
{
	const struct request *r = t->request;

	if (r->likely == NULL || i >= r->n || !is_name(name, &r->likely[i]))
		return front_oid(name, t->pool, out);
	*out = r->likely[i].oid;
	return true;
}

static bool
take_bind(struct front *list, uint32_t i, const struct taking *t, struct platen_bind *b)
{
	struct front both, name, value;
	uint8_t tag;

	bind_clear(b);
	return front_enter(list, TAG_SEQUENCE, &both) && front_enter(&both, TAG_OBJECT, &name) &&
		take_name(&name, i, t, &b->oid) && front_any(&both, &tag, &value) && both.n == 0 &&
		take_value(tag, &value, t->pool, b, t->reply);
}

/* Room for n of them, in steps. */
static struct platen_bind *
binds_room(struct buf *binds, uint32_t n)
{
	if (binds->n < n * sizeof(struct platen_bind))
		buf_more(binds, BINDS_STEP * sizeof(struct platen_bind));
	return (struct platen_bind *)(void *)binds->p;
}

static bool
take_binds(struct front list, const struct taking *t)
{
	struct platen_bind *binds = NULL;
	uint32_t n = 0;

	buf_clear(t->binds);
	for (; list.n > 0; n++) {
		binds = binds_room(t->binds, n + 1);
		if (!take_bind(&list, n, t, &binds[n]))
			return false;
	}
	t->reply->n = n;
	t->reply->binds = binds;
	return true;
}

/* usmStats, 1.3.6.1.6.3.15.1.1.X.0, are numbered as the enum is; all else is other. */
static enum report
report_kind(const struct reply *r)
{
	static const uint32_t usm_stats[] = { 1, 3, 6, 1, 6, 3, 15, 1, 1 };
	const struct platen_oid *o;

	if (r->n == 0)
		return REPORT_OTHER;
	o = &r->binds[0].oid;
	if (o->n > COUNT(usm_stats) && oid_below(o->sub, o->n, usm_stats, COUNT(usm_stats)) &&
		o->sub[COUNT(usm_stats)] >= REPORT_LEVEL &&
		o->sub[COUNT(usm_stats)] <= REPORT_DECRYPTION)
		return (enum report)o->sub[COUNT(usm_stats)];
	return REPORT_OTHER;
}

static bool
take_pdu(struct front pdu, uint8_t tag, const struct taking *t)
{
	struct front inside, list, id;
	int64_t number;
	uint32_t error;

	if (!front_enter(&pdu, tag, &inside) || !front_enter(&inside, TAG_INTEGER, &id) ||
		!front_signed(&id, &number) || !front_uint(&inside, &error) ||
		!front_uint(&inside, &t->reply->index) ||
		!front_enter(&inside, TAG_SEQUENCE, &list))
		return false;
	t->reply->error = (int32_t)error;
	return take_binds(list, t);
}

void
packet_reply(uint8_t *bytes, size_t n, const struct request *request, struct pool *pool,
	struct buf *binds, struct reply *out)
{
	const struct taking t = { request, pool, binds, out };
	uint8_t tag = n > 0 ? bytes[0] : 0;
	enum report report = tag == TAG_REPORT ? REPORT_OTHER : REPORT_NONE;

	*out = (struct reply){ .report = report };
	if ((tag != TAG_RESPONSE && tag != TAG_REPORT) ||
		!take_pdu((struct front){ bytes, n }, tag, &t))
		*out = (struct reply){ .report = report, .broken = true };
	else if (tag == TAG_REPORT)
		out->report = report_kind(out);
}
