/* SPDX-License-Identifier: Apache-2.0 */
/* values.h - values and words of a table's rows, for table.c alone; see platen/table.h. */
#ifndef PLATEN_VALUES_H
#define PLATEN_VALUES_H

#include <platen/table.h>

#include <stdbool.h>

/*
 * The number times-fold (1: as it is), or a negative one as it is: whether that is meant is
 * the row's to say.  False: it has none.
 */
bool platen_value_number(const struct platen_bind *, int64_t times, int64_t *out);
bool platen_value_text(const struct platen_table *, const struct platen_bind *,
	char out[static PLATEN_MAX_TEXT + 1]);
bool platen_value_mac(const struct platen_bind *, char out[static PLATEN_MAX_TEXT + 1]);
bool platen_value_date(const struct platen_bind *, char out[static PLATEN_MAX_TEXT + 1]);

/*
 * The piece of the row's text that is its value: the bind itself for a row that
 * wants all of it, else *piece, filled with text.  NULL: it is not there.
 */
const struct platen_bind *platen_value_piece(const struct platen_row *, const struct platen_bind *,
	struct platen_bind *piece);

/* The place of the first word of the list that fits the text; -1: none does. */
int32_t platen_word_find(const struct platen_word *, const char *text);

/* What follows the column in an OID, "1.20.34"; false: nothing, or too much for a part. */
bool platen_index_text(const struct platen_oid *, uint32_t column,
	char out[static PLATEN_MAX_TEXT + 1]);
/* In place: only what a part may have, letters, digits and ._/- */
const char *platen_part_clean(char *name);

#endif
