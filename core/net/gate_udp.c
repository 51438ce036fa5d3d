/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_udp.c - sealed datagrams at a gateway; see gate_seal.h.
 *
 * Whatever is not proven is dropped without a word, and no answer is larger than
 * what it answers: nobody can be flooded by way of this socket.
 */
#include "net/gate_seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATAGRAMS_A_TURN 64 /* taken before others have their turn */
#define WAITING_MOST 10000 /* datagrams that wait for the agent; beyond, they are dropped */
#define BUFFER (1 << 20) /* of the socket; the kernel gives what it allows */

struct gate_udp {
	struct gate_udp *next;
	struct gate *gate;
	int fd;
	uv_poll_t poll;
	uint32_t nwaiting;
	struct asked *asked;
};

/* A datagram that waits for its receipt. */
struct asked {
	struct gate_udp *udp;
	struct asked *next, **back;
	struct sealed_take *take;
	struct sockaddr_storage from;
	socklen_t nfrom;
	size_t size;
};

static void
forget(struct asked *a)
{
	*a->back = a->next;
	if (a->next != NULL)
		a->next->back = a->back;
	a->udp->nwaiting--;
	free(a);
}

static void
answer(const struct asked *a, const uint8_t *p, size_t n)
{
	if (n > 0 && n <= a->size)
		(void)!sendto(a->udp->fd, p, n, MSG_DONTWAIT, (const struct sockaddr *)&a->from,
			a->nfrom);
}

static void
on_done(void *arg, const uint8_t *envelope, size_t n)
{
	struct asked *a = arg;

	answer(a, envelope, n);
	forget(a);
}

static struct asked *
remember(struct gate_udp *u, const struct asked *from)
{
	struct asked *a = mem_copy(from, sizeof(*from));

	a->udp = u;
	a->next = u->asked;
	a->back = &u->asked;
	if (a->next != NULL)
		a->next->back = &a->next;
	u->asked = a;
	u->nwaiting++;
	return a;
}

static void
take(struct gate_udp *u, const struct asked *from, const uint8_t *p, size_t n)
{
	struct asked *a;
	struct gate_sealed s = { .how = GATE_UDP, .version = "", .p = p, .n = n, .done = on_done };
	struct buf out = { 0 };
	char peer[ADDRESS_TEXT];
	struct address address;
	uint32_t status;

	if (u->nwaiting >= WAITING_MOST || !address_from_socket(&from->from, &address))
		return;
	address_format(&address, peer);
	a = remember(u, from);
	s.peer = peer;
	s.arg = a;
	switch (gate_sealed(u->gate, &s, &out, &status, &a->take)) {
	case SEALED_ANSWERED:
		answer(a, out.p, out.n);
		forget(a);
		break;
	case SEALED_NOTHING:
		forget(a);
		break;
	case SEALED_WAITS:
		break;
	}
	buf_free(&out);
}

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct gate_udp *u = poll->data;

	(void)status, (void)events;
	for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
		uint8_t bytes[SEAL_DATAGRAM + 1];
		struct asked from = { .nfrom = sizeof(from.from) };
		ssize_t n = recvfrom(u->fd, bytes, sizeof(bytes), MSG_DONTWAIT,
			(struct sockaddr *)&from.from, &from.nfrom);

		if (n < 0)
			return;
		if (n > SEAL_DATAGRAM)
			continue;
		from.size = (size_t)n;
		take(u, &from, bytes, (size_t)n);
	}
}

bool
gate_udp_open(struct gate *g, enum gate_how how, int fd, struct why *why)
{
	struct gate_udp *u = mem_alloc(sizeof(*u));
	int size = BUFFER;

	(void)how, (void)why;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	u->gate = g;
	u->fd = fd;
	u->next = g->udps;
	g->udps = u;
	uv_poll_init(&g->loop, &u->poll, fd);
	u->poll.data = u;
	uv_poll_start(&u->poll, UV_READABLE, on_readable);
	return true;
}

static void
on_closed(uv_handle_t *handle)
{
	struct gate_udp *u = handle->data;

	close(u->fd);
	free(u);
}

void
gate_udps_close(struct gate *g)
{
	for (struct gate_udp *u = g->udps, *next; u != NULL; u = next) {
		next = u->next;
		while (u->asked != NULL) {
			gate_sealed_forget(u->asked->take);
			forget(u->asked);
		}
		uv_close((uv_handle_t *)&u->poll, on_closed);
	}
	g->udps = NULL;
}
