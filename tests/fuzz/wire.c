/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.c - any bytes on a pipe: frames are taken one after the other, and each
 * is read as everything it could be, whatever its type says.
 *
 * What has been read is written again: a decoder may give only what an encoder
 * can say.
 */
#include "message_read.h"
#include "message_script.h"
#include "metrics.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_question(struct wire w, struct pool *pool, struct buf *out)
{
	struct question q;

	if (!question_get(&w, pool, &q))
		return;
	if (q.kind == ASK_READ) {
		if (!question_unpack(&q, pool))
			return;
		question_pack(&q, pool);
	}
	question_put(out, &q);
	question_say(&q, out);
}

static const uint32_t sub[] = { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6 };
static const struct platen_oid oids[] = { { sub, 11 }, { sub, 5 } };
static const struct question questions[] = {
	{ .kind = ASK_GET, .n = 2, .oids = oids },
	{ .kind = ASK_TABLE, .n = 2, .oids = oids },
};
static const struct script script = { 1, COUNT(questions), questions };

/* What has been read of a printer goes on to a host in the bytes it came in. */
static void
read_got(const struct answer *a, struct pool *pool, struct buf *out)
{
	struct foretold told = { .script = &script };
	struct foreseen f = { .script = &script };
	const struct got *got[] = { a->got, a->got + 1 };
	struct wire w;

	for (uint32_t i = 0; i < a->ngot; i++)
		got_binds(&a->got[i], oids[i % 2], pool);
	if (a->nobjects == 2)
		foretold_read(&told, 0, got);
	else if (a->nobjects == 0 && a->ngot >= 2)
		foretold_read(&told, 1, got);
	foretold_put(out, &told);
	w = (struct wire){ .p = out->p, .n = out->n };
	wire_get_u64(&w);
	if (!foreseen_answers(&w, pool, &f) || f.known != told.known)
		abort();
	buf_free(&told.answers);
}

static void
read_answer(struct wire w, struct pool *pool, struct buf *out)
{
	struct answer a;

	if (!answer_get(&w, pool, &a))
		return;
	if (a.kind == ASK_READ) {
		read_got(&a, pool, out);
		return;
	}
	for (uint32_t i = 0; i < a.n; i++)
		if (a.binds[i].octets[a.binds[i].len] != 0)
			abort();
	if (a.body != NULL && a.body[a.len] != 0)
		abort();
	answer_put(out, &a);
}

/* As it comes to a host, whatever the lan role said. */
static void
read_foreseen(struct wire w, struct pool *pool, struct buf *out)
{
	struct foreseen f = { .script = &script };

	if (!foreseen_answers(&w, pool, &f))
		return;
	for (uint32_t i = 0; i < script.n; i++)
		if (f.known >> i & 1)
			answer_put(out, &f.answers[i]);
}

static void
read_target(struct wire w, struct pool *pool, struct buf *out)
{
	struct target t;

	(void)pool;
	if (target_get(&w, &t))
		target_put(out, &t);
}

static void
read_settings(struct wire w, struct pool *pool, struct buf *out)
{
	struct lan_settings s;

	if (lan_settings_get(&w, pool, &s))
		lan_settings_put(out, &s);
}

static void
read_device(struct wire w, struct pool *pool, struct buf *out)
{
	struct platen_device d;

	if (device_get(&w, pool, &d))
		device_put(out, &d);
}

static void
read_reading(struct wire w, struct pool *pool, struct buf *out)
{
	struct emitted r, again;
	struct why why;

	(void)pool;
	if (!reading_get(&w, &r, &why))
		return;
	again = emitted_of(&r.said);
	if (!metric_allows(&r, &why) || again.id != r.id || again.length != r.length ||
		again.plain != (r.plain || r.length == 0))
		abort(); /* it would not be said */
	reading_put(out, &r);
}

static void
read_manifest(struct wire w, struct pool *pool, struct buf *out)
{
	struct manifest m;

	if (!manifest_get(&w, pool, &m))
		return;
	for (uint32_t i = 0; i < m.noptions; i++)
		wire_text(out, m.options[i].value);
	for (uint32_t i = 0; i < m.nreach; i++)
		wire_text(out, m.reach[i]);
	for (uint32_t i = 0; i < m.nneeds; i++)
		wire_text(out, m.needs[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct wire, struct pool *, struct buf *) = {
		read_question,
		read_answer,
		read_foreseen,
		read_target,
		read_settings,
		read_device,
		read_reading,
		read_manifest,
	};
	struct wire w;
	int64_t n;

	while ((n = wire_frame(data, size, &w)) > 0) {
		for (size_t i = 0; i < COUNT(readers); i++) {
			struct pool *pool = pool_new();
			struct buf out = { 0 };

			readers[i](w, pool, &out);
			buf_free(&out);
			pool_free(pool);
		}
		data += n;
		size -= (size_t)n;
	}
	return 0;
}
