/* SPDX-License-Identifier: Apache-2.0 */
/* sweep.c - find what speaks SNMP; see sweep.h.  The packets are the lan role's. */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

struct sweep {
	const struct config *config;
	struct lan *lan;
	struct devices *devices;
	struct sweep_order order;
	struct sweep_owner owner;
	uv_timer_t timer;
	bool running, again;
};

static void
on_found(void *arg, const char *address, uint16_t port, const char *as_asked)
{
	struct sweep *s = arg;

	s->owner.found(s->owner.arg, address, as_asked);
	device_found(s->devices, address, port);
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t found)
{
	struct sweep *s = arg;

	s->owner.progress(s->owner.arg, sent, total, found);
}

static void on_time(uv_timer_t *timer);

static void
on_swept(void *arg, uint64_t packets, const char *why)
{
	struct sweep *s = arg;

	s->running = false;
	if (s->again && s->config->discover_every > 0)
		uv_timer_start(&s->timer, on_time, s->config->discover_every, 0);
	s->owner.over(s->owner.arg, packets, why);
}

static void
on_time(uv_timer_t *timer)
{
	static const struct sweep_events events = {
		.found = on_found,
		.progress = on_progress,
		.swept = on_swept,
	};
	struct sweep *s = timer->data;

	s->running = true;
	s->lan->ops->sweep(s->lan, &s->order, &events, s);
}

struct sweep *
sweep_new(uv_loop_t *loop, const struct config *config, struct lan *lan, struct devices *devices,
	const char *const *targets, uint32_t n, bool again, const struct sweep_owner *owner)
{
	struct sweep *s = mem_alloc(sizeof(*s));

	*s = (struct sweep){
		.config = config,
		.lan = lan,
		.devices = devices,
		.order = {
			.targets = n > 0 ? targets : config->ranges,
			.ntargets = n > 0 ? n : config->nranges,
			.exclude = config->exclude,
			.nexclude = config->nexclude,
			.rate = config->rate,
			.port = config->port,
		},
		.owner = *owner,
		.running = true,
		.again = again,
	};
	uv_timer_init(loop, &s->timer);
	s->timer.data = s;
	uv_timer_start(&s->timer, on_time, 0, 0);
	return s;
}

bool
sweep_running(const struct sweep *s)
{
	return s->running;
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
sweep_free(struct sweep *s)
{
	uv_close((uv_handle_t *)&s->timer, on_closed);
}
