/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_seal.c - who sealed it, was it seen before, what is in it; see gate_seal.h.
 *
 * Nothing unproven is answered.  What is wrong with it is said in the log, so
 * often and not more: anybody can send nonsense.
 */
#include "net/gate_seal.h"

#include "net/seal_content.h"
#include "net/seal_window.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WINDOWS_MOST 100000 /* agents whose counters are known at one time */
#define LINES_A_MINUTE 30 /* in the log, about what was sent away */
#define LINES_EACH 3 /* ... of one address and agent */
#define FRAMES_A_MINUTE 6000 /* of one address, before anything is opened */
#define URGENT_A_MINUTE 3000 /* of one agent: a printer each */

struct sealed_take {
	struct gate *gate;
	struct seal_keys keys;
	struct seal_counter counter; /* of the request */
	enum seal_kind kind;
	uint64_t session;
	uint64_t upload; /* gate_take's */
	gate_sealed_fn *done;
	void *arg;
};

void
gate_seals_open(struct gate *g)
{
	g->windows = seal_windows_open(WINDOWS_MOST);
}

void
gate_seals_close(struct gate *g)
{
	seal_windows_close(g->windows);
	g->windows = NULL;
}

size_t
gate_sealed_most(const struct gate *g)
{
	size_t most = seal_size((size_t)g->settings.max_body);

	return most < SEAL_MOST ? most : SEAL_MOST;
}

/* ---- what is sent away ---- */

static bool
rate(struct gate *g, const char *what, const char *who, uint32_t a_minute)
{
	char name[128];

	snprintf(name, sizeof(name), "%s %s", what, who);
	return gate_rate_take(g, name, a_minute);
}

static enum gate_sealed_fate
send_away(struct gate *g, const struct gate_sealed *s, uint32_t code, uint32_t *status,
	const char *agent, const char *why)
{
	char each[UUID_TEXT + ADDRESS_TEXT];

	*status = code;
	snprintf(each, sizeof(each), "%s %s", s->peer, agent);
	if (rate(g, "line", each, LINES_EACH) && rate(g, "lines", "", LINES_A_MINUTE))
		pipe_log(&g->pipe, LOG_WARN, "%s: what %s sent%s%s %s", gate_how_word(s->how),
			s->peer, *agent != 0 ? " for agent " : "", agent, why);
	return SEALED_NOTHING;
}

/* ---- answers ---- */

/* Of what is no batch, the answer is no larger than the request. */
static void
put_answer(const struct sealed_take *t, const struct gate_answer *a, struct buf *out)
{
	struct seal_answer answer = { .status = a->status, .retry_after = a->retry_after };
	struct buf content = { 0 };

	if (t->kind == SEAL_BATCH) {
		text_copy(answer.type, sizeof(answer.type), "application/json");
		answer.body = (const uint8_t *)a->body;
		answer.n = a->len;
	}
	seal_answer_put(&answer, &content);
	seal_receipt(&t->keys, &t->counter, t->session, content.p, content.n, out);
	buf_free(&content);
}

/* Facts have one record: refused is refused, whatever the status. */
static uint32_t
status_of(const struct sealed_take *t, const struct gate_answer *a)
{
	json_t *receipt;
	uint32_t status = a->status;

	if (t->kind != SEAL_URGENT || status != 200)
		return status;
	receipt = json_loadb(a->body, a->len, 0, NULL);
	if (json_array_size(json_object_get(receipt, "refused")) > 0)
		status = 400;
	json_decref(receipt);
	return status;
}

static void
on_taken(void *arg, const struct gate_answer *a)
{
	struct sealed_take *t = arg;
	struct gate_answer said = *a;
	struct buf out = { 0 };

	said.status = status_of(t, a);
	put_answer(t, &said, &out);
	t->done(t->arg, out.p, out.n);
	buf_free(&out);
	explicit_bzero(&t->keys, sizeof(t->keys));
	free(t);
}

void
gate_sealed_forget(struct sealed_take *t)
{
	if (t == NULL)
		return;
	gate_forget(t->gate, t->upload);
	explicit_bzero(&t->keys, sizeof(t->keys));
	free(t);
}

/* ---- what is in it ---- */

static enum gate_coding
coding_of(const char *word)
{
	return strcmp(word, "zstd") == 0    ? CODING_ZSTD
		: strcmp(word, "gzip") == 0 ? CODING_GZIP
					    : CODING_NONE;
}

/* Fill u from the content; false: it makes no sense.  line holds what was made of it. */
static bool
read_content(const struct seal_head *h, const char *agent, const struct buf *content,
	struct buf *line, struct gate_upload *u, struct why *why)
{
	struct seal_upload up;

