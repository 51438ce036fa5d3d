/* SPDX-License-Identifier: Apache-2.0 */
/* status.h - what Epson's printers say of themselves in one string of octets. */
#ifndef EPSON_STATUS_H
#define EPSON_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_INKS 16
#define MAX_BOXES 4
#define MAX_SERIAL 32

struct ink {
	const char *color; /* as Epson calls it; NULL: a colour without a name here */
	int64_t percent;
};

/* -1: it does not say. */
struct status {
	int64_t color, mono, blank; /* pages */
	uint32_t ninks, nboxes;
	struct ink inks[MAX_INKS];
	int64_t boxes[MAX_BOXES]; /* maintenance boxes: percent of the room that is left */
	char serial[MAX_SERIAL];
};

/* Either form; false, and nothing said: it is none of them, or not whole. */
bool status_read(const uint8_t *octets, uint32_t len, struct status *);

#endif
