/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - `platen replay`: captures instead of printers, plugins in this
 * process.  No network, no jail, nothing kept: for those who write plugins.
 */
#include "cmd/expect.h"
#include "cmd/load.h"
#include "cmd/look.h"
#include "cmd/options.h"
#include "cmd/show.h"

#include "printer/capture.h"
#include "visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay {
	const struct config *config;
	const char *plugins[MAX_REPEATS + 1]; /* ends with NULL */
	const char *address;
	json_t *wanted; /* NULL: whatever the record is */
	bool json, verbose, packets;
	uint32_t shown, failed;
	/* --packets: of all captures */
	uint32_t printers, first, again;
	/* of the capture in hand */
	uv_loop_t loop;
	const char *file;
	struct lan *lan;
	struct scrapers *scrapers;
	struct recorder recorder;
	struct visits *visits;
	struct look look;
	struct visit_witness witness;
	char *record; /* --packets: of the first of the two visits, from the device on */
	uint32_t visits_made, packets_first;
};

static void
on_differs(void *arg, const char *line)
{
	struct replay *r = arg;

	fprintf(stderr, "platen replay: %s: %s\n", r->file, line);
}

/* Which capture the next lines are about. */
static void
say_file(struct replay *r)
{
	if (!r->json || r->verbose)
		fprintf(r->json ? stderr : stdout, "%s%s\n", r->shown > 0 ? "\n" : "", r->file);
	r->shown++;
}

/* --packets: a printer that is known must be read as it was at first sight. */
static void
keep_record(struct replay *r, const char *json)
{
	/* What stands before is the record's own: its id and time. */
	const char *read = strstr(json, "\"device\":");

	if (r->record == NULL) {
		r->record = mem_string(read);
		return;
	}
	if (strcmp(r->record, read) != 0) {
		fprintf(stderr, "platen replay: %s: it is read otherwise when it is known\n",
			r->file);
		r->failed++;
	}
}

static void
on_made(void *arg, const char *json, const struct visited *v)
{
	struct replay *r = arg;

	if (r->packets) {
		keep_record(r, json);
		return;
	}
	if (r->verbose)
		look_end(&r->look);
	else
		say_file(r);
	if (r->json)
		show_json(json);
	else
		show_record(json, v);
	if (r->wanted != NULL && expect_compare(r->wanted, json, on_differs, r) > 0)
		r->failed++;
}

static void on_visited(void *arg, const struct visit_result *result);

/* --packets: once more, now that it is known; or say how many it took. */
static bool
visit_again(struct replay *r, const struct visit_result *result)
{
	if (r->visits_made++ == 0) {
		r->packets_first = result->packets;
		visit_start(r->visits, result->printer, result->shape != NULL ? result->shape : "",
			false, on_visited, r);
		return true;
	}
	printf("%s: %u packets at first sight, %u when it is known\n", r->file, r->packets_first,
		result->packets);
	r->printers++;
	r->first += r->packets_first;
	r->again += result->packets;
	return false;
}

static void
on_visited(void *arg, const struct visit_result *result)
{
	struct replay *r = arg;

	if (r->packets && result->outcome == VISIT_READ && visit_again(r, result))
		return;

	if (result->outcome == VISIT_NOT_PRINTER)
		fprintf(stderr, "platen replay: %s: this is no printer\n", r->file);
	else if (result->outcome == VISIT_SILENT)
		fprintf(stderr, "platen replay: %s: there is nothing in it\n", r->file);
	if (result->outcome != VISIT_READ)
		r->failed++;
	scrapers_close(r->scrapers);
	visits_free(r->visits);
	capture_close(r->lan);
}

static void
on_ready(void *arg)
{
	struct replay *r = arg;
	struct printer p = { .port = 161 };

	if (r->verbose)
		say_file(r);
	strncpy(p.address, r->address, sizeof(p.address) - 1);
	visit_start(r->visits, &p, "", false, on_visited, r);
}

