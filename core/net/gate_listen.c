/* SPDX-License-Identifier: Apache-2.0 */
/* gate_listen.c - binds what [gateway] names; see gate_listen.h.  Reads nothing. */
#include "net/gate_listen.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BACKLOG 512

/* "127.0.0.1:8443", "[::]:443" */
static bool
parse(const char *text, struct address *out)
{
	const char *colon = strrchr(text, ':');
	char host[ADDRESS_TEXT];
	bool bracket = text[0] == '[';
	uint32_t port;

	if (colon == NULL || !text_u32(colon + 1, 0, UINT16_MAX, &port) ||
		(size_t)(colon - text) >= sizeof(host))
		return false;
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text) - 2 * bracket, text + bracket);
	return address_parse(host, (uint16_t)port, out);
}

static int
bound(const struct address *a, int type)
{
	struct sockaddr_storage to;
	socklen_t n = address_to_socket(a, &to);
	int one = 1, fd = socket(to.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	/* Each family has its own address in the INI; a restart finds the port free. */
	if ((a->v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)) != 0) ||
		(type == SOCK_STREAM &&
			setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) != 0) ||
		bind(fd, (struct sockaddr *)&to, n) != 0 ||
		(type == SOCK_STREAM && listen(fd, BACKLOG) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Where it is in truth: port 0 became another. */
static void
say_where(struct gate *g, enum gate_how how, int fd)
{
	struct sockaddr_storage at = { 0 };
	socklen_t n = sizeof(at);
	struct address a;
	char text[ADDRESS_TEXT], where[ADDRESS_TEXT + 10];
	size_t begun;

	if (getsockname(fd, (struct sockaddr *)&at, &n) != 0 || !address_from_socket(&at, &a))
		return;
	address_format(&a, text);
	snprintf(where, sizeof(where), a.v6 ? "[%s]:%u" : "%s:%u", text, a.port);
	begun = wire_begin(&g->pipe.out, MSG_GATE_LISTENING);
	wire_u64(&g->pipe.out, how);
	wire_text(&g->pipe.out, where);
	wire_end(&g->pipe.out, begun);
}

/* By enum gate_how. */
static const struct {
	int type;
	bool (*open)(struct gate *, enum gate_how, int fd, struct why *);
} kinds[] = {
	[GATE_HTTPS] = { SOCK_STREAM, gate_web_open },
	[GATE_HTTP] = { SOCK_STREAM, gate_web_open },
	[GATE_TCP] = { SOCK_STREAM, gate_tcp_open },
	[GATE_UDP] = { SOCK_DGRAM, gate_udp_open },
};

bool
gate_listen(struct gate *g, struct why *why)
{
	for (uint32_t i = 0; i < g->settings.nlisten; i++) {
		const struct gate_listen *l = &g->settings.listen[i];
		struct address a;
		int fd;

		if (!parse(l->address, &a) || (fd = bound(&a, kinds[l->how].type)) < 0)
			return why_set(why, "[gateway] %s: cannot listen at %s: %s",
				gate_how_word(l->how), l->address, strerror(errno));
		if (!kinds[l->how].open(g, l->how, fd, why)) {
			close(fd);
			return false;
		}
		say_where(g, l->how, fd);
	}
	return true;
}
