/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.c - any text as a profile: a table that is whole, or none and a fault
 * that says why.
 */
#include "base/base.h"

#include <platen/profile.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t faults;

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void *
take(void *arg, size_t n)
{
	return pool_alloc(arg, n);
}

static void
fault(void *arg, uint32_t line, const char *text)
{
	(void)arg, (void)line;
	must(text[0] != 0 && strlen(text) < 300);
	faults++;
}

static void
words_whole(const struct platen_word *words, bool pairs)
{
	for (; words != NULL && words->word != NULL; words++)
		must(!pairs || words->means != NULL);
}

static void
row_whole(const struct platen_row *r)
{
	must(r->where >= PLATEN_ONE && r->where <= PLATEN_NAMED);
	must(r->how >= PLATEN_AS_NUMBER && r->how <= PLATEN_AS_DATE);
	must(r->oid.n >= 2 && r->oid.n <= PLATEN_MAX_SUBIDS);
	must((r->metric != NULL) != (r->words != NULL && r->how != PLATEN_AS_WORD));
	must(r->where != PLATEN_NAMED || r->name.n >= 2);
	words_whole(r->words, true);
	words_whole(r->parts, true);
}

static void
match(const struct platen_profile *p)
{
	static const uint32_t id[] = { 1, 3, 6, 1, 4, 1, 99999, 1 };
	const struct platen_device d = {
		.size = sizeof(d),
		.nobject_id = 8,
		.object_id = id,
		.descr = "ACME",
		.model = "ACME LP-2100",
		.device_id = "",
	};
	int32_t m = platen_profile_match(p, &d);

	must(m == 0 || m == 75 || m == 100);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pool *pool = pool_new();
	char *text = pool_alloc(pool, size + 1);
	const struct platen_profile_reader reader = { take, fault, pool };
	const struct platen_profile *p;

	if (size > 0)
		memcpy(text, data, size);
	faults = 0;
	p = platen_profile_read(text, &reader);
	must((p == NULL) == (faults > 0));
	if (p != NULL) {
		must(p->nrows > 0 && p->nrows <= PLATEN_MAX_PROFILE_ROWS);
		for (uint32_t i = 0; i < p->nrows; i++) {
			must(p->lines[i] > 0);
			row_whole(&p->table.rows[i]);
		}
		must(p->table.rows[p->nrows].where == 0);
		match(p);
	}
	pool_free(pool);
	return 0;
}
