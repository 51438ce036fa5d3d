/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_runs.c - a plugin in its jail, visiting recorded printers beside the
 * installed plugins: how well it knows each, what it asks and reads, what it
 * costs, and what its host has to say about it.
 */
#include "cmd/judge.h"

#include "printer/capture.h"
#include "cmd/load.h"
#include "cmd/look.h"
#include "plugin/folders.h"
#include "visit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGED 0 /* its number among the scrapers */

/* What it did in one visit. */
struct run {
	int32_t match, rival; /* the best of the others */
	uint32_t rival_index;
	uint32_t questions, pages, refused, readings;
	struct packets packets;
	int32_t status;
	bool visited, gone;
	uint64_t began, ended; /* us of the clock, of the visit */
	uint64_t worked, after; /* ns of its process on a processor, before and after */
};

struct runs {
	json_t *about;
	const struct config *config;
	const char *name;
	uv_loop_t loop;
	uv_timer_t soon; /* scrapers are not closed from within their own calls */
	char *files[MAX_SCRAPERS + 1];
	uint32_t nfiles;
	char *captures[MAX_RUNS];
	uint32_t ncaptures, next, deaths;
	/* in hand */
	struct scrapers *scrapers;
	struct lan *lan;
	struct visits *visits;
	struct recorder recorder;
	struct run run;
};

/* ---- what its process takes ---- */

static uint64_t
clock_us(void)
{
	return uv_hrtime() / 1000;
}

/* Nanoseconds it has run, 0: the kernel does not say. */
static uint64_t
process_time(pid_t pid)
{
	char *path = mem_format("/proc/%d/schedstat", (int)pid);
	FILE *f = pid > 0 ? fopen(path, "re") : NULL;
	uint64_t ns = 0;

	if (f != NULL && fscanf(f, "%" SCNu64, &ns) != 1)
		ns = 0;
	if (f != NULL)
		fclose(f);
	free(path);
	return ns;
}

/* Most bytes of memory it had, 0: unknown. */
static uint64_t
process_memory(pid_t pid)
{
	char *path = mem_format("/proc/%d/status", (int)pid), line[200];
	FILE *f = pid > 0 ? fopen(path, "re") : NULL;
	uint64_t kb = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "VmHWM: %" SCNu64, &kb) == 1)
			break;
	if (f != NULL)
		fclose(f);
	free(path);
	return kb * 1024;
}

/* ---- what is seen of a visit ---- */

static void
on_matched(void *arg, uint32_t scraper, int32_t match)
{
	struct runs *r = arg;

	/* The visit begins when the last of them has said how well it knows the printer. */
	r->run.began = clock_us();
	r->run.worked = process_time(scraper_process(r->scrapers, JUDGED));
	if (scraper == JUDGED) {
		r->run.match = match;
	} else if (match > r->run.rival) {
		r->run.rival = match;
		r->run.rival_index = scraper;
	}
}

static void
on_asked(void *arg, uint32_t scraper, const struct question *q, const struct answer *a)
{
	struct runs *r = arg;
	struct packets p = packets_needed(q, a);
	struct buf line = { 0 };

	if (scraper != JUDGED)
		return;
	r->run.questions++;
	r->run.pages += q->kind == ASK_PAGE;
	r->run.packets.least += p.least;
	r->run.packets.most += p.most;
	if (a->status == PLATEN_EREACH) {
		question_say(q, &line);
		judge_say(r->about, "faults",
			"it asked for \"%s\", which is outside its reach or "
			"never asked",
			(char *)line.p);
		buf_free(&line);
	}
}

static void
on_reading(void *arg, uint32_t scraper, const struct platen_reading *reading)
{
	struct runs *r = arg;

	(void)reading;
	r->run.readings += scraper == JUDGED;
}

