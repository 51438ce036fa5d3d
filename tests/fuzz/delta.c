/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delta.c - two lines of any bytes as a record and a delta of it: a sound record or none, the
 * base unchanged; and as two records: whatever delta is made gives the second back.
 */
#include "base/base.h"

#include <platen/delta.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
expand(const json_t *base, const json_t *delta)
{
	char *before = json_dumps(base, JSON_COMPACT), *after;
	const char *why = NULL;
	json_t *record = platen_delta_expand(base, delta, &why);

	must(record != NULL || why != NULL);
	if (record != NULL)
		must(json_equal(json_object_get(record, "seq"), json_object_get(delta, "seq")) &&
			json_equal(json_object_get(json_object_get(record, "device"), "id"),
				json_object_get(delta, "device")));
	after = json_dumps(base, JSON_COMPACT);
	must(strcmp(before, after) == 0);
	free(before);
	free(after);
	json_decref(record);
}

static void
make(const json_t *base, const json_t *record)
{
	json_t *delta = platen_delta_make(base, record), *again;
	const char *why;

	if (delta == NULL)
		return;
	again = platen_delta_expand(base, delta, &why);
	must(json_equal(again, record));
	json_decref(again);
	json_decref(delta);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
	json_t *one, *other;
	size_t n;

	if (newline == NULL)
		return 0;
	n = (size_t)(newline - data);
	one = json_loadb((const char *)data, n, JSON_REJECT_DUPLICATES, NULL);
	other = json_loadb((const char *)newline + 1, size - n - 1, JSON_REJECT_DUPLICATES, NULL);
	if (one != NULL && other != NULL) {
		expand(one, other);
		make(one, other);
	}
	json_decref(one);
	json_decref(other);
	return 0;
}
