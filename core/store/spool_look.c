/* SPDX-License-Identifier: Apache-2.0 */
/* spool_look.c - reading a spool for a person; see spool_look.h. */
#include "store/spool_look.h"

#include "store/latest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Rows read in one piece: a reader that lingers would keep the agent's log from being emptied. */
#define LOOK_ROWS 500
/* Findings of one kind that are told one by one. */
#define LOOK_FINDINGS 20

static uint64_t
file_size(const char *path, const char *suffix)
{
	char *name = mem_format("%s%s", path, suffix);
	struct stat st;
	uint64_t size = stat(name, &st) == 0 ? (uint64_t)st.st_size : 0;

	free(name);
	return size;
}

static int64_t
number_of(struct database *d, sqlite3_stmt *s)
{
	int64_t v = 0;

	if (database_step(d, s) == DATABASE_ROW) {
		v = sqlite3_column_int64(s, 0);
		sqlite3_reset(s);
	}
	return v;
}

static int64_t
time_of(struct database *d, uint64_t seq)
{
	return number_of(d,
		database_ask(d, "SELECT time FROM record WHERE seq = ?1", "i", (int64_t)seq));
}

void
look_overview(struct database *d, struct spool_overview *o)
{
	*o = (struct spool_overview){
		.records = (uint64_t)database_number(d, "SELECT count(*) FROM record"),
		.first = spool_db_lowest(d),
		.last = (uint64_t)database_number(d, "SELECT max(seq) FROM record"),
		.used = spool_db_used(d),
		.size = file_size(d->path, "") + file_size(d->path, "-wal"),
		.printers =
			(uint64_t)database_number(d, "SELECT count(DISTINCT device) FROM latest"),
		.dropped = (uint64_t)database_number(d, "SELECT sum(count) FROM dropped"),
		.unknown_loss = database_number(d, "SELECT count(*) FROM dropped WHERE count = 0") >
			0,
	};
	if (o->records > 0) {
		o->oldest = time_of(d, o->first);
		o->newest = time_of(d, o->last);
	}
}

/* ---- sinks ---- */

static void
view_sink(struct database *d, enum sink_take take, struct spool_sink_view *v)
{
	sqlite3_stmt *s;

	spool_db_state(d, v->name, v->state, sizeof(v->state));
	v->waiting = spool_db_count(d, v->cursor, INT64_MAX, take);
	s = spool_db_records(d, v->cursor, INT64_MAX, take);
	if (database_step(d, s) == DATABASE_ROW) {
		v->oldest = sqlite3_column_int64(s, 1);
		sqlite3_reset(s);
	}
	v->refused = (uint64_t)number_of(d,
		database_ask(d, "SELECT count(*) FROM refused WHERE sink = ?1", "t", v->name));
	s = database_ask(d,
		"SELECT reason FROM refused WHERE sink = ?1 ORDER BY time DESC, seq DESC LIMIT 1",
		"t", v->name);
	if (database_step(d, s) == DATABASE_ROW) {
		snprintf(v->reason, sizeof(v->reason), "%s", database_text(s, 0));
		sqlite3_reset(s);
	}
	v->dropped = (uint64_t)number_of(d,
		database_ask(d,
			"SELECT sum(count) FROM dropped"
			" WHERE instr(', ' || sinks || ', ', ', ' || ?1 || ', ') > 0",
			"t", v->name));
}

void
look_sinks(struct database *d, enum sink_take (*take)(void *arg, const char *sink),
	void (*each)(void *arg, const struct spool_sink_view *), void *arg)
{
	struct spool_sink_view v = { .name = "" };
	sqlite3_stmt *s;

	for (;;) {
		s = database_ask(d,
			"SELECT name, cursor, gone FROM sink WHERE name > ?1 ORDER BY name LIMIT 1",
			"t", v.name);
		if (database_step(d, s) != DATABASE_ROW)
			return;
		v = (struct spool_sink_view){ .cursor = (uint64_t)sqlite3_column_int64(s, 1),
			.gone = sqlite3_column_int(s, 2) != 0 };
		snprintf(v.name, sizeof(v.name), "%s", database_text(s, 0));
		sqlite3_reset(s);
		view_sink(d, take(arg, v.name), &v);
		each(arg, &v);
	}
}

/* ---- records ---- */

bool
look_records(struct database *d, uint64_t after, enum sink_take take,
	bool (*each)(void *arg, const struct spool_row *), void *arg)
{
	enum database_step step;
	struct spool_row row;
	sqlite3_stmt *s;

	do {
		uint32_t n = 0;

		s = spool_db_records(d, after, INT64_MAX, take);
		while ((step = spool_db_record(d, s, &row)) == DATABASE_ROW) {
			after = row.seq;
			if (!each(arg, &row)) {
				sqlite3_reset(s);
				return true;
			}
			if (++n == LOOK_ROWS) {
				sqlite3_reset(s);
				break;
			}
		}
	} while (step == DATABASE_ROW);
	return step == DATABASE_END;
}

