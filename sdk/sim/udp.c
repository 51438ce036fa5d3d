/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMP over UDP: one socket a family for all printers.
 *
 * The socket is bound to every address; the packet information says which printer was asked, and
 * puts the answer under that printer's address. Datagrams come and go in batches. What is late
 * waits in a heap. A full send buffer loses the answer, as a network would; it is counted.
 */
#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Datagrams taken and sent with one system call. */
#define BATCH 64
/* The longest question; agents ask in one Ethernet frame. */
#define QUESTION_MAX 8192
/* Asked of the kernel for the receive and send buffers; it gives what it allows. */
#define SOCKET_BUFFER (8 << 20)
/* Answers waiting at a time; more are lost. */
#define LATE_MAX 200000u
/* Batches per wake-up, so that HTTP and late answers get their turn. */
#define BATCHES_PER_TURN 16

union control {
	struct cmsghdr align;
	char v4[CMSG_SPACE(sizeof(struct in_pktinfo))];
	char v6[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* An answer that waits for its time. */
struct late {
	int64_t due_ms;
	int fd;
	struct sockaddr_storage to;
	struct addr from;
	size_t len;
	uint8_t data[];
};

/* Where an answer goes, and from where. */
struct route {
	int fd;
	const struct sockaddr_storage *to;
	struct addr from;
};

static struct watch watch_v4 = { .fd = -1 }, watch_v6 = { .fd = -1 };
static int stray_v4 = -1, stray_v6 = -1; /* for answers from a wrong port */

static struct {
	struct late **at;
	size_t count, cap;
} late;

/* The batch going out. */
static struct {
	struct mmsghdr msg[2 * BATCH];
	struct iovec iov[2 * BATCH];
	union control control[2 * BATCH];
	unsigned count;
	int fd;
} out;

static uint8_t slots[BATCH][SLOT_SIZE];

/* ---- sending ------------------------------------------------------------------------------- */

static socklen_t
sockaddr_len(const struct sockaddr_storage *ss)
{
	return ss->ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
}

/* Puts the address the answer comes from into the header's control data. */
static void
set_source(struct msghdr *h, union control *control, struct addr from)
{
	struct in_pktinfo v4 = { .ipi_spec_dst = addr_to_v4(from) };
	struct in6_pktinfo v6 = { .ipi6_addr = addr_to_v6(from) };
	bool is_v4 = addr_is_v4(from);
	struct cmsghdr *c;

	memset(control, 0, sizeof *control);
	h->msg_control = control;
	h->msg_controllen = is_v4 ? sizeof control->v4 : sizeof control->v6;
	c = CMSG_FIRSTHDR(h);
	c->cmsg_level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
	c->cmsg_type = is_v4 ? IP_PKTINFO : IPV6_PKTINFO;
	c->cmsg_len = is_v4 ? CMSG_LEN(sizeof v4) : CMSG_LEN(sizeof v6);
	if (is_v4)
		memcpy(CMSG_DATA(c), &v4, sizeof v4);
	else
		memcpy(CMSG_DATA(c), &v6, sizeof v6);
}

static void
set_message(struct msghdr *h, struct iovec *iov, union control *control, const struct route *route,
	uint8_t *data, size_t len)
{
	*iov = (struct iovec){ data, len };
	*h = (struct msghdr){ .msg_name = (void *)(uintptr_t)route->to,
		.msg_namelen = sockaddr_len(route->to),
		.msg_iov = iov,
		.msg_iovlen = 1 };
	set_source(h, control, route->from);
}

static void
count_sent(struct sim *sim, bool sent, size_t len)
{
	sim->stats.unsent += !sent;
	sim->stats.responses += sent;
	sim->stats.bytes_out += sent ? len : 0;
}

static void
send_one(struct sim *sim, const struct route *route, uint8_t *data, size_t len)
{
	struct msghdr h;
	struct iovec iov;
	union control control;

	set_message(&h, &iov, &control, route, data, len);
	count_sent(sim, sendmsg(route->fd, &h, MSG_DONTWAIT) >= 0, len);
}

static void
send_in_batch(const struct route *route, uint8_t *data, size_t len)
{
	unsigned i = out.count++;

	out.fd = route->fd;
	set_message(&out.msg[i].msg_hdr, &out.iov[i], &out.control[i], route, data, len);
}

static void
batch_flush(struct sim *sim)
{
	unsigned done = 0;

	while (done < out.count) {
		int n = sendmmsg(out.fd, out.msg + done, out.count - done, MSG_DONTWAIT);

		if (n <= 0) {
			count_sent(sim, false, 0); /* the first cannot be sent: lose it, go on */
			done++;
			continue;
		}
		for (int i = 0; i < n; i++, done++)
			count_sent(sim, true, out.iov[done].iov_len);
	}
	out.count = 0;
}

/* ---- late answers: a heap, the earliest on top --------------------------------------------- */

static void
late_swap(size_t a, size_t b)
{
	struct late *t = late.at[a];

	late.at[a] = late.at[b];
	late.at[b] = t;
}

static void
late_add(struct sim *sim, const struct route *route, const struct answer *a, int64_t delay_ms)
{
	struct late *l;
	size_t i = late.count;

	if (late.count == LATE_MAX) {
		count_sent(sim, false, 0);
		return;
	}
	if (late.count == late.cap) {
		late.cap = late.cap ? late.cap * 2 : 64;
		late.at = must_realloc(late.at, late.cap, sizeof *late.at);
	}
	l = must_realloc(NULL, sizeof *l + a->len, 1);
	*l = (struct late){ sim->now_ms + delay_ms, route->fd, *route->to, route->from, a->len };
	memcpy(l->data, a->data, a->len);
	late.at[late.count++] = l;
	for (; i > 0 && late.at[(i - 1) / 2]->due_ms > late.at[i]->due_ms; i = (i - 1) / 2)
		late_swap(i, (i - 1) / 2);
}

static struct late *
late_take(void)
{
	struct late *first = late.at[0];
	size_t i = 0, child;

	late.at[0] = late.at[--late.count];
	while ((child = 2 * i + 1) < late.count) {
		if (child + 1 < late.count && late.at[child + 1]->due_ms < late.at[child]->due_ms)
			child++;
		if (late.at[i]->due_ms <= late.at[child]->due_ms)
			break;
		late_swap(i, child);
		i = child;
	}
	return first;
}

void
udp_tick(struct sim *sim)
{
	while (late.count > 0 && late.at[0]->due_ms <= sim->now_ms) {
		struct late *l = late_take();
		struct route route = { l->fd, &l->to, l->from };

		send_one(sim, &route, l->data, l->len);
		free(l);
	}
}

int64_t
udp_next_ms(const struct sim *sim)
{
	if (late.count == 0)
		return -1;
	return late.at[0]->due_ms > sim->now_ms ? late.at[0]->due_ms - sim->now_ms : 0;
}

/* ---- receiving ----------------------------------------------------------------------------- */

static bool
asked_address(struct msghdr *h, struct addr *out_addr)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c != NULL; c = CMSG_NXTHDR(h, c)) {
		struct in_pktinfo v4;
		struct in6_pktinfo v6;

		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&v4, CMSG_DATA(c), sizeof v4);
			*out_addr = addr_of_v4(v4.ipi_addr);
			return true;
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&v6, CMSG_DATA(c), sizeof v6);
			*out_addr = addr_of_v6(&v6.ipi6_addr);
			return true;
		}
	}
	return false;
}

