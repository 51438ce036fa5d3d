/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.c - platen.network/1: what a database sink waits for, beside its pipe.
 *
 * One poll() over all of it; the nearest end of time is its timeout.  Makes no
 * socket and knows no database: the descriptors are the plugin's own.
 */
#include "host/plugin.h"

#include <poll.h>

/* Watches of all deliveries that are open at one time; the agent gives one after the other. */
#define MAX_POLLED 64

/* ---- asking ---- */

static int32_t
refuse(struct job *job, int32_t status, const char *reason)
{
	plugin_log(job->plugin, job, LOG_WARN, "network watch() refused: %s", reason);
	return status;
}

static int32_t
network_watch(struct platen_delivery *d, int32_t fd, uint32_t ready, uint32_t timeout_ms,
	platen_network_fn *fn, void *arg)
{
	struct job *job = call_job(d, JOB_DELIVERY, "network watch()");
	struct waiting *w;

	if (job == NULL)
		return PLATEN_EINVAL;
	if (fn == NULL || fd < -1 || (ready & ~(PLATEN_READABLE | PLATEN_WRITABLE)) != 0)
		return refuse(job, PLATEN_EINVAL, "no function, no descriptor or unknown bits");
	if (fd == WIRE_FD)
		return refuse(job, PLATEN_EINVAL, "the descriptor is not the plugin's");
	w = job_watch(job);
	if (w == NULL)
		return job->ending ? PLATEN_EBUDGET
				   : refuse(job, PLATEN_EBUDGET, "too many at one time");
	w->fd = fd;
	w->ready = ready;
	w->until =
		clock_ms() + (timeout_ms < PLATEN_MAX_WATCH_MS ? timeout_ms : PLATEN_MAX_WATCH_MS);
	w->fn.network = fn;
	w->arg = arg;
	return PLATEN_OK;
}

const struct platen_network network_service = {
	.size = sizeof(network_service),
	.watch = network_watch,
};

void
watch_give(struct job *job, const struct waiting *w, int32_t status, uint32_t ready)
{
	const struct platen_network_event event = {
		.size = sizeof(event),
		.status = status,
		.fd = w->fd,
		.ready = ready,
	};

	call_begin(job->plugin, job);
	w->fn.network((struct platen_delivery *)job->handle, &event, w->arg);
	call_end();
}

/* ---- waiting ---- */

struct polled {
	nfds_t n;
	struct pollfd fds[MAX_POLLED + 1]; /* the first is the pipe */
	struct job *jobs[MAX_POLLED + 1];
	uint64_t serials[MAX_POLLED + 1];
	uint64_t next; /* ms of the clock: the nearest end of time */
};

static uint64_t
job_until(const struct job *job)
{
	return job->since + PLATEN_DELIVERY_SECONDS * 1000;
}

static void
gather(const struct plugin *p, struct polled *all)
{
	for (struct job *job = p->jobs; job != NULL; job = job->next) {
		for (const struct waiting *w = job->waiting; w != NULL; w = w->next) {
			if (!w->watch || all->n > MAX_POLLED)
				continue;
			all->fds[all->n] = (struct pollfd){
				.fd = w->fd,
				.events = (short)((w->ready & PLATEN_READABLE ? POLLIN : 0) |
					(w->ready & PLATEN_WRITABLE ? POLLOUT : 0)),
			};
			all->jobs[all->n] = job;
			all->serials[all->n++] = w->serial;
			all->next = w->until < all->next ? w->until : all->next;
		}
		if (job->watches > 0 && job_until(job) < all->next)
			all->next = job_until(job);
	}
}

/* A connection that broke is readable and writable: the plugin's next call says how. */
static uint32_t
ready_of(short events, uint32_t wanted)
{
	if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0)
		return wanted;
	return (events & POLLIN ? PLATEN_READABLE : 0) | (events & POLLOUT ? PLATEN_WRITABLE : 0);
}

/* One callback at most: it may change everything that was gathered. */
static bool
give_one(const struct polled *all, uint64_t now, void (*before)(void))
{
	for (nfds_t i = 1; i < all->n; i++) {
		struct job *job = all->jobs[i];
		struct waiting *w = job->waiting;
		uint32_t ready;

		while (w->serial != all->serials[i])
			w = w->next;
		ready = ready_of(all->fds[i].revents, w->ready);
		if (ready == 0 && now < w->until)
			continue;
		before();
		job_take(job, w->serial);
		watch_give(job, w, ready != 0 ? PLATEN_OK : PLATEN_ENOANSWER, ready);
		job_settle(job, PLATEN_OK);
		return true;
	}
	return false;
}

static bool
end_one(struct plugin *p, uint64_t now, void (*before)(void))
{
	for (struct job *job = p->jobs; job != NULL; job = job->next)
		if (job->watches > 0 && now >= job_until(job)) {
			before();
			plugin_log(p, job, LOG_WARN, "the delivery was not over after %d s",
				PLATEN_DELIVERY_SECONDS);
			job_end(job, PLATEN_ENOANSWER);
			return true;
		}
	return false;
}

bool
plugin_wait(struct plugin *p, int fd, void (*before)(void))
{
	struct polled all = { .n = 1, .next = UINT64_MAX };
	uint64_t now = clock_ms();

	if (p->jobs == NULL)
		return true; /* who reads fd waits there */
	all.fds[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	gather(p, &all);
	if (all.n == 1)
		return true;
	if (poll(all.fds, all.n, all.next > now ? (int)(all.next - now) : 0) < 0)
		return false; /* a signal */
	now = clock_ms();
	if (end_one(p, now, before) || give_one(&all, now, before))
		return false;
	return all.fds[0].revents != 0;
}
