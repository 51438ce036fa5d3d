/* SPDX-License-Identifier: Apache-2.0 */
/* address.c - addresses as text, as bytes and as the kernel wants them. */
#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

bool
address_parse(const char *text, uint16_t port, struct address *out)
{
	struct address a = { .port = port };

	a.v6 = strchr(text, ':') != NULL;
	if (inet_pton(a.v6 ? AF_INET6 : AF_INET, text, a.v6 ? a.ip : a.ip + 12) != 1)
		return false;
	*out = a;
	return true;
}

void
address_format(const struct address *a, char out[static ADDRESS_TEXT])
{
	inet_ntop(a->v6 ? AF_INET6 : AF_INET, a->v6 ? a->ip : a->ip + 12, out, ADDRESS_TEXT);
}

bool
address_equal(const struct address *a, const struct address *b)
{
	return a->v6 == b->v6 && a->port == b->port && memcmp(a->ip, b->ip, sizeof(a->ip)) == 0;
}

uint32_t
address_hash(const struct address *a)
{
	uint32_t h = 2166136261u ^ a->port;

	for (size_t i = 0; i < sizeof(a->ip); i++)
		h = (h ^ a->ip[i]) * 16777619u;
	return h;
}

bool
address_is_host(const struct address *a)
{
	static const uint8_t zero[16];

	if (a->v6)
		return a->ip[0] != 0xFF && memcmp(a->ip, zero, sizeof(zero)) != 0;
	return a->ip[12] != 0 && a->ip[12] < 224;
}

socklen_t
address_to_socket(const struct address *a, struct sockaddr_storage *out)
{
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
	struct sockaddr_in *four = (struct sockaddr_in *)out;

	memset(out, 0, sizeof(*out));
	if (a->v6) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(a->port);
		memcpy(&six->sin6_addr, a->ip, 16);
		return sizeof(*six);
	}
	four->sin_family = AF_INET;
	four->sin_port = htons(a->port);
	memcpy(&four->sin_addr, a->ip + 12, 4);
	return sizeof(*four);
}

bool
address_from_socket(const struct sockaddr_storage *s, struct address *out)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)s;
	const struct sockaddr_in *four = (const struct sockaddr_in *)s;

	*out = (struct address){ .v6 = s->ss_family == AF_INET6 };
	if (out->v6) {
		out->port = ntohs(six->sin6_port);
		memcpy(out->ip, &six->sin6_addr, 16);
	} else if (s->ss_family == AF_INET) {
		out->port = ntohs(four->sin_port);
		memcpy(out->ip + 12, &four->sin_addr, 4);
	} else {
		return false;
	}
	return true;
}
