/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.c - `platen doctor`: what stands in the way, at the site and at each
 * printer, and how to mend it.
 *
 * Only reads.  No password is tried that the INI does not hold, and what cannot
 * be known from here is said to be unknown.
 */
#include "cmd/doctor.h"
#include "cmd/load.h"
#include "cmd/options.h"

#include "agent.h"
#include "store/pins.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the lan role said about a printer; kept until its record is there. */
struct learned {
	struct learned *next;
	char *address, *text;
};

struct round {
	struct doctor doctor;
	struct agent *agent;
	bool json;
	char about[80]; /* the findings that are being printed */
	uint32_t bad;
	struct learned *learned;
	char **targets;
	int ntargets;
	bool *answered;
};

/* ---- findings ---- */

static const char *const verdict_words[] = {
	[VERDICT_GOOD] = "good",
	[VERDICT_BAD] = "bad",
	[VERDICT_UNKNOWN] = "unknown",
};

static void
print_json(const struct finding *f)
{
	json_t *o = json_pack("{ss ss ss ss}", "about", f->about, "check", f->check, "verdict",
		verdict_words[f->verdict], "text", f->text);

	if (f->mend[0] != 0)
		json_object_set_new(o, "mend", json_string(f->mend));
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(o);
}

static void
print_row(struct round *r, const struct finding *f)
{
	if (strcmp(r->about, f->about) != 0) {
		printf("%s%s\n", r->about[0] != 0 ? "\n" : "", f->about);
		snprintf(r->about, sizeof(r->about), "%s", f->about);
	}
	printf("  %-12s %-8s %s\n", f->check, verdict_words[f->verdict], f->text);
	if (f->mend[0] != 0)
		printf("  %-12s %-8s -> %s\n", "", "", f->mend);
}

static void
on_finding(void *arg, const struct finding *f)
{
	struct round *r = arg;

	r->bad += f->verdict == VERDICT_BAD;
	if (r->json)
		print_json(f);
	else
		print_row(r, f);
	fflush(stdout);
}

void
doctor_tell(struct doctor *d, const char *about, const char *check, enum verdict verdict,
	const char *mend, const char *fmt, ...)
{
	char text[600];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	d->tell(d->arg, &(struct finding){ about, check, verdict, text, mend });
}

/* ---- printers ---- */

static void
on_learned(void *arg, const char *address, const char *text)
{
	struct round *r = arg;
	struct learned *l = mem_alloc(sizeof(*l));

	l->address = mem_string(address);
	l->text = mem_string(text);
	l->next = r->learned; /* the newest is found first */
	r->learned = l;
}

static const char *
learned_of(const struct round *r, const char *address)
{
	for (const struct learned *l = r->learned; l != NULL; l = l->next)
		if (strcmp(l->address, address) == 0)
			return l->text;
	return "";
}

static void
on_made(void *arg, const char *json, const struct visited *v)
{
	struct round *r = arg;

	(void)json;
	doctor_printer(&r->doctor, v->known->address, v, learned_of(r, v->known->address));
}

static void
on_found(void *arg, const char *address, const char *as_asked)
{
	struct round *r = arg;

	for (int i = 0; i < r->ntargets; i++)
		if (target_is(r->targets[i], address) ||
			(as_asked[0] != 0 && target_is(r->targets[i], as_asked)))
			r->answered[i] = true;
}

static void
on_told(void *arg, const struct visit_result *result)
{
	struct round *r = arg;
	const char *address = result->printer->address;

	switch (result->outcome) {
	case VISIT_SILENT:
		doctor_silent(&r->doctor, address,
			"answers SNMP, but not to the communities and users of the INI");
		return;
	case VISIT_NOT_PRINTER:
		doctor_tell(&r->doctor, address, "printer", VERDICT_BAD,
			"leave its address out of the ranges", "answers SNMP, but is no printer");
		return;
	case VISIT_READ:
	case VISIT_IDENTIFIED:
	case VISIT_ELSEWHERE:
	case VISIT_NOT_KEPT:
		return;
	}
}

static void
on_trouble(void *arg, const char *why)
{
	struct round *r = arg;

	doctor_tell(&r->doctor, "site", "ranges", VERDICT_BAD, "correct the TARGET", "%s", why);
}

