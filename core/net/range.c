/* SPDX-License-Identifier: Apache-2.0 */
/*
 * range.c - TARGETs: an address, a name, a CIDR or a-b, each with an optional :port.
 *
 * Looks nothing up and sends nothing; a name stays a name.
 */
#include "net/address.h"
#include "net/net.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Addresses of one range: a /8 of IPv4. */
#define MAX_RANGE (UINT64_C(1) << 24)
/* Bytes of a TARGET: a host name has at most 253. */
#define MAX_TARGET 300

/* The pieces of a TARGET, cut out of a copy of it. */
struct pieces {
	char *host;
	char *end; /* after '-', or NULL */
	char *prefix; /* after '/', or NULL */
	char *port; /* after the last ':', or NULL */
};

static char *
cut(char *s, char at)
{
	char *p = strchr(s, at);

	if (p != NULL)
		*p++ = 0;
	return p;
}

/* "[a]", "[a]-[b]", "[a-b]", "[a/n]", "[a]/n", and a ":port" behind it. */
static bool
pieces_of_v6(char *s, struct pieces *p)
{
	char *rest;

	p->host = s + 1;
	if ((rest = cut(p->host, ']')) == NULL)
		return false;
	p->end = cut(p->host, '-');
	p->prefix = cut(p->host, '/');
	if (*rest == '-' && rest[1] == '[' && p->end == NULL) {
		p->end = rest + 2;
		if ((rest = cut(p->end, ']')) == NULL)
			return false;
	} else if (*rest == '/' && p->prefix == NULL) {
		p->prefix = rest + 1;
		p->port = cut(p->prefix, ':');
		return true;
	}
	if (*rest == ':')
		p->port = rest + 1;
	return *rest == 0 || *rest == ':';
}

/* A name may hold '-' too: only what is an address on both sides is a range. */
static void
pieces_of_v4(char *s, struct pieces *p)
{
	p->host = s;
	p->port = cut(s, ':');
	if (strspn(s, "0123456789.-/") == strlen(s)) {
		p->end = cut(s, '-');
		p->prefix = cut(s, '/');
	} else {
		p->prefix = cut(s, '/');
	}
}

static bool
is_name(const char *s)
{
	size_t n = strlen(s);
	bool letter = false;

	if (n == 0 || n > 253 || s[0] == '-' || s[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (!isalnum(c) && c != '-' && c != '.' && c != '_')
			return false;
		letter |= isalpha(c) != 0;
	}
	return letter;
}

/* last = first with all bits behind the prefix set, first with them cleared. */
static void
spread(struct range *r, uint32_t prefix)
{
	uint32_t bits = r->v6 ? prefix : 96 + prefix;

	for (uint32_t i = 0; i < 16; i++) {
		uint32_t kept = bits > 8 * i ? bits - 8 * i : 0;
		uint8_t mask = (uint8_t)(kept >= 8 ? 0 : 0xFF >> kept);

		r->first[i] &= (uint8_t)~mask;
		r->last[i] = r->first[i] | mask;
	}
	if (!r->v6 && prefix < 31) { /* network and broadcast address */
		r->first[15] |= 1;
		r->last[15] &= 0xFE;
	}
}

static bool
range_addresses(const char *text, const struct pieces *p, struct range *r, struct why *why)
{
	struct address a, b;
	uint32_t prefix;

	if (!address_parse(p->host, 0, &a))
		return why_set(why, "\"%s\": \"%s\" is no IP address; IPv6 is written in brackets",
			text, p->host);
	b = a;
	if (p->end != NULL && (!address_parse(p->end, 0, &b) || a.v6 != b.v6))
		return why_set(why,
			"\"%s\": \"%s\" is no address to end a range with; write both "
			"ends in full, 10.0.0.1-10.0.0.99",
			text, p->end);
	r->v6 = a.v6;
	memcpy(r->first, a.ip, 16);
	memcpy(r->last, b.ip, 16);
	if (p->prefix != NULL) {
		if (p->end != NULL || !text_u32(p->prefix, 0, a.v6 ? 128 : 32, &prefix))
			return why_set(why, "\"%s\": \"/%s\" is no prefix length", text, p->prefix);
		spread(r, prefix);
		memcpy(a.ip, r->first, 16);
		memcpy(b.ip, r->last, 16);
	}
	if (memcmp(r->first, r->last, 16) > 0)
		return why_set(why, "\"%s\" ends before it begins", text);
	if (range_count(r) > MAX_RANGE)
		return why_set(why, "\"%s\" has more than %llu addresses; name smaller ranges",
			text, (unsigned long long)MAX_RANGE);
	if (!address_is_host(&a) || !address_is_host(&b))
		return why_set(why,
			"\"%s\" holds addresses no printer has (0.x, multicast or "
			"broadcast)",
			text);
	return true;
}

static bool
parse(const char *text, char *copy, struct pool *pool, struct range *r, struct why *why)
{
	struct pieces p = { 0 };
	uint32_t port = 0;

	if (copy[0] != '[' && strchr(copy, ':') != strrchr(copy, ':'))
		return why_set(why, "\"%s\": an IPv6 address is written in brackets: [%s]", text,
			text);
	if (copy[0] != '[')
		pieces_of_v4(copy, &p);
	else if (!pieces_of_v6(copy, &p))
		return why_set(why,
			"\"%s\": expected [address], [address]/bits or [a]-[b], with "
			"an optional :port",
			text);
	if (p.port != NULL && !text_u32(p.port, 1, UINT16_MAX, &port))
		return why_set(why, "\"%s\": \"%s\" is no port (1-65535)", text, p.port);
	r->port = (uint16_t)port;
	if (p.end == NULL && p.prefix == NULL && copy[0] != '[' && is_name(p.host)) {
		r->name = pool_string(pool, p.host);
		return true;
	}
	return range_addresses(text, &p, r, why);
}

bool
range_parse(const char *text, struct pool *pool, struct range *r, struct why *why)
{
	char copy[MAX_TARGET];
	size_t n = strlen(text);

	*r = (struct range){ 0 };
	if (n == 0 || n >= sizeof(copy))
		return why_set(why, "\"%.40s\" is no address, name or range of addresses", text);
	memcpy(copy, text, n + 1);
	return parse(text, copy, pool, r, why);
}

/* The last eight bytes; enough, as a range is at most MAX_RANGE long once it is parsed. */
static uint64_t
low64(const uint8_t ip[static 16])
{
	uint64_t v = 0;

	for (int i = 8; i < 16; i++)
		v = v << 8 | ip[i];
	return v;
}

uint64_t
range_count(const struct range *r)
{
	uint64_t n = low64(r->last) - low64(r->first);

	if (r->name != NULL)
		return 0;
	return memcmp(r->first, r->last, 8) != 0 || n == UINT64_MAX ? UINT64_MAX : n + 1;
}

bool
range_has(const struct range *r, bool v6, const uint8_t address[static 16])
{
	return r->name == NULL && r->v6 == v6 && memcmp(address, r->first, 16) >= 0 &&
		memcmp(address, r->last, 16) <= 0;
}
