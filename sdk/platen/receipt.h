/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/receipt.h - what a server answers to an upload (sdk/UPLOAD), read strictly.
 *
 * In libplaten-json.a, over jansson.
 */
#ifndef PLATEN_RECEIPT_H
#define PLATEN_RECEIPT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What became of a record; UNSAID: the receipt does not mention it. */
enum platen_fate { PLATEN_UNSAID, PLATEN_STORED, PLATEN_REFUSED, PLATEN_WHOLE };

struct platen_fated {
	uint64_t seq;
	enum platen_fate fate;
	char reason[200]; /* of REFUSED, one line */
};

/* What the server understands. */
enum { PLATEN_CAN_DELTA = 1, PLATEN_CAN_DICTIONARY = 2 };

/*
 * Read a receipt for n records, in rising order of seq.  NULL: each has its fate
 * and *can is set.  Else all are UNSAID, and why it is no receipt for these
 * records is said in a sentence that is constant.
 */
const char *platen_receipt_read(const uint8_t *body, uint64_t len, struct platen_fated *records,
	uint32_t n, uint32_t *can);

#ifdef __cplusplus
}
#endif
#endif
