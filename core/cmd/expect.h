/* SPDX-License-Identifier: Apache-2.0 */
/* expect.h - is a record what somebody has written down that it should be? */
#ifndef PLATEN_EXPECT_H
#define PLATEN_EXPECT_H

#include "base/base.h"

#include <jansson.h>

/* What a file holds, one JSON object, or NULL: why says what is wrong with it. */
json_t *expect_load(const char *file, struct why *);

/*
 * All that wanted says must be in the record: objects key by key, lists item by
 * item.  Keys that wanted does not have are not looked at, and never time, id,
 * agent and seq.  Each difference is told as one line, "meters.0.value: wanted 7,
 * got 8"; returns how many.
 */
uint32_t expect_compare(const json_t *wanted, const char *json,
	void (*differs)(void *arg, const char *line), void *arg);

#endif
