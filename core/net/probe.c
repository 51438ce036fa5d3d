/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.c - the sweep; see probe.h.
 *
 * Every address has a number; the numbers are gone through with a stride, so
 * that a subnet is not met in one burst.  The first question goes to everybody,
 * the others only to the silent.  The id of a question is a keyed hash of where
 * it goes: an answer is known to be ours without remembering who was asked.
 */
#include "net/probe_inside.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP_MOST (UINT64_C(1) << 24) /* addresses of one sweep */
#define TICK 10 /* ms between two handfuls of packets, on average */
#define BURST 50 /* ms: what a late tick may catch up */
#define FEW 256 /* addresses that are asked again and again... */
#define FEW_PAUSE 250 /* ...with so many ms for answers in between */
#define LOOK_MOST 20000 /* addresses passed over in one tick */
#define PROGRESS_EVERY 500 /* ms */

static const uint32_t sys_object_id[] = { 1, 3, 6, 1, 2, 1, 1, 2, 0 };
static const struct platen_oid asked_oid = { sys_object_id, COUNT(sys_object_id) };
static const struct request asked = { .kind = REQUEST_GET, .n = 1, .oids = &asked_oid };

/* ---- the end ---- */

void
probe_closed(uv_handle_t *timer)
{
	struct probe *p = timer->data;

	free(p->stretches);
	free(p->exclude);
	free(p->answered);
	buf_free(&p->problems);
	pool_free(p->pool);
	free(p);
}

void
probe_end(struct role *r)
{
	struct probe *p = r->probe;

	if (p == NULL)
		return;
	r->probe = NULL;
	udp_close(p->udp);
	uv_timer_stop(&p->timer);
	uv_close((uv_handle_t *)&p->timer, probe_closed);
}

void
probe_problem(struct probe *p, const char *text)
{
	if (p->problems.n > 0)
		buf_text(&p->problems, "; ");
	if (p->problems.n < 1000)
		buf_text(&p->problems, text);
}

static void
conclude(struct probe *p)
{
	char *why;
	int error = 0;
	uint64_t unsent = p->udp != NULL ? udp_unsent(p->udp, &error) : 0;

	if (unsent > 0) {
		why = mem_format("%llu packets could not be sent (%s)", (unsigned long long)unsent,
			strerror(error));
		probe_problem(p, why);
		free(why);
	}
	why = buf_take(&p->problems);
	role_swept(p->role, p->id, p->sent, why);
	free(why);
	probe_end(p->role);
}

/* ---- numbers and addresses ---- */

static uint16_t
port_of(const struct probe *p, const struct range *r)
{
	return r->port != 0 ? r->port : p->port;
}

static struct address
address_of(const struct probe *p, const struct stretch *s, uint64_t number)
{
	struct address a = { .v6 = s->range.v6, .port = port_of(p, &s->range) };
	uint64_t add = number - s->start;

	memcpy(a.ip, s->range.first, 16);
	for (int i = 15; i >= 0 && add > 0; i--) {
		add += a.ip[i];
		a.ip[i] = (uint8_t)add;
		add >>= 8;
	}
	return a;
}

static uint64_t
number_of(const struct stretch *s, const struct address *a)
{
	uint64_t from = 0, at = 0;

	for (int i = 8; i < 16; i++) {
		from = from << 8 | s->range.first[i];
		at = at << 8 | a->ip[i];
	}
	return s->start + (at - from);
}

/* The stretch that asks this address: the first, where several have it. */
static const struct stretch *
stretch_with(const struct probe *p, const struct address *a)
{
	for (uint32_t i = 0; i < p->nstretches; i++) {
		const struct stretch *s = &p->stretches[i];

		if (port_of(p, &s->range) == a->port && range_has(&s->range, a->v6, a->ip))
			return s;
	}
	return NULL;
}

static const struct stretch *
stretch_at(const struct probe *p, uint64_t number)
{
	uint32_t low = 0, high = p->nstretches - 1;

	while (low < high) {
		uint32_t middle = (low + high + 1) / 2;

		if (p->stretches[middle].start <= number)
			low = middle;
		else
			high = middle - 1;
	}
	return &p->stretches[low];
}

