/* SPDX-License-Identifier: Apache-2.0 */
/* udp.c - many packets a system call, out and in; see udp.h. */
#include "net/udp.h"
#include "net/packet.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 32 /* packets of one system call */
#define SOCKET_BUFFER (4 * 1024 * 1024) /* asked for; the kernel gives what it allows */
#define READS_A_TURN 8 /* batches taken before others have their turn */

/* Answers awaited at once from which on the socket rests between two looks at it. */
#define REST_FROM 100
/* What one that waits takes of the socket's buffer, at most; half of it stays free. */
#define WAITING_COST 4096

/* Packets on their way out or in, with all that sendmmsg and recvmmsg want to know. */
struct batch {
	uint32_t n;
	struct mmsghdr heads[BATCH];
	struct iovec parts[BATCH];
	struct sockaddr_storage peers[BATCH];
};

struct family {
	int fd; /* -1: none */
	uv_poll_t poll;
	uv_timer_t rest; /* while it runs, nobody polls */
	uint32_t room; /* for answers that wait */
	struct udp *udp;
	struct batch out;
	uint8_t bytes[BATCH][PACKET_SEND_MOST];
};

struct udp {
	udp_fn *fn;
	void *arg;
	uv_prepare_t prepare;
	struct family four, six;
	uint64_t unsent, oversized;
	int error;
	uint32_t open; /* handles not closed yet */
	uint32_t awaited; /* answers */
	struct batch in;
	uint8_t bytes[BATCH][PACKET_RECEIVE_MOST];
};

/* ---- out ---- */

static void
family_flush(struct udp *u, struct family *f)
{
	struct batch *out = &f->out;
	uint32_t at = 0;

	while (at < out->n) {
		int sent = sendmmsg(f->fd, out->heads + at, out->n - at, 0);

		if (sent > 0) {
			at += (uint32_t)sent;
			continue;
		}
		if (errno == EINTR)
			continue;
		/* The first one could not go.  A full queue loses it like the network would. */
		u->error = errno;
		u->unsent++;
		at++;
	}
	out->n = 0;
}

void
udp_flush(struct udp *u)
{
	family_flush(u, &u->four);
	family_flush(u, &u->six);
}

static void
on_prepare(uv_prepare_t *prepare)
{
	udp_flush(prepare->data);
}

void
udp_send(struct udp *u, const struct address *to, const void *p, size_t n)
{
	struct family *f = to->v6 ? &u->six : &u->four;
	uint32_t i;

	if (f->fd < 0 || n > PACKET_SEND_MOST) {
		u->error = EAFNOSUPPORT;
		u->unsent++;
		return;
	}
	if (f->out.n == BATCH)
		family_flush(u, f);
	i = f->out.n++;
	memcpy(f->bytes[i], p, n);
	f->out.parts[i] = (struct iovec){ f->bytes[i], n };
	f->out.heads[i] =
		(struct mmsghdr){ .msg_hdr = {
					  .msg_name = &f->out.peers[i],
					  .msg_namelen = address_to_socket(to, &f->out.peers[i]),
					  .msg_iov = &f->out.parts[i],
					  .msg_iovlen = 1,
				  } };
}

/* ---- in ---- */

static void
batch_ready(struct udp *u)
{
	for (uint32_t i = 0; i < BATCH; i++) {
		u->in.parts[i] = (struct iovec){ u->bytes[i], PACKET_RECEIVE_MOST };
		u->in.heads[i] = (struct mmsghdr){ .msg_hdr = {
							   .msg_name = &u->in.peers[i],
							   .msg_namelen = sizeof(u->in.peers[i]),
							   .msg_iov = &u->in.parts[i],
							   .msg_iovlen = 1,
						   } };
	}
}

static void
received(struct udp *u, uint32_t i)
{
	struct address from;

	if (u->in.heads[i].msg_hdr.msg_flags & MSG_TRUNC)
		u->oversized++;
	else if (address_from_socket(&u->in.peers[i], &from))
		u->fn(u->arg, &from, u->bytes[i], u->in.heads[i].msg_len);
}

