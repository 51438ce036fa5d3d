/* SPDX-License-Identifier: Apache-2.0 */
/* device.c - who is to be visited, and when; see device.h. */
#include "device.h"

#include "printer/due.h"
#include "printer/schedule.h"
#include "store/pins.h"

#include <search.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum device_state {
	DEVICE_WAITING, /* for its due time */
	DEVICE_DUE, /* in line for a visit */
	DEVICE_VISITED, /* now */
	DEVICE_OVER /* dealt with: nothing more is to be done */
};

/* One address; what is known of who lives there is in the registry. */
struct device {
	struct devices *all;
	struct device *next; /* in line */
	struct due due;
	uint32_t failures;
	enum device_state state;
	uint16_t port;
	bool known; /* was a printer before */
	char address[];
};

struct devices {
	uv_loop_t *loop;
	const struct config *config;
	struct registry *registry;
	struct visits *visits;
	enum devices_mode mode;
	struct devices_owner owner;
	void *tree; /* tsearch(3) by address and port */
	struct device *line, **line_end;
	uint32_t count, visiting, waiting;
	char *pins; /* the agent's, of a run without a registry; or NULL */
	struct dues dues; /* who waits, by the loop's time */
	uv_timer_t *wake; /* when the first of them is due */
	uv_timer_t *flush; /* running while the registry was written to */
	int64_t minute; /* of the clock, ... */
	uint32_t of_day; /* and of the day */
};

/* How much of what was learned a kill may cost, in ms. */
#define FLUSH_MS 1000

/* ---- the tree ---- */

static int
compare(const void *a, const void *b)
{
	const struct device *x = a, *y = b;

	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return strcmp(x->address, y->address);
}

static struct device *
device_new(struct devices *all, const char *address, uint16_t port)
{
	struct device *d = mem_alloc(sizeof(*d) + strlen(address) + 1);

	d->all = all;
	d->port = port;
	strcpy(d->address, address);
	return d;
}

/* The device at an address, made if it is new (then *fresh is true). */
static struct device *
device_at(struct devices *all, const char *address, uint16_t port, bool *fresh)
{
	struct device *d = device_new(all, address, port), **at = tsearch(d, &all->tree, compare);

	if (at == NULL)
		die("out of memory");
	*fresh = *at == d;
	if (!*fresh) {
		free(d);
		return *at;
	}
	all->count++;
	return d;
}

static void
device_forget(struct device *d)
{
	due_drop(&d->all->dues, &d->due);
	tdelete(d, &d->all->tree, compare);
	d->all->count--;
	free(d);
}

/* ---- the line ---- */

static void on_visited(void *arg, const struct visit_result *result);

/* What is remembered of a device; at least its address.  Its shape, borrowed from the registry. */
static const char *
remembered(const struct device *d, struct printer *p)
{
	const char *shape;

	if (d->all->registry != NULL &&
		registry_at(d->all->registry, d->address, d->port, p, &shape))
		return shape;
	memset(p, 0, sizeof(*p));
	strncpy(p->address, d->address, sizeof(p->address) - 1);
	p->port = d->port;
	pins_recall(d->all->pins, p);
	return "";
}

static void
line_serve(struct devices *all)
{
	while (all->line != NULL && visits_room(all->visits)) {
		struct device *d = all->line;
		struct printer known;
		const char *shape;

		all->line = d->next;
		if (all->line == NULL)
			all->line_end = &all->line;
		d->state = DEVICE_VISITED;
		all->visiting++;
		all->waiting--;
		shape = remembered(d, &known);
		visit_start(all->visits, &known, shape, all->mode == DEVICES_IDENTIFY, on_visited,
			d);
	}
}

static void
on_free_place(void *arg)
{
	line_serve(arg);
}

/* Get in line; line_serve is to follow. */
static void
line_up(struct device *d)
{
	struct devices *all = d->all;

	if (d->state == DEVICE_DUE || d->state == DEVICE_VISITED)
		return;
	due_drop(&all->dues, &d->due);
	d->state = DEVICE_DUE;
	d->next = NULL;
	*all->line_end = d;
	all->line_end = &d->next;
	all->waiting++;
}

/* ---- after a visit ---- */

/* Days begin with a minute, in any zone. */
static uint32_t
minute_of_day(struct devices *all)
{
	time_t now = (time_t)clock_wall();
	struct tm tm;

	if (all->minute != now / 60) {
		localtime_r(&now, &tm);
		all->of_day = (uint32_t)(tm.tm_hour * 60 + tm.tm_min);
		all->minute = now / 60;
	}
	return all->of_day;
}

static void on_wake(uv_timer_t *timer);

/* One timer for all: it is set for whoever is due first. */
static void
wake_up(struct devices *all)
{
	const struct due *first = due_first(&all->dues);
	uint64_t now = uv_now(all->loop);

	if (first != NULL)
		uv_timer_start(all->wake, on_wake, first->at > now ? first->at - now : 0, 0);
	else
		uv_timer_stop(all->wake);
}

static void
on_wake(uv_timer_t *timer)
{
	struct devices *all = timer->data;
	struct due *first;

	while ((first = due_first(&all->dues)) != NULL && first->at <= uv_now(all->loop))
		line_up((struct device *)((char *)first - offsetof(struct device, due)));
	line_serve(all);
	wake_up(all);
}

