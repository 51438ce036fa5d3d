/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c - asks for the rows of a table and reads the answers; see table.h.
 *
 * What is read waits in found.c until the last answer is there.  Knows no maker.
 */
#include "found.h"
#include "values.h"

#include <platen/identity.h>

#include <stdio.h>
#include <string.h>

/* One question; its rows are those with scrape.asked[row].question == it. */
struct question {
	struct scrape *scrape;
	uint32_t n; /* objects or columns */
	bool broken; /* not all of it came */
};

/* What one asks for. */
struct list {
	uint32_t n;
	struct platen_oid oids[PLATEN_MAX_OIDS];
};

/* Of a row: where in its question what is counted from 1; 0: not asked for. */
struct asked {
	struct question *question;
	uint32_t oid, full, name, more;
};

struct scrape {
	struct finds finds;
	struct asked *asked; /* of each row */
	uint32_t nrows, pending;
};

static const struct platen_host *host;
static const struct platen_snmp *snmp;

/* ---- OIDs ---- */

static bool
oid_same(const struct platen_oid *a, const struct platen_oid *b)
{
	uint32_t n = a->n;

	/* From the end: most differ there. */
	while (n > 0 && n <= b->n && a->sub[n - 1] == b->sub[n - 1])
		n--;
	return n == 0 && a->n == b->n;
}

