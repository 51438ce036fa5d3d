/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wan-drive.c - batches of records through the last stage alone: the real delivery, its sink's
 * plugin and the wan role, without printers and without waiting.
 *
 *     wan-drive INI <BATCHES
 *
 * BATCHES are records, one a line, with a line without anything behind each batch.  A batch
 * is offered when the one before it is delivered; one that is not ends the program with 1.
 */
#include "config/config.h"
#include "delivery.h"
#include "net/net.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_MOST 500

struct drive {
	uv_loop_t loop;
	uv_timer_t next;
	struct delivery *delivery;
	struct pool *pool; /* of the batch that is out */
	struct platen_batch batch;
	const struct platen_record *records[BATCH_MOST];
	bool failed;
};

static void
on_fault(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

static void
on_settled(void *arg, uint32_t sink, uint64_t first, uint64_t last, int32_t verdict,
	const char *reason)
{
	struct drive *d = arg;

	(void)sink, (void)last;
	if (verdict == PLATEN_SENT)
		return;
	fprintf(stderr, "record %" PRIu64 ": %s\n", first, reason);
	d->failed = true;
}

static void
on_over(void *arg, uint32_t sink, bool again, uint64_t wait)
{
	struct drive *d = arg;

	(void)sink, (void)wait;
	d->failed |= again;
	uv_timer_start(&d->next, d->next.timer_cb, 0, 0);
}

static void
add_record(struct drive *d, char *line, size_t n)
{
	const char *seq = strstr(line, "\"seq\":");
	struct platen_record *r = pool_alloc(d->pool, sizeof(*r));

	if (seq == NULL || d->batch.n == BATCH_MOST)
		die("no seq, or too large a batch: %.80s", line);
	line[n] = 0;
	*r = (struct platen_record){ .size = sizeof(*r),
		.seq = strtoull(seq + 6, NULL, 10),
		.json = pool_string(d->pool, line),
		.len = n };
	d->records[d->batch.n++] = r;
}

/* False: there are no more batches. */
static bool
read_batch(struct drive *d)
{
	static char *line;
	static size_t room;
	ssize_t n;

	pool_free(d->pool);
	d->pool = pool_new();
	d->batch.n = 0;
	while ((n = getline(&line, &room, stdin)) > 1)
		add_record(d, line, (size_t)n - 1);
	return d->batch.n > 0;
}

static void
on_next(uv_timer_t *timer)
{
	static const struct batch_events events = { on_settled, on_over };
	struct drive *d = timer->data;
	const char *agent;
	char id[96];

	if (d->failed || !read_batch(d)) {
		uv_stop(&d->loop);
		return;
	}
	agent = strstr(d->records[0]->json, "\"agent\":\"");
	d->batch.size = sizeof(d->batch);
	d->batch.attempt = 1;
	d->batch.records = d->records;
	d->batch.agent = pool_string(d->pool, agent != NULL ? agent + 9 : "");
	((char *)(uintptr_t)d->batch.agent)[UUID_TEXT - 1] = 0;
	snprintf(id, sizeof(id), "%s/%" PRIu64 "-%" PRIu64, d->batch.agent, d->records[0]->seq,
		d->records[d->batch.n - 1]->seq);
	d->batch.id = id;
	delivery_offer(d->delivery, 0, &d->batch, &events, d);
}

int
main(int argc, char **argv)
{
	struct drive *d = mem_alloc(sizeof(*d));
	struct config *config;
	struct why why;
	int status;

	if (strcmp(argv[0], "platen-wan") == 0)
		return wan_main();
	log_open("wan-drive", LOG_WARN);
	config = config_read(argc > 1 ? argv[1] : NULL, on_fault, NULL);
	if (config == NULL)
		return 2;
	uv_loop_init(&d->loop);
	uv_timer_init(&d->loop, &d->next);
	d->next.data = d;
	if ((d->delivery = delivery_open(&d->loop, config, &why)) == NULL)
		die("%s", why.text);
	uv_timer_start(&d->next, on_next, 0, 0);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	delivery_close(d->delivery);
	uv_close((uv_handle_t *)&d->next, NULL);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	pool_free(d->pool);
	config_free(config);
	status = d->failed;
	free(d);
	return status;
}