static bool
is_excluded(const struct probe *p, const struct address *a)
{
	for (uint32_t i = 0; i < p->nexclude; i++) {
		const struct range *r = &p->exclude[i];

		if ((r->port == 0 || r->port == a->port) && range_has(r, a->v6, a->ip))
			return true;
	}
	return false;
}

/* ---- asking ---- */

static uint32_t
id_of(const struct probe *p, const struct address *a, uint32_t pass)
{
	struct buf b = { 0 };
	uint8_t out[32];
	uint32_t id;

	buf_add(&b, p->secret, sizeof(p->secret));
	buf_add(&b, a->ip, sizeof(a->ip));
	buf_add(&b, &a->port, sizeof(a->port));
	buf_add(&b, &pass, sizeof(pass));
	if (EVP_Digest(b.p, b.n, out, NULL, EVP_sha256(), NULL) != 1)
		die("OpenSSL cannot compute SHA-256");
	buf_free(&b);
	memcpy(&id, out, sizeof(id));
	return (id & INT32_MAX) | 1;
}

static const struct kind *
kind_of(const struct probe *p, uint32_t pass)
{
	return &p->kinds[pass % p->nkinds];
}

static void
ask(struct probe *p, const struct address *a)
{
	const struct kind *k = kind_of(p, p->pass);
	struct usm_engine nobody = { 0 };
	struct packet packet;
	uint32_t id = id_of(p, a, p->pass);

	if (k->version == VERSION_3 ? !usm_build(&nobody, NULL, &asked, id, &packet)
				    : !packet_build(&asked, k->version, k->community, id, &packet))
		return;
	udp_send(p->udp, a, packet.bytes + packet.from, packet.n);
	p->sent++;
}

/* Go on to the next address to be asked.  False: this pass is over, or enough looked at. */
static bool
ask_next(struct probe *p, uint32_t *look)
{
	for (; p->position<p->total && * look> 0; --*look) {
		uint64_t number = (p->offset + p->position++ * p->stride) % p->total;
		const struct stretch *s = stretch_at(p, number);
		struct address a = address_of(p, s, number);

		if ((p->answered[number / 8] >> number % 8 & 1) || stretch_with(p, &a) != s ||
			is_excluded(p, &a))
			continue;
		ask(p, &a);
		return true;
	}
	return false;
}

static void
tell_progress(struct probe *p, uint64_t now)
{
	uint64_t left = p->total - p->position + (p->npasses - 1 - p->pass) * p->total;

	if (now - p->told < PROGRESS_EVERY)
		return;
	p->told = now;
	role_progress(p->role, p->id, p->sent, p->sent + left, p->found);
}

static void
on_waited(uv_timer_t *timer)
{
	conclude(timer->data);
}

static void
on_tick(uv_timer_t *timer)
{
	struct probe *p = timer->data;
	uint64_t now = clock_ms(), passed = now - p->ticked;
	uint32_t look = LOOK_MOST;

	p->ticked = now;
	p->credit += (passed < BURST ? passed : BURST) * p->rate;
	while (p->credit >= 1000) {
		if (ask_next(p, &look)) {
			p->credit -= 1000;
			continue;
		}
		if (look == 0)
			break; /* goes on in the next tick */
		if (p->pass + 1 == p->npasses) {
			uv_timer_start(timer, on_waited, p->role->settings.timeout, 0);
			return;
		}
		p->pass++;
		p->position = 0;
		if (p->total <= FEW) {
			uv_timer_start(timer, on_tick, FEW_PAUSE, 0);
			return;
		}
	}
	tell_progress(p, now);
	uv_timer_start(timer, on_tick, TICK / 2 + random_below(TICK + 1), 0);
}

/* ---- answers ---- */