static void
on_ended(void *arg)
{
	struct round *r = arg;

	agent_close(r->agent);
}

/* The pages that say how a printer is secured are asked for by nobody else. */
static void
ask_security(struct config *c)
{
	static struct option security[] = { { "security", "yes" } };
	struct plugin_config *more;

	for (uint32_t i = 0; i < c->nplugins; i++)
		if (strcmp(c->plugins[i].name, "hp-ews") == 0) {
			c->plugins[i].options = security;
			c->plugins[i].noptions = 1;
			return;
		}
	more = pool_alloc(c->pool, (c->nplugins + 1) * sizeof(*more));
	memcpy(more, c->plugins, c->nplugins * sizeof(*more));
	more[c->nplugins++] = (struct plugin_config){
		.name = "hp-ews",
		.enabled = true,
		.sha256 = "",
		.noptions = 1,
		.options = security,
	};
	c->plugins = more;
}

static bool
see_printers(struct round *r, const struct config *config)
{
	const struct agent_order order = {
		.config = config,
		.mode = DEVICES_ONCE,
		.targets = r->ntargets > 0 ? (const char *const *)r->targets : config->ranges,
		.ntargets = r->ntargets > 0 ? (uint32_t)r->ntargets : config->nranges,
		.found = on_found,
		.told = on_told,
		.made = on_made,
		.learned = on_learned,
		.trouble = on_trouble,
		.arg = r,
	};
	uv_loop_t loop;
	struct why why;

	uv_loop_init(&loop);
	r->agent = agent_open(&loop, &order, &why);
	if (r->agent == NULL)
		fprintf(stderr, "platen doctor: %s\n", why.text);
	else
		agent_when_done(r->agent, on_ended, r);
	loop_empty(&loop);
	return r->agent != NULL;
}

/* A target that is one address or name must answer; of a range nothing is expected. */
static void
tell_silent(struct round *r)
{
	for (int i = 0; i < r->ntargets; i++)
		if (!r->answered[i] && target_is_one(r->targets[i]))
			doctor_silent(&r->doctor, r->targets[i], "no answer");
}

/* ---- the command ---- */

static void
end(struct round *r)
{
	while (r->learned != NULL) {
		struct learned *l = r->learned;

		r->learned = l->next;
		free(l->address);
		free(l->text);
		free(l);
	}
	free(r->answered);
}

static int
see(struct round *r, struct config *config)
{
	bool printers = r->ntargets > 0 || config->nranges > 0;
	int status;

	char *pins = pins_read(config->state);

	r->doctor = (struct doctor){
		.config = config,
		.pins = pins,
		.pins_error = errno,
		.tell = on_finding,
		.arg = r,
	};
	r->answered = mem_alloc((size_t)(r->ntargets + 1) * sizeof(*r->answered));
	if (r->ntargets == 0) {
		doctor_site(&r->doctor);
		doctor_ways(&r->doctor);
	}
	ask_security(config);
	status = !printers || see_printers(r, config) ? EXIT_DONE : EXIT_USAGE;
	tell_silent(r);
	end(r);
	free(pins);
	return status == EXIT_DONE && r->bad > 0 ? EXIT_SOME : status;
}

static int
run(int argc, char **argv)
{
	struct round r = { 0 };
	const char *file = NULL;
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "json", NULL, "one finding a line on stdout, nothing else", &r.json, NULL },
	};
	int status, first = options_read(&cmd_doctor, options, COUNT(options), argc, argv, &status);
	struct config *config;

	if (first < 0)
		return status;
	if (!load_targets("doctor", argv + first, argc - first))
		return EXIT_USAGE;
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	r.targets = argv + first;
	r.ntargets = argc - first;
	status = see(&r, config);
	config_free(config);
	return status;
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.synopsis = "[-c FILE] [--json] [TARGET...]",
	.summary = "say what stands in the way, at the site and at printers, and how to mend it",
	.more = "Without a TARGET: this machine, the ways to the dealer, and the printers of the "
		"INI's ranges. Nothing is changed anywhere, and no password is tried that the INI "
		"does not hold.\n\n" TARGET_HELP,
	.run = run,
};
