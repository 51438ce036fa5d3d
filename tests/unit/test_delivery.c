/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_delivery.c - a sink's plugin is not believed everything, and a file holds each record once.
 */
#include "delivery.h"
#include "process/process.h"

#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a worker that does what a test says ---- */

struct worker {
	struct worker_owner owner;
	enum worker_state state;
	uint64_t delivery; /* the last one given */
	uint32_t given;
	int32_t sent; /* status of the last answer */
	bool closed;
};
static struct worker worker;

struct worker *
worker_open(uv_loop_t *loop, const struct config *config, const char *path,
	const struct option *options, uint32_t noptions, const struct worker_owner *owner)
{
	(void)loop, (void)config, (void)path, (void)options, (void)noptions;
	worker = (struct worker){ .owner = *owner, .state = WORKER_READY };
	return &worker;
}

enum worker_state
worker_state(const struct worker *w)
{
	return w->state;
}

const char *
worker_state_word(enum worker_state state)
{
	return state == WORKER_BROKEN ? "broken" : "something";
}

const struct manifest *
worker_about(const struct worker *w)
{
	static const struct manifest about = { .sink = true };

	(void)w;
	return &about;
}

void
worker_answer(struct worker *w, uint64_t visit, uint64_t serial, const struct answer *a)
{
	(void)w, (void)visit, (void)serial, (void)a;
}

void
worker_deliver(struct worker *w, uint64_t delivery, const struct platen_batch *batch)
{
	(void)batch;
	w->delivery = delivery;
	w->given++;
}

void
worker_sent(struct worker *w, uint64_t delivery, uint64_t serial, const struct sent *sent)
{
	(void)delivery, (void)serial;
	w->sent = sent->status;
}

void
worker_close(struct worker *w)
{
	w->closed = true;
}

/* ---- what the spool would hear ---- */

static struct {
	uint64_t settled; /* one bit per seq */
	uint32_t rejected, over;
	bool again;
	uint64_t wait;
} heard;

static void
on_settled(void *arg, uint32_t sink, uint64_t first, uint64_t last, int32_t verdict,
	const char *reason)
{
	(void)arg, (void)sink, (void)reason;
	for (uint64_t seq = first; seq <= last; seq++)
		heard.settled |= UINT64_C(1) << seq;
	heard.rejected += verdict == PLATEN_REJECTED;
}

static void
on_over(void *arg, uint32_t sink, bool again, uint64_t wait)
{
	(void)arg, (void)sink;
	heard.over++;
	heard.again = again;
	heard.wait = wait;
}

static const struct batch_events events = { on_settled, on_over };

/* ---- a sink for each test ---- */

static char folder[64], file[96], plugin[96];
static struct option options[3];
static struct sink_config sink;
static struct config config;
static uv_loop_t loop;
static struct delivery *delivery;

static void
start(void)
{
	struct why why = { "" };

	delivery = delivery_open(&loop, &config, &why);
	if (delivery == NULL)
		fail_msg("%s", why.text);
}

static void
stop(void)
{
	delivery_close(delivery);
	delivery = NULL;
	uv_run(&loop, UV_RUN_NOWAIT);
}

