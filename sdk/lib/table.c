/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - asks for the rows of a table, reads the answers, reports; see table.h.
 *
 * What is read is kept until the last answer is there: only then is it known
 * which row counts, what is told twice and what adds up.  Knows no maker.
 */
#include "supplies.h"
#include "values.h"

#include <platen/identity.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECES (sizeof(((struct platen_sum *)0)->parts) / sizeof(char *))

/* A reading that waits for its report. */
struct found {
	struct found *next;
	const char *metric, *part, *unit, *text; /* part is never NULL */
	const char *from; /* its object, or what it is the sum of; NULL: too long to say */
	int64_t number, full;
	uint32_t rank; /* the lower counts: place of its row, then of its word */
	bool doubtful;
	bool added, confirmed; /* made of pieces; and a sum that has it holds */
	bool sure;
	bool piece; /* one of many: more of the same rank is added to it */
};

/* One question; its rows are those with scrape.asked[row] == it. */
struct question {
	struct scrape *scrape;
	uint32_t n;
	bool broken; /* not all of it came */
	struct platen_oid oids[PLATEN_MAX_OIDS];
};

struct scrape {
	struct platen_visit *visit;
	const struct platen_table *table;
	struct question **asked; /* of each row */
	uint32_t nrows, nfound, pending;
	struct found *found, **end;
	struct platen_supplies *supplies; /* NULL: no row speaks of them */
};

/* How the part of a PLATEN_SUPPLY begins until it is known which one it is. */
#define DESCRIBED '\001' /* its description follows */
#define PLACED '\002' /* its place follows, decimal */
#define ONLY_TONER (PLATEN_ONLY_TONER[0])

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* ---- OIDs ---- */

static bool
oid_same(const struct platen_oid *a, const struct platen_oid *b)
{
	return a->n == b->n && memcmp(a->sub, b->sub, a->n * sizeof(*a->sub)) == 0;
}

/* Columns of one table differ in one sub-identifier. */
static bool
oid_beside(const struct platen_oid *a, const struct platen_oid *b)
{
	uint32_t differ = 0;

	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		differ += a->sub[i] != b->sub[i];
	return differ <= 1;
}

/* ---- what was found ---- */

static const char *
keep(const struct scrape *s, const char *text)
{
	size_t n = strlen(text) + 1;
	char *copy = host->alloc(s->visit, n);

	return copy != NULL ? memcpy(copy, text, n) : NULL;
}

static void
say(int32_t level, const char *metric, const char *what)
{
	char line[200];

	snprintf(line, sizeof(line), "%s: %s; not reported", metric, what);
	host->log(host, level, line);
}

static bool
found_differs(const struct found *a, const struct found *b)
{
	if (a->text != NULL && b->text != NULL)
		return strcmp(a->text, b->text) != 0;
	return a->number != b->number || a->full != b->full || a->text != b->text;
}

static struct found *
found_find(const struct scrape *s, const char *metric, const char *part)
{
	for (struct found *f = s->found; f != NULL; f = f->next)
		if (strcmp(f->metric, metric) == 0 && strcmp(f->part, part) == 0)
			return f;
	return NULL;
}

/* Take the contents over, in memory of the visit. */
static void
found_set(const struct scrape *s, struct found *f, const struct found *given)
{
	struct found *next = f->next;

	*f = *given;
	f->next = next;
	f->part = keep(s, given->part);
	f->text = given->text != NULL ? keep(s, given->text) : NULL;
	f->from = given->from != NULL ? keep(s, given->from) : NULL;
	if (f->part == NULL || (given->text != NULL && f->text == NULL)) {
		f->part = "";
		f->doubtful = true; /* no memory left: the agent has told so */
	}
}

static void
found_add(struct scrape *s, const struct found *given)
{
	struct found *f = found_find(s, given->metric, given->part);

	if (f != NULL && f->rank < given->rank)
		return;
	if (f != NULL && f->rank == given->rank && given->piece) {
		f->doubtful = f->doubtful || given->doubtful ||
			f->number > INT64_MAX - 1 - given->number;
		f->number += f->doubtful ? 0 : given->number;
		return;
	}
	if (f != NULL && f->rank == given->rank) {
		f->doubtful = f->doubtful || found_differs(f, given);
		return;
	}
	if (f == NULL) {
		if (s->nfound == PLATEN_MAX_READINGS ||
			(f = host->alloc(s->visit, sizeof(*f))) == NULL)
			return;
		s->nfound++;
		*s->end = f;
		s->end = &f->next;
	}
	found_set(s, f, given);
}