static void
wait_for(struct device *d, uint64_t ms)
{
	struct devices *all = d->all;

	d->state = DEVICE_WAITING;
	due_set(&all->dues, &d->due, uv_now(all->loop) + ms);
	if (due_first(&all->dues) == &d->due)
		wake_up(all);
}

static void
on_flush(uv_timer_t *timer)
{
	struct devices *all = timer->data;

	registry_flush(all->registry);
}

/* After the registry was written to: it is the disk's soon, with all that comes till then. */
static void
flush_soon(struct devices *all)
{
	if (!uv_is_active((uv_handle_t *)all->flush))
		uv_timer_start(all->flush, on_flush, FLUSH_MS, 0);
}

/* WATCH: keep what was learned, and say when it is to be visited again. */
static void
device_again(struct device *d, const struct visit_result *r)
{
	struct devices *all = d->all;
	struct printer p = *r->printer;

	flush_soon(all);
	switch (r->outcome) {
	case VISIT_READ:
	case VISIT_NOT_KEPT:
	case VISIT_IDENTIFIED:
		d->failures = 0;
		d->known = true;
		p.seen = clock_wall();
		break;
	case VISIT_SILENT:
		d->failures++;
		break;
	case VISIT_NOT_PRINTER:
		d->known = false;
		break;
	case VISIT_ELSEWHERE:
		registry_forget(all->registry, d->address, d->port);
		wait_for(d, schedule_next(all->config, 0, minute_of_day(all), random_u64()));
		return;
	}
	if (!d->known) {
		registry_forget(all->registry, d->address, d->port);
		device_forget(d);
		return;
	}
	p.failures = d->failures;
	registry_put(all->registry, &p, r->shape);
	wait_for(d, schedule_next(all->config, d->failures, minute_of_day(all), random_u64()));
}

static void
on_visited(void *arg, const struct visit_result *r)
{
	struct device *d = arg;
	struct devices *all = d->all;

	all->visiting--;
	d->state = DEVICE_OVER;
	if (all->mode == DEVICES_WATCH)
		device_again(d, r);
	all->owner.told(all->owner.arg, r);
	line_serve(all);
}

/* ---- from outside ---- */

/* On the heap: libuv lets go of it only when the loop has turned once more. */
static uv_timer_t *
new_timer(struct devices *all)
{
	uv_timer_t *t = mem_alloc(sizeof(*t));

	uv_timer_init(all->loop, t);
	t->data = all;
	return t;
}

struct devices *
devices_new(uv_loop_t *loop, const struct config *config, struct registry *registry,
	struct visits *visits, enum devices_mode mode, const struct devices_owner *owner)
{
	struct devices *all = mem_alloc(sizeof(*all));

	*all = (struct devices){
		.loop = loop,
		.config = config,
		.registry = registry,
		.visits = visits,
		.mode = mode,
		.owner = *owner,
	};
	all->line_end = &all->line;
	/* Keys that the agent does not believe, nobody beside it does either. */
	all->pins = registry == NULL ? pins_read(config->state) : NULL;
	all->wake = new_timer(all);
	all->flush = new_timer(all);
	visits_when_free(visits, on_free_place, all);
	return all;
}

static bool
remember_one(void *arg, const struct printer *p)
{
	struct devices *all = arg;
	int64_t ago = p->seen > 0 ? clock_wall() - p->seen : -1;
	bool fresh;
	struct device *d = device_at(all, p->address, p->port, &fresh);

	d->known = p->id[0] != 0;
	d->failures = p->failures;
	/* A clock that was set back makes a printer due at once, not in years. */
	wait_for(d,
		schedule_first(all->config, ago < 0 ? UINT64_MAX : (uint64_t)ago * 1000,
			minute_of_day(all), random_u64()));
	return true;
}

void
devices_remember(struct devices *all)
{
	registry_each(all->registry, remember_one, all);
}

static void
make_due(const void *node, VISIT when, void *arg)
{
	(void)arg;
	if (when == postorder || when == leaf)
		line_up(*(struct device *const *)node);
}

void
devices_all_due(struct devices *all)
{
	twalk_r(all->tree, make_due, NULL);
	line_serve(all);
}

void
device_found(struct devices *all, const char *address, uint16_t port)
{
	bool fresh;
	struct device *d = device_at(all, address, port, &fresh);

	/* A printer that was thought to be silent has answered the sweep. */
	if (fresh || d->failures > 0)
		line_up(d);
	line_serve(all);
}

void
device_learned(struct devices *all, const char *address, uint16_t port, const char *learned)
{
	struct printer was;

	if (all->registry == NULL || strlen(learned) >= sizeof(was.learned))
		return;
	if (!registry_at(all->registry, address, port, &was, NULL))
		was.learned[0] = 0;
	pins_keep(all->config->state, address, was.learned, learned);
	registry_put_learned(all->registry, address, port, learned);
	flush_soon(all);
}

uint32_t
devices_busy(const struct devices *all)
{
	return all->waiting + all->visiting;
}

uint32_t
devices_count(const struct devices *all)
{
	return all->count;
}

static void
free_timer(uv_handle_t *t)
{
	free(t);
}

void
devices_free(struct devices *all)
{
	free(all->pins);
	tdestroy(all->tree, free);
	dues_free(&all->dues);
	uv_close((uv_handle_t *)all->wake, free_timer);
	uv_close((uv_handle_t *)all->flush, free_timer);
	free(all);
}
