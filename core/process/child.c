/* SPDX-License-Identifier: Apache-2.0 */
/* child.c - one child process under supervision; see child.h. */
#include "process/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct child_times child_times = {
	.rest_first = 1000,
	.rest_most = 5 * 60 * 1000,
	.health = 60 * 60 * 1000,
	.leave = 2000,
};

/* Bytes read at a time, and from one child before others have their turn. */
#define CHUNK (64u << 10)
#define MAX_TURN (4 * CHUNK)

/* So many bytes wait for no others. */
#define MAX_GATHERED CHUNK

/* Milliseconds between two looks whether a process that was killed is dead. */
#define REAP 2

/* One life of a child: a process and its pipe. */
struct life {
	struct child *child; /* NULL: nobody is interested any more */
	pid_t pid;
	int pipe;
	uv_poll_t on_pipe;
	uv_timer_t reap;
	int open; /* handles */
	const volatile struct host_progress
		*progress; /* a page it writes to; NULL: it does not count */
	bool writing;
	bool silent; /* its end of the pipe is closed: it is dead, or as good as that */
	struct why doom; /* why we killed it; "" : we did not */
};

struct child {
	struct child_plan plan;
	uv_loop_t *loop;
	uv_timer_t timer; /* the next start, or the last patience */
	uv_timer_t write; /* what is said until then leaves together */
	int open; /* of both */
	enum worker_state state;
	struct life *life;
	struct buf in, out;
	uint64_t born, rest;
	uint64_t deaths[CHILD_DEATHS]; /* when; the oldest is overwritten */
	uint32_t ndeaths;
	bool closing, refused;
	bool dozing; /* told to end for now; its life is not over yet */
};

/* Does it live, as far as is known? */
static bool
is_heard(const struct child *c)
{
	return c->life != NULL && !c->dozing && !c->life->silent && c->life->doom.text[0] == 0;
}

/* ---- writing ---- */

static void on_pipe(uv_poll_t *, int status, int events);

static void
watch_pipe(struct life *l, bool writing)
{
	l->writing = writing;
	uv_poll_start(&l->on_pipe, UV_READABLE | (writing ? UV_WRITABLE : 0), on_pipe);
}

/* What the socket takes now; the rest later.  That it is gone is heard by reading. */
static void
write_out(struct child *c)
{
	struct life *l = c->life;
	size_t done = 0;
	ssize_t n = 0;

	while (done < c->out.n &&
		(n = send(l->pipe, c->out.p + done, c->out.n - done, MSG_NOSIGNAL)) > 0)
		done += (size_t)n;
	wire_drain(&c->out, n < 0 && errno != EAGAIN && errno != EINTR ? c->out.n : done);
	if (l->writing != (c->out.n > 0))
		watch_pipe(l, c->out.n > 0);
}

static void
on_write(uv_timer_t *write)
{
	struct child *c = write->data;

	if (is_heard(c))
		write_out(c);
}

/* At the end of this turn of the loop; or, of all that may wait, at the same time. */
static void
write_later(struct child *c, uint32_t wait)
{
	bool waits = wait > 0 && c->out.n < MAX_GATHERED;
	uint64_t in = waits ? wait - uv_now(c->loop) % wait : 0;

	if (!uv_is_active((uv_handle_t *)&c->write) || uv_timer_get_due_in(&c->write) > in)
		uv_timer_start(&c->write, on_write, in, 0);
}

struct buf *
child_out(struct child *c)
{
	/* Nobody takes what it was told since it is not heard. */
	if (!is_heard(c))
		buf_clear(&c->out);
	return &c->out;
}

void
child_said(struct child *c, uint32_t wait)
{
	if (!is_heard(c))
		return;
	if (!c->life->writing)
		write_later(c, wait);
	if (c->out.n > MAX_CHILD_OUT)
		child_kill(c, "did not read its pipe and was killed");
}

void
child_flush(struct child *c)
{
	if (c->out.n > 0)
		child_said(c, 0);
}

