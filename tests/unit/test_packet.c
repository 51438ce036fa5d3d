/* SPDX-License-Identifier: Apache-2.0 */
/* Requests as net-snmp reads them, and answers that are odd, cut off or a lie. */
#include "net/packet.h"

#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 64 /* objects of one request */

static uint32_t dice = 1;

/* Numbers of every length, the same in each run. */
static uint32_t
roll(void)
{
	dice = dice * 1664525u + 1013904223u;
	return dice >> (dice >> 3 & 31);
}

/* ---- writing ---- */

static void
read_back(struct packet *p, const struct request *r, uint32_t id, uint8_t command)
{
	static const long commands[] = { SNMP_MSG_GET, SNMP_MSG_GETNEXT, SNMP_MSG_GETBULK };
	netsnmp_pdu pdu = { 0 };
	struct front all = { p->bytes + p->from, p->n }, message, community;
	uint32_t version, n = 0;

	assert_true(front_enter(&all, TAG_SEQUENCE, &message) && all.n == 0);
	assert_true(front_uint(&message, &version));
	assert_int_equal(version, VERSION_2C);
	assert_true(front_enter(&message, TAG_OCTETS, &community));
	assert_memory_equal(community.p, "public", 6);
	assert_int_equal(snmp_pdu_parse(&pdu, message.p, &message.n), 0);
	assert_int_equal(pdu.command, commands[command]);
	assert_int_equal(pdu.reqid, id);
	assert_int_equal(pdu.errstat, 0);
	assert_int_equal(pdu.errindex, command == REQUEST_BULK ? r->repetitions : 0);
	for (netsnmp_variable_list *v = pdu.variables; v != NULL; v = v->next_variable, n++) {
		assert_int_equal(v->type, ASN_NULL);
		assert_int_equal(v->name_length, r->names[n].oid.n);
		for (size_t i = 0; i < v->name_length; i++)
			assert_int_equal(v->name[i], r->names[n].oid.sub[i]);
	}
	assert_int_equal(n, r->n);
	snmp_free_varbind(pdu.variables);
}

static void
requests_are_read_back(void **state)
{
	uint32_t built = 0;

	(void)state;
	for (uint32_t round = 0; round < 3000; round++) {
		static uint32_t subs[MOST][PLATEN_MAX_SUBIDS];
		struct name names[MOST] = { 0 }, coded[MOST];
		struct request r = { .kind = round % 3, .names = names };
		struct packet packet, other;
		struct pool *pool = pool_new();
		bool fits;
		uint32_t id = roll() & INT32_MAX;

		r.repetitions = r.kind == REQUEST_BULK ? roll() & 0xFFFF : 0;
		r.n = roll() % MOST;
		for (uint32_t i = 0; i < r.n; i++) {
			struct platen_oid *o = &names[i].oid;

			*o = (struct platen_oid){ subs[i], 2 + roll() % (round % 8 ? 14 : 126) };
			subs[i][0] = roll() % 3;
			subs[i][1] = roll() % 40;
			for (uint32_t k = 2; k < o->n; k++)
				subs[i][k] = roll();
			coded[i] = name_of(pool, *o);
			assert_non_null(coded[i].coded);
		}
		fits = packet_build(&r, VERSION_2C, "public", id, &packet);
		r.names = coded;
		assert_int_equal(packet_build(&r, VERSION_2C, "public", id, &other), fits);
		r.names = names;
		if (fits) {
			assert_int_equal(other.n, packet.n);
			assert_memory_equal(other.bytes + other.from, packet.bytes + packet.from,
				packet.n);
			read_back(&packet, &r, id, (uint8_t)r.kind);
		}
		pool_free(pool);
		if (!fits)
			continue;
		built++;
	}
	assert_true(built > 1000);
}

/* Exactly what an Ethernet frame carries, and not a byte more. */
static void
a_request_fills_the_packet_and_no_more(void **state)
{
	static const uint32_t sub[] = { 1, 3, 6, 1 };
	const struct name name = { .oid = { sub, COUNT(sub) } };
	const struct request r = { .kind = REQUEST_GET, .n = 1, .names = &name };
	char community[PACKET_SEND_MOST];
	struct packet packet;
	size_t n = 0;
	bool built = true;

	(void)state;
	for (memset(community, 'c', sizeof(community)); built && n < sizeof(community); n++) {
		community[n] = 0;
		if ((built = packet_build(&r, VERSION_1, community, 1, &packet)))
			assert_true(packet.from + packet.n == PACKET_SEND_MOST);
		else
			assert_true(PACKET_SEND_MOST - 35 < n && n < PACKET_SEND_MOST - 25);
		community[n] = 'c';
	}
	assert_false(built);
}

