/* SPDX-License-Identifier: Apache-2.0 */
/* test_seal.c - sealed envelopes: keys, closing, opening, what is altered, what comes twice. */
#include "net/seal.h"
#include "net/seal_content.h"
#include "net/seal_window.h"
#include "store/counter.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define AGENT "0194d2c0-1234-7abc-8def-00112233aabb"
#define OTHER "0194d2c0-1234-7abc-8def-00112233aabc"

static struct seal_keys
keys_of(uint32_t id, const char *agent)
{
	struct seal_secret secret = { .id = id };
	uint8_t bytes[SEAL_AGENT_BYTES];
	struct seal_keys k;

	memset(secret.key, 7, sizeof(secret.key));
	assert_true(seal_agent_parse(agent, bytes));
	seal_keys_make(&k, &secret, bytes);
	return k;
}

static struct buf
closed(const struct seal_keys *k, enum seal_kind kind, const char *content)
{
	struct seal_counter c = { 5, 6 };
	struct buf out = { 0 };

	seal_close(k, kind, &c, 9, content, strlen(content), &out);
	return out;
}

/* ---- keys ---- */

static void
key_text(void **state)
{
	static const char *const bad[] = { "", ":", "1", "1:", "0:AAAA",
		"x:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
		"1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=",
		"4294967296:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
		"99999999999999999999:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=" };
	static const char good[] = "4294967295:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
	struct seal_secret s;
	char text[SEAL_KEY_TEXT + 6];
	struct why why;

	(void)state;
	assert_true(seal_secret_parse(good, &s, &why));
	assert_int_equal(s.id, UINT32_MAX);
	for (uint8_t i = 0; i < sizeof(s.key); i++)
		assert_int_equal(s.key[i], i);
	seal_secret_text(&s, text);
	assert_string_equal(text, good);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(seal_secret_parse(bad[i], &s, &why));
}

static void
agent_text(void **state)
{
	static const char *const bad[] = { "", "0194d2c0-1234-7abc-8def-00112233aab",
		"0194d2c0-1234-7abc-8def-00112233AABB", "0194d2c0x1234-7abc-8def-00112233aabb",
		"0194d2c01-234-7abc-8def-00112233aabb" };
	uint8_t bytes[SEAL_AGENT_BYTES];
	char text[UUID_TEXT];

	(void)state;
	assert_true(seal_agent_parse(AGENT, bytes));
	assert_int_equal(bytes[0], 1);
	assert_int_equal(bytes[15], 0xbb);
	seal_agent_text(bytes, text);
	assert_string_equal(text, AGENT);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(seal_agent_parse(bad[i], bytes));
}

static void
keys_differ(void **state)
{
	struct seal_keys a = keys_of(1, AGENT), b = keys_of(2, AGENT), c = keys_of(1, OTHER);
	uint8_t here[SEAL_DEVICE_BYTES], there[SEAL_DEVICE_BYTES];

	(void)state;
	assert_memory_not_equal(a.request, a.receipt, SEAL_KEY_BYTES);
	assert_memory_not_equal(a.request, a.device, SEAL_KEY_BYTES);
	assert_memory_not_equal(a.request, b.request, SEAL_KEY_BYTES);
	assert_memory_not_equal(a.request, c.request, SEAL_KEY_BYTES);
	seal_device(&a, "Kyocera:VD1", here);
	seal_device(&c, "Kyocera:VD1", there);
	assert_memory_not_equal(here, there, sizeof(here));
}

/* ---- envelopes ---- */