static bool
open_capture(struct replay *r, struct why *why)
{
	r->lan = capture_open(&r->loop, r->file, why);
	if (r->lan == NULL)
		return false;
	r->scrapers = scrapers_open(&r->loop, r->config, SCRAPERS_HERE,
		r->plugins[0] != NULL ? r->plugins : NULL, on_ready, r, why);
	if (r->scrapers == NULL) {
		capture_close(r->lan);
		return false;
	}
	r->recorder = (struct recorder){ .config = r->config, .made = on_made, .arg = r };
	r->visits = visits_new(&r->loop, r->lan, r->scrapers, &r->recorder);
	if (r->verbose) {
		/* With --json, stdout is for records alone. */
		r->look = (struct look){
			.out = r->json ? stderr : stdout,
			.scrapers = r->scrapers,
		};
		r->witness = look_witness(&r->look);
		visits_watch(r->visits, &r->witness);
	}
	return true;
}

/* Each capture has a loop and plugins of its own: nothing is carried from one to the next. */
static void
replay_one(void *arg, const char *file)
{
	struct replay *r = arg;
	struct why why;

	r->file = file;
	r->visits_made = 0;
	uv_loop_init(&r->loop);
	if (!open_capture(r, &why)) {
		fprintf(stderr, "platen replay: %s\n", why.text);
		r->failed++;
	}
	loop_empty(&r->loop);
	free(r->record);
	r->record = NULL;
}

static int
run(int argc, char **argv)
{
	struct replay r = { 0 };
	const char *file = NULL, *expect = NULL;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "plugin", "FILE.so...", "only this plugin, not those of the INI", NULL,
			r.plugins },
		{ 0, "address", "ADDRESS", "say that the printer was at ADDRESS (127.0.0.1)", NULL,
			&r.address },
		{ 0, "expect", "FILE", "compare the record with the JSON object in FILE", NULL,
			&expect },
		{ 0, "json", NULL, "one record a line on stdout, nothing else", &r.json, NULL },
		{ 0, "packets", NULL, "visit twice, and say how many packets that takes",
			&r.packets, NULL },
		{ 'v', "verbose", NULL, "show what is asked, answered and read", &r.verbose, NULL },
	};
	int status, first = options_read(&cmd_replay, options, COUNT(options), argc, argv, &status);
	struct config *config;
	struct why why;

	if (first < 0)
		return status;
	if (first == argc)
		return options_wrong(&cmd_replay,
			"which capture? Give a folder or a .snmprec file");
	if (expect != NULL && (r.wanted = expect_load(expect, &why)) == NULL) {
		fprintf(stderr, "platen replay: %s\n", why.text);
		return EXIT_USAGE;
	}
	if ((config = load_config(file)) == NULL) {
		json_decref(r.wanted);
		return EXIT_USAGE;
	}
	r.config = config;
	if (r.address == NULL)
		r.address = "127.0.0.1";
	for (int i = first; i < argc; i++)
		if (!captures_each(argv[i], replay_one, &r, &why)) {
			fprintf(stderr, "platen replay: %s\n", why.text);
			r.failed++;
		}
	if (r.printers > 0)
		printf("%u printers: %.2f packets at first sight, %.2f when they are known\n",
			r.printers, (double)r.first / r.printers, (double)r.again / r.printers);
	config_free(config);
	json_decref(r.wanted);
	return r.failed > 0 ? EXIT_SOME : EXIT_DONE;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.synopsis = "DIR... [-c FILE] [--plugin FILE.so] [--address ADDRESS] [--expect FILE] "
		    "[--json] [--packets] [-v]",
	.summary = "run plugins over captures, without a network",
	.more = "DIR is a capture: a NAME.snmprec file, a folder with such files (and pages in "
		"http/), or a folder of such folders. With --expect, what FILE says must be in the "
		"record; time, id, agent and seq are not compared, nor are keys that FILE does not "
		"have.",
	.run = run,
};
