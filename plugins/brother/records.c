/* SPDX-License-Identifier: Apache-2.0 */
/*
 * records.c - Brother's binary records: id, 01, length, value (the highest octet
 * first), again and again; FF ends a record, and stands between fields in some.
 *
 * Knows no id.  What does not follow this form makes the whole record worth
 * nothing: a field that is read at the wrong place looks like a good number.
 */
#include "brother.h"

#define END 0xFF
#define LAYOUT 0x01
#define MAX_LENGTH 4 /* octets of a value */

static void
field_add(struct record *r, uint8_t id, const uint8_t *value, uint32_t len)
{
	struct field f = { .id = id, .fraction = len == 2 };

	for (uint32_t i = 0; i < len && !f.fraction; i++)
		f.number = f.number << 8 | value[i];
	if (f.fraction) {
		f.number = value[0];
		f.full = value[1];
	}
	for (uint32_t i = 0; i < r->n; i++)
		if (r->fields[i].id == id) {
			struct field *same = &r->fields[i];

			same->doubtful = same->doubtful || same->number != f.number ||
				same->full != f.full;
			return;
		}
	r->fields[r->n++] = f;
}

bool
record_read(const uint8_t *octets, uint32_t len, struct record *r)
{
	uint32_t at = 0;

	r->n = 0;
	while (at < len) {
		uint32_t left = len - at;

		if (octets[at] == END) {
			at++;
			continue;
		}
		if (left < 3 || octets[at + 1] != LAYOUT || octets[at + 2] == 0 ||
			octets[at + 2] > MAX_LENGTH || octets[at + 2] > left - 3 ||
			r->n == MAX_FIELDS) {
			r->n = 0;
			return false;
		}
		field_add(r, octets[at], octets + at + 3, octets[at + 2]);
		at += 3u + octets[at + 2];
	}
	return true;
}

static const struct field *
find(const struct record *r, uint8_t id)
{
	for (uint32_t i = 0; i < r->n; i++)
		if (r->fields[i].id == id && !r->fields[i].doubtful)
			return &r->fields[i];
	return NULL;
}

int64_t
record_number(const struct record *r, uint8_t id)
{
	const struct field *f = find(r, id);

	/* Four octets with the highest bit set are a negative number: "not known". */
	return f == NULL || f->fraction || f->number > INT32_MAX ? -1 : f->number;
}

int64_t
record_percent(const struct record *r, uint8_t id)
{
	const struct field *f = find(r, id);
	int64_t number = record_number(r, id);

	if (f != NULL && f->fraction)
		return f->number <= f->full && f->full > 0 ? f->number * 100 / f->full : -1;
	return number < 0 || number > 10000 ? -1 : number / 100;
}