/* ---- reading the rows ---- */

/* A label is asked for beside it. */
static bool
row_has_label(const struct platen_row *r)
{
	return r->where == PLATEN_LABELLED || r->where == PLATEN_NAMED;
}

/* Its oid is that of an object, not of a column. */
static bool
row_is_single(const struct platen_row *r)
{
	return r->where == PLATEN_ONE || r->where == PLATEN_NAMED;
}

/* The answer to this object or column, or NULL. */
static const struct platen_bind *
cell(const struct question *q, const struct platen_bind *const *binds, const struct platen_oid *oid)
{
	for (uint32_t i = 0; i < q->n; i++)
		if (oid_same(&q->oids[i], oid))
			return binds[i]->type != PLATEN_ABSENT ? binds[i] : NULL;
	return NULL;
}

static bool
read_number(const struct platen_row *r, const struct platen_bind *b, int64_t *out)
{
	int64_t times = r->times > 0 ? r->times : 1;

	if (!platen_value_number(b, out) || *out > (INT64_MAX - 1) / times)
		return false;
	if (*out >= 0)
		*out *= times;
	else if (r->how == PLATEN_AS_LEVEL)
		*out = *out == -1 ? PLATEN_UNLIMITED : *out == -3 ? PLATEN_SOME : PLATEN_UNKNOWN;
	return *out >= 0 || r->how == PLATEN_AS_LEVEL;
}

static bool
read_level(const struct platen_row *r, const struct platen_bind *b, const struct platen_bind *full,
	struct found *f)
{
	if (!read_number(r, b, &f->number))
		return false;
	if (full != NULL && !read_number(r, full, &f->full))
		f->full = PLATEN_UNKNOWN;
	else if (full == NULL)
		f->full = f->unit != NULL && strcmp(f->unit, "percent") == 0 ? 100 : PLATEN_UNKNOWN;
	if (f->number <= f->full || f->full < 0)
		return true;
	say(PLATEN_DEBUG, f->metric, "the level is above what it is out of");
	return false;
}

static bool
read_value(const struct scrape *s, const struct platen_row *r, const struct platen_bind *b,
	const struct platen_bind *full, struct found *f, char text[static PLATEN_MAX_TEXT + 1])
{
	int32_t word;

	if (r->how != PLATEN_AS_NUMBER && r->how != PLATEN_AS_LEVEL)
		f->text = text;
	switch (r->how) {
	case PLATEN_AS_NUMBER:
		return read_number(r, b, &f->number);
	case PLATEN_AS_LEVEL:
		return read_level(r, b, full, f);
	case PLATEN_AS_TEXT:
		return platen_value_text(s->table, b, text) &&
			(strcmp(f->metric, "device.serial") != 0 || platen_serial_is_real(text));
	case PLATEN_AS_WORD:
		platen_value_text(s->table, b, text);
		word = platen_word_find(r->words, text);
		f->text = word >= 0 ? r->words[word].means : NULL;
		return f->text != NULL;
	case PLATEN_AS_MAC:
		return platen_value_mac(b, text);
	case PLATEN_AS_DATE:
		return platen_value_date(b, text);
	default:
		return false;
	}
}

/* What the row is called: by its name column, else by its index. */
static bool
row_name(const struct scrape *s, const struct question *q, const struct platen_row *r,
	const struct platen_bind *const *binds, char out[static PLATEN_MAX_TEXT + 1])
{
	const struct platen_bind *b = r->name.n > 0 ? cell(q, binds, &r->name) : NULL;

	if (r->name.n > 0)
		return b != NULL && platen_value_text(s->table, b, out);
	return platen_index_text(&cell(q, binds, &r->oid)->oid, r->oid.n, out);
}

/* A label says the metric, or what is beside the value its unit. */
static bool
row_label(const struct platen_row *r, const char *label, struct found *f)
{
	int32_t word = platen_word_find(r->words, label);

	if (word < 0)
		return false;
	if (row_has_label(r))
		f->metric = r->words[word].means;
	f->unit = r->words[word].unit != NULL ? r->words[word].unit : r->unit;
	f->rank += f->piece ? 0 : (uint32_t)word;
	return f->metric != NULL;
}

