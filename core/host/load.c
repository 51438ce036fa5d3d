/* SPDX-License-Identifier: Apache-2.0 */
/*
 * load.c - a plugin is loaded, checked, started and let go.
 *
 * Every refusal is one sentence for the operator: which plugin, what is wrong
 * with it, and what to do.
 */
#include "host/plugin.h"

#include "metrics.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYMBOL "platen_plugin_v1"

/* More than any struct of the ABI will ever take: what says so is no such struct. */
#define MAX_STRUCT 4096

/* Bytes of a version or summary. */
#define MAX_ABOUT 200

bool
sized_copy(void *to, uint32_t size, const void *from, uint32_t least)
{
	uint32_t theirs;

	memcpy(&theirs, from, sizeof(theirs));
	if (theirs < least || theirs > MAX_STRUCT)
		return false;
	if (theirs < size)
		memset(to, 0, size);
	memcpy(to, from, theirs < size ? theirs : size);
	return true;
}

/* ---- is it a plugin at all? ---- */

static bool
find_symbol(struct plugin *p, const struct platen_plugin **about, struct why *why)
{
	const struct platen_plugin *(*entry)(void);
	void *symbol;
	/*
	 * By descriptor, so that what was checked is what is loaded.  The name
	 * must differ from every other loaded object's: p->fd stays open.
	 */
	char *name = mem_format("/proc/self/fd/%d", p->fd);

	p->image = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	free(name);
	if (p->image == NULL)
		return why_set(why, "plugin %s: not loaded: %s", p->path, dlerror());
	symbol = dlsym(p->image, SYMBOL);
	if (symbol == NULL)
		return why_set(why,
			"plugin %s: refused: it has no " SYMBOL
			"(), so it is no plugin for this platen",
			p->path);
	memcpy(&entry, &symbol, sizeof(entry));
	call_begin(p, NULL);
	*about = entry();
	call_end();
	if (*about == NULL)
		return why_set(why, "plugin %s: refused: " SYMBOL "() returned NULL", p->path);
	return true;
}

/* Our own copies of the structs the plugin told of. */
static bool
copy_structs(struct plugin *p, const struct platen_plugin *about, struct why *why)
{
	static const char wrong[] = "plugin %s: refused: its struct %s gives a size of %u bytes; "
				    "build it against platen/plugin.h";

	if (!sized_copy(&p->about, sizeof(p->about), about, SIZE_0(platen_plugin, stop)))
		return why_set(why, wrong, p->path, "platen_plugin", about->size);
	if (p->about.scraper != NULL &&
		!sized_copy(&p->scraper, sizeof(p->scraper), p->about.scraper,
			SIZE_0(platen_scraper, visit)))
		return why_set(why, wrong, p->path, "platen_scraper", p->about.scraper->size);
	if (p->about.sink != NULL &&
		!sized_copy(&p->sink, sizeof(p->sink), p->about.sink, SIZE_0(platen_sink, deliver)))
		return why_set(why, wrong, p->path, "platen_sink", p->about.sink->size);
	return true;
}

/* ---- what it says of itself ---- */