static int
set_up(void **state)
{
	FILE *f;

	(void)state;
	log_open("test", LOG_ERROR + 1);
	snprintf(folder, sizeof(folder), "/tmp/platen-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/out", folder);
	snprintf(plugin, sizeof(plugin), "%s/file.so", folder);
	f = fopen(plugin, "w");
	assert_non_null(f);
	fclose(f);
	options[0] = (struct option){ "path", file };
	options[1] = (struct option){ "max_size", "1k" };
	options[2] = (struct option){ "keep", "2" };
	sink = (struct sink_config){ .name = "one",
		.plugin = "file",
		.retry_min = 1000,
		.retry_max = 8000,
		.noptions = 1,
		.options = options };
	config = (struct config){ .plugin_path = folder, .nsinks = 1, .sinks = &sink };
	memset(&heard, 0, sizeof(heard));
	assert_int_equal(uv_loop_init(&loop), 0);
	start();
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	if (delivery != NULL)
		stop();
	assert_int_equal(uv_loop_close(&loop), 0);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static const char agent[] = "2747bc74-6052-4755-a5fb-e194d0dfc609";

/* Offer records first..last. */
static void
offer_try(uint64_t first, uint64_t last, uint32_t attempt)
{
	static struct platen_record records[64];
	static const struct platen_record *list[64];
	static struct platen_batch batch;

	for (uint64_t i = first; i <= last; i++) {
		records[i - first] = (struct platen_record){
			.size = sizeof(records[0]), .seq = i, .json = "{}", .len = 2
		};
		list[i - first] = &records[i - first];
	}
	batch = (struct platen_batch){ .size = sizeof(batch),
		.attempt = attempt,
		.id = "x",
		.agent = agent,
		.n = (uint32_t)(last - first + 1),
		.records = list };
	delivery_offer(delivery, 0, &batch, &events, NULL);
}

static void
offer(uint64_t first, uint64_t last)
{
	offer_try(first, last, 1);
}

/* Send records first..last as lines. */
static int32_t
send_lines(uint64_t first, uint64_t last)
{
	struct buf lines = { 0 };

	for (uint64_t i = first; i <= last; i++)
		buf_format(&lines,
			"{\"schema\":\"platen.reading/1\",\"agent\":\"%s\",\"seq\":%" PRIu64 "}\n",
			agent, i);
	worker.sent = 99;
	worker.owner.events->send(worker.owner.arg, worker.delivery, 1,
		&(struct parcel){ .type = "application/x-ndjson",
			.coding = "",
			.server = "",
			.body = lines.p,
			.n = lines.n });
	buf_free(&lines);
	return worker.sent;
}

static void
settle(uint32_t first, uint32_t n, int32_t verdict, uint32_t after)
{
	worker.owner.events->settle(worker.owner.arg, worker.delivery, first, n, verdict, after,
		"because");
}

static void
done(void)
{
	worker.owner.events->delivered(worker.owner.arg, worker.delivery, PLATEN_OK);
}

/* Offer, send, settle, done. */
static void
deliver(uint64_t first, uint64_t last)
{
	offer(first, last);
	assert_int_equal(send_lines(first, last), PLATEN_OK);
	settle(0, (uint32_t)(last - first + 1), PLATEN_SENT, 0);
	done();
	assert_false(heard.again);
}

/* The numbers in a file, as "1 2 3". */
static char *
numbers_in(const char *path)
{
	static char text[4096];
	uint64_t seq;
	size_t n = 0;
	char line[512];
	FILE *f = fopen(path, "r");

	text[0] = '\0';
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		char *at = strstr(line, "\"seq\":");

		seq = at != NULL ? strtoull(at + 6, NULL, 10) : 0;
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%" PRIu64, n > 0 ? " " : "",
			seq);
	}
	if (f != NULL)
		fclose(f);
	return text;
}

