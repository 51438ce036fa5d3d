/* SPDX-License-Identifier: Apache-2.0 */
/*
 * registry.c - the printers this agent knows; see registry.h.
 *
 * Nothing here fails loudly: a registry that cannot be written costs the next
 * sweep some questions, and that is said once.
 */
#include "store/registry.h"

#include "store/database.h"
#include "store/registry_row.h"
#include "store/registry_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct registry {
	struct database db;
	struct rows rows; /* those of the file and what is not committed yet */
	struct buf read, written; /* a row that is not held, or is written */
	bool ailing; /* said that it cannot be written */
};

#define SCHEMA 4

/*
 * What changes with every visit stands apart, many printers' in one row: written anew are these
 * few numbers, not all a printer said of itself.
 */
static const char schema[] = "DROP TABLE IF EXISTS known; DROP TABLE IF EXISTS visits;"
			     "CREATE TABLE known (row INTEGER PRIMARY KEY, said BLOB NOT NULL);"
			     "CREATE TABLE visits (block INTEGER PRIMARY KEY, told BLOB NOT NULL);"
			     "PRAGMA user_version=4;";

/* Older schemas had a column for every word; they differ in where the last of them stand. */
#define WORDS                                                                                      \
	"SELECT address, port, id, learned, manufacturer, model, serial, mac, object_id, descr,"   \
	" hr_model, device_id, hr_device_index, seen, failures"
static const char *const older[SCHEMA] = {
	[1] = WORDS ", 0, (SELECT shape FROM shape WHERE shape.address = printer.address"
		    " AND shape.port = printer.port) FROM printer",
	[2] = WORDS ", faults, shape FROM printer",
	[3] = WORDS ", faults, shape FROM printer LEFT JOIN visit ON visit.printer = printer.row",
};
static const char no_older[] = "DROP TABLE IF EXISTS printer; DROP TABLE IF EXISTS visit;"
			       "DROP TABLE IF EXISTS shape;";

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

/* ---- what is in the file ---- */

static uint64_t
hash_of_id(const struct registry *r, const struct printer *p, uint64_t place)
{
	return p->id[0] != '\0' ? rows_id(&r->rows, p->id) : place;
}

/* Its number; 0: it has none. */
static uint32_t
row_of(const struct registry *r, const char *address, uint16_t port)
{
	return rows_find(&r->rows, ROWS_BY_PLACE, rows_place(&r->rows, address, port), 0);
}

/* One row of it; false: it is none, or one of a printer that has another. */
static bool
load_row(struct registry *r, sqlite3_stmt *s)
{
	int64_t number = sqlite3_column_int64(s, 0);
	struct printer p;
	const char *shape;
	const uint8_t *said;
	uint64_t place;
	size_t n;

	said = database_bytes(s, 1, &n);
	if (number <= 0 || number >= ROWS_MOST || !row_unpack(said, n, &p, &shape))
		return false;
	if (row_of(r, p.address, p.port) != 0)
		return false;
	place = rows_place(&r->rows, p.address, p.port);
	rows_add(&r->rows, (uint32_t)number, place, hash_of_id(r, &p, place));
	rows_hold(&r->rows, (uint32_t)number, said, n);
	return true;
}

/* Rows that are none stay until their numbers are given again. */
static bool
load(struct registry *r)
{
	sqlite3_stmt *s = database_ask(&r->db, "SELECT row, said FROM known", "");
	enum database_step step;
	uint32_t strange = 0;
	const uint8_t *told;
	size_t n;

	rows_clear(&r->rows);
	while ((step = database_step(&r->db, s)) == DATABASE_ROW)
		strange += !load_row(r, s);
	if (step == DATABASE_FAILED)
		return false;
	s = database_ask(&r->db, "SELECT block, told FROM visits", "");
	while ((step = database_step(&r->db, s)) == DATABASE_ROW) {
		told = database_bytes(s, 1, &n);
		strange += !rows_unpack(&r->rows, (uint64_t)sqlite3_column_int64(s, 0), told, n);
	}
	if (strange > 0)
		log_warn("%s: %u rows make no sense; what they told is learned again", r->db.path,
			strange);
	return step == DATABASE_END;
}

static bool
write_visits(struct registry *r)
{
	for (uint32_t i = 0; (i = rows_changed(&r->rows, i)) < r->rows.nblocks;) {
		buf_clear(&r->written);
		rows_pack(&r->rows, i, &r->written);
		if (!begin(r) ||
			!database_do(&r->db, "INSERT OR REPLACE INTO visits VALUES (?1, ?2)", "ib",
				(int64_t)i, &r->written))
			return false;
	}
	return true;
}

static void
keep_visit(struct registry *r, uint32_t number, const struct printer *p)
{
	struct row *row = rows_at(&r->rows, number);

	row->seen = p->seen;
	row->failures = p->failures;
	row->faults = p->faults;
	rows_visited(&r->rows, number);
}

