/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a printer has for itself: serial number, hardware address, life count.
 *
 * All computed from the capture's value and the printer's number when asked, in the length and
 * shape of the original: a digit stays a digit and a letter a letter of its case. Equal serial
 * numbers in vendor objects and pages change along with prtGeneralSerialNumber. Hardware
 * addresses in other objects than ifPhysAddress, and check digits, are not recomputed.
 */
#include "sim.h"

#include <string.h>

/* A serial number shorter than this would be found by chance in other texts. */
#define SERIAL_MIN 5u

/* Where the serial number stands: all of a value, or the letters and digits after something. The
 * first found counts. */
static const struct {
	const char *column, *after;
} serial_places[] = {
	{ "1.3.6.1.2.1.43.5.1.1.17", "" }, /* prtGeneralSerialNumber */
	{ "1.3.6.1.2.1.1.1", "S/N " }, /* sysDescr of Samsung's newer ones */
	{ "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3", "" }, /* HP */
	{ "1.3.6.1.4.1.1347.43.5.1.1.28", "" }, /* Kyocera */
	{ "1.3.6.1.4.1.367.3.2.1.2.1.4", "" }, /* Ricoh */
	{ "1.3.6.1.4.1.253.8.53.3.2.1.3", "" }, /* Xerox */
	{ "1.3.6.1.4.1.641.2.1.2.1.6", "" }, /* Lexmark */
	{ "1.3.6.1.4.1.236.11.5.1.1.1.4", "" }, /* Samsung */
	{ "1.3.6.1.4.1.236.11.5.11.55.5.1.4", "" }, /* Samsung */
	{ "1.3.6.1.4.1.1602.1.2.1.8.1.3.1.1", "" }, /* Canon */
	{ "1.3.6.1.4.1.1602.1.2.1.4", "" }, /* Canon */
	{ "1.3.6.1.4.1.2001.1.1.1.1.11.1.10.45", "" }, /* OKI */
	{ "1.3.6.1.4.1.40093.10.1.1.4", "" }, /* Pantum */
	{ "1.3.6.1.4.1.40093.6.1.2", "" }, /* Pantum */
	{ "1.3.6.1.4.1.40093.1.1.1.5", "" }, /* Pantum */
	{ "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1", "" }, /* Brother */
	{ "1.3.6.1.4.1.1248.1.2.2.1.1.1.5", "" }, /* Epson */
	{ "1.3.6.1.4.1.1248.1.2.2.1.1.1.4", "\x40\x0a" }, /* Epson: in its status, with length */
	{ "1.3.6.1.4.1.10642.1.9", "" }, /* Zebra */
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

/* "XXXXXXXXXX" is what somebody put there who had none. */
static bool
is_placeholder(const uint8_t *serial, uint32_t len)
{
	return memcmp(serial, serial + 1, len - 1) == 0;
}

/* All of a value without its padding: blanks and NULs. */
static uint32_t
serial_length(const uint8_t *at, uint32_t len)
{
	while (len > 0 && (at[len - 1] | 0x20) == ' ')
		len--;
	return len;
}

static uint32_t
word_length(const uint8_t *at, const uint8_t *end)
{
	uint32_t len = 0;

	while (at + len < end && radix(at[len]) > 1)
		len++;
	return len < SERIAL_MIN ? 0 : len;
}

/* False: this value does not hold it. */
static bool
serial_take(struct capture *c, const struct object *o, const char *after)
{
	uint8_t *at = c->bytes + o->value, *end = at + o->len;
	uint32_t len;

	if (o->tag != TAG_OCTETS)
		return false;
	at = memmem(at, o->len, after, strlen(after));
	if (at == NULL)
		return false;
	at += strlen(after);
	len = *after == 0 ? serial_length(at, o->len) : word_length(at, end);
	if (len == 0 || is_placeholder(at, len))
		return false;
	c->serial = at;
	c->serial_len = len;
	if (ident_room(c) > 1)
		return true;
	c->serial = NULL;
	c->serial_len = 0;
	return false;
}

static bool
serial_find_in(struct capture *c, const char *column, const char *after)
{
	struct oid root = oid_of(column);
	uint32_t at = capture_seek(c, &root, false);

	for (; at < c->count; at++) {
		struct object *o = &c->objects[at];

		if (!oid_under(object_arcs(c, o), o->arcs, root.arc, root.n))
			return false;
		if (serial_take(c, o, after))
			return true;
	}
	return false;
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

/* Some write it out: 00:11:22:33:44:55. */
#define MAC_TEXT_LEN 17u

static bool
is_mac_text(const uint8_t *at, uint32_t len)
{
	for (uint32_t i = 0; len == MAC_TEXT_LEN && i < len; i++)
		if (i % 3 == 2 ? at[i] != ':' && at[i] != '-' : hex_digit((char)at[i]) < 0)
			return false;
	return len == MAC_TEXT_LEN;
}

/* A hardware address of nothing but zeros is a quirk worth keeping. */
static bool
is_mac(const struct capture *c, const struct object *o)
{
	static const uint8_t zeros[8];
	const uint8_t *at = c->bytes + o->value;

	if (o->tag != TAG_OCTETS)
		return false;
	if (o->len == 6 || o->len == 8)
		return memcmp(at, zeros, o->len) != 0;
	return is_mac_text(at, o->len);
}

void
ident_mark(struct capture *c)
{
	struct oid mac = oid_of(mac_column), life = oid_of(life_column);

	for (size_t i = 0; i < sizeof serial_places / sizeof *serial_places; i++)
		if (serial_find_in(c, serial_places[i].column, serial_places[i].after))
			break;
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
static uint32_t
mac_last(uint32_t last, uint64_t n)
{
	return (last + (uint32_t)n * 0x9e3779b1u) & 0xffffff;
}

static void
mac_add(uint8_t *last3, uint64_t n)
{
	uint32_t v = mac_last((uint32_t)last3[0] << 16 | (uint32_t)last3[1] << 8 | last3[2], n);

	last3[0] = (uint8_t)(v >> 16);
	last3[1] = (uint8_t)(v >> 8);
	last3[2] = (uint8_t)v;
}

/* The same for the last three of a text; digits become capitals. */
static void
mac_text_add(uint8_t *text, uint64_t n)
{
	static const char digits[] = "0123456789ABCDEF";
	static const uint8_t at[] = { 9, 10, 12, 13, 15, 16 };
	uint32_t v = 0;

	for (size_t i = 0; i < sizeof at; i++)
		v = v << 4 | (uint32_t)hex_digit((char)text[at[i]]);
	v = mac_last(v, n);
	for (size_t i = sizeof at; i-- > 0; v >>= 4)
		text[at[i]] = (uint8_t)digits[v & 15];
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
		if ((o->marks & MARK_MAC) && v.len == MAC_TEXT_LEN)
			mac_text_add(own, p->number);
		else if (o->marks & MARK_MAC)
			mac_add(own + v.len - 3, p->number);
	}
	return v;
}