static bool
is_line(const char *s)
{
	size_t n = s != NULL ? strnlen(s, MAX_ABOUT + 1) : 0;

	if (n == 0 || n > MAX_ABOUT || !text_is_utf8(s, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || s[i] == 0x7F)
			return false;
	return true;
}

static bool
is_name(const char *s, const char *letters)
{
	size_t n = s != NULL ? strnlen(s, 32) : 0;

	return n > 0 && n < 32 && strspn(s, letters) == n;
}

static uint32_t
list_length(const char *const *list)
{
	uint32_t n = 0;

	while (list != NULL && n <= MAX_MANIFEST_ITEMS && list[n] != NULL)
		n++;
	return n;
}

static bool
check_about(const struct plugin *p, struct why *why)
{
	const struct platen_plugin *a = &p->about;

	if (!is_name(a->name, "abcdefghijklmnopqrstuvwxyz0123456789-"))
		return why_set(why,
			"plugin %s: refused: its name must be 1 to 31 of a-z, 0-9 and '-'",
			p->path);
	if (!is_line(a->version) || !is_line(a->summary))
		return why_set(why,
			"plugin %s: refused: its version and summary must be one line of UTF-8 "
			"each, at most %d bytes",
			a->name, MAX_ABOUT);
	if (a->scraper == NULL && a->sink == NULL)
		return why_set(why, "plugin %s: refused: it has neither scraper nor sink", a->name);
	if (a->scraper != NULL && (p->scraper.match == NULL || p->scraper.visit == NULL))
		return why_set(why, "plugin %s: refused: its scraper lacks match() or visit()",
			a->name);
	if (a->sink != NULL && p->sink.deliver == NULL)
		return why_set(why, "plugin %s: refused: its sink lacks deliver()", a->name);
	return true;
}

static bool
check_reach(const struct plugin *p, struct why *why)
{
	const char *const *reach = p->about.reach;

	if (p->reach.n > MAX_MANIFEST_ITEMS)
		return why_set(why, "plugin %s: refused: more than %d items in reach",
			p->about.name, MAX_MANIFEST_ITEMS);
	for (uint32_t i = 0; i < p->reach.n; i++)
		if (!is_line(reach[i]) || !reach_valid(reach[i]))
			return why_set(why,
				"plugin %s: refused: reach \"%.100s\" is none of \"oid 1.3.6...\", "
				"\"get /path\", \"login /path\"",
				p->about.name, reach[i]);
	return true;
}

static bool
check_options(struct plugin *p, struct why *why)
{
	const struct platen_option *o = p->about.options;

	for (; o != NULL && o->key != NULL; o++) {
		if (p->noptions++ == MAX_MANIFEST_ITEMS)
			return why_set(why, "plugin %s: refused: more than %d options",
				p->about.name, MAX_MANIFEST_ITEMS);
		if (!is_name(o->key, "abcdefghijklmnopqrstuvwxyz_") || !is_line(o->help))
			return why_set(why,
				"plugin %s: refused: option \"%.40s\": a key is of a-z and '_', "
				"and help says in one line what it is for",
				p->about.name, o->key);
		if (o->value != NULL && o->value[0] != 0 && !is_line(o->value))
			return why_set(why,
				"plugin %s: refused: the default of option %s is not one line of "
				"UTF-8",
				p->about.name, o->key);
	}
	return true;
}

struct plugin *
plugin_map(int fd, const char *path, const struct worker_events *events, void *arg, struct why *why)
{
	struct plugin *p = mem_alloc(sizeof(*p));
	const struct platen_plugin *about = NULL;

	p->path = mem_string(path);
	p->pool = pool_new();
	p->events = events;
	p->arg = arg;
	p->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	offer_make(p);
	if (find_symbol(p, &about, why) && copy_structs(p, about, why) && check_about(p, why)) {
		p->reach = reach_of(p->pool, p->about.reach, list_length(p->about.reach));
		if (check_reach(p, why) && check_options(p, why))
			return p;
	}
	plugin_unload(p);
	return NULL;
}

/* ---- what it needs, and what the INI gives it ---- */

static bool
is_in(const char *word, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(*list, word) == 0)
			return true;
	return false;
}

static void
say_list(struct buf *b, const char *const *list)
{
	for (uint32_t i = 0; list[i] != NULL; i++)
		buf_format(b, "%s%s", i ? ", " : "", list[i]);
}

static bool
refuse_need(const struct plugin *p, const char *need, const char *const *services, struct why *why)
{
	struct buf have = { 0 };

	say_list(&have, services);
	why_set(why, "plugin %s: refused: it needs the service %.40s; this platen has %s",
		p->about.name, need, have.n ? (char *)have.p : "none for it");
	buf_free(&have);
	return false;
}

static bool
is_sinks(const char *service)
{
	return strcmp(service, PLATEN_UPLOAD) == 0 || strcmp(service, PLATEN_NETWORK) == 0;
}

static bool
give_services(struct plugin *p, const char *const *services, struct why *why)
{
	uint32_t n = list_length(p->about.needs);
	const char **given;

	if (n > MAX_MANIFEST_ITEMS)
		return why_set(why, "plugin %s: refused: more than %d needs", p->about.name,
			MAX_MANIFEST_ITEMS);
	given = pool_alloc(p->pool, (n + 1) * sizeof(*given));
	for (uint32_t i = 0; i < n; i++) {
		const char *need = p->about.needs[i];

		if (is_sinks(need) && p->about.sink == NULL)
			return why_set(why,
				"plugin %s: refused: it needs %s, which only a sink may have",
				p->about.name, need);
		if (strcmp(need, PLATEN_NETWORK) == 0 && !is_in(need, services))
			return why_set(why,
				"plugin %s: refused: it needs %s, and only its section [sink NAME] "
				"can grant that: allow = network",
				p->about.name, need);
		if (!is_in(need, services) || service_find(need) == NULL)
			return refuse_need(p, need, services, why);
		given[i] = need;
	}
	p->services = given;
	return true;
}

