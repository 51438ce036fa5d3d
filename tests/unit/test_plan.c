/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plan.c - what is remembered of each kind of printer: what scrapers ask grows
 * to the union, is shared by those that are asked alike, and has its limits; and
 * how it is told to a host.
 */
#include "message_read.h"
#include "printer/identify.h"
#include "printer/matches.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SCRAPERS 3

/* Objects and columns 1.3.6.N. */
static uint32_t subs[2000][4];
static struct platen_oid oids[2000];

static struct question
ask(enum question_kind kind, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < COUNT(oids); i++) {
		memcpy(subs[i], (uint32_t[]){ 1, 3, 6, i }, sizeof(subs[i]));
		oids[i] = (struct platen_oid){ subs[i], 4 };
	}
	return (struct question){ .kind = kind, .n = n, .oids = oids + first, .shape = "" };
}

/* The next one of an array; the last ends the list. */
static const struct news *
news_of(struct news *list, uint32_t n)
{
	for (uint32_t i = 0; i + 1 < n; i++)
		list[i].next = &list[i + 1];
	return list;
}

static void
a_plan_is_one_read(void **state)
{
	const struct question *who = identify_question(IDENTIFY_AGAIN);
	struct question a = ask(ASK_GET, 5, 2), b = ask(ASK_TABLE, 9, 2), c = ask(ASK_GET, 6, 2);
	struct question d = ask(ASK_TABLE, 6, 1);
	struct news list[] = { { 2, &a, NULL }, { 0, &b, NULL }, { 0, &c, NULL }, { 2, &d, NULL } };
	struct plans *all = plans_new(SCRAPERS);
	struct plan *p = plans_with(all, NULL, news_of(list, 4));
	static const uint32_t wanted[] = { 6, 7, 5, 9, 10, 6 };
	/* b's columns, c's objects; a's objects, d's column. */
	static const uint32_t at0[] = { 3, 4, 0, 1 }, at2[] = { 2, 0, 5 };

	(void)state;
	/* Who it is; objects by scraper, each once; then columns. */
	assert_int_equal(p->read.n, who->n + COUNT(wanted));
	assert_int_equal(p->read.nobjects, who->n + 3);
	assert_memory_equal(p->read.oids[1].sub, who->oids[1].sub, 4 * who->oids[1].n);
	for (uint32_t i = 0; i < COUNT(wanted); i++)
		assert_int_equal(p->read.oids[who->n + i].sub[3], wanted[i]);
	assert_null(p->scripts[1]);
	assert_int_equal(p->scripts[0]->n, 2);
	assert_int_equal(p->scripts[0]->questions[0].kind, ASK_TABLE);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(p->places[0][i], who->n + at0[i]);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(p->places[2][i], who->n + at2[i]);
	plan_drop(p);
	plans_free(all);
}

static void
plans_grow_and_are_shared(void **state)
{
	struct question a = ask(ASK_GET, 1, 1), b = ask(ASK_GET, 2, 1), c = ask(ASK_TABLE, 1, 1);
	struct news only_a[] = { { 0, &a, NULL } }, only_b[] = { { 0, &b, NULL } };
	struct news both[] = { { 0, &a, NULL }, { 0, &b, NULL }, { 0, &a, NULL } };
	struct news other[] = { { 1, &c, NULL } };
	struct plans *all = plans_new(SCRAPERS);
	struct plan *x = plans_with(all, NULL, only_a),
		    *y = plans_with(all, NULL, news_of(both, 3));
	struct plan *grown = plans_with(all, x, only_b), *same = plans_with(all, y, only_b);
	struct plan *more = plans_with(all, y, other);

	(void)state;
	assert_ptr_not_equal(x, y);
	/* The union: nothing that was asked once is lost, nothing stands twice. */
	assert_ptr_equal(grown, y);
	assert_ptr_equal(same, y);
	assert_int_equal(y->scripts[0]->n, 2);
	/* A script is shared where another scraper asks otherwise. */
	assert_ptr_not_equal(more, y);
	assert_ptr_equal(more->scripts[0], y->scripts[0]);
	assert_true(x->scripts[0]->number != y->scripts[0]->number);
	assert_string_not_equal(x->key, y->key);
	plan_drop(x);
	plan_drop(y);
	plan_drop(same);
	/* Still kept by one. */
	assert_int_equal(grown->scripts[0]->questions[1].oids[0].sub[3], 2);
	plan_drop(grown);
	plan_drop(more);
	plans_free(all);
}

