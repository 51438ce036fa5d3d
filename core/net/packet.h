/* SPDX-License-Identifier: Apache-2.0 */
/*
 * packet.h - SNMP messages as bytes: what is asked, put together, and what
 * came, taken apart and checked.
 *
 * net-snmp's encoders and decoders do the BER; its sessions, sockets, MIBs and
 * files are not used.  There is no way to build anything but GET, GETNEXT and
 * GETBULK.  Knows neither printers nor time; SNMPv3's security is in usm.h.
 */
#ifndef PLATEN_PACKET_H
#define PLATEN_PACKET_H

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
/* Take a PDU apart into memory of the pool.  Always fills out; see broken. */
void packet_reply(uint8_t *pdu, size_t n, struct pool *, struct reply *out);

/* ---- for usm.c: BER written from the end of a message to its beginning ---- */

struct back {
	struct packet *to;
	size_t used; /* bytes at the end */
	bool full;
};
void back_int(struct back *, uint32_t);
void back_octets(struct back *, const void *p, size_t n);
void back_wrap(struct back *, uint8_t tag, size_t since); /* a head for what was written since */
void back_pdu(struct back *, const struct request *, uint32_t id);
bool back_done(struct back *);

/* ... and read: false when what is there is something else. */
struct front {
	uint8_t *p;
	size_t n;
};
bool front_enter(struct front *, uint8_t tag, struct front *inside);
bool front_uint(struct front *, uint32_t *out); /* 0..2^31-1 */

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_SEQUENCE = 0x30,
	TAG_RESPONSE = 0xA2,
	TAG_REPORT = 0xA8
};

#endif
