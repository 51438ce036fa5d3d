/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_ports.c - on which of the site's ports a printer has its web server, and
 * how long each may take to open; see page_inside.h.
 */
#include "net/page_inside.h"

#include <unistd.h>

uint64_t
page_time_left(const struct page *g)
{
	uint64_t now = clock_ms();

	return g->deadline > now ? g->deadline - now : 0;
}

/* A port that swallows everything must leave time for the others. */
uint64_t
page_time_to_connect(const struct page *g)
{
	uint32_t ports = pages_of(g)->nports - (uint32_t)__builtin_popcount(g->tried);

	return page_time_left(g) / (ports + 1) + 1;
}

/* ---- the connection ---- */

/* What a knock has opened, if any, is the connection of the next request. */
static curl_socket_t
on_open(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct page *g = arg;

	(void)purpose;
	return g->opened >= 0 ? g->opened
			      : socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static int
on_opened(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	struct page *g = arg;

	(void)purpose;
	if (fd != g->opened)
		return CURL_SOCKOPT_OK;
	g->opened = -1; /* curl's now */
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

void
page_set_connection(struct page *g)
{
	curl_easy_setopt(g->easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
	curl_easy_setopt(g->easy, CURLOPT_OPENSOCKETDATA, g);
	curl_easy_setopt(g->easy, CURLOPT_SOCKOPTFUNCTION, on_opened);
	curl_easy_setopt(g->easy, CURLOPT_SOCKOPTDATA, g);
}

void
page_hang_up(struct page *g)
{
	if (g->opened >= 0)
		close(g->opened);
	g->opened = -1;
}

/* ---- port by port ---- */

static void
on_knocked(void *arg, int fd)
{
	struct page *g = arg;

	g->knock = NULL;
	g->opened = fd;
	if (fd >= 0)
		page_fetch_port(g);
	else
		page_try_next_port(g);
}

/*
 * Many printers have no web server at all: whether somebody opens is cheaper
 * found out without making a request.  Of whom it is known that he does, it is
 * not asked.
 */
void
page_try_port(struct page *g, uint32_t port)
{
	const struct peer *p = g->ask->peer;
	struct address at = p->address;

	page_hang_up(g);
	g->port = port;
	g->tried |= UINT32_C(1) << port;
	if (p->http == (int)pages_of(g)->place[port] || g->ask->q.kind == ASK_LOGIN) {
		page_fetch_port(g);
		return;
	}
	at.port = pages_of(g)->ports[port].port;
	g->ask->packets++;
	g->knock = knock_begin(p->role->loop, &at, page_time_to_connect(g), on_knocked, g);
}

void
page_try_next_port(struct page *g)
{
	for (uint32_t i = 0; i < pages_of(g)->nports; i++)
		if (!(g->tried >> i & 1)) {
			page_try_port(g, i);
			return;
		}
	page_fail(g, PLATEN_ENOANSWER);
}