/* Of who asks too many questions, too many objects, or too long ones there is no plan. */
static void
plans_have_limits(void **state)
{
	struct plans *all = plans_new(SCRAPERS);
	struct news list[PLATEN_MAX_QUESTIONS + 1];
	struct question q[PLATEN_MAX_QUESTIONS + 1];
	struct plan *p, *after;

	(void)state;
	for (uint32_t i = 0; i < COUNT(q); i++) {
		q[i] = ask(ASK_GET, i, 1);
		list[i] = (struct news){ 1, &q[i], NULL };
	}
	p = plans_with(all, NULL, news_of(list, PLATEN_MAX_QUESTIONS));
	assert_int_equal(p->scripts[1]->n, PLATEN_MAX_QUESTIONS);
	after = plans_with(all, p, &list[PLATEN_MAX_QUESTIONS]);
	assert_int_equal(after->read.n, 0);
	plan_drop(p);
	/* It stays so. */
	p = plans_with(all, after, &list[PLATEN_MAX_QUESTIONS]);
	assert_ptr_equal(p, after);
	plan_drop(p);
	plan_drop(after);
	/* Each of ten asks for other objects, together more than a read has. */
	for (uint32_t i = 0; i < 10; i++) {
		q[i] = ask(ASK_GET, 110 * i, 110);
		list[i] = (struct news){ i % SCRAPERS, &q[i], NULL };
	}
	p = plans_with(all, NULL, news_of(list, 9));
	assert_int_equal(p->read.n, identify_question(IDENTIFY_AGAIN)->n + 990);
	plan_drop(p);
	p = plans_with(all, NULL, news_of(list, 10));
	assert_int_equal(p->read.n, 0);
	plan_drop(p);
	/* Bytes of a script. */
	for (uint32_t i = 0; i < 50; i++) {
		q[i] = ask(ASK_GET, i, 50);
		list[i] = (struct news){ 0, &q[i], NULL };
	}
	p = plans_with(all, NULL, news_of(list, 50));
	assert_int_equal(p->read.n, 0);
	plan_drop(p);
	plans_free(all);
}

/* The table grows, and is emptied, while a visit is open that goes by what it said. */
static void
a_kept_plan_outlives_its_kind(void **state)
{
	static const uint8_t match[SCRAPERS] = { 1, 2, 3 };
	struct question q = ask(ASK_GET, 7, 1);
	struct news news[] = { { 0, &q, NULL } };
	struct matches *m = matches_new(SCRAPERS);
	struct plan *p;

	(void)state;
	matches_learn(m, 1, news);
	assert_null(matches_plan(m, 1));
	matches_put(m, 1, match);
	matches_learn(m, 1, news);
	p = matches_plan(m, 1);
	assert_non_null(p);
	plan_keep(p);
	for (uint64_t key = 2; key < 1000; key++)
		matches_put(m, key, match);
	assert_ptr_equal(matches_plan(m, 1), p);
	assert_null(matches_plan(m, 2));
	/* Once more, as of a visit that began before it was known. */
	matches_put(m, 1, match);
	assert_ptr_equal(matches_plan(m, 1), p);
	for (uint64_t key = 1000; key <= MATCHES_MOST + 1; key++)
		matches_put(m, key, match);
	assert_null(matches_plan(m, 1));
	assert_null(matches_find(m, 1));
	assert_int_equal(p->scripts[0]->questions[0].oids[0].sub[3], 7);
	plan_drop(p);
	matches_free(m);
}

/* ---- as it is told to a host ---- */

static struct question told_questions[2];
static const struct script told = { 9, 2, told_questions };

static const struct script *
kept(uint64_t number)
{
	return number == 9 ? &told : NULL;
}

