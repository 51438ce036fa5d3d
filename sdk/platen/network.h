/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/network.h - a database of a sink's own (since v1.1).  Only a sink is
 * given this, and only where its section of the INI says `allow = network`.
 *
 * The jail then opens as far as the section names the database and no further:
 * with the option `path`, the plugin may read and write files in that folder;
 * with the option `url`, it may make sockets (TCP, UDP, local), and read how names
 * are looked up, the system's certificate authorities, and the files that its
 * options *_file name.  It can never start a program, and never listen.
 *
 * A plugin still never waits: it sets its sockets to non-blocking, asks for watch,
 * returns, and is called when there is something to do.
 */
#ifndef PLATEN_NETWORK_H
#define PLATEN_NETWORK_H

#include <platen/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_NETWORK "platen.network/1"

/* A disk may stall where a mere callback may not: each may take this long. */
#define PLATEN_NETWORK_CALLBACK_SECONDS 30
#define PLATEN_DELIVERY_SECONDS 100 /* a delivery with watches that takes longer is ended */
#define PLATEN_MAX_WATCHES 8 /* at one time in one delivery */
#define PLATEN_MAX_WATCH_MS 100000u /* longest timeout of one */

/* What a descriptor is watched for, and what it is ready for. */
#define PLATEN_READABLE 1u
#define PLATEN_WRITABLE 2u

struct platen_network_event {
	uint32_t size;
	int32_t status; /* PLATEN_OK, or ENOANSWER: time is up, EBUDGET: the delivery is ended */
	int32_t fd;
	uint32_t ready; /* PLATEN_READABLE, PLATEN_WRITABLE; an error or end makes it both */
};

typedef void platen_network_fn(struct platen_delivery *, const struct platen_network_event *,
	void *arg);

struct platen_network {
	uint32_t size;
	uint32_t reserved; /* 0 */

	/*
	 * Call back once, when fd is ready for what ready names or when
	 * timeout_ms has passed.  fd -1: a mere timer.  The delivery lasts as
	 * long as something of it is watched.  The descriptor stays the
	 * plugin's: before it is closed, its watch is left to end by itself.
	 */
	int32_t (*watch)(struct platen_delivery *, int32_t fd, uint32_t ready, uint32_t timeout_ms,
		platen_network_fn *, void *arg);
};

#ifdef __cplusplus
}
#endif
#endif
