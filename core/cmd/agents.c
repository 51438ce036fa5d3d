/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agents.c - `platen agents`: at a gateway, every agent that may send or has sent:
 * when it came last, what is missing, and which of its printers fell silent.
 * Only reads, also beside a running gateway.
 */
#include "cmd/load.h"
#include "cmd/options.h"

#include "store/agents_db.h"
#include "store/keyfile.h"
#include "store/spool_db.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct look {
	struct database db;
	struct keyfile keys;
	bool json;
	int64_t now;
	uint32_t agents, findings;
};

/* ---- one agent, for a program ---- */

static void
put_time(json_t *o, const char *key, int64_t when)
{
	char text[24];

	clock_iso(when, text);
	if (when > 0)
		json_object_set_new(o, key, json_string(text));
}

static void
put_text(json_t *o, const char *key, const char *text)
{
	if (*text != 0)
		json_object_set_new(o, key, json_string(text));
}

static json_t *
printers_json(struct look *l, const struct agent_row *a)
{
	json_t *list = json_array();
	struct printer_row p;
	sqlite3_stmt *rows = agents_db_printers(&l->db, a->agent);

	while (agents_db_printer(&l->db, rows, &p)) {
		json_t *o = json_object();

		if (!is_silent(l->now, p.last, p.usual)) {
			json_decref(o);
			continue;
		}
		put_text(o, "device", p.device);
		put_text(o, "label", p.label);
		put_time(o, "last", p.last);
		json_array_append_new(list, o);
	}
	return list;
}

static void
print_json(struct look *l, const struct agent_row *a)
{
	json_t *o = json_object(), *gaps = json_array();
	sqlite3_stmt *rows = agents_db_gaps(&l->db, a->agent);
	uint64_t first, last;
	char *line;

	put_text(o, "agent", a->agent);
	put_text(o, "name", a->name);
	put_text(o, "customer", a->customer);
	put_text(o, "site", a->site);
	put_text(o, "version", a->version);
	put_text(o, "address", a->peer);
	put_text(o, "how", a->how);
	put_time(o, "first", a->first);
	put_time(o, "last", a->last);
	json_object_set_new(o, "silent", json_boolean(a->silent));
	json_object_set_new(o, "records", json_integer((json_int_t)a->records));
	json_object_set_new(o, "batches", json_integer((json_int_t)a->batches));
	json_object_set_new(o, "bytes", json_integer((json_int_t)a->bytes));
	json_object_set_new(o, "missing", json_integer((json_int_t)a->missing));
	while (agents_db_gap(&l->db, rows, &first, &last))
		json_array_append_new(gaps,
			json_pack("{sI sI}", "from", (json_int_t)first, "to", (json_int_t)last));
	json_object_set_new(o, "gaps", gaps);
	json_object_set_new(o, "printers", json_integer((json_int_t)a->printers));
	json_object_set_new(o, "silent_printers", printers_json(l, a));
	line = json_dumps(o, JSON_COMPACT);
	printf("%s\n", line);
	free(line);
	json_decref(o);
}

/* ---- one agent, for a person ---- */

static void
say_age(int64_t now, int64_t then, char out[static 24])
{
	uint32_t minutes = now > then ? (uint32_t)((now - then) / 60) : 0;

	if (then == 0)
		snprintf(out, 24, "never");
	else if (minutes >= 48 * 60)
		snprintf(out, 24, "%ud %uh", minutes / 60 / 24, minutes / 60 % 24);
	else
		snprintf(out, 24, "%uh %02um", minutes / 60, minutes % 60);
}

static void
print_findings(struct look *l, const struct agent_row *a)
{
	sqlite3_stmt *rows = agents_db_gaps(&l->db, a->agent);
	struct printer_row p;
	uint64_t first, last;
	char age[24];

	while (agents_db_gap(&l->db, rows, &first, &last))
		printf("    missing: records %" PRIu64 " to %" PRIu64 "\n", first, last);
	rows = agents_db_printers(&l->db, a->agent);
	while (agents_db_printer(&l->db, rows, &p))
		if (is_silent(l->now, p.last, p.usual)) {
			say_age(l->now, p.last, age);
			printf("    silent for %s: %s\n", age, *p.label != 0 ? p.label : p.device);
		}
}

