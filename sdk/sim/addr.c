/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses and ranges of them, IPv4 and IPv6 as one 128-bit number.
 *
 * Does not resolve names: a simulator that needs DNS would not be a test.
 */
#include "sim.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define V4_MAPPED 0x0000ffff00000000ull

int
addr_cmp(struct addr a, struct addr b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

bool
addr_is_v4(struct addr a)
{
	return a.hi == 0 && a.lo >> 32 == V4_MAPPED >> 32;
}

struct addr
addr_add(struct addr a, uint32_t n)
{
	struct addr sum = { a.hi, a.lo + n };

	if (sum.lo < a.lo)
		sum.hi++;
	return sum;
}

struct addr
addr_of_v4(struct in_addr in)
{
	return (struct addr){ 0, V4_MAPPED | ntohl(in.s_addr) };
}

struct addr
addr_of_v6(const struct in6_addr *in)
{
	struct addr a = { 0, 0 };

	for (int i = 0; i < 8; i++) {
		a.hi = a.hi << 8 | in->s6_addr[i];
		a.lo = a.lo << 8 | in->s6_addr[8 + i];
	}
	return a;
}

struct addr
addr_of_sockaddr(const struct sockaddr_storage *ss)
{
	if (ss->ss_family == AF_INET)
		return addr_of_v4(((const struct sockaddr_in *)ss)->sin_addr);
	return addr_of_v6(&((const struct sockaddr_in6 *)ss)->sin6_addr);
}

struct in_addr
addr_to_v4(struct addr a)
{
	return (struct in_addr){ htonl((uint32_t)a.lo) };
}

struct in6_addr
addr_to_v6(struct addr a)
{
	struct in6_addr out;

	for (int i = 7; i >= 0; i--, a.hi >>= 8, a.lo >>= 8) {
		out.s6_addr[i] = (uint8_t)a.hi;
		out.s6_addr[8 + i] = (uint8_t)a.lo;
	}
	return out;
}

struct addr_text
addr_text(struct addr a)
{
	struct addr_text text = { "?" };
	struct in_addr v4 = addr_to_v4(a);
	struct in6_addr v6 = addr_to_v6(a);

	if (addr_is_v4(a))
		inet_ntop(AF_INET, &v4, text.s, sizeof text.s);
	else
		inet_ntop(AF_INET6, &v6, text.s, sizeof text.s);
	return text;
}

const char *
endpoint_text(const struct sockaddr_storage *ss, char *buf, size_t cap)
{
	struct addr_text a = addr_text(addr_of_sockaddr(ss));

	if (ss->ss_family == AF_INET)
		snprintf(buf, cap, "%s:%d", a.s, ntohs(((const struct sockaddr_in *)ss)->sin_port));
	else
		snprintf(buf, cap, "[%s]:%d", a.s,
			ntohs(((const struct sockaddr_in6 *)ss)->sin6_port));
	return buf;
}

/* One address, the IPv6 one with or without brackets. */
static bool
addr_parse(const char *text, size_t len, struct addr *out)
{
	char copy[INET6_ADDRSTRLEN + 2];
	struct in_addr v4;
	struct in6_addr v6;

	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= sizeof copy)
		return false;
	memcpy(copy, text, len);
	copy[len] = '\0';
	if (inet_pton(AF_INET, copy, &v4) == 1)
		*out = addr_of_v4(v4);
	else if (inet_pton(AF_INET6, copy, &v6) == 1)
		*out = addr_of_v6(&v6);
	else
		return false;
	return true;
}

/* Widens a one-address range to the network of `bits` around it. */
static bool
range_widen(struct range *r, const char *bits_text, const char **why)
{
	char *end;
	long bits = strtol(bits_text, &end, 10);
	long width = addr_is_v4(r->from) ? 32 : 128;
	uint64_t host;

	*why = "the prefix length is not a number that fits the address family";
	if (end == bits_text || *end != '\0' || bits < 0 || bits > width)
		return false;
	*why = "the network is too large (at most 2^32 addresses)";
	if (width - bits > 32)
		return false;
	host = (1ull << (width - bits)) - 1;
	r->from.lo &= ~host;
	r->to = r->from;
	r->to.lo |= host;
	return true;
}

bool
range_parse(const char *text, struct range *out, const char **why)
{
	size_t head = strcspn(text, "-/");
	const char *tail = text + head;

	*why = "it is not an IPv4 or IPv6 address";
	if (!addr_parse(text, head, &out->from))
		return false;
	out->to = out->from;
	out->first = 0;
	if (*tail == '/')
		return range_widen(out, tail + 1, why);
	if (*tail == '\0')
		return true;
	*why = "the end of the range is not an IPv4 or IPv6 address";
	if (!addr_parse(tail + 1, strlen(tail + 1), &out->to))
		return false;
	*why = "the end of the range is of another family or before its start";
	return addr_is_v4(out->from) == addr_is_v4(out->to) && out->from.hi == out->to.hi &&
		addr_cmp(out->from, out->to) <= 0;
}

uint64_t
range_count(const struct range *r)
{
	uint64_t span = r->to.lo - r->from.lo;

	return span == UINT64_MAX ? span : span + 1;
}

bool
range_has(const struct range *r, struct addr a)
{
	return addr_cmp(r->from, a) <= 0 && addr_cmp(a, r->to) <= 0;
}
