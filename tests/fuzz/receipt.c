/* SPDX-License-Identifier: Apache-2.0 */
/*
 * receipt.c - any bytes as what a server answers: a receipt whose every fate is one of the
 * words, or none and no record is believed to be stored.
 */
#include "base/base.h"

#include <platen/receipt.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS 5

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct platen_fated records[RECORDS] = { { .seq = 3 }, { .seq = 4 }, { .seq = 7 },
		{ .seq = 8 }, { .seq = INT64_MAX } };
	uint32_t can = 99;
	const char *why = platen_receipt_read(data, size, records, RECORDS, &can);

	if (can > (PLATEN_CAN_DELTA | PLATEN_CAN_DICTIONARY) || (why != NULL && can != 0))
		abort();
	for (size_t i = 0; i < RECORDS; i++) {
		const struct platen_fated *r = &records[i];
		bool told = r->fate == PLATEN_REFUSED;

		if (why != NULL ? r->fate != PLATEN_UNSAID : told != (r->reason[0] != 0))
			abort();
		if (told && !text_is_utf8(r->reason, strlen(r->reason)))
			abort();
	}
	return 0;
}