static bool
community_known(const struct sim *sim, const struct message *m)
{
	for (size_t i = 0; i < sim->community_count; i++)
		if (strlen(sim->community[i]) == m->community_len &&
			memcmp(sim->community[i], m->community, m->community_len) == 0)
			return true;
	return false;
}

/* Counts and, where no agent may go, shouts. */
static void
take_note(struct sim *sim, const struct sockaddr_storage *from, const struct printer *p,
	const struct message *m)
{
	static const uint32_t epson[] = { 1, 3, 6, 1, 4, 1, 1248, 1, 2, 2, 44 };
	char text[OID_MAX * 11];

	sim->stats.get += m->pdu == PDU_GET;
	sim->stats.getnext += m->pdu == PDU_GETNEXT;
	sim->stats.getbulk += m->pdu == PDU_GETBULK;
	if (sim->trace != NULL)
		report_trace(sim, from, p, m);
	if (m->pdu == PDU_SET) {
		sim->stats.set++;
		report_write(sim, "SET", from, p,
			m->count > 0 ? oid_text(&m->name[0], text, sizeof text) : "nothing");
	}
	for (uint32_t i = 0; i < m->count; i++)
		if (oid_under(m->name[i].arc, m->name[i].n, epson, sizeof epson / sizeof *epson)) {
			sim->stats.epson_command++;
			report_write(sim, "Epson command", from, p,
				oid_text(&m->name[i], text, sizeof text));
		}
}

