/* SPDX-License-Identifier: Apache-2.0 */
/* read.c - `platen read`: visit each target once and print it.  Touches no spool. */
#include "cmd/load.h"
#include "cmd/options.h"
#include "cmd/show.h"

#include "agent.h"
#include "net/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading_round {
	struct agent *agent;
	struct progress progress;
	char **targets;
	bool *answered; /* by target */
	int n;
	bool json;
	uint32_t read, failed;
};

static void
mark(struct reading_round *r, const char *address, const char *as_asked)
{
	for (int i = 0; i < r->n; i++)
		if (target_is(r->targets[i], address) ||
			(as_asked[0] != 0 && target_is(r->targets[i], as_asked)))
			r->answered[i] = true;
}

static void
on_found(void *arg, const char *address, const char *as_asked)
{
	mark(arg, address, as_asked);
}

static void
on_made(void *arg, const char *json, const struct visited *v)
{
	struct reading_round *r = arg;

	progress_clear(&r->progress);
	if (r->json) {
		show_json(json);
	} else {
		if (r->read > 0)
			printf("\n");
		show_record(json, v);
	}
	r->read++;
}

static void
on_told(void *arg, const struct visit_result *result)
{
	struct reading_round *r = arg;
	const char *why = NULL;

	switch (result->outcome) {
	case VISIT_READ:
	case VISIT_IDENTIFIED:
	case VISIT_NOT_KEPT:
	case VISIT_ELSEWHERE:
		return;
	case VISIT_SILENT:
		why = "answers SNMP, but not to the communities and users of the INI";
		break;
	case VISIT_NOT_PRINTER:
		why = "answers SNMP, but is no printer";
		break;
	}
	progress_clear(&r->progress);
	fprintf(stderr, "platen read: %s: %s\n", result->printer->address, why);
	r->failed++;
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t found)
{
	struct reading_round *r = arg;

	progress_show(&r->progress, sent, total, found);
}

static void
on_trouble(void *arg, const char *why)
{
	struct reading_round *r = arg;

	progress_clear(&r->progress);
	fprintf(stderr, "platen read: %s\n", why);
	r->failed++;
}

static void
on_ended(void *arg)
{
	struct reading_round *r = arg;

	progress_clear(&r->progress);
	agent_close(r->agent);
}

/* A target that is one address or name must answer; of a range nothing is expected. */
static void
tell_silent(struct reading_round *r)
{
	for (int i = 0; i < r->n; i++) {
		if (r->answered[i] || !target_is_one(r->targets[i]))
			continue;
		fprintf(stderr,
			"platen read: %s: no answer to SNMP; is it switched on, is SNMP enabled "
			"there, "
			"are community and port right?\n",
			r->targets[i]);
		r->failed++;
	}
}

static int
read_round(struct reading_round *r, const struct config *config)
{
	const struct agent_order order = {
		.config = config,
		.mode = DEVICES_ONCE,
		.targets = (const char *const *)r->targets,
		.ntargets = (uint32_t)r->n,
		.found = on_found,
		.told = on_told,
		.made = on_made,
		.progress = on_progress,
		.trouble = on_trouble,
		.arg = r,
	};
	uv_loop_t loop;
	struct why why;

	uv_loop_init(&loop);
	r->agent = agent_open(&loop, &order, &why);
	if (r->agent == NULL) {
		fprintf(stderr, "platen read: %s\n", why.text);
		loop_empty(&loop);
		return EXIT_USAGE;
	}
	agent_when_done(r->agent, on_ended, r);
	loop_empty(&loop);
	if (r->failed == 0)
		tell_silent(r);
	return r->failed > 0 ? EXIT_SOME : EXIT_DONE;
}

static int
run(int argc, char **argv)
{
	struct reading_round r = { 0 };
	const char *file = NULL;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "one record a line on stdout, nothing else", &r.json, NULL },
	};
	int status, first = options_read(&cmd_read, options, COUNT(options), argc, argv, &status);
	struct config *config;

	if (first < 0)
		return status;
	if (first == argc)
		return options_wrong(&cmd_read, "which printer? Give a TARGET");
	if (!load_targets("read", argv + first, argc - first))
		return EXIT_USAGE;
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	progress_begin(&r.progress);
	r.targets = argv + first;
	r.n = argc - first;
	r.answered = mem_alloc((size_t)r.n * sizeof(*r.answered));
	status = read_round(&r, config);
	free(r.answered);
	config_free(config);
	return status;
}

const struct cmd cmd_read = {
	.name = "read",
	.synopsis = "[-c FILE] [--json] TARGET...",
	.summary = "read printers once and print what they say",
	.more = TARGET_HELP,
	.run = run,
};
