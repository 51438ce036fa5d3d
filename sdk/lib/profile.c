/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.c - a text becomes a table; see platen/profile.h.
 *
 * Each kind of section is a list of keys, each key has a function that reads its
 * value.  Knows the form of metrics and units, not which there are: that is the
 * agent's to say.
 */
#include "profile_inside.h"
#include "values.h"

#include <platen/identity.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys of rows ---- */

static struct platen_row *
row(const struct reading *r)
{
	return &r->rows[r->profile->nrows - 1];
}

static void
set_object(struct reading *r, const char *value)
{
	profile_oid(r, value, &row(r)->oid);
}

static void
set_column(struct reading *r, const char *value)
{
	r->column = true;
	profile_oid(r, value, &row(r)->oid);
}

static void
set_as(struct reading *r, const char *value)
{
	static const char *const hows[] = {
		[PLATEN_AS_NUMBER] = "number",
		[PLATEN_AS_LEVEL] = "level",
		[PLATEN_AS_TEXT] = "text",
		[PLATEN_AS_WORD] = "word",
		[PLATEN_AS_MAC] = "mac",
		[PLATEN_AS_DATE] = "date",
	};

	for (size_t i = 0; i < sizeof(hows) / sizeof(*hows); i++)
		if (strcmp(value, hows[i]) == 0) {
			row(r)->how = (int32_t)i;
			return;
		}
	profile_fault(r, r->value_line,
		"\"%.80s\" is not known; write number, level, text, word, mac or date", value);
}

static void
set_metric(struct reading *r, const char *value)
{
	row(r)->metric = profile_name(r, value, strlen(value));
}

static void
set_unit(struct reading *r, const char *value)
{
	row(r)->unit = profile_name(r, value, strlen(value));
}

static void
set_part(struct reading *r, const char *value)
{
	row(r)->part = profile_text(r, value);
}

static void
set_full(struct reading *r, const char *value)
{
	profile_oid(r, value, &row(r)->full);
}

/* The label, or with each row the name of the part: both stand in one field. */
static void
set_name(struct reading *r, const char *value)
{
	profile_oid(r, value, &row(r)->name);
}

static void
set_words(struct reading *r, const char *value)
{
	row(r)->words = profile_words(r, value, true);
}

static void
set_parts(struct reading *r, const char *value)
{
	row(r)->parts = profile_words(r, value, true);
}

static void
set_times(struct reading *r, const char *value)
{
	char *end;
	long long times = strtoll(value, &end, 10);

	if (*end != '\0' || times < 1 || times > 1000000)
		profile_fault(r, r->value_line,
			"\"%.80s\" is no factor; write one from 1 to 1000000", value);
	else
		row(r)->times = times;
}

static void
set_before(struct reading *r, const char *value)
{
	row(r)->before = profile_text(r, value);
}

static void
set_after(struct reading *r, const char *value)
{
	row(r)->after = profile_text(r, value);
}

static bool
row_begin(struct reading *r)
{
	if (r->profile->nrows == PLATEN_MAX_PROFILE_ROWS) {
		profile_fault(r, r->line, "more rows than a profile may have");
		return false;
	}
	r->lines[r->profile->nrows++] = r->line;
	r->column = false;
	*row(r) = (struct platen_row){ .where = PLATEN_ONE };
	return true;
}

/* What kind of row it is follows from what it has. */
static void
row_end(struct reading *r)
{
	struct platen_row *w = row(r);
	bool labelled = w->words != NULL && w->how != PLATEN_AS_WORD;

	w->where = labelled ? (r->column ? PLATEN_LABELLED : PLATEN_NAMED)
			    : (r->column ? PLATEN_EACH : PLATEN_ONE);
	if (w->oid.n == 0)
		profile_fault(r, r->begun, "the row has no object and no column%s; name one", "");
	if (labelled == (w->metric != NULL))
		profile_fault(r, r->begun, "the row has %s",
			labelled ? "words for its label and a metric; remove one"
				 : "no metric; write one of sdk/METRICS");
	if (w->where == PLATEN_NAMED && w->name.n == 0)
		profile_fault(r, r->begun, "the row has words, but no label%s; write label = OID",
			"");
	if (w->how == PLATEN_AS_WORD && w->words == NULL)
		profile_fault(r, r->begun,
			"the row is a word%s; write words = WHAT IT SAYS: meaning", "");
	if (w->parts != NULL && w->where != PLATEN_EACH)
		profile_fault(r, r->begun, "parts%s are for columns without labels; remove the key",
			"");
}

