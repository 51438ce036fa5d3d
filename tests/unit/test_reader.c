/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_reader.c - a printer that is known is read as it is, not as it was: with
 * every shape, of another state of it or damaged, the answer is the one that is
 * given without any.
 */
#include "printer/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Two objects; a table of three columns; a table of one. */
static const struct platen_oid oids[] = {
	PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 1, 0),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 5, 0),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4),
	PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9),
};

#define NOBJECTS 2

#define OBJECT(n, v) "1.3.6.1.2.1.1." #n ".0|4|" v "\n"
#define CELL(column, row, v) "1.3.6.1.2.1.43.11.1.1." #column ".1." #row "|2|" #v "\n"
#define ROW(row) CELL(6, row, 60##row) CELL(8, row, 80##row) CELL(9, row, 90##row)
#define BEYOND "1.3.6.1.2.1.43.13.1.1.1.1|2|7\n"

/* What a printer may be like from one reading to the next. */
static const char *const states[] = {
	OBJECT(1, "printer") OBJECT(5, "name") ROW(1) ROW(2) ROW(3) BEYOND,
	/* one more behind, before, between; one less; all others; none */
	OBJECT(1, "printer") OBJECT(5, "name") ROW(1) ROW(2) ROW(3) ROW(4) BEYOND,
	OBJECT(1, "printer") OBJECT(5, "name") ROW(2) ROW(3) BEYOND,
	OBJECT(1, "printer") OBJECT(5, "name") ROW(1) ROW(3) BEYOND,
	OBJECT(1, "printer") OBJECT(5, "name") ROW(1) ROW(2) BEYOND,
	OBJECT(1, "printer") OBJECT(5, "name") ROW(7) ROW(8) ROW(9) BEYOND,
	OBJECT(1, "printer") OBJECT(5, "name") BEYOND,
	/* an object, a column, one or more cells less; the very end of all it has */
	OBJECT(1, "printer") ROW(1) ROW(2) ROW(3) BEYOND,
	OBJECT(5, "name") ROW(1) ROW(2) ROW(3) BEYOND,
	OBJECT(1, "printer") CELL(6, 1, 1) CELL(6, 2, 2) CELL(8, 1, 3) CELL(8, 2, 4) BEYOND,
	OBJECT(1, "printer") CELL(6, 1, 1) CELL(8, 1, 3) CELL(8, 2, 4) CELL(9, 2, 5) BEYOND,
	OBJECT(1, "printer") CELL(6, 1, 1) CELL(6, 2, 2) CELL(8, 1, 3) BEYOND,
	OBJECT(1, "printer") CELL(8, 1, 3) CELL(8, 2, 4) CELL(9, 2, 5) BEYOND,
	OBJECT(1, "printer") OBJECT(5, "a much longer name") ROW(1) ROW(2),
	OBJECT(1, "printer") "1.3.6.1.2.1.43.12.1.1.4.1.1|4|black\n" BEYOND,
	"",
};

struct heard {
	char *text; /* the answer, for comparing */
	char *shape;
	uint32_t packets;
};

static void
put_bind(struct buf *out, const struct platen_bind *b)
{
	oid_format(b->oid.sub, b->oid.n, out);
	buf_format(out, "=%d:%lld:%.*s ", b->type, (long long)b->number, (int)b->len,
		(const char *)b->octets);
}

static void
on_answer(void *arg, const struct answer *a)
{
	struct heard *heard = arg;
	struct buf text = { 0 };

	assert_int_equal(a->kind, ASK_READ);
	assert_int_equal(a->ncounts, COUNT(oids) - NOBJECTS);
	buf_format(&text, "status %d ", a->status);
	for (uint32_t i = 0; i < a->ncounts; i++)
		buf_format(&text, "%u ", a->counts[i]);
	for (uint32_t i = 0; i < a->n; i++)
		put_bind(&text, &a->binds[i]);
	heard->text = buf_take(&text);
	heard->shape = mem_string(a->shape);
	heard->packets = a->packets;
}