void
child_send(struct child *c, const struct buf *frames)
{
	if (!is_heard(c))
		return;
	buf_add(&c->out, frames->p, frames->n);
	child_said(c, 0);
}

/* ---- the end of a life ---- */

static void
on_life_closed(uv_handle_t *handle)
{
	struct life *l = handle->data;

	if (--l->open > 0)
		return;
	close(l->pipe);
	if (l->progress != NULL)
		munmap((void *)(uintptr_t)l->progress, sizeof(*l->progress));
	free(l);
}

static void
life_close(struct life *l)
{
	uv_close((uv_handle_t *)&l->on_pipe, on_life_closed);
	uv_close((uv_handle_t *)&l->reap, on_life_closed);
}

static void on_reap(uv_timer_t *);

/*
 * It is to be dead.  A process that is ending by itself keeps the status it ended
 * with.  Waiting for it is done in between: even SIGKILL may take its time.
 */
static void
life_end(struct life *l)
{
	uv_poll_stop(&l->on_pipe);
	kill(l->pid, SIGKILL);
	uv_timer_start(&l->reap, on_reap, 0, REAP);
}

void
child_kill(struct child *c, const char *fmt, ...)
{
	struct life *l = c->life;
	va_list ap;

	if (l == NULL || l->silent || l->doom.text[0] != 0)
		return;
	va_start(ap, fmt);
	vsnprintf(l->doom.text, sizeof(l->doom.text), fmt, ap);
	va_end(ap);
	life_end(l);
}

/* How it ended, for a person. */
static void
say_exit(const struct child *c, int status, struct buf *out)
{
	static const struct {
		int status;
		const char *words;
	} exits[] = {
		{ HOST_EXIT_MEMORY, "ran out of memory" },
		{ HOST_EXIT_PIPE, "closed its pipe" },
		{ HOST_EXIT_MESSAGE,
			"did not understand the agent: are platen and platen-host of "
			"one build?" },
		{ 126, "could not be started" },
		{ 127, "could not be executed" },
	};

	for (size_t i = 0; i < COUNT(exits); i++)
		if (exits[i].status == status) {
			buf_text(out, exits[i].words);
			if (status >= 126)
				buf_format(out, " (%s)", c->plan.program);
			return;
		}
	buf_format(out, "ended by itself with exit status %d", status);
}

static void
say_signal(const struct life *l, int signal, struct buf *out)
{
	const char *name = sigabbrev_np(signal);

	if (signal == SIGKILL && l->silent)
		buf_text(out, "closed its pipe");
	else if (signal == SIGALRM)
		buf_text(out, "took too long and was killed");
	else if (name != NULL)
		buf_format(out, "killed by SIG%s%s", name,
			signal == SIGSYS ? " (a system call it may not make)" : "");
	else
		buf_format(out, "killed by signal %d", signal);
}

static void
say_how(const struct child *c, int status, struct buf *out)
{
	const struct life *l = c->life;

	if (l->doom.text[0] != 0)
		buf_text(out, l->doom.text);
	else if (WIFSIGNALED(status))
		say_signal(l, WTERMSIG(status), out);
	else
		say_exit(c, WEXITSTATUS(status), out);
	if (!c->refused)
		c->plan.doing(c->plan.arg, out);
}

/* ---- what follows a death ---- */

static void on_start(uv_timer_t *);

/* Has it died too often? */
static bool
count_death(struct child *c, uint64_t now)
{
	uint64_t *oldest = &c->deaths[c->ndeaths % CHILD_DEATHS];
	bool often;

	*oldest = now;
	c->ndeaths++;
	oldest = &c->deaths[c->ndeaths % CHILD_DEATHS];
	often = c->ndeaths >= CHILD_DEATHS && now - *oldest < child_times.health;
	return often && c->plan.may_break;
}

