/* SPDX-License-Identifier: Apache-2.0 */
/* sealer.c - requests sealed and receipts opened, for one place; see sealer.h. */
#include "net/sealer.h"
#include "net/wan.h"

#include <stdlib.h>
#include <string.h>

struct sealer {
	struct wan_role *role;
	struct seal_secret secret;
	struct seal_keys keys;
	char agent[UUID_TEXT]; /* they are of; "" : none yet */
};

struct sealer *
sealer_open(struct wan_role *r, const char *text)
{
	struct sealer *s;
	struct why why;

	if (*text == 0)
		return NULL;
	s = mem_alloc(sizeof(*s));
	s->role = r;
	if (!seal_secret_parse(text, &s->secret, &why))
		die("the seal key %s", why.text); /* the agent has let it pass: cannot be */
	return s;
}

void
sealer_close(struct sealer *s)
{
	if (s == NULL)
		return;
	explicit_bzero(s, sizeof(*s));
	free(s);
}

void
sealed_free(struct sealed *s)
{
	buf_free(&s->bytes);
}

bool
sealer_agent(struct sealer *s, const char *agent, struct why *why)
{
	uint8_t bytes[SEAL_AGENT_BYTES];

	if (strcmp(s->agent, agent) == 0)
		return true;
	if (!seal_agent_parse(agent, bytes))
		return why_set(why, "\"%s\" is no agent's id", agent);
	seal_keys_make(&s->keys, &s->secret, bytes);
	text_copy(s->agent, sizeof(s->agent), agent);
	return true;
}

void
sealer_device(const struct sealer *s, const char *device, uint8_t out[static SEAL_DEVICE_BYTES])
{
	memset(out, 0, SEAL_DEVICE_BYTES);
	if (*device != 0)
		seal_device(&s->keys, device, out);
}

bool
sealer_ask(struct sealer *s, enum seal_kind kind, uint64_t session, const void *content, size_t n,
	struct sealed *out, struct why *why)
{
	struct wan_role *r = s->role;

	if (r->settings.block == 0)
		return why_set(why,
			"nothing can be sealed: no counters could be reserved in the "
			"state folder when this process began");
	/* Another process begins with a block of its own. */
	if (r->counted == UINT32_MAX)
		die("all counters of this process are used up");
	out->counter = (struct seal_counter){ r->settings.block, r->counted++ };
	buf_clear(&out->bytes);
	seal_close(&s->keys, kind, &out->counter, session, content, n, &out->bytes);
	return true;
}

enum sealer_got
sealer_take(const struct sealer *s, enum seal_kind asked, const struct seal_counter *counter,
	const uint8_t *p, size_t n, uint64_t *session, struct seal_answer *answer,
	struct buf *content, struct why *why)
{
	struct seal_head head;

	buf_clear(content);
	if (!seal_open_receipt(&s->keys, counter, p, n, &head, content, why) ||
		!seal_answer_get(content->p, content->n, answer, why))
		return GOT_NOTHING;
	*session = head.session;
	return asked == SEAL_HELLO || answer->status == SEAL_STATUS_AGAIN ? GOT_SESSION
									  : GOT_ANSWER;
}
