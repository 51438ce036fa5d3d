/* SPDX-License-Identifier: Apache-2.0 */
/*
 * offer.c - what every plugin may call: struct platen_host.
 *
 * Whatever a plugin passes is checked here, and a refusal is told to the
 * operator: the plugin's author will look there first.
 */
#include "host/plugin.h"

#include "metrics.h"

#include <string.h>

static const void *
offer_service(const struct platen_host *host, const char *id)
{
	struct plugin *p = call_plugin("service()");

	if (p == NULL || &p->offer != host || id == NULL)
		return NULL;
	for (uint32_t i = 0; p->services[i] != NULL; i++)
		if (strcmp(p->services[i], id) == 0)
			return service_find(id);
	plugin_log(p, NULL, LOG_WARN, "asked for the service %s, which it does not list in needs",
		id);
	return NULL;
}

static const char *
offer_option(const struct platen_host *host, const char *key)
{
	struct plugin *p = call_plugin("option()");

	if (p == NULL || &p->offer != host || key == NULL)
		return "";
	for (uint32_t i = 0; i < p->noptions; i++)
		if (strcmp(p->options[i].key, key) == 0)
			return p->options[i].value;
	plugin_log(p, NULL, LOG_WARN, "asked for the option %s, which it did not declare", key);
	return "";
}

static void
offer_log(const struct platen_host *host, int32_t level, const char *line)
{
	static const enum log_level levels[] = {
		[PLATEN_DEBUG] = LOG_DEBUG,
		[PLATEN_INFO] = LOG_INFO,
		[PLATEN_WARNING] = LOG_WARN,
		[PLATEN_ERROR] = LOG_ERROR,
	};
	struct plugin *p = call_plugin("log()");
	bool known = level >= PLATEN_DEBUG && level <= PLATEN_ERROR;

	if (p != NULL && &p->offer == host && line != NULL)
		plugin_log(p, call_current(), known ? levels[level] : LOG_WARN, "%s", line);
}

static void *
offer_alloc(struct platen_visit *v, uint64_t n)
{
	struct job *job = call_job(v, JOB_VISIT, "alloc()");

	if (job == NULL || n == 0)
		return NULL;
	if (n > MAX_ALLOC - job->plugin->allocated) {
		plugin_log(job->plugin, job, LOG_WARN,
			"alloc(%llu) refused: its visits hold %zu of %u bytes",
			(unsigned long long)n, job->plugin->allocated, MAX_ALLOC);
		return NULL;
	}
	job->allocated += n;
	job->plugin->allocated += n;
	return pool_alloc(job->pool, n);
}

static const char *
none_if_empty(const char *s)
{
	return s != NULL && s[0] != 0 ? s : NULL;
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7F;
}

/* Control characters are dropped from a text, as sdk/METRICS promises: most have none. */
static const char *
without_controls(const char *from, char to[static PLATEN_MAX_TEXT + 2])
{
	size_t most = strnlen(from, PLATEN_MAX_TEXT + 1), n = text_plain(from, most);

	while (n < most && !is_control(from[n]))
		n++;
	if (n == most)
		return from;
	memcpy(to, from, n);
	for (from += n; *from != 0 && n <= PLATEN_MAX_TEXT; from++)
		if (!is_control(*from))
			to[n++] = *from;
	to[n] = 0;
	return to;
}

/* The reading with what does not belong to its kind taken out. */
static void
tidy(const struct metric *m, struct platen_reading *r, char text[static PLATEN_MAX_TEXT + 2])
{
	r->part = none_if_empty(r->part);
	r->unit = none_if_empty(r->unit);
	if (m == NULL)
		return;
	if (m->kind != METRIC_LEVEL)
		r->full = PLATEN_NONE;
	if (m->kind != METRIC_TEXT)
		return;
	r->number = PLATEN_NONE;
	if (r->text != NULL)
		r->text = without_controls(r->text, text);
}

static int32_t
offer_emit(struct platen_visit *v, const struct platen_reading *given)
{
	struct job *job = call_job(v, JOB_VISIT, "emit()");
	struct platen_reading r = { 0 };
	struct emitted reading;
	char text[PLATEN_MAX_TEXT + 2];
	enum metric_id id;
	const struct metric *m;
	struct why why;

	if (job == NULL)
		return PLATEN_EINVAL;
	if (given == NULL || !sized_copy(&r, sizeof(r), given, SIZE_0(platen_reading, text))) {
		plugin_log(job->plugin, job, LOG_WARN, "emit() refused: no struct platen_reading");
		return PLATEN_EINVAL;
	}
	if (job->readings == PLATEN_MAX_READINGS) {
		plugin_log(job->plugin, job, LOG_WARN, "emit() refused: more than %d readings",
			PLATEN_MAX_READINGS);
		return PLATEN_EBUDGET;
	}
	id = r.metric != NULL ? metric_id(r.metric) : METRIC_NONE;
	m = metric_of(id);
	if (m != NULL && id != METRIC_METER_SIZE)
		r.metric = metric_called(id); /* whose number is known from now on */
	tidy(m, &r, text);
	/* A printer that tells nothing where a text could be: nothing to report, no fault. */
	if (m != NULL && m->kind == METRIC_TEXT && r.text != NULL && r.text[0] == 0)
		return PLATEN_OK;
	reading = emitted_of(&r);
	if (!metric_allows(&reading, &why)) {
		plugin_log(job->plugin, job, LOG_WARN, "emit() refused: %s", why.text);
		return PLATEN_EINVAL;
	}
	if (r.unit != NULL) /* which stays */
		reading.said.unit = word_find(m->units, r.unit, &(uint32_t){ 0 });
	job->readings++;
	job->plugin->events->readings(job->plugin->arg, job->id, &reading, 1);
	return PLATEN_OK;
}

void
offer_make(struct plugin *p)
{
	p->offer = (struct platen_host){
		.size = sizeof(p->offer),
		.abi_minor = PLATEN_ABI_MINOR,
		.service = offer_service,
		.option = offer_option,
		.log = offer_log,
		.alloc = offer_alloc,
		.emit = offer_emit,
	};
}
