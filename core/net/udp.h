/* SPDX-License-Identifier: Apache-2.0 */
/*
 * udp.h - one nonblocking socket per address family for all printers.
 *
 * What is sent is gathered and leaves before the loop sleeps, many packets in
 * one system call; what comes is given to one function.  Nothing is resent and
 * nothing is remembered.
 */
#ifndef PLATEN_UDP_H
#define PLATEN_UDP_H

#include "net/address.h"

#include <uv.h>

struct udp;

/* The bytes may be changed; they are gone when the function returns. */
typedef void udp_fn(void *arg, const struct address *from, uint8_t *p, size_t n);

/* A family the machine has not got is left out; NULL: it has none. */
struct udp *udp_open(uv_loop_t *, udp_fn *, void *arg, struct why *);
void udp_send(struct udp *, const struct address *to, const void *p, size_t n);
void udp_flush(struct udp *);
/*
 * So many more answers are awaited, or fewer.  While they are many, what comes may be left
 * where it is for UDP_REST ms, to be taken together with more.
 */
#define UDP_REST 3
void udp_await(struct udp *, int32_t more);
/* Take what has come, without waiting for the loop. */
void udp_take(struct udp *);
void udp_close(struct udp *);

/* Packets the kernel would not send (no route, broadcast, firewall), and the last errno of it. */
uint64_t udp_unsent(const struct udp *, int *error);
/* Messages that were too long to take. */
uint64_t udp_oversized(const struct udp *);

#endif