/* The text of the further column, behind what stands there already. */
static bool
row_more(const struct scrape *s, const struct question *q, const struct platen_row *r,
	const struct platen_bind *const *binds, char label[static 2 * PLATEN_MAX_TEXT + 2])
{
	const struct platen_bind *b = cell(q, binds, &r->more);
	size_t n = strlen(label);

	if (n > 0)
		label[n++] = '/';
	return b != NULL && platen_value_text(s->table, b, label + n);
}

/* Label, further column and words; true when the row has none of them. */
static bool
row_means(const struct scrape *s, const struct question *q, const struct platen_row *r,
	const struct platen_bind *const *binds, const char *name, struct found *f)
{
	char label[2 * PLATEN_MAX_TEXT + 2] = "";

	if (!row_has_label(r) && r->more.n == 0)
		return true;
	if (row_has_label(r))
		snprintf(label, PLATEN_MAX_TEXT + 1, "%s", name);
	return (r->more.n == 0 || row_more(s, q, r, binds, label)) && row_label(r, label, f);
}

/* Which part the row is of, by what stands behind the first octet of name; false: none. */
static bool
row_part(const struct platen_row *r, char name[static PLATEN_MAX_TEXT + 2], const char **part)
{
	int32_t word;

	if (r->where == PLATEN_SUPPLY) {
		name[0] = r->name.n > 0 ? DESCRIBED : PLACED;
		*part = name;
	} else if (r->where == PLATEN_EACH && r->part == NULL && r->parts == NULL) {
		*part = platen_part_clean(name + 1);
		return **part != '\0';
	} else if (r->where == PLATEN_EACH && r->part == NULL) {
		word = platen_word_find(r->parts, name + 1);
		*part = word >= 0 ? r->parts[word].means : NULL;
		return *part != NULL;
	}
	return true;
}

static void
row_take(struct scrape *s, uint32_t place, const struct platen_bind *const *binds)
{
	const struct platen_row *r = &s->table->rows[place];
	const struct question *q = s->asked[place];
	const struct platen_bind *b = cell(q, binds, &r->oid);
	struct platen_bind piece;
	char name[PLATEN_MAX_TEXT + 2] = "", text[PLATEN_MAX_TEXT + 1], from[PLATEN_MAX_TEXT + 1];
	struct found f = {
		.metric = r->metric,
		.unit = r->unit,
		.part = r->part != NULL ? r->part : "",
		.number = PLATEN_NONE,
		.full = PLATEN_NONE,
		.rank = place * PLATEN_MAX_TABLE,
		.sure = r->sure != 0,
		.piece = r->pieces != 0,
	};

	if (b == NULL || (r->where != PLATEN_ONE && !row_name(s, q, r, binds, name + 1)))
		return;
	if (!row_means(s, q, r, binds, name + 1, &f) || !row_part(r, name, &f.part))
		return;
	f.from = platen_index_text(f.piece ? &r->oid : &b->oid, 0, from) ? from : NULL;
	b = platen_value_piece(r, b, &piece);
	if (b == NULL || f.metric == NULL)
		return;
	f.doubtful =
		!read_value(s, r, b, r->full.n > 0 ? cell(q, binds, &r->full) : NULL, &f, text);
	if (f.piece && (f.doubtful || q->broken)) {
		f.doubtful = true;
		f.number = 0;
	}
	if (!f.doubtful || f.piece)
		found_add(s, &f);
}

/* ---- the report ---- */

/* Take the parts from the total; false: they are not what it is made of. */
static bool
sum_holds(const struct scrape *s, const struct platen_sum *sum, bool check)
{
	const struct found *total = found_find(s, sum->total, ""), *f;
	int64_t left = total != NULL && !total->doubtful ? total->number : -1;

	for (size_t i = 0; i < PIECES && sum->parts[i] != NULL; i++) {
		f = found_find(s, sum->parts[i], "");
		if (f == NULL && check)
			continue;
		if (f == NULL || f->doubtful || f->number < 0 || f->number > left)
			return false;
		left -= f->number;
	}
	return left == 0;
}

static void
sum_judge(const struct scrape *s, const char *metric, bool holds)
{
	struct found *f = found_find(s, metric, "");

	if (f == NULL || f->sure)
		return;
	f->confirmed = f->confirmed || holds;
	f->doubtful = f->doubtful || !holds;
}

