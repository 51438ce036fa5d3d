/* SPDX-License-Identifier: Apache-2.0 */
/*
 * https.h - inside the plugin https: https.c takes batches and settles them,
 * body.c makes bodies of records, bases.c remembers what deltas stand on.
 */
#ifndef HTTPS_H
#define HTTPS_H

#include <platen/dictionary.h>
#include <platen/plugin.h>
#include <platen/receipt.h>
#include <platen/upload.h>

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* ---- body.c ---- */

/* How a body is made; each step is understood by more servers. */
enum form {
	FORM_BEST, /* what the last receipt allowed */
	FORM_WHOLE, /* whole records, zstd without a dictionary */
	FORM_PLAIN /* whole records, not packed */
};

struct body {
	uint8_t *bytes;
	size_t n;
	const char *coding; /* "zstd" or "" */
};

/* One record on its way. */
struct line {
	const struct platen_record *record;
	bool whole; /* it must not go as a delta */
	bool delta; /* it went as one */
};

/* False: there is not enough memory. */
bool body_make(struct body *, struct line *, uint32_t n, enum form, uint32_t can);
void body_free(struct body *);

/* ---- bases.c: the newest record of each printer that the server has ---- */

/* Bytes of records remembered; beyond them the printers used least lately are forgotten. */
#define BASES_MOST (24u << 20)

/* A delta of the record, else NULL: then it goes whole.  Either way it is the next base. */
json_t *bases_delta(const struct platen_record *, bool whole);
/* Whether the server has this one is not known. */
void bases_forget(const struct platen_record *);
void bases_forget_all(void);

#endif
