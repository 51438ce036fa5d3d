/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plus.h - the counts of a record as what they have risen by; part of delta.c.
 *
 * The integers of a record stand in one order, whatever the order of its members:
 * members by the bytes of their keys, elements by their numbers.
 */
#ifndef PLUS_H
#define PLUS_H

#include <jansson.h>
#include <stdbool.h>

/* What is to be added to the integers of from, and add it where `to` has one, too; NULL: 0. */
json_t *platen_plus_make(json_t *from, const json_t *to);

/* Add; false: plus is no list of integers, longer than there are, or too large. */
bool platen_plus_add(json_t *record, const json_t *plus);

#endif
