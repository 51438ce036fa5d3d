/* SPDX-License-Identifier: Apache-2.0 */
/*
 * brother.c - any bytes as a record of a Brother printer: read whole or not at
 * all, and no number that the record cannot hold.
 */
#include "../../plugins/brother/records.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record r;
	bool whole = record_read(data, (uint32_t)size, &r);

	must(whole || r.n == 0);
	must(r.n <= MAX_FIELDS);
	for (int id = 0; id < 256; id++) {
		int64_t number = record_number(&r, (uint8_t)id);
		int64_t percent = record_percent(&r, (uint8_t)id);

		must(number >= -1 && number <= INT32_MAX);
		must(percent >= -1 && percent <= 100);
		must(size > 0 || (number < 0 && percent < 0));
	}
	return 0;
}