static void
rest(struct child *c, const char *how)
{
	uint64_t now = clock_ms();
	char wait[24];

	if (count_death(c, now)) {
		c->state = WORKER_BROKEN;
		log_error("%s: %s; it died %d times within an hour and is set aside until platen "
			  "is started again",
			c->plan.who, how, CHILD_DEATHS);
		return;
	}
	if (now - c->born >= child_times.health)
		c->rest = 0;
	c->rest = c->rest == 0 ? child_times.rest_first : c->rest * 2;
	if (c->rest > child_times.rest_most)
		c->rest = child_times.rest_most;
	c->state = WORKER_RESTING;
	text_duration_say(c->rest, wait);
	log_warn("%s: %s; it is started again in %s", c->plan.who, how, wait);
	uv_timer_start(&c->timer, on_start, c->rest, 0);
}

static void
on_child_closed(uv_handle_t *handle)
{
	struct child *c = handle->data;

	if (--c->open > 0)
		return;
	buf_free(&c->in);
	buf_free(&c->out);
	free(c);
}

static void
child_free(struct child *c)
{
	uv_close((uv_handle_t *)&c->timer, on_child_closed);
	uv_close((uv_handle_t *)&c->write, on_child_closed);
}

/* Dead or never born: tell the owner, and see what follows. */
static void
child_gone(struct child *c, const char *how)
{
	buf_free(&c->in);
	buf_free(&c->out);
	if (c->refused)
		c->state = WORKER_REFUSED;
	else
		rest(c, how);
	c->plan.gone(c->plan.arg, how);
}

/* ---- reading ---- */

/* Nothing more is heard of one that is being ended. */
static bool
take_frame(void *arg, struct wire *w)
{
	struct child *c = arg;

	if (c->plan.frame(c->plan.arg, w))
		return is_heard(c) && !c->closing;
	child_kill(c, "spoke nonsense on its pipe and was killed");
	return false;
}

static void
take(struct child *c, const uint8_t *p, size_t n)
{
	if (!wire_feed(&c->in, p, n, take_frame, c) && is_heard(c) && !c->closing)
		child_kill(c, "spoke nonsense on its pipe and was killed");
}

/* whole: until nothing is there, not only until less came than was asked for. */
static void
listen_to(struct child *c, bool whole)
{
	static uint8_t chunk[CHUNK];
	size_t turn = 0;
	ssize_t n = 1;

	while ((is_heard(c) || (c->dozing && !c->life->silent)) && turn < MAX_TURN) {
		n = recv(c->life->pipe, chunk, sizeof(chunk), MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0) {
			c->life->silent = true;
			life_end(c->life);
			break;
		}
		turn += (size_t)n;
		/* Of one that was told to go nothing is heard but that it goes. */
		if (!c->closing && !c->dozing)
			take(c, chunk, (size_t)n);
		/* A stream that had no more: the loop says when there is. */
		if (!whole && (size_t)n < sizeof(chunk))
			break;
	}
}

void
child_listen(struct child *c)
{
	listen_to(c, true);
}

static void
on_pipe(uv_poll_t *poll, int status, int events)
{
	struct life *l = poll->data;

	if (l->child->life != l)
		return;
	/* After an error the loop is silent: that it is gone is heard now or never. */
	if (status < 0 || (events & UV_READABLE) != 0)
		listen_to(l->child, status < 0);
	if ((events & UV_WRITABLE) != 0 && is_heard(l->child))
		write_out(l->child);
}

/* It sleeps now, or was woken before it did. */
static void
doze_end(struct child *c)
{
	c->dozing = false;
	uv_timer_stop(&c->timer);
	buf_free(&c->in);
	buf_free(&c->out);
	if (c->state == WORKER_STARTING)
		uv_timer_start(&c->timer, on_start, 0, 0);
}

static void
on_reap(uv_timer_t *timer)
{
	struct life *l = timer->data;
	struct child *c = l->child;
	struct buf how = { 0 };
	int status;

	if (waitpid(l->pid, &status, WNOHANG) != l->pid)
		return;
	/* Who is closing has nobody to tell, and its plan may be gone. */
	if (!c->closing && !c->dozing)
		say_how(c, status, &how);
	c->life = NULL;
	life_close(l);
	if (c->closing)
		child_free(c);
	else if (c->dozing)
		doze_end(c);
	else
		child_gone(c, (const char *)how.p);
	buf_free(&how);
}

