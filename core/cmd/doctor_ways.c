/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor_ways.c - can the dealer be reached?  Every server is sent a parcel with
 * nothing in it, as a batch would be: by the proxy of the INI, and without.
 *
 * What answers is reached, whatever it says.  Only servers that the INI names
 * are spoken to, and nothing about printers leaves.
 */
#include "cmd/doctor.h"
#include "cmd/load.h"

#include "process/wan.h"
#include "store/identity.h"
#include "store/place_wan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Milliseconds for one server. */
#define WAIT 10000

/* One server by one way. */
struct way {
	struct ways *all;
	const char *sink, *server, *by; /* "by the proxy", "directly" */
	bool frames;
	bool around; /* directly, where there is a proxy: it need not be possible */
	uint32_t place;
};

struct ways {
	struct doctor *doctor;
	struct wan *wan;
	struct pool *pool;
	char agent[UUID_TEXT], key[UUID_TEXT + 8];
	uint32_t n, open;
	struct way ways[MAX_WAN_PLACES];
};

static void
on_left(void *arg, const char *server, const uint8_t *head, size_t nhead, const uint8_t *body,
	size_t nbody)
{
	(void)arg;
	(void)server;
	(void)head;
	(void)nhead;
	(void)body;
	(void)nbody;
}

/* ---- what came of it ---- */

static const char *
mend_of(const struct way *w)
{
	if (w->frames)
		return "see that the dealer listens there, and let the firewall pass it";
	if (strcmp(w->by, "directly") == 0)
		return "see that the dealer listens there, and let the firewall pass it, or set a "
		       "proxy";
	return "correct proxy, proxy_user and proxy_password_file";
}

static void
on_sent(void *arg, const struct sent *sent)
{
	struct way *w = arg;
	struct ways *all = w->all;
	const char *reason = sent->reason != NULL ? sent->reason : "no answer";
	size_t named = strlen(w->server);
	char about[64];

	/* Which server it is, the line says already. */
	if (strncmp(reason, w->server, named) == 0 && strncmp(reason + named, ": ", 2) == 0)
		reason += named + 2;
	snprintf(about, sizeof(about), "sink %s", w->sink);
	if (sent->status == PLATEN_OK && (sent->code == 401 || sent->code == 403))
		doctor_tell(all->doctor, about, "server", VERDICT_BAD,
			"correct token_file or cert_file; the dealer makes a new one with "
			"`platen keys new`",
			"%s %s: answers, but does not take us (%d)", w->server, w->by, sent->code);
	else if (sent->status == PLATEN_OK || (w->frames && sent->code > 0))
		doctor_tell(all->doctor, about, "server", VERDICT_GOOD, "", "%s %s: answers",
			w->server, w->by);
	else if (w->around)
		doctor_tell(all->doctor, about, "server", VERDICT_GOOD, "",
			"%s %s: %s; the proxy is needed", w->server, w->by, reason);
	else
		doctor_tell(all->doctor, about, "server", VERDICT_BAD, mend_of(w), "%s %s: %s",
			w->server, w->by, reason);
	all->open--;
}

/* ---- setting out ---- */

static void
add_way(struct ways *all, const struct wan_place *base, const char *server, const char *by)
{
	struct wan_place one = *base;
	struct way *w = &all->ways[all->n];

	if (all->n == MAX_WAN_PLACES)
		return;
	all->n++;
	one.nservers = 1;
	one.servers = pool_copy(all->pool, &server, sizeof(server));
	one.timeout = WAIT;
	one.transcript = false;
	if (strcmp(by, "directly") == 0)
		one.proxy = "";
	*w = (struct way){
		.all = all,
		.sink = base->sink,
		.server = server,
		.by = by,
		.frames = base->kind == WAN_FRAMES,
		.around = base->proxy[0] != 0 && strcmp(by, "directly") == 0,
	};
	w->place = wan_place_add(all->wan, &one, on_left, w);
}

static void
on_fault(void *arg, const char *line)
{
	doctor_tell(arg, "site", "config", VERDICT_BAD, "correct the INI", "%s", line);
}

static void
add_sink(struct ways *all, const struct sink_config *c)
{
	bool https = strcmp(c->plugin, "https") == 0, udp = strcmp(c->plugin, "udp") == 0;
	struct wan_place base;

	if ((!https && !udp) || !place_wan_read(c, all->pool, &base, on_fault, all->doctor))
		return;
	for (uint32_t i = 0; i < base.nservers; i++) {
		if (https && base.proxy[0] != 0)
			add_way(all, &base, base.servers[i], "by the proxy");
		add_way(all, &base, base.servers[i], "directly");
	}
}

static void
send_all(struct ways *all)
{
	static const char facts[] = "-\n{}";

	for (uint32_t i = 0; i < all->n; i++) {
		struct way *w = &all->ways[i];
		const struct parcel parcel = {
			.type = w->frames ? URGENT_TYPE : "application/x-ndjson",
			.coding = "",
			.server = "",
			.agent = all->agent,
			.key = all->key,
			.body = (const uint8_t *)(w->frames ? facts : ""),
			.n = w->frames ? strlen(facts) : 0,
		};

		all->open++;
		wan_send(all->wan, w->place, &parcel, on_sent, w);
	}
}

static void
run(struct ways *all)
{
	uv_loop_t loop;

	uv_loop_init(&loop);
	all->wan = wan_new(&loop, all->doctor->config);
	for (uint32_t i = 0; i < all->doctor->config->nsinks; i++)
		add_sink(all, &all->doctor->config->sinks[i]);
	wan_begin(all->wan);
	send_all(all);
	while (all->open > 0 && uv_run(&loop, UV_RUN_ONCE) != 0)
		;
	wan_close(all->wan);
	loop_empty(&loop);
}

void
doctor_ways(struct doctor *d)
{
	struct ways *all = mem_alloc(sizeof(*all));
	struct identity identity;
	struct why why;

	all->doctor = d;
	all->pool = pool_new();
	if (identity_read(d->config->state, &identity, &why)) {
		memcpy(all->agent, identity.agent, sizeof(all->agent));
		snprintf(all->key, sizeof(all->key), "%s/0-0", identity.agent);
		run(all);
	} else if (d->config->nsinks > 0) {
		doctor_tell(d, "site", "servers", VERDICT_UNKNOWN, "start the agent once",
			"the agent has no id yet, and no dealer could know it");
	}
	pool_free(all->pool);
	free(all);
}
