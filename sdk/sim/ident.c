/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a printer has for itself: serial number, hardware address, life count.
 *
 * All computed from the capture's value and the printer's number when asked, in the length and
 * shape of the original: a digit stays a digit and a letter a letter of its case. Equal serial
 * numbers in vendor objects and pages change along with prtGeneralSerialNumber. Hardware
 * addresses written out as text, and check digits, are not recomputed.
 */
#include "sim.h"

#include <string.h>

/* A serial number shorter than this would be found by chance in other texts. */
#define SERIAL_MIN 5u

/* Where the serial number stands, the first found counts. The rest are for captures that lack it:
 * HP, Kyocera, Ricoh, Xerox, Lexmark, Samsung, Canon, Pantum, Brother, Epson, Zebra. */
static const char *const serial_columns[] = {
	"1.3.6.1.2.1.43.5.1.1.17",
	"1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3",
	"1.3.6.1.4.1.1347.43.5.1.1.28",
	"1.3.6.1.4.1.367.3.2.1.2.1.4",
	"1.3.6.1.4.1.253.8.53.3.2.1.3",
	"1.3.6.1.4.1.641.2.1.2.1.6",
	"1.3.6.1.4.1.236.11.5.1.1.1.4",
	"1.3.6.1.4.1.236.11.5.11.55.5.1.4",
	"1.3.6.1.4.1.1602.1.2.1.8.1.3.1.1",
	"1.3.6.1.4.1.1602.1.2.1.4",
	"1.3.6.1.4.1.40093.10.1.1.4",
	"1.3.6.1.4.1.40093.6.1.2",
	"1.3.6.1.4.1.40093.1.1.1.5",
	"1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1",
	"1.3.6.1.4.1.1248.1.2.2.1.1.1.5",
	"1.3.6.1.4.1.10642.1.9",
};

static const char mac_column[] = "1.3.6.1.2.1.2.2.1.6";
static const char life_column[] = "1.3.6.1.2.1.43.10.2.1.4";

