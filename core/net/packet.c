/* SPDX-License-Identifier: Apache-2.0 */
/* packet.c - SNMP messages in BER; see packet.h. */
#include "net/packet.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <string.h>

/* ---- writing ---- */

static void
wrote(struct back *b, int ok)
{
	if (!ok)
		b->full = true;
}

void
back_int(struct back *b, uint32_t v)
{
	u_char *p = b->to->bytes;
	size_t cap = sizeof(b->to->bytes);
	long value = (long)v;

	wrote(b, asn_realloc_rbuild_int(&p, &cap, &b->used, 0, ASN_INTEGER, &value, sizeof(value)));
}

void
back_octets(struct back *b, const void *octets, size_t n)
{
	u_char *p = b->to->bytes;
	size_t cap = sizeof(b->to->bytes);

	wrote(b, asn_realloc_rbuild_string(&p, &cap, &b->used, 0, ASN_OCTET_STR, octets, n));
}

void
back_wrap(struct back *b, uint8_t tag, size_t since)
{
	u_char *p = b->to->bytes;
	size_t cap = sizeof(b->to->bytes);

	if (!b->full)
		wrote(b, asn_realloc_rbuild_header(&p, &cap, &b->used, 0, tag, b->used - since));
}

/* An object with nothing for a value. */
static void
back_object(struct back *b, struct platen_oid o)
{
	u_char *p = b->to->bytes;
	size_t cap = sizeof(b->to->bytes), since = b->used;
	oid name[PLATEN_MAX_SUBIDS];

	for (uint32_t i = 0; i < o.n; i++)
		name[i] = o.sub[i];
	wrote(b, asn_realloc_rbuild_null(&p, &cap, &b->used, 0, ASN_NULL));
	wrote(b, asn_realloc_rbuild_objid(&p, &cap, &b->used, 0, ASN_OBJECT_ID, name, o.n));
	back_wrap(b, TAG_SEQUENCE, since);
}

void
back_pdu(struct back *b, const struct request *r, uint32_t id)
{
	static const uint8_t tags[] = {
		[REQUEST_GET] = SNMP_MSG_GET,
		[REQUEST_NEXT] = SNMP_MSG_GETNEXT,
		[REQUEST_BULK] = SNMP_MSG_GETBULK,
	};
	size_t since = b->used;

	for (uint32_t i = r->n; i > 0 && !b->full; i--)
		back_object(b, r->oids[i - 1]);
	back_wrap(b, TAG_SEQUENCE, since);
	back_int(b, r->kind == REQUEST_BULK ? r->repetitions : 0);
	back_int(b, 0);
	back_int(b, id);
	back_wrap(b, tags[r->kind], since);
}

bool
back_done(struct back *b)
{
	b->to->from = sizeof(b->to->bytes) - b->used;
	b->to->n = b->used;
	return !b->full;
}

bool
packet_build(const struct request *r, enum snmp_version version, const char *community, uint32_t id,
	struct packet *out)
{
	struct back b = { .to = out };

	back_pdu(&b, r, id);
	back_octets(&b, community, strlen(community));
	back_int(&b, version);
	back_wrap(&b, TAG_SEQUENCE, 0);
	return back_done(&b);
}

/* ---- reading ---- */

bool
front_enter(struct front *f, uint8_t tag, struct front *inside)
{
	u_char type;
	size_t n = f->n;
	uint8_t *p;

	if (f->n < 2 || (p = asn_parse_header(f->p, &n, &type)) == NULL || type != tag ||
		n > f->n - (size_t)(p - f->p))
		return false;
	inside->p = p;
	inside->n = n;
	f->n -= (size_t)(p - f->p) + n;
	f->p = p + n;
	return true;
}

bool
front_uint(struct front *f, uint32_t *out)
{
	u_char type;
	long v;
	uint8_t *p;
	size_t n = f->n;

	if (n < 3 || (p = asn_parse_int(f->p, &n, &type, &v, sizeof(v))) == NULL ||
		type != TAG_INTEGER || v < 0 || v > INT32_MAX)
		return false;
	f->p = p;
	f->n = n;
	*out = (uint32_t)v;
	return true;
}

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