/* Does the next sum ask whether the same parts make another total? */
static bool
sum_goes_on(const struct platen_sum *sum)
{
	const struct platen_sum *next = sum + 1;

	for (size_t i = 0; i < PIECES; i++)
		if (next->total == NULL || (sum->parts[i] == NULL) != (next->parts[i] == NULL) ||
			(sum->parts[i] != NULL && strcmp(sum->parts[i], next->parts[i]) != 0))
			return false;
	return true;
}

static void
sums_check(const struct scrape *s, const struct platen_sum *sum, bool check)
{
	for (; sum != NULL && sum->total != NULL; sum++) {
		bool holds = sum_holds(s, sum, check);

		for (; check && sum_goes_on(sum); sum++)
			holds = sum_holds(s, sum + 1, check) || holds;
		if (!check)
			sum_judge(s, sum->total, holds);
		for (size_t i = 0; i < PIECES && sum->parts[i] != NULL; i++)
			sum_judge(s, sum->parts[i], holds);
	}
}

/* Put a meter together of its pieces; false: there are none, or they do not go together. */
static bool
add_pieces(const struct scrape *s, const struct platen_add *add, struct found *out,
	char from[static PLATEN_MAX_TEXT + 1])
{
	size_t at = 0;

	for (size_t i = 0; i < PIECES && add->pieces[i] != NULL; i++) {
		const struct found *f = found_find(s, add->pieces[i], "");

		if (f == NULL)
			continue;
		if (f->doubtful || f->number < 0 || f->number > INT64_MAX - out->number ||
			(out->unit != NULL && f->unit != NULL && strcmp(out->unit, f->unit) != 0))
			return false;
		out->number += f->number;
		out->unit = f->unit;
		at += (size_t)snprintf(from + at, PLATEN_MAX_TEXT - at, "%s%s",
			out->added ? " + " : "", f->from != NULL ? f->from : f->metric);
		at = at < PLATEN_MAX_TEXT ? at : PLATEN_MAX_TEXT - 1;
		out->from = from;
		out->added = true;
	}
	return out->added;
}

static void
adds_make(struct scrape *s)
{
	for (const struct platen_add *add = s->table->adds; add && add->metric; add++) {
		struct found f = { .metric = add->metric, .part = "", .full = PLATEN_NONE };
		char from[PLATEN_MAX_TEXT + 1];

		if (found_find(s, add->metric, "") == NULL && add_pieces(s, add, &f, from))
			found_add(s, &f);
	}
}

/* The part as it is reported, NULL for the printer itself; false: nobody knows which supply. */
static bool
found_part(const struct scrape *s, const struct found *f, char number[static 12], const char **part)
{
	uint32_t n;

	*part = f->part[0] != '\0' ? f->part : NULL;
	if (f->part[0] == '\0' || f->part[0] > ONLY_TONER)
		return true;
	if (s->supplies == NULL)
		return false;
	if (f->part[0] == DESCRIBED)
		n = platen_supplies_described(s->supplies, f->part + 1);
	else if (f->part[0] == ONLY_TONER)
		n = platen_supplies_toner(s->supplies);
	else
		n = platen_supplies_placed(s->supplies, (uint32_t)strtoul(f->part + 1, NULL, 10));
	snprintf(number, 12, "%" PRIu32, n);
	*part = number;
	return n > 0;
}

static void
found_report(const struct scrape *s, const struct found *f)
{
	char number[12];
	struct platen_reading reading = {
		.size = sizeof(reading),
		.metric = f->metric,
		.unit = f->unit,
		.number = f->number,
		.full = f->full,
		.text = f->text,
		.from = f->from,
	};

	if (f->metric[0] == '.')
		return;
	if (f->doubtful || (f->added && !f->confirmed))
		say(PLATEN_DEBUG, f->metric, "it is told twice, or does not add up");
	else if (!found_part(s, f, number, &reading.part))
		say(PLATEN_DEBUG, f->metric, "no supply of the Printer-MIB is this one");
	else
		host->emit(s->visit, &reading);
}

static void
report(struct scrape *s)
{
	adds_make(s);
	sums_check(s, s->table->sums, false);
	sums_check(s, s->table->checks, true);
	for (const struct found *f = s->found; f != NULL; f = f->next)
		found_report(s, f);
}

/* ---- questions ---- */

