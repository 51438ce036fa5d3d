/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_wan.h - from a sink's section to what the wan role has to know of its
 * place: servers, trust, secrets from their files, the proxy.
 */
#ifndef PLATEN_PLACE_WAN_H
#define PLATEN_PLACE_WAN_H

#include "message_wan.h"
#include "store/place.h"

/*
 * Read the options; what is wrong is told, one call for each fault.  Texts are in
 * memory of the pool.  False: there were faults.
 */
bool place_wan_read(const struct sink_config *, struct pool *, struct wan_place *, place_fault_fn *,
	void *arg);

#endif