/* ---- keys of sums ---- */

static struct platen_sum *
sum(const struct reading *r, bool check)
{
	return check ? &r->checks[r->nchecks - 1] : &r->sums[r->nsums - 1];
}

static void
set_sum_total(struct reading *r, const char *value)
{
	sum(r, false)->total = profile_name(r, value, strlen(value));
}

static void
set_sum_parts(struct reading *r, const char *value)
{
	profile_names(r, value, sum(r, false)->parts);
}

static void
set_check_total(struct reading *r, const char *value)
{
	sum(r, true)->total = profile_name(r, value, strlen(value));
}

static void
set_check_parts(struct reading *r, const char *value)
{
	profile_names(r, value, sum(r, true)->parts);
}

static void
set_add_metric(struct reading *r, const char *value)
{
	r->adds[r->nadds - 1].metric = profile_name(r, value, strlen(value));
}

static void
set_add_pieces(struct reading *r, const char *value)
{
	profile_names(r, value, r->adds[r->nadds - 1].pieces);
}

static bool
sum_count(struct reading *r, uint32_t *n)
{
	if (*n == PLATEN_MAX_PROFILE_SUMS) {
		profile_fault(r, r->line, "more sums than a profile may have");
		return false;
	}
	++*n;
	return true;
}

static bool
sum_begin(struct reading *r)
{
	return sum_count(r, &r->nsums);
}

static bool
check_begin(struct reading *r)
{
	return sum_count(r, &r->nchecks);
}

static bool
add_begin(struct reading *r)
{
	return sum_count(r, &r->nadds);
}

/* ---- keys of [profile] ---- */

static void
set_object_ids(struct reading *r, const char *value)
{
	struct platen_oid oid = { NULL, 0 };

	r->profile->object_ids = profile_words(r, value, false);
	for (const struct platen_word *w = r->profile->object_ids; w && w->word; w++)
		profile_oid(r, w->word, &oid);
}

static void
set_models(struct reading *r, const char *value)
{
	r->profile->models = profile_words(r, value, false);
}

static void
set_descrs(struct reading *r, const char *value)
{
	r->profile->descrs = profile_words(r, value, false);
}

/* ---- sections ---- */

struct key {
	const char *name;
	void (*set)(struct reading *, const char *value);
	bool needed;
};

static const struct section {
	const char *kind;
	bool named; /* [row NAME]; the name is for people */
	bool (*begin)(struct reading *); /* false: no room for one more */
	void (*end)(struct reading *);
	struct key keys[16];
} sections[] = {
	{ "profile", false, NULL, NULL,
		{
			{ "object_ids", set_object_ids, false },
			{ "models", set_models, false },
			{ "descrs", set_descrs, false },
		} },
	{ "row", true, row_begin, row_end,
		{
			{ "object", set_object, false },
			{ "column", set_column, false },
			{ "as", set_as, false },
			{ "metric", set_metric, false },
			{ "unit", set_unit, false },
			{ "part", set_part, false },
			{ "full", set_full, false },
			{ "label", set_name, false },
			{ "name", set_name, false },
			{ "words", set_words, false },
			{ "parts", set_parts, false },
			{ "times", set_times, false },
			{ "before", set_before, false },
			{ "after", set_after, false },
		} },
	{ "sum", true, sum_begin, NULL,
		{ { "total", set_sum_total, true }, { "parts", set_sum_parts, true } } },
	{ "check", true, check_begin, NULL,
		{ { "total", set_check_total, true }, { "parts", set_check_parts, true } } },
	{ "add", true, add_begin, NULL,
		{ { "metric", set_add_metric, true }, { "pieces", set_add_pieces, true } } },
};

