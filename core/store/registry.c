/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.c - the printers this agent knows; see registry.h.
 *
 * Nothing here fails loudly: a registry that cannot be written costs the next
 * sweep some questions, and that is said once.
 */
#include "store/registry.h"

#include "store/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct registry {
	struct database db;
	/* Rows that went: the printer is elsewhere now, was forgotten, or all were lost. */
	uint64_t moves;
	bool ailing; /* said that it cannot be written */
};

#define SCHEMA 3

/* What one has of the other: nothing is known of its visits where only words were learned. */
#define KNOWN "printer LEFT JOIN visit ON visit.printer = printer.row"
#define COLUMNS                                                                                    \
	"address, port, id, learned, manufacturer, model, serial, mac, object_id, descr,"          \
	" hr_model, device_id, hr_device_index, seen, failures, faults, row"

/*
 * What changes with every visit stands apart: written anew are these few numbers, not all the
 * printer said of itself.
 */
static const char schema[] = "CREATE TABLE IF NOT EXISTS printer (row INTEGER PRIMARY KEY,"
			     " address TEXT NOT NULL, port INTEGER NOT NULL, id TEXT NOT NULL,"
			     " learned TEXT, manufacturer TEXT, model TEXT, serial TEXT, mac TEXT,"
			     " object_id TEXT, descr TEXT, hr_model TEXT, device_id TEXT,"
			     " hr_device_index INTEGER, shape TEXT, UNIQUE (address, port));"
			     "CREATE INDEX IF NOT EXISTS printer_id ON printer (id);"
			     "CREATE TABLE IF NOT EXISTS visit (printer INTEGER PRIMARY KEY,"
			     " seen INTEGER, failures INTEGER, faults INTEGER);"
			     "CREATE TRIGGER IF NOT EXISTS printer_goes AFTER DELETE ON printer"
			     " BEGIN DELETE FROM visit WHERE printer = old.row; END;"
			     "PRAGMA user_version=3;";

/* Of schema 1, which kept shapes apart and faults not at all. */
static const char from_1[] =
	"ALTER TABLE printer ADD COLUMN faults INTEGER;"
	"ALTER TABLE printer ADD COLUMN shape TEXT;"
	"UPDATE printer SET shape = (SELECT shape FROM shape"
	" WHERE shape.address = printer.address AND shape.port = printer.port);"
	"DROP TABLE shape;";

/* Of schema 2, which had all in one row: its table steps aside, and goes when all is copied. */
static const char from_2[] = "ALTER TABLE printer RENAME TO printer_2;"
			     "DROP INDEX IF EXISTS printer_id;";
#define KEPT                                                                                       \
	"address, port, id, learned, manufacturer, model, serial, mac, object_id, descr,"          \
	" hr_model, device_id, hr_device_index, shape"
static const char to_3[] = "INSERT INTO printer (" KEPT ") SELECT " KEPT " FROM printer_2;"
			   "INSERT INTO visit SELECT row, seen, failures, faults"
			   " FROM printer JOIN printer_2 USING (address, port);"
			   "DROP TABLE printer_2;";

static bool
migrate(struct database *d, int64_t version)
{
	return (version > 1 || database_run(d, from_1)) && database_run(d, from_2) &&
		database_run(d, schema) && database_run(d, to_3);
}

/* Another build's tables are as good as none: what they hold is found again by a sweep. */
static bool
make_tables(struct database *d)
{
	int64_t version = database_number(d, "PRAGMA user_version");

	if (version == 1 || version == 2)
		version = database_begin(d) && database_done(d, migrate(d, version)) ? SCHEMA : -1;
	if (version != 0 && version != SCHEMA &&
		!database_run(d,
			"DROP TABLE IF EXISTS printer; DROP TABLE IF EXISTS visit;"
			"DROP TABLE IF EXISTS shape"))
		return false;
	return database_run(d, schema) &&
		database_run(d, "SELECT " COLUMNS ", shape FROM " KNOWN " LIMIT 1");
}

static bool
open_sound(struct database *d, const char *path)
{
	if (!database_open(d, path, DATABASE_CACHE))
		return false;
	if (make_tables(d))
		return true;
	database_close(d);
	return false;
}

/* Set a damaged one aside and begin anew; false: why says what stands in the way. */
static bool
begin_anew(struct registry *r, const char *path, struct why *why)
{
	char aside[4096];

	log_error("%s; it is set aside, the printers are learned again", r->db.why.text);
	r->moves++;
	if (!database_set_aside(path, aside, why))
		return false;
	if (open_sound(&r->db, path))
		return true;
	*why = r->db.why;
	return false;
}

