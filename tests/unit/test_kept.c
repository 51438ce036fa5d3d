/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_kept.c - what printers are read by is taken apart once and never another's:
 * with room, without, and when it is no question at all.
 */
#include "net/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* More than are kept. */
#define MANY 200

/* An ask of the agent: two objects, the second of them another for each number. */
static struct ask *
ask_number(struct role *r, uint32_t number)
{
	struct pool *pool = pool_new();
	struct ask *a = pool_alloc(pool, sizeof(*a));
	const uint32_t sub[] = { 1, 3, 6, 1, 2, 1, 1, number, 0 };
	const struct platen_oid oids[] = { { sub, 7 }, { sub, COUNT(sub) } };
	struct question q = { .kind = ASK_READ, .n = 2, .oids = oids, .nobjects = 1 };

	question_pack(&q, pool);
	a->pool = pool;
	a->q = (struct question){
		.kind = ASK_READ, .packed = q.packed, .npacked = q.npacked, .shape = "5;?"
	};
	assert_true(kept_take(r, a));
	return a;
}

static void
check(const struct ask *a, uint32_t number)
{
	assert_int_equal(a->q.n, 2);
	assert_int_equal(a->q.nobjects, 1);
	assert_int_equal(a->q.oids[0].n, 7);
	assert_int_equal(a->q.oids[1].n, 9);
	assert_int_equal(a->q.oids[1].sub[7], number);
	assert_string_equal(a->q.shape, "5;?");
}

static void
leave(struct ask *a)
{
	kept_leave(a);
	pool_free(a->pool);
}

static void
taken_apart_once(void **state)
{
	struct role r = { .pool = pool_new() };
	struct ask *a = ask_number(&r, 1), *b = ask_number(&r, 1), *c = ask_number(&r, 2);

	(void)state;
	check(a, 1);
	check(c, 2);
	assert_ptr_equal(a->q.oids, b->q.oids);
	leave(a);
	leave(c);
	check(b, 1);
	leave(b);
	kept_close(&r);
	pool_free(r.pool);
}

static void
more_than_there_is_room_for(void **state)
{
	struct role r = { .pool = pool_new() };
	struct ask *asks[MANY];

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) /* all in use */
		asks[i] = ask_number(&r, i);
	for (uint32_t i = 0; i < MANY; i++)
		check(asks[i], i);
	for (uint32_t i = 0; i < MANY; i++)
		leave(asks[i]);
	for (uint32_t i = 0; i < 2 * MANY; i++) { /* one after the other */
		struct ask *a = ask_number(&r, i);

		check(a, i);
		leave(a);
	}
	kept_close(&r);
	pool_free(r.pool);
}

static void
not_a_question(void **state)
{
	static const uint8_t nonsense[] = { 2, 0, 9, 1 };
	struct role r = { .pool = pool_new() };
	struct ask *good = ask_number(&r, 1);
	struct ask bad = { .pool = pool_new(),
		.q = { .kind = ASK_READ,
			.packed = nonsense,
			.npacked = sizeof(nonsense),
			.shape = "" } };

	(void)state;
	assert_false(kept_take(&r, &bad));
	bad.q.npacked = 0;
	assert_false(kept_take(&r, &bad));
	check(good, 1);
	pool_free(bad.pool);
	leave(good);
	kept_close(&r);
	pool_free(r.pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken_apart_once),
		cmocka_unit_test(more_than_there_is_room_for),
		cmocka_unit_test(not_a_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
