/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c - the connection to the server, and its tables made or found current;
 * see postgres.h.
 *
 * A server that is not this machine must prove itself by a certificate unless the
 * url says otherwise.  Several that come at the same time make the tables once: they
 * queue for a lock of the database.
 */
#include "postgres.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CA_FILE "/etc/ssl/certs/ca-certificates.crt"
/* "platen", as a number: who else uses advisory locks takes another. */
#define LOCK "123623087891822"

enum phase {
	CONNECTING,
	LOOKING, /* is there a schema? */
	COUNTING, /* which version? */
	MAKING, /* ... of it, and the end of the transaction */
};

static struct {
	const char *url, *password, *ca, *cert, *key;
	const char *sslmode; /* unless the url says one */
	enum phase phase;
	char answer[32]; /* the last value of the query at hand */
	int failed; /* it has */
} l;

/* ---- trouble ---- */

void
trouble_say(struct trouble *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->text, sizeof(t->text), fmt, ap);
	va_end(ap);
	t->code[0] = 0;
}

void
trouble_of(struct trouble *t, const PGconn *conn, const PGresult *result)
{
	const char *text = result != NULL ? PQresultErrorMessage(result) : PQerrorMessage(conn);
	const char *code = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *primary = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)
					     : NULL;

	trouble_say(t, "%s", primary != NULL ? primary : text);
	if (primary == NULL) /* the last of its lines is the reason */
		t->text[strcspn(t->text, "\n")] = 0;
	snprintf(t->code, sizeof(t->code), "%s", code != NULL ? code : "");
}

/* ---- options ---- */

static int
refuse(const struct platen_host *host, const char *what)
{
	host->log(host, PLATEN_ERROR, what);
	return 0;
}

static int
is_local(const char *server)
{
	return server == NULL || server[0] == 0 || server[0] == '/' ||
		strcmp(server, "localhost") == 0 || strcmp(server, "127.0.0.1") == 0 ||
		strcmp(server, "::1") == 0;
}

static int
judge_url(const struct platen_host *host)
{
	char *error = NULL;
	PQconninfoOption *parts = PQconninfoParse(l.url, &error);
	const char *server = NULL, *address = NULL, *password = NULL;

	if (parts == NULL) {
		PQfreemem(error);
		return refuse(host,
			"url is none of PostgreSQL; write "
			"postgresql://USER@HOST/DATABASE");
	}
	for (const PQconninfoOption *o = parts; o->keyword != NULL; o++) {
		if (strcmp(o->keyword, "host") == 0)
			server = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			address = o->val;
		else if (strcmp(o->keyword, "password") == 0)
			password = o->val;
	}
	l.sslmode = is_local(server) && is_local(address) ? "prefer" : "verify-full";
	if (password != NULL)
		refuse(host,
			"url holds a password; write it into a file and name that with "
			"password_file");
	PQconninfoFree(parts);
	return password == NULL;
}

int
link_options(const struct platen_host *host)
{
	l.url = host->option(host, "url");
	l.password = host->option(host, "password_file");
	l.ca = host->option(host, "ca_file");
	l.cert = host->option(host, "cert_file");
	l.key = host->option(host, "key_file");
	return judge_url(host);
}

/* ---- connecting ---- */

static void
on_notice(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

/* What stands before dbname the url may say otherwise; what stands behind it, it may not. */
PGconn *
link_begin(struct trouble *t)
{
	const char *const keys[] = { "sslmode", "sslrootcert", "gssencmode", "keepalives_idle",
		"tcp_user_timeout", "application_name", "sslcert", "sslkey", "dbname", "password",
		"client_encoding", NULL };
	const char *const values[] = { l.sslmode, l.ca[0] != 0 ? l.ca : CA_FILE, "disable", "60",
		"30000", "platen", l.cert, l.key, l.url, l.password[0] != 0 ? l.password : NULL,
		"UTF8", NULL };
	PGconn *conn = PQconnectStartParams(keys, values, 1);

	l.phase = CONNECTING;
	if (conn != NULL && PQstatus(conn) != CONNECTION_BAD) {
		PQsetNoticeProcessor(conn, on_notice, NULL);
		return conn;
	}
	trouble_say(t, "%s", conn != NULL ? PQerrorMessage(conn) : "out of memory");
	PQfinish(conn);
	return NULL;
}

/* ---- the schema ---- */

static enum step
ask(PGconn *conn, enum phase phase, const char *sql, struct trouble *t)
{
	l.phase = phase;
	l.answer[0] = 0;
	l.failed = 0;
	if (PQsendQuery(conn, sql))
		return STEP_WRITE;
	trouble_of(t, conn, NULL);
	return STEP_FAILED;
}

/* A commit that this server or user lets go before it is on the disk is no receipt. */
static enum step
look(PGconn *conn, struct trouble *t)
{
	const char *encoding = PQparameterStatus(conn, "server_encoding");

	if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
		trouble_say(t,
			"the database's encoding is %s, and not every record can be written in "
			"that; make it with ENCODING 'UTF8'",
			encoding != NULL ? encoding : "unknown");
		return STEP_FAILED;
	}
	PQsetnonblocking(conn, 1);
	return ask(conn, LOOKING,
		"SELECT set_config('synchronous_commit', 'on', false) "
		"WHERE current_setting('synchronous_commit') = 'off'; "
		"BEGIN; SELECT pg_advisory_xact_lock(" LOCK "); "
		"SELECT to_regclass('schema_version') IS NOT NULL",
		t);
}

