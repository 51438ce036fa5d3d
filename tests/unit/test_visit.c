/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_visit.c - a printer of a kind that was visited before is read ahead of its
 * plugins: in one read, to the same record, and whatever goes wrong with that read
 * becomes what it was without.
 */
#include "message_read.h"
#include "printer/capture.h"
#include "visit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

enum mode { RIGHT, SILENT, FLAWED };

/* A lan role of recorded printers, one of which is there; the last has no serial number. */
static struct {
	struct lan lan; /* first: the visits know this */
	struct lan *printers[3];
	int there;
	enum mode mode;
	lan_answer_fn *fn;
	void *arg;
	uv_loop_t loop;
	struct scrapers *scrapers;
	struct recorder recorder;
	struct visits *visits;
	uint32_t reads, wrong; /* of this visit; how many of them are of the mode, 0: all */
	int log;
	uint32_t places; /* that it gave to others */
	bool ahead; /* of the plugins: they had said nothing when the first read was asked */
	bool ready, over;
	enum visit_outcome outcome;
	struct printer printer;
	char *shape, *record;
} t;

static void
on_answer(void *arg, const struct answer *answer)
{
	struct got got[MAX_READ_OIDS];
	struct answer a = *answer;

	(void)arg;
	if (t.wrong > 0 && t.reads > t.wrong) {
		t.fn(t.arg, &a);
		return;
	}
	if (t.mode == SILENT)
		a = answer_none(ASK_READ, PLATEN_ENOANSWER);
	/* Not the first two, which say who it is. */
	if (t.mode == FLAWED) {
		memcpy(got, a.got, a.ngot * sizeof(*got));
		got[a.ngot - 1].status = PLATEN_EPARTIAL;
		a.got = got;
	}
	t.fn(t.arg, &a);
}

static uint64_t
lan_ask(struct lan *lan, const struct target *target, const struct question *q, lan_answer_fn *fn,
	void *arg)
{
	struct lan *there = t.printers[t.there];

	(void)lan;
	assert_int_equal(visits_asking(t.visits), 1);
	if (q->kind != ASK_READ)
		return there->ops->ask(there, target, q, fn, arg);
	if (t.reads++ == 0)
		t.ahead = lseek(t.log, 0, SEEK_END) == 0;
	t.fn = fn;
	t.arg = arg;
	return there->ops->ask(there, target, q, on_answer, NULL);
}

static void
lan_cancel(struct lan *lan, uint64_t id)
{
	(void)lan;
	t.printers[t.there]->ops->cancel(t.printers[t.there], id);
}

static void
on_ready(void *arg)
{
	(void)arg;
	t.ready = true;
}

/* What stands before the device is the record's own: its id and time. */
static void
on_made(void *arg, const char *json, const struct visited *v)
{
	(void)arg, (void)v;
	free(t.record);
	t.record = mem_string(strstr(json, "\"device\":"));
}

static void
on_free_place(void *arg)
{
	(void)arg;
	assert_int_equal(visits_asking(t.visits), 0);
	assert_int_equal(visits_open(t.visits), 1);
	t.places++;
}

static void
on_visited(void *arg, const struct visit_result *result)
{
	(void)arg;
	t.over = true;
	t.outcome = result->outcome;
	t.printer = *result->printer;
	if (result->shape != NULL) {
		free(t.shape);
		t.shape = mem_string(result->shape);
	}
}

/* Reads that it took. */
static uint32_t
visit(const struct printer *known)
{
	const struct printer p = *known;
	int said = dup(STDERR_FILENO);

	/* Each visit of the second plugin begins with a line. */
	t.log = memfd_create("log", 0);
	dup2(t.log, STDERR_FILENO);
	t.over = false;
	t.reads = t.places = 0;
	free(t.record);
	t.record = NULL;
	visit_start(t.visits, &p, t.shape, false, on_visited, NULL);
	while (!t.over)
		uv_run(&t.loop, UV_RUN_ONCE);
	assert_int_equal(visits_asking(t.visits), 0);
	dup2(said, STDERR_FILENO);
	close(said);
	close(t.log);
	return t.reads;
}

/* Captures need plugins of the build and the folder of the sources: else the test is skipped. */
static void
begin(const char *plugin)
{
	static const struct lan_ops ops = { .ask = lan_ask, .cancel = lan_cancel };
	static const char *const captures[] = {
		("plugins/kyocera/captures/kyocera-copies-and-prints/"
		 "kyocera-copies-and-prints.snmprec"),
		"plugins/brother/captures/mfc-color-laser/mfc-color-laser.snmprec",
		"plugins/oki/captures/c-does-not-add-up/c-does-not-add-up.snmprec",
	};
	const char *build = getenv("PLATEN_BUILD");
	char *mib = mem_format("%s/plugins/printer-mib.so", build != NULL ? build : "build");
	char *other = mem_format("%s/%s.so", build != NULL ? build : "build", plugin);
	const char *files[] = { mib, other, NULL };
	struct why why = { "" };

	if (access(mib, R_OK) != 0 || access(other, R_OK) != 0 || access(captures[0], R_OK) != 0)
		skip();
	memset(&t, 0, sizeof(t));
	t.lan.ops = &ops;
	uv_loop_init(&t.loop);
	for (size_t i = 0; i < COUNT(captures); i++)
		if ((t.printers[i] = capture_open(&t.loop, captures[i], &why)) == NULL)
			fail_msg("%s", why.text);
	t.recorder.config = config_read(NULL, NULL, NULL);
	t.recorder.made = on_made;
	t.shape = mem_string("");
	t.scrapers = scrapers_open(&t.loop, t.recorder.config, SCRAPERS_HERE, files, on_ready, NULL,
		&why);
	if (t.scrapers == NULL)
		fail_msg("%s", why.text);
	t.visits = visits_new(&t.loop, &t.lan, t.scrapers, &t.recorder);
	visits_when_free(t.visits, on_free_place, NULL);
	while (!t.ready)
		uv_run(&t.loop, UV_RUN_ONCE);
	free(mib);
	free(other);
}

