/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shapes.h - what was there when a printer was read, as it is remembered: a line
 * for each read of a visit, found again by what was asked.
 *
 * A shape is used for SHAPE_AGE, then all is looked for once more: so that what
 * was not there when it was made, and is not noticed by the reader's checks
 * (printer/reader.h), is missed no longer than that.
 */
#ifndef PLATEN_SHAPES_H
#define PLATEN_SHAPES_H

#include "message.h"

#define SHAPE_AGE (24 * 60 * 60) /* seconds */
/* Bytes of all lines, and lines. */
#define SHAPES_MOST 6000
#define SHAPES_LINES 4

/* Bytes of a question's name, with the colon. */
#define SHAPE_KEY 17

void shapes_key(const struct question *, char key[static SHAPE_KEY + 1]);
/* What was there when this was read, "" : nobody knows, or it is too long ago. */
const char *shapes_find(const char *shapes, const char *key, struct pool *);
/* The same with this one, instead of an older one of the same question. */
const char *shapes_with(const char *shapes, const char *key, const char *shape, struct pool *);

#endif