/* All that is missing, in the transaction that looked. */
static enum step
make(PGconn *conn, uint32_t theirs, struct trouble *t)
{
	uint32_t ours = platen_schema_version();
	size_t room = 64, n = 0;
	enum step step;
	char *sql;

	for (uint32_t v = theirs; v < ours; v++)
		room += strlen(platen_schema[v]) + 80;
	if ((sql = malloc(room)) == NULL) {
		trouble_say(t, "out of memory");
		return STEP_FAILED;
	}
	for (uint32_t v = theirs; v < ours; v++)
		n += (size_t)snprintf(sql + n, room - n,
			"%s; INSERT INTO schema_version (version) VALUES (%u); ", platen_schema[v],
			v + 1);
	snprintf(sql + n, room - n, "COMMIT");
	step = ask(conn, MAKING, sql, t);
	free(sql);
	return step;
}

static enum step
count(PGconn *conn, struct trouble *t)
{
	unsigned long theirs = strtoul(l.answer, NULL, 10);

	if (theirs <= platen_schema_version())
		return make(conn, (uint32_t)theirs, t);
	trouble_say(t,
		"the database has schema version %lu and this platen knows %u: a newer platen made "
		"it; install that here, too",
		theirs, platen_schema_version());
	return STEP_FAILED;
}

/* The query at hand is answered. */
static enum step
answered(PGconn *conn, struct trouble *t)
{
	if (l.failed)
		return STEP_FAILED;
	switch (l.phase) {
	case LOOKING:
		return strcmp(l.answer, "t") == 0
			? ask(conn, COUNTING, "SELECT max(version) FROM schema_version", t)
			: make(conn, 0, t);
	case COUNTING:
		return count(conn, t);
	case CONNECTING:
	case MAKING:
		break;
	}
	if (PQenterPipelineMode(conn))
		return STEP_DONE;
	trouble_of(t, conn, NULL);
	return STEP_FAILED;
}

static enum step
hear(PGconn *conn, struct trouble *t)
{
	int left = PQflush(conn);

	if (left < 0 || !PQconsumeInput(conn)) {
		trouble_of(t, conn, NULL);
		return STEP_FAILED;
	}
	while (!PQisBusy(conn)) {
		PGresult *result = PQgetResult(conn);

		if (result == NULL)
			return answered(conn, t);
		if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
			snprintf(l.answer, sizeof(l.answer), "%s", PQgetvalue(result, 0, 0));
		else if (PQresultStatus(result) == PGRES_FATAL_ERROR && !l.failed) {
			l.failed = 1;
			trouble_of(t, conn, result);
		}
		PQclear(result);
	}
	return left > 0 ? STEP_WRITE : STEP_READ;
}

enum step
link_go_on(PGconn *conn, struct trouble *t)
{
	if (l.phase != CONNECTING)
		return hear(conn, t);
	switch (PQconnectPoll(conn)) {
	case PGRES_POLLING_READING:
		return STEP_READ;
	case PGRES_POLLING_WRITING:
		return STEP_WRITE;
	case PGRES_POLLING_OK:
		return look(conn, t);
	case PGRES_POLLING_FAILED:
	case PGRES_POLLING_ACTIVE:
		break;
	}
	trouble_of(t, conn, NULL);
	return STEP_FAILED;
}
