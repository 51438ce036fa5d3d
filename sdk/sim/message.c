/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A datagram, decoded to a question.
 *
 * Strict: every length must end where the one around it ends. SNMPv3 is recognised by its version
 * and left alone. Values of the bindings are skipped: only SET has any, and SET is refused.
 */
#include "sim.h"

static bool
read_bindings(struct reader list, struct message *m)
{
	struct reader binding, value;
	uint8_t tag;

	m->bindings = list.p;
	m->bindings_len = (size_t)(list.end - list.p);
	for (m->count = 0; list.p < list.end; m->count++)
		if (m->count == BINDINGS_MAX || !ber_take(&list, TAG_SEQUENCE, &binding) ||
			!ber_take_oid(&binding, &m->name[m->count]) ||
			!ber_take_any(&binding, &tag, &value) || binding.p != binding.end)
			return false;
	return true;
}

static bool
read_pdu(struct reader pdu, struct message *m)
{
	struct reader list;

	if (!ber_take_int(&pdu, &m->request_id) || !ber_take_int(&pdu, &m->non_repeaters) ||
		!ber_take_int(&pdu, &m->max_repetitions) || !ber_take(&pdu, TAG_SEQUENCE, &list) ||
		pdu.p != pdu.end)
		return false;
	return read_bindings(list, m);
}

static bool
pdu_known(const struct message *m)
{
	return m->pdu == PDU_GET || m->pdu == PDU_GETNEXT || m->pdu == PDU_SET ||
		(m->pdu == PDU_GETBULK && m->version == SNMP_V2C);
}

enum message_kind
message_read(const uint8_t *data, size_t len, struct message *m)
{
	struct reader all = { data, data + len }, msg, community, pdu;

	if (!ber_take(&all, TAG_SEQUENCE, &msg) || all.p != all.end ||
		!ber_take_int(&msg, &m->version))
		return MESSAGE_MALFORMED;
	if (m->version == SNMP_V3)
		return MESSAGE_V3;
	if ((m->version != SNMP_V1 && m->version != SNMP_V2C) ||
		!ber_take(&msg, TAG_OCTETS, &community) || !ber_take_any(&msg, &m->pdu, &pdu) ||
		msg.p != msg.end || !pdu_known(m) || !read_pdu(pdu, m))
		return MESSAGE_MALFORMED;
	m->community = community.p;
	m->community_len = (uint32_t)(community.end - community.p);
	return MESSAGE_OK;
}

const char *
pdu_name(uint8_t pdu)
{
	switch (pdu) {
	case PDU_GET:
		return "GET";
	case PDU_GETNEXT:
		return "GETNEXT";
	case PDU_GETBULK:
		return "GETBULK";
	case PDU_SET:
		return "SET";
	}
	return "?";
}
