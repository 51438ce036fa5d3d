/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link-drive.c - the agent's end of the lan role against a role that is this
 * program itself, started anew, and behaves as badly as it is told to.
 *
 *   link-drive good|twice|dies|garbage|shape|kind|mixed|sweep
 *
 * 100 questions are asked, every fourth is cancelled at once; when all others
 * are answered, one more is asked.  Each answer must come exactly once.
 */
#include "process/child.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define QUESTIONS 100

/* ---- the role ---- */

static void
role_say(struct buf *b)
{
	if (write(WIRE_FD, b->p, b->n) < 0)
		_exit(1);
	buf_free(b);
}

static void
role_answer(uint64_t id, const char *how)
{
	static const uint32_t sub[] = { 1, 3, 6 };
	struct platen_bind bind = {
		.type = PLATEN_INTEGER,
		.oid = { sub, COUNT(sub) },
		.number = 7,
	};
	struct answer a = { .kind = ASK_GET, .n = 1, .binds = &bind, .packets = 1 };
	struct buf b = { 0 };
	size_t begun = wire_begin(&b, MSG_LAN_ANSWER);

	if (strcmp(how, "shape") == 0)
		a.n = 0;
	if (strcmp(how, "kind") == 0)
		a = answer_none(ASK_PAGE, PLATEN_OK);
	wire_u64(&b, id);
	answer_put(&b, &a);
	wire_end(&b, begun);
	if (strcmp(how, "twice") == 0) {
		uint8_t *again = mem_copy(b.p, b.n);

		buf_add(&b, again, b.n);
		free(again);
	}
	role_say(&b);
}

