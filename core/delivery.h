/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delivery.h - the last stage: batches of kept records go out through sink plugins.
 *
 * The spool offers a batch to a sink that is free; the sink's plugin sends and
 * settles; what it settled is told back through the functions of the offer.
 * Whose cursor moves is the spool's business, not ours.
 */
#ifndef PLATEN_DELIVERY_H
#define PLATEN_DELIVERY_H

#include "config/config.h"
#include "process/worker.h"

#include <uv.h>

struct delivery;

struct batch_events {
	/* Records first..last have this fate (PLATEN_SENT, PLATEN_REJECTED). */
	void (*settled)(void *arg, uint32_t sink, uint64_t first, uint64_t last, int32_t verdict,
		const char *reason);
	/* The sink is free again, in wait milliseconds if what is left is to be tried again. */
	void (*over)(void *arg, uint32_t sink, bool again, uint64_t wait);
};

/* Sinks as the config names them, each with its worker.  NULL: why says it. */
struct delivery *delivery_open(uv_loop_t *, const struct config *, struct why *);

uint32_t delivery_sinks(const struct delivery *);
const struct sink_config *delivery_sink(const struct delivery *, uint32_t sink);

/*
 * Give a free sink a batch, borrowed until over().  A batch that comes again,
 * also after the agent was killed, does no harm: a file knows what it holds, and
 * a server knows the records by agent and seq.
 */
void delivery_offer(struct delivery *, uint32_t sink, const struct platen_batch *,
	const struct batch_events *, void *arg);

/* What is out is not settled any more; over() is not called. */
void delivery_close(struct delivery *);

#endif
