/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry_row.h - a printer as its row in registry.db: fields as on a pipe (wire.h), one behind
 * the other.
 *
 * This is the one encoder and the one decoder.  What the fields are is the schema's (registry.c):
 * another order or another field is another schema.
 */
#ifndef PLATEN_REGISTRY_ROW_H
#define PLATEN_REGISTRY_ROW_H

#include "store/registry.h"

/* All that stands in a row; what changes with every visit does not. */
void row_pack(const struct printer *, const char *learned, const char *shape, struct buf *);
/*
 * out's numbers of visits are 0; shape is borrowed from the n bytes at p.  False: this is no row,
 * and nothing of out is to be used.
 */
bool row_unpack(const uint8_t *p, size_t n, struct printer *out, const char **shape);

/* Is it the row of this printer, whatever was learned of it and whatever its shape is? */
bool row_is(const uint8_t *p, size_t n, const struct printer *);

#endif