struct registry *
registry_open(const char *state_folder, struct why *why)
{
	struct registry *r = mem_alloc(sizeof(*r));
	char *path = mem_format("%s/registry.db", state_folder);
	bool ok;

	mkdir(state_folder, 0700); /* opening says what is wrong with it */
	ok = open_sound(&r->db, path);
	if (!ok) {
		*why = r->db.why;
		ok = r->db.damaged && begin_anew(r, path, why);
	}
	free(path);
	if (ok)
		return r;
	free(r);
	return NULL;
}

void
registry_close(struct registry *r)
{
	if (r == NULL)
		return;
	registry_flush(r);
	database_close(&r->db);
	free(r);
}

/* After a statement: a damaged file is replaced, another fault is said once. */
static void
settle(struct registry *r, bool ok)
{
	char *path;
	struct why why;

	if (ok)
		return;
	database_done(&r->db, false);
	if (r->db.damaged) {
		path = mem_string(r->db.path);
		database_close(&r->db);
		if (!begin_anew(r, path, &why))
			log_error("%s; printers are not remembered until the next start", why.text);
		free(path);
	} else if (!r->ailing) {
		r->ailing = true;
		log_warn("%s; printers seen now are looked for again after a restart",
			r->db.why.text);
	}
}

/* One transaction holds what many visits write, from the first of them to the flush. */
static bool
is_open(const struct registry *r)
{
	return r->db.db != NULL && !sqlite3_get_autocommit(r->db.db);
}

/* Before whatever writes. */
static bool
begin(struct registry *r)
{
	return is_open(r) || database_begin(&r->db);
}

void
registry_flush(struct registry *r)
{
	bool ok;

	if (!is_open(r))
		return;
	ok = database_done(&r->db, true);
	r->ailing = r->ailing && !ok;
	settle(r, ok);
}

void
registry_rest(struct registry *r)
{
	/* Pages of what is not committed yet would stay. */
	registry_flush(r);
	database_rest(&r->db);
}

static void
copy(char *to, size_t size, sqlite3_stmt *s, int column)
{
	const char *text = database_text(s, column);
	size_t n = (size_t)sqlite3_column_bytes(s, column);

	n = n < size ? n : size - 1;
	memcpy(to, text, n);
	to[n] = '\0';
}

#define TEXT(field, column) copy(out->field, sizeof(out->field), s, column)

static void
take(sqlite3_stmt *s, struct printer *out)
{
	*out = (struct printer){ .port = (uint16_t)sqlite3_column_int(s, 1) };
	TEXT(address, 0);
	TEXT(id, 2);
	TEXT(learned, 3);
	TEXT(manufacturer, 4);
	TEXT(model, 5);
	TEXT(serial, 6);
	TEXT(mac, 7);
	TEXT(object_id, 8);
	TEXT(descr, 9);
	TEXT(hr_model, 10);
	TEXT(device_id, 11);
	out->hr_device_index = (uint32_t)sqlite3_column_int64(s, 12);
	out->seen = sqlite3_column_int64(s, 13);
	out->failures = (uint32_t)sqlite3_column_int64(s, 14);
	out->faults = (uint64_t)sqlite3_column_int64(s, 15);
	out->row = sqlite3_column_int64(s, 16);
}

static bool
one(struct registry *r, sqlite3_stmt *s, struct printer *out, char **shape)
{
	enum database_step step = database_step(&r->db, s);

	if (step == DATABASE_ROW) {
		take(s, out);
		if (shape != NULL)
			*shape = mem_string(database_text(s, 17));
		sqlite3_reset(s);
	}
	/* That it can be read does not say that it can be written again. */
	if (step == DATABASE_FAILED)
		settle(r, false);
	return step == DATABASE_ROW;
}

bool
registry_at(struct registry *r, const char *address, uint16_t port, struct printer *out,
	char **shape)
{
	bool known = one(r,
		database_ask(&r->db,
			"SELECT " COLUMNS ", shape FROM " KNOWN " WHERE address = ?1 AND port = ?2",
			"ti", address, (int64_t)port),
		out, shape);

	out->moves = r->moves;
	return known;
}

bool
registry_elsewhere(struct registry *r, const struct printer *known, const char *id,
	struct printer *out)
{
	if (id[0] == '\0' || (strcmp(known->id, id) == 0 && known->moves == r->moves))
		return false;
	/* There is one at most; the index holds all that is needed to see that there is none. */
	return one(r,
		database_ask(&r->db,
			"SELECT " COLUMNS " FROM " KNOWN " WHERE id = ?1 AND address <> ?2 LIMIT 1",
			"tt", id, known->address),
		out, NULL);
}

