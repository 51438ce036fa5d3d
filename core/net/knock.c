/* SPDX-License-Identifier: Apache-2.0 */
/* knock.c - one TCP connection; see knock.h. */
#include "net/knock.h"

#include <fcntl.h>
#include <stdlib.h>

struct knock {
	uv_tcp_t tcp;
	uv_connect_t request;
	uv_timer_t timer;
	uint32_t open; /* handles not closed yet */
	knock_fn *fn; /* NULL: it has been called, or is not to be */
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
	k->fn = NULL;
	uv_close((uv_handle_t *)&k->tcp, on_closed);
	uv_close((uv_handle_t *)&k->timer, on_closed);
}

static void
finish(struct knock *k, bool opened)
{
	knock_fn *fn = k->fn;
	void *arg = k->arg;
	int fd = -1;

	/* libuv closes its own. */
	if (opened && uv_fileno((uv_handle_t *)&k->tcp, &fd) == 0)
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	knock_cancel(k);
	fn(arg, fd);
}

static void
on_connected(uv_connect_t *request, int status)
{
	struct knock *k = request->data;

	if (k->fn != NULL)
		finish(k, status == 0);
}

static void
on_time(uv_timer_t *timer)
{
	finish(timer->data, false);
}

struct knock *
knock_begin(uv_loop_t *loop, const struct address *at, uint64_t ms, knock_fn *fn, void *arg)
{
	struct knock *k = mem_alloc(sizeof(*k));
	struct sockaddr_storage to;

	address_to_socket(at, &to);
	k->fn = fn;
	k->arg = arg;
	k->open = 2;
	uv_tcp_init(loop, &k->tcp);
	uv_timer_init(loop, &k->timer);
	k->tcp.data = k->timer.data = k->request.data = k;
	/* What cannot even be begun is over at once. */
	if (uv_tcp_connect(&k->request, &k->tcp, (const struct sockaddr *)&to, on_connected) != 0)
		ms = 0;
	uv_timer_start(&k->timer, on_time, ms, 0);
	return k;
}