/* ---- check ---- */

struct check {
	struct database *d;
	void (*finding)(void *arg, const char *line);
	void *arg;
	uint32_t n;
	uint64_t before; /* number of the record before this one, 0: none */
};

static void __attribute__((format(printf, 2, 3))) found(struct check *c, const char *fmt, ...)
{
	struct why line;
	va_list ap;

	if (c->n++ >= LOOK_FINDINGS)
		return;
	va_start(ap, fmt);
	vsnprintf(line.text, sizeof(line.text), fmt, ap);
	va_end(ap);
	c->finding(c->arg, line.text);
}

/* A hole is no fault when the spool says how it came. */
static bool
hole_is_known(struct database *d, uint64_t first, uint64_t last)
{
	return number_of(d,
		       database_ask(d,
			       "SELECT count(*) FROM dropped WHERE first <= ?1 AND last >= ?2",
			       "ii", (int64_t)first, (int64_t)last)) > 0;
}

static bool
check_record(void *arg, const struct spool_row *row)
{
	struct check *c = arg;

	if (!row->sound)
		found(c, "record %" PRIu64 ": the text is not what was written (checksum)",
			row->seq);
	if (c->before > 0 && row->seq != c->before + 1 &&
		!hole_is_known(c->d, c->before + 1, row->seq - 1))
		found(c, "records %" PRIu64 " to %" PRIu64 " are missing", c->before + 1,
			row->seq - 1);
	c->before = row->seq;
	return true;
}

/* Each row of each question is a finding, in words. */
static const char *const questions[] = {
	"SELECT integrity_check FROM pragma_integrity_check(10) WHERE integrity_check <> 'ok'",

	"SELECT printf('sink %s: its cursor %d is not among the numbers given out', name, cursor)"
	" FROM sink WHERE cursor < 0 OR cursor > " SPOOL_DB_HIGHEST,

	"SELECT printf('sink %s: record %d was refused but never was', sink, seq)"
	" FROM refused WHERE seq < 1 OR seq > " SPOOL_DB_HIGHEST,
};

static void
check_question(struct check *c, const char *sql)
{
	sqlite3_stmt *s = database_ask(c->d, sql, "");
	enum database_step step;

	while ((step = database_step(c->d, s)) == DATABASE_ROW)
		found(c, "%s", database_text(s, 0));
	if (step == DATABASE_FAILED)
		found(c, "%s", c->d->why.text);
}

static void
check_meter(struct check *c, const char *device, const struct latest *l)
{
	char *name = mem_string_n(l->name, l->name_n);
	sqlite3_stmt *s = database_ask(c->d,
		"SELECT device = ?2, CASE WHEN json_valid(record.json) THEN EXISTS (SELECT 1"
		" FROM json_each(record.json, '$.meters') AS m WHERE (m.value ->> 'name') = ?3"
		" AND (m.value ->> 'value') = ?4) ELSE 1 END FROM record WHERE seq = ?1",
		"itti", (int64_t)l->seq, device, name, l->value);

	if (database_step(c->d, s) == DATABASE_ROW) {
		if (!sqlite3_column_int(s, 0))
			found(c,
				"%s %s: its newest value is said to be of record %" PRIu64
				" of another printer",
				device, name, l->seq);
		if (!sqlite3_column_int(s, 1))
			found(c,
				"%s %s: its newest value %" PRId64
				" does not stand in record %" PRIu64,
				device, name, l->value, l->seq);
		sqlite3_reset(s);
	}
	free(name);
}

/* What an older platen wrote is another table, which is looked at when it has been taken over. */
static void
check_latest(struct check *c)
{
	sqlite3_stmt *s;
	struct latest l;

	if (database_number(c->d,
		    "SELECT count(*) FROM pragma_table_info('latest') WHERE name = 'meters'") == 0)
		return;
	s = database_ask(c->d, "SELECT device, meters FROM latest", "");
	while (database_step(c->d, s) == DATABASE_ROW) {
		const char *at = database_text(s, 1);

		for (l = (struct latest){ 0 }; latest_next(&at, &l);)
			check_meter(c, database_text(s, 0), &l);
		if (*at != '\0')
			found(c, "%s: its newest values make no sense", database_text(s, 0));
	}
}

uint32_t
look_check(struct database *d, void (*finding)(void *arg, const char *line), void *arg)
{
	struct check c = { .d = d, .finding = finding, .arg = arg };

	for (size_t i = 0; i < COUNT(questions); i++)
		check_question(&c, questions[i]);
	check_latest(&c);
	if (!look_records(d, 0, TAKE_ALL, check_record, &c))
		found(&c, "the records cannot be read to the end: %s", d->why.text);
	return c.n;
}
