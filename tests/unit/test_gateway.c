/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_gateway.c - what a gateway counts with: runs of numbers, the file of keys,
 * what passes between agent and role, and when somebody is silent.
 */
#include "message_gate.h"
#include "store/agents_db.h"
#include "store/keyfile.h"
#include "store/place_lines.h"
#include "store/seen.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define A "11111111-2222-4333-8444-555555555555"
#define B "21111111-2222-4333-8444-555555555555"

/* ---- runs of numbers ---- */

/* In any order, with any holes: the same as a row of yes and no. */
static void
seen_is_a_set(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 50; round++) {
		bool there[200] = { false };
		struct seen s = { 0 };
		uint64_t missing = 0, last = 0;

		for (uint32_t i = 0; i < round * 4; i++) {
			uint32_t n = random_below(198) + 1;

			seen_add(&s, n);
			there[n] = true;
		}
		for (uint32_t n = 1; n < 200; n++)
			assert_int_equal(seen_has(&s, n), there[n]);
		for (uint32_t i = 0; i < s.n; i++) {
			assert_true(s.runs[i].first <= s.runs[i].last);
			assert_true(i == 0 || s.runs[i].first > last + 1);
			missing += i == 0 ? 0 : s.runs[i].first - last - 1;
			last = s.runs[i].last;
		}
		assert_int_equal(seen_missing(&s), missing);
		seen_free(&s);
	}
}

static void
seen_knows_its_bound(void **state)
{
	struct seen s = { 0 };

	(void)state;
	for (uint64_t n = 10; n < 100; n += 10)
		seen_add(&s, n);
	assert_int_equal(s.n, 9);
	assert_false(seen_fits(&s, 5, 9));
	assert_true(seen_fits(&s, 11, 9)); /* joins the run before */
	assert_true(seen_fits(&s, 9, 9)); /* ... or behind */
	assert_true(seen_fits(&s, 10, 9)); /* is there already */
	assert_true(seen_fits(&s, 5, 10));
	seen_free(&s);
}

/* ---- lines of a file ---- */

static void
lines_come_late(void **state)
{
	static const char body[] =
		"{\"schema\":\"platen.reading/1\",\"agent\":\"" A "\",\"seq\":5}\n"
		"{\"schema\":\"platen.urgent/1\",\"agent\":\"" A "\",\"seq\":3}\n"
		"{\"schema\":\"platen.reading/1\",\"agent\":\"" B "\",\"seq\":5}\n";
	static const char late[] = "{\"schema\":\"platen.reading/1\",\"agent\":\"" A
				   "\",\"seq\":3}\n";
	struct held held = { 0 }, fresh = { 0 };
	struct runs out = { 0 };

	(void)state;
	assert_true(lines_new((const uint8_t *)body, sizeof(body) - 1, &held, &out, &fresh));
	assert_int_equal(out.bytes, sizeof(body) - 1);
	assert_int_equal(out.n, 1);
	assert_ptr_equal(out.runs[0].p, body);
	held_merge(&held, &fresh);
	held_free(&fresh);
	runs_free(&out);
	/* What comes again after a kill is there, urgent facts as well as readings. */
	assert_true(lines_new((const uint8_t *)body, sizeof(body) - 1, &held, &out, &fresh));
	assert_int_equal(out.n, 0);
	held_free(&fresh);
	/* A lower number than the highest is new all the same, and urgent facts are no reading. */
	assert_true(lines_new((const uint8_t *)late, sizeof(late) - 1, &held, &out, &fresh));
	assert_int_equal(out.n, 1);
	assert_ptr_equal(out.runs[0].p, late);
	assert_int_equal(out.runs[0].n, sizeof(late) - 1);
	held_merge(&held, &fresh);
	held_free(&fresh);
	runs_free(&out);
	assert_true(lines_new((const uint8_t *)late, sizeof(late) - 1, &held, &out, &fresh));
	assert_int_equal(out.n, 0);
	held_free(&held);
	held_free(&fresh);
	runs_free(&out);
}