static struct platen_oid
oid_copy(const oid *from, size_t n, struct pool *pool)
{
	uint32_t *sub = pool_alloc(pool, n * sizeof(*sub));

	for (size_t i = 0; i < n; i++)
		sub[i] = (uint32_t)from[i];
	return (struct platen_oid){ .sub = sub, .n = (uint32_t)n };
}

static int64_t
counter64(const struct counter64 *c)
{
	uint64_t v = (uint64_t)c->high << 32 | (c->low & UINT32_MAX);

	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

static void
bind_octets(struct platen_bind *b, const netsnmp_variable_list *v, struct pool *pool)
{
	b->type = PLATEN_OCTETS;
	b->octets = pool_copy(pool, v->val.string, v->val_len);
	b->len = (uint32_t)v->val_len;
}

/* False: a type the SDK does not carry (floats in Opaque). */
static bool
bind_value(struct platen_bind *b, const netsnmp_variable_list *v, struct pool *pool)
{
	switch (v->type) {
	case ASN_INTEGER:
		b->type = PLATEN_INTEGER;
		b->number = *v->val.integer;
		return true;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_UINTEGER:
		b->type = PLATEN_UNSIGNED;
		b->number = *v->val.integer & UINT32_MAX;
		return true;
	case ASN_COUNTER64:
		b->type = PLATEN_UNSIGNED;
		b->number = counter64(v->val.counter64);
		return true;
	case ASN_OCTET_STR:
	case ASN_IPADDRESS:
	case ASN_OPAQUE:
	case ASN_BIT_STR:
	case ASN_NSAP:
		bind_octets(b, v, pool);
		return true;
	case ASN_OBJECT_ID:
		b->type = PLATEN_OBJECT_ID;
		b->value = oid_copy(v->val.objid, v->val_len / sizeof(oid), pool);
		return true;
	case ASN_NULL: /* some agents' way to say that there is nothing */
	case SNMP_NOSUCHOBJECT:
	case SNMP_NOSUCHINSTANCE:
	case SNMP_ENDOFMIBVIEW:
		return true;
	default:
		return false;
	}
}

static void
reply_binds(const netsnmp_pdu *pdu, struct pool *pool, struct reply *out)
{
	uint32_t n = 0;

	for (netsnmp_variable_list *v = pdu->variables; v != NULL; v = v->next_variable)
		n++;
	out->binds = pool_alloc(pool, (n + 1) * sizeof(*out->binds));
	out->n = n;
	n = 0;
	for (netsnmp_variable_list *v = pdu->variables; v != NULL; v = v->next_variable) {
		struct platen_bind *b = &out->binds[n++];

		b->size = sizeof(*b);
		b->octets = (const uint8_t *)"";
		b->oid = oid_copy(v->name, v->name_length, pool);
		if (!bind_value(b, v, pool))
			out->partial = true;
	}
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

void
packet_reply(uint8_t *bytes, size_t n, struct pool *pool, struct reply *out)
{
	netsnmp_pdu pdu = { 0 };
	bool report = n > 0 && bytes[0] == TAG_REPORT;

	*out = (struct reply){ .broken = true, .report = report ? REPORT_OTHER : REPORT_NONE };
	if (n > 0 && (bytes[0] == TAG_RESPONSE || report) && snmp_pdu_parse(&pdu, bytes, &n) == 0 &&
		pdu.errstat >= 0 && pdu.errstat <= INT32_MAX && pdu.errindex >= 0 &&
		pdu.errindex <= INT32_MAX) {
		out->broken = false;
		out->error = (int32_t)pdu.errstat;
		out->index = (uint32_t)pdu.errindex;
		reply_binds(&pdu, pool, out);
		if (report)
			out->report = report_kind(out);
	}
	snmp_free_varbind(pdu.variables);
}
