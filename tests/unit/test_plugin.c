/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plugin.c - plugins in this process, as replay has them: each question
 * answered once, each visit over once, whoever ends it and however it is ended.
 */
#include "process/worker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

/* What was heard of a plugin. */
static struct {
	uint64_t serial; /* of the last question */
	uint32_t asked, readings, done, lines;
	int32_t status;
	struct buf log;
	char text[200];
	uint32_t sent, settled, delivered;
	size_t body;
	int32_t verdict;
} heard;

static void
on_ask(void *arg, uint64_t visit, uint64_t serial, const struct question *q)
{
	(void)arg, (void)visit, (void)q;
	heard.asked++;
	heard.serial = serial;
}

static void
on_readings(void *arg, uint64_t visit, const struct emitted *r, uint32_t n)
{
	(void)arg, (void)visit;
	heard.readings += n;
	snprintf(heard.text, sizeof(heard.text), "%s", r->said.text ? r->said.text : "");
}

static void
on_done(void *arg, uint64_t visit, int32_t status)
{
	(void)arg, (void)visit;
	heard.done++;
	heard.status = status;
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	(void)arg, (void)visit, (void)level;
	heard.lines++;
	buf_format(&heard.log, "%s\n", line);
}

static void
on_send(void *arg, uint64_t delivery, uint64_t serial, const struct parcel *parcel)
{
	(void)arg, (void)delivery;
	heard.sent++;
	heard.serial = serial;
	heard.body = parcel->n;
}

static void
on_settle(void *arg, uint64_t delivery, uint32_t first, uint32_t n, int32_t verdict,
	uint32_t retry_after, const char *reason)
{
	(void)arg, (void)delivery, (void)first, (void)retry_after, (void)reason;
	heard.settled += n;
	heard.verdict = verdict;
}

static void
on_delivered(void *arg, uint64_t delivery, int32_t status)
{
	(void)arg, (void)delivery;
	heard.delivered++;
	heard.status = status;
}

static const struct worker_events events = {
	.ask = on_ask,
	.readings = on_readings,
	.done = on_done,
	.log = on_log,
	.send = on_send,
	.settle = on_settle,
	.delivered = on_delivered,
};

static const char *const services[] = { PLATEN_SNMP, PLATEN_HTTP, PLATEN_UPLOAD, NULL };

/* A plugin of the build, by its file without ".so"; skips the test when it is not built. */
static struct plugin *
load(const char *file, const struct option *options, uint32_t n, struct why *why)
{
	const char *build = getenv("PLATEN_BUILD");
	char *path = mem_format("%s/%s.so", build != NULL ? build : "build", file);
	struct plugin *p = NULL;
	int fd;

	buf_free(&heard.log);
	memset(&heard, 0, sizeof(heard));
	if (access(path, R_OK) != 0) {
		free(path);
		skip();
	}
	fd = plugin_open_file(path, why);
	if (fd >= 0) {
		p = plugin_load(fd, path, options, n, services, &events, NULL, why);
		close(fd);
	}
	free(path);
	return p;
}

static struct plugin *
load_good(const char *file)
{
	struct why why = { "" };
	struct plugin *p = load(file, NULL, 0, &why);

	if (p == NULL)
		fail_msg("%s", why.text);
	return p;
}

static bool
was_said(const char *text)
{
	return heard.log.p != NULL && strstr((const char *)heard.log.p, text) != NULL;
}

static const struct platen_device device = {
	.size = sizeof(device), .descr = "", .model = "", .device_id = ""
};

/* ---- visits ---- */

static const uint32_t uptime[] = { 1, 3, 6, 1, 2, 1, 1, 3, 0 };

static void
answer(struct plugin *p, uint64_t visit, uint64_t serial, uint32_t n)
{
	struct platen_bind bind = {
		.size = sizeof(bind),
		.type = PLATEN_UNSIGNED,
		.oid = { uptime, COUNT(uptime) },
		.number = 42,
		.octets = (const uint8_t *)"",
	};
	struct answer a = { .kind = ASK_GET, .status = PLATEN_OK, .n = n, .binds = &bind };

	plugin_answer(p, visit, serial, &a);
}

static void
test_visit(void **state)
{
	struct plugin *p = load_good("tests/bad/honest");

	(void)state;
	assert_string_equal(plugin_about(p)->name, "honest");
	assert_int_equal(plugin_match(p, &device), 1);
	plugin_visit(p, 5, &device, NULL);
	assert_int_equal(heard.asked, 1);
	assert_int_equal(heard.done, 0);
	/* Of another visit, of another question, twice: nobody waits for that. */
	answer(p, 6, heard.serial, 1);
	answer(p, 5, heard.serial + 1, 1);
	assert_int_equal(heard.readings, 0);
	answer(p, 5, heard.serial, 1);
	answer(p, 5, heard.serial, 1);
	assert_int_equal(heard.readings, 1);
	assert_string_equal(heard.text, "up for 42");
	assert_int_equal(heard.done, 1);
	assert_int_equal(heard.status, PLATEN_OK);
	plugin_unload(p);
	assert_int_equal(heard.done, 1);
}

/* An answer that is none: the plugin hears that there is none. */
static void
test_shape(void **state)
{
	struct plugin *p = load_good("tests/bad/honest");

	(void)state;
	plugin_visit(p, 1, &device, NULL);
	answer(p, 1, heard.serial, 0);
	assert_int_equal(heard.readings, 0);
	assert_int_equal(heard.done, 1);
	plugin_visit(p, 1, &device, NULL);
	plugin_answer(p, 1, heard.serial,
		&(struct answer){ .kind = ASK_PAGE, .type = "", .body = (const uint8_t *)"" });
	assert_int_equal(heard.readings, 0);
	assert_int_equal(heard.done, 2);
	plugin_unload(p);
}