static void
end(void)
{
	scrapers_close(t.scrapers);
	visits_free(t.visits);
	for (size_t i = 0; i < COUNT(t.printers); i++)
		capture_close(t.printers[i]);
	uv_run(&t.loop, UV_RUN_DEFAULT);
	uv_loop_close(&t.loop);
	config_free((struct config *)(uintptr_t)t.recorder.config);
	free(t.shape);
	free(t.record);
}

static const struct printer stranger = { .address = "192.0.2.7", .port = 161 };

static void
a_known_kind_is_read_once(void **state)
{
	struct printer known;
	char *first;

	(void)state;
	begin("tests/bad/honest");
	visit(&stranger);
	assert_int_equal(t.outcome, VISIT_READ);
	assert_false(t.ahead);
	assert_int_equal(t.places, 0);
	first = mem_string(t.record);
	known = t.printer;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(visit(&known), 1);
		assert_int_equal(t.places, 1);
		assert_true(t.ahead);
		assert_int_equal(t.outcome, VISIT_READ);
		assert_string_equal(t.record, first);
	}
	/* One that is not known yet, of a kind that is. */
	assert_int_equal(visit(&stranger), 1);
	assert_true(t.ahead);
	assert_string_equal(t.record, first);
	free(first);
	end();
}

static void
what_goes_wrong_with_the_read_is_told(void **state)
{
	struct printer known;
	char *first;

	(void)state;
	begin("tests/bad/honest");
	visit(&stranger);
	first = mem_string(t.record);
	known = t.printer;
	t.mode = SILENT;
	visit(&known);
	assert_int_equal(t.outcome, VISIT_SILENT);
	assert_null(t.record);
	t.mode = FLAWED;
	assert_int_equal(visit(&known), 1);
	assert_int_equal(t.outcome, VISIT_READ);
	assert_non_null(strstr(t.record, "plugin printer-mib: the printer stopped making sense"));
	assert_null(strstr(t.record, "plugin honest"));
	t.mode = RIGHT;
	assert_int_equal(visit(&known), 1);
	assert_string_equal(t.record, first);
	free(first);
	end();
}

/* An answer that was lost must not give it a name that it has not got. */
static void
a_stranger_whose_name_is_lost_is_asked_again(void **state)
{
	char *first;

	(void)state;
	begin("tests/bad/honest");
	t.there = 2;
	visit(&stranger);
	first = mem_string(t.record);
	t.mode = SILENT;
	for (t.wrong = 1; t.wrong <= 3; t.wrong++) {
		assert_true(visit(&stranger) > t.wrong);
		assert_int_equal(t.outcome, VISIT_READ);
		assert_string_equal(t.record, first);
	}
	/* But not for ever: it may be all that this one ever says. */
	t.wrong = 0;
	assert_in_range(visit(&stranger), 4, 16);
	assert_int_equal(t.outcome, VISIT_READ);
	assert_non_null(strstr(t.record, "\"kind\":\"partial\""));
	free(first);
	end();
}

/* Nothing that was read of one is told of another. */
static void
another_printer_at_the_address(void **state)
{
	struct printer known;
	char *first, *other;

	(void)state;
	begin("tests/bad/honest");
	t.there = 1;
	visit(&stranger);
	other = mem_string(t.record);
	free(t.shape);
	t.shape = mem_string("");
	t.there = 0;
	visit(&stranger);
	first = mem_string(t.record);
	known = t.printer;
	assert_string_not_equal(first, other);
	t.there = 1;
	visit(&known);
	assert_int_equal(t.outcome, VISIT_READ);
	assert_non_null(strstr(t.record, "\"kind\":\"swap\""));
	*strstr(t.record, "\"notes\"") = 0;
	*strstr(other, "\"notes\"") = 0;
	assert_string_equal(t.record, other);
	t.there = 0;
	free(first);
	free(other);
	end();
}

/* It asks otherwise in each visit: it is answered rightly, and nobody else suffers. */
static void
what_cannot_be_foreseen_is_asked(void **state)
{
	struct printer known;
	uint32_t reads = 0;

	(void)state;
	begin("tests/bad/fickle");
	visit(&stranger);
	known = t.printer;
	for (int i = 0; i < 30; i++) {
		uint32_t n = visit(&known);

		assert_int_equal(t.outcome, VISIT_READ);
		assert_non_null(strstr(t.record, "\"meters\""));
		assert_null(strstr(t.record, "\"partial\""));
		assert_true(n <= 3);
		/* What it asks at first is all known by then; what comes of an answer is not. */
		reads += i < 20 ? 0 : n;
	}
	assert_true(reads <= 20);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_known_kind_is_read_once),
		cmocka_unit_test(what_goes_wrong_with_the_read_is_told),
		cmocka_unit_test(a_stranger_whose_name_is_lost_is_asked_again),
		cmocka_unit_test(another_printer_at_the_address),
		cmocka_unit_test(what_cannot_be_foreseen_is_asked),
	};

	log_open("test_visit", LOG_INFO);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