#define KEYS (sizeof(sections[0].keys) / sizeof(struct key))

/* The key that has been read, with all the lines of its value. */
static void
key_end(struct reading *r)
{
	if (r->key[0] == '\0')
		return;
	for (size_t i = 0; i < KEYS && r->section->keys[i].name != NULL; i++) {
		const struct key *k = &r->section->keys[i];

		if (strcmp(k->name, r->key) != 0)
			continue;
		if ((r->seen & 1u << i) != 0)
			profile_fault(r, r->value_line, "%s: stands twice; remove one", r->key);
		else if (r->value[0] == '\0')
			profile_fault(r, r->value_line,
				"%s: is empty; write a value, or remove the key", r->key);
		else
			k->set(r, r->value);
		r->seen |= 1u << i;
		r->key[0] = '\0';
		return;
	}
	profile_fault(r, r->value_line,
		"%s: no such key here; plugins/profile/README.md lists them", r->key);
	r->key[0] = '\0';
}

static void
section_end(struct reading *r)
{
	key_end(r);
	if (r->section == NULL)
		return;
	for (size_t i = 0; i < KEYS && r->section->keys[i].name != NULL; i++)
		if (r->section->keys[i].needed && (r->seen & 1u << i) == 0)
			profile_fault(r, r->begun, "%s: must be set", r->section->keys[i].name);
	if (r->section->end != NULL && !r->section_wrong)
		r->section->end(r);
	r->section = NULL;
}

static void
section_begin(struct reading *r, const char *s, size_t n)
{
	size_t word = 0;

	section_end(r);
	while (word < n && !profile_blank(s[word]))
		word++;
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
		const struct section *known = &sections[i];

		if (strlen(known->kind) != word || memcmp(known->kind, s, word) != 0)
			continue;
		if (known->named != (word < n))
			profile_fault(r, r->line,
				known->named ? "[%s] needs a name; write [row total]"
					     : "[%s] takes no name",
				known->kind);
		r->begun = r->line;
		r->seen = 0;
		r->section_wrong = false;
		if (known->begin == NULL || known->begin(r))
			r->section = known;
		return;
	}
	profile_fault(r, r->line,
		"no such section%s; write [profile], [row NAME], [sum NAME], [check NAME] "
		"or [add NAME]",
		"");
}

/* ---- lines ---- */

static void
key_begin(struct reading *r, const char *s, size_t n)
{
	const char *equals = memchr(s, '=', n);
	size_t left = equals != NULL ? (size_t)(equals - s) : 0, right;

	key_end(r);
	if (equals == NULL || left == 0) {
		profile_fault(r, r->line, "is neither a section nor key = value%s; correct it", "");
		return;
	}
	if (r->section == NULL) {
		if (!r->wrong)
			profile_fault(r, r->line,
				"stands before any section%s; write [profile] above it", "");
		return;
	}
	right = n - left - 1;
	s = profile_trim(s, &left);
	/* Marks around a whole value stay: whoever reads it takes them away. */
	for (equals++; right > 0 && profile_blank(*equals); right--)
		equals++;
	snprintf(r->key, sizeof(r->key), "%.*s", (int)left, s);
	snprintf(r->value, sizeof(r->value), "%.*s", (int)right, equals);
	r->value_line = r->line;
}

/* A line that begins with a blank goes on with the list above. */
static void
value_more(struct reading *r, const char *s, size_t n)
{
	size_t used = strlen(r->value);

	s = profile_trim(s, &n);
	if (r->key[0] == '\0') {
		profile_fault(r, r->line,
			"begins with a blank, and nothing is above it%s; remove the blank", "");
		return;
	}
	while (used > 0 && (r->value[used - 1] == ',' || profile_blank(r->value[used - 1])))
		used--;
	if (used + n + 2 > MAX_LINE)
		profile_fault(r, r->line, "%s: the value is too long; write another row", r->key);
	else
		snprintf(r->value + used, sizeof(r->value) - used, "%s%.*s", used > 0 ? ", " : "",
			(int)n, s);
}

