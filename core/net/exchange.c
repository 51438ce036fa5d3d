/* SPDX-License-Identifier: Apache-2.0 */
/* exchange.c - requests on their way, found again by their ids; see exchange.h. */
#include "net/exchange.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024
/* Exchanges that are over and kept, with their timers, for those to come. */
#define IDLE_MOST 256
/* Bytes of an answer's objects for which the room is kept. */
#define BINDS_MOST (64u << 10)
/* Messages one try may cost beyond the first: who are you, what time is it, and once more. */
#define CORRECTIONS_MOST 3
/* A first try to a quick printer is repeated after this, at the earliest. */
#define FIRST_WAIT_LEAST 400

struct exchange {
	struct exchange *next; /* in its bucket, or of those that are idle */
	struct exchange_order order;
	uint32_t id;
	uint32_t sent; /* tries */
	uint32_t corrections;
	uint64_t asked; /* uv_now of the first try */
	uv_timer_t timer;
};

struct exchanges {
	struct exchange *buckets[BUCKETS];
	struct exchange *idle;
	uint32_t nidle;
	struct buf binds; /* of the answer that is being taken */
	uint64_t strangers; /* messages that were nobody's answer */
};

static struct exchange **
find(struct exchanges *all, uint32_t id)
{
	struct exchange **at = &all->buckets[id % BUCKETS];

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

static void
on_closed(uv_handle_t *timer)
{
	free(timer->data);
}

static struct exchange *
exchange_new(struct role *r)
{
	struct exchanges *all = r->exchanges;
	struct exchange *x = all->idle;

	if (x != NULL) {
		all->idle = x->next;
		all->nidle--;
		return x;
	}
	x = mem_alloc(sizeof(*x));
	uv_timer_init(r->loop, &x->timer);
	x->timer.data = x;
	return x;
}

void
exchange_cancel(struct exchange *x)
{
	struct exchanges *all = x->order.peer->role->exchanges;

	*find(all, x->id) = x->next;
	udp_await(x->order.peer->role->udp, -1);
	uv_timer_stop(&x->timer);
	if (all->nidle == IDLE_MOST) {
		uv_close((uv_handle_t *)&x->timer, on_closed);
		return;
	}
	x->next = all->idle;
	all->idle = x;
	all->nidle++;
}

static void
finish(struct exchange *x, enum outcome outcome, const struct reply *reply)
{
	exchange_fn *fn = x->order.fn;
	void *arg = x->order.arg;

	exchange_cancel(x);
	fn(arg, outcome, reply);
}

/* ---- sending ---- */

/* False: the request is too long for a packet. */
static bool
build(struct exchange *x, struct packet *packet)
{
	const struct credential *c = x->order.credential;
	struct peer *p = x->order.peer;

	if (c->version != VERSION_3)
		return packet_build(&x->order.request, c->version, c->community, x->id, packet);
	if (p->engine == NULL)
		p->engine = mem_alloc(sizeof(*p->engine));
	return usm_build(p->engine, c->user, &x->order.request, x->id, packet);
}

static uint64_t
wait_of(const struct exchange *x)
{
	const struct peer *p = x->order.peer;
	uint64_t now = clock_ms(), most = p->role->settings.timeout, wait = most;
	uint64_t left = x->order.deadline > now ? x->order.deadline - now : 0;

	/* A lost packet need not cost the whole timeout where answers come at once. */
	if (p->rtt > 0 && x->sent == 1 && x->order.tries > 1) {
		wait = FIRST_WAIT_LEAST + 4 * (uint64_t)p->rtt;
		wait = wait < most ? wait : most;
	}
	return wait < left ? wait : left;
}

static void on_timer(uv_timer_t *);

static void
transmit(struct exchange *x)
{
	struct peer *p = x->order.peer;
	struct packet packet;

	if (!build(x, &packet)) {
		x->sent = 0; /* on_timer sees it */
		uv_timer_start(&x->timer, on_timer, 0, 0);
		return;
	}
	udp_send(p->role->udp, &p->address, packet.bytes + packet.from, packet.n);
	++*x->order.packets;
	/* What came in time may be taken a little later. */
	uv_timer_start(&x->timer, on_timer, wait_of(x) + UDP_REST, 0);
}

static void
on_timer(uv_timer_t *timer)
{
	static const struct reply too_big = { .error = ERROR_TOO_BIG };
	struct exchange *x = timer->data;

	if (x->sent == 0) {
		finish(x, OUTCOME_REPLY, &too_big);
		return;
	}
	if (x->sent >= x->order.tries || clock_ms() >= x->order.deadline) {
		finish(x, OUTCOME_SILENT, NULL);
		return;
	}
	x->sent++;
	transmit(x);
}

struct exchange *
exchange_start(const struct exchange_order *order)
{
	struct role *r = order->peer->role;
	struct exchange *x = exchange_new(r), **at;

	x->order = *order;
	udp_await(r->udp, 1);
	do
		x->id = (uint32_t)(random_u64() & INT32_MAX);
	while (x->id == 0 || *(at = find(r->exchanges, x->id)) != NULL);
	x->next = NULL; /* at the end of its bucket */
	*at = x;
	x->asked = uv_now(r->loop);
	x->sent = 1;
	x->corrections = 0;
	transmit(x);
	return x;
}

/* ---- receiving ---- */

static void
measure(struct exchange *x)
{
	struct peer *p = x->order.peer;
	uint64_t took = uv_now(p->role->loop) - x->asked;

	if (x->sent != 1 || x->corrections > 0 || took > p->role->settings.timeout)
		return;
	p->rtt = p->rtt == 0 ? (uint32_t)took + 1 : (7 * p->rtt + (uint32_t)took + 1 + 4) / 8;
}

static void
corrected(struct exchange *x, const struct usm_said *said, const struct reply *reply)
{
	if (++x->corrections <= CORRECTIONS_MOST && usm_learn(x->order.peer->engine, said))
		transmit(x);
	else
		finish(x, OUTCOME_REFUSED, reply);
}

static void
reported(struct exchange *x, const struct usm_said *said, const struct reply *reply)
{
	switch (reply->report) {
	case REPORT_ENGINE:
	case REPORT_TIME:
		corrected(x, said, reply);
		return;
	case REPORT_LEVEL:
	case REPORT_USER:
	case REPORT_DIGEST:
	case REPORT_DECRYPTION:
	case REPORT_OTHER:
		break;
	case REPORT_NONE:
		return;
	}
	/* Some answer the question who they are with another Report than they should. */
	if (x->order.peer->engine->nid == 0)
		corrected(x, said, reply);
	else
		finish(x, OUTCOME_REFUSED, reply);
}

/* The PDU of a message of n bytes. */
static void
take_pdu(struct exchange *x, uint8_t *pdu, size_t npdu, size_t n, struct reply *reply)
{
	struct exchanges *all = x->order.peer->role->exchanges;

	if (all->binds.cap > BINDS_MOST)
		buf_free(&all->binds);
	packet_reply(pdu, npdu, &x->order.request, x->order.pool, &all->binds, reply);
	reply->bytes = n;
}

/* False: the message is not to be trusted, x goes on waiting. */
static bool
receive_v3(struct exchange *x, uint8_t *p, size_t n)
{
	struct front pdu;
	struct usm_said said;
	struct reply reply;
	enum usm_verdict verdict;

	verdict = usm_open(x->order.peer->engine, x->order.credential->user, p, n, &pdu, &said);
	if (verdict == USM_BAD)
		return false;
	take_pdu(x, pdu.p, pdu.n, n, &reply);
	if (verdict == USM_REPORT) {
		reported(x, &said, &reply);
	} else {
		measure(x);
		finish(x, OUTCOME_REPLY, &reply);
	}
	return true;
}

static bool
receive_community(struct exchange *x, const struct packet_head *head, size_t n)
{
	const char *community = x->order.credential->community;
	struct reply reply;

	if (head->ncommunity != strlen(community) ||
		memcmp(head->community, community, head->ncommunity) != 0)
		return false;
	take_pdu(x, head->pdu, head->npdu, n, &reply);
	measure(x);
	finish(x, OUTCOME_REPLY, &reply);
	return true;
}

void
exchange_received(void *arg, const struct address *from, uint8_t *p, size_t n)
{
	struct role *r = arg;
	struct packet_head head;
	struct exchange *x;
	bool ours = false;

	if (packet_head(p, n, &head) && (x = *find(r->exchanges, head.id)) != NULL &&
		address_equal(from, &x->order.peer->address) &&
		head.version == x->order.credential->version)
		ours = head.version == VERSION_3 ? receive_v3(x, p, n)
						 : receive_community(x, &head, n);
	if (!ours)
		r->exchanges->strangers++;
}

const char *
report_say(enum report report)
{
	static const char *const words[] = {
		[REPORT_NONE] = "nothing",
		[REPORT_LEVEL] = "the printer does not offer this user the auth and priv asked for",
		[REPORT_TIME] = "the printer's SNMPv3 clock cannot be followed",
		[REPORT_USER] = "the printer does not know the user",
		[REPORT_ENGINE] = "the printer's engine ID cannot be followed",
		[REPORT_DIGEST] = "the auth password or protocol is wrong",
		[REPORT_DECRYPTION] = "the priv password or protocol is wrong",
		[REPORT_OTHER] = "the printer refuses for a reason of its own",
	};

	return words[report];
}

/* ---- */

void
exchanges_open(struct role *r)
{
	r->exchanges = mem_alloc(sizeof(*r->exchanges));
}

void
exchanges_close(struct role *r)
{
	struct exchange *x, *next;

	for (uint32_t i = 0; i < BUCKETS; i++)
		while (r->exchanges->buckets[i] != NULL)
			exchange_cancel(r->exchanges->buckets[i]);
	for (x = r->exchanges->idle; x != NULL; x = next) {
		next = x->next;
		uv_close((uv_handle_t *)&x->timer, on_closed);
	}
	buf_free(&r->exchanges->binds);
	free(r->exchanges);
}
