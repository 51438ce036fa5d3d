/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool-drive.c - the spool and its file sink at work, to be killed.
 *
 *     spool-drive STATE FILE MS PER-TICK [MAX-SIZE-OF-FILE [MAX-SIZE-OF-SPOOL]]
 *
 * Keeps PER-TICK records every millisecond for MS milliseconds, then lets the
 * sink finish, and ends.  The plugin is the real one, from the folder
 * DRIVE_PLUGINS, but runs in this process.
 */
#include "delivery.h"
#include "process/process.h"
#include "spool.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the plugin, in this process ---- */

struct worker {
	struct plugin *plugin;
	uv_timer_t *answer; /* later, as over a pipe: a plugin is never re-entered */
	uint64_t delivery, serial;
	int32_t status;
};

struct worker *
worker_open(uv_loop_t *loop, const struct config *config, const char *path,
	const struct option *options, uint32_t noptions, const struct worker_owner *owner)
{
	static const char *const services[] = { PLATEN_UPLOAD, NULL };
	struct worker *w = mem_alloc(sizeof(*w));
	struct why why;
	int fd = plugin_open_file(path, &why);

	(void)config;
	w->plugin = fd < 0 ? NULL
			   : plugin_load(fd, path, options, noptions, services, owner->events,
				     owner->arg, &why);
	if (w->plugin == NULL)
		die("%s", why.text);
	w->answer = mem_alloc(sizeof(*w->answer));
	uv_timer_init(loop, w->answer);
	w->answer->data = w;
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
	plugin_answer(w->plugin, visit, serial, a);
}

void
worker_deliver(struct worker *w, uint64_t delivery, const struct platen_batch *batch)
{
	plugin_deliver(w->plugin, delivery, batch, NULL);
}

static void
on_answer(uv_timer_t *t)
{
	struct worker *w = t->data;

	plugin_sent(w->plugin, w->delivery, w->serial,
		&(struct sent){ .status = w->status, .body = (const uint8_t *)"" });
}

void
worker_sent(struct worker *w, uint64_t delivery, uint64_t serial, const struct sent *sent)
{
	w->delivery = delivery;
	w->serial = serial;
	w->status = sent->status;
	uv_timer_start(w->answer, on_answer, 0, 0);
}

static void
free_timer(uv_handle_t *t)
{
	free(t);
}

void
worker_close(struct worker *w)
{
	plugin_unload(w->plugin);
	uv_close((uv_handle_t *)w->answer, free_timer);
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
	struct spool_meter meter = { "total", "impressions", "drive", .value = (int64_t)seq };
	char id[UUID_TEXT], *json;
	struct spool_record r;
	struct why why;
	bool kept;

	uuid_v7(id);
	json = mem_format("{\"schema\":\"platen.reading/1\",\"id\":\"%s\",\"agent\":\"%s\","
			  "\"seq\":%" PRIu64 ",\"time\":\"2026-11-20T10:00:00Z\","
			  "\"device\":{\"id\":\"printer-%" PRIu64
			  "\"},\"meters\":[{\"name\":\"total\","
			  "\"value\":%" PRIu64 ",\"unit\":\"impressions\",\"via\":\"drive\"}]}",
		id, spool_agent(spool), seq, seq % 50, seq);
	char *device = mem_format("printer-%" PRIu64, seq % 50);
	r = (struct spool_record){ .seq = seq,
		.device = device,
		.time = clock_wall(),
		.urgent = seq % 100 == 0,
		.json = json,
		.len = strlen(json),
		.nmeters = 1,
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
	if (argc < 5 || getenv("DRIVE_PLUGINS") == NULL)
		die("usage: spool-drive STATE FILE MS PER-TICK [FILE-SIZE [SPOOL-SIZE]]");
	struct option options[] = { { "path", argv[2] }, { "max_size", argc > 5 ? argv[5] : "64m" },
		{ "keep", "0" } };
	struct sink_config sink = { .name = "file",
		.plugin = "file",
		.every = 20,
		.retry_min = 100,
		.retry_max = 400,
		.noptions = COUNT(options),
		.options = options };
	struct config config = { .customer = "C-1",
		.site = "site",
		.state = argv[1],
		.spool_max_size = 64 << 20,
		.spool_max_age = 86400000,
		.plugin_path = getenv("DRIVE_PLUGINS"),
		.nsinks = 1,
		.sinks = &sink };
	struct delivery *delivery;
	struct why why = { "" };
	uv_timer_t tick;
	uv_loop_t loop;

	signal(SIGXFSZ, SIG_IGN);
	log_open("spool-drive", LOG_INFO);
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
