/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_take.c - an upload on its way: unpacked and judged here, kept by the agent,
 * receipted when it is on the agent's disk; see gate.h.
 *
 * Knows no listener: who sends is proven before, how the answer travels is not
 * its business.
 */
#include "net/gate_body.h"

#include <platen/dictionary.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Seconds until one may come again whom a full spool has sent away: sinks are slow. */
#define RETRY_FULL 300

/* One upload; waits for the agent, or with its answer for the loop. */
struct take {
	struct take *next;
	uint64_t id;
	gate_done_fn *done; /* NULL: nobody listens any more */
	void *arg;
	uint32_t status; /* 0: not known yet */
	uint32_t retry_after;
	size_t held; /* of gate.held */
	struct body body;
	struct buf text; /* the records lie in it */
	struct buf answer;
};

struct takes {
	struct take *first;
	uint64_t ids;
	uv_timer_t soon; /* answers leave from the loop, not from within a call */
};

void
gate_takes_open(struct gate *g)
{
	g->takes = mem_alloc(sizeof(*g->takes));
	g->bases = bases_new();
	uv_timer_init(&g->loop, &g->takes->soon);
	g->takes->soon.data = g;
}

static void
take_free(struct gate *g, struct take *t)
{
	g->held -= t->held;
	body_free(&t->body);
	buf_free(&t->text);
	buf_free(&t->answer);
	free(t);
}

static void
on_closed(uv_handle_t *handle)
{
	struct gate *g = handle->data;

	for (struct take *t = g->takes->first, *next; t != NULL; t = next) {
		next = t->next;
		take_free(g, t);
	}
	free(g->takes);
	bases_free(g->bases);
}

void
gate_takes_close(struct gate *g)
{
	uv_close((uv_handle_t *)&g->takes->soon, on_closed);
}

