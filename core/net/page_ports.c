/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_ports.c - on which of the site's ports a printer has its web server, and
 * how long each may take to open; see page_inside.h.
 */
#include "net/page_inside.h"

#include <stdio.h>
#include <unistd.h>

/* Seconds before one that has no web server is knocked at again: at first, doubling, at most. */
#define SHUT_LEAST 3600
#define SHUT_MOST 86400

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

/* ---- who has none ---- */

/*
 * None of the ports was open.  Of a printer that never had a page that is how it
 * is, not how it is today: the next visits do not knock.
 */
static void
all_shut(struct peer *p)
{
	int64_t wait = SHUT_LEAST;

	for (uint32_t i = 0; i < p->shut && wait < SHUT_MOST; i++)
		wait *= 2;
	p->shut++;
	p->knock_after = clock_wall() + (wait < SHUT_MOST ? wait : SHUT_MOST);
}

bool
page_is_shut(const struct peer *p)
{
	return p->http < 0 && p->shut > 0 && clock_wall() < p->knock_after;
}

void
pages_recall_shut(struct peer *p, const char *value)
{
	unsigned times;
	long long after;

	/* A time further ahead is another clock's. */
	if (sscanf(value, "%4u@%20lld", &times, &after) != 2 || after > clock_wall() + SHUT_MOST)
		return;
	p->shut = times;
	p->knock_after = after;
}

/* ---- port by port ---- */

static void
on_knocked(void *arg, int fd)
{
	struct page *g = arg;

	g->knock = NULL;
	g->opened = fd;
	g->shut += fd < 0;
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
	if (g->shut == pages_of(g)->nports && g->ask->peer->http < 0)
		all_shut(g->ask->peer);
	page_fail(g, PLATEN_ENOANSWER);
}