/* Every length comes back, padded so that few sizes are seen. */
static void
lengths(void **state)
{
	struct seal_keys k = keys_of(1, AGENT);
	struct seal_counter c = { 1, 0 };
	uint8_t *content = mem_alloc(70000);
	size_t sizes = 0, before = 0;

	(void)state;
	memset(content, 'x', 70000);
	for (size_t n = 0; n < 70000; n += n < 3000 ? 1 : 977) {
		struct buf out = { 0 }, again = { 0 };
		struct seal_head h;
		struct why why;

		c.count++;
		seal_close(&k, SEAL_BATCH, &c, 3, content, n, &out);
		assert_int_equal(out.n, seal_size(n));
		assert_true(out.n >= before && out.n - n < 128 + 128 + n / 8);
		sizes += out.n != before;
		before = out.n;
		assert_int_equal(seal_whole(out.p), out.n);
		assert_true(seal_open(&k, out.p, out.n, &h, &again, &why));
		assert_int_equal(again.n, n);
		assert_memory_equal(again.p != NULL ? again.p : content, content, n);
		assert_true(h.kind == SEAL_BATCH && h.key == 1 && h.session == 3);
		assert_true(h.counter.block == 1 && h.counter.count == c.count);
		buf_free(&out);
		buf_free(&again);
	}
	assert_true(sizes < 120);
	assert_int_equal(seal_size(0), SEAL_LEAST);
	assert_true(seal_size(SEAL_DATAGRAM_CONTENT) <= SEAL_DATAGRAM);
	assert_true(seal_size(SEAL_DATAGRAM_CONTENT + 1) > SEAL_DATAGRAM);
	assert_true(seal_size(SEAL_CONTENT_MOST) <= SEAL_MOST);
	free(content);
}