/* Columns of one table differ in one sub-identifier: which, counted from 1; 0: none, or several. */
static uint32_t
oid_differs(const struct platen_oid *a, const struct platen_oid *b)
{
	uint32_t place = 0;

	if (a->n != b->n)
		return 0;
	for (uint32_t i = 0; i < a->n; i++) {
		if (a->sub[i] == b->sub[i])
			continue;
		if (place != 0)
			return 0;
		place = i + 1;
	}
	return place;
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

/* The answer to the object or column at this place, or NULL. */
static const struct platen_bind *
cell(const struct platen_bind *const *binds, uint32_t place)
{
	return place > 0 && binds[place - 1]->type != PLATEN_ABSENT ? binds[place - 1] : NULL;
}

static bool
read_number(const struct platen_row *r, const struct platen_bind *b, int64_t *out)
{
	if (!platen_value_number(b, r->times > 0 ? r->times : 1, out))
		return false;
	if (*out < 0 && r->how == PLATEN_AS_LEVEL)
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
	platen_found_say(host, PLATEN_DEBUG, f->metric, "the level is above what it is out of");
	return false;
}

/* What stands for a serial number or a model and is none is not read. */
static bool
read_text(const struct scrape *s, const struct platen_bind *b, const char *metric,
	char text[static PLATEN_MAX_TEXT + 1])
{
	char model[PLATEN_MAX_TEXT + 1];

	if (!platen_value_text(s->finds.table, b, text))
		return false;
	if (strcmp(metric, "device.serial") == 0)
		return platen_serial_is_real(text);
	if (strcmp(metric, "device.model") != 0)
		return true;
	snprintf(model, sizeof(model), "%s", text);
	return platen_model_read(model, text, PLATEN_MAX_TEXT + 1);
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
		return read_text(s, b, f->metric, text);
	case PLATEN_AS_WORD:
		platen_value_text(s->finds.table, b, text);
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
row_name(const struct scrape *s, const struct asked *a, const struct platen_row *r,
	const struct platen_bind *const *binds, char out[static PLATEN_MAX_TEXT + 1])
{
	const struct platen_bind *b = cell(binds, a->name);

	if (r->name.n > 0)
		return b != NULL && platen_value_text(s->finds.table, b, out);
	return platen_index_text(&cell(binds, a->oid)->oid, r->oid.n, out);
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

/* The text of the further column, behind the label; without it a label ends with the '/'. */
static bool
row_more(const struct scrape *s, const struct asked *a, const struct platen_bind *const *binds,
	char label[static 2 * PLATEN_MAX_TEXT + 2])
{
	const struct platen_bind *b = cell(binds, a->more);
	size_t n = strlen(label);

	if (n > 0)
		label[n++] = '/';
	if (b != NULL && platen_value_text(s->finds.table, b, label + n))
		return true;
	label[n] = '\0';
	return n > 0;
}

/* Label, further column and words; true when the row has none of them. */
static bool
row_means(const struct scrape *s, const struct asked *a, const struct platen_row *r,
	const struct platen_bind *const *binds, const char *name, struct found *f)
{
	char label[2 * PLATEN_MAX_TEXT + 2];

	if (r->more.n == 0)
		return !row_has_label(r) || row_label(r, name, f);
	label[0] = '\0';
	if (row_has_label(r))
		memcpy(label, name, strlen(name) + 1);
	return row_more(s, a, binds, label) && row_label(r, label, f);
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

/* A piece is not there, or what it is called is not (NULL): who can tell the sum? */
static void
row_hole(struct scrape *s, uint32_t place, const char *name)
{
	const struct platen_row *r = &s->finds.table->rows[place];
	int32_t word = name != NULL ? platen_word_find(r->words, name) : -1;

	for (int32_t i = 0; r->words != NULL && i < PLATEN_MAX_TABLE && r->words[i].word != NULL;
		i++)
		if (r->words[i].means != NULL && (name == NULL || i == word))
			platen_found_add(&s->finds,
				&(struct found){ .metric = r->words[i].means,
					.part = "",
					.full = PLATEN_NONE,
					.rank = place * PLATEN_MAX_TABLE,
					.piece = true,
					.doubtful = true });
}

static void
row_take(struct scrape *s, uint32_t place, const struct platen_bind *const *binds)
{
	const struct platen_row *r = &s->finds.table->rows[place];
	const struct asked *a = &s->asked[place];
	const struct platen_bind *b = cell(binds, a->oid);
	struct platen_bind piece;
	char name[PLATEN_MAX_TEXT + 2], text[PLATEN_MAX_TEXT + 1], from[PLATEN_MAX_TEXT + 1];
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

	name[0] = name[1] = '\0';
	if (r->pieces != 0 && r->name.n > 0 && (b == NULL || cell(binds, a->name) == NULL)) {
		row_hole(s, place,
			b == NULL && row_name(s, a, r, binds, name + 1) ? name + 1 : NULL);
		return;
	}
	if (b == NULL || (r->where != PLATEN_ONE && !row_name(s, a, r, binds, name + 1)))
		return;
	if (!row_means(s, a, r, binds, name + 1, &f) || !row_part(r, name, &f.part))
		return;
	f.from = platen_index_text(f.piece ? &r->oid : &b->oid, 0, from) ? from : NULL;
	b = platen_value_piece(r, b, &piece);
	if (b == NULL || f.metric == NULL)
		return;
	f.doubtful = !read_value(s, r, b, cell(binds, a->full), &f, text);
	if (f.piece && (f.doubtful || a->question->broken)) {
		f.doubtful = true;
		f.number = 0;
	}
	if (!f.doubtful || f.piece)
		platen_found_add(&s->finds, &f);
}

/* ---- questions ---- */

/* Does the printer tell this already, by the objects that all printers have? */
static bool
is_told(const struct platen_device *device, const char *metric)
{
	char text[PLATEN_MAX_TEXT + 1] = "";

	if (strcmp(metric, "device.model") == 0)
		platen_identity_model(device, text, sizeof(text));
	else if (strcmp(metric, "device.firmware") == 0)
		platen_identity_firmware(device, text, sizeof(text));
	return text[0] != '\0';
}

static void
take(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct question *q = arg;
	struct scrape *s = q->scrape;

	(void)visit;
	q->broken = reply->status != PLATEN_OK;
	for (uint32_t at = 0; at + q->n <= reply->n; at += q->n)
		for (uint32_t i = 0; i < s->nrows; i++)
			if (s->asked[i].question == q)
				row_take(s, i, reply->binds + at);
	if (--s->pending == 0)
		platen_found_report(&s->finds);
}

static void
take_supplies(struct platen_visit *visit, const struct platen_snmp_reply *reply, void *arg)
{
	struct scrape *s = arg;
	char text[PLATEN_MAX_TEXT + 1];

	(void)visit;
	for (uint32_t i = 0; i + 2 <= reply->n; i += 2) {
		const struct platen_bind *type = reply->binds[i], *said = reply->binds[i + 1];
		const char *kept = platen_value_text(s->finds.table, said, text)
			? platen_found_keep(&s->finds, text)
			: NULL;

		platen_supplies_add(s->finds.supplies, &said->oid,
			type->type == PLATEN_INTEGER ? type->number : 0, kept != NULL ? kept : "");
	}
	if (reply->status != PLATEN_OK)
		s->finds.supplies->many = true; /* half of them: which is the only one? */
	if (--s->pending == 0)
		platen_found_report(&s->finds);
}

/* Where in the list it stands, counted from 1; 0: the row has no such column. */
static uint32_t
list_add(struct list *l, const struct platen_oid *oid)
{
	if (oid->n == 0)
		return 0;
	for (uint32_t i = 0; i < l->n; i++)
		if (oid_same(&l->oids[i], oid))
			return i + 1;
	l->oids[l->n++] = *oid;
	return l->n;
}

/* In which sub-identifier a row's own columns differ; 0: it has one column. */
static uint32_t
row_differs(const struct platen_row *r)
{
	uint32_t place = oid_differs(&r->oid, &r->name);

	place = place != 0 ? place : oid_differs(&r->oid, &r->more);
	return place != 0 ? place : oid_differs(&r->oid, &r->full);
}

/*
 * All single objects belong together, and the columns of one table.  Tables side by side differ
 * in one sub-identifier, too, but not in that in which the columns of each do.
 */
static bool
rows_belong(const struct platen_row *a, const struct platen_row *b)
{
	uint32_t place, mine, others;

	if (row_is_single(a) || row_is_single(b))
		return row_is_single(a) == row_is_single(b);
	if (oid_same(&a->oid, &b->oid))
		return true;
	place = oid_differs(&a->oid, &b->oid);
	mine = row_differs(a);
	others = row_differs(b);
	return place != 0 && (mine == 0 || mine == place) && (others == 0 || others == place);
}

/* Ask for a row and for all later ones that belong to it. */
static int32_t
ask(struct scrape *s, uint32_t first)
{
	const struct platen_row *rows = s->finds.table->rows;
	struct question *q = host->alloc(s->finds.visit, sizeof(*q));
	struct list list;
	int32_t status;

	if (q == NULL)
		return PLATEN_EBUDGET;
	list.n = 0;
	for (uint32_t i = first; i < s->nrows && list.n + 4 <= PLATEN_MAX_OIDS; i++) {
		if (s->asked[i].question != NULL || !rows_belong(&rows[first], &rows[i]))
			continue;
		s->asked[i].question = q;
		s->asked[i].oid = list_add(&list, &rows[i].oid);
		s->asked[i].full = list_add(&list, &rows[i].full);
		s->asked[i].name = list_add(&list, &rows[i].name);
		s->asked[i].more = list_add(&list, &rows[i].more);
	}
	*q = (struct question){ .scrape = s, .n = list.n };
	status = (row_is_single(&rows[first]) ? snmp->get : snmp->table)(s->finds.visit, list.oids,
		list.n, take, q);
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
	for (uint32_t i = 0; i < s->nrows && s->finds.supplies == NULL; i++)
		if (row_is_of_supply(&s->finds.table->rows[i]) &&
			(s->finds.supplies = host->alloc(s->finds.visit,
				 sizeof(*s->finds.supplies))) == NULL)
			return;
	if (s->finds.supplies != NULL && s->pending > 0)
		s->pending += snmp->table(s->finds.visit, platen_supplies_columns, 2, take_supplies,
				      s) == PLATEN_OK;
}

int32_t
platen_table_visit(struct platen_visit *visit, const struct platen_table *table)
{
	return platen_table_visit_device(visit, NULL, table);
}

int32_t
platen_table_visit_device(struct platen_visit *visit, const struct platen_device *device,
	const struct platen_table *table)
{
	static struct question nobody;
	struct scrape *s = host->alloc(visit, sizeof(*s));
	int32_t status = PLATEN_EINVAL;
	uint32_t n = 0;

	while (n <= PLATEN_MAX_TABLE && table->rows[n].where != 0)
		n++;
	if (n == 0 || n > PLATEN_MAX_TABLE)
		return PLATEN_EINVAL;
	if (s == NULL || (s->asked = host->alloc(visit, n * sizeof(*s->asked))) == NULL)
		return PLATEN_EBUDGET;
	s->finds.host = host;
	s->finds.visit = visit;
	s->finds.table = table;
	s->nrows = n;
	s->finds.end = &s->finds.found;
	for (uint32_t i = 0; i < n; i++)
		if (table->rows[i].spare != 0 && device != NULL &&
			is_told(device, table->rows[i].metric))
			s->asked[i].question = &nobody;
	for (uint32_t i = 0; i < n; i++)
		if (s->asked[i].question == NULL)
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