	if (h->kind == SEAL_URGENT) {
		if (!gate_urgent_line(agent, content->p, content->n, line, why))
			return false;
		u->body = line->p;
		u->len = line->n;
		return true;
	}
	if (!seal_upload_get(content->p, content->n, &up, why))
		return false;
	u->coding = coding_of(up.coding);
	if (strcmp(up.type, "application/x-ndjson") != 0 ||
		(u->coding == CODING_NONE && up.coding[0] != 0))
		return why_set(why, "is of a type or coding that is not known here");
	u->body = up.body;
	u->len = up.n;
	return true;
}

/* It is fresh and of that agent: have it kept. */
static enum gate_sealed_fate
give(struct gate *g, const struct gate_sealed *s, struct sealed_take *t, const char *agent,
	const struct seal_head *h, const struct buf *content, struct buf *out,
	struct sealed_take **taken)
{
	struct gate_upload u = { .agent = agent,
		.how = s->how,
		.peer = s->peer,
		.version = s->version,
		.done = on_taken };
	struct sealed_take *kept;
	struct buf line = { 0 };
	struct why why;
	uint32_t status;

	if (!read_content(h, agent, content, &line, &u, &why)) {
		send_away(g, s, 400, &status, agent, why.text);
		put_answer(t, &(struct gate_answer){ .status = 400 }, out);
		buf_free(&line);
		return SEALED_ANSWERED;
	}
	kept = mem_copy(t, sizeof(*t));
	u.arg = kept;
	kept->upload = gate_take(g, &u);
	*taken = kept;
	buf_free(&line);
	return SEALED_WAITS;
}

/* ---- is it to be taken? ---- */

/* May one of that kind come this way?  Datagrams are small, and their receipts smaller. */
static bool
fits_way(const struct seal_head *h, enum gate_how how, size_t n)
{
	switch (h->kind) {
	case SEAL_HELLO:
	case SEAL_URGENT:
		return n <= SEAL_DATAGRAM;
	case SEAL_BATCH:
		return how != GATE_UDP;
	case SEAL_RECEIPT:
		return false;
	}
	return false;
}

static enum gate_sealed_fate
judge(struct gate *g, const struct gate_sealed *s, struct sealed_take *t, const char *agent,
	const struct seal_head *h, const struct buf *content, struct buf *out, uint32_t *status,
	struct sealed_take **taken)
{
	bool batch = h->kind == SEAL_BATCH;

	if (!rate(g, batch ? "agent" : "urgent", agent,
		    batch ? g->settings.requests : URGENT_A_MINUTE))
		return send_away(g, s, 429, status, agent, "comes too often and is dropped");
	switch (seal_windows_take(g->windows, h, &t->session)) {
	case SEAL_AGAIN:
		put_answer(t,
			&(struct gate_answer){
				.status = h->kind == SEAL_HELLO ? 200 : SEAL_STATUS_AGAIN },
			out);
		return SEALED_ANSWERED;
	case SEAL_REPLAYED:
		return send_away(g, s, 403, status, agent,
			"has been here before and is dropped: somebody repeats it");
	case SEAL_OLD:
		return send_away(g, s, 403, status, agent,
			"counts further back than can be told apart and is dropped; was the "
			"agent's state restored while its clock was wrong?");
	case SEAL_FRESH:
		break;
	}
	return give(g, s, t, agent, h, content, out, taken);
}

enum gate_sealed_fate
gate_sealed(struct gate *g, const struct gate_sealed *s, struct buf *out, uint32_t *status,
	struct sealed_take **taken)
{
	struct sealed_take t = { .gate = g, .done = s->done, .arg = s->arg };
	struct seal_secret secret;
	struct buf content = { 0 };
	struct seal_head h;
	enum gate_sealed_fate fate;
	char agent[UUID_TEXT] = "";
	struct why why;

	if (!rate(g, "frames", s->peer, FRAMES_A_MINUTE))
		return send_away(g, s, 429, status, "", "comes too often and is dropped");
	if (!seal_head_read(s->p, s->n, &h, &why))
		return send_away(g, s, 400, status, "", why.text);
	if (!fits_way(&h, s->how, s->n))
		return send_away(g, s, 400, status, "", "does not come this way");
	seal_agent_text(h.agent, agent);
	if (gate_key_of(g, agent, h.key) == NULL || h.key == 0)
		return send_away(g, s, 403, status, agent,
			"is sealed with a key that is not known here (platen keys list)");
	secret.id = h.key;
	seal_secret_derive(g->keys.master, h.agent, &secret);
	seal_keys_make(&t.keys, &secret, h.agent);
	t.counter = h.counter;
	t.kind = h.kind;
	if (seal_open(&t.keys, s->p, s->n, &h, &content, &why))
		fate = judge(g, s, &t, agent, &h, &content, out, status, taken);
	else
		fate = send_away(g, s, 403, status, agent, why.text);
	explicit_bzero(&secret, sizeof(secret));
	explicit_bzero(&t.keys, sizeof(t.keys));
	buf_free(&content);
	return fate;
}