static void
test_ended(void **state)
{
	struct plugin *p = load_good("tests/bad/asks-much");

	(void)state;
	plugin_visit(p, 1, &device, NULL);
	plugin_visit(p, 2, &device, NULL);
	plugin_visit(p, 3, &device, NULL);
	assert_int_equal(heard.asked, 3);
	/* What it asks when it hears that it is over is refused. */
	plugin_end(p, 2);
	plugin_end(p, 2);
	assert_int_equal(heard.asked, 3);
	assert_int_equal(heard.done, 1);
	assert_int_equal(heard.status, PLATEN_ENOANSWER);
	assert_true(was_said("the visit is being ended"));
	/* Always another question: until the budget is used up. */
	for (uint32_t i = 0; i < 2 * PLATEN_MAX_QUESTIONS; i++)
		answer(p, 3, heard.serial, 1);
	assert_int_equal(heard.asked, 2 + PLATEN_MAX_QUESTIONS);
	assert_int_equal(heard.done, 2);
	/* The one that is open is ended with the plugin. */
	plugin_unload(p);
	assert_int_equal(heard.done, 3);
}

static void
test_misuse(void **state)
{
	struct plugin *p = load_good("tests/bad/stale-visit");

	(void)state;
	plugin_visit(p, 1, &device, NULL);
	assert_int_equal(heard.readings, 1);
	plugin_visit(p, 2, &device, NULL);
	assert_int_equal(heard.readings, 1);
	assert_true(was_said("called emit() for a visit that is over"));
	plugin_unload(p);
	assert_true(was_said("called log() outside of its callbacks"));

	p = load_good("tests/bad/garbage-readings");
	plugin_visit(p, 1, &device, NULL);
	assert_int_equal(heard.readings, 0);
	assert_false(was_said("garbage was taken"));
	assert_int_equal(heard.lines, 12);
	plugin_unload(p);

	p = load_good("tests/bad/log-flood");
	plugin_visit(p, 1, &device, NULL);
	assert_int_equal(heard.lines, PLATEN_MAX_LOG_LINES + 1);
	assert_true(was_said("so  [31mmuch ? to say"));
	plugin_unload(p);
}

/* Two plugins at once, and one after the other: each is itself. */
static void
test_two(void **state)
{
	struct plugin *a = load_good("tests/bad/honest"), *b = load_good("tests/bad/reach-lie");

	(void)state;
	assert_string_equal(plugin_about(a)->name, "honest");
	assert_string_equal(plugin_about(b)->name, "reach-lie");
	plugin_visit(b, 1, &device, NULL);
	assert_true(was_said("not in its reach"));
	plugin_visit(a, 1, &device, NULL);
	answer(a, 1, heard.serial, 1);
	assert_int_equal(heard.readings, 1);
	plugin_unload(a);
	a = load_good("tests/bad/asks-much");
	assert_string_equal(plugin_about(a)->name, "asks-much");
	plugin_unload(a);
	plugin_unload(b);
}

static void
test_refused(void **state)
{
	static const struct option unknown = { "colour", "yes" };
	struct why why;

	(void)state;
	assert_null(load("tests/bad/missing-need", NULL, 0, &why));
	assert_non_null(strstr(why.text, "com.example.teapot/1"));
	assert_null(load("tests/bad/honest", &unknown, 1, &why));
	assert_non_null(strstr(why.text, "it has no option \"colour\"; it knows none"));
	assert_null(load("tests/bad/wrong-size", NULL, 0, &why));
	assert_null(load("tests/bad/no-symbol", NULL, 0, &why));
}

/* ---- deliveries ---- */

static void
deliver(struct plugin *p, uint64_t delivery)
{
	struct platen_record record = { .size = sizeof(record), .seq = 1, .json = "{}", .len = 2 };
	const struct platen_record *list[] = { &record, &record };
	struct platen_batch batch = {
		.size = sizeof(batch),
		.attempt = 1,
		.id = "a/1-2",
		.agent = "a",
		.n = 2,
		.records = list,
	};

	plugin_deliver(p, delivery, &batch, NULL);
}

static void
test_sink(void **state)
{
	static const struct option path = { "path", "/tmp/x" };
	struct why why = { "" };
	struct plugin *p = load("plugins/file", &path, 1, &why);

	(void)state;
	if (p == NULL)
		fail_msg("%s", why.text);
	deliver(p, 1);
	assert_int_equal(heard.sent, 1);
	assert_int_equal(heard.body, 6);
	plugin_sent(p, 1, heard.serial,
		&(struct sent){ .status = PLATEN_OK, .body = (const uint8_t *)"" });
	assert_int_equal(heard.settled, 2);
	assert_int_equal(heard.verdict, PLATEN_SENT);
	assert_int_equal(heard.delivered, 1);
	/* Not answered: nothing is said to be sent. */
	deliver(p, 2);
	plugin_unload(p);
	assert_int_equal(heard.delivered, 2);
	assert_true(heard.settled == 2 || heard.verdict == PLATEN_LATER);

	/* A sink that no section uses is there, but delivers nothing. */
	p = load_good("plugins/file");
	deliver(p, 1);
	assert_int_equal(heard.sent, 0);
	assert_int_equal(heard.delivered, 1);
	assert_int_equal(heard.status, PLATEN_EREFUSED);
	plugin_unload(p);
	buf_free(&heard.log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_visit),
		cmocka_unit_test(test_shape),
		cmocka_unit_test(test_ended),
		cmocka_unit_test(test_misuse),
		cmocka_unit_test(test_two),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_sink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
