/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet.h - SNMP messages as bytes: what is asked, put together, and what
 * came, taken apart and checked.
 *
 * There is no way to build anything but GET, GETNEXT and GETBULK.  The BER is
 * our own (ber.h): net-snmp's decoder takes a kilobyte of memory for every value.
 * Knows neither printers nor time; SNMPv3's security is in usm.h.
 */
#ifndef PLATEN_PACKET_H
#define PLATEN_PACKET_H

#include "net/ber.h"
#include "printer/pdu.h"

/* The largest message sent: one Ethernet frame without fragments. */
#define PACKET_SEND_MOST 1472
/* The largest message taken; what is longer is dropped and counted. */
#define PACKET_RECEIVE_MOST 16384
enum snmp_version { VERSION_1 = 0, VERSION_2C = 1, VERSION_3 = 3 }; /* as in the message */

/* The head of a message: enough to know whose answer it is. */
struct packet_head {
	enum snmp_version version;
	uint32_t id; /* request-id, of SNMPv3 msgID */
	const uint8_t *community;
	size_t ncommunity;
	uint8_t *pdu; /* of v1 and v2c */
	size_t npdu;
};

/*
 * The message for a request.  0: it does not fit.  It is at out.bytes + out.from.
 */
struct packet {
	uint8_t bytes[PACKET_SEND_MOST];
	size_t from, n;
};
bool packet_build(const struct request *, enum snmp_version, const char *community, uint32_t id,
	struct packet *out);
/* False: no answer to anything of ours.  The bytes must stay while the head is used. */
bool packet_head(uint8_t *p, size_t n, struct packet_head *out);
/*
 * Take a PDU apart: its binds into a buffer that is used again and again, their OIDs and values
 * into memory of the pool; an OID that was likely is the request's.  Always fills out; see broken.
 */
void packet_reply(uint8_t *pdu, size_t n, const struct request *, struct pool *, struct buf *binds,
	struct reply *out);

/* ---- for usm.c ---- */

/* Room for a message, to be written from its end on; then whether all of it fitted. */
struct back packet_begin(struct packet *);
bool packet_end(struct packet *, const struct back *);
void packet_pdu(struct back *, const struct request *, uint32_t id);

enum { TAG_RESPONSE = 0xA2, TAG_REPORT = 0xA8 };

#endif