/* Write all of this printer, into its row of that number, 0: it has none. */
static bool
keep(struct registry *r, uint32_t number, const struct printer *p, const char *learned,
	const char *shape)
{
	uint64_t place = rows_place(&r->rows, p->address, p->port), id = hash_of_id(r, p, place);
	bool is_new = number == 0;

	if (is_new && (number = rows_free(&r->rows)) == 0)
		return why_set(&r->db.why, "%s: it takes no more than %u printers", r->db.path,
			r->rows.n);
	buf_clear(&r->written);
	row_pack(p, learned, shape, &r->written);
	if (!begin(r) ||
		!database_do(&r->db, "INSERT OR REPLACE INTO known VALUES (?1, ?2)", "ib",
			(int64_t)number, &r->written))
		return false;
	if (is_new)
		rows_add(&r->rows, number, place, id);
	else if (rows_at(&r->rows, number)->hash[ROWS_BY_ID] != id)
		rows_rename(&r->rows, number, id);
	rows_hold(&r->rows, number, r->written.p, r->written.n);
	keep_visit(r, number, p);
	return true;
}

/* ---- opening ---- */

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
take_older(sqlite3_stmt *s, struct printer *out)
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
}

/* Another build's tables are as good as none: what they hold is found again by a sweep. */
static bool
take_over(struct registry *r, int64_t version)
{
	struct printer p;
	sqlite3_stmt *s;

	if (version <= 0 || version >= SCHEMA)
		return true;
	s = database_ask(&r->db, older[version], "");
	while (database_step(&r->db, s) == DATABASE_ROW) {
		take_older(s, &p);
		if (!keep(r, row_of(r, p.address, p.port), &p, p.learned, database_text(s, 16))) {
			sqlite3_reset(s);
			return false;
		}
	}
	return !r->db.damaged;
}

/* An empty file, or what another build has made, becomes ours. */
static bool
make_tables(struct registry *r)
{
	int64_t version = database_number(&r->db, "PRAGMA user_version");

	rows_clear(&r->rows);
	if (version == SCHEMA)
		return load(r);
	return database_begin(&r->db) &&
		database_done(&r->db,
			database_run(&r->db, schema) && take_over(r, version) && write_visits(r) &&
				database_run(&r->db, no_older));
}

static bool
open_sound(struct registry *r, const char *path)
{
	if (!database_open(&r->db, path, DATABASE_CACHE))
		return false;
	if (make_tables(r))
		return true;
	database_close(&r->db);
	return false;
}

/* Set a damaged one aside and begin anew; false: why says what stands in the way. */
static bool
begin_anew(struct registry *r, const char *path, struct why *why)
{
	char aside[4096];

	log_error("%s; it is set aside, the printers are learned again", r->db.why.text);
	rows_clear(&r->rows);
	if (!database_set_aside(path, aside, why))
		return false;
	if (open_sound(r, path))
		return true;
	*why = r->db.why;
	return false;
}

static void
let_go(struct registry *r)
{
	rows_clear(&r->rows);
	buf_free(&r->read);
	buf_free(&r->written);
	free(r);
}

struct registry *
registry_open(const char *state_folder, struct why *why)
{
	struct registry *r = mem_alloc(sizeof(*r));
	char *path = mem_format("%s/registry.db", state_folder);
	bool ok;

	r->rows.seed = random_u64();
	mkdir(state_folder, 0700); /* opening says what is wrong with it */
	ok = open_sound(r, path);
	if (!ok) {
		*why = r->db.why;
		ok = r->db.damaged && begin_anew(r, path, why);
	}
	free(path);
	if (ok)
		return r;
	let_go(r);
	return NULL;
}

void
registry_close(struct registry *r)
{
	if (r == NULL)
		return;
	registry_flush(r);
	database_close(&r->db);
	let_go(r);
}

/*
 * After a statement: a damaged file is replaced, another fault is said once.  What is not in the
 * file after it is not remembered.
 */
static void
settle(struct registry *r, bool ok)
{
	char *path;
	struct why why;

	/* That none is open has been said. */
	if (ok || r->db.db == NULL)
		return;
	database_done(&r->db, false);
	if (r->db.damaged) {
		path = mem_string(r->db.path);
		database_close(&r->db);
		if (!begin_anew(r, path, &why))
			log_error("%s; printers are not remembered until the next start", why.text);
		free(path);
		return;
	}
	if (!r->ailing)
		log_warn("%s; printers seen now are looked for again after a restart",
			r->db.why.text);
	r->ailing = true;
	load(r);
}

