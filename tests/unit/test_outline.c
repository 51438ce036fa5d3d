/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_outline.c - what many readers have in common changes nothing of what is asked:
 * printers of all shapes are asked the same by readers that share an outline and by
 * such that have one each, and what is shared does not grow without end.
 */
#include "printer/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* More rows than are remembered of a table, and more sets of them than are kept. */
#define MANY 200

static const uint32_t object[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 };
static const uint32_t odd[] = { 0, 45, 3 };
static const uint32_t columns[][8] = {
	{ 1, 3, 6, 1, 2, 1, 43, 1 },
	{ 1, 3, 6, 1, 2, 1, 43, 200 },
	{ 1, 3, 6, 1, 2, 1, 44, 3 },
	{ 1, 3, 6, 1, 2, 1, 43, 7 },
};
static const struct platen_oid oids[] = {
	{ object, COUNT(object) },
	{ odd, COUNT(odd) },
	{ columns[0], 8 },
	{ columns[1], 8 },
	{ columns[2], 8 },
	{ columns[3], 8 },
};

/* All is there as it was: a number each, and the end of a column far behind it. */
static struct reply
answer_to(const struct request *r, struct pool *pool)
{
	static const uint32_t behind[] = { 2, 0 };
	struct reply reply = { .n = r->n };

	reply.binds = pool_alloc(pool, (r->n + 1) * sizeof(*reply.binds));
	for (uint32_t i = 0; i < r->n; i++) {
		bool there = r->likely != NULL && r->likely[i].oid.n > 0;

		reply.binds[i] = bind_absent(there ? r->likely[i].oid
						   : (struct platen_oid){ behind, COUNT(behind) });
		reply.binds[i].type = PLATEN_INTEGER;
	}
	return reply;
}

static void
same_names(const struct name *a, const struct name *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(a[i].oid.n, b[i].oid.n);
		assert_int_equal(a[i].ncoded, b[i].ncoded);
		if (a[i].oid.n > 0)
			assert_memory_equal(a[i].oid.sub, b[i].oid.sub, 4 * (size_t)a[i].oid.n);
		if (a[i].ncoded > 0)
			assert_memory_equal(a[i].coded, b[i].coded, a[i].ncoded);
	}
}

/* What was written for a name is its OID. */
static void
written_right(const struct name *names, uint32_t n, struct pool *pool)
{
	for (uint32_t i = 0; i < n; i++) {
		struct name again = name_of(pool, names[i].oid);

		if (names[i].coded != NULL)
			same_names(&names[i], &again, 1);
	}
}

static uint32_t
read_both(struct outline *shared, const char *shape)
{
	struct question q = {
		.kind = ASK_READ, .n = COUNT(oids), .oids = oids, .nobjects = 2, .shape = shape
	};
	struct ability can[] = { ability_new(), ability_new() };
	struct pool *pool = pool_new();
	struct reader *a = reader_new(pool, &q, shared, &can[0]);
	struct reader *b = reader_new(pool, &q, outline_new(pool, &q), &can[1]);
	struct request ra, rb;
	uint32_t asked = 0;

	while (reader_next(a, &ra)) {
		struct reply reply = answer_to(&ra, pool);

		assert_true(reader_next(b, &rb));
		assert_int_equal(ra.kind, rb.kind);
		assert_int_equal(ra.n, rb.n);
		same_names(ra.names, rb.names, ra.n);
		written_right(ra.names, ra.n, pool);
		assert_int_equal(ra.likely == NULL, rb.likely == NULL);
		if (ra.likely != NULL)
			same_names(ra.likely, rb.likely, ra.n);
		asked += ra.n;
		reader_take(a, &reply);
		reader_take(b, &reply);
	}
	assert_false(reader_next(b, &rb));
	pool_free(pool);
	return asked;
}

static void
shared_or_not(void **state)
{
	static const struct {
		const char *shape;
		uint32_t asked; /* OIDs */
	} cases[] = {
		/* Two objects, two tables: four cells of each column, and the ends. */
		{ "5,5;1.1-4|5,5,5;7|5", 2 + 3 * 4 + 1 + 1 + 1 },
		{ "5,5;1.1-4|9,2,5;7|5", 2 + 3 * 4 + 1 + 1 + 1 },
		{ "5,5;1.1-4|5,5x5,5;7|5", 2 + 2 * 4 + 2 + 1 + 1 + 1 },
		{ "5,5;1.1-4|5,-,5;|-", 2 + 2 * 4 + 1 + 1 + 1 },
		{ "5,5;1.1-3+1.300+70000.4294967295|5,5,5;7|5", 2 + 3 * 5 + 1 + 1 + 1 },
		/* No shapes of this question: walked. */
		{ "5,5;1.1-4", 0 },
		{ "5,5;1.1-|5,5,5;7|5", 0 },
		{ "5,5;1.4+1.1|5,5,5;7|5", 0 },
		{ "5,5;1.1-4x|5,5,5;7|5", 0 },
		{ "5,5;1.1-200|5,5,5;7|5", 0 },
		{ "", 0 },
	};
	struct pool *pool = pool_new();
	const struct question q = {
		.kind = ASK_READ, .n = COUNT(oids), .oids = oids, .nobjects = 2, .shape = ""
	};
	struct outline *shared = outline_new(pool, &q);
	uint32_t walked = read_both(shared, "");

	(void)state;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < COUNT(cases); i++)
			assert_int_equal(read_both(shared, cases[i].shape),
				cases[i].asked > 0 ? cases[i].asked : walked);
	pool_free(pool);
}

/* Each printer has rows of its own, short and long. */
static void
all_are_different(void **state)
{
	struct pool *pool = pool_new();
	const struct question q = {
		.kind = ASK_READ, .n = COUNT(oids), .oids = oids, .nobjects = 2, .shape = ""
	};
	struct outline *shared = outline_new(pool, &q);
	size_t half = 0;

	(void)state;
	for (uint32_t i = 0; i < MANY; i++) {
		char *shape = mem_format("5,5;%u.%u-%u|5,5,5;1-%u|5", i + 1, i, 2 * i, i % 130 + 1);

		read_both(shared, shape);
		free(shape);
		if (i == MANY / 2)
			half = pool_size(pool);
	}
	assert_int_equal(pool_size(pool), half);
	assert_true(half < 128 << 10);
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shared_or_not),
		cmocka_unit_test(all_are_different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