/* One bit at any place, a byte less or more: nothing comes out. */
static void
altered(void **state)
{
	struct seal_keys k = keys_of(1, AGENT);
	struct buf out = closed(&k, SEAL_URGENT, "{\"seq\":1}"), content = { 0 };
	struct seal_head h;
	struct why why;

	(void)state;
	for (size_t bit = 0; bit < out.n * 8; bit++) {
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_false(seal_open(&k, out.p, out.n, &h, &content, &why));
		assert_int_equal(content.n, 0);
		assert_true(why.text[0] != 0);
		out.p[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n < out.n; n++)
		assert_false(seal_open(&k, out.p, n, &h, &content, &why));
	assert_true(seal_open(&k, out.p, out.n, &h, &content, &why));
	buf_add(&out, "", 1);
	assert_false(seal_open(&k, out.p, out.n, &h, &content, &why));
	buf_free(&out);
	buf_free(&content);
}

static void
other_keys(void **state)
{
	struct seal_keys k = keys_of(1, AGENT), wrong = k, id = keys_of(2, AGENT),
			 agent = keys_of(1, OTHER);
	struct buf out = closed(&k, SEAL_URGENT, "x"), content = { 0 };
	struct seal_head h;
	struct why why;

	(void)state;
	wrong.request[31] ^= 1;
	assert_false(seal_open(&wrong, out.p, out.n, &h, &content, &why));
	assert_false(seal_open(&id, out.p, out.n, &h, &content, &why));
	assert_false(seal_open(&agent, out.p, out.n, &h, &content, &why));
	buf_free(&out);
	buf_free(&content);
}

/* A receipt answers one request, and is none itself whatever is written over its kind. */
static void
receipts(void **state)
{
	struct seal_keys k = keys_of(1, AGENT);
	struct seal_counter asked = { 5, 6 }, other = { 5, 7 };
	struct buf out = { 0 }, twin = { 0 }, content = { 0 },
		   request = closed(&k, SEAL_BATCH, "a");
	struct seal_head h;
	struct why why;

	(void)state;
	seal_receipt(&k, &asked, 77, "kept", 4, &out);
	seal_receipt(&k, &asked, 77, "kept", 4, &twin);
	assert_memory_not_equal(out.p + 24, twin.p + 24, 12);
	assert_true(seal_open_receipt(&k, &asked, out.p, out.n, &h, &content, &why));
	assert_int_equal(h.session, 77);
	assert_int_equal(content.n, 4);
	assert_memory_equal(content.p, "kept", 4);
	buf_clear(&content);
	assert_false(seal_open_receipt(&k, &other, out.p, out.n, &h, &content, &why));
	assert_false(seal_open_receipt(&k, &asked, request.p, request.n, &h, &content, &why));
	assert_int_equal(content.n, 0);
	for (uint8_t kind = SEAL_HELLO; kind < SEAL_RECEIPT; kind++) {
		out.p[3] = kind;
		assert_false(seal_open(&k, out.p, out.n, &h, &content, &why));
	}
	request.p[3] = SEAL_RECEIPT;
	assert_false(seal_open(&k, request.p, request.n, &h, &content, &why));
	buf_free(&out);
	buf_free(&twin);
	buf_free(&content);
	buf_free(&request);
}

/* ---- what stands inside ---- */

static void
contents(void **state)
{
	static const char *const bad[] = { "", "status: 200", "status: 200\n", "\n",
		"status: 99\n\n", "status: two\n\n", "status: 200\nretry-after: soon\n\n",
		"status: 200\ntype: \xff\n\n" };
	struct seal_upload up = { .type = "application/x-ndjson",
		.coding = "zstd",
		.key = AGENT "/1-2",
		.body = (const uint8_t *)"\n\nx",
		.n = 3 };
	struct seal_answer answer = { .status = 503, .retry_after = 30 }, back;
	struct seal_upload again;
	struct buf out = { 0 };
	struct why why;

	(void)state;
	seal_upload_put(&up, &out);
	assert_true(seal_upload_get(out.p, out.n, &again, &why));
	assert_string_equal(again.type, up.type);
	assert_string_equal(again.coding, up.coding);
	assert_string_equal(again.key, up.key);
	assert_int_equal(again.n, 3);
	assert_memory_equal(again.body, "\n\nx", 3);
	buf_clear(&out);
	seal_answer_put(&answer, &out);
	buf_clear(&out);
	buf_text(&out, "later: is known to another version\nstatus: 503\nretry-after: 30\n\n");
	assert_true(seal_answer_get(out.p, out.n, &back, &why));
	assert_true(back.status == 503 && back.retry_after == 30 && back.n == 0);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(seal_answer_get((const uint8_t *)bad[i], strlen(bad[i]), &back, &why));
	buf_free(&out);
}

/* ---- the window ---- */

static uint64_t session;

static enum seal_seen
take(struct seal_windows *w, uint8_t agent, uint64_t block, uint32_t count)
{
	struct seal_head h = { .kind = SEAL_URGENT,
		.key = 1,
		.agent = { agent },
		.counter = { block, count },
		.session = session };

	return seal_windows_take(w, &h, &session);
}

static void
window_edges(void **state)
{
	struct seal_windows *w = seal_windows_open(10);

	(void)state;
	session = 0;
	assert_int_equal(take(w, 1, 9, 5000), SEAL_AGAIN);
	assert_true(session != 0);
	assert_int_equal(take(w, 1, 9, 5000), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, 5000), SEAL_REPLAYED);
	assert_int_equal(take(w, 1, 9, 5000 - SEAL_WINDOW), SEAL_OLD);
	assert_int_equal(take(w, 1, 9, 5001 - SEAL_WINDOW), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, 5001 - SEAL_WINDOW), SEAL_REPLAYED);
	assert_int_equal(take(w, 1, 9, 5001), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, 5001 - SEAL_WINDOW), SEAL_OLD);
	/* Far ahead: all behind is forgotten, and what is within the window is fresh. */
	assert_int_equal(take(w, 1, 9, 9000), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, 5001), SEAL_OLD);
	assert_int_equal(take(w, 1, 9, 8999), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, 8999), SEAL_REPLAYED);
	assert_int_equal(take(w, 1, 9, UINT32_MAX), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, UINT32_MAX), SEAL_REPLAYED);
	/* A new block begins anew; the old one is over. */
	assert_int_equal(take(w, 1, 10, 0), SEAL_FRESH);
	assert_int_equal(take(w, 1, 10, 0), SEAL_REPLAYED);
	assert_int_equal(take(w, 1, 9, UINT32_MAX - 1), SEAL_OLD);
	/* Another agent has counters of its own. */
	assert_int_equal(take(w, 2, 9, 9000), SEAL_FRESH);
	seal_windows_close(w);
}

