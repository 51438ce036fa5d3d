/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.h - columns put together as the rows of a table, by index, as
 * platen/snmp.h promises them: a hole is PLATEN_ABSENT under its own OID.
 */
#ifndef PLATEN_ROWS_H
#define PLATEN_ROWS_H

#include "message.h"

/* One column: its cells in order of their index. */
struct cells {
	struct platen_oid root;
	const struct platen_bind *binds;
	uint32_t n, at; /* at: rows_make's own, 0 */
};

/* Fills n and binds; false: PLATEN_MAX_ROWS were not enough. */
bool rows_make(struct cells *columns, uint32_t ncolumns, struct pool *, struct answer *);

#endif
