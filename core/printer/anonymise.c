/* SPDX-License-Identifier: Apache-2.0 */
/* anonymise.c - other names of the same shape; see anonymise.h. */
#include "printer/anonymise.h"

#include <platen/identity.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shorter ones would be found inside innocent words. */
#define LEAST_SECRET 4
#define MAX_SECRETS 64

/* Descriptions of devices that are looked at. */
#define MAX_MODELS 16

struct secret {
	uint8_t *from, *to;
	size_t n;
	bool is_name;
};

struct anonymiser {
	struct secret secrets[MAX_SECRETS];
	uint32_t n;
	/* Many a printer is named after its model, which is no secret and must stay. */
	struct buf models[MAX_MODELS];
	uint32_t nmodels;
};

/* What the objects below an OID hold. */
enum holds {
	HOLDS_SERIAL,
	HOLDS_NAME, /* of a device or a person, or a place */
	HOLDS_MODEL,
	HOLDS_MAC,
	HOLDS_DEVICE_ID /* IEEE 1284: its SN is a secret */
};

static const struct {
	const char *oid;
	enum holds holds;
} secret_objects[] = {
	{ "1.3.6.1.2.1.1.4", HOLDS_NAME }, /* sysContact */
	{ "1.3.6.1.2.1.1.5", HOLDS_NAME }, /* sysName */
	{ "1.3.6.1.2.1.1.6", HOLDS_NAME }, /* sysLocation */
	{ "1.3.6.1.2.1.2.2.1.6", HOLDS_MAC }, /* ifPhysAddress */
	{ "1.3.6.1.2.1.43.5.1.1.4", HOLDS_NAME }, /* prtGeneralCurrentOperator */
	{ "1.3.6.1.2.1.43.5.1.1.5", HOLDS_NAME }, /* prtGeneralServicePerson */
	{ "1.3.6.1.2.1.43.5.1.1.16", HOLDS_NAME }, /* prtGeneralPrinterName */
	{ "1.3.6.1.2.1.43.5.1.1.17", HOLDS_SERIAL }, /* prtGeneralSerialNumber */
	{ "1.3.6.1.4.1.2699.1.2.1.2.1.1.3", HOLDS_DEVICE_ID }, /* ppmPrinterIEEE1284DeviceId */
	{ "1.3.6.1.4.1.11.2.3.9.1.1.7", HOLDS_DEVICE_ID }, /* gdStatusId */
	{ "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.3", HOLDS_SERIAL }, /* HP: serial number */
	{ "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.10", HOLDS_NAME }, /* HP: device name */
	{ "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.11", HOLDS_NAME }, /* HP: location */
	{ "1.3.6.1.4.1.11.2.3.9.4.2.1.1.3.12", HOLDS_NAME }, /* HP: asset number */
	{ "1.3.6.1.4.1.1347.43.5.1.1.28", HOLDS_SERIAL }, /* Kyocera: serial number */
	{ "1.3.6.1.4.1.367.3.2.1.2.1.4", HOLDS_SERIAL }, /* Ricoh: serial number */
	{ "1.3.6.1.4.1.253.8.53.3.2.1.3", HOLDS_SERIAL }, /* Xerox: serial number */
	{ "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.1", HOLDS_SERIAL }, /* Brother: serial number */
	{ "1.3.6.1.2.1.25.3.2.1.3", HOLDS_MODEL }, /* hrDeviceDescr */
};

static bool
goes_on(uint8_t c)
{
	return c >= 0x80 && c <= 0xBF;
}

/* Another character of the same kind; last: it ends a character of several bytes (UTF-8). */
static uint8_t
other(uint8_t c, bool last)
{
	if (last && goes_on(c))
		return (uint8_t)((c & 0xE0) | random_below(32));
	if (isdigit(c))
		return (uint8_t)('0' + random_below(10));
	if (isupper(c))
		return (uint8_t)('A' + random_below(26));
	if (islower(c))
		return (uint8_t)('a' + random_below(26));
	return c;
}

static struct secret *
secret_add(struct anonymiser *a, const uint8_t *from, size_t n)
{
	struct secret *s = &a->secrets[a->n];

	for (uint32_t i = 0; i < a->n; i++)
		if (a->secrets[i].n == n && memcmp(a->secrets[i].from, from, n) == 0)
			return NULL;
	if (a->n == MAX_SECRETS)
		return NULL;
	a->n++;
	s->n = n;
	s->from = mem_copy(from, n);
	s->to = mem_copy(from, n);
	return s;
}