/* Every counter once, in any order, against the plainest bookkeeping. */
static void
window_by_chance(void **state)
{
	struct seal_windows *w = seal_windows_open(10);
	static bool seen[20000];
	uint32_t highest = 0, at;

	(void)state;
	memset(seen, 0, sizeof(seen));
	session = 0;
	take(w, 1, 1, 0);
	for (uint32_t i = 0; i < 100000; i++) {
		enum seal_seen got, want;

		at = random_below(3000) + i / 6;
		if (at >= COUNT(seen))
			break;
		want = i > 0 && highest >= at + SEAL_WINDOW ? SEAL_OLD
			: seen[at]                          ? SEAL_REPLAYED
							    : SEAL_FRESH;
		got = take(w, 1, 1, at);
		assert_int_equal(got, want);
		seen[at] = true;
		highest = at > highest ? at : highest;
	}
	seal_windows_close(w);
}

/* A receiver that forgot takes nothing that was recorded before. */
static void
forgetting(void **state)
{
	struct seal_windows *w = seal_windows_open(2), *anew;
	uint64_t before;

	(void)state;
	session = 0;
	take(w, 1, 9, 1);
	assert_int_equal(take(w, 1, 9, 1), SEAL_FRESH);
	before = session;
	anew = seal_windows_open(2);
	assert_int_equal(take(anew, 1, 9, 1), SEAL_AGAIN);
	assert_true(session != before);
	seal_windows_close(anew);
	session = before;
	/* Agents 2 and 3 push agent 1 out; what it said before names a session that is over. */
	assert_int_equal(take(w, 2, 1, 1), SEAL_FRESH);
	assert_int_equal(take(w, 3, 1, 1), SEAL_FRESH);
	assert_int_equal(take(w, 1, 9, 1), SEAL_AGAIN);
	assert_true(session != before);
	/* Who has a window keeps its session. */
	session = before;
	assert_int_equal(take(w, 2, 1, 1), SEAL_REPLAYED);
	assert_int_equal(take(w, 3, 1, 2), SEAL_FRESH);
	seal_windows_close(w);
}

/* ---- the counter on the disk ---- */

static void
put_file(const char *folder, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/seal.counter", folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
blocks(void **state)
{
	char folder[] = "/tmp/platen-counter.XXXXXX", command[160];
	uint64_t last = 0, block = 0;
	struct why why;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (int i = 0; i < 50; i++) {
		assert_true(counter_reserve(folder, &block, &why));
		assert_true(block > last);
		last = block;
	}
	assert_true(last >> 32 >= (uint64_t)clock_wall() - 60);
	/* The clock has gone back: the disk knows. */
	put_file(folder, "block 9223372036854775808\n");
	assert_true(counter_reserve(folder, &block, &why));
	assert_true(block == 9223372036854775809u);
	/* An older copy of the folder: time knows. */
	put_file(folder, "block 3\n");
	assert_true(counter_reserve(folder, &block, &why));
	assert_true(block >> 32 >= (uint64_t)clock_wall() - 60);
	put_file(folder, "nonsense\n");
	assert_true(counter_reserve(folder, &block, &why));
	put_file(folder, "block 18446744073709551615\n");
	assert_false(counter_reserve(folder, &block, &why));
	snprintf(command, sizeof(command), "%s/seal.counter", folder);
	assert_int_equal(unlink(command), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_false(counter_reserve(folder, &block, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_text),
		cmocka_unit_test(agent_text),
		cmocka_unit_test(keys_differ),
		cmocka_unit_test(lengths),
		cmocka_unit_test(altered),
		cmocka_unit_test(other_keys),
		cmocka_unit_test(receipts),
		cmocka_unit_test(contents),
		cmocka_unit_test(window_edges),
		cmocka_unit_test(window_by_chance),
		cmocka_unit_test(forgetting),
		cmocka_unit_test(blocks),
	};

	log_open("test", LOG_NOTHING);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