static void
line_take(struct reading *r, const char *s, size_t n)
{
	bool indented = n > 0 && profile_blank(*s);
	size_t bare = n;
	const char *first;

	while (bare > 0 && (profile_blank(s[bare - 1]) || s[bare - 1] == '\r'))
		bare--;
	first = s;
	while (bare > 0 && profile_blank(*first)) {
		first++;
		bare--;
	}
	for (size_t i = 0; i < bare; i++)
		if ((unsigned char)first[i] < ' ' && first[i] != '\t') {
			profile_fault(r, r->line, "has a control character%s; this is no text", "");
			return;
		}
	if (bare == 0 || *first == '#' || *first == ';')
		return;
	if (bare > MAX_LINE)
		profile_fault(r, r->line, "is too long%s; go on in the next line, after a blank",
			"");
	else if (indented)
		value_more(r, first, bare);
	else if (*first == '[' && first[bare - 1] == ']')
		section_begin(r, first + 1, bare - 2);
	else
		key_begin(r, first, bare);
}

/* ---- the whole ---- */

static bool
room_make(struct reading *r)
{
	r->profile = profile_take(r, sizeof(*r->profile));
	r->rows = profile_take(r, (PLATEN_MAX_PROFILE_ROWS + 1) * sizeof(*r->rows));
	r->lines = profile_take(r, PLATEN_MAX_PROFILE_ROWS * sizeof(*r->lines));
	r->sums = profile_take(r, (PLATEN_MAX_PROFILE_SUMS + 1) * sizeof(*r->sums));
	r->checks = profile_take(r, (PLATEN_MAX_PROFILE_SUMS + 1) * sizeof(*r->checks));
	r->adds = profile_take(r, (PLATEN_MAX_PROFILE_SUMS + 1) * sizeof(*r->adds));
	return !r->wrong;
}

struct platen_profile *
platen_profile_read(const char *text, const struct platen_profile_reader *reader)
{
	struct reading r = { .reader = reader };
	struct platen_profile *p;

	if (!room_make(&r))
		return NULL;
	if (strlen(text) > PLATEN_MAX_PROFILE)
		profile_fault(&r, 0, "is larger than a profile may be");
	while (*text != '\0' && !(r.wrong && r.line == 0)) {
		size_t n = strcspn(text, "\n");

		r.line++;
		line_take(&r, text, n);
		text += n + (text[n] == '\n');
	}
	section_end(&r);
	p = r.profile;
	if (!r.wrong && p->object_ids == NULL && p->models == NULL && p->descrs == NULL)
		profile_fault(&r, 0,
			"it does not say for which printers it is%s; write models or "
			"object_ids in [profile]",
			"");
	if (!r.wrong && p->nrows == 0)
		profile_fault(&r, 0, "it has no rows%s; write [row NAME]", "");
	p->lines = r.lines;
	p->table = (struct platen_table){ r.rows, r.sums, r.checks, r.adds, 0 };
	return r.wrong ? NULL : p;
}

/* ---- match ---- */

static bool
oid_fits(const char *root, const struct platen_device *d)
{
	uint32_t i = 0;

	root += *root == '.';
	for (char *end; *root != '\0'; root = end + (*end == '.'), i++)
		if (i == d->nobject_id || strtoul(root, &end, 10) != d->object_id[i])
			return false;
	return i > 0;
}

int32_t
platen_profile_match(const struct platen_profile *p, const struct platen_device *d)
{
	char model[256];
	bool below = p->object_ids == NULL;

	for (const struct platen_word *w = p->object_ids; !below && w->word != NULL; w++)
		below = oid_fits(w->word, d);
	platen_identity_model(d, model, sizeof(model));
	if (!below || (p->descrs != NULL && platen_word_find(p->descrs, d->descr) < 0))
		return 0;
	if (p->models == NULL)
		return 75;
	return platen_word_find(p->models, model) >= 0 || platen_word_find(p->models, d->model) >= 0
		? 100
		: 0;
}
