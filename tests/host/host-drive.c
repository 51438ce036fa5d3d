/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host-drive.c - one plugin in a platen-host, driven by the agent's own code and
 * answered from the hand: what it does is a line each on stdout, what the
 * operator is told is on stderr.
 *
 *   host-drive [--visits N] [--deaths N] [--seconds N] [--rest MS]
 *              [--sandbox off|require] [--option KEY=VALUE] [--beside FILE.so]
 *              [--foresee yes] FILE.so
 *
 * Visits follow each other; the end is when so many are over, when the plugin
 * died so often, has been refused or set aside, or when time is up.  The plugin beside is
 * visited all the while, and the last line says whether it lost anything.  What is foreseen
 * is what it asked in the visits before.
 */
#include "process/child.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A plugin under test, or the one beside it. */
struct driven {
	struct worker *worker;
	bool quiet; /* beside */
	uint64_t visit;
	uint32_t begun, good, lost, deaths, readings;
	bool open;
	struct script script; /* what it has asked */
	struct question questions[PLATEN_MAX_QUESTIONS];
};

static struct {
	uv_loop_t loop;
	uv_timer_t soon, end;
	struct config config;
	struct driven tested, beside;
	uint32_t visits, deaths;
	bool over, foresee;
	uint64_t scripts;
	struct pool *pool;
} drive = { .visits = 1, .deaths = 100 };

/* ---- what it is given ---- */

static struct answer
any_answer(const struct question *q, struct platen_bind *binds)
{
	static const uint32_t row[] = { 7 };
	const struct platen_oid index = { row, q->kind == ASK_TABLE };
	struct answer a = answer_none(q->kind, PLATEN_OK);

	a.n = q->n;
	a.binds = binds;
	for (uint32_t i = 0; i < q->n; i++)
		binds[i] = (struct platen_bind){
			.size = sizeof(*binds),
			.type = PLATEN_INTEGER,
			.oid = oid_join(drive.pool, q->oids[i], index),
			.number = 42,
			.octets = (const uint8_t *)"",
		};
	a.code = 404;
	return a;
}

/* What it asked before, all of it or all but the first. */
static struct foretold
foresee(const struct driven *d)
{
	struct foretold f = { .script = &d->script };

	for (uint32_t i = d->visit % 2; drive.foresee && i < d->script.n; i++) {
		struct platen_bind binds[PLATEN_MAX_OIDS];
		struct answer a = any_answer(&d->questions[i], binds);

		foretold_answer(&f, i, &a);
	}
	return f;
}

static void
note_question(struct driven *d, const struct question *q)
{
	uint32_t last = UINT32_MAX;

	if (!q->first || script_find(&d->script, q, &last) >= 0)
		return;
	d->questions[d->script.n] = *question_copy(drive.pool, q);
	d->script = (struct script){ ++drive.scripts, d->script.n + 1, d->questions };
}

static void
next_visit(struct driven *d)
{
	static const uint32_t hp[] = { 1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1 };
	const struct platen_device device = {
		.size = sizeof(device),
		.object_id = hp,
		.nobject_id = COUNT(hp),
		.descr = "a printer",
		.model = "LaserJet",
		.device_id = "",
		.hr_device_index = 1,
	};

	struct foretold f;

	if (d->worker == NULL || d->open || worker_state(d->worker) != WORKER_READY)
		return;
	d->open = true;
	d->begun++;
	worker_match(d->worker, ++d->visit, &device);
	f = foresee(d);
	worker_visit(d->worker, d->visit, &device, "192.0.2.7", f.known != 0 ? &f : NULL);
	buf_free(&f.answers);
}

static void
on_soon(uv_timer_t *timer)
{
	struct driven *t = &drive.tested;
	enum worker_state state = worker_state(t->worker);

	(void)timer;
	if (t->begun >= drive.visits && !t->open)
		drive.over = true;
	if (t->deaths >= drive.deaths || state == WORKER_REFUSED || state == WORKER_BROKEN)
		drive.over = true;
	if (!drive.over)
		next_visit(t);
	if (!drive.over || drive.beside.good == 0)
		next_visit(&drive.beside);
	if (!drive.over || drive.beside.open ||
		(drive.beside.worker != NULL && drive.beside.good == 0))
		return;
	printf("end %s, %u visits, %u lost\n", worker_state_word(state), t->begun, t->lost);
	if (drive.beside.worker != NULL)
		printf("beside %u readings of %u visits, %u lost\n", drive.beside.readings,
			drive.beside.begun, drive.beside.lost);
	fflush(stdout);
	uv_stop(&drive.loop);
}

static void
on_end(uv_timer_t *timer)
{
	(void)timer;
	printf("time is up\n");
	uv_stop(&drive.loop);
}

/* ---- what a plugin does ---- */

static void
on_ask(void *arg, uint64_t visit, uint64_t serial, const struct question *q)
{
	struct driven *d = arg;
	struct platen_bind binds[PLATEN_MAX_OIDS];
	struct answer a = any_answer(q, binds);
	struct buf said = { 0 };

	question_say(q, &said);
	if (!d->quiet)
		printf("ask %s\n", (char *)said.p);
	buf_free(&said);
	note_question(d, q);
	worker_answer(d->worker, visit, serial, &a);
}

