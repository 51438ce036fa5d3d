/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c - what a value of the tables says, whatever type it came in; see mib.h. */
#include "mib.h"

#include <platen/text.h>

/* Printers send -1, -2 and -3 also as Counter32 or Gauge32. */
#define UNSIGNED_SPECIALS (UINT32_MAX - 127)

bool
cell_number(const struct cell *c, int64_t *out)
{
	int64_t v = 0;

	switch (c->type) {
	case PLATEN_INTEGER:
		*out = c->number;
		return true;
	case PLATEN_UNSIGNED:
		*out = c->number;
		if (c->number >= UNSIGNED_SPECIALS && c->number <= UINT32_MAX)
			*out = c->number - UINT32_MAX - 1;
		return true;
	case PLATEN_OCTETS:
		for (uint32_t i = 0; i < c->len; i++) {
			if (c->octets[i] < '0' || c->octets[i] > '9' || v > INT64_MAX / 100)
				return false;
			v = v * 10 + (c->octets[i] - '0');
		}
		*out = v;
		return c->len > 0;
	default:
		return false;
	}
}

int64_t
cell_number_or(const struct cell *c, int64_t otherwise)
{
	int64_t v;

	return cell_number(c, &v) ? v : otherwise;
}

static bool
text_in(const struct mib *m, const struct cell *c, int32_t charset, char *out)
{
	out[0] = '\0';
	return c->type == PLATEN_OCTETS &&
		platen_text(out, MAX_LINE, c->octets, c->len, charset, m->fallback) > 0;
}

bool
cell_text(const struct mib *m, const struct cell *c, char out[static MAX_LINE])
{
	return text_in(m, c, m->charset, out);
}

bool
cell_console_text(const struct mib *m, const struct cell *c, char out[static MAX_LINE])
{
	return text_in(m, c, m->console_charset, out);
}

int64_t
cell_level(const struct cell *c)
{
	int64_t v = cell_number_or(c, -2);

	switch (v) {
	case -1:
		return PLATEN_UNLIMITED;
	case -3:
	case -100: /* Ricoh: nearly empty, nobody knows how nearly */
		return PLATEN_SOME;
	default:
		return v >= 0 ? v : PLATEN_UNKNOWN;
	}
}

void
row_label(const struct table *t, const struct row *r, char out[static MAX_LABEL])
{
	size_t n = 0;

	if (r->device != t->device) {
		n = platen_text_number(out, MAX_LABEL, r->device);
		out[n++] = '.';
	}
	platen_text_number(out + n, MAX_LABEL - n, r->index);
}
