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
	bool ailing; /* said that it cannot be written */
};

#define SCHEMA 1

#define COLUMNS                                                                                    \
	"address, port, id, learned, manufacturer, model, serial, mac, object_id, descr,"          \
	" hr_model, device_id, hr_device_index, seen, failures"

static const char schema[] = "CREATE TABLE IF NOT EXISTS printer ("
			     " address TEXT NOT NULL, port INTEGER NOT NULL, id TEXT NOT NULL,"
			     " learned TEXT, manufacturer TEXT, model TEXT, serial TEXT, mac TEXT,"
			     " object_id TEXT, descr TEXT, hr_model TEXT, device_id TEXT,"
			     " hr_device_index INTEGER, seen INTEGER, failures INTEGER,"
			     " PRIMARY KEY (address, port)) WITHOUT ROWID;"
			     "CREATE INDEX IF NOT EXISTS printer_id ON printer (id);"
			     "CREATE TABLE IF NOT EXISTS shape ("
			     " address TEXT NOT NULL, port INTEGER NOT NULL, shape TEXT,"
			     " PRIMARY KEY (address, port)) WITHOUT ROWID;"
			     "PRAGMA user_version=1;";

/* Another build's table is as good as none: it is found again by a sweep. */
static bool
make_tables(struct database *d)
{
	int64_t version = database_number(d, "PRAGMA user_version");

	if (version != 0 && version != SCHEMA && !database_run(d, "DROP TABLE IF EXISTS printer"))
		return false;
	return database_run(d, schema) &&
		database_run(d, "SELECT " COLUMNS " FROM printer LIMIT 1") &&
		database_run(d, "SELECT address, port, shape FROM shape LIMIT 1");
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
	database_close(&r->db);
	free(r);
}

/* After each statement: a damaged file is replaced, another fault is said once. */
static void
settle(struct registry *r, bool ok)
{
	char *path;
	struct why why;

	if (ok) {
		r->ailing = false;
	} else if (r->db.damaged) {
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

static void
copy(char *to, size_t size, sqlite3_stmt *s, int column)
{
	snprintf(to, size, "%s", database_text(s, column));
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
}

static bool
one(struct registry *r, sqlite3_stmt *s, struct printer *out)
{
	enum database_step step = database_step(&r->db, s);

	if (step == DATABASE_ROW) {
		take(s, out);
		sqlite3_reset(s);
	}
	/* That it can be read does not say that it can be written again. */
	if (step == DATABASE_FAILED)
		settle(r, false);
	return step == DATABASE_ROW;
}

bool
registry_at(struct registry *r, const char *address, uint16_t port, struct printer *out)
{
	return one(r,
		database_ask(&r->db,
			"SELECT " COLUMNS " FROM printer WHERE address = ?1 AND port = ?2", "ti",
			address, (int64_t)port),
		out);
}

bool
registry_by_id(struct registry *r, const char *id, struct printer *out)
{
	if (id[0] == '\0')
		return false;
	return one(r,
		database_ask(&r->db,
			"SELECT " COLUMNS " FROM printer WHERE id = ?1 ORDER BY seen DESC LIMIT 1",
			"t", id),
		out);
}

void
registry_put(struct registry *r, const struct printer *p)
{
	struct database *d = &r->db;
	bool ok = database_begin(d);

	/* It has moved: one printer is never kept at two addresses. */
	if (ok && p->id[0] != '\0')
		ok = database_do(d,
			"DELETE FROM printer WHERE id = ?1 AND NOT (address = ?2 AND port = ?3)",
			"tti", p->id, p->address, (int64_t)p->port);
	ok = ok &&
		database_do(d,
			"INSERT OR REPLACE INTO printer (" COLUMNS ") VALUES"
			" (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)",
			"tittttttttttiii", p->address, (int64_t)p->port, p->id, p->learned,
			p->manufacturer, p->model, p->serial, p->mac, p->object_id, p->descr,
			p->hr_model, p->device_id, (int64_t)p->hr_device_index, p->seen,
			(int64_t)p->failures);
	settle(r, database_done(d, ok));
}

void
registry_forget(struct registry *r, const char *address, uint16_t port)
{
	settle(r,
		database_do(&r->db, "DELETE FROM printer WHERE address = ?1 AND port = ?2", "ti",
			address, (int64_t)port));
	settle(r,
		database_do(&r->db, "DELETE FROM shape WHERE address = ?1 AND port = ?2", "ti",
			address, (int64_t)port));
}

char *
registry_shape(struct registry *r, const char *address, uint16_t port)
{
	sqlite3_stmt *s = database_ask(&r->db,
		"SELECT shape FROM shape WHERE address = ?1 AND port = ?2", "ti", address,
		(int64_t)port);
	enum database_step step = database_step(&r->db, s);
	char *shape = mem_string(step == DATABASE_ROW ? database_text(s, 0) : "");

	if (step == DATABASE_ROW)
		sqlite3_reset(s);
	if (step == DATABASE_FAILED)
		settle(r, false);
	return shape;
}

void
registry_shape_put(struct registry *r, const char *address, uint16_t port, const char *shape)
{
	settle(r,
		database_do(&r->db,
			"INSERT OR REPLACE INTO shape (address, port, shape) VALUES (?1, ?2, ?3)",
			"tit", address, (int64_t)port, shape));
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
			"SELECT " COLUMNS " FROM printer WHERE (address, port) > (?1, ?2)"
			" ORDER BY address, port LIMIT 1",
			"ti", p.address, (int64_t)p.port),
		&p))
		if (!each(arg, &p))
			return;
}
