/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate.c - the gate role: at the dealer's, takes the uploads of agents.  Listens
 * where it is told, and from then on can open nothing and call nobody.
 */
#include "net/gate.h"

#include "net/gate_listen.h"
#include "net/gate_seal.h"
#include "net/jail.h"
#include "net/net.h"

#include <stdlib.h>

/* The texts lie in the frame, which goes: decode a copy that stays. */
static bool
copy_settings(struct gate *g, struct wire *w)
{
	struct wire again = *w;

	again.p = pool_copy(g->pool, w->p, w->n);
	return gate_settings_get(&again, g->pool, &g->settings);
}

/* From here on the role is closed in. */
static bool
take_settings(struct gate *g, struct wire *w)
{
	struct why why;

	if (!copy_settings(g, w))
		return false;
	gate_takes_open(g);
	gate_seals_open(g);
	if (!gate_listen(g, &why))
		die("%s", why.text);
	jail_begin(
		&(struct jail_plan){
			.who = "gate",
			.sandbox = g->settings.sandbox,
			.listens = true,
		},
		&g->pipe);
	return true;
}

static bool
take(void *arg, struct wire *w)
{
	struct gate *g = arg;

	if (w->type == MSG_GATE_SETTINGS)
		return g->takes == NULL && take_settings(g, w);
	if (g->takes == NULL)
		return false;
	switch (w->type) {
	case MSG_GATE_KEYS:
		return gate_keys_take(g, w);
	case MSG_GATE_KEPT:
		return gate_kept(g, w);
	default:
		return false;
	}
}

int
gate_main(void)
{
	struct gate *g = mem_alloc(sizeof(*g));

	log_open("platen gate", LOG_INFO);
	uv_loop_init(&g->loop);
	g->pool = pool_new();
	pipe_open(&g->pipe, &g->loop, "gate", take, g);
	uv_run(&g->loop, UV_RUN_DEFAULT);
	if (g->takes != NULL) {
		gate_webs_close(g);
		gate_tcps_close(g);
		gate_udps_close(g);
		gate_seals_close(g);
		gate_takes_close(g);
	}
	gate_rates_free(g);
	pipe_close(&g->pipe);
	uv_run(&g->loop, UV_RUN_DEFAULT);
	uv_loop_close(&g->loop);
	pool_free(g->keys_pool);
	pool_free(g->pool);
	free(g);
	return 0;
}