static struct platen_option *
option_find(struct plugin *p, const char *key)
{
	for (uint32_t i = 0; i < p->noptions; i++)
		if (strcmp(p->options[i].key, key) == 0)
			return &p->options[i];
	return NULL;
}

static bool
refuse_option(const struct plugin *p, const char *key, struct why *why)
{
	struct buf known = { 0 };

	for (uint32_t i = 0; i < p->noptions; i++)
		buf_format(&known, "%s%s", i ? ", " : "", p->options[i].key);
	why_set(why, "plugin %s: refused: it has no option \"%.40s\"; it knows %s", p->about.name,
		key, known.n ? (char *)known.p : "none");
	buf_free(&known);
	return false;
}

static bool
give_options(struct plugin *p, const struct option *options, uint32_t noptions, struct why *why)
{
	p->options = pool_alloc(p->pool, (p->noptions + 1) * sizeof(*p->options));
	for (uint32_t i = 0; i < p->noptions; i++)
		p->options[i] = p->about.options[i];
	for (uint32_t i = 0; i < noptions; i++) {
		struct platen_option *o = option_find(p, options[i].key);

		if (o == NULL)
			return refuse_option(p, options[i].key, why);
		o->value = pool_string(p->pool, options[i].value);
	}
	return true;
}

/* What the agent itself reads of the options: metrics, separated by commas. */
static bool
check_yield(struct plugin *p, struct why *why)
{
	const struct platen_option *o = option_find(p, OPTION_YIELD);
	char *list = o != NULL && o->value != NULL ? pool_string(p->pool, o->value) : NULL;

	for (const char *item; list != NULL && (item = text_item(&list)) != NULL;)
		if (metric_find(item) == NULL)
			return why_set(why,
				"plugin %s: refused: its option " OPTION_YIELD
				" names \"%.60s\", which is no metric of sdk/METRICS; write "
				"meter.total, or nothing",
				p->about.name, item);
	return true;
}

/* The option that must be set and is not, or NULL. */
static const struct platen_option *
option_missing(const struct plugin *p)
{
	for (uint32_t i = 0; i < p->noptions; i++)
		if (p->options[i].value == NULL)
			return &p->options[i];
	return NULL;
}

bool
plugin_begin(struct plugin *p, const struct option *options, uint32_t noptions,
	const char *const *services, struct why *why)
{
	const struct platen_option *missing;
	int32_t status = PLATEN_OK;

	/* Where nothing is delivered (replay), a mere sink can be told of, and is not started. */
	if (p->about.scraper == NULL && !is_in(PLATEN_UPLOAD, services))
		return true;
	/* So is one that no section uses, when a section would have to grant what it needs. */
	if (p->about.scraper == NULL && noptions == 0 && p->about.needs != NULL &&
		is_in(PLATEN_NETWORK, p->about.needs) && !is_in(PLATEN_NETWORK, services))
		return true;
	if (!give_services(p, services, why) || !give_options(p, options, noptions, why) ||
		!check_yield(p, why))
		return false;
	missing = option_missing(p);
	/* A sink that no section of the INI uses: it can be told of, and is not started. */
	if (missing != NULL && noptions == 0 && p->about.scraper == NULL)
		return true;
	if (missing != NULL)
		return why_set(why, "plugin %s: refused: its option %s must be set (%s)",
			p->about.name, missing->key, missing->help);
	if (p->about.start != NULL) {
		call_begin(p, NULL);
		status = p->about.start(&p->offer);
		call_end();
	}
	p->started = status == PLATEN_OK;
	if (!p->started)
		return why_set(why,
			"plugin %s: refused: its start() returned %d; the log may say why",
			p->about.name, status);
	return true;
}

/* ---- worker.h ---- */

struct plugin *
plugin_load(int fd, const char *path, const struct option *options, uint32_t noptions,
	const char *const *services, const struct worker_events *events, void *arg, struct why *why)
{
	struct plugin *p = plugin_map(fd, path, events, arg, why);

	if (p != NULL && !plugin_begin(p, options, noptions, services, why)) {
		plugin_unload(p);
		return NULL;
	}
	return p;
}

const struct reach *
plugin_reach(const struct plugin *p)
{
	return &p->reach;
}

const struct platen_plugin *
plugin_about(const struct plugin *p)
{
	return &p->about;
}

void
plugin_unload(struct plugin *p)
{
	jobs_end(p);
	if (p->started && p->about.stop != NULL) {
		call_begin(p, NULL);
		p->about.stop();
		call_end();
	}
	if (p->image != NULL)
		dlclose(p->image);
	if (p->fd >= 0)
		close(p->fd);
	call_forget(p);
	pool_free(p->pool);
	free(p->path);
	free(p);
}
