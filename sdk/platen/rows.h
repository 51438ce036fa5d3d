/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/rows.h - a record as rows of tables, and the tables: what the sinks that
 * write to a database share.
 *
 * sdk/schema has the tables as SQL, and a page that explains them.  Knows no
 * database: the same texts serve SQLite and PostgreSQL.
 *
 * In libplaten-sql.a, over jansson.
 */
#ifndef PLATEN_ROWS_H
#define PLATEN_ROWS_H

#include <platen/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_MAX_COLUMNS 24
#define PLATEN_MAX_WHY 200

struct platen_sql_column {
	const char *name;
	const char *type; /* as in the schema */
	/* Where in the record it stands; rows.c alone reads these. */
	uint32_t from;
	uint32_t need;
	const char *key;
};

struct platen_sql_table {
	const char *name;
	const char *key; /* its primary key */
	/* What an INSERT says of a row that is there already. */
	const char *conflict;
	/* 1: rows of a reading, only ever written together with it; 0: of their own */
	uint32_t of_reading;
	uint32_t ncolumns;
	const struct platen_sql_column *columns;
};

/* In the order of writing. */
enum {
	PLATEN_AGENTS,
	PLATEN_DEVICES,
	PLATEN_READINGS,
	PLATEN_METERS,
	PLATEN_SUPPLIES,
	PLATEN_ALERTS,
	PLATEN_EVENTS,
	PLATEN_URGENT,
	PLATEN_TABLES
};

extern const struct platen_sql_table platen_sql_tables[PLATEN_TABLES];

/* What makes version i + 1 of the schema from version i; ends with NULL. */
extern const char *const platen_schema[];
/* The version that these tables are. */
uint32_t platen_schema_version(void);

/* One row: a value for each column, NULL where the record says nothing.  Borrowed. */
typedef void platen_row_fn(void *arg, uint32_t table, const char *const *values);

/*
 * The rows of one record, those of a reading behind the reading itself.  0: it is
 * no record that the tables could take, and why says in what; no row was given.
 */
int32_t platen_rows(const char *json, uint64_t len, platen_row_fn *, void *arg,
	char why[PLATEN_MAX_WHY]);

#ifdef __cplusplus
}
#endif
#endif
