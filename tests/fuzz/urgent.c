/* SPDX-License-Identifier: Apache-2.0 */
/*
 * urgent.c - any bytes as what an agent sealed as urgent facts: refused with a reason, or a row
 * that is one line of JSON with nothing in it but what sdk/ENVELOPE lists.
 */
#include "net/gate_seal.h"

#include <jansson.h>
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
check_row(const struct buf *row)
{
	static const char *const known[] = { "schema", "agent", "seq", "time", "device", "meters",
		"supplies", "alerts", "cut" };
	json_t *object = json_loadb((const char *)row->p, row->n, JSON_REJECT_DUPLICATES, NULL);
	const char *key;
	json_t *value;

	must(json_is_object(object) && memchr(row->p, '\n', row->n) == NULL);
	json_object_foreach (object, key, value) {
		size_t i = 0;

		while (i < COUNT(known) && strcmp(known[i], key) != 0)
			i++;
		must(i < COUNT(known));
	}
	json_decref(object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Its own memory, so that a byte too far is seen. */
	uint8_t *copy = malloc(size + (size == 0));
	struct buf row = { 0 };
	struct why why = { "" };

	must(copy != NULL);
	memcpy(copy, data, size);
	if (gate_urgent_line("0194d2c0-1234-7abc-8def-00112233aabb", copy, size, &row, &why))
		check_row(&row);
	else
		must(row.n == 0 && why.text[0] != 0);
	buf_free(&row);
	free(copy);
	return 0;
}
