/* SPDX-License-Identifier: Apache-2.0 */
/*
 * https_seal.c - a parcel to a server that is reached by http:// only: sealed, and
 * so is its answer; see https.h and sdk/ENVELOPE.
 *
 * The server's session is asked for first where it is not known; a server that
 * began anew meanwhile says so, and the parcel is sealed once more.
 */
#include "net/https.h"

#include <string.h>

#define ASKS_MOST 4 /* requests of one try */

bool
https_seal(struct https_try *t, struct why *why)
{
	const struct parcel *parcel = &t->errand->parcel;
	uint64_t session = t->server->session;
	struct seal_upload upload = { .body = parcel->body, .n = parcel->n };
	struct buf content = { 0 };
	bool ok;

	t->asked = session == 0 ? SEAL_HELLO : SEAL_BATCH;
	if (t->asks++ == ASKS_MOST)
		return why_set(why, "it asks for the same again and again");
	if (parcel->n > SEAL_CONTENT_MOST - sizeof(upload))
		return why_set(why, "%zu bytes are more than a sealed envelope carries", parcel->n);
	if (!sealer_agent(t->place->sealer, parcel->agent, why))
		return false;
	if (t->asked == SEAL_BATCH) {
		text_copy(upload.type, sizeof(upload.type), parcel->type);
		text_copy(upload.coding, sizeof(upload.coding), parcel->coding);
		text_copy(upload.key, sizeof(upload.key), parcel->key);
		seal_upload_put(&upload, &content);
	}
	ok = sealer_ask(t->place->sealer, t->asked, session, content.p, content.n, &t->sealed, why);
	buf_free(&content);
	return ok;
}

/* What a server says in clear, because it could not open what came. */
static const struct {
	long code;
	const char *what;
} refusals[] = {
	{ 400, "it says that this is no sealed envelope it knows" },
	{ 403,
		"it does not know the seal key, or has seen the envelope before; ask the dealer, "
		"and compare seal_key_file with `platen keys list` there" },
	{ 404, "there is nothing at this path" },
	{ 415, "it takes no sealed envelopes there" },
};

static void
say_refusal(long code, struct why *why)
{
	for (size_t i = 0; i < COUNT(refusals); i++)
		if (refusals[i].code == code) {
			why_set(why, "%s", refusals[i].what);
			return;
		}
	why_set(why, "it answered %ld, and not sealed", code);
}

enum https_unsealed
https_unseal(struct https_try *t, long *code, uint32_t *retry_after, struct why *why)
{
	struct seal_answer answer;
	struct buf content = { 0 };
	uint64_t session;
	enum sealer_got got = GOT_NOTHING;

	if (*code != 200)
		say_refusal(*code, why);
	else
		got = sealer_take(t->place->sealer, t->asked, &t->sealed.counter, t->body.p,
			t->body.n, &session, &answer, &content, why);
	buf_clear(&t->body);
	switch (got) {
	case GOT_NOTHING:
		/* Anybody on the way could have said so: nothing of it is believed. */
		*code = 0;
		break;
	case GOT_SESSION:
		t->server->session = session;
		break;
	case GOT_ANSWER:
		*code = (long)answer.status;
		*retry_after = answer.retry_after;
		buf_add(&t->body, answer.body, answer.n);
		break;
	}
	buf_free(&content);
	return got == GOT_SESSION   ? UNSEALED_ASK_AGAIN
		: got == GOT_ANSWER ? UNSEALED_ANSWER
				    : UNSEALED_NOTHING;
}