/* False: there was nothing. */
static bool
family_take(struct udp *u, struct family *f)
{
	bool some = false;

	for (int turn = 0; turn < READS_A_TURN; turn++) {
		int n;

		batch_ready(u);
		n = recvmmsg(f->fd, u->in.heads, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++)
			received(u, (uint32_t)i);
		some = some || n > 0;
		if (n < BATCH)
			break;
	}
	return some;
}

static void on_readable(uv_poll_t *, int status, int events);
static void on_rested(uv_timer_t *);

/*
 * After something came.  To be woken by every answer of many costs more than to look
 * every few milliseconds; but nothing may be lost by it.
 */
static void
family_wait(struct family *f)
{
	uint32_t awaited = f->udp->awaited;

	if (f->fd < 0)
		return; /* closed by who took it */
	if (awaited >= REST_FROM && awaited <= f->room) {
		uv_poll_stop(&f->poll);
		uv_timer_start(&f->rest, on_rested, UDP_REST, 0);
	} else if (!uv_is_active((uv_handle_t *)&f->poll)) {
		uv_poll_start(&f->poll, UV_READABLE, on_readable);
	}
}

static void
on_rested(uv_timer_t *rest)
{
	struct family *f = rest->data;

	if (family_take(f->udp, f))
		family_wait(f);
	else if (f->fd >= 0)
		uv_poll_start(&f->poll, UV_READABLE, on_readable);
}

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct family *f = poll->data;

	(void)events;
	if (status >= 0 && family_take(f->udp, f))
		family_wait(f);
}

void
udp_await(struct udp *u, int32_t more)
{
	u->awaited += (uint32_t)more;
}

void
udp_take(struct udp *u)
{
	if (u->four.fd >= 0)
		family_take(u, &u->four);
	if (u->six.fd >= 0)
		family_take(u, &u->six);
}

/* ---- opening and closing ---- */

static int
family_socket(bool v6)
{
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int size = SOCKET_BUFFER, on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (v6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	return fd;
}

static void
family_open(struct udp *u, struct family *f, bool v6, uv_loop_t *loop)
{
	int size = 0;
	socklen_t nsize = sizeof(size);

	f->udp = u;
	f->poll.data = f;
	f->fd = family_socket(v6);
	if (f->fd < 0)
		return;
	getsockopt(f->fd, SOL_SOCKET, SO_RCVBUF, &size, &nsize);
	f->room = (uint32_t)size / WAITING_COST / 2;
	uv_timer_init(loop, &f->rest);
	f->rest.data = f;
	uv_poll_init(loop, &f->poll, f->fd);
	uv_poll_start(&f->poll, UV_READABLE, on_readable);
	u->open += 2;
}

struct udp *
udp_open(uv_loop_t *loop, udp_fn *fn, void *arg, struct why *why)
{
	struct udp *u = mem_alloc(sizeof(*u));

	u->fn = fn;
	u->arg = arg;
	family_open(u, &u->four, false, loop);
	family_open(u, &u->six, true, loop);
	if (u->open == 0) {
		why_set(why, "cannot open an UDP socket: %s", strerror(errno));
		free(u);
		return NULL;
	}
	uv_prepare_init(loop, &u->prepare);
	u->prepare.data = u;
	uv_prepare_start(&u->prepare, on_prepare);
	uv_unref((uv_handle_t *)&u->prepare);
	u->open++;
	return u;
}

static void
on_closed(uv_handle_t *handle)
{
	struct udp *u = handle->type == UV_PREPARE ? handle->data
						   : ((struct family *)handle->data)->udp;

	if (--u->open == 0)
		free(u);
}

static void
family_close(struct family *f)
{
	if (f->fd < 0)
		return;
	uv_poll_stop(&f->poll);
	close(f->fd);
	f->fd = -1;
	uv_close((uv_handle_t *)&f->poll, on_closed);
	uv_close((uv_handle_t *)&f->rest, on_closed);
}

void
udp_close(struct udp *u)
{
	if (u == NULL)
		return;
	u->four.out.n = u->six.out.n = 0;
	uv_prepare_stop(&u->prepare);
	uv_close((uv_handle_t *)&u->prepare, on_closed);
	family_close(&u->four);
	family_close(&u->six);
}

uint64_t
udp_unsent(const struct udp *u, int *error)
{
	*error = u->error;
	return u->unsent;
}

uint64_t
udp_oversized(const struct udp *u)
{
	return u->oversized;
}
