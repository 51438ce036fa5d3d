/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profiles.c - profiles from their folder to the plugin; see profiles.h.
 *
 * The text is read by the SDK (platen/profile.h); whether there is such a metric
 * and unit, and whether an object may be asked for, is judged here.
 */
#include "config/profiles.h"

#include "base/readfile.h"
#include "metrics.h"
#include "printer/forbidden.h"

#include <platen/profile.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct folder {
	struct pool *pool;
	struct buf text; /* of all */
	const char **reach;
	uint32_t nreach, room, nfiles;
	const char *file; /* being read */
	void (*tell)(void *arg, const char *line);
	void *arg;
};

static void
fault(void *arg, uint32_t line, const char *text)
{
	struct folder *f = arg;
	char *said = line > 0 ? mem_format("%s:%u: %s", f->file, line, text)
			      : mem_format("%s: %s", f->file, text);

	f->tell(f->arg, said);
	free(said);
}

static void *
take(void *arg, size_t n)
{
	return pool_alloc(((struct folder *)arg)->pool, n);
}

/* ---- what may be asked ---- */

static const char *const allowed[] = { "1.3.6.1.4.1", "1.3.6.1.2.1.43", "1.3.6.1.2.1.25.3" };

static bool
is_allowed(const struct platen_oid *oid)
{
	for (size_t i = 0; i < COUNT(allowed); i++) {
		struct oid root;

		/* Of the private tree not the whole: one enterprise at least is named. */
		if (oid_parse(allowed[i], &root) && oid->n > root.n &&
			oid_below(oid->sub, oid->n, root.sub, root.n))
			return true;
	}
	return false;
}

static void
reach_add(struct folder *f, const struct platen_oid *oid)
{
	struct buf item = { 0 };

	buf_text(&item, "oid ");
	oid_format(oid->sub, oid->n, &item);
	if (f->nreach == f->room) {
		const char **more;

		f->room = f->room ? 2 * f->room : 64;
		more = pool_alloc(f->pool, f->room * sizeof(*more));
		if (f->nreach > 0)
			memcpy(more, f->reach, f->nreach * sizeof(*more));
		f->reach = more;
	}
	f->reach[f->nreach++] = pool_string(f->pool, (char *)item.p);
	buf_free(&item);
}

static void
check_oid(struct folder *f, uint32_t line, const struct platen_oid *oid, bool column)
{
	struct question q = {
		.kind = column ? ASK_TABLE : ASK_GET,
		.n = 1,
		.oids = oid,
	};

	if (oid->n == 0)
		return;
	if (!is_allowed(oid))
		fault(f, line,
			"an object outside of 1.3.6.1.4.1, 1.3.6.1.2.1.43 and "
			"1.3.6.1.2.1.25.3 is not asked for; remove the row");
	else if (question_forbidden(&q))
		fault(f, line,
			"there are job tables or commands in it, which are never asked for; "
			"remove the row");
	else
		reach_add(f, oid);
}

/* ---- what is told ---- */

/* A reading as the row would make it: would it be taken? */
static void
check_metric(struct folder *f, uint32_t line, const struct platen_row *r, const char *name,
	const char *unit)
{
	const struct metric *m = metric_find(name);
	bool text = r->how == PLATEN_AS_TEXT || r->how == PLATEN_AS_WORD ||
		r->how == PLATEN_AS_MAC || r->how == PLATEN_AS_DATE;
	struct platen_reading reading = {
		.size = sizeof(reading),
		.metric = name,
		.unit = unit,
		.part = r->part != NULL && *r->part != 0                                   ? r->part
			: m != NULL && m->part == PART_REQUIRED && r->where == PLATEN_EACH ? "1"
											   : NULL,
		.full = PLATEN_NONE,
	};
	struct why why;

	if (name[0] == '.')
		return; /* a name of the profile's own, for its sums */
	if (m != NULL && text != (m->kind == METRIC_TEXT))
		fault(f, line,
			text ? "the metric is a number; write as = number"
			     : "the metric is a text; write as = text");
	else if (m != NULL && r->how == PLATEN_AS_LEVEL && m->kind != METRIC_LEVEL)
		fault(f, line, "the metric is no level; write as = number");
	else if (text && m != NULL)
		reading.text = m->words != NULL ? NULL : "2024-05-31";
	if (text && m != NULL && m->words != NULL)
		return; /* which word it is, the printer says */
	if (m != NULL && strcmp(m->name, "device.mac") == 0)
		return;
	if ((m == NULL || text == (m->kind == METRIC_TEXT)) && !metric_check(&reading, &why))
		fault(f, line, why.text);
}

static void
check_row(struct folder *f, uint32_t line, const struct platen_row *r)
{
	bool column = r->where == PLATEN_EACH || r->where == PLATEN_LABELLED;

	check_oid(f, line, &r->oid, column);
	check_oid(f, line, &r->full, column);
	check_oid(f, line, &r->name, column);
	if (r->metric != NULL)
		check_metric(f, line, r, r->metric, r->unit);
	for (const struct platen_word *w = r->words; r->metric == NULL && w && w->word; w++)
		check_metric(f, line, r, w->means, w->unit != NULL ? w->unit : r->unit);
}

static void
check_profile(struct folder *f, const struct platen_profile *p)
{
	for (uint32_t i = 0; i < p->nrows; i++)
		check_row(f, p->lines[i], &p->table.rows[i]);
}

/* ---- files ---- */

static void
profile_take(struct folder *f, const char *path)
{
	const struct platen_profile_reader reader = { take, fault, f };
	const struct platen_profile *p;
	struct buf text = { 0 };
	struct why why;

	f->file = path;
	if (!file_read(path, PLATEN_MAX_PROFILE, &text, &why))
		fault(f, 0, why.text);
	else if (text.n == 0)
		fault(f, 0, "is empty; write a profile, or remove it");
	else if (text.n != strlen((char *)text.p) || strchr((char *)text.p, '\f') != NULL ||
		!text_is_utf8((char *)text.p, text.n))
		fault(f, 0, "is no text in UTF-8; write it anew");
	else if (f->nfiles++ == MAX_PROFILE_FILES || f->text.n + text.n > MAX_PROFILE_TEXT)
		fault(f, 0, "there is more in the folder than can be taken; remove some");
	else if ((p = platen_profile_read((char *)text.p, &reader)) != NULL) {
		check_profile(f, p);
		buf_format(&f->text, "\f%s\n", path);
		buf_text(&f->text, (char *)text.p);
	}
	buf_free(&text);
}

static int
is_profile(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return e->d_name[0] != '.' && n > 4 && strcmp(e->d_name + n - 4, ".ini") == 0;
}

void
profiles_read(const char *folder, struct plugin_config *plugin, struct pool *pool,
	void (*tell)(void *, const char *), void *arg)
{
	struct folder f = { .pool = pool, .tell = tell, .arg = arg };
	struct dirent **entries;
	int n = scandir(folder, &entries, is_profile, alphasort);

	f.file = folder;
	if (n < 0) {
		fault(&f, 0, "is no folder that can be read; name one, or remove the key");
		return;
	}
	for (int i = 0; i < n; i++) {
		char *path = mem_format("%s/%s", folder, entries[i]->d_name);

		profile_take(&f, path);
		free(path);
		free(entries[i]);
	}
	free(entries);
	plugin->options[plugin->noptions++] = (struct option){
		.key = "profiles",
		.value = f.text.n > 0 ? pool_string(pool, (char *)f.text.p) : "",
	};
	buf_free(&f.text);
	if (plugin->nreach == 0) {
		plugin->reach = f.reach;
		plugin->nreach = f.nreach;
	}
}