void
registry_flush(struct registry *r)
{
	bool ok = write_visits(r);

	if (ok && !is_open(r))
		return;
	ok = ok && database_done(&r->db, true);
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

/* ---- asking ---- */

/* The bytes of a row, borrowed until the registry is called again; NULL: they cannot be read. */
static const uint8_t *
bytes_of(struct registry *r, uint32_t number, size_t *n)
{
	const struct row *row = rows_at(&r->rows, number);
	enum database_step step;
	const uint8_t *said;
	sqlite3_stmt *s;

	*n = row->size;
	if (row->bytes != NULL)
		return row->bytes;
	s = database_ask(&r->db, "SELECT said FROM known WHERE row = ?1", "i", (int64_t)number);
	step = database_step(&r->db, s);
	if (step != DATABASE_ROW) {
		settle(r, step == DATABASE_END);
		return NULL;
	}
	said = database_bytes(s, 0, n);
	buf_clear(&r->read);
	buf_add(&r->read, said, *n);
	sqlite3_reset(s);
	return r->read.p;
}

/* The printer of a row; false: it cannot be read. */
static bool
read_row(struct registry *r, uint32_t number, struct printer *out, const char **shape)
{
	const struct row *row = rows_at(&r->rows, number);
	size_t n;
	const uint8_t *bytes = bytes_of(r, number, &n);

	if (bytes == NULL || !row_unpack(bytes, n, out, shape))
		return false;
	out->seen = row->seen;
	out->failures = row->failures;
	out->faults = row->faults;
	return true;
}

bool
registry_at(struct registry *r, const char *address, uint16_t port, struct printer *out,
	const char **shape)
{
	uint32_t number = row_of(r, address, port);
	const char *any;

	return number != 0 && read_row(r, number, out, shape != NULL ? shape : &any);
}

bool
registry_elsewhere(struct registry *r, const struct printer *known, const char *id,
	struct printer *out)
{
	uint64_t place = rows_place(&r->rows, known->address, known->port), hash;
	uint32_t number = 0;
	const char *shape;

	if (id[0] == '\0')
		return false;
	hash = rows_id(&r->rows, id);
	while ((number = rows_find(&r->rows, ROWS_BY_ID, hash, number)) != 0) {
		if (rows_at(&r->rows, number)->hash[ROWS_BY_PLACE] == place)
			continue;
		if (!read_row(r, number, out, &shape))
			return false;
		if (strcmp(out->address, known->address) != 0)
			return true;
	}
	return false;
}

/* ---- writing ---- */

static bool
forget(struct registry *r, uint32_t number)
{
	if (!begin(r) ||
		!database_do(&r->db, "DELETE FROM known WHERE row = ?1", "i", (int64_t)number))
		return false;
	rows_drop(&r->rows, number);
	return true;
}

/* One printer is never kept at two addresses. */
static bool
forget_elsewhere(struct registry *r, const struct printer *p)
{
	uint64_t id = rows_id(&r->rows, p->id), place = rows_place(&r->rows, p->address, p->port);
	uint32_t next, number = rows_find(&r->rows, ROWS_BY_ID, id, 0);

	for (; number != 0; number = next) {
		next = rows_find(&r->rows, ROWS_BY_ID, id, number);
		if (rows_at(&r->rows, number)->hash[ROWS_BY_PLACE] != place && !forget(r, number))
			return false;
	}
	return true;
}

/* All is written but what its visit has changed. */
static bool
is_kept(struct registry *r, uint32_t number, const struct printer *p)
{
	size_t n;
	const uint8_t *bytes = bytes_of(r, number, &n);

	return bytes != NULL && row_is(bytes, n, p);
}

void
registry_put(struct registry *r, const struct printer *p, const char *shape)
{
	uint32_t number = row_of(r, p->address, p->port);
	const char *learned = p->learned, *was_shape = "";
	struct printer was;

	if (number != 0 && shape == NULL && is_kept(r, number, p)) {
		keep_visit(r, number, p);
		return;
	}
	if (p->id[0] != '\0' && !forget_elsewhere(r, p)) {
		settle(r, false);
		return;
	}
	if ((number = row_of(r, p->address, p->port)) != 0 && read_row(r, number, &was, &was_shape))
		learned = was.learned;
	settle(r,
		keep(r, row_of(r, p->address, p->port), p, learned,
			shape != NULL ? shape : was_shape));
}

void
registry_put_learned(struct registry *r, const char *address, uint16_t port, const char *learned)
{
	const char *shape = "";
	struct printer p;

	if (!registry_at(r, address, port, &p, &shape)) {
		p = (struct printer){ .port = port };
		text_copy(p.address, sizeof(p.address), address);
	} else if (strcmp(p.learned, learned) == 0) {
		return;
	}
	settle(r, keep(r, row_of(r, p.address, port), &p, learned, shape));
}

void
registry_forget(struct registry *r, const char *address, uint16_t port)
{
	uint32_t number = row_of(r, address, port);

	settle(r, number == 0 || forget(r, number));
}

void
registry_each(struct registry *r, bool (*each)(void *arg, const struct printer *), void *arg)
{
	const char *shape;
	struct printer p;

	for (uint32_t number = 0; (number = rows_next(&r->rows, number)) != 0;)
		if (read_row(r, number, &p, &shape) && !each(arg, &p))
			return;
}
