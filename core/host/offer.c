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
static void
drop_controls(struct emitted *r, char to[static PLATEN_MAX_TEXT + 2])
{
	uint32_t n = 0;

	if (r->plain)
		return;
	for (const char *from = r->said.text; *from != 0 && n <= PLATEN_MAX_TEXT; from++)
		if (!is_control(*from))
			to[n++] = *from;
	if (n == r->length)
		return;
	to[n] = 0;
	r->said.text = to;
	r->length = n;
	r->plain = text_plain(to, n) == n;
}

/* The reading with what does not belong to its kind taken out. */
static void
tidy(const struct metric *m, struct emitted *r, char text[static PLATEN_MAX_TEXT + 2])
{
	r->said.part = none_if_empty(r->said.part);
	r->said.unit = none_if_empty(r->said.unit);
	if (m == NULL)
		return;
	if (m->kind != METRIC_LEVEL)
		r->said.full = PLATEN_NONE;
	if (m->kind != METRIC_TEXT)
		return;
	r->said.number = PLATEN_NONE;
	drop_controls(r, text);
}

static int32_t
offer_emit(struct platen_visit *v, const struct platen_reading *given)
{
	struct job *job = call_job(v, JOB_VISIT, "emit()");
	struct platen_reading copy;
	struct emitted r;
	char text[PLATEN_MAX_TEXT + 2];
	const struct metric *m;
	struct why why;

	if (job == NULL)
		return PLATEN_EINVAL;
	if (given == NULL ||
		!sized_copy(&copy, sizeof(copy), given, SIZE_0(platen_reading, text))) {
		plugin_log(job->plugin, job, LOG_WARN, "emit() refused: no struct platen_reading");
		return PLATEN_EINVAL;
	}
	if (job->readings == PLATEN_MAX_READINGS) {
		plugin_log(job->plugin, job, LOG_WARN, "emit() refused: more than %d readings",
			PLATEN_MAX_READINGS);
		return PLATEN_EBUDGET;
	}
	r = emitted_of(&copy);
	m = metric_of(r.id);
	tidy(m, &r, text);
	/* A printer that tells nothing where a text could be: nothing to report, no fault. */
	if (m != NULL && m->kind == METRIC_TEXT && r.said.text != NULL && r.length == 0)
		return PLATEN_OK;
	if (!metric_allows(&r, &why)) {
		plugin_log(job->plugin, job, LOG_WARN, "emit() refused: %s", why.text);
		return PLATEN_EINVAL;
	}
	job->readings++;
	job->plugin->events->readings(job->plugin->arg, job->id, &r, 1);
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
