/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool-drive.c - the spool and its file sink at work, to be killed.
 *
 *     spool-drive STATE FILE MS PER-TICK [MAX-SIZE-OF-FILE [MAX-SIZE-OF-SPOOL]]
 *
 * Keeps PER-TICK records every millisecond for MS milliseconds, then lets the
 * sink finish, and ends.  The plugin's process is replaced by a few lines below
 * that do what plugins/file does.
 */
#include "delivery.h"
#include "process.h"
#include "spool.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the plugin ---- */

struct worker {
	struct worker_owner owner;
	const struct platen_batch *batch;
};

struct worker *
worker_open(uv_loop_t *loop, const struct config *config, const char *path,
	const struct option *options, uint32_t noptions, const struct worker_owner *owner)
{
	struct worker *w = mem_alloc(sizeof(*w));

	(void)loop, (void)config, (void)path, (void)options, (void)noptions;
	w->owner = *owner;
	return w;
}

enum worker_state
worker_state(const struct worker *w)
{
	(void)w;
	return WORKER_READY;
}

const char *
worker_state_word(enum worker_state state)
{
	(void)state;
	return "ready";
}

const struct manifest *
worker_about(const struct worker *w)
{
	(void)w;
	return NULL;
}

void
worker_answer(struct worker *w, uint64_t visit, uint64_t serial, const struct answer *a)
{
	(void)w, (void)visit, (void)serial, (void)a;
}

void
worker_deliver(struct worker *w, uint64_t delivery, const struct platen_batch *batch)
{
	struct buf lines = { 0 };

	w->batch = batch;
	for (uint32_t i = 0; i < batch->n; i++)
		buf_format(&lines, "%s\n", batch->records[i]->json);
	w->owner.events->send(w->owner.arg, delivery, 1, "application/x-ndjson", lines.p, lines.n);
	buf_free(&lines);
}

void
worker_sent(struct worker *w, uint64_t delivery, uint64_t serial, const struct sent *sent)
{
	(void)serial;
	w->owner.events->settle(w->owner.arg, delivery, 0, w->batch->n,
		sent->status == PLATEN_OK ? PLATEN_SENT : PLATEN_LATER, 0, "file");
	w->owner.events->delivered(w->owner.arg, delivery, PLATEN_OK);
}

void
worker_close(struct worker *w)
{
	free(w);
}

/* ---- the records ---- */

static struct spool *spool;
static uint64_t until;
static long per_tick;
static uint64_t refused;

static bool
keep_one(void)
{
	uint64_t seq = spool_next(spool);
	struct spool_meter meter = { "total", "impressions", (int64_t)seq };
	char id[UUID_TEXT], *json;
	struct spool_record r;
	struct why why;
	bool kept;

	uuid_v7(id);
	json = mem_format("{\"schema\":\"platen.reading/1\",\"id\":\"%s\",\"agent\":\"%s\","
			  "\"seq\":%" PRIu64 ",\"time\":\"2026-11-20T10:00:00Z\","
			  "\"device\":{\"id\":\"printer-%" PRIu64 "\"},\"meters\":[{\"name\":\"total\","
			  "\"value\":%" PRIu64 ",\"unit\":\"impressions\",\"via\":\"drive\"}]}",
		id, spool_agent(spool), seq, seq % 50, seq);
	char *device = mem_format("printer-%" PRIu64, seq % 50);
	r = (struct spool_record){ .seq = seq, .device = device, .time = clock_wall(),
		.urgent = seq % 100 == 0, .json = json, .len = strlen(json), .nmeters = 1,
		.meters = &meter };
	kept = spool_keep(spool, &r, &why);
	refused += !kept;
	free(json);
	free(device);
	return kept;
}

static void
on_tick(uv_timer_t *t)
{
	struct why why;

	if (clock_ms() < until) {
		for (long i = 0; i < per_tick; i++)
			keep_one();
		if (clock_ms() % 7 == 0)
			spool_commit(spool, &why);
		return;
	}
	/* Time for the last batches, then the end. */
	if (clock_ms() > until + 1500)
		uv_stop(t->loop);
}

int
main(int argc, char **argv)
{
	if (argc < 5)
		die("usage: spool-drive STATE FILE MS PER-TICK [FILE-SIZE [SPOOL-SIZE]]");
	struct option options[] = { { "path", argv[2] }, { "max_size", argc > 5 ? argv[5] : "64m" },
		{ "keep", "0" } };
	struct sink_config sink = { .name = "file", .plugin = "file", .every = 20,
		.retry_min = 100, .retry_max = 400, .noptions = COUNT(options),
		.options = options };
	struct config config = { .customer = "C-1", .site = "site", .state = argv[1],
		.spool_max_size = 64 << 20, .spool_max_age = 86400000, .plugin_path = "/dev/fd:/tmp",
		.nsinks = 1, .sinks = &sink };
	struct delivery *delivery;
	struct why why = { "" };
	uv_timer_t tick;
	uv_loop_t loop;

	signal(SIGXFSZ, SIG_IGN);
	log_open("spool-drive", LOG_INFO);
	config.plugin_path = getenv("DRIVE_PLUGINS");
	if (argc > 6)
		text_size(argv[6], &config.spool_max_size);
	uv_loop_init(&loop);
	spool = spool_open(&config, &why);
	if (spool == NULL)
		die("%s", why.text);
	delivery = delivery_open(&loop, &config, &why);
	if (delivery == NULL)
		die("%s", why.text);
	spool_run(spool, &loop, delivery);
	per_tick = strtol(argv[4], NULL, 10);
	until = clock_ms() + strtoul(argv[3], NULL, 10);
	uv_timer_init(&loop, &tick);
	uv_timer_start(&tick, on_tick, 1, 1);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&tick, NULL);
	delivery_close(delivery);
	spool_close(spool);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	if (refused > 0)
		log_warn("%" PRIu64 " records were refused", refused);
	return 0;
}