static void
on_done(void *arg, uint32_t scraper, int32_t status)
{
	struct runs *r = arg;

	if (scraper != JUDGED || r->run.gone)
		return;
	r->run.visited = true;
	r->run.status = status;
	r->run.ended = clock_us();
	r->run.after = process_time(scraper_process(r->scrapers, JUDGED));
	if (status != PLATEN_OK)
		judge_say(r->about, "faults", "it did not finish a visit: %s", status_word(status));
}

static void
on_gone(void *arg, uint32_t scraper, const char *how)
{
	struct runs *r = arg;

	if (scraper != JUDGED)
		return;
	r->run.gone = true;
	judge_say(r->about, "faults", "it %s%s", strncmp(how, "killed", 6) == 0 ? "was " : "", how);
}

/* Words of the host about what a plugin may not do; other lines are the plugin's own. */
static bool
is_misuse(const char *line)
{
	static const char *const words[] = { " refused", "is not in its reach",
		"does not list in needs", "did not declare", "outside of its callbacks",
		"more log lines were left out" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strstr(line, words[i]) != NULL)
			return true;
	return false;
}

static void
on_log(void *arg, uint32_t scraper, enum log_level level, const char *line)
{
	struct runs *r = arg;

	if (scraper != JUDGED || level < LOG_WARN)
		return;
	if (is_misuse(line))
		judge_say(r->about, "faults", "misuse of the ABI: %s", line);
	else
		judge_say(r->about, "remarks", "it says: %s", line);
}

/* ---- one capture after the other ---- */

static json_t *
run_json(const struct runs *r, const char *capture)
{
	const struct run *run = &r->run;
	json_t *j = json_pack("{s:s, s:i, s:b}", "capture", capture, "match", run->match, "died",
		run->gone);
	uint64_t memory = process_memory(scraper_process(r->scrapers, JUDGED));

	if (j == NULL)
		return json_pack("{s:s}", "capture", "a name that is no UTF-8");
	if (run->rival > 0) {
		json_object_set_new(j, "rival",
			json_string(scraper_name(r->scrapers, run->rival_index)));
		json_object_set_new(j, "rival_match", json_integer(run->rival));
	}
	if (run->visited) {
		json_object_set_new(j, "questions", json_integer(run->questions));
		json_object_set_new(j, "pages", json_integer(run->pages));
		json_object_set_new(j, "packets",
			json_pack("[i, i]", (int)run->packets.least, (int)run->packets.most));
		json_object_set_new(j, "readings", json_integer(run->readings));
		json_object_set_new(j, "microseconds",
			json_integer((json_int_t)(run->ended - run->began)));
	}
	if (run->visited && run->after > run->worked && run->worked > 0)
		json_object_set_new(j, "processor_microseconds",
			json_integer((json_int_t)((run->after - run->worked) / 1000)));
	if (memory > 0)
		json_object_set_new(j, "memory", json_integer((json_int_t)memory));
	return j;
}

static void
judge_run(struct runs *r, const char *capture)
{
	const struct run *run = &r->run;

	json_array_append_new(json_object_get(r->about, "runs"), run_json(r, capture));
	if (run->gone)
		r->deaths++;
	if (run->match > 0 && run->match == run->rival)
		judge_say(r->about, "remarks",
			"it knows a printer exactly as well as %s does: "
			"which of them is believed is chance",
			scraper_name(r->scrapers, run->rival_index));
	if (run->match > 0 && run->visited && run->readings == 0)
		judge_say(r->about, "remarks", "it knows a printer, but reads nothing of it");
}

static void on_soon(uv_timer_t *timer);

static void
on_visited(void *arg, const struct visit_result *result)
{
	struct runs *r = arg;

	if (result->outcome == VISIT_READ || r->run.gone)
		judge_run(r, r->captures[r->next - 1]);
	uv_timer_start(&r->soon, on_soon, 0, 0);
}

/* The next capture that can be opened, in r->lan; false: there is none. */
static bool
open_next(struct runs *r)
{
	struct why why;

	while (r->next < r->ncaptures) {
		r->lan = capture_open(&r->loop, r->captures[r->next++], &why);
		if (r->lan != NULL)
			return true;
		judge_say(r->about, "remarks", "not tried: %s", why.text);
	}
	return false;
}

