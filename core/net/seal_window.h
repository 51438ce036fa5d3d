/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal_window.h - no envelope counts twice: which counters of which agent and key
 * a receiver has seen.
 *
 * All of it is memory, and a receiver that starts anew has forgotten all.  So it
 * takes an envelope only when its sender names the receiver's session: a random
 * number, drawn anew at each start, which the sender learns from a receipt.  What
 * was recorded before names an older session and is worth nothing.  The same when
 * a window has to go because there are too many: then the session for agents
 * without a window changes with it.
 *
 * Only for envelopes that seal_open has found whole.
 */
#ifndef PLATEN_SEAL_WINDOW_H
#define PLATEN_SEAL_WINDOW_H

#include "net/seal.h"

#define SEAL_WINDOW 1024 /* counters behind the highest that are still told apart */

enum seal_seen {
	SEAL_FRESH, /* never seen: it counts, and is marked as seen */
	SEAL_AGAIN, /* names no session or another one: send it again with this one */
	SEAL_REPLAYED, /* seen before */
	SEAL_OLD /* too far behind the newest to know, or of an older block */
};

struct seal_windows;

/* most: windows kept at one time; the one unused for longest goes first. */
struct seal_windows *seal_windows_open(uint32_t most);
void seal_windows_close(struct seal_windows *);

/*
 * Judge a request.  *session is what its receipt must name.  A SEAL_HELLO is
 * SEAL_AGAIN always and changes nothing.
 */
enum seal_seen seal_windows_take(struct seal_windows *, const struct seal_head *,
	uint64_t *session);

#endif
