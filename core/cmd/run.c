/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c - `platen run`: the agent, in the foreground.
 *
 * SIGHUP: a valid INI takes the place of the old one, a wrong one is refused
 * and the old one stays.  SIGUSR1: every known printer is read now.  SIGTERM,
 * SIGINT: what was read is kept, then the end.
 */
#include "cmd/load.h"
#include "cmd/options.h"

#include "agent.h"
#include "base/notify.h"
#include "store/pins.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct running {
	uv_loop_t loop;
	const char *file;
	struct config *config, *old; /* old: until its agent is gone */
	struct agent *agent;
	uv_signal_t hup, now, term, interrupt;
	uv_timer_t next; /* after an agent has been closed: its successor */
	uv_poll_t folder; /* the state folder: whether `platen forget` leaves a wish there */
	int watch;
	struct why why;
	bool failed;
};

static void
on_told(void *arg, const struct visit_result *r)
{
	const struct printer *p = r->printer;

	(void)arg;
	switch (r->outcome) {
	case VISIT_READ:
		log_debug("%s: read, %u packets", p->address, r->packets);
		break;
	case VISIT_NOT_KEPT:
		log_warn("%s: read, but not kept", p->address);
		break;
	case VISIT_SILENT:
		/* Said once, when it falls silent: a printer may sleep or be switched off. */
		if (p->failures == 0 && p->id[0] != 0)
			log_info("%s (%s): no answer; it will be tried again", p->address, p->id);
		break;
	case VISIT_ELSEWHERE:
		log_debug("%s: is read at another address", p->address);
		break;
	case VISIT_NOT_PRINTER:
	case VISIT_IDENTIFIED:
		break;
	}
}

static void
on_trouble(void *arg, const char *why)
{
	(void)arg;
	log_warn("sweep: %s", why);
}

static bool
start(struct running *r, const struct config *config)
{
	r->agent = agent_open(&r->loop,
		&(struct agent_order){
			.config = config,
			.mode = DEVICES_WATCH,
			.told = on_told,
			.trouble = on_trouble,
		},
		&r->why);
	if (r->agent != NULL && inotify_add_watch(r->watch, config->state, IN_CLOSE_WRITE) < 0)
		log_warn("%s cannot be watched: what `platen forget` says waits for a restart: %s",
			config->state, strerror(errno));
	return r->agent != NULL;
}

/* A new config that cannot be started gives way to the old one. */
static void
on_next(uv_timer_t *timer)
{
	struct running *r = timer->data;

	if (start(r, r->config)) {
		if (r->old != NULL)
			log_info("reloaded %s", r->config->file);
	} else {
		if (r->old != NULL) {
			log_error("%s; the old configuration stays", r->why.text);
			config_free(r->config);
			r->config = r->old;
			r->old = NULL;
		}
		if (!start(r, r->config)) {
			log_error("%s", r->why.text);
			r->failed = true;
			uv_stop(&r->loop);
			return;
		}
	}
	/* Nothing of the old agent has been running since its close returned to the loop. */
	if (r->old != NULL)
		config_free(r->old);
	r->old = NULL;
	notify("READY=1");
}

static void
on_fault(void *arg, const char *line)
{
	(void)arg;
	log_error("%s", line);
}

static void
on_hup(uv_signal_t *handle, int number)
{
	struct running *r = handle->data;
	struct config *config;

	(void)number;
	if (r->agent == NULL)
		return;
	notify("RELOADING=1");
	config = config_read(r->file, on_fault, NULL);
	if (config == NULL) {
		log_error("the INI has faults; the old configuration stays");
		notify("READY=1");
		return;
	}
	agent_close(r->agent);
	r->agent = NULL;
	r->old = r->config;
	r->config = config;
	uv_timer_start(&r->next, on_next, 50, 0);
}

/* Begin anew with the same INI: what is forgotten must be gone from every process. */
static void
on_folder(uv_poll_t *poll, int status, int events)
{
	struct running *r = poll->data;
	char changes[4096];

	(void)status;
	(void)events;
	/* Which file it was is not asked: others are written seldom. */
	while (read(r->watch, changes, sizeof(changes)) > 0)
		;
	if (r->agent == NULL || !pins_wanted(r->config->state))
		return;
	agent_close(r->agent);
	r->agent = NULL;
	uv_timer_start(&r->next, on_next, 50, 0);
}

static void
on_now(uv_signal_t *handle, int number)
{
	struct running *r = handle->data;

	(void)number;
	if (r->agent != NULL)
		agent_read_all(r->agent);
}

static void
on_term(uv_signal_t *handle, int number)
{
	struct running *r = handle->data;

	log_info("ending: signal %d", number);
	notify("STOPPING=1");
	uv_close((uv_handle_t *)&r->hup, NULL);
	uv_close((uv_handle_t *)&r->now, NULL);
	uv_close((uv_handle_t *)&r->term, NULL);
	uv_close((uv_handle_t *)&r->interrupt, NULL);
	uv_close((uv_handle_t *)&r->next, NULL);
	if (r->watch >= 0)
		uv_close((uv_handle_t *)&r->folder, NULL);
	if (r->agent != NULL)
		agent_close(r->agent);
	r->agent = NULL;
}

static void
watch_signal(struct running *r, uv_signal_t *handle, uv_signal_cb cb, int number)
{
	uv_signal_init(&r->loop, handle);
	handle->data = r;
	uv_signal_start(handle, cb, number);
}

static int
run_agent(struct running *r)
{
	uv_loop_init(&r->loop);
	r->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (!start(r, r->config)) {
		fprintf(stderr, "platen run: %s\n", r->why.text);
		loop_empty(&r->loop);
		return EXIT_USAGE;
	}
	uv_timer_init(&r->loop, &r->next);
	r->next.data = r;
	r->folder.data = r;
	if (r->watch >= 0) {
		uv_poll_init(&r->loop, &r->folder, r->watch);
		uv_poll_start(&r->folder, UV_READABLE, on_folder);
	}
	watch_signal(r, &r->hup, on_hup, SIGHUP);
	watch_signal(r, &r->now, on_now, SIGUSR1);
	watch_signal(r, &r->term, on_term, SIGTERM);
	watch_signal(r, &r->interrupt, on_term, SIGINT);
	log_info("running with %s", r->config->file);
	notify("READY=1");
	loop_empty(&r->loop);
	if (r->watch >= 0)
		close(r->watch);
	return r->failed ? EXIT_SOME : EXIT_DONE;
}

static int
run(int argc, char **argv)
{
	struct running r = { 0 };
	bool verbose = false;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&r.file),
		{ 'v', "verbose", NULL, "a line for every visit", &verbose, NULL },
	};
	int status, first = options_read(&cmd_run, options, COUNT(options), argc, argv, &status);

	if (first < 0)
		return status;
	if (first < argc)
		return options_wrong(&cmd_run, "\"%s\" is too much: ranges stand in the INI",
			argv[first]);
	log_open("platen", verbose ? LOG_DEBUG : LOG_INFO);
	if ((r.config = load_config(r.file)) == NULL)
		return EXIT_USAGE;
	status = run_agent(&r);
	config_free(r.config);
	return status;
}

const struct cmd cmd_run = {
	.name = "run",
	.synopsis = "[-c FILE] [-v]",
	.summary = "the agent, in the foreground",
	.more = "SIGHUP reads the INI again and keeps the old one when the new one is wrong; "
		"SIGUSR1 reads every known printer now; SIGTERM ends cleanly.",
	.run = run,
};
