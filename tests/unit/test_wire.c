/* SPDX-License-Identifier: Apache-2.0 */
/* test_wire.c - frames and fields: what was written is read, and nothing beyond it. */
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const uint32_t sub[] = { 1, 3, 6, 4294967295 };

static void
fill(struct buf *b)
{
	size_t begun = wire_begin(b, 77);

	wire_u64(b, UINT64_MAX);
	wire_i64(b, INT64_MIN);
	wire_text(b, "text");
	wire_text(b, NULL);
	wire_bytes(b, "\0\1\2", 3);
	wire_oid(b, (struct platen_oid){ .sub = sub, .n = COUNT(sub) });
	wire_end(b, begun);
}

/* Reads what fill() wrote; true when it was all there. */
static bool
drain(struct wire *w, struct pool *pool)
{
	struct platen_oid oid;
	const uint8_t *bytes;
	size_t n;

	if (wire_get_u64(w) != UINT64_MAX || wire_get_i64(w) != INT64_MIN ||
		strcmp(wire_get_text(w), "text") != 0 || strcmp(wire_get_text(w), "") != 0)
		return false;
	bytes = wire_get_bytes(w, &n);
	if (n != 3 || memcmp(bytes, "\0\1\2", 3) != 0)
		return false;
	oid = wire_get_oid(w, pool);
	return oid.n == COUNT(sub) && memcmp(oid.sub, sub, sizeof(sub)) == 0 && wire_ended(w);
}

static void
test_roundtrip(void **state)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 };
	struct wire w;
	int64_t first;

	(void)state;
	fill(&b);
	fill(&b);
	first = wire_frame(b.p, b.n, &w);
	assert_int_equal(first, b.n / 2);
	assert_int_equal(w.type, 77);
	assert_true(drain(&w, pool));
	assert_int_equal(wire_frame(b.p + first, b.n - (size_t)first, &w), first);
	assert_true(drain(&w, pool));
	buf_free(&b);
	pool_free(pool);
}

/* Cut anywhere, a frame is not there yet; its fields, cut anywhere, are bad and never more. */
static void
test_truncated(void **state)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 };
	struct wire whole, w;

	(void)state;
	fill(&b);
	wire_frame(b.p, b.n, &whole);
	for (size_t n = 0; n < b.n; n++)
		assert_int_equal(wire_frame(b.p, n, &w), 0);
	for (size_t n = 0; n < whole.n; n++) {
		/* In memory of its own, so that a byte too far is seen. */
		uint8_t *copy = mem_copy(whole.p, n);

		w = (struct wire){ .p = copy, .n = n };
		assert_false(drain(&w, pool));
		assert_false(wire_ended(&w) && n > 0);
		free(copy);
	}
	buf_free(&b);
	pool_free(pool);
}

/* Takes frames until there have been as many as *arg says. */
static bool
take_counted(void *arg, struct wire *w)
{
	struct pool *pool = pool_new();
	int *more = arg;

	assert_true(*more > 0);
	assert_int_equal(w->type, 77);
	assert_true(drain(w, pool));
	pool_free(pool);
	return --*more > 0;
}

/* Frames come in pieces of any size, each is taken once and nothing is held when all are. */
static void
test_fed(void **state)
{
	struct buf b = { 0 }, kept = { 0 };

	(void)state;
	for (int i = 0; i < 5; i++)
		fill(&b);
	for (size_t piece = 1; piece <= b.n; piece++) {
		int more = 6;

		for (size_t at = 0; at < b.n; at += piece) {
			size_t n = b.n - at < piece ? b.n - at : piece;
			uint8_t *copy = mem_copy(b.p + at, n);

			assert_true(wire_feed(&kept, copy, n, take_counted, &more));
			free(copy);
		}
		assert_int_equal(more, 1);
		assert_null(kept.p);
	}
	buf_free(&b);
}

/* Nothing is taken after what is no frame, nor after the last that is wanted. */
static void
test_fed_to_the_end(void **state)
{
	static const uint8_t nonsense[8] = { 0xFF, 0xFF, 0xFF, 0xFF, 1 };

	(void)state;
	for (size_t piece = 1; piece < 200; piece++) {
		struct buf b = { 0 }, kept = { 0 };
		bool ok = true;
		int more = 9;

		fill(&b);
		buf_add(&b, nonsense, sizeof(nonsense));
		for (size_t at = 0; ok && at < b.n; at += piece)
			ok = wire_feed(&kept, b.p + at, b.n - at < piece ? b.n - at : piece,
				take_counted, &more);
		assert_false(ok);
		assert_int_equal(more, 8);
		buf_free(&kept);
		b.n -= sizeof(nonsense);
		fill(&b);
		more = 1;
		assert_false(wire_feed(&kept, b.p, b.n, take_counted, &more));
		assert_int_equal(more, 0);
		buf_free(&kept);
		buf_free(&b);
	}
}

static void
test_bad(void **state)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 };
	struct wire w;
	size_t n;

	(void)state;
	/* Longer than any frame. */
	assert_int_equal(wire_frame((const uint8_t *)"\xff\xff\xff\xff\1\0\0\0", 8, &w), -1);

	/* No NUL, two NULs, none at the end, nothing at all. */
	for (size_t i = 0; i < 4; i++) {
		static const char *const texts[] = { "abc", "a\0b\0", "a\0b", "" };
		static const size_t sizes[] = { 3, 4, 3, 0 };

		buf_clear(&b);
		wire_bytes(&b, texts[i], sizes[i]);
		w = (struct wire){ .p = b.p, .n = b.n };
		assert_string_equal(wire_get_text(&w), "");
		assert_true(w.bad);
	}

	/* A number of other length; a number too large. */
	buf_clear(&b);
	wire_bytes(&b, "1234", 4);
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_int_equal(wire_get_u64(&w), 0);
	assert_true(w.bad);
	buf_clear(&b);
	wire_u64(&b, 6);
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_int_equal(wire_get_max(&w, 5), 0);
	assert_true(w.bad);

	/* An OID of no whole numbers, and one too long. */
	buf_clear(&b);
	wire_bytes(&b, "12345", 5);
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_int_equal(wire_get_oid(&w, pool).n, 0);
	assert_true(w.bad);
	buf_clear(&b);
	wire_bytes(&b, (uint8_t[4 * (PLATEN_MAX_SUBIDS + 1)]){ 0 }, 4 * (PLATEN_MAX_SUBIDS + 1));
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_int_equal(wire_get_oid(&w, pool).n, 0);
	assert_true(w.bad);

	/* A length beyond the end; once bad, always bad. */
	w = (struct wire){ .p = (const uint8_t *)"\xff\xff\xff\xff", .n = 4 };
	wire_get_bytes(&w, &n);
	assert_true(w.bad);
	assert_int_equal(n, 0);
	assert_string_equal(wire_get_text(&w), "");
	assert_false(wire_ended(&w));
	buf_free(&b);
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roundtrip),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_fed),
		cmocka_unit_test(test_fed_to_the_end),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
