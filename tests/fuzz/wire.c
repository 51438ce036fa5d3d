/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.c - any bytes on a pipe: frames are taken one after the other, and each
 * is read as everything it could be, whatever its type says.
 *
 * What has been read is written again: a decoder may give only what an encoder
 * can say.
 */
#include "message.h"
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

static void
read_answer_to(struct wire w, struct pool *pool, const struct question *q, struct buf *out)
{
	struct answer a;

	if (!answer_to_get(&w, pool, q, &a))
		return;
	for (uint32_t i = 0; i < a.n; i++)
		if (a.binds[i].octets[a.binds[i].len] != 0)
			abort();
	if (a.body != NULL && a.body[a.len] != 0)
		abort();
	answer_to_put(out, q, &a);
}

static void
read_answer(struct wire w, struct pool *pool, struct buf *out)
{
	read_answer_to(w, pool, NULL, out);
}

static void
read_foreseen(struct wire w, struct pool *pool, struct buf *out)
{
	static const uint32_t sub[] = { 1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6 };
	static const struct platen_oid oids[] = { { sub, 11 }, { sub, 5 } };

	read_answer_to(w, pool, &(struct question){ .kind = ASK_TABLE, .n = 2, .oids = oids }, out);
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
	struct platen_reading r;
	struct why why;

	(void)pool;
	if (!reading_get(&w, &r, &why))
		return;
	if (!metric_check(&r, &why))
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