static void
append(const char *text)
{
	FILE *f = fopen(file, "a");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* ---- the plugin's word ---- */

/* Only where the section grants it: nobody else can see what is in a plugin's own database. */
static void
who_holds_the_database_is_believed(void **state)
{
	(void)state;
	offer(1, 3);
	settle(0, 3, PLATEN_SENT, 0);
	done();
	assert_int_equal(heard.settled, 0);
	assert_true(heard.again);
	stop();
	sink.allow = ALLOW_NETWORK;
	start();
	assert_true(worker.owner.network);
	offer(1, 3);
	settle(0, 2, PLATEN_SENT, 0);
	done();
	assert_int_equal(heard.settled, 6);
	assert_true(heard.again);
	offer(3, 3);
	assert_int_equal(send_lines(3, 3), PLATEN_EREFUSED);
	assert_string_equal(numbers_in(file), "");
}

static void
what_is_sent_and_settled_is_told(void **state)
{
	(void)state;
	deliver(1, 3);
	assert_int_equal(heard.settled, 0xE);
	assert_int_equal(heard.over, 1);
	assert_string_equal(numbers_in(file), "1 2 3");
}

static void
what_is_not_settled_is_for_later(void **state)
{
	(void)state;
	offer(1, 3);
	send_lines(1, 3);
	settle(0, 1, PLATEN_SENT, 0);
	settle(2, 1, PLATEN_LATER, 0);
	done();
	assert_int_equal(heard.settled, 0x2);
	assert_true(heard.again);
	assert_in_range(heard.wait, 1000, 1250);
}

static void
sent_without_sending_is_not_believed(void **state)
{
	(void)state;
	offer(1, 3);
	settle(0, 3, PLATEN_SENT, 0);
	done();
	assert_int_equal(heard.settled, 0);
	assert_true(heard.again);
}

static void
settling_what_was_not_given_is_not_heard(void **state)
{
	(void)state;
	offer(1, 3);
	send_lines(1, 3);
	settle(3, 1, PLATEN_SENT, 0);
	settle(0, 4, PLATEN_SENT, 0);
	settle(1, UINT32_MAX, PLATEN_SENT, 0);
	settle(0, 3, 77, 0);
	worker.owner.events->settle(worker.owner.arg, worker.delivery + 1, 0, 3, PLATEN_SENT, 0,
		"");
	assert_int_equal(heard.settled, 0);
	settle(0, 3, PLATEN_SENT, 0);
	settle(0, 3, PLATEN_REJECTED, 0);
	assert_int_equal(heard.rejected, 0);
	done();
	done();
	assert_int_equal(heard.over, 1);
}

static void
a_late_send_is_refused(void **state)
{
	(void)state;
	offer(1, 3);
	done();
	assert_int_equal(send_lines(1, 3), PLATEN_EREFUSED);
	assert_string_equal(numbers_in(file), "");
}

static void
rest_doubles_up_to_its_end_and_is_asked_for(void **state)
{
	(void)state;
	offer_try(1, 1, 3);
	done();
	assert_in_range(heard.wait, 4000, 5000);
	offer_try(1, 1, 30);
	done();
	assert_in_range(heard.wait, 8000, 10000);
	offer_try(1, 1, 1);
	settle(0, 1, PLATEN_LATER, 60);
	done();
	assert_in_range(heard.wait, 60000, 75000);
}

static void
a_plugin_that_dies_costs_a_try(void **state)
{
	(void)state;
	offer(1, 2);
	worker.state = WORKER_RESTING;
	worker.owner.gone(worker.owner.arg, "killed by SIGSEGV");
	assert_true(heard.again);
	/* Offered while it rests: given when it is ready again. */
	offer(1, 2);
	assert_int_equal(worker.given, 1);
	worker.state = WORKER_READY;
	worker.owner.ready(worker.owner.arg);
	assert_int_equal(worker.given, 2);
	worker.owner.ready(worker.owner.arg);
	assert_int_equal(worker.given, 2);
	done();
	worker.state = WORKER_BROKEN;
	offer(1, 2);
	assert_int_equal(heard.over, 3);
	assert_true(heard.again);
}

static void
a_sink_without_a_place_is_refused(void **state)
{
	struct why why;

	(void)state;
	stop();
	sink.plugin = "pigeon";
	assert_null(delivery_open(&loop, &config, &why));
	assert_non_null(strstr(why.text, "pigeon"));
	sink.plugin = "file";
	config.plugin_path = "/nowhere:/neither";
	assert_null(delivery_open(&loop, &config, &why));
	assert_non_null(strstr(why.text, "file.so"));
	config.plugin_path = folder;
	options[0].value = "relative";
	assert_null(delivery_open(&loop, &config, &why));
	assert_non_null(strstr(why.text, "path"));
}

/* ---- the file ---- */

static void
a_record_is_written_once_also_after_a_restart(void **state)
{
	(void)state;
	deliver(1, 3);
	deliver(2, 4);
	stop();
	start();
	deliver(3, 6);
	assert_string_equal(numbers_in(file), "1 2 3 4 5 6");
}

static void
a_line_that_was_not_finished_is_cut_off(void **state)
{
	(void)state;
	deliver(1, 2);
	stop();
	append("{\"schema\":\"platen.reading/1\",\"agent\":\"2747bc74");
	start();
	deliver(3, 3);
	assert_string_equal(numbers_in(file), "1 2 3");
}

static void
a_first_line_that_was_not_finished_too(void **state)
{
	(void)state;
	stop();
	unlink(file);
	append("{\"schema\":\"pl");
	start();
	deliver(1, 1);
	assert_string_equal(numbers_in(file), "1");
}

static void
a_file_of_something_else_is_left_alone(void **state)
{
	static const char *const others[] = { "root:x:0:0\nnobody:x:1:1\n", "no newline" };
	struct stat st;

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		stop();
		unlink(file);
		append(others[i]);
		start();
		offer(1, 1);
		assert_int_equal(send_lines(1, 1), PLATEN_EREFUSED);
		done();
		assert_int_equal(stat(file, &st), 0);
		assert_int_equal(st.st_size, strlen(others[i]));
	}
}

