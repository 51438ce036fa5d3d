/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spool.c - `platen spool`: what is kept, for whom, how old; the records
 * themselves; and whether they are sound.  Only reads, also beside a running agent.
 */
#include "cmd/load.h"
#include "cmd/options.h"
#include "store/spool_look.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
	const struct config *config;
	struct database db;
	bool json;
	uint64_t from; /* export: the first record */
	const char *sink; /* export: what this sink takes and has not had, NULL: all */
	uint32_t shown;
};

/* ---- saying ---- */

static void
size_say(uint64_t bytes, char out[static 24])
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
	double v = (double)bytes;
	size_t unit = 0;

	for (; v >= 1024 && unit + 1 < COUNT(units); unit++)
		v /= 1024;
	snprintf(out, 24, unit == 0 ? "%.0f %s" : "%.1f %s", v, units[unit]);
}

/* How long ago; a record from the future is said to be one. */
static void
age_say(int64_t time, char out[static 24])
{
	int64_t age = clock_wall() - time;

	if (age < 0)
		snprintf(out, 24, "in the future");
	else
		text_duration_say((uint64_t)age * 1000, out);
}

static void
print_json(json_t *object)
{
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

/* ---- status ---- */

static enum sink_take
sink_takes(void *arg, const char *name)
{
	const struct request *r = arg;

	for (uint32_t i = 0; i < r->config->nsinks; i++)
		if (strcmp(r->config->sinks[i].name, name) == 0)
			return r->config->sinks[i].take;
	return TAKE_ALL;
}

static void
json_sink(void *arg, const struct spool_sink_view *v)
{
	char time[24] = "";

	(void)arg;
	if (v->oldest != 0)
		clock_iso(v->oldest, time);
	print_json(json_pack("{ss sb ss* sI sI ss* sI ss* sI}", "sink", v->name, "gone", v->gone,
		"state", v->state[0] != '\0' ? v->state : NULL, "cursor", (json_int_t)v->cursor,
		"waiting", (json_int_t)v->waiting, "oldest_waiting", v->oldest != 0 ? time : NULL,
		"refused", (json_int_t)v->refused, "last_reason",
		v->reason[0] != '\0' ? v->reason : NULL, "dropped", (json_int_t)v->dropped));
}

static void
json_overview(struct request *r, const struct spool_overview *o)
{
	char oldest[24] = "", newest[24] = "", agent[UUID_TEXT];

	spool_db_meta(&r->db, "agent", agent, sizeof(agent));
	if (o->records > 0) {
		clock_iso(o->oldest, oldest);
		clock_iso(o->newest, newest);
	}
	print_json(json_pack("{ss ss sI sI sI ss* ss* sI sI sI sI sb}", "spool", r->db.path,
		"agent", agent, "records", (json_int_t)o->records, "first", (json_int_t)o->first,
		"last", (json_int_t)o->last, "oldest", o->records > 0 ? oldest : NULL, "newest",
		o->records > 0 ? newest : NULL, "used", (json_int_t)o->used, "size",
		(json_int_t)o->size, "printers", (json_int_t)o->printers, "dropped",
		(json_int_t)o->dropped, "unknown_loss", o->unknown_loss));
}

static void
print_overview(struct request *r, const struct spool_overview *o)
{
	char age[24], size[24], most[24];

	char agent[UUID_TEXT];

	spool_db_meta(&r->db, "agent", agent, sizeof(agent));
	printf("%s of agent %s\n", r->db.path, agent);
	if (o->records == 0) {
		printf("  no records\n");
	} else {
		age_say(o->oldest, age);
		printf("  %" PRIu64 " records, %" PRIu64 " to %" PRIu64 ", the oldest %s old, ",
			o->records, o->first, o->last, age);
		age_say(o->newest, age);
		printf("the newest %s\n", age);
	}
	size_say(o->size, size);
	size_say(r->config->spool_max_size, most);
	printf("  %s on the disk, %s at most; newest meters of %" PRIu64 " printers\n", size, most,
		o->printers);
	if (o->dropped > 0 || o->unknown_loss)
		printf("  %" PRIu64 " records dropped before every sink had them%s\n", o->dropped,
			o->unknown_loss ? ", and more with a spool that was lost" : "");
	printf("\n%-18s %12s %10s %14s %9s %9s\n", "SINK", "HAS UP TO", "WAITING", "OLDEST",
		"REFUSED", "DROPPED");
}

static void
print_sink(void *arg, const struct spool_sink_view *v)
{
	struct request *r = arg;
	char age[24] = "-";

	r->shown++;
	if (v->oldest != 0)
		age_say(v->oldest, age);
	printf("%-18s %12" PRIu64 " %10" PRIu64 " %14s %9" PRIu64 " %9" PRIu64 "\n", v->name,
		v->cursor, v->waiting, age, v->refused, v->dropped);
	if (!v->gone && strcmp(v->state, "standby") == 0)
		printf("  standby: another sink delivers\n");
	if (!v->gone && strcmp(v->state, "delivers") == 0)
		printf("  delivers in place of another sink\n");
	if (v->gone)
		printf("  is no longer in the INI: nothing is kept for it\n");
	if (v->refused > 0)
		printf("  last refused: %.60s\n", v->reason);
}

static int
status(struct request *r)
{
	struct spool_overview o;

	look_overview(&r->db, &o);
	if (r->json) {
		json_overview(r, &o);
		look_sinks(&r->db, sink_takes, json_sink, r);
		return EXIT_DONE;
	}
	print_overview(r, &o);
	look_sinks(&r->db, sink_takes, print_sink, r);
	if (r->shown == 0)
		printf("no sink has had anything yet\n");
	return EXIT_DONE;
}

/* ---- export ---- */

static bool
export_record(void *arg, const struct spool_row *row)
{
	struct request *r = arg;

	if (!row->sound) {
		fprintf(stderr, "platen spool: record %" PRIu64 " is damaged and left out\n",
			row->seq);
		r->shown++;
		return true;
	}
	fwrite(row->json, 1, row->len, stdout);
	putchar('\n');
	return !ferror(stdout);
}

static int
export_records(struct request *r)
{
	uint64_t after = r->from > 0 ? r->from - 1 : 0, cursor;
	enum sink_take take = TAKE_ALL;

	if (r->sink != NULL) {
		cursor = spool_db_cursor(&r->db, r->sink);
		take = sink_takes(r, r->sink);
		after = r->from > 0 ? after : cursor;
	}
	if (!look_records(&r->db, after, take, export_record, r)) {
		fprintf(stderr, "platen spool: %s\n", r->db.why.text);
		return EXIT_SOME;
	}
	return fflush(stdout) != 0 || r->shown > 0 ? EXIT_SOME : EXIT_DONE;
}

/* ---- check ---- */

static void
print_finding(void *arg, const char *line)
{
	const struct request *r = arg;

	if (r->json)
		print_json(json_pack("{ss}", "finding", line));
	else
		printf("%s\n", line);
}

static int
check(struct request *r)
{
	uint32_t n = look_check(&r->db, print_finding, r);

	if (!r->json)
		printf("%s: %s", r->db.path, n == 0 ? "sound\n" : "");
	if (!r->json && n > 0)
		printf("%" PRIu32 " findings\n", n);
	return n == 0 ? EXIT_DONE : EXIT_SOME;
}

/* ---- the command ---- */

static const struct verb {
	const char *name;
	int (*run)(struct request *);
} verbs[] = {
	{ "status", status },
	{ "export", export_records },
	{ "check", check },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static bool
sink_is_known(const struct request *r)
{
	for (uint32_t i = 0; i < r->config->nsinks; i++)
		if (r->sink == NULL || strcmp(r->config->sinks[i].name, r->sink) == 0)
			return true;
	return r->sink == NULL;
}

static int
look(struct request *r, const struct verb *verb)
{
	int result;

	if (!sink_is_known(r)) {
		fprintf(stderr, "platen spool: %s has no [sink %s]\n", r->config->file, r->sink);
		return EXIT_USAGE;
	}
	if (!spool_db_open(&r->db, r->config->state, DATABASE_READ)) {
		fprintf(stderr, "platen spool: %s\n", r->db.why.text);
		return EXIT_SOME;
	}
	result = verb->run(r);
	database_close(&r->db);
	return result;
}

static bool
read_from(const char *text, uint64_t *from)
{
	char *end;

	if (text == NULL)
		return true;
	*from = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' && *from <= INT64_MAX;
}

static int
run(int argc, char **argv)
{
	const char *file = NULL, *from = NULL;
	struct request r = { .json = false };
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "JSON lines", &r.json, NULL },
		{ 0, "from", "SEQ", "export: begin with this record", NULL, &from },
		{ 0, "sink", "NAME", "export: what this sink has not had yet", NULL, &r.sink },
	};
	int result, first;
	const struct verb *verb;
	struct config *config;

	first = options_read(&cmd_spool, options, COUNT(options), argc, argv, &result);
	if (first < 0)
		return result;
	if (first + 1 != argc || (verb = find_verb(argv[first])) == NULL)
		return options_wrong(&cmd_spool, "say one of: status, export, check");
	if (!read_from(from, &r.from))
		return options_wrong(&cmd_spool, "--from %s: is no record number", from);
	config = load_config(file);
	if (config == NULL)
		return EXIT_USAGE;
	r.config = config;
	result = look(&r, verb);
	config_free(config);
	return result;
}

const struct cmd cmd_spool = {
	.name = "spool",
	.synopsis = "[-c FILE] [--json] [--from SEQ] [--sink NAME] status|export|check",
	.summary = "what is kept, for whom, how old",
	.more = "status shows what is kept and what each sink still waits for. export prints "
		"records as JSON lines. check looks for damage and holes: 0 none, 1 findings.",
	.run = run,
};
