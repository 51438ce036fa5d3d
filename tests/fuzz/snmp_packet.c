/* SPDX-License-Identifier: Apache-2.0 */
/*
 * snmp_packet.c - any bytes as an answer over UDP, of every version: taken apart
 * within their bounds, and nothing of SNMPv3 is believed without the right key.
 * The first byte chooses the user that waits for the answer.
 */
#include "net/usm.h"

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

static void
open_v3(size_t which, uint8_t *p, size_t n, struct pool *pool)
{
	static struct usm_user *users[COUNT(said)];
	struct usm_engine engine = fresh;
	struct usm_said heard;
	struct front pdu;
	struct reply reply;
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
	packet_reply(pdu.p, pdu.n, pool, &reply);
	look_at(&reply);
	if (verdict == USM_REPORT)
		usm_learn(&engine, &heard);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool *pool = pool_new();
	struct packet_head head;
	struct reply reply;
	uint8_t *copy;

	if (size > 1 && size <= PACKET_RECEIVE_MOST) {
		copy = mem_copy(data + 1, size - 1);
		if (packet_head(copy, size - 1, &head) && head.version == VERSION_3) {
			open_v3(data[0] % COUNT(said), copy, size - 1, pool);
		} else if (head.pdu != NULL) {
			packet_reply(head.pdu, head.npdu, pool, &reply);
			look_at(&reply);
		}
		free(copy);
	}
	pool_free(pool);
	return 0;
}