static void
on_readings(void *arg, uint64_t visit, const struct emitted *r, uint32_t n)
{
	struct driven *d = arg;

	(void)visit;
	for (uint32_t i = 0; i < n; i++)
		if (d->readings++ < 3 && !d->quiet)
			printf("reading %s %s %s\n", r[i].said.metric,
				r[i].said.part ? r[i].said.part : "-",
				r[i].said.text ? r[i].said.text : "-");
}

static void
visit_over(struct driven *d)
{
	d->open = false;
	/* Not as fast as can be: other tests run beside. */
	uv_timer_start(&drive.soon, on_soon, 5, 0);
}

static void
on_done(void *arg, uint64_t visit, int32_t status)
{
	struct driven *d = arg;

	(void)visit;
	if (!d->quiet)
		printf("done %d after %u readings\n", status, d->readings);
	*(status == PLATEN_OK ? &d->good : &d->lost) += 1;
	visit_over(d);
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	struct driven *d = arg;

	if (!d->quiet)
		printf("log %d %s %s\n", level, visit != 0 ? "visit" : "-", line);
}

static void
on_send(void *arg, uint64_t delivery, uint64_t serial, const struct parcel *parcel)
{
	(void)arg, (void)delivery, (void)serial, (void)parcel;
}

static void
on_settle(void *arg, uint64_t delivery, uint32_t first, uint32_t n, int32_t verdict,
	uint32_t retry_after, const char *reason)
{
	(void)arg, (void)delivery, (void)first, (void)n, (void)verdict, (void)retry_after;
	(void)reason;
}

static void
on_delivered(void *arg, uint64_t delivery, int32_t status)
{
	(void)arg, (void)delivery, (void)status;
}

static void
on_ready(void *arg)
{
	struct driven *d = arg;

	if (!d->quiet)
		printf("ready %s\n", worker_about(d->worker)->name);
	uv_timer_start(&drive.soon, on_soon, 0, 0);
}

static void
on_matched(void *arg, uint64_t id, int32_t match)
{
	(void)arg, (void)id, (void)match;
}

static void
on_gone(void *arg, const char *how)
{
	struct driven *d = arg;

	printf("gone %s\n", how);
	d->deaths++;
	if (d->open)
		d->lost++;
	visit_over(d);
}

static struct worker *
drive_open(struct driven *d, const char *path, const struct option *options, uint32_t n)
{
	static const struct worker_events events = {
		.ask = on_ask,
		.readings = on_readings,
		.done = on_done,
		.log = on_log,
		.send = on_send,
		.settle = on_settle,
		.delivered = on_delivered,
	};

	return d->worker = worker_open(&drive.loop, &drive.config, path, options, n,
		       &(struct worker_owner){
			       .events = &events,
			       .ready = on_ready,
			       .matched = on_matched,
			       .gone = on_gone,
			       .arg = d,
		       });
}

/* ---- the beginning ---- */

static uint32_t
number(const char *s)
{
	uint32_t n;

	if (!text_u32(s, 0, 1000000, &n))
		die("%s is no number", s);
	return n;
}

int
main(int argc, char **argv)
{
	struct option options[8];
	uint32_t noptions = 0, seconds = 30;
	const char *beside = NULL;
	int i = 1;

	for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
		char *value = argv[i + 1];

		if (strcmp(argv[i], "--visits") == 0)
			drive.visits = number(value);
		else if (strcmp(argv[i], "--deaths") == 0)
			drive.deaths = number(value);
		else if (strcmp(argv[i], "--seconds") == 0)
			seconds = number(value);
		else if (strcmp(argv[i], "--rest") == 0)
			child_times.rest_first = number(value);
		else if (strcmp(argv[i], "--sandbox") == 0)
			drive.config.sandbox = strcmp(value, "off") == 0 ? SANDBOX_OFF
									 : SANDBOX_REQUIRE;
		else if (strcmp(argv[i], "--option") == 0 && noptions < COUNT(options))
			options[noptions++] = (struct option){
				.key = strsep(&value, "="),
				.value = value,
			};
		else if (strcmp(argv[i], "--foresee") == 0)
			drive.foresee = strcmp(value, "yes") == 0;
		else if (strcmp(argv[i], "--beside") == 0)
			beside = value;
		else
			die("unknown option %s", argv[i]);
	}
	if (i + 1 != argc)
		die("usage: host-drive [OPTION VALUE]... FILE.so");
	uv_loop_init(&drive.loop);
	uv_timer_init(&drive.loop, &drive.soon);
	uv_timer_init(&drive.loop, &drive.end);
	uv_timer_start(&drive.end, on_end, seconds * 1000, 0);
	drive.beside.quiet = true;
	drive.pool = pool_new();
	if (beside != NULL)
		drive_open(&drive.beside, beside, NULL, 0);
	drive_open(&drive.tested, argv[i], options, noptions);
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	worker_close(drive.tested.worker);
	if (drive.beside.worker != NULL)
		worker_close(drive.beside.worker);
	pool_free(drive.pool);
	uv_close((uv_handle_t *)&drive.soon, NULL);
	uv_close((uv_handle_t *)&drive.end, NULL);
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&drive.loop) != 0)
		die("handles were left open");
	return 0;
}
