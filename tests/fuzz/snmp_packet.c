/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmp_packet.c - any bytes as an answer over UDP, of every version: taken apart
 * within their bounds, and nothing of SNMPv3 is believed without the right key.
 * What net-snmp's decoder makes of the same PDU is what ours makes of it.
 * The first byte chooses the user that waits for the answer.
 */
#include "net/usm.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct snmp_user said[] = {
	{ "none", "nobody", "", "", "", "", "" },
	{ "auth", "nobody", "md5", "password-a", "", "", "" },
	{ "des", "nobody", "md5", "password-a", "des", "password-p", "" },
	{ "aes", "nobody", "sha512", "password-a", "aes256", "password-p", "" },
};

static const struct usm_engine fresh = {
	.nid = 5,
	.id = { 0x80, 0, 0, 0, 1 },
	.boots = 1,
	.time = 100,
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
look_at(const struct reply *r)
{
	must(!r->broken || r->n == 0);
	for (uint32_t i = 0; i < r->n; i++) {
		const struct platen_bind *b = &r->binds[i];

		must(b->oid.n <= PLATEN_MAX_SUBIDS && b->octets != NULL);
		must(b->type >= PLATEN_ABSENT && b->type <= PLATEN_OBJECT_ID);
		if (b->type == PLATEN_OCTETS)
			must(b->octets[b->len] == 0);
		if (b->type == PLATEN_OBJECT_ID)
			must(b->value.n <= PLATEN_MAX_SUBIDS);
	}
}

/* ---- the same PDU, read by net-snmp ---- */

static bool
same_oid(const struct platen_oid *a, const oid *b, size_t n)
{
	for (size_t i = 0; i < n && i < a->n; i++)
		if (a->sub[i] != b[i])
			return false;
	return a->n == n;
}

static int64_t
big(const struct counter64 *c)
{
	uint64_t v = (uint64_t)c->high << 32 | (c->low & UINT32_MAX);

	return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

/* What is longer than its type, net-snmp cuts. */
static bool
same_number(int64_t ours, int64_t cut, int64_t least, int64_t most)
{
	return ours < least || ours > most || ours == cut;
}

static bool
same_value(const struct platen_bind *b, const netsnmp_variable_list *v)
{
	switch (v->type) {
	case ASN_INTEGER:
		return b->type == PLATEN_INTEGER &&
			same_number(b->number, *v->val.integer, INT32_MIN, INT32_MAX);
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
	case ASN_UINTEGER:
		return b->type == PLATEN_UNSIGNED &&
			same_number(b->number, *v->val.integer & UINT32_MAX, 0, UINT32_MAX);
	case ASN_COUNTER64:
		return b->type == PLATEN_UNSIGNED && b->number == big(v->val.counter64);
	case ASN_OCTET_STR:
	case ASN_IPADDRESS:
	case ASN_OPAQUE:
	case ASN_BIT_STR:
	case ASN_NSAP:
		return b->type == PLATEN_OCTETS && b->len == v->val_len &&
			(b->len == 0 || memcmp(b->octets, v->val.string, b->len) == 0);
	case ASN_OBJECT_ID:
		return b->type == PLATEN_OBJECT_ID &&
			same_oid(&b->value, v->val.objid, v->val_len / sizeof(oid));
	default:
		return b->type == PLATEN_ABSENT;
	}
}

static void
compare(uint8_t *bytes, size_t n, const struct reply *ours)
{
	netsnmp_pdu theirs = { 0 };
	netsnmp_variable_list *v;
	uint8_t *copy = mem_copy(bytes, n);
	size_t left = n;
	uint32_t i = 0;
	bool taken = n > 0 && (bytes[0] == TAG_RESPONSE || bytes[0] == TAG_REPORT) &&
		snmp_pdu_parse(&theirs, copy, &left) == 0 && theirs.errstat >= 0 &&
		theirs.errindex >= 0;

	/* Ours may be the stricter one. */
	must(taken || ours->broken);
	if (!ours->broken) {
		must(ours->error == theirs.errstat && ours->index == (uint32_t)theirs.errindex);
		for (v = theirs.variables; v != NULL; v = v->next_variable, i++)
			must(i < ours->n &&
				same_oid(&ours->binds[i].oid, v->name, v->name_length) &&
				same_value(&ours->binds[i], v));
		must(i == ours->n);
	}
	snmp_free_varbind(theirs.variables);
	free(copy);
}

/* Its own OIDs, and those of the objects behind, are likely: that changes nothing. */
static void
read_again(uint8_t *p, size_t n, const struct reply *first, struct pool *pool)
{
	static struct buf binds;
	struct name *likely = pool_alloc(pool, (first->n + 1) * sizeof(*likely));
	struct request request = { .n = first->n, .likely = likely };
	struct reply reply;

	for (uint32_t i = 0; i < first->n; i++)
		likely[i] = name_of(pool, first->binds[i % 3 == 2 ? (i + 1) % first->n : i].oid);
	packet_reply(p, n, &request, pool, &binds, &reply);
	look_at(&reply);
	compare(p, n, &reply);
}

static void
read_pdu(uint8_t *p, size_t n, struct pool *pool)
{
	static const struct request nothing = { .kind = REQUEST_GET };
	static struct buf binds;
	struct reply reply;

	packet_reply(p, n, &nothing, pool, &binds, &reply);
	look_at(&reply);
	compare(p, n, &reply);
	read_again(p, n, &reply, pool);
}

static void
open_v3(size_t which, uint8_t *p, size_t n, struct pool *pool)
{
	static struct usm_user *users[COUNT(said)];
	struct usm_engine engine = fresh;
	struct usm_said heard;
	struct front pdu;
	struct why why;
	enum usm_verdict verdict;

	if (users[which] == NULL)
		users[which] = usm_user_new(&said[which], &why);
	engine.heard = clock_ms();
	verdict = usm_open(&engine, users[which], p, n, &pdu, &heard);
	/* Nobody guesses a key: what is neither clear nor a Report must have been refused. */
	must(verdict != USM_OK || which == 0);
	if (verdict == USM_BAD)
		return;
	must(pdu.p >= p && pdu.p + pdu.n <= p + n);
	read_pdu(pdu.p, pdu.n, pool);
	if (verdict == USM_REPORT)
		usm_learn(&engine, &heard);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool *pool = pool_new();
	struct packet_head head;
	uint8_t *copy;

	snmp_disable_log();
	if (size > 1 && size <= PACKET_RECEIVE_MOST) {
		copy = mem_copy(data + 1, size - 1);
		if (packet_head(copy, size - 1, &head) && head.version == VERSION_3) {
			open_v3(data[0] % COUNT(said), copy, size - 1, pool);
		} else if (head.pdu != NULL) {
			read_pdu(head.pdu, head.npdu, pool);
		}
		free(copy);
	}
	pool_free(pool);
	return 0;
}