static struct wire
frame(struct buf *b)
{
	struct wire w;

	wire_end(b, 0);
	assert_true(wire_frame(b->p, b->n, &w) > 0);
	return w;
}

static void
scripts_cross_the_pipe(void **state)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 };
	struct script s;
	struct wire w;
	uint32_t last = UINT32_MAX;

	(void)state;
	told_questions[0] = ask(ASK_GET, 3, 2);
	told_questions[1] = ask(ASK_TABLE, 4, 1);
	wire_begin(&b, MSG_HOST_SCRIPT);
	script_put(&b, &told);
	w = frame(&b);
	assert_true(script_get(&w, pool, &s));
	assert_int_equal(s.number, 9);
	assert_int_equal(script_find(&s, &told_questions[0], &last), 0);
	assert_int_equal(script_find(&s, &told_questions[0], &last), 0);
	assert_int_equal(script_find(&s, &told_questions[1], &last), 1);
	assert_int_equal(script_find(&s, &(struct question){ .kind = ASK_GET }, &last), -1);
	/* Cut anywhere, it is none. */
	for (size_t n = 0; n + 9 < b.n; n++) {
		struct wire cut = { .p = b.p + 8, .n = n };

		assert_false(script_get(&cut, pool, &s));
	}
	pool_free(pool);
	buf_free(&b);
}

/* Answers that are in no way right follow: so many numbers 0. */
static bool
crosses(uint64_t number, uint64_t known, uint32_t n, struct foreseen *f)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 };
	struct wire w;
	bool ok;

	wire_begin(&b, MSG_HOST_VISIT);
	wire_u64(&b, number);
	if (number != 0)
		wire_u64(&b, known);
	for (uint32_t i = 0; i < n; i++)
		wire_u64(&b, 0);
	w = frame(&b);
	ok = foreseen_get(&w, pool, kept, f);
	pool_free(pool);
	buf_free(&b);
	return ok;
}

static void
what_is_foreseen_is_checked(void **state)
{
	struct foreseen f;

	(void)state;
	/* Two objects that are absent, a table without rows. */
	assert_true(crosses(0, 0, 0, &f));
	assert_int_equal(f.known, 0);
	assert_int_equal(f.script->n, 0);
	assert_true(crosses(9, 0, 0, &f));
	assert_true(crosses(9, 1, 2, &f));
	assert_true(crosses(9, 2, 1, &f));
	assert_int_equal(f.known, 2);
	assert_true(crosses(9, 3, 3, &f));
	/* A script nobody told, answers that are missing, too many, to nothing. */
	assert_false(crosses(8, 1, 2, &f));
	assert_false(crosses(9, 3, 2, &f));
	assert_false(crosses(9, 1, 3, &f));
	assert_false(crosses(9, 4, 0, &f));
	assert_false(crosses(9, UINT64_MAX, 3, &f));
}

/* ---- what a lan role said becomes what a plugin is given ---- */

/* What it is given of the table's columns, and of all else, as text. */
static void
foreseen_is(struct foretold *f, const char *expected)
{
	struct pool *pool = pool_new();
	struct buf b = { 0 }, text = { 0 };
	struct foreseen heard;
	struct wire w;

	wire_begin(&b, MSG_HOST_VISIT);
	foretold_put(&b, f);
	w = frame(&b);
	assert_true(foreseen_get(&w, pool, kept, &heard));
	assert_int_equal(heard.known, f->known);
	for (uint32_t i = 0; i < f->script->n; i++)
		for (uint32_t k = 0; (heard.known >> i & 1) != 0 && k < heard.answers[i].n; k++) {
			const struct platen_bind *v = &heard.answers[i].binds[k];

			oid_format(v->oid.sub + 3, v->oid.n - 3, &text);
			buf_format(&text, v->type == PLATEN_ABSENT ? " - " : " %lld ",
				(long long)v->number);
		}
	assert_string_equal(text.p != NULL ? (char *)text.p : "", expected);
	/* Cut anywhere, it is none. */
	for (size_t n = 0; n + 5 < b.n; n++) {
		struct wire cut = { .p = b.p + 4, .n = n };

		assert_false(foreseen_get(&cut, pool, kept, &heard));
	}
	buf_free(&b);
	buf_free(&text);
	buf_free(&f->answers);
	f->known = 0;
	pool_free(pool);
}