/* Is it the same printer in all but what changes with every visit? */
static bool
same(const struct printer *a, const struct printer *b)
{
	return strcmp(a->id, b->id) == 0 && strcmp(a->manufacturer, b->manufacturer) == 0 &&
		strcmp(a->model, b->model) == 0 && strcmp(a->serial, b->serial) == 0 &&
		strcmp(a->mac, b->mac) == 0 && strcmp(a->object_id, b->object_id) == 0 &&
		strcmp(a->descr, b->descr) == 0 && strcmp(a->hr_model, b->hr_model) == 0 &&
		strcmp(a->device_id, b->device_id) == 0 && a->hr_device_index == b->hr_device_index;
}

/* False also when its row is gone. */
static bool
put_visit(struct database *d, const struct printer *p, int64_t row)
{
	return database_do(d,
		       "UPDATE visit SET seen = ?1, failures = ?2, faults = ?3 WHERE printer = ?4",
		       "iiii", p->seen, (int64_t)p->failures, (int64_t)p->faults, row) &&
		sqlite3_changes(d->db) > 0;
}

static bool
put_all(struct registry *r, const struct printer *p, const char *shape)
{
	struct database *d = &r->db;

	/* It has moved: one printer is never kept at two addresses. */
	if (p->id[0] != '\0') {
		if (!database_do(d,
			    "DELETE FROM printer WHERE id = ?1 AND NOT (address = ?2 AND port = "
			    "?3)",
			    "tti", p->id, p->address, (int64_t)p->port))
			return false;
		r->moves += (uint64_t)sqlite3_changes(d->db);
	}
	return database_do(d,
		       "INSERT INTO printer (" KEPT ") VALUES"
		       " (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)"
		       " ON CONFLICT DO UPDATE SET id=?3, manufacturer=?5, model=?6, serial=?7,"
		       " mac=?8, object_id=?9, descr=?10, hr_model=?11, device_id=?12,"
		       " hr_device_index=?13, shape=coalesce(?14, shape)",
		       "tittttttttttit", p->address, (int64_t)p->port, p->id, p->learned,
		       p->manufacturer, p->model, p->serial, p->mac, p->object_id, p->descr,
		       p->hr_model, p->device_id, (int64_t)p->hr_device_index, shape) &&
		database_do(d,
			"INSERT OR REPLACE INTO visit SELECT row, ?1, ?2, ?3 FROM printer"
			" WHERE address = ?4 AND port = ?5",
			"iiiti", p->seen, (int64_t)p->failures, (int64_t)p->faults, p->address,
			(int64_t)p->port);
}

void
registry_put(struct registry *r, const struct printer *p, const struct printer *was,
	const char *shape)
{
	bool ok = begin(r);

	/* A row's number means another printer once a row went. */
	if (ok && was != NULL && shape == NULL && was->moves == r->moves && same(p, was) &&
		put_visit(&r->db, p, was->row))
		return;
	settle(r, ok && put_all(r, p, shape));
}

void
registry_put_learned(struct registry *r, const char *address, uint16_t port, const char *learned)
{
	settle(r,
		begin(r) &&
			database_do(&r->db,
				"INSERT INTO printer (address, port, id, learned)"
				" VALUES (?1, ?2, '', ?3) ON CONFLICT DO UPDATE SET learned = ?3"
				" WHERE learned IS NOT ?3",
				"tit", address, (int64_t)port, learned));
}

void
registry_forget(struct registry *r, const char *address, uint16_t port)
{
	bool ok = begin(r) &&
		database_do(&r->db, "DELETE FROM printer WHERE address = ?1 AND port = ?2", "ti",
			address, (int64_t)port);

	if (ok)
		r->moves += (uint64_t)sqlite3_changes(r->db.db);
	settle(r, ok);
}

/*
 * Row after row by key, no statement left open: each() may put and forget.
 */
void
registry_each(struct registry *r, bool (*each)(void *arg, const struct printer *), void *arg)
{
	struct printer p = { .address = "" };

	while (one(r,
		database_ask(&r->db,
			"SELECT " COLUMNS " FROM " KNOWN " WHERE (address, port) > (?1, ?2)"
			" ORDER BY address, port LIMIT 1",
			"ti", p.address, (int64_t)p.port),
		&p, NULL))
		if (!each(arg, &p))
			return;
}