static void
take(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct question *q = arg;
	struct scrape *s = q->scrape;

	(void)visit;
	q->broken = reply->status != PLATEN_OK;
	for (uint32_t at = 0; at + q->n <= reply->n; at += q->n)
		for (uint32_t i = 0; i < s->nrows; i++)
			if (s->asked[i] == q)
				row_take(s, i, reply->binds + at);
	if (--s->pending == 0)
		report(s);
}

static void
take_supplies(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct scrape *s = arg;
	char text[PLATEN_MAX_TEXT + 1];

	(void)visit;
	for (uint32_t i = 0; i + 2 <= reply->n; i += 2) {
		const struct platen_bind *type = reply->binds[i], *said = reply->binds[i + 1];
		const char *kept = platen_value_text(s->table, said, text) ? keep(s, text) : NULL;

		platen_supplies_add(s->supplies, &said->oid,
			type->type == PLATEN_INTEGER ? type->number : 0, kept != NULL ? kept : "");
	}
	if (reply->status != PLATEN_OK)
		s->supplies->many = true; /* half of them: which is the only one? */
	if (--s->pending == 0)
		report(s);
}

static void
question_add(struct question *q, const struct platen_oid *oid)
{
	for (uint32_t i = 0; i < q->n; i++)
		if (oid_same(&q->oids[i], oid))
			return;
	if (oid->n > 0)
		q->oids[q->n++] = *oid;
}

/* All single objects belong together, and the columns of one table. */
static bool
rows_belong(const struct platen_row *a, const struct platen_row *b)
{
	if (row_is_single(a) || row_is_single(b))
		return row_is_single(a) == row_is_single(b);
	return oid_beside(&a->oid, &b->oid);
}

/* Ask for a row and for all later ones that belong to it. */
static int32_t
ask(struct scrape *s, uint32_t first)
{
	const struct platen_row *rows = s->table->rows;
	struct question *q = host->alloc(s->visit, sizeof(*q));
	int32_t status;

	if (q == NULL)
		return PLATEN_EBUDGET;
	q->scrape = s;
	for (uint32_t i = first; i < s->nrows && q->n + 4 <= PLATEN_MAX_OIDS; i++) {
		if (s->asked[i] != NULL || !rows_belong(&rows[first], &rows[i]))
			continue;
		s->asked[i] = q;
		question_add(q, &rows[i].oid);
		question_add(q, &rows[i].full);
		question_add(q, &rows[i].name);
		question_add(q, &rows[i].more);
	}
	status = (row_is_single(&rows[first]) ? snmp->get : snmp->table)(s->visit, q->oids, q->n,
		take, q);
	s->pending += status == PLATEN_OK;
	return status;
}

static bool
row_is_of_supply(const struct platen_row *r)
{
	return r->where == PLATEN_SUPPLY || (r->part != NULL && r->part[0] == ONLY_TONER);
}

/* Which supplies there are, when a row speaks of them. */
static void
ask_supplies(struct scrape *s)
{
	for (uint32_t i = 0; i < s->nrows && s->supplies == NULL; i++)
		if (row_is_of_supply(&s->table->rows[i]) &&
			(s->supplies = host->alloc(s->visit, sizeof(*s->supplies))) == NULL)
			return;
	if (s->supplies != NULL && s->pending > 0)
		s->pending += snmp->table(s->visit, platen_supplies_columns, 2, take_supplies, s) ==
			PLATEN_OK;
}

int32_t
platen_table_visit(struct platen_visit *visit, const struct platen_table *table)
{
	struct scrape *s = host->alloc(visit, sizeof(*s));
	int32_t status = PLATEN_EINVAL;
	uint32_t n = 0;

	while (n <= PLATEN_MAX_TABLE && table->rows[n].where != 0)
		n++;
	if (n == 0 || n > PLATEN_MAX_TABLE)
		return PLATEN_EINVAL;
	if (s == NULL || (s->asked = host->alloc(visit, n * sizeof(struct question *))) == NULL)
		return PLATEN_EBUDGET;
	s->visit = visit;
	s->table = table;
	s->nrows = n;
	s->end = &s->found;
	for (uint32_t i = 0; i < n; i++)
		if (s->asked[i] == NULL)
			status = ask(s, i);
	ask_supplies(s);
	return s->pending > 0 ? PLATEN_OK : status;
}

int32_t
platen_table_start(const struct platen_host *h)
{
	host = h;
	snmp = h->service(h, PLATEN_SNMP);
	return snmp != NULL ? PLATEN_OK : PLATEN_EINVAL;
}
