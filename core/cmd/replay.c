/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c - `platen replay`: captures instead of printers, plugins in this
 * process.  No network, no jail, nothing kept: for those who write plugins.
 */
#include "cmd/load.h"
#include "cmd/options.h"
#include "cmd/show.h"

#include "capture.h"
#include "visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay {
	const struct config *config;
	const char *plugin, *address;
	bool json;
	uint32_t shown, failed;
	/* of the capture in hand */
	uv_loop_t loop;
	const char *file;
	struct lan *lan;
	struct scrapers *scrapers;
	struct recorder recorder;
	struct visits *visits;
};

static void
on_made(void *arg, const json_t *record, const struct visited *v)
{
	struct replay *r = arg;

	if (r->json) {
		show_json(record);
	} else {
		printf("%s%s\n", r->shown > 0 ? "\n" : "", r->file);
		show_record(record, v);
	}
	r->shown++;
}

static void
on_visited(void *arg, const struct visit_result *result)
{
	struct replay *r = arg;

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

	strncpy(p.address, r->address, sizeof(p.address) - 1);
	visit_start(r->visits, &p, false, on_visited, r);
}

static bool
open_capture(struct replay *r, struct why *why)
{
	r->lan = capture_open(&r->loop, r->file, why);
	if (r->lan == NULL)
		return false;
	r->scrapers = scrapers_open(&r->loop, r->config, SCRAPERS_HERE, r->plugin, on_ready, r, why);
	if (r->scrapers == NULL) {
		capture_close(r->lan);
		return false;
	}
	r->recorder = (struct recorder){ .config = r->config, .made = on_made, .arg = r };
	r->visits = visits_new(&r->loop, r->lan, r->scrapers, &r->recorder);
	return true;
}

/* Each capture has a loop and plugins of its own: nothing is carried from one to the next. */
static void
replay_one(void *arg, const char *file)
{
	struct replay *r = arg;
	struct why why;

	r->file = file;
	uv_loop_init(&r->loop);
	if (!open_capture(r, &why)) {
		fprintf(stderr, "platen replay: %s\n", why.text);
		r->failed++;
	}
	loop_empty(&r->loop);
}

static int
run(int argc, char **argv)
{
	struct replay r = { 0 };
	const char *file = NULL;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "plugin", "FILE.so", "only this plugin, not those of the INI", NULL,
			&r.plugin },
		{ 0, "address", "ADDRESS", "say that the printer was at ADDRESS (127.0.0.1)", NULL,
			&r.address },
		{ 0, "json", NULL, "one record a line on stdout, nothing else", &r.json, NULL },
	};
	int status, first = options_read(&cmd_replay, options, COUNT(options), argc, argv, &status);
	struct config *config;
	struct why why;

	if (first < 0)
		return status;
	if (first == argc)
		return options_wrong(&cmd_replay, "which capture? Give a folder or a .snmprec file");
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	r.config = config;
	if (r.address == NULL)
		r.address = "127.0.0.1";
	for (int i = first; i < argc; i++)
		if (!captures_each(argv[i], replay_one, &r, &why)) {
			fprintf(stderr, "platen replay: %s\n", why.text);
			r.failed++;
		}
	config_free(config);
	return r.failed > 0 ? EXIT_SOME : EXIT_DONE;
}

const struct cmd cmd_replay = {
	.name = "replay",
	.synopsis = "DIR... [-c FILE] [--plugin FILE.so] [--address ADDRESS] [--json]",
	.summary = "run plugins over captures, without a network",
	.more = "DIR is a capture: a NAME.snmprec file, a folder with such files (and pages in "
		"http/), or a folder of such folders.",
	.run = run,
};
