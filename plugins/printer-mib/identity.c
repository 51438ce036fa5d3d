/* SPDX-License-Identifier: Apache-2.0 */
/* identity.c - who the printer is: badge, model, serial number, firmware, MAC address. */
#include "mib.h"

#include <platen/identity.h>
#include <platen/text.h>

#include <ctype.h>
#include <string.h>

/* The six octets of an address, also where it is written out: "00:11:22:33:44:55". */
static bool
mac_octets(const struct cell *c, uint8_t mac[static 6])
{
	uint32_t digits = 0;

	if (c->type != PLATEN_OCTETS)
		return false;
	if (c->len == 6) {
		memcpy(mac, c->octets, 6);
		return true;
	}
	for (uint32_t i = 0; i < c->len; i++) {
		int ch = tolower(c->octets[i]), digit;

		if (ch == '\0' || strchr(":-. ", ch) != NULL)
			continue;
		if (!isxdigit(ch) || digits == 12)
			return false;
		digit = isdigit(ch) ? ch - '0' : ch - 'a' + 10;
		mac[digits / 2] = (uint8_t)(mac[digits / 2] << 4 | digit);
		digits++;
	}
	return digits == 12;
}

static bool
is_lan(int64_t type)
{
	switch (type) {
	case 0: /* not told */
	case 6: /* ethernetCsmacd */
	case 7: /* iso88023Csmacd */
	case 62: /* fastEther */
	case 71: /* ieee80211 */
	case 117: /* gigabitEthernet */
		return true;
	default:
		return false;
	}
}

/* How much an interface's address says who the printer is; 0: nothing. */
static int
mac_worth(const struct row *r, uint8_t mac[static 6])
{
	static const uint8_t none[6], broken[6] = { 255, 255, 255, 255, 255, 255 };

	if (!is_lan(cell_number_or(&r->cells[IF_TYPE], 0)) ||
		!mac_octets(&r->cells[IF_ADDRESS], mac) || memcmp(mac, none, 6) == 0 ||
		memcmp(mac, broken, 6) == 0 || mac[0] & 1)
		return 0;
	return 1 + (mac[0] & 2 ? 0 : 2) /* given by the maker, not made up for Wi-Fi Direct */
		+ (cell_number_or(&r->cells[IF_STATUS], 0) == 1); /* up */
}

static void
mac_write(const uint8_t mac[static 6], char text[static 18])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 6; i++) {
		text[3 * i] = digits[mac[i] >> 4];
		text[3 * i + 1] = digits[mac[i] & 15];
		text[3 * i + 2] = i < 5 ? ':' : '\0';
	}
}

static void
mac_report(const struct mib *m)
{
	const struct table *t = &m->tables[INTERFACES];
	char text[18] = "";
	int best = 0;

	for (uint32_t i = 0; i < t->n; i++) {
		uint8_t a[6] = { 0 };
		int worth = mac_worth(&t->rows[i], a);

		if (worth <= best)
			continue;
		best = worth;
		mac_write(a, text);
	}
	say_text(m, "device.mac", NULL, text);
}

void
identity_report(struct mib *m)
{
	char text[MAX_LINE];

	platen_identity_manufacturer(&m->device, text, sizeof(text));
	say_text(m, "device.manufacturer", NULL, text);
	m->fallback = strcmp(text, "HP") == 0 || strcmp(text, "Brother") == 0
		? PLATEN_CHARSET_ROMAN8
		: PLATEN_CHARSET_LATIN1;
	platen_identity_model(&m->device, text, sizeof(text));
	say_text(m, "device.model", NULL, text);
	platen_identity_firmware(&m->device, text, sizeof(text));
	say_text(m, "device.firmware", NULL, text);
	if (!cell_text(m, &m->scalars[SERIAL], text) || !platen_serial_is_real(text))
		platen_identity_serial(&m->device, text, sizeof(text));
	say_text(m, "device.serial", NULL, text);
	mac_report(m);
}