/* What is new on both sides of what is there goes out in two pieces, as it lies. */
static void
lines_lie_around_one(void **state)
{
#define LINE(seq) "{\"schema\":\"platen.reading/1\",\"agent\":\"" A "\",\"seq\":" seq "}\n"
	static const char there[] = LINE("3"), body[] = LINE("2") LINE("3") LINE("4") LINE("5");
	struct held held = { 0 }, fresh = { 0 };
	struct runs out = { 0 };
	size_t one = strlen(there);

	(void)state;
	assert_true(lines_new((const uint8_t *)there, one, &held, &out, &fresh));
	held_merge(&held, &fresh);
	held_free(&fresh);
	runs_free(&out);
	assert_true(lines_new((const uint8_t *)body, 4 * one, &held, &out, &fresh));
	assert_int_equal(out.n, 2);
	assert_int_equal(out.bytes, 3 * one);
	assert_ptr_equal(out.runs[0].p, body);
	assert_int_equal(out.runs[0].n, one);
	assert_ptr_equal(out.runs[1].p, body + 2 * one);
	assert_int_equal(out.runs[1].n, 2 * one);
	held_free(&held);
	held_free(&fresh);
	runs_free(&out);
#undef LINE
}

/* A line as the agent writes it, one like it, and what is none. */
static void
lines_are_records(void **state)
{
#define HEAD "{\"schema\":\"platen.reading/1\",\"id\":\"" B "\",\"agent\":\"" A "\",\"seq\":"
	static const struct {
		const char *line;
		uint64_t seq; /* 0: it is refused */
	} lines[] = {
		{ HEAD "7,\"time\":\"t\"}\n", 7 },
		{ HEAD "7}\n", 7 },
		{ HEAD " 7 ,\"time\":\"t\"}\n", 7 },
		{ "{\"seq\":7,\"agent\":\"" A "\"}\n", 7 },
		{ HEAD "9223372036854775807,\"time\":\"t\"}\n", INT64_MAX },
		{ HEAD "9223372036854775808,\"time\":\"t\"}\n", 0 },
		{ HEAD "0,\"time\":\"t\"}\n", 0 },
		{ HEAD "-7,\"time\":\"t\"}\n", 0 },
		{ HEAD "7.5,\"time\":\"t\"}\n", 0 },
		{ HEAD "7,\"time\":\"t\n", 0 },
		{ HEAD "\n", 0 },
		{ HEAD "7,\"time\":\"t\"}", 0 },
		{ "{\"schema\":\"platen.reading/1\",\"agent\":\"" A "x\",\"seq\":7}\n", 0 },
		{ "\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct held held = { 0 }, fresh = { 0 };
		struct runs out = { 0 };
		bool ok = lines_new((const uint8_t *)lines[i].line, strlen(lines[i].line), &held,
			&out, &fresh);

		assert_int_equal(ok, lines[i].seq != 0);
		if (ok) {
			assert_int_equal(fresh.n, 1);
			assert_string_equal(fresh.holders[0].agent, A);
			assert_true(seen_has(&fresh.holders[0].seen[LINE_READING], lines[i].seq));
		}
		held_free(&fresh);
		runs_free(&out);
	}
}

/* ---- the file of keys ---- */

static void
keys_are_kept(void **state)
{
	char folder[] = "/tmp/platen-keys.XXXXXX", path[64], new[80];
	struct keyfile k, again;
	struct pool *pool = pool_new();
	struct gate_keys keys;
	struct stat st;
	struct why why;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/keys", folder);
	snprintf(new, sizeof(new), "%s.new", path);
	assert_true(keyfile_read(path, &k, &why));
	assert_int_equal(k.n, 0);
	k.entries = mem_alloc(2 * sizeof(*k.entries));
	k.n = 2;
	k.entries[0] =
		(struct keyfile_entry){ .key.id = 7, .key.agent = A, .when = 5, .name = "a name" };
	memset(k.entries[0].key.token, 0xAB, TOKEN_HASH);
	k.entries[1] = (struct keyfile_entry){ .key.id = 9, .key.agent = B, .revoked = true };
	assert_true(keyfile_write(path, &k, &why));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_not_equal(access(new, F_OK), 0);
	assert_true(keyfile_read(path, &again, &why));
	assert_memory_equal(again.master, k.master, sizeof(k.master));
	assert_int_equal(again.n, 2);
	assert_string_equal(again.entries[0].name, "a name");
	assert_memory_equal(again.entries[0].key.token, k.entries[0].key.token, TOKEN_HASH);
	keys = keyfile_keys(&again, pool);
	assert_int_equal(keys.n, 1);
	assert_int_equal(keys.keys[0].id, 7);
	keyfile_free(&k);
	chmod(path, 0640);
	assert_false(keyfile_read(path, &k, &why));
	assert_non_null(strstr(why.text, "chmod 600"));
	keyfile_free(&again);
	unlink(path);
	rmdir(folder);
	pool_free(pool);
}

static void
broken_keys_are_refused(void **state)
{
	static const char *const bad[] = { "key 1 x", "master 12", "nonsense here",
		("key 1 " A " 00 1 n"), ("key 0 " A " 1 1"), ("revoked 1 " A) };
	char path[] = "/tmp/platen-keys.XXXXXX";
	int fd = mkstemp(path);
	struct keyfile k;
	struct why why;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		FILE *f = fopen(path, "w");

		fprintf(f, "# a remark\n%s\n", bad[i]);
		fclose(f);
		assert_false(keyfile_read(path, &k, &why));
		assert_non_null(strstr(why.text, ":2 is no line"));
	}
	assert_int_equal(truncate(path, 0), 0);
	assert_false(keyfile_read(path, &k, &why));
	assert_non_null(strstr(why.text, "master"));
	close(fd);
	unlink(path);
}

