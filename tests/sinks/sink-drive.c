/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sink-drive.c - the delivery stage alone: records of a file through the one sink of an
 * INI, in its real process and jail, until each has its fate.
 *
 *     sink-drive INI RECORDS BATCH
 *
 * Prints "rejected N REASON" for each that was (N: its line), and at the end
 * "sent N rejected N batches N again N seconds S".  To be killed at any time: it
 * keeps nothing, and delivers everything from the first on when it is started again.
 */
#include "delivery.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	uv_loop_t loop;
	uv_timer_t timer;
	struct delivery *delivery;
	struct platen_record *records;
	const struct platen_record **list;
	bool *settled;
	uint32_t n, at, most; /* at: the first of the batch at hand */
	uint32_t size, attempt;
	uint64_t sent, rejected, batches, again, began;
	struct platen_batch batch;
	char id[80];
} drive;

/* What is left of the batch at hand; else the next. */
static bool
collect(void)
{
	uint32_t end;

	while (drive.at < drive.n && drive.settled[drive.at])
		drive.at++;
	end = drive.at + drive.most < drive.n ? drive.at + drive.most : drive.n;
	drive.size = 0;
	for (uint32_t i = drive.at; i < end; i++)
		if (!drive.settled[i])
			drive.list[drive.size++] = &drive.records[i];
	return drive.size > 0;
}

static void offer(void);

static void
on_settled(void *arg, uint32_t sink, uint64_t first, uint64_t last, int32_t verdict,
	const char *reason)
{
	(void)arg, (void)sink;
	for (uint64_t seq = first; seq <= last; seq++) {
		drive.settled[seq - 1] = true;
		drive.sent += verdict == PLATEN_SENT;
		drive.rejected += verdict == PLATEN_REJECTED;
		if (verdict == PLATEN_REJECTED)
			printf("rejected %" PRIu64 " %s\n", seq, reason);
	}
}

static void
on_timer(uv_timer_t *timer)
{
	(void)timer;
	offer();
}

static void
on_over(void *arg, uint32_t sink, bool again, uint64_t wait)
{
	(void)arg, (void)sink;
	drive.again += again;
	drive.attempt = again ? drive.attempt + 1 : 1;
	uv_timer_start(&drive.timer, on_timer, again ? wait : 0, 0);
}

static void
offer(void)
{
	static const struct batch_events events = { .settled = on_settled, .over = on_over };

	if (!collect()) {
		uv_stop(&drive.loop);
		return;
	}
	drive.batches++;
	snprintf(drive.id, sizeof(drive.id), "drive/%" PRIu64 "-%" PRIu64, drive.list[0]->seq,
		drive.list[drive.size - 1]->seq);
	drive.batch = (struct platen_batch){ .size = sizeof(drive.batch),
		.attempt = drive.attempt,
		.id = drive.id,
		.agent = "00000000-0000-4000-8000-000000000000",
		.n = drive.size,
		.records = drive.list };
	delivery_offer(drive.delivery, 0, &drive.batch, &events, NULL);
}

static void
read_records(const char *file)
{
	FILE *f = fopen(file, "re");
	size_t room = 0;
	char *line = NULL;
	ssize_t n;

	if (f == NULL)
		die("%s cannot be opened", file);
	while ((n = getline(&line, &room, f)) > 0) {
		drive.records = mem_grow(drive.records, (drive.n + 1) * sizeof(*drive.records));
		if (line[n - 1] == '\n')
			line[--n] = 0;
		drive.records[drive.n] = (struct platen_record){ .size = sizeof(*drive.records),
			.seq = drive.n + 1,
			.json = mem_string(line),
			.len = (uint64_t)n };
		drive.n++;
	}
	free(line);
	fclose(f);
}

static void
fault(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

int
main(int argc, char **argv)
{
	struct config *config;
	struct why why = { "" };

	if (argc != 4 || !text_u32(argv[3], 1, 10000, &drive.most))
		die("usage: sink-drive INI RECORDS BATCH");
	setvbuf(stdout, NULL, _IOLBF, 0);
	log_open("drive", LOG_INFO);
	if ((config = config_read(argv[1], fault, NULL)) == NULL)
		return 2;
	read_records(argv[2]);
	drive.list = mem_alloc(drive.most * sizeof(const struct platen_record *));
	drive.settled = mem_alloc(drive.n + 1);
	drive.attempt = 1;
	drive.began = clock_ms();
	uv_loop_init(&drive.loop);
	uv_timer_init(&drive.loop, &drive.timer);
	if ((drive.delivery = delivery_open(&drive.loop, config, &why)) == NULL)
		die("%s", why.text);
	offer();
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	printf("sent %" PRIu64 " rejected %" PRIu64 " batches %" PRIu64 " again %" PRIu64
	       " seconds %.3f\n",
		drive.sent, drive.rejected, drive.batches, drive.again,
		(double)(clock_ms() - drive.began) / 1000);
	delivery_close(drive.delivery);
	uv_close((uv_handle_t *)&drive.timer, NULL);
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	for (uint32_t i = 0; i < drive.n; i++)
		free((char *)(uintptr_t)drive.records[i].json);
	free(drive.records);
	free(drive.list);
	free(drive.settled);
	config_free(config);
	return 0;
}
