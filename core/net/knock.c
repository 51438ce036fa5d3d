/* SPDX-License-Identifier: Apache-2.0 */
/*
 * knock.c - one TCP connection; see knock.h.
 *
 * A plain socket: libuv's own would open a file for each, and keep the socket.
 */
#include "net/knock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct knock {
	int fd; /* -1: there is no socket, or it is the caller's now */
	uv_poll_t poll;
	uv_timer_t timer;
	uint32_t open; /* handles not closed yet */
	knock_fn *fn;
	void *arg;
};

static void
on_closed(uv_handle_t *handle)
{
	struct knock *k = handle->data;

	if (--k->open == 0)
		free(k);
}

void
knock_cancel(struct knock *k)
{
	uv_timer_stop(&k->timer);
	uv_close((uv_handle_t *)&k->timer, on_closed);
	if (k->open == 2) {
		uv_poll_stop(&k->poll);
		uv_close((uv_handle_t *)&k->poll, on_closed);
	}
	if (k->fd >= 0)
		close(k->fd);
}

static void
finish(struct knock *k, bool opened)
{
	knock_fn *fn = k->fn;
	void *arg = k->arg;
	int fd = -1;

	if (opened) {
		fd = k->fd;
		k->fd = -1;
	}
	knock_cancel(k);
	fn(arg, fd);
}

static void
on_connected(uv_poll_t *poll, int status, int events)
{
	struct knock *k = poll->data;
	socklen_t n = sizeof(int);
	int error = 0;

	(void)events;
	finish(k,
		status == 0 && getsockopt(k->fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 &&
			error == 0);
}

static void
on_time(uv_timer_t *timer)
{
	finish(timer->data, false);
}

/* False: it is over before it began, as it is on a printer that refuses at once. */
static bool
begin(struct knock *k, uv_loop_t *loop, const struct address *at)
{
	struct sockaddr_storage to;
	socklen_t n = address_to_socket(at, &to);

	k->fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (k->fd < 0 || (connect(k->fd, (struct sockaddr *)&to, n) != 0 && errno != EINPROGRESS) ||
		uv_poll_init(loop, &k->poll, k->fd) != 0)
		return false;
	k->open++;
	k->poll.data = k;
	uv_poll_start(&k->poll, UV_WRITABLE, on_connected);
	return true;
}

struct knock *
knock_begin(uv_loop_t *loop, const struct address *at, uint64_t ms, knock_fn *fn, void *arg)
{
	struct knock *k = mem_alloc(sizeof(*k));

	k->fn = fn;
	k->arg = arg;
	k->open = 1;
	uv_timer_init(loop, &k->timer);
	k->timer.data = k;
	uv_timer_start(&k->timer, on_time, begin(k, loop, at) ? ms : 0, 0);
	return k;
}
