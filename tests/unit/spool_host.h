/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool_host.h - a spool in a folder of its own for each test, and a delivery that does what the
 * test says.  For the tests of the spool, each of which is one program.
 */
#ifndef SPOOL_HOST_H
#define SPOOL_HOST_H

#include "store/spool_inside.h"
#include "store/spool_look.h"

#include <glob.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- a delivery that does what a test says ---- */

static struct sink_config sinks[2];
static uint32_t nsinks;
static struct offer {
	uint32_t n, sink, attempt;
	uint64_t first, last;
	char id[96];
	const struct platen_batch *batch; /* until it is over */
	const struct batch_events *events;
	void *arg;
} offered[64];
static uint32_t noffered;

uint32_t
delivery_sinks(const struct delivery *d)
{
	(void)d;
	return nsinks;
}

const struct sink_config *
delivery_sink(const struct delivery *d, uint32_t sink)
{
	(void)d;
	return &sinks[sink];
}

/* Each text is the one of its number. */
static inline void
assert_texts(const struct platen_batch *batch)
{
	char seq[32];

	for (uint32_t i = 0; i < batch->n; i++) {
		const struct platen_record *r = batch->records[i];

		snprintf(seq, sizeof(seq), "\"seq\":%" PRIu64 ",", r->seq);
		assert_int_equal(strlen(r->json), r->len);
		assert_non_null(strstr(r->json, seq));
	}
}

void
delivery_offer(struct delivery *d, uint32_t sink, const struct platen_batch *batch,
	const struct batch_events *events, void *arg)
{
	struct offer *o = &offered[noffered++ % COUNT(offered)];

	(void)d;
	assert_texts(batch);
	*o = (struct offer){ .n = batch->n,
		.batch = batch,
		.sink = sink,
		.attempt = batch->attempt,
		.first = batch->records[0]->seq,
		.last = batch->records[batch->n - 1]->seq,
		.events = events,
		.arg = arg };
	snprintf(o->id, sizeof(o->id), "%s", batch->id);
}

/* ---- a state folder for each test ---- */

static char folder[64];
static struct config config;
static uv_loop_t loop;
static struct spool *spool;

static inline void
reopen(void)
{
	struct why why = { "" };

	spool = spool_open(&config, &why);
	if (spool == NULL)
		fail_msg("%s", why.text);
}

static inline void
shut(void)
{
	spool_close(spool);
	spool = NULL;
	uv_run(&loop, UV_RUN_NOWAIT);
	uv_run(&loop, UV_RUN_NOWAIT);
}

static inline int
set_up(void **state)
{
	(void)state;
	log_open("test", LOG_ERROR + 1);
	snprintf(folder, sizeof(folder), "/tmp/platen-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	config = (struct config){ .customer = "C-1",
		.site = "",
		.state = folder,
		.spool_max_size = 64 << 20,
		.spool_max_age = 86400000 };
	sinks[0] = (struct sink_config){ .name = "one", .plugin = "x", .every = 0 };
	sinks[1] = (struct sink_config){ .name = "two", .plugin = "x", .take = TAKE_URGENT };
	nsinks = 1;
	noffered = 0;
	assert_int_equal(uv_loop_init(&loop), 0);
	reopen();
	return 0;
}

static inline int
tear_down(void **state)
{
	char command[128];

	(void)state;
	if (spool != NULL)
		shut();
	assert_int_equal(uv_loop_close(&loop), 0);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static inline bool
keep_meter(const char *device, bool urgent, const struct spool_meter *meter)
{
	uint64_t seq = spool_next(spool);
	char json[512];
	struct spool_record r = { .seq = seq,
		.device = device,
		.time = clock_wall(),
		.urgent = urgent,
		.json = json,
		.nmeters = 1,
		.meters = meter };
	struct why why;

	snprintf(json, sizeof(json),
		"{\"seq\":%" PRIu64 ",\"meters\":[{\"name\":\"total\","
		"\"value\":%" PRId64 ",\"unit\":\"impressions\",\"via\":\"%s\"}],"
		"\"fill\":\"%0200d\"}",
		seq, meter->value, meter->via, 0);
	r.len = strlen(json);
	return spool_keep(spool, &r, &why);
}

static inline bool
keep_via(const char *device, bool urgent, const char *via, int64_t value)
{
	return keep_meter(device, urgent,
		&(struct spool_meter){ "total", "impressions", via, .value = value });
}

static inline bool
keep_of(const char *device, bool urgent, int64_t value)
{
	return keep_via(device, urgent, "printer-mib", value);
}

/* What a plugin counted last, -1: nothing is known. */
static inline int64_t
latest(const char *device, const char *meter, const char *unit, const char *via)
{
	struct spool_meter m = { meter, unit, via, .value = -1 };

	spool_latest(spool, device, &m, 1);
	return m.known ? m.before : -1;
}

#define LATEST(device) latest(device, "total", "impressions", "printer-mib")

static inline void
keep(uint32_t n)
{
	struct why why = { "" };

	for (uint32_t i = 0; i < n; i++)
		assert_true(keep_of("printer", false, (int64_t)spool_next(spool)));
	if (!spool_commit(spool, &why))
		fail_msg("%s", why.text);
}

/* Turn the loop until that many offers were made, or it is clear that none comes. */
static inline void
turn(uint32_t until)
{
	for (int i = 0; i < 2000 && noffered < until; i++) {
		uv_run(&loop, UV_RUN_NOWAIT);
		usleep(1000);
	}
	assert_int_equal(noffered, until);
}

static inline void
settle(const struct offer *o, uint64_t first, uint64_t last, int32_t verdict)
{
	o->events->settled(o->arg, o->sink, first, last, verdict, "because");
}

static inline void
over(const struct offer *o, bool again)
{
	o->events->over(o->arg, o->sink, again, 1);
}

static inline int64_t
ask(const char *sql)
{
	return database_number(&spool->db, sql);
}

/* How many files in the state folder are called so. */
static inline size_t
files(const char *pattern)
{
	char path[128];
	glob_t g;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", folder, pattern);
	n = glob(path, 0, NULL, &g) == 0 ? g.gl_pathc : 0;
	globfree(&g);
	return n;
}

static inline void
print_finding(void *arg, const char *line)
{
	(void)arg;
	print_message("%s\n", line);
}

static inline void
assert_sound(void)
{
	assert_int_equal(look_check(&spool->db, print_finding, NULL), 0);
}

/* A test with a folder of its own. */
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