static void
several_agents_are_told_apart(void **state)
{
	(void)state;
	stop();
	append("{\"schema\":\"platen.reading/"
	       "1\",\"agent\":\"00000000-0000-4000-8000-000000000000\","
	       "\"seq\":99}\n");
	start();
	deliver(1, 2);
	assert_string_equal(numbers_in(file), "99 1 2");
}

static void
a_file_is_rotated_and_the_oldest_go(void **state)
{
	char path[128];
	glob_t g;

	(void)state;
	stop();
	sink.noptions = 3;
	start();
	for (uint64_t i = 0; i < 10; i++)
		deliver(1 + 6 * i, 6 + 6 * i);
	snprintf(path, sizeof(path), "%s.*", file);
	assert_int_equal(glob(path, 0, NULL, &g), 0);
	assert_int_equal(g.gl_pathc, 2);
	assert_string_equal(g.gl_pathv[1] + strlen(file), ".000000000008");
	assert_string_equal(numbers_in(g.gl_pathv[1]), "49 50 51 52 53 54");
	globfree(&g);
	assert_string_equal(numbers_in(file), "55 56 57 58 59 60");
	/* Killed between the renaming and the first line of the next file. */
	stop();
	snprintf(path, sizeof(path), "%s.000000000009", file);
	assert_int_equal(rename(file, path), 0);
	start();
	deliver(58, 62);
	assert_string_equal(numbers_in(file), "61 62");
}

static void
a_file_that_was_taken_away_is_begun_anew(void **state)
{
	char path[128];

	(void)state;
	deliver(1, 2);
	snprintf(path, sizeof(path), "%s-old", file);
	assert_int_equal(rename(file, path), 0);
	deliver(2, 4);
	assert_string_equal(numbers_in(file), "3 4");
}

static void
a_folder_may_come_later(void **state)
{
	char path[128], inside[160];

	(void)state;
	stop();
	snprintf(path, sizeof(path), "%s/later", folder);
	snprintf(inside, sizeof(inside), "%s/out", path);
	options[0].value = inside;
	start();
	offer(1, 1);
	assert_int_equal(send_lines(1, 1), PLATEN_EREFUSED);
	done();
	assert_int_equal(mkdir(path, 0700), 0);
	deliver(1, 1);
	assert_string_equal(numbers_in(inside), "1");
}

static void
what_is_no_record_is_not_written(void **state)
{
	(void)state;
	offer(1, 1);
	worker.owner.events->send(worker.owner.arg, worker.delivery, 1,
		&(struct parcel){ .type = "text/plain",
			.coding = "",
			.server = "",
			.body = (const uint8_t *)"hello\n",
			.n = 6 });
	assert_int_equal(worker.sent, PLATEN_EREFUSED);
	done();
	assert_string_equal(numbers_in(file), "");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(who_holds_the_database_is_believed),
		T(what_is_sent_and_settled_is_told),
		T(what_is_not_settled_is_for_later),
		T(sent_without_sending_is_not_believed),
		T(settling_what_was_not_given_is_not_heard),
		T(a_late_send_is_refused),
		T(rest_doubles_up_to_its_end_and_is_asked_for),
		T(a_plugin_that_dies_costs_a_try),
		T(a_sink_without_a_place_is_refused),
		T(a_record_is_written_once_also_after_a_restart),
		T(a_line_that_was_not_finished_is_cut_off),
		T(a_first_line_that_was_not_finished_too),
		T(a_file_of_something_else_is_left_alone),
		T(several_agents_are_told_apart),
		T(a_file_is_rotated_and_the_oldest_go),
		T(a_file_that_was_taken_away_is_begun_anew),
		T(a_folder_may_come_later),
		T(what_is_no_record_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