static bool
is_ours(const struct probe *p, const struct address *from, const struct packet_head *head)
{
	for (uint32_t i = 0; i <= p->pass; i++)
		if (head->version == kind_of(p, i)->version && head->id == id_of(p, from, i))
			return true;
	return false;
}

static void
on_packet(void *arg, const struct address *from, uint8_t *bytes, size_t n)
{
	struct probe *p = arg;
	const struct stretch *s;
	struct packet_head head;
	uint64_t number;

	if (!packet_head(bytes, n, &head) || (s = stretch_with(p, from)) == NULL ||
		!is_ours(p, from, &head))
		return;
	number = number_of(s, from);
	if (p->answered[number / 8] >> number % 8 & 1)
		return;
	p->answered[number / 8] |= (uint8_t)(1 << number % 8);
	p->found++;
	role_found(p->role, p->id, from, s->as_asked);
	if (p->found == p->total)
		uv_timer_start(&p->timer, on_waited, 0, 0);
}

/* ---- beginning ---- */

static void
add_kind(struct probe *p, enum snmp_version version, uint32_t community)
{
	const struct lan_settings *s = &p->role->settings;
	static const uint32_t bits[] = {
		[VERSION_1] = SNMP_V1, [VERSION_2C] = SNMP_V2C, [VERSION_3] = SNMP_V3
	};

	if (!(s->versions & bits[version]))
		return;
	if (version == VERSION_3 ? s->nusers == 0 : community >= s->ncommunities)
		return;
	p->kinds[p->nkinds++] = (struct kind){
		.version = version,
		.community = version == VERSION_3 ? NULL : s->communities[community],
	};
}

/*
 * The likeliest first.  The silent are asked a second time: in another way, or in
 * the same where there is only one.  A few addresses are somebody's very printers:
 * they are asked as often as any question is.
 */
static void
choose_kinds(struct probe *p)
{
	add_kind(p, VERSION_2C, 0);
	add_kind(p, VERSION_1, 0);
	add_kind(p, VERSION_3, 0);
	for (uint32_t i = 1; i < p->role->settings.ncommunities; i++) {
		add_kind(p, VERSION_2C, i);
		add_kind(p, VERSION_1, i);
	}
	p->npasses = p->nkinds;
	if (p->total <= FEW)
		p->npasses = p->nkinds * (p->role->settings.retries + 1);
	else if (p->nkinds == 1 && p->role->settings.retries > 0)
		p->npasses = 2;
}

static uint64_t
common_divisor(uint64_t a, uint64_t b)
{
	while (b != 0) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* About the golden section of all: neighbours in time are far from each other. */
static void
choose_stride(struct probe *p)
{
	p->stride = p->total * 618 / 1000 + 1;
	while (common_divisor(p->stride, p->total) != 1)
		p->stride++;
	p->offset = random_u64() % p->total;
}

void
probe_start(struct probe *p)
{
	struct why why;

	for (uint32_t i = 0; i < p->nstretches; i++) {
		p->stretches[i].start = p->total;
		p->total += range_count(&p->stretches[i].range);
	}
	choose_kinds(p);
	if (p->spoiled)
		probe_problem(p, "nothing was asked, because an exclusion is not understood");
	else if (p->total > SWEEP_MOST)
		probe_problem(p, "more than 16777216 addresses to look at; name fewer ranges");
	else if (p->nkinds == 0)
		probe_problem(p,
			"neither a community nor an SNMPv3 user is set to ask with; see [snmp]");
	else if (p->total > 0 && (p->udp = udp_open(p->role->loop, on_packet, p, &why)) == NULL)
		probe_problem(p, why.text);
	if (p->udp == NULL) {
		conclude(p);
		return;
	}
	choose_stride(p);
	p->answered = mem_alloc((size_t)(p->total / 8 + 1));
	for (size_t i = 0; i < sizeof(p->secret); i += 8)
		memcpy(p->secret + i, &(uint64_t){ random_u64() }, 8);
	p->ticked = p->told = clock_ms();
	p->credit = 1000;
	uv_timer_start(&p->timer, on_tick, 0, 0);
}
