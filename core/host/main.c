/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c - platen-host: the process of one plugin.
 *
 *   platen-host --sandbox=auto|require|off FILE.so
 *
 * Started by the agent with the pipe as fd 3, the plugin's file as fd 4 and
 * nothing else: what the agent has judged is what is loaded, FILE.so is its name.  The jail is
 * closed before the plugin's first byte is read.  Reads of the pipe block: a
 * plugin is called, returns, and the next message is read.  Nothing in here
 * knows printers, files or the network.
 */
#include "host/jail.h"
#include "host/plugin.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

static struct {
	enum sandbox sandbox;
	const char *path;
	enum { GREETS, STARTS, SERVES } stage;
	volatile struct host_progress *progress; /* for the agent to see */
	size_t worked; /* bytes of frames since memory was given back */
	uint64_t watched; /* ms of the clock when the watchdog was set, 0: it sleeps */
	struct buf in, out;
	uint64_t readings_of; /* visit */
	size_t readings_begun, readings_end; /* of out: the last frame of readings; end 0: none */
	struct plugin *plugin;
	bool network; /* its section grants platen.network/1 */
} host;

/* Bytes read at a time. */
#define CHUNK (64u << 10)

/* Bytes that are said without waiting for the end of what there is to do. */
#define SAID_MOST (32u << 10)

/* Bytes of frames after which memory is given back when nothing is open. */
#define REST_AFTER (64u << 10)

/* Milliseconds after which the watchdog is set anew. */
#define WATCH_AGAIN 250

/* ---- the watchdog: who does not come back is ended by SIGALRM ---- */

static time_t
callback_seconds(void)
{
	return host.network ? PLATEN_NETWORK_CALLBACK_SECONDS : PLATEN_CALLBACK_SECONDS;
}

static void
watchdog(time_t seconds, suseconds_t us)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ .it_value = { seconds, us } }, NULL);
}

static void
unwatch(void)
{
	if (host.watched != 0)
		watchdog(0, 0);
	host.watched = 0;
}

/* Set again for a callback only when it has run a while: what comes before is added. */
static void
watch_callback(void)
{
	uint64_t now = clock_ms();

	if (host.watched != 0 && now - host.watched < WATCH_AGAIN)
		return;
	watchdog(callback_seconds(), WATCH_AGAIN * 1000);
	host.watched = now;
}