/* ---- reading ---- */

static uint8_t
digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* A Response with one object, 1.3.6.1, and this for its value, in hex with a blank or none. */
static struct reply
reply_to(const struct request *request, struct pool *pool, const char *value)
{
	uint8_t bytes[64] = { TAG_RESPONSE, 0, 2, 1, 7, 2, 1, 0, 2, 1, 0, 0x30, 0, 0x30, 0, 6, 3,
		0x2B, 6, 1 };
	static struct buf binds;
	uint8_t n = 20;
	struct reply reply;

	for (const char *c = value; *c != 0; c++)
		if (*c != ' ') {
			bytes[n++] = (uint8_t)(digit(c[0]) << 4 | digit(c[1]));
			c++;
		}
	bytes[1] = n - 2;
	bytes[12] = n - 13;
	bytes[14] = n - 15;
	packet_reply(bytes, n, request, pool, &binds, &reply);
	return reply;
}

static struct reply
reply_of(struct pool *pool, const char *value)
{
	static const struct request nothing = { .kind = REQUEST_GET };

	return reply_to(&nothing, pool, value);
}

static void
numbers(void **state)
{
	static const struct {
		const char *value;
		int32_t type;
		int64_t number;
	} cases[] = {
		{ "02 01 05", PLATEN_INTEGER, 5 },
		{ "02 01 fd", PLATEN_INTEGER, -3 },
		{ "02 04 80000000", PLATEN_INTEGER, INT32_MIN },
		{ "02 08 00000000 00000005", PLATEN_INTEGER, 5 },
		{ "02 05 00 fffffffd", PLATEN_INTEGER, 4294967293 }, /* and not -3 */
		{ "02 05 ff 7fffffff", PLATEN_INTEGER, -2147483649 },
		{ "41 05 01 00000007", PLATEN_UNSIGNED, 4294967303 }, /* and not 7 */
		{ "41 04 ffffffff", PLATEN_UNSIGNED, UINT32_MAX }, /* without its zero */
		{ "41 05 00 ffffffff", PLATEN_UNSIGNED, UINT32_MAX },
		{ "41 01 ff", PLATEN_UNSIGNED, 255 },
		{ "42 01 00", PLATEN_UNSIGNED, 0 },
		{ "43 82 0002 0100", PLATEN_UNSIGNED, 256 }, /* a longer length than need be */
		{ "46 08 7fffffff ffffffff", PLATEN_UNSIGNED, INT64_MAX },
		{ "46 09 00 ffffffff ffffffff", PLATEN_UNSIGNED, INT64_MAX },
		{ "47 02 0100", PLATEN_UNSIGNED, 256 },
		{ "05 00", PLATEN_ABSENT, 0 },
		{ "80 00", PLATEN_ABSENT, 0 },
		{ "81 00", PLATEN_ABSENT, 0 },
		{ "82 00", PLATEN_ABSENT, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pool *pool = pool_new();
		struct reply r = reply_of(pool, cases[i].value);

		assert_false(r.broken || r.partial);
		assert_int_equal(r.n, 1);
		assert_int_equal(r.binds[0].oid.n, 4);
		assert_int_equal(r.binds[0].type, cases[i].type);
		assert_int_equal(r.binds[0].number, cases[i].number);
		pool_free(pool);
	}
}

static void
texts_and_identifiers(void **state)
{
	struct pool *pool = pool_new();
	struct reply r = reply_of(pool, "04 03 616263");

	(void)state;
	assert_int_equal(r.binds[0].type, PLATEN_OCTETS);
	assert_int_equal(r.binds[0].len, 3);
	assert_string_equal((const char *)r.binds[0].octets, "abc");
	r = reply_of(pool, "04 00");
	assert_int_equal(r.binds[0].type, PLATEN_OCTETS);
	assert_int_equal(r.binds[0].len, 0);
	r = reply_of(pool, "06 07 88 37 8f ff ff ff 7f");
	assert_int_equal(r.binds[0].type, PLATEN_OBJECT_ID);
	assert_int_equal(r.binds[0].value.n, 3);
	assert_int_equal(r.binds[0].value.sub[0], 2);
	assert_int_equal(r.binds[0].value.sub[1], 999);
	assert_int_equal(r.binds[0].value.sub[2], UINT32_MAX);
	r = reply_of(pool, "44 03 616263");
	assert_int_equal(r.binds[0].type, PLATEN_OCTETS);
	r = reply_of(pool, "44 07 9f 78 04 41480000"); /* a float */
	assert_true(r.partial && !r.broken);
	assert_int_equal(r.binds[0].type, PLATEN_ABSENT);
	pool_free(pool);
}

/* The OID that is waited for is not decoded, another one is. */
static void
likely_names(void **state)
{
	static const uint32_t here[] = { 1, 3, 6, 1 }, there[] = { 1, 3, 6, 2 };
	static const struct platen_oid likely[] = { { here, 4 }, { there, 4 }, { here, 3 }, { 0 } };
	struct request request = { .kind = REQUEST_GET, .n = 1 };

	(void)state;
	for (size_t i = 0; i < COUNT(likely); i++) {
		struct pool *pool = pool_new();
		const struct name name = name_of(pool, likely[i]);
		struct reply r;

		request.likely = &name;
		r = reply_to(&request, pool, "02 01 05");
		assert_int_equal(r.n, 1);
		assert_int_equal(r.binds[0].oid.n, 4);
		assert_memory_equal(r.binds[0].oid.sub, here, sizeof(here));
		assert_int_equal(r.binds[0].oid.sub == here, i == 0);
		pool_free(pool);
	}
}

/* What an OID is written as is what front_oid makes that OID of; what is no OID is not written. */
static void
one_encoding_of_an_oid(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t n, sub[4];
		bool is;
	} cases[] = {
		{ "\x2b\x06\x01", 4, { 1, 3, 6, 1 }, true },
		{ "\x2b\x06\x01\x01", 4, { 1, 3, 6, 1 }, false },
		{ "\x2b\x06", 4, { 1, 3, 6, 1 }, false },
		{ "\x2b\x80\x06\x01", 4, { 1, 3, 6, 1 }, false }, /* longer than need be */
		{ "\x2b\x86\x01", 4, { 1, 3, 6, 1 }, false },
		{ "\x2d", 2, { 0, 45 }, false }, /* 1.5 */
		{ "\x2d", 2, { 1, 5 }, true },
		{ "\x88\x37", 2, { 2, 999 }, true },
		{ "\x01", 2, { 2, UINT32_MAX - 78 }, false }, /* 0.1: more than 32 bits together */
		{ "\x8f\xff\xff\xff\x7f", 2, { 2, UINT32_MAX - 80 }, true },
		{ "\x2b\x8f\xff\xff\xff\x7f", 3, { 1, 3, UINT32_MAX }, true },
		{ "\x2b\x9f\xff\xff\xff\x7f", 3, { 1, 3, UINT32_MAX }, false },
		{ "\x2b\x81\x01", 3, { 1, 3, 129 }, true },
		{ "\x2b\x81", 3, { 1, 3, 129 }, false }, /* cut off */
		{ "", 2, { 0, 0 }, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t n = strlen(cases[i].bytes);
		struct pool *pool = pool_new();
		struct name name = name_of(pool, (struct platen_oid){ cases[i].sub, cases[i].n });
		bool same = name.coded != NULL && name.ncoded == n &&
			memcmp(name.coded, cases[i].bytes, n) == 0;

		if (same != cases[i].is)
			fail_msg("case %zu", i);
		pool_free(pool);
	}
}

/* Nothing of a PDU is believed when a part of it is no value. */
static void
nonsense(void **state)
{
	static const char *const values[] = {
		"",
		"02",
		"02 00", /* a number of no bytes */
		"02 09 00 00000000 00000005",
		"02 02 05", /* longer than there is */
		"02 80 05 00 00", /* a length without end */
		"02 89 0000000000 00000001 05",
		"02 84 ffffffff 05",
		"41 00",
		"46 00",
		"05 00 00", /* something behind the value */
		"46 09 01 ffffffff ffffffff",
		"40 03 7f0000", /* an address of three bytes */
		"03 02 08 00", /* eight bits of a byte are not used */
		"06 01 81", /* cut off */
		"06 06 2b 9f ff ff ff 7f", /* more than 32 bits */
		"1f 01 00",
		"30 00",
		"99 00",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		struct pool *pool = pool_new();
		struct reply r = reply_of(pool, values[i]);

		if (!r.broken || r.n > 0)
			fail_msg("\"%s\" was taken", values[i]);
		pool_free(pool);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_read_back),
		cmocka_unit_test(a_request_fills_the_packet_and_no_more),
		cmocka_unit_test(numbers),
		cmocka_unit_test(texts_and_identifiers),
		cmocka_unit_test(likely_names),
		cmocka_unit_test(one_encoding_of_an_oid),
		cmocka_unit_test(nonsense),
	};

	snmp_disable_log();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
