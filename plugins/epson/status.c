/* SPDX-License-Identifier: Apache-2.0 */
/*
 * status.c - Epson's status in its two forms: "@BDC ST2" of ink jets, a row of
 * type, length, data; and the lines of label printers, STX text ETX CR LF.
 *
 * The name of the running job stands in there as well: it is passed over.
 * States and errors are passed over too, the Printer-MIB has them.
 */
#include "status.h"

#include <stdio.h>
#include <string.h>

#define STX 0x02
#define ETX 0x03

static void
status_clear(struct status *s)
{
	memset(s, 0, sizeof(*s));
	s->color = s->mono = s->blank = -1;
}

static void
ink_add(struct status *s, const char *color, int64_t percent)
{
	if (s->ninks < MAX_INKS && color != NULL && percent >= 0 && percent <= 100)
		s->inks[s->ninks++] = (struct ink){ color, percent };
}

static void
box_add(struct status *s, int64_t percent)
{
	if (s->nboxes < MAX_BOXES && percent >= 0 && percent <= 100)
		s->boxes[s->nboxes++] = percent;
}

/* Capital letters and digits: anything else is no serial number of Epson's. */
static void
serial_take(struct status *s, const uint8_t *octets, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", octets[i]) == NULL ||
			octets[i] == '\0')
			return;
	if (len < MAX_SERIAL)
		snprintf(s->serial, sizeof(s->serial), "%.*s", (int)len, (const char *)octets);
}

/* ---- "@BDC ST2" ---- */

static const char head[] = "@BDC ST2\r\n";

enum { ST2_BOXES = 0x0D, ST2_INKS = 0x0F, ST2_COUNTS = 0x36, ST2_SERIAL = 0x40 };

static const char *
ink_color(uint8_t id)
{
	static const char *const colors[] = {
		[0x01] = "black",
		[0x03] = "cyan",
		[0x04] = "magenta",
		[0x05] = "yellow",
		[0x06] = "light-cyan",
		[0x07] = "light-magenta",
		[0x0A] = "light-black",
		[0x0B] = "matte-black",
		[0x0F] = "light-light-black",
		[0x10] = "orange",
		[0x11] = "green",
	};

	return id < sizeof(colors) / sizeof(*colors) ? colors[id] : NULL;
}

/* Records of the length that the first octet says: colour, ink, percent... */
static void
inks_read(struct status *s, const uint8_t *data, uint32_t len)
{
	uint32_t each = len > 0 ? data[0] : 0;

	for (uint32_t at = 1; each >= 3 && at + each <= len; at += each)
		ink_add(s, ink_color(data[at]), data[at + 2]);
}

/* The lowest octet first; all ones: it does not count this. */
static int64_t
count_read(const uint8_t *data, uint32_t which)
{
	const uint8_t *p = data + 4u * which;
	uint32_t n = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
		(uint32_t)p[3] << 24;

	return n > INT32_MAX ? -1 : (int64_t)n;
}

static void
st2_field(struct status *s, uint8_t type, const uint8_t *data, uint32_t len)
{
	switch (type) {
	case ST2_BOXES:
		for (uint32_t i = 0; i < len; i++)
			box_add(s, data[i]);
		break;
	case ST2_INKS:
		inks_read(s, data, len);
		break;
	case ST2_COUNTS:
		if (len != 20)
			break;
		s->color = count_read(data, 2);
		s->mono = count_read(data, 3);
		s->blank = count_read(data, 4);
		break;
	case ST2_SERIAL:
		serial_take(s, data, len);
		break;
	default:
		break;
	}
}

static bool
st2_read(struct status *s, const uint8_t *octets, uint32_t len)
{
	uint32_t at = sizeof(head) - 1 + 2, end;

	if (len < at)
		return false;
	end = at + octets[at - 2] + 256u * octets[at - 1];
	if (end > len)
		return false;
	while (at < end) {
		if (end - at < 2 || octets[at + 1] > end - at - 2)
			return false;
		st2_field(s, octets[at], octets + at + 2, octets[at + 1]);
		at += 2u + octets[at + 1];
	}
	return true;
}

/* ---- lines ---- */

/* Two hexadecimal digits, or -1. */
static int64_t
hex_read(const uint8_t *p)
{
	int64_t n = 0;

	for (int i = 0; i < 2; i++)
		if (p[i] >= '0' && p[i] <= '9')
			n = n * 16 + (p[i] - '0');
		else if (p[i] >= 'A' && p[i] <= 'F')
			n = n * 16 + (p[i] - 'A' + 10);
		else
			return -1;
	return n;
}

static bool
begins(const uint8_t *line, uint32_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

/* "IQ,56,01,01,01": black, cyan, magenta, yellow; "MN,32"; "^S(IMP,S,X7F..." */
static void
line_take(struct status *s, const uint8_t *line, uint32_t len)
{
	static const char *const colors[] = { "black", "cyan", "magenta", "yellow" };
	static const char serial[] = "^S(IMP,S,";

	if (begins(line, len, "IQ,") && len == 14)
		for (uint32_t i = 0; i < 4; i++)
			ink_add(s, colors[i], hex_read(line + 3 + 3 * i));
	else if (begins(line, len, "MN,") && len == 5)
		box_add(s, hex_read(line + 3));
	else if (begins(line, len, serial))
		serial_take(s, line + strlen(serial), len - (uint32_t)strlen(serial));
}

static bool
lines_read(struct status *s, const uint8_t *octets, uint32_t len)
{
	for (uint32_t at = 0; at < len;) {
		const uint8_t *line = octets + at + 1, *end;

		if (octets[at] != STX)
			return false;
		end = memchr(line, ETX, len - at - 1);
		if (end == NULL || octets + len - end < 3 || end[1] != '\r' || end[2] != '\n')
			return false;
		line_take(s, line, (uint32_t)(end - line));
		at = (uint32_t)(end - octets) + 3;
	}
	return len > 0;
}

bool
status_read(const uint8_t *octets, uint32_t len, struct status *s)
{
	bool st2 = begins(octets, len, head);

	status_clear(s);
	if (st2 ? st2_read(s, octets, len) : lines_read(s, octets, len))
		return true;
	status_clear(s);
	return false;
}
