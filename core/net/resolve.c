/* SPDX-License-Identifier: Apache-2.0 */
/*
 * resolve.c - c-ares on the role's loop; see resolve.h.
 *
 * /etc/resolv.conf is read once, before the role closes itself in.
 */
#include "net/resolve.h"

#include <ares.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* What one name may take, ms for a try. */
#define TRY_MS 2000
#define TRIES 2

/* A socket c-ares waits for. */
struct socket {
	struct socket *next;
	struct resolver *resolver;
	int fd;
	uv_poll_t poll;
};

struct resolver {
	uv_loop_t *loop;
	ares_channel channel;
	uv_timer_t timer;
	struct socket *sockets;
	bool usable, closing;
	uint32_t open; /* handles not closed yet */
};

struct name {
	struct resolver *resolver;
	resolve_fn *fn;
	void *arg;
};

static void
handle_closed(struct resolver *v)
{
	if (--v->open == 0)
		free(v);
}

static void
on_socket_closed(uv_handle_t *handle)
{
	struct socket *s = handle->data;

	handle_closed(s->resolver);
	free(s);
}

static void
on_timer_closed(uv_handle_t *handle)
{
	handle_closed(handle->data);
}

static void on_timer(uv_timer_t *);

static void
set_timer(struct resolver *v)
{
	struct timeval tv, *wait;

	if (v->closing)
		return;
	wait = ares_timeout(v->channel, NULL, &tv);
	if (wait == NULL)
		uv_timer_stop(&v->timer);
	else
		uv_timer_start(&v->timer, on_timer,
			(uint64_t)wait->tv_sec * 1000 + (uint64_t)wait->tv_usec / 1000 + 1, 0);
}

static void
on_timer(uv_timer_t *timer)
{
	struct resolver *v = timer->data;

	ares_process_fd(v->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	set_timer(v);
}

static void
on_socket(uv_poll_t *poll, int status, int events)
{
	struct socket *s = poll->data;
	struct resolver *v = s->resolver;
	int fd = s->fd;

	if (status < 0)
		events = UV_READABLE | UV_WRITABLE;
	ares_process_fd(v->channel, events & UV_READABLE ? fd : ARES_SOCKET_BAD,
		events & UV_WRITABLE ? fd : ARES_SOCKET_BAD);
	set_timer(v);
}

static void
forget_socket(struct socket **at)
{
	struct socket *s = *at;

	*at = s->next;
	uv_poll_stop(&s->poll);
	uv_close((uv_handle_t *)&s->poll, on_socket_closed);
}

/* c-ares says which of its sockets it waits for, and for what. */
static void
on_interest(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct resolver *v = arg;
	struct socket **at = &v->sockets, *s;

	while (*at != NULL && (*at)->fd != fd)
		at = &(*at)->next;
	if (!readable && !writable) {
		if (*at != NULL)
			forget_socket(at);
		return;
	}
	if ((s = *at) == NULL) {
		s = mem_alloc(sizeof(*s));
		s->resolver = v;
		s->fd = fd;
		uv_poll_init(v->loop, &s->poll, fd);
		s->poll.data = s;
		v->open++;
		*at = s;
	}
	uv_poll_start(&s->poll, (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0),
		on_socket);
}

struct resolver *
resolver_open(uv_loop_t *loop)
{
	struct resolver *v = mem_alloc(sizeof(*v));
	struct ares_options options = {
		.timeout = TRY_MS,
		.tries = TRIES,
		.sock_state_cb = on_interest,
		.sock_state_cb_data = v,
	};

	v->loop = loop;
	v->usable = ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS &&
		ares_init_options(&v->channel, &options,
			ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB) ==
			ARES_SUCCESS;
	uv_timer_init(loop, &v->timer);
	v->timer.data = v;
	v->open = 1;
	return v;
}

void
resolver_close(struct resolver *v)
{
	v->closing = true;
	if (v->usable)
		ares_destroy(v->channel);
	ares_library_cleanup();
	while (v->sockets != NULL)
		forget_socket(&v->sockets);
	uv_timer_stop(&v->timer);
	uv_close((uv_handle_t *)&v->timer, on_timer_closed);
}

static uint32_t
collect(const struct ares_addrinfo *info, struct address out[static RESOLVE_MOST])
{
	uint32_t n = 0;

	for (const struct ares_addrinfo_node *i = info->nodes; i != NULL && n < RESOLVE_MOST;
		i = i->ai_next) {
		struct sockaddr_storage at = { 0 };

		if ((size_t)i->ai_addrlen > sizeof(at))
			continue;
		memcpy(&at, i->ai_addr, (size_t)i->ai_addrlen);
		if (address_from_socket(&at, &out[n]))
			out[n++].port = 0;
	}
	return n;
}

static void
on_addresses(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
	struct name *name = arg;
	struct address addresses[RESOLVE_MOST];
	uint32_t n = 0;

	(void)timeouts;
	if (info != NULL) {
		n = collect(info, addresses);
		ares_freeaddrinfo(info);
	}
	if (!name->resolver->closing)
		name->fn(name->arg, n, addresses, ares_strerror(status));
	free(name);
}

void
resolve(struct resolver *v, const char *text, resolve_fn *fn, void *arg)
{
	const struct ares_addrinfo_hints hints = { .ai_family = AF_UNSPEC };
	struct name *name;

	if (!v->usable) {
		fn(arg, 0, NULL, "the resolver could not be set up");
		return;
	}
	name = mem_alloc(sizeof(*name));
	*name = (struct name){ v, fn, arg };
	ares_getaddrinfo(v->channel, text, NULL, &hints, on_addresses, name);
	set_timer(v);
}