/* ---- a new life ---- */

/* A page for its count, that it cannot take away from under us; -1: it goes without. */
static int
progress_new(const volatile struct host_progress **progress)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	int fd = memfd_create("progress", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *page = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(**progress)) == 0 && fcntl(fd, F_ADD_SEALS, seals) == 0)
		page = mmap(NULL, sizeof(**progress), PROT_READ, MAP_SHARED, fd, 0);
	*progress = page != MAP_FAILED ? page : NULL;
	return fd;
}

static bool
life_new(struct child *c, struct why *why)
{
	struct life *l = mem_alloc(sizeof(*l));
	int progress = c->plan.foreign ? progress_new(&l->progress) : -1;

	l->child = c;
	l->open = 2;
	l->pid = child_spawn(&c->plan, progress, &l->pipe, why);
	if (progress >= 0)
		close(progress);
	if (l->pid < 0) {
		if (l->progress != NULL)
			munmap((void *)(uintptr_t)l->progress, sizeof(*l->progress));
		free(l);
		return false;
	}
	uv_poll_init(c->loop, &l->on_pipe, l->pipe);
	uv_timer_init(c->loop, &l->reap);
	l->on_pipe.data = l->reap.data = l;
	c->life = l;
	watch_pipe(l, false);
	return true;
}

static void
on_start(uv_timer_t *timer)
{
	struct child *c = timer->data;
	struct why why;

	c->born = clock_ms();
	c->state = WORKER_STARTING;
	if (life_new(c, &why))
		c->plan.began(c->plan.arg);
	else
		child_gone(c, why.text);
}

/* ---- child.h ---- */

struct child *
child_open(uv_loop_t *loop, const struct child_plan *plan)
{
	struct child *c = mem_alloc(sizeof(*c));

	c->plan = *plan;
	c->loop = loop;
	c->state = WORKER_STARTING;
	uv_timer_init(loop, &c->timer);
	uv_timer_init(loop, &c->write);
	c->timer.data = c->write.data = c;
	c->open = 2;
	uv_timer_start(&c->timer, on_start, 0, 0);
	return c;
}

struct host_progress
child_progress(const struct child *c)
{
	return c->life != NULL && c->life->progress != NULL ? *c->life->progress
							    : (struct host_progress){ 0 };
}

pid_t
child_process(const struct child *c)
{
	return c->life != NULL ? c->life->pid : 0;
}

enum worker_state
child_state(const struct child *c)
{
	return c->state;
}

void
child_ready(struct child *c)
{
	c->state = WORKER_READY;
}

void
child_refused(struct child *c, const char *why)
{
	c->refused = true;
	child_kill(c, "%s", why);
}

/* It was told to end and did not. */
static void
on_patience(uv_timer_t *timer)
{
	struct child *c = timer->data;

	if (c->life != NULL)
		kill(c->life->pid, SIGKILL);
}

/* What it has been told is all: the end of its pipe ends it. */
static void
life_leave(struct child *c)
{
	shutdown(c->life->pipe, SHUT_WR);
	uv_timer_start(&c->timer, on_patience, child_times.leave, 0);
}

void
child_sleep(struct child *c)
{
	if (c->state != WORKER_READY || !is_heard(c) || c->out.n > 0)
		return;
	c->state = WORKER_ASLEEP;
	c->dozing = true;
	life_leave(c);
}

void
child_wake(struct child *c)
{
	if (c->state != WORKER_ASLEEP)
		return;
	c->state = WORKER_STARTING;
	if (!c->dozing)
		uv_timer_start(&c->timer, on_start, 0, 0);
}

void
child_close(struct child *c)
{
	if (c->closing)
		return;
	c->closing = true;
	uv_timer_stop(&c->timer);
	if (c->life == NULL) {
		child_free(c);
		return;
	}
	/* What is not written now is lost to it. */
	if (is_heard(c))
		write_out(c);
	life_leave(c);
}