/* Die as a crash does, also where a sanitizer would like to say a word first. */
static void
crash(void)
{
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

/* Only the first life is bad, so that the second can show that all goes on. */
static bool
first_life(const char *mark)
{
	return unlink(mark) == 0;
}

static void
role_ask(struct wire *w, const char *how)
{
	static int asked;
	uint64_t id = wire_get_u64(w);

	if (++asked == 10 && strcmp(how, "dies") == 0)
		crash();
	if (asked == 10 && strcmp(how, "garbage") == 0) {
		struct buf b = { 0 };

		wire_end(&b, wire_begin(&b, 255));
		role_say(&b);
	}
	role_answer(id, asked >= 10 || strcmp(how, "twice") == 0 ? how : "good");
}

static void
role_sweep(struct wire *w, const char *how)
{
	struct buf b = { 0 };
	uint64_t id = wire_get_u64(w);
	size_t begun = wire_begin(&b, MSG_LAN_FOUND);

	wire_u64(&b, id);
	wire_text(&b, "192.0.2.7");
	wire_u64(&b, 161);
	wire_text(&b, "printer");
	wire_end(&b, begun);
	if (strcmp(how, "sweep") == 0) {
		role_say(&b);
		crash();
	}
	begun = wire_begin(&b, MSG_LAN_SWEPT);
	wire_u64(&b, id);
	wire_u64(&b, 254);
	wire_text(&b, "");
	wire_end(&b, begun);
	role_say(&b);
}

static int
role(void)
{
	const char *how = getenv("LINK_HOW");
	struct buf in = { 0 }, hello = { 0 };
	size_t begun = wire_begin(&hello, MSG_HELLO);
	uint8_t chunk[4096];
	ssize_t n;

	if (!first_life(getenv("LINK_MARK")))
		how = "good";
	wire_u64(&hello, strcmp(how, "mixed") == 0 ? 4711 : WIRE_PROTOCOL);
	wire_text(&hello, "lan");
	wire_end(&hello, begun);
	role_say(&hello);
	while ((n = read(WIRE_FD, chunk, sizeof(chunk))) > 0) {
		struct wire w;
		int64_t size;

		buf_add(&in, chunk, (size_t)n);
		while ((size = wire_frame(in.p, in.n, &w)) > 0) {
			if (w.type == MSG_LAN_ASK)
				role_ask(&w, how);
			if (w.type == MSG_LAN_SWEEP)
				role_sweep(&w, how);
			buf_cut(&in, (size_t)size);
		}
	}
	buf_free(&in);
	return 0;
}

/* ---- the agent's end ---- */

static struct {
	uv_loop_t loop;
	uv_timer_t soon;
	struct lan *lan;
	uint8_t answers[QUESTIONS + 1];
	uint32_t open, ok, none, wrong;
	bool asking, last, swept;
} drive;

static void on_answer(void *arg, const struct answer *);

static void
ask(uint8_t *mark)
{
	static const uint32_t sub[] = { 1, 3, 6 };
	static const struct platen_oid oid = { sub, COUNT(sub) };
	static const struct question q = { .kind = ASK_GET, .n = 1, .oids = &oid };
	static const struct target target = { "192.0.2.7", 161, "" };
	uint64_t id;

	drive.asking = true;
	id = drive.lan->ops->ask(drive.lan, &target, &q, on_answer, mark);
	drive.asking = false;
	drive.open++;
	if ((mark - drive.answers) % 4 == 3) {
		drive.lan->ops->cancel(drive.lan, id);
		drive.lan->ops->cancel(drive.lan, id);
		drive.open--;
		*mark = 100;
	}
}

/* When all are answered: one more, which shows that it goes on. */
static void
on_soon(uv_timer_t *timer)
{
	(void)timer;
	if (drive.open > 0)
		return;
	if (!drive.last) {
		drive.last = true;
		ask(&drive.answers[QUESTIONS]);
	} else if (drive.swept)
		uv_stop(&drive.loop);
}

static void
on_answer(void *arg, const struct answer *a)
{
	uint8_t *mark = arg;

	if (drive.asking || ++*mark != 1)
		drive.wrong++;
	if (a->status == PLATEN_OK && a->n == 1 && a->binds[0].number == 7)
		drive.ok++;
	else if (a->status == PLATEN_ENOANSWER)
		drive.none++;
	else
		drive.wrong++;
	drive.open--;
	uv_timer_start(&drive.soon, on_soon, 0, 0);
}

static void
on_found(void *arg, const char *address, uint16_t port, const char *as_asked)
{
	(void)arg;
	printf("found %s %u %s\n", address, port, as_asked);
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t found)
{
	(void)arg, (void)sent, (void)total, (void)found;
}

static void
on_swept(void *arg, uint64_t packets, const char *why)
{
	(void)arg;
	printf("swept %llu \"%s\"\n", (unsigned long long)packets, why);
	drive.swept = true;
	uv_timer_start(&drive.soon, on_soon, 0, 0);
}

int
main(int argc, char **argv)
{
	static const struct sweep_events events = { on_found, on_progress, on_swept };
	static const char *const targets[] = { "192.0.2.0/24" };
	static const char *communities[] = { "public" };
	static struct config config = { .lan = { .ncommunities = 1, .communities = communities } };
	char mark[] = "/tmp/link-drive.XXXXXX";
	struct why why;

	if (strcmp(argv[0], "platen-lan") == 0)
		return role();
	if (argc != 2)
		die("usage: link-drive HOW");
	close(mkstemp(mark));
	setenv("LINK_MARK", mark, 1);
	setenv("LINK_HOW", argv[1], 1);
	child_times.rest_first = 50;
	uv_loop_init(&drive.loop);
	uv_timer_init(&drive.loop, &drive.soon);
	drive.lan = lan_open(&drive.loop, &config, &why);
	for (size_t i = 0; i < QUESTIONS; i++)
		ask(&drive.answers[i]);
	drive.lan->ops->sweep(drive.lan,
		&(struct sweep_order){
			.targets = targets,
			.ntargets = 1,
			.rate = 100,
			.port = 161,
		},
		&events, NULL);
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	printf("%u answered, %u unanswered, %u wrong\n", drive.ok, drive.none, drive.wrong);
	lan_close(drive.lan);
	uv_close((uv_handle_t *)&drive.soon, NULL);
	uv_run(&drive.loop, UV_RUN_DEFAULT);
	unlink(mark);
	if (uv_loop_close(&drive.loop) != 0)
		die("handles were left open");
	return 0;
}
