/* SPDX-License-Identifier: Apache-2.0 */
/*
 * knock.h - does anybody take connections at a port?  The connection is handed
 * on as it is, so that nobody is called twice.
 */
#ifndef PLATEN_KNOCK_H
#define PLATEN_KNOCK_H

#include "net/address.h"

#include <uv.h>

struct knock;

/* A connected socket, which is now the callee's; -1: nobody opened in time. */
typedef void knock_fn(void *arg, int fd);

/* fn is called once, never from inside. */
struct knock *knock_begin(uv_loop_t *, const struct address *, uint64_t ms, knock_fn *, void *arg);
/* Go away; fn is not called. */
void knock_cancel(struct knock *);

#endif