static struct oid
oid_of(const char *text)
{
	struct oid oid;

	if (!oid_parse(text, text + strlen(text), &oid))
		oid.n = 0;
	return oid;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* How many values the character can take, 1 for those that stay. */
static uint32_t
radix(uint8_t c)
{
	if (is_digit(c))
		return 10;
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ? 26 : 1;
}

/* The serial number as a number in mixed radix, plus n. */
static void
serial_add(uint8_t *serial, uint32_t len, uint64_t n)
{
	while (len-- > 0 && n > 0) {
		uint8_t c = serial[len];
		uint32_t r = radix(c);
		uint8_t zero = is_digit(c) ? '0' : (uint8_t)(c & 0x20 ? 'a' : 'A');
		uint64_t sum;

		if (r == 1)
			continue;
		sum = (uint64_t)(c - zero) + n;
		serial[len] = (uint8_t)(zero + sum % r);
		n = sum / r;
	}
}

uint64_t
ident_room(const struct capture *c)
{
	uint64_t room = 1;

	for (uint32_t i = 0; i < c->serial_len && room < UINT32_MAX; i++)
		room *= radix(c->serial[i]);
	return room;
}

static bool
serial_find_in(struct capture *c, const char *column)
{
	struct oid root = oid_of(column);
	uint32_t at = capture_seek(c, &root, false);

	for (; at < c->count; at++) {
		struct object *o = &c->objects[at];
		uint32_t len = o->len;

		if (!oid_under(object_arcs(c, o), o->arcs, root.arc, root.n))
			return false;
		while (len > 0 && (c->bytes[o->value + len - 1] | 0x20) == ' ')
			len--; /* padding: blanks and NULs */
		if (o->tag != TAG_OCTETS || len == 0)
			continue;
		c->serial = c->bytes + o->value;
		c->serial_len = len;
		if (ident_room(c) > 1)
			return true;
		c->serial = NULL;
	}
	return false;
}

/* Samsung's newer ones say it in sysDescr alone. */
static void
serial_find_in_description(struct capture *c)
{
	static const char before[] = "S/N ";
	struct oid descr = oid_of("1.3.6.1.2.1.1.1");
	uint32_t i = capture_seek(c, &descr, false);
	uint8_t *at, *end;

	if (i >= c->count || c->objects[i].tag != TAG_OCTETS)
		return;
	end = c->bytes + c->objects[i].value + c->objects[i].len;
	at = memmem(end - c->objects[i].len, c->objects[i].len, before, strlen(before));
	if (at == NULL)
		return;
	c->serial = at + strlen(before);
	while (c->serial + c->serial_len < end && radix(c->serial[c->serial_len]) > 1)
		c->serial_len++;
	if (c->serial_len < SERIAL_MIN)
		c->serial = NULL;
}

static bool
holds_serial(const struct capture *c, const struct object *o)
{
	if (c->serial == NULL || o->tag != TAG_OCTETS)
		return false;
	if (c->bytes + o->value == c->serial)
		return true;
	return c->serial_len >= SERIAL_MIN &&
		memmem(c->bytes + o->value, o->len, c->serial, c->serial_len) != NULL;
}

/* A hardware address of nothing but zeros is a quirk worth keeping. */
static bool
is_mac(const struct capture *c, const struct object *o)
{
	static const uint8_t zeros[8];

	return o->tag == TAG_OCTETS && (o->len == 6 || o->len == 8) &&
		memcmp(c->bytes + o->value, zeros, o->len) != 0;
}

void
ident_mark(struct capture *c)
{
	struct oid mac = oid_of(mac_column), life = oid_of(life_column);

	for (size_t i = 0; i < sizeof serial_columns / sizeof *serial_columns; i++)
		if (serial_find_in(c, serial_columns[i]))
			break;
	if (c->serial == NULL)
		serial_find_in_description(c);
	for (uint32_t i = 0; i < c->count; i++) {
		struct object *o = &c->objects[i];
		const uint32_t *arcs = object_arcs(c, o);

		if (holds_serial(c, o))
			o->marks |= MARK_SERIAL;
		if (oid_under(arcs, o->arcs, mac.arc, mac.n) && is_mac(c, o))
			o->marks |= MARK_MAC;
		if (oid_under(arcs, o->arcs, life.arc, life.n) && ber_is_number(o->tag))
			o->marks |= MARK_LIFE;
	}
}

void
ident_overwrite(const struct printer *p, uint8_t *data, size_t len)
{
	const struct capture *c = p->capture;
	uint8_t *end = data + len, *at = data;

	if (p->number == 0 || c->serial == NULL)
		return;
	while ((at = memmem(at, (size_t)(end - at), c->serial, c->serial_len)) != NULL) {
		serial_add(at, c->serial_len, p->number);
		at += c->serial_len;
	}
}

/* An odd factor spreads the numbers over the last three octets without two meeting. */
static void
mac_add(uint8_t *last3, uint64_t n)
{
	uint32_t v = (uint32_t)last3[0] << 16 | (uint32_t)last3[1] << 8 | last3[2];

	v += (uint32_t)n * 0x9e3779b1u;
	last3[0] = (uint8_t)(v >> 16);
	last3[1] = (uint8_t)(v >> 8);
	last3[2] = (uint8_t)v;
}

static bool
life_moves(const struct sim *sim, const struct printer *p)
{
	return sim->grow != 0 || p->fault[FAULT_BACK_COUNT] != NULL;
}

static int64_t
life_now(const struct sim *sim, const struct printer *p, int64_t captured)
{
	const struct fault *back = p->fault[FAULT_BACK_COUNT];
	double seconds = (double)sim->now_ms / 1000;

	if (back != NULL && seconds >= back->number) {
		captured = 10;
		seconds -= back->number;
	}
	return captured + (int64_t)(sim->grow * seconds / 60);
}

struct value
ident_value(struct sim *sim, const struct printer *p, const struct object *o)
{
	static uint8_t own[VALUE_MAX];
	struct value v = { o->tag, o->len, p->capture->bytes + o->value };

	if ((o->marks & MARK_LIFE) && life_moves(sim, p)) {
		uint64_t life = (uint64_t)life_now(sim, p, ber_number(&v));

		/* Counter32 turns over at 2^32, Integer32 one bit earlier. */
		if (o->tag != TAG_COUNTER64)
			life &= o->tag == TAG_INTEGER ? INT32_MAX : UINT32_MAX;
		v.len = ber_uint_content(life, own);
		v.data = own;
	}
	if (p->number != 0 && (o->marks & (MARK_SERIAL | MARK_MAC))) {
		memcpy(own, v.data, v.len);
		v.data = own;
		if (o->marks & MARK_SERIAL)
			ident_overwrite(p, own, v.len);
		if (o->marks & MARK_MAC)
			mac_add(own + v.len - 3, p->number);
	}
	return v;
}
