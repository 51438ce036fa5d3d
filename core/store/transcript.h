/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transcript.h - what has left the site, byte by byte, in a file the customer
 * can read: one JSON object a line with the head as text and the body in base64.
 */
#ifndef PLATEN_TRANSCRIPT_H
#define PLATEN_TRANSCRIPT_H

#include "base/base.h"

/* A file that has grown so large is renamed to PATH.1, and a new one begun. */
#define TRANSCRIPT_MOST (16u << 20)

struct transcript;

struct transcript *transcript_open(const char *sink, const char *path);
/* A line that cannot be written is missed by the customer, and that is said. */
void transcript_add(struct transcript *, const char *server, const uint8_t *head, size_t nhead,
	const uint8_t *body, size_t nbody);
void transcript_close(struct transcript *); /* NULL is fine */

#endif