static void
print_row(struct look *l, const struct agent_row *a)
{
	const char *name = *a->name != 0 ? a->name : a->site;
	char age[24], who[160];

	say_age(l->now, a->last, age);
	snprintf(who, sizeof(who), "%s%s%s", a->customer, *a->customer != 0 ? " " : "", name);
	printf("%s  %-24.24s  %8s%-2s  %8" PRIu64 "  %7" PRIu64 "  %8" PRIu64 "  %6" PRIu64 "\n",
		a->agent, who, age, a->silent ? " !" : "", a->records, a->missing, a->printers,
		a->silent_printers);
	print_findings(l, a);
}

/* ---- all of them ---- */

static const char *
key_name(const struct look *l, const char *agent)
{
	for (uint32_t i = 0; i < l->keys.n; i++)
		if (!l->keys.entries[i].revoked && strcmp(l->keys.entries[i].key.agent, agent) == 0)
			return l->keys.entries[i].name;
	return NULL;
}

static void
show(struct look *l, struct agent_row *a)
{
	const char *name = key_name(l, a->agent);

	a->name = name != NULL ? name : "";
	agents_db_count(&l->db, a, l->now);
	/* One that may not send any more is not missed. */
	a->silent = name != NULL && is_silent(l->now, a->last, a->usual);
	if (l->json)
		print_json(l, a);
	else
		print_row(l, a);
	l->agents++;
	l->findings += a->silent || a->missing > 0 || a->silent_printers > 0;
}

/* Those that have a key and never came: nothing is known of them but that. */
static void
show_unheard(struct look *l)
{
	for (uint32_t i = 0; i < l->keys.n; i++) {
		struct agent_row a = { 0 };
		bool again = l->keys.entries[i].revoked;

		for (uint32_t k = 0; k < i && !again; k++)
			again = strcmp(l->keys.entries[k].key.agent,
					l->keys.entries[i].key.agent) == 0;
		if (again || agents_db_knows(&l->db, l->keys.entries[i].key.agent))
			continue;
		a = agents_unheard(l->keys.entries[i].key.agent);
		show(l, &a);
	}
}

static int
show_all(struct look *l)
{
	struct agent_row *rows;
	uint32_t n = agents_db_all(&l->db, &rows);

	if (!l->json)
		printf("%-36s  %-24s  %10s  %8s  %7s  %8s  %6s\n", "agent", "customer and site",
			"last came", "records", "missing", "printers", "silent");
	for (uint32_t i = 0; i < n; i++)
		show(l, &rows[i]);
	show_unheard(l);
	agents_db_free(rows, n);
	if (!l->json)
		printf("%u agents, %u with something to look at\n", l->agents, l->findings);
	return l->findings > 0 ? EXIT_SOME : EXIT_DONE;
}

static int
look(const struct config *config, bool json)
{
	struct look l = { .json = json, .now = clock_wall() };
	struct why why;
	int status = EXIT_SOME;

	if (!keyfile_read(config->gateway.keys_file, &l.keys, &why)) {
		fprintf(stderr, "platen agents: %s\n", why.text);
		return EXIT_SOME;
	}
	if (spool_db_open(&l.db, config->state, DATABASE_READ)) {
		status = show_all(&l);
		database_close(&l.db);
	} else {
		fprintf(stderr, "platen agents: %s\n", l.db.why.text);
	}
	keyfile_free(&l.keys);
	return status;
}

static int
run(int argc, char **argv)
{
	const char *file = NULL;
	bool json = false;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "JSON lines, one for each agent", &json, NULL },
	};
	struct config *config;
	int status, first = options_read(&cmd_agents, options, COUNT(options), argc, argv, &status);

	if (first < 0)
		return status;
	if (first < argc)
		return options_wrong(&cmd_agents, "\"%s\" is too much", argv[first]);
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	status = look(config, json);
	config_free(config);
	return status;
}

const struct cmd cmd_agents = {
	.name = "agents",
	.synopsis = "[-c FILE] [--json]",
	.summary = "at a gateway: who sent, when, and what is missing",
	.more = "An agent or a printer is silent (!) after twice its usual pause, or 26 hours. "
		"The exit status is 1 when something is silent or missing.",
	.run = run,
};
