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

/* What follows its frame by itself is of it all the same. */
static void
test_last_bytes_apart(void **state)
{
	static const char body[300] = "body";
	struct buf whole = { 0 }, apart = { 0 };
	size_t begun = wire_begin(&whole, 7);

	(void)state;
	wire_bytes(&whole, body, sizeof(body));
	wire_end(&whole, begun);
	begun = wire_begin(&apart, 7);
	wire_u64(&apart, sizeof(body));
	wire_end_with(&apart, begun, sizeof(body));
	buf_add(&apart, body, sizeof(body));
	assert_int_equal(apart.n, whole.n);
	assert_memory_equal(apart.p, whole.p, whole.n);
	buf_free(&whole);
	buf_free(&apart);
}

/* The least and the most that so many bytes say, read to the byte. */
static void
test_numbers(void **state)
{
	struct buf b = { 0 };
	struct wire w;

	(void)state;
	for (size_t n = 1; n <= 10; n++) {
		uint64_t most = n < 10 ? (1ULL << 7 * n) - 1 : UINT64_MAX;
		uint64_t least = n > 1 ? 1ULL << 7 * (n - 1) : 0;

		buf_clear(&b);
		wire_u64(&b, least);
		assert_int_equal(b.n, n);
		wire_u64(&b, most);
		assert_int_equal(b.n, 2 * n);
		w = (struct wire){ .p = b.p, .n = b.n };
		assert_true(wire_get_u64(&w) == least && wire_get_u64(&w) == most);
		assert_true(wire_ended(&w));
	}
	for (int64_t v = -64; v < 64; v++) {
		buf_clear(&b);
		wire_i64(&b, v);
		assert_int_equal(b.n, 1);
		w = (struct wire){ .p = b.p, .n = b.n };
		assert_int_equal(wire_get_i64(&w), v);
	}
	buf_free(&b);
}

/* Each number has one form. */
static void
test_bad_numbers(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = {
		{ "", 0 },
		{ "\x80", 1 }, /* it goes on, and does not */
		{ "\x80\0", 2 }, /* longer than it need be */
		{ "\xff\xff\x80\0", 4 },
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\2", 10 }, /* 65 bits */
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x80\1", 11 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint8_t *copy = mem_copy(bad[i].bytes, bad[i].n);
		struct wire w = { .p = copy, .n = bad[i].n };

		assert_int_equal(wire_get_u64(&w), 0);
		assert_true(w.bad);
		free(copy);
	}
}

/* One after the other, each with what it has in common with the one before. */
static void
test_oids(void **state)
{
	static const uint32_t a[] = { 1, 3, 6, 1, 1 }, c[] = { 1, 3, 6, 1, 2, 4294967295 },
			      d[] = { 2, 5 };
	const struct platen_oid oids[] = { { a, 5 }, { c, 6 }, { c, 6 }, { c, 4 }, { d, 2 },
		{ NULL, 0 }, { a, 1 } };
	struct pool *pool = pool_new();
	struct platen_oid before = { 0 };
	struct buf b = { 0 };
	struct wire w;

	(void)state;
	for (size_t i = 0; i < COUNT(oids); i++) {
		wire_oid_after(&b, before, oids[i]);
		before = oids[i];
	}
	assert_int_equal(b.n, 7 + 8 + 2 + 2 + 4 + 2 + 3);
	w = (struct wire){ .p = b.p, .n = b.n };
	before = (struct platen_oid){ 0 };
	for (size_t i = 0; i < COUNT(oids); i++) {
		before = wire_get_oid_after(&w, pool, before);
		assert_int_equal(oid_compare(before.sub, before.n, oids[i].sub, oids[i].n), 0);
	}
	assert_true(wire_ended(&w));
	buf_free(&b);
	pool_free(pool);
}

/* More in common than there is, too many, more than came, a sub-identifier beyond 32 bits. */
static void
test_bad_oids(void **state)
{
	static const uint32_t full[PLATEN_MAX_SUBIDS] = { 1, 3 };
	static const struct {
		uint32_t before;
		const char *bytes;
		size_t n;
	} bad[] = {
		{ 2, "\3\0", 2 },
		{ 0, "\1\0", 2 },
		{ PLATEN_MAX_SUBIDS, "\x80\1\1\1", 4 },
		{ 2, "\2\2\1", 3 },
		{ 2, "\2\1\x80\x80\x80\x80\x10", 7 },
	};
	struct pool *pool = pool_new();

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		uint8_t *copy = mem_copy(bad[i].bytes, bad[i].n);
		struct wire w = { .p = copy, .n = bad[i].n };

		wire_get_oid_after(&w, pool, (struct platen_oid){ full, bad[i].before });
		assert_true(w.bad);
		free(copy);
	}
	pool_free(pool);
}

static void
test_bad(void **state)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 };
	struct wire w;
	size_t n;

	(void)state;
	/* Longer than any frame; of a type that there is not. */
	assert_int_equal(wire_frame((const uint8_t *)"\xff\xff\xff\1", 4, &w), -1);
	assert_int_equal(wire_frame((const uint8_t *)"\1\0\0\0", 4, &w), -1);
	assert_int_equal(wire_frame((const uint8_t *)"\1\0\0\x80", 4, &w), -1);

	/* No NUL, two NULs, none at the end, a NUL alone. */
	for (size_t i = 0; i < 4; i++) {
		static const char *const texts[] = { "abc", "a\0b\0", "a\0b", "" };
		static const size_t sizes[] = { 3, 4, 3, 1 };

		buf_clear(&b);
		wire_bytes(&b, texts[i], sizes[i]);
		w = (struct wire){ .p = b.p, .n = b.n };
		assert_string_equal(wire_get_text(&w), "");
		assert_true(w.bad);
	}

	/* A number too large, and more things than bytes are left for. */
	buf_clear(&b);
	wire_u64(&b, 6);
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_int_equal(wire_get_max(&w, 5), 0);
	assert_true(w.bad);
	buf_add(&b, "12345678901", 11);
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_int_equal(wire_get_count(&w, 6, 2), 0);
	assert_true(w.bad);

	/* A length beyond the end; once bad, always bad. */
	w = (struct wire){ .p = (const uint8_t *)"\4abc", .n = 4 };
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
		cmocka_unit_test(test_last_bytes_apart),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_bad_numbers),
		cmocka_unit_test(test_oids),
		cmocka_unit_test(test_bad_oids),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
