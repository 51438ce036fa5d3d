/* SPDX-License-Identifier: Apache-2.0 */
/* discover.c - `platen discover`: sweep, one line per printer.  Keeps nothing. */
#include "cmd/load.h"
#include "cmd/options.h"

#include "agent.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct discover {
	struct agent *agent;
	struct progress progress;
	bool json, trouble;
	uint32_t printers, others, silent;
};

static void
print_json(const struct printer *p)
{
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "ip", p->address },
		{ "manufacturer", p->manufacturer },
		{ "model", p->model },
		{ "serial", p->serial },
		{ "object_id", p->object_id },
		{ "description", p->descr },
	};
	json_t *line = json_object();
	char *text;

	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i].value[0] != 0)
			json_object_set_new(line, texts[i].key, json_string(texts[i].value));
	json_object_set_new(line, "port", json_integer(p->port));
	text = json_dumps(line, JSON_COMPACT);
	if (text == NULL)
		die("out of memory");
	puts(text);
	free(text);
	json_decref(line);
}

static void
print_line(struct discover *d, const struct printer *p)
{
	char name[200];

	if (d->printers == 1)
		printf("%-21s %-37s %s\n", "ADDRESS", "PRINTER", "SERIAL");
	snprintf(name, sizeof(name), "%s%s%s", p->manufacturer,
		p->manufacturer[0] && p->model[0] ? " " : "", p->model);
	printf("%-21s %-37.37s %s\n", p->address, name[0] ? name : p->descr,
		p->serial[0] ? p->serial : "-");
}

static void
on_told(void *arg, const struct visit_result *r)
{
	struct discover *d = arg;

	switch (r->outcome) {
	case VISIT_IDENTIFIED:
	case VISIT_READ:
	case VISIT_NOT_KEPT:
	case VISIT_ELSEWHERE:
		d->printers++;
		progress_clear(&d->progress);
		if (d->json)
			print_json(r->printer);
		else
			print_line(d, r->printer);
		fflush(stdout);
		break;
	case VISIT_NOT_PRINTER:
		d->others++;
		break;
	case VISIT_SILENT:
		d->silent++;
		break;
	}
}

static void
on_progress(void *arg, uint64_t sent, uint64_t total, uint64_t found)
{
	struct discover *d = arg;

	progress_show(&d->progress, sent, total, found);
}

static void
on_trouble(void *arg, const char *why)
{
	struct discover *d = arg;

	progress_clear(&d->progress);
	fprintf(stderr, "platen discover: %s\n", why);
	d->trouble = true;
}

static void
on_ended(void *arg)
{
	struct discover *d = arg;

	progress_clear(&d->progress);
	agent_close(d->agent);
}

static int
discover(struct discover *d, const struct config *config, char **targets, int n)
{
	const struct agent_order order = {
		.config = config,
		.mode = DEVICES_IDENTIFY,
		.targets = (const char *const *)targets,
		.ntargets = (uint32_t)n,
		.told = on_told,
		.progress = on_progress,
		.trouble = on_trouble,
		.arg = d,
	};
	uv_loop_t loop;
	struct why why;

	uv_loop_init(&loop);
	d->agent = agent_open(&loop, &order, &why);
	if (d->agent == NULL) {
		fprintf(stderr, "platen discover: %s\n", why.text);
		loop_empty(&loop);
		return EXIT_USAGE;
	}
	agent_when_done(d->agent, on_ended, d);
	loop_empty(&loop);
	if (!d->json)
		fprintf(stderr, "%u printers found; %u other devices answered SNMP\n", d->printers,
			d->others);
	return d->trouble ? EXIT_SOME : EXIT_DONE;
}

static int
run(int argc, char **argv)
{
	struct discover d = { 0 };
	const char *file = NULL;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "one JSON object a line on stdout, nothing else", &d.json,
			NULL },
	};
	int status,
		first = options_read(&cmd_discover, options, COUNT(options), argc, argv, &status);
	struct config *config;

	if (first < 0)
		return status;
	if (!load_targets("discover", argv + first, argc - first))
		return EXIT_USAGE;
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	progress_begin(&d.progress);
	if (first == argc && config->nranges == 0)
		status = options_wrong(&cmd_discover,
			"where? Give a TARGET, or set ranges in [discover] of the INI");
	else
		status = discover(&d, config, argv + first, argc - first);
	config_free(config);
	return status;
}

const struct cmd cmd_discover = {
	.name = "discover",
	.synopsis = "[-c FILE] [--json] [TARGET...]",
	.summary = "find printers: one line each",
	.more = TARGET_HELP " Without TARGET the ranges of the INI are swept.",
	.run = run,
};