static void
visit_next(struct runs *r)
{
	static struct visit_witness witness = {
		.matched = on_matched,
		.asked = on_asked,
		.reading = on_reading,
		.done = on_done,
		.gone = on_gone,
		.log = on_log,
	};
	const struct printer p = { .address = "192.0.2.1", .port = 161 };

	witness.arg = r;
	r->run = (struct run){ 0 };
	r->visits = visits_new(&r->loop, r->lan, r->scrapers, &r->recorder);
	visits_watch(r->visits, &witness);
	visit_start(r->visits, &p, "", false, on_visited, r);
}

/* All plugins are there: it, and those that are installed. */
static void
on_ready(void *arg)
{
	struct runs *r = arg;

	if (scraper_ready(r->scrapers, JUDGED)) {
		visit_next(r);
		return;
	}
	judge_say(r->about, "faults", "it could not be started a second time");
	r->next = r->ncaptures;
	uv_timer_start(&r->soon, on_soon, 0, 0);
}

static void
close_visit(struct runs *r)
{
	if (r->visits != NULL)
		visits_free(r->visits);
	if (r->lan != NULL)
		capture_close(r->lan);
	r->visits = NULL;
	r->lan = NULL;
}

/* Between two captures.  A plugin that has died is begun anew, without the agent's patience. */
static void
on_soon(uv_timer_t *timer)
{
	struct runs *r = timer->data;
	bool more = r->deaths < MAX_DEATHS;
	struct why why;

	close_visit(r);
	more = more && open_next(r);
	if (r->scrapers != NULL && (!more || !scraper_ready(r->scrapers, JUDGED))) {
		scrapers_close(r->scrapers);
		r->scrapers = NULL;
	}
	if (!more)
		uv_close((uv_handle_t *)timer, NULL);
	else if (r->scrapers != NULL)
		visit_next(r);
	else
		r->scrapers = scrapers_open(&r->loop, r->config, SCRAPERS_JAILED,
			(const char *const *)r->files, on_ready, r, &why);
	if (more && r->scrapers == NULL) {
		judge_say(r->about, "faults", "%s", why.text);
		close_visit(r);
		uv_close((uv_handle_t *)timer, NULL);
	}
}

/* ---- what there is ---- */

static void
add_rival(void *arg, const char *name, const char *path)
{
	struct runs *r = arg;

	if (r->nfiles < MAX_SCRAPERS && strcmp(name, r->name) != 0 &&
		scraper_wanted(r->config, name))
		r->files[r->nfiles++] = mem_string(path);
}

static void
add_capture(void *arg, const char *file)
{
	struct runs *r = arg;

	if (r->ncaptures < MAX_RUNS)
		r->captures[r->ncaptures++] = mem_string(file);
	else
		judge_say(r->about, "remarks", "more than %d captures: the others were not tried",
			MAX_RUNS);
}

void
judge_runs(json_t *about, const struct config *config, const char *file,
	const char *const *captures, uint32_t n)
{
	struct runs *r = mem_alloc(sizeof(*r));
	struct why why;

	r->about = about;
	r->config = config;
	r->name = json_string_value(json_object_get(about, "name"));
	r->recorder = (struct recorder){ .config = config };
	r->files[r->nfiles++] = mem_string(file);
	plugins_each(config, add_rival, r);
	for (uint32_t i = 0; i < n; i++)
		if (!captures_each(captures[i], add_capture, r, &why))
			judge_say(about, "remarks", "not tried: %s", why.text);
	uv_loop_init(&r->loop);
	uv_timer_init(&r->loop, &r->soon);
	r->soon.data = r;
	uv_timer_start(&r->soon, on_soon, 0, 0);
	loop_empty(&r->loop);
	for (uint32_t i = 0; i < r->nfiles; i++)
		free(r->files[i]);
	for (uint32_t i = 0; i < r->ncaptures; i++)
		free(r->captures[i]);
	free(r);
}