/* A printer in this state, read by somebody who thinks it to be in that shape. */
static struct heard
heard_of(const char *state, const char *shape)
{
	static const struct target target = { .address = "127.0.0.1", .learned = "" };
	const struct question q = { .kind = ASK_READ,
		.n = COUNT(oids),
		.oids = oids,
		.nobjects = NOBJECTS,
		.shape = shape };
	char file[] = "/tmp/test_reader.XXXXXX";
	int fd = mkstemp(file);
	struct heard heard = { 0 };
	struct lan *lan;
	uv_loop_t loop;
	struct why why;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, state, strlen(state)), strlen(state));
	close(fd);
	uv_loop_init(&loop);
	lan = capture_open(&loop, file, &why);
	assert_non_null(lan);
	lan->ops->ask(lan, &target, &q, on_answer, &heard);
	uv_run(&loop, UV_RUN_DEFAULT);
	capture_close(lan);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	unlink(file);
	assert_non_null(heard.text);
	return heard;
}

static void
heard_free(struct heard *h)
{
	free(h->text);
	free(h->shape);
}

static void
read_is_what_is_there(void **unused)
{
	(void)unused;
	for (size_t was = 0; was < COUNT(states); was++) {
		struct heard before = heard_of(states[was], "");

		for (size_t is = 0; is < COUNT(states); is++) {
			struct heard fresh = heard_of(states[is], "");
			struct heard known = heard_of(states[is], before.shape), again;

			if (is != was && strcmp(fresh.text, known.text) != 0)
				print_message("state %zu was %zu, shape %s\n", is, was,
					before.shape);
			assert_string_equal(fresh.text, known.text);
			/* Nor does what was learned of that mislead. */
			again = heard_of(states[is], known.shape);
			assert_string_equal(fresh.text, again.text);
			heard_free(&again);
			heard_free(&fresh);
			heard_free(&known);
		}
		heard_free(&before);
	}
}

/* Whoever writes to the registry can spoil packets, not values. */
static void
read_bears_damaged_shapes(void **unused)
{
	struct heard whole = heard_of(states[0], ""), known;
	size_t n = strlen(whole.shape);

	(void)unused;
	for (size_t cut = 0; cut < n; cut++) {
		char *damaged = mem_string_n(whole.shape, cut);

		known = heard_of(states[0], damaged);
		assert_string_equal(known.text, whole.text);
		heard_free(&known);
		free(damaged);
	}
	for (size_t i = 0; i < n; i++)
		for (const char *c = "-09x.,;|+?z"; *c != 0; c++) {
			char *damaged = mem_string(whole.shape);

			damaged[i] = *c;
			known = heard_of(states[0], damaged);
			if (strcmp(known.text, whole.text) != 0)
				print_message("shape %s\n", damaged);
			assert_string_equal(known.text, whole.text);
			heard_free(&known);
			free(damaged);
		}
	heard_free(&whole);
}

static void
read_takes_few_packets(void **unused)
{
	static const struct {
		const char *state, *shape;
	} seen[] = {
		{ OBJECT(1, "printer") OBJECT(5, "name") ROW(1) ROW(2) ROW(3) BEYOND,
			"7,4;1.1-3|5,5,5;|-" },
		/* Any column may be the one that has all rows. */
		{ OBJECT(1, "printer") OBJECT(5, "name") CELL(6, 2, 1) CELL(8, 1, 2) CELL(8, 2, 3)
				BEYOND,
			"7,4;1.1-2|5x2,5,-;|-" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT(seen); i++) {
		struct heard first = heard_of(seen[i].state, "");
		struct heard known = heard_of(seen[i].state, first.shape);

		assert_string_equal(first.shape, seen[i].shape);
		/* One GET, of the objects and the cells; one GETNEXT, for the rows and ends. */
		assert_int_equal(known.packets, 2);
		heard_free(&first);
		heard_free(&known);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_is_what_is_there),
		cmocka_unit_test(read_bears_damaged_shapes),
		cmocka_unit_test(read_takes_few_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