/* A value of an object, or those of a column, at its rows; the number tells which it is. */
static void
put_cells(struct platen_bind *binds, const struct platen_oid *oid, const char *rows,
	struct pool *pool)
{
	for (; *rows != 0; rows++) {
		uint32_t at = (uint32_t)(*rows - '0');

		*binds++ = (struct platen_bind){
			.type = PLATEN_INTEGER,
			.oid = oid_join(pool, *oid, (struct platen_oid){ &at, 1 }),
			.number = 10 * oid->sub[3] + at,
		};
	}
}

static void
what_was_read_is_foreseen(void **state)
{
	/* Columns 4 to 8 and their rows. */
	static const char *const rows[] = { "12", "12", "", "2", "1" };
	struct pool *pool = pool_new();
	struct platen_bind binds[20];
	uint32_t counts[COUNT(rows)];
	struct answer a = answer_none(ASK_READ, PLATEN_OK);
	struct foretold f = { .script = &told };
	const struct got *got[3];

	(void)state;
	told_questions[0] = ask(ASK_GET, 1, 2);
	told_questions[1] = ask(ASK_TABLE, 4, 3);
	for (uint32_t i = 1; i <= 3; i++)
		binds[a.n++] = (struct platen_bind){
			.type = PLATEN_INTEGER,
			.oid = oids[i],
			.number = i,
		};
	for (uint32_t i = 0; i < COUNT(rows); i++) {
		put_cells(binds + a.n, &oids[4 + i], rows[i], pool);
		a.n += counts[i] = (uint32_t)strlen(rows[i]);
	}
	a.binds = binds;
	a.columns = oids + 4;
	a.counts = counts;
	a.ncounts = COUNT(rows);
	read_hear(pool, &a);
	/* Objects in another order than they were read in. */
	got[0] = &a.got[2];
	got[1] = &a.got[0];
	assert_true(foretold_read(&f, 0, got));
	foreseen_is(&f, "1 3 2 1 ");
	/* Columns alike, one of them without a row. */
	for (uint32_t i = 0; i < 3; i++)
		got[i] = &a.got[3 + i];
	assert_true(foretold_read(&f, 1, got));
	foreseen_is(&f, "4.1 41 5.1 51 6.1 - 4.2 42 5.2 52 6.2 - ");
	/* One ends before the others. */
	got[1] = &a.got[7];
	assert_true(foretold_read(&f, 1, got));
	foreseen_is(&f, "4.1 41 5.1 81 6.1 - 4.2 42 5.2 - 6.2 - ");
	/* None has any. */
	got[0] = got[1] = got[2];
	assert_true(foretold_read(&f, 1, got));
	foreseen_is(&f, "");
	/* One with a hole: that takes whole rows. */
	got[0] = &a.got[3];
	got[1] = &a.got[6];
	assert_false(foretold_read(&f, 1, got));
	assert_int_equal(f.known, 0);
	a = answer_none(ASK_TABLE, PLATEN_OK);
	a.binds = binds;
	for (const char *row = "12"; *row != 0; row++, a.n += 3) {
		put_cells(&binds[a.n], &oids[4], (char[]){ *row, 0 }, pool);
		binds[a.n + 1] = binds[a.n + 2] = (struct platen_bind){ .type = PLATEN_ABSENT };
	}
	put_cells(&binds[4], &oids[5], "2", pool);
	foretold_answer(&f, 1, &a);
	foreseen_is(&f, "4.1 41 5.1 - 6.1 - 4.2 42 5.2 52 6.2 - ");
	pool_free(pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_is_one_read),
		cmocka_unit_test(plans_grow_and_are_shared),
		cmocka_unit_test(plans_have_limits),
		cmocka_unit_test(a_kept_plan_outlives_its_kind),
		cmocka_unit_test(scripts_cross_the_pipe),
		cmocka_unit_test(what_is_foreseen_is_checked),
		cmocka_unit_test(what_was_read_is_foreseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