/* Whatever a constructor did to signals is undone. */
static void
signals_reset(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	/* Sent to all of platen at once; the agent tells us what is to be done. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
}

/* ---- the pipe ---- */

/* What was said, and n bytes that end it, from where they lie. */
static void
flush_with(const uint8_t *body, size_t n)
{
	size_t said = host.out.n;

	for (size_t done = 0; done < said + n;) {
		size_t head = done < said ? said - done : 0, rest = n - (done + head - said);
		const struct iovec parts[] = {
			{ host.out.p + said - head, head },
			{ (void *)(uintptr_t)(body + n - rest), rest },
		};
		ssize_t some = writev(WIRE_FD, parts, COUNT(parts));

		if (some < 0 && errno != EINTR)
			_exit(HOST_EXIT_PIPE);
		done += some > 0 ? (size_t)some : 0;
	}
	wire_drain(&host.out, said);
	host.readings_end = 0;
}

static void
flush(void)
{
	flush_with(NULL, 0);
}

/* What the plugin watches is looked after until the agent says something. */
static void
wait_for_agent(void)
{
	while (!plugin_wait(host.plugin, WIRE_FD, watch_callback)) {
		unwatch();
		flush();
	}
}

/* ---- what the plugin does ---- */

static void
on_ask(void *arg, uint64_t visit, uint64_t serial, const struct question *q)
{
	size_t begun = wire_begin(&host.out, MSG_HOST_ASK);

	(void)arg;
	wire_u64(&host.out, visit);
	wire_u64(&host.out, serial);
	question_put(&host.out, q);
	wire_end(&host.out, begun);
}

/* Readings of one visit, with nothing said in between, are one frame. */
static void
on_readings(void *arg, uint64_t visit, const struct emitted *r, uint32_t n)
{
	(void)arg;
	if (host.readings_end == 0 || host.readings_end != host.out.n ||
		host.readings_of != visit) {
		host.readings_begun = wire_begin(&host.out, MSG_HOST_READINGS);
		host.readings_of = visit;
		wire_u64(&host.out, visit);
	}
	for (uint32_t i = 0; i < n; i++)
		reading_put(&host.out, &r[i]);
	wire_end(&host.out, host.readings_begun);
	host.readings_end = host.out.n;
}

static void
say_status(enum message type, uint64_t id, int32_t status)
{
	size_t begun = wire_begin(&host.out, type);

	wire_u64(&host.out, id);
	wire_i64(&host.out, status);
	wire_end(&host.out, begun);
}

static void
on_done(void *arg, uint64_t visit, int32_t status)
{
	(void)arg;
	say_status(MSG_HOST_DONE, visit, status);
}

static void
on_log(void *arg, uint64_t visit, enum log_level level, const char *line)
{
	size_t begun = wire_begin(&host.out, MSG_LOG);

	(void)arg;
	wire_u64(&host.out, level);
	wire_u64(&host.out, visit);
	wire_text(&host.out, line);
	wire_end(&host.out, begun);
}

static void
on_send(void *arg, uint64_t delivery, uint64_t serial, const struct parcel *parcel)
{
	size_t begun = wire_begin(&host.out, MSG_HOST_SEND);

	(void)arg;
	wire_u64(&host.out, delivery);
	wire_u64(&host.out, serial);
	wire_text(&host.out, parcel->type);
	wire_text(&host.out, parcel->coding);
	wire_text(&host.out, parcel->server);
	wire_u64(&host.out, parcel->n);
	wire_end_with(&host.out, begun, parcel->n);
	/* Bodies are large: not all of a batch's at once.  The agent's time is not the plugin's. */
	unwatch();
	flush_with(parcel->body, parcel->n);
	watch_callback();
}

static void
on_settle(void *arg, uint64_t delivery, uint32_t first, uint32_t n, int32_t verdict,
	uint32_t retry_after, const char *reason)
{
	size_t begun = wire_begin(&host.out, MSG_HOST_SETTLE);

	(void)arg;
	wire_u64(&host.out, delivery);
	wire_u64(&host.out, first);
	wire_u64(&host.out, n);
	wire_u64(&host.out, (uint64_t)verdict);
	wire_u64(&host.out, retry_after);
	wire_text(&host.out, reason);
	wire_end(&host.out, begun);
}

static void
on_delivered(void *arg, uint64_t delivery, int32_t status)
{
	(void)arg;
	say_status(MSG_HOST_DELIVERED, delivery, status);
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

/* ---- what the agent says ---- */

static void
take_match(struct wire *w, struct pool *pool)
{
	uint64_t id = wire_get_u64(w);
	struct platen_device device;

	if (device_get(w, pool, &device))
		say_status(MSG_HOST_MATCHED, id, plugin_match(host.plugin, &device));
}

/* What the agent has told, each in its place. */
static struct told {
	struct script script;
	struct pool *pool;
} scripts[SCRIPTS_MOST];

static void
take_script(struct wire *w, struct pool *pool)
{
	struct told told = { .pool = pool_new() }, *place;

	(void)pool;
	if (!script_get(w, told.pool, &told.script)) {
		w->bad = true;
		return;
	}
	place = &scripts[told.script.number % SCRIPTS_MOST];
	pool_free(place->pool);
	*place = told;
}

static const struct script *
kept_script(uint64_t number)
{
	const struct script *s = &scripts[number % SCRIPTS_MOST].script;

	return s->number == number ? s : NULL;
}

/* Of several that one frame brings, each has its time. */
static void
next_call(void)
{
	++host.progress->calls;
	watch_callback();
}

static void
take_visit(struct wire *w, struct pool *pool)
{
	uint64_t visit = wire_get_u64(w);
	struct platen_device device;
	struct foreseen f;

	if (!device_get(w, pool, &device) || !foreseen_get(w, pool, kept_script, &f)) {
		w->bad = true;
		return;
	}
	f.before = next_call;
	plugin_visit(host.plugin, visit, &device, &f);
}

static void
take_answer(struct wire *w, struct pool *pool)
{
	uint64_t visit = wire_get_u64(w), serial = wire_get_u64(w);
	struct answer answer;

	if (answer_get(w, pool, &answer))
		plugin_answer(host.plugin, visit, serial, &answer);
}

static void
take_end(struct wire *w, struct pool *pool)
{
	uint64_t visit = wire_get_u64(w);

	(void)pool;
	plugin_end(host.plugin, visit);
}

/* Bytes of a record in a frame, at least: seq, urgent and json's length. */
#define LEAST_RECORD 3

/*
 * What the frame in hand points to, which is the caller's then: a large one, which came in parts,
 * without a copy.
 */
static struct buf
keep_frame(struct wire *w)
{
	struct buf frame = host.in;

	host.in = (struct buf){ 0 };
	if (frame.n == 0) {
		buf_add(&frame, w->p, w->n);
		w->p = frame.p;
	}
	return frame;
}

static void
take_deliver(struct wire *w, struct pool *pool)
{
	struct buf frame = keep_frame(w);
	uint64_t delivery = wire_get_u64(w);
	struct platen_batch batch = { .size = sizeof(batch) };
	const struct platen_record **list;

	batch.id = wire_get_text(w);
	batch.agent = wire_get_text(w);
	batch.attempt = wire_get_max(w, UINT32_MAX);
	batch.n = wire_get_count(w, WIRE_MAX_FRAME, LEAST_RECORD);
	batch.records = list = pool_alloc(pool, (batch.n + 1) * sizeof(*list));
	for (uint32_t i = 0; i < batch.n; i++) {
		struct platen_record *r = pool_alloc(pool, sizeof(*r));

		r->size = sizeof(*r);
		r->seq = wire_get_u64(w);
		r->urgent = wire_get_max(w, 1);
		r->json = wire_get_text(w);
		r->len = strlen(r->json);
		list[i] = r;
	}
	if (wire_ended(w))
		plugin_deliver(host.plugin, delivery, &batch, &frame);
	buf_free(&frame);
}

static void
take_sent(struct wire *w, struct pool *pool)
{
	uint64_t delivery = wire_get_u64(w), serial = wire_get_u64(w);
	struct sent sent = { .status = (int32_t)wire_get_i64(w) };

	sent.code = (int32_t)wire_get_max(w, INT32_MAX);
	sent.retry_after = wire_get_max(w, UINT32_MAX);
	sent.body = wire_get_bytes(w, &sent.len);
	sent.body = pool_copy(pool, sent.body, sent.len);
	sent.server = wire_get_text(w);
	sent.reason = wire_get_text(w);
	if (wire_ended(w))
		plugin_sent(host.plugin, delivery, serial, &sent);
}

static void
take_stop(struct wire *w, struct pool *pool)
{
	(void)w, (void)pool;
	plugin_unload(host.plugin);
	flush();
	_exit(0);
}

static void (*const messages[])(struct wire *, struct pool *) = {
	[MSG_HOST_MATCH] = take_match,
	[MSG_HOST_SCRIPT] = take_script,
	[MSG_HOST_VISIT] = take_visit,
	[MSG_HOST_ANSWER] = take_answer,
	[MSG_HOST_END] = take_end,
	[MSG_HOST_DELIVER] = take_deliver,
	[MSG_HOST_SENT] = take_sent,
	[MSG_HOST_STOP] = take_stop,
};

static void
say_handled(void)
{
	wire_end(&host.out, wire_begin(&host.out, MSG_HOST_HANDLED));
	if (host.out.n < SAID_MOST)
		return;
	unwatch();
	flush();
}

static void
serve(struct wire *w)
{
	struct pool *pool;

	if (w->type >= COUNT(messages) || messages[w->type] == NULL)
		_exit(HOST_EXIT_MESSAGE);
	watch_callback();
	pool = pool_new();
	messages[w->type](w, pool);
	pool_free(pool);
}

/* ---- the beginning ---- */

static void
say_hello(void)
{
	size_t begun = wire_begin(&host.out, MSG_HELLO);

	wire_u64(&host.out, WIRE_PROTOCOL);
	wire_text(&host.out, "host");
	wire_end(&host.out, begun);
	flush();
}

static void
take_hello(struct wire *w)
{
	/* Another number: two builds were mixed, and the agent says so. */
	if (w->type != MSG_HELLO || wire_get_u64(w) != WIRE_PROTOCOL)
		_exit(HOST_EXIT_MESSAGE);
	wire_get_text(w);
	host.stage = STARTS;
}

struct start {
	uint32_t noptions;
	struct option *options;
	const char **services; /* ends with NULL */
};

static struct start
take_start(struct wire *w, struct pool *pool)
{
	struct start s = { 0 };
	uint32_t n;

	s.noptions = wire_get_count(w, MAX_MANIFEST_ITEMS, 1);
	s.options = pool_alloc(pool, (s.noptions + 1) * sizeof(*s.options));
	for (uint32_t i = 0; i < s.noptions; i++) {
		s.options[i].key = pool_string(pool, wire_get_text(w));
		s.options[i].value = pool_string(pool, wire_get_text(w));
	}
	n = wire_get_count(w, MAX_MANIFEST_ITEMS, 1);
	s.services = pool_alloc(pool, (n + 1) * sizeof(*s.services));
	for (uint32_t i = 0; i < n; i++)
		s.services[i] = pool_string(pool, wire_get_text(w));
	if (w->type != MSG_HOST_START || !wire_ended(w))
		_exit(HOST_EXIT_MESSAGE);
	return s;
}

/* Is it the name of a file that a sink with sockets may read? */
static bool
names_file(const char *key)
{
	size_t n = strlen(key);

	/* Of a password the agent has read the file: it gives what stands there. */
	return n > 5 && strcmp(key + n - 5, "_file") == 0 && strcmp(key, "password_file") != 0;
}

/* How far the jail opens: as far as the section names something, if it grants that at all. */
static void
plan_jail(const struct start *s, struct jail_plan *plan)
{
	*plan = (struct jail_plan){ .plugin = host.path };
	for (uint32_t i = 0; s->services[i] != NULL; i++)
		if (strcmp(s->services[i], PLATEN_NETWORK) == 0)
			host.network = true;
	for (uint32_t i = 0; host.network && i < s->noptions; i++) {
		const struct option *o = &s->options[i];

		if (o->value[0] == 0)
			continue;
		if (strcmp(o->key, "path") == 0)
			plan->folder = o->value;
		else if (strcmp(o->key, "url") == 0)
			plan->sockets = true;
		else if (names_file(o->key) && plan->nfiles < COUNT(plan->files))
			plan->files[plan->nfiles++] = o->value;
	}
}

/* Closing the jail and loading, in the one order that is right. */
static bool
load(const struct start *s, struct why *why)
{
	bool jailed = host.sandbox != SANDBOX_OFF;
	struct jail_plan plan;

	plan_jail(s, &plan);
	if (jailed &&
		(!jail_limits(&plan, why) ||
			!jail_close(&plan, host.sandbox == SANDBOX_REQUIRE, why)))
		return false;
	host.plugin = plugin_map(PLUGIN_FD, host.path, &events, NULL, why);
	close(PLUGIN_FD);
	if (host.plugin == NULL)
		return false;
	signals_reset();
	if (jailed && !jail_tighten(&plan, why))
		return false;
	return plugin_begin(host.plugin, s->options, s->noptions, s->services, why);
}

static void
start(struct wire *w)
{
	struct pool *pool = pool_new();
	struct start s = take_start(w, pool);
	struct why why;
	size_t begun;
	bool loaded;

	watchdog(PLUGIN_LOAD_SECONDS, 0);
	loaded = load(&s, &why);
	watchdog(0, 0);
	begun = wire_begin(&host.out, loaded ? MSG_HOST_READY : MSG_HOST_REFUSED);
	if (loaded)
		manifest_put(&host.out, plugin_about(host.plugin));
	else
		wire_text(&host.out, why.text);
	wire_end(&host.out, begun);
	pool_free(pool);
	host.stage = SERVES;
	mem_started();
	if (loaded)
		return;
	say_handled();
	flush();
	_exit(0);
}

/* ---- one frame after the other ---- */

static bool
take_frame(void *arg, struct wire *w)
{
	(void)arg;
	/* Before the plugin is called: if it dies, the agent knows doing what. */
	++host.progress->frames;
	host.worked += w->n;
	switch (host.stage) {
	case GREETS:
		take_hello(w);
		break;
	case STARTS:
		start(w);
		break;
	case SERVES:
		serve(w);
		break;
	}
	if (!wire_ended(w))
		_exit(HOST_EXIT_MESSAGE);
	say_handled();
	return true;
}

static void
take_some(void)
{
	static uint8_t chunk[CHUNK];
	ssize_t n;

	if (host.network && host.stage == SERVES)
		wait_for_agent();
	n = read(WIRE_FD, chunk, sizeof(chunk));
	if (n == 0 || (n < 0 && errno != EINTR))
		_exit(HOST_EXIT_PIPE);
	if (n > 0 && !wire_feed(&host.in, chunk, (size_t)n, take_frame, NULL))
		_exit(HOST_EXIT_MESSAGE);
	unwatch();
	flush();
	if (host.worked < REST_AFTER || !plugin_idle(host.plugin))
		return;
	mem_give_back();
	host.worked = 0;
}

/* Before anything else: the plugin has no such descriptor. */
static void
open_progress(void)
{
	static struct host_progress nobody_looks;
	void *page = mmap(NULL, sizeof(*host.progress), PROT_READ | PROT_WRITE, MAP_SHARED,
		PROGRESS_FD, 0);

	host.progress = page != MAP_FAILED ? page : &nobody_looks;
	close(PROGRESS_FD);
}

static bool
take_arguments(int argc, char **argv)
{
	static const struct {
		const char *word;
		enum sandbox sandbox;
	} flags[] = {
		{ "--sandbox=auto", SANDBOX_AUTO },
		{ "--sandbox=require", SANDBOX_REQUIRE },
		{ "--sandbox=off", SANDBOX_OFF },
	};

	if (argc != 3)
		return false;
	host.path = argv[2];
	for (size_t i = 0; i < COUNT(flags); i++)
		if (strcmp(argv[1], flags[i].word) == 0) {
			host.sandbox = flags[i].sandbox;
			return true;
		}
	return false;
}

int
main(int argc, char **argv)
{
	if (!take_arguments(argc, argv)) {
		fprintf(stderr,
			"usage: platen-host --sandbox=auto|require|off FILE.so\n"
			"(platen starts it: a socket as descriptor 3, the file as 4)\n");
		return HOST_EXIT_USAGE;
	}
	clearenv();
	mem_open();
	open_progress();
	say_hello();
	for (;;)
		take_some();
}