/* Sends an answer: spoiled, misplaced, late, twice, or just so. */
static void
dispatch(struct sim *sim, const struct printer *p, struct route route, struct answer *a)
{
	struct fault *const *on = p->fault;
	int64_t delay = fault_delay_ms(sim, p);
	bool own_port = true;

	if (on[FAULT_MALFORMED])
		fault_spoil(sim, on[FAULT_MALFORMED], a);
	if (on[FAULT_WRONG_SOURCE] && (on[FAULT_WRONG_SOURCE]->text || !addr_is_v4(p->addr))) {
		route.fd = addr_is_v4(p->addr) ? stray_v4 : stray_v6;
		own_port = false;
	} else if (on[FAULT_WRONG_SOURCE]) {
		route.from.lo ^= 0x00800000; /* 127.0.0.1 answers as 127.128.0.1 */
	}
	for (int copies = on[FAULT_DUPLICATE] ? 2 : 1; copies > 0; copies--) {
		if (delay > 0)
			late_add(sim, &route, a, delay);
		else if (own_port)
			send_in_batch(&route, a->data, a->len);
		else
			send_one(sim, &route, a->data, a->len);
	}
}

static void
handle(struct sim *sim, int fd, struct mmsghdr *in, uint8_t *slot)
{
	static struct message m;
	const struct sockaddr_storage *from = in->msg_hdr.msg_name;
	const uint8_t *data = in->msg_hdr.msg_iov->iov_base;
	enum message_kind kind;
	struct printer p;
	struct answer a;
	struct addr asked;

	if (!asked_address(&in->msg_hdr, &asked) || !printer_find(sim, asked, &p)) {
		sim->stats.elsewhere++;
		return;
	}
	sim->stats.requests++;
	sim->stats.bytes_in += in->msg_len;
	kind = in->msg_hdr.msg_flags & MSG_TRUNC ? MESSAGE_MALFORMED
						 : message_read(data, in->msg_len, &m);
	sim->stats.malformed += kind == MESSAGE_MALFORMED;
	sim->stats.v3_ignored += kind == MESSAGE_V3;
	if (kind != MESSAGE_OK)
		return;
	take_note(sim, from, &p, &m);
	if (!community_known(sim, &m)) {
		sim->stats.wrong_community++;
		return;
	}
	if (fault_lets_pass(sim, &p, &m) && agent_answer(sim, &p, &m, slot, &a))
		dispatch(sim, &p, (struct route){ fd, from, asked }, &a);
}

static int
receive(int fd, struct mmsghdr *msg)
{
	static uint8_t data[BATCH][QUESTION_MAX];
	static struct sockaddr_storage from[BATCH];
	static union control control[BATCH];
	static struct iovec iov[BATCH];

	for (int i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ data[i], QUESTION_MAX };
		msg[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
			.msg_namelen = sizeof from[i],
			.msg_iov = &iov[i],
			.msg_iovlen = 1,
			.msg_control = &control[i],
			.msg_controllen = sizeof control[i] };
	}
	return recvmmsg(fd, msg, BATCH, MSG_DONTWAIT, NULL);
}

static void
udp_ready(struct sim *sim, struct watch *w, uint32_t events)
{
	static struct mmsghdr msg[BATCH];
	int n = BATCH;

	(void)events;
	for (int turn = 0; turn < BATCHES_PER_TURN && n == BATCH; turn++) {
		n = receive(w->fd, msg);
		for (int i = 0; i < n; i++)
			handle(sim, w->fd, &msg[i], slots[i]);
		batch_flush(sim);
	}
}

/* ---- setting up ---------------------------------------------------------------------------- */

static int
udp_socket(int family, int port)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1, size = SOCKET_BUFFER;
	bool ok;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	ok = family == AF_INET
		? setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &one, sizeof one) == 0
		: setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof one) == 0;
	if (ok && socket_bind_any(fd, family, port))
		return fd;
	close(fd);
	return -1;
}

static bool
udp_open_family(struct sim *sim, int family, struct watch *w, int *stray)
{
	w->fd = udp_socket(family, sim->port);
	if (w->fd < 0)
		return socket_failed(w->fd, "UDP", family == AF_INET ? "0.0.0.0" : "[::]",
			sim->port);
	w->ready = udp_ready;
	*stray = udp_socket(family, 0);
	return sim_watch(sim, w, EPOLLIN);
}

bool
udp_open(struct sim *sim)
{
	for (size_t i = 0; i < sim->range_count; i++) {
		bool v4 = addr_is_v4(sim->ranges[i].from);
		struct watch *w = v4 ? &watch_v4 : &watch_v6;

		if (w->fd < 0 &&
			!udp_open_family(sim, v4 ? AF_INET : AF_INET6, w,
				v4 ? &stray_v4 : &stray_v6))
			return false;
	}
	return true;
}