static struct secret *
secret_text(struct anonymiser *a, const uint8_t *text, size_t n)
{
	struct secret *s;

	while (n > 0 && (text[n - 1] == 0 || isspace(text[n - 1])))
		n--;
	while (n > 0 && isspace(*text))
		text++, n--;
	if (n < LEAST_SECRET || (s = secret_add(a, text, n)) == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		s->to[i] = other(s->from[i], i + 1 == n || !goes_on(s->from[i + 1]));
	return s;
}

/* What names nobody would be found in innocent texts. */
static bool
is_name(const uint8_t *text, size_t n)
{
	static const char *const fillings[] = { "none", "null", "unknown", "default", "not set",
		"undefined", "printer" };
	bool letters = false;

	for (size_t i = 0; i < COUNT(fillings); i++)
		if (n == strlen(fillings[i]) &&
			strncasecmp((const char *)text, fillings[i], n) == 0)
			return false;
	for (size_t i = 0; i < n; i++)
		letters = letters || isalpha(text[i]) || text[i] >= 0x80;
	return letters || platen_serial_is_real((const char *)text);
}

static void
secret_name(struct anonymiser *a, const uint8_t *text, size_t n)
{
	struct secret *s = is_name(text, n) ? secret_text(a, text, n) : NULL;

	if (s != NULL)
		s->is_name = true;
}

static void
learn_model(struct anonymiser *a, const struct platen_bind *b)
{
	if (a->nmodels < MAX_MODELS && b->len > 0)
		buf_add(&a->models[a->nmodels++], b->octets, b->len);
}

/* Is it part of what the printer is, and not of whose? */
static bool
is_in_model(const struct anonymiser *a, const struct secret *s)
{
	for (uint32_t i = 0; s->is_name && i < a->nmodels; i++)
		if (memmem(a->models[i].p, a->models[i].n, s->from, s->n) != NULL)
			return true;
	return false;
}

/* A MAC address in one of the ways it is written as text. */
static void
secret_mac_text(struct anonymiser *a, const char *byte, const char *between, const uint8_t *from,
	const uint8_t *to)
{
	char text[2][24] = { "", "" };
	struct secret *s;

	for (int i = 0; i < 6; i++) {
		size_t at = strlen(text[0]);

		snprintf(text[0] + at, sizeof(text[0]) - at, "%s", i ? between : "");
		snprintf(text[1] + at, sizeof(text[1]) - at, "%s", i ? between : "");
		at = strlen(text[0]);
		snprintf(text[0] + at, 3, byte[0] == 'X' ? "%02X" : "%02x", from[i]);
		snprintf(text[1] + at, 3, byte[0] == 'X' ? "%02X" : "%02x", to[i]);
	}
	s = secret_add(a, (const uint8_t *)text[0], strlen(text[0]));
	if (s != NULL)
		memcpy(s->to, text[1], s->n);
}

/* The maker's half stays: it tells who built the interface. */
static void
secret_mac(struct anonymiser *a, const uint8_t *mac)
{
	static const uint8_t none[6];
	static const char *const betweens[] = { ":", "-", "" };
	struct secret *s;

	if (memcmp(mac, none, 6) == 0 || (s = secret_add(a, mac, 6)) == NULL)
		return;
	for (int i = 3; i < 6; i++)
		s->to[i] = (uint8_t)random_below(256);
	for (size_t i = 0; i < COUNT(betweens); i++) {
		secret_mac_text(a, "x", betweens[i], s->from, s->to);
		secret_mac_text(a, "X", betweens[i], s->from, s->to);
	}
}

struct anonymiser *
anonymise_new(const char *address)
{
	struct anonymiser *a = mem_alloc(sizeof(*a));
	unsigned b[4];
	struct secret *s = secret_add(a, (const uint8_t *)address, strlen(address));

	for (size_t i = 0; s != NULL && i < s->n; i++)
		s->to[i] = isdigit(s->from[i]) ? '1' : s->from[i];
	if (sscanf(address, "%3u.%3u.%3u.%3u", &b[0], &b[1], &b[2], &b[3]) == 4) {
		const uint8_t raw[4] = { (uint8_t)b[0], (uint8_t)b[1], (uint8_t)b[2],
			(uint8_t)b[3] };

		if ((s = secret_add(a, raw, 4)) != NULL)
			memcpy(s->to, "\300\000\002\001", 4); /* 192.0.2.1 (RFC 5737) */
	}
	return a;
}

void
anonymise_learn(struct anonymiser *a, const struct platen_bind *b)
{
	char serial[128];
	struct oid oid;

	if (b->type != PLATEN_OCTETS)
		return;
	for (size_t i = 0; i < COUNT(secret_objects); i++) {
		if (!oid_parse(secret_objects[i].oid, &oid) ||
			!oid_below(b->oid.sub, b->oid.n, oid.sub, oid.n))
			continue;
		switch (secret_objects[i].holds) {
		case HOLDS_NAME:
			secret_name(a, b->octets, b->len);
			break;
		case HOLDS_MODEL:
			learn_model(a, b);
			break;
		case HOLDS_SERIAL:
			/* "000000000" names nobody, and would be found in every number. */
			if (platen_serial_is_real((const char *)b->octets))
				secret_text(a, b->octets, b->len);
			break;
		case HOLDS_MAC:
			if (b->len == 6)
				secret_mac(a, b->octets);
			break;
		case HOLDS_DEVICE_ID:
			if (platen_id1284_field((const char *)b->octets, "SN", serial,
				    sizeof(serial)) ||
				platen_id1284_field((const char *)b->octets, "SERN", serial,
					sizeof(serial)))
				secret_text(a, (const uint8_t *)serial, strlen(serial));
			break;
		}
	}
}

void
anonymise_change(const struct anonymiser *a, uint8_t *octets, size_t n)
{
	for (uint32_t i = 0; i < a->n; i++) {
		const struct secret *s = &a->secrets[i];
		uint8_t *at = octets;

		if (is_in_model(a, s))
			continue;
		while ((at = memmem(at, n - (size_t)(at - octets), s->from, s->n)) != NULL) {
			memcpy(at, s->to, s->n);
			at += s->n;
		}
	}
}

void
anonymise_free(struct anonymiser *a)
{
	for (uint32_t i = 0; i < a->n; i++) {
		free(a->secrets[i].from);
		free(a->secrets[i].to);
	}
	for (uint32_t i = 0; i < a->nmodels; i++)
		buf_free(&a->models[i]);
	free(a);
}