/* ---- what passes between agent and role ---- */

static struct wire
frame_of(const struct buf *b)
{
	struct wire w;

	assert_int_equal(wire_frame(b->p, b->n, &w), b->n);
	return w;
}

static void
batches_pass(void **state)
{
	struct gate_record r = { .kind = GATE_URGENT,
		.seq = 42,
		.time = -5,
		.device = "d",
		.label = "l",
		.urgent = true,
		.json = "{}",
		.len = 2 };
	struct gate_batch b = { .id = 9,
		.agent = A,
		.how = GATE_TCP,
		.peer = "::1",
		.customer = "c",
		.site = "s",
		.version = "v",
		.bytes = 77,
		.n = 1,
		.records = &r },
			  got;
	enum gate_fate fates[] = { FATE_KNOWN, FATE_SCATTERED };
	struct gate_kept k = { .id = 9, .outcome = GATE_KEPT, .n = 2, .fates = fates }, kept;
	struct pool *pool = pool_new();
	struct buf frame = { 0 };
	struct wire w;
	size_t at = wire_begin(&frame, MSG_GATE_BATCH);

	(void)state;
	gate_batch_put(&frame, &b);
	wire_end(&frame, at);
	w = frame_of(&frame);
	assert_true(gate_batch_get(&w, pool, &got));
	assert_int_equal(got.records[0].seq, 42);
	assert_int_equal(got.records[0].time, -5);
	assert_string_equal(got.records[0].json, "{}");
	assert_string_equal(got.version, "v");
	/* Any piece of it is refused, not believed. */
	for (size_t n = 0; n < w.n; n++) {
		w = frame_of(&frame);
		w.n = n;
		assert_false(gate_batch_get(&w, pool, &got));
	}
	buf_clear(&frame);
	at = wire_begin(&frame, MSG_GATE_KEPT);
	gate_kept_put(&frame, &k);
	wire_end(&frame, at);
	w = frame_of(&frame);
	assert_true(gate_kept_get(&w, pool, &kept));
	assert_int_equal(kept.fates[1], FATE_SCATTERED);
	buf_free(&frame);
	pool_free(pool);
}

/* ---- silence ---- */

static void
silence_is_told(void **state)
{
	const int64_t hour = 3600, now = 1000 * hour;

	(void)state;
	assert_false(is_silent(now, now - 7 * hour, 4 * hour));
	assert_true(is_silent(now, now - 9 * hour, 4 * hour));
	assert_false(is_silent(now, now - 25 * hour, 24 * hour));
	assert_true(is_silent(now, now - 27 * hour, 24 * hour));
	assert_false(is_silent(now, now - 25 * hour, 0)); /* nothing is usual yet */
	assert_true(is_silent(now, now - 27 * hour, 0));
	assert_false(is_silent(now, now - 50 * 60, 60)); /* minutes mean nothing */
	assert_true(is_silent(now, 0, 0)); /* never came */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seen_is_a_set),
		cmocka_unit_test(seen_knows_its_bound),
		cmocka_unit_test(lines_come_late),
		cmocka_unit_test(lines_lie_around_one),
		cmocka_unit_test(lines_are_records),
		cmocka_unit_test(keys_are_kept),
		cmocka_unit_test(broken_keys_are_refused),
		cmocka_unit_test(batches_pass),
		cmocka_unit_test(silence_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
