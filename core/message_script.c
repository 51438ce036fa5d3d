/* SPDX-License-Identifier: Apache-2.0 */
/* message_script.c - scripts and foreseen answers, put on the wire and taken off it. */
#include "message_script.h"

void
script_put(struct buf *b, const struct script *s)
{
	wire_u64(b, s->number);
	wire_u64(b, s->n);
	for (uint32_t i = 0; i < s->n; i++)
		question_put(b, &s->questions[i]);
}

bool
script_get(struct wire *w, struct pool *pool, struct script *s)
{
	struct question *questions;

	*s = (struct script){ .number = wire_get_u64(w) };
	s->n = wire_get_max(w, PLATEN_MAX_QUESTIONS);
	s->questions = questions = pool_alloc(pool, (s->n + 1) * sizeof(*questions));
	for (uint32_t i = 0; i < s->n; i++)
		if (!question_get(w, pool, &questions[i]) || !question_is_snmp(&questions[i]))
			return false;
	return wire_ended(w) && s->number != 0;
}

int32_t
script_find(const struct script *s, const struct question *q, uint32_t *last)
{
	for (uint32_t n = 0, i = *last + 1; n < s->n; n++, i++) {
		i = i < s->n ? i : 0;
		if (question_same(&s->questions[i], q)) {
			*last = i;
			return (int32_t)i;
		}
	}
	return -1;
}

static bool
is_known(const struct foreseen *f, uint32_t i)
{
	return (f->known >> i & 1) != 0;
}

void
foreseen_put(struct buf *b, const struct foreseen *f)
{
	wire_u64(b, f != NULL ? f->script->number : 0);
	if (f == NULL)
		return;
	wire_u64(b, f->known);
	for (uint32_t i = 0; i < f->script->n; i++)
		if (is_known(f, i))
			answer_to_put(b, &f->script->questions[i], &f->answers[i]);
}

bool
foreseen_get(struct wire *w, struct pool *pool, const struct script *(*kept)(uint64_t number),
	struct foreseen *f)
{
	static const struct script nothing;
	uint64_t number = wire_get_u64(w);
	struct answer *answers;

	*f = (struct foreseen){ .script = number != 0 ? kept(number) : &nothing };
	if (number == 0 || f->script == NULL)
		return wire_ended(w) && f->script != NULL;
	f->known = wire_get_u64(w);
	f->answers = answers = pool_alloc(pool, (f->script->n + 1) * sizeof(*answers));
	for (uint32_t i = 0; i < f->script->n; i++)
		if (is_known(f, i) &&
			(!answer_to_get(w, pool, &f->script->questions[i], &answers[i]) ||
				answers[i].kind != f->script->questions[i].kind))
			return false;
	return wire_ended(w) && (f->script->n == 64 || f->known >> f->script->n == 0);
}