static struct take **
find(struct gate *g, uint64_t id)
{
	struct take **at = &g->takes->first;

	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

/* ---- answers ---- */

/* All that have an answer, out of the list first: whoever hears it may come back. */
static void
on_soon(uv_timer_t *timer)
{
	struct gate *g = timer->data;
	struct take **at = &g->takes->first, *ready = NULL, *t;

	while ((t = *at) != NULL) {
		if (t->status == 0) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		t->next = ready;
		ready = t;
	}
	for (; (t = ready) != NULL; take_free(g, t)) {
		ready = t->next;
		if (t->done != NULL)
			t->done(t->arg,
				&(struct gate_answer){
					.status = t->status,
					.retry_after = t->retry_after,
					.body = (const char *)t->answer.p,
					.len = t->answer.n,
				});
	}
}

static void
finish(struct gate *g, struct take *t, uint32_t status, uint32_t retry_after)
{
	t->status = status;
	t->retry_after = retry_after;
	uv_timer_start(&g->takes->soon, on_soon, 0, 0);
}

static void
fail(struct gate *g, struct take *t, uint32_t status, const char *error)
{
	buf_format(&t->answer, "{\"error\":\"%s\"}", error);
	finish(g, t, status, status == 503 ? GATE_RETRY : 0);
}

static void
put_json(struct buf *b, json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	if (text == NULL)
		die("out of memory");
	buf_text(b, text);
	free(text);
	json_decref(value);
}

/* From the lowest number to the highest of all that the upload held. */
static json_t *
span(const struct body *b)
{
	uint64_t from = UINT64_MAX, to = 0;

	if (b->nrecords + b->nrefused == 0)
		return json_null();

	for (uint32_t i = 0; i < b->nrecords + b->nrefused; i++) {
		uint64_t seq = i < b->nrecords ? b->records[i].seq
					       : b->refused[i - b->nrecords].seq;

		from = seq < from ? seq : from;
		to = seq > to ? seq : to;
	}
	return json_pack("{sI sI}", "from", (json_int_t)from, "to", (json_int_t)to);
}

static void
put_receipt(struct take *t)
{
	json_t *refused = json_array(), *full = json_array();
	const struct body *b = &t->body;

	for (uint32_t i = 0; i < b->nrefused; i++)
		json_array_append_new(refused,
			json_pack("{sI ss}", "seq", (json_int_t)b->refused[i].seq, "reason",
				b->refused[i].reason));
	for (uint32_t i = 0; i < b->nfull; i++)
		json_array_append_new(full, json_integer((json_int_t)b->full[i]));
	put_json(&t->answer,
		json_pack("{so so so s[ss]}", "stored", span(b), "refused", refused, "full", full,
			"can", "delta", PLATEN_DICTIONARY_CAN));
}

/* ---- to the agent and back ---- */

static void
send_batch(struct gate *g, struct take *t, const struct gate_upload *u)
{
	size_t begun = wire_begin(&g->pipe.out, MSG_GATE_BATCH);

	gate_batch_put(&g->pipe.out,
		&(struct gate_batch){
			.id = t->id,
			.agent = u->agent,
			.how = u->how,
			.peer = u->peer,
			.customer = t->body.customer,
			.site = t->body.site,
			.version = u->version,
			.bytes = u->len,
			.n = t->body.nrecords,
			.records = t->body.records,
		});
	wire_end(&g->pipe.out, begun);
}

/* Records the agent would not have are refused like those that were bad. */
static void
add_scattered(struct body *b, const struct gate_kept *k)
{
	for (uint32_t i = 0; i < k->n; i++)
		if (k->fates[i] == FATE_SCATTERED)
			b->refused[b->nrefused++] = (struct refusal_line){ b->records[i].seq,
				"too many holes in the agent's numbers" };
}

bool
gate_kept(struct gate *g, struct wire *w)
{
	struct pool *pool = pool_new();
	struct gate_kept kept;
	bool ok = gate_kept_get(w, pool, &kept);
	struct take *t = ok ? *find(g, kept.id) : NULL;

	ok = ok && (t == NULL || kept.outcome != GATE_KEPT || kept.n == t->body.nrecords);
	if (ok && t != NULL && t->status == 0) {
		switch (kept.outcome) {
		case GATE_KEPT:
			add_scattered(&t->body, &kept);
			put_receipt(t);
			finish(g, t, 200, 0);
			break;
		case GATE_BUSY:
			fail(g, t, 503, "the gateway cannot write to its disk now");
			break;
		case GATE_FULL:
			fail(g, t, 503, "the gateway is full; its sinks are behind");
			t->retry_after = RETRY_FULL;
			break;
		}
	}
	pool_free(pool);
	return ok;
}

/* ---- taking ---- */

/* A receipt speaks of numbers: of a line without one nothing could be said. */
static bool
all_have_numbers(const struct body *b)
{
	for (uint32_t i = 0; i < b->nrefused; i++)
		if (b->refused[i].seq == 0)
			return false;
	return true;
}

static void
judge(struct gate *g, struct take *t, const struct gate_upload *u)
{
	uint32_t status = body_unpack(u->coding, u->body, u->len, g->settings.max_body, &t->text);

	if (status == 413) {
		fail(g, t, 413, "the upload is larger than this gateway takes");
		return;
	}
	if (status != 200) {
		fail(g, t, 400, "the upload cannot be unpacked: it is not whole");
		return;
	}
	if (!body_read(&t->body, u->agent, (const char *)t->text.p, t->text.n, g->settings.max_body,
		    g->bases)) {
		fail(g, t, 413, "the upload has more lines than this gateway takes");
		return;
	}
	if (!all_have_numbers(&t->body) ||
		t->body.nrecords + t->body.nrefused + t->body.nfull == 0) {
		fail(g, t, 400, "the upload is not JSON lines with a seq each");
		return;
	}
	t->held = t->text.n + t->body.bytes;
	g->held += t->held;
	if (t->body.nrecords > 0) {
		send_batch(g, t, u);
		return;
	}
	put_receipt(t);
	finish(g, t, 200, 0);
}

uint64_t
gate_take(struct gate *g, const struct gate_upload *u)
{
	struct take *t = mem_alloc(sizeof(*t));

	t->id = ++g->takes->ids;
	t->done = u->done;
	t->arg = u->arg;
	t->next = g->takes->first;
	g->takes->first = t;
	judge(g, t, u);
	return t->id;
}

void
gate_forget(struct gate *g, uint64_t upload)
{
	struct take *t = *find(g, upload);

	if (t != NULL)
		t->done = NULL;
}
