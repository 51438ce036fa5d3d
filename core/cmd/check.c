/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.c - `platen check`: everything that is wrong, told before the agent
 * starts: the INI and its secrets, the state folder, the plugins' files.
 *
 * Plugins are started in their jails, but nothing is asked of them.  Sends
 * nothing, writes nothing and keeps nothing.
 */
#include "cmd/options.h"
#include "cmd/trial.h"
#include "config/config.h"
#include "config/gateway_files.h"
#include "plugin/folders.h"
#include "net/net.h"
#include "plugin/trust.h"
#include "store/keyfile.h"
#include "store/place.h"

#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct check {
	const struct config *config;
	uint32_t findings, keys;
	struct buf plugins; /* for the summary: "file, printer-mib" */
};

static void finding(struct check *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
finding(struct check *c, const char *fmt, ...)
{
	va_list ap;

	c->findings++;
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

static void
fault(void *arg, const char *line)
{
	finding(arg, "%s", line);
}

/* ---- the state folder ---- */

/* The agent makes the folder itself, if it may. */
static void
check_parent(struct check *c)
{
	char *copy = mem_string(c->config->state), *parent = dirname(copy);

	if (access(parent, W_OK | X_OK) != 0)
		finding(c,
			"[site] state: %s does not exist and cannot be made in %s (%s); make "
			"it, owned by the user platen runs as",
			c->config->state, parent, strerror(errno));
	free(copy);
}

static void
check_state(struct check *c)
{
	const char *folder = c->config->state;
	struct stat st;

	if (stat(folder, &st) != 0 && errno == ENOENT)
		check_parent(c);
	else if (stat(folder, &st) != 0)
		finding(c, "[site] state: %s cannot be looked at: %s", folder, strerror(errno));
	else if (!S_ISDIR(st.st_mode))
		finding(c, "[site] state: %s is no folder; name one", folder);
	else if (access(folder, R_OK | W_OK | X_OK) != 0)
		finding(c,
			"[site] state: %s cannot be written by user %u (%s); chown it, or check "
			"as the user platen runs as",
			folder, (unsigned)geteuid(), strerror(errno));
	else if ((st.st_mode & S_IWOTH) != 0)
		finding(c, "[site] state: everybody may write %s; chmod o-w it", folder);
}

/* ---- plugins ---- */

/* For the summary. */
static void
list_file(void *arg, const char *name, const char *path)
{
	struct check *c = arg;
	const struct plugin_config *section = config_plugin(c->config, name);
	bool enabled = section == NULL || section->enabled;

	(void)path;
	buf_format(&c->plugins, "%s%s%s", c->plugins.n > 0 ? ", " : "", name,
		enabled ? "" : " (not enabled)");
}

/* Started in its jail, as the agent would: a refusal names the plugin and the reason. */
static void
check_trial(void *arg, const struct trial *t)
{
	if (t->why != NULL)
		finding(arg, "plugin %s: %s", t->name, t->why);
}

static void
check_key(void *arg, const char *file, const struct public_key *key, const char *wrong)
{
	struct check *c = arg;

	if (key != NULL)
		c->keys++;
	else
		finding(c, "[plugins] keys: %s: %s", file, wrong);
}

static void
check_keys(struct check *c)
{
	keys_each(c->config, check_key, c);
	if (c->keys == 0 && c->config->require_signed)
		finding(c,
			"[plugins] require_signed: there is no key in %s, so no plugin is loaded; "
			"put the public keys of those you trust there",
			c->config->keys);
}

static void
check_plugins(struct check *c)
{
	const struct config *config = c->config;
	char path[PATH_MAX];

	plugins_each(config, list_file, c);
	for (uint32_t i = 0; i < config->nplugins; i++)
		if (!plugin_find(config, config->plugins[i].name, path, sizeof(path)))
			finding(c,
				"[plugin %s]: there is no %s.so in %s; correct the name or "
				"remove the section",
				config->plugins[i].name, config->plugins[i].name,
				config->plugin_path);
	for (uint32_t i = 0; i < config->nsinks; i++)
		if (!plugin_find(config, config->sinks[i].plugin, path, sizeof(path)))
			finding(c,
				"[sink %s] plugin: there is no %s.so in %s; `platen plugins` "
				"lists what there is",
				config->sinks[i].name, config->sinks[i].plugin,
				config->plugin_path);
	for (uint32_t i = 0; i < config->nsinks; i++) {
		const struct place_kind *kind = place_find(config->sinks[i].plugin);

		if (kind != NULL)
			kind->check(&config->sinks[i], fault, c);
	}
	log_open("platen", LOG_NOTHING);
	trial_all(config, NULL, check_trial, c);
}

static void
check_gateway(struct check *c)
{
	const struct gateway_config *g = &c->config->gateway;
	struct gateway_files files;
	struct keyfile keys;
	struct why why;

	if (!config_is_gateway(c->config))
		return;
	if (!gateway_files_read(g, &files, &why))
		finding(c, "%s", why.text);
	gateway_files_free(&files);
	if (!keyfile_read(g->keys_file, &keys, &why))
		finding(c, "[gateway] keys_file: %s", why.text);
	else
		keyfile_free(&keys);
}

/* ---- the summary ---- */

static void
show_gateway(const struct config *c)
{
	const char *comma = "";

	if (!config_is_gateway(c))
		return;
	printf("%-10s at ", "gateway");
	for (uint32_t how = 0; how < GATE_HOWS; how++)
		for (uint32_t i = 0; i < c->gateway.nlisten[how]; i++) {
			printf("%s%s %s", comma, gate_how_word((enum gate_how)how),
				c->gateway.listen[how][i]);
			comma = ", ";
		}
	printf("; who may send stands in %s\n", c->gateway.keys_file);
}

static void
show_targets(const char *what, const char *const *targets, uint32_t n)
{
	struct pool *pool = pool_new();
	uint64_t addresses = 0;
	uint32_t names = 0;
	struct range range;
	struct why why;

	for (uint32_t i = 0; i < n; i++) {
		if (!range_parse(targets[i], pool, &range, &why))
			continue; /* config_read has let it pass: cannot be */
		addresses += range_count(&range);
		names += range.name != NULL;
	}
	printf("%-10s %" PRIu64 " address%s", what, addresses, addresses == 1 ? "" : "es");
	if (names > 0)
		printf(" and %u name%s", names, names == 1 ? "" : "s");
	for (uint32_t i = 0; i < n; i++)
		printf("%s%s", i == 0 ? " in " : ", ", targets[i]);
	putchar('\n');
	pool_free(pool);
}

static void
show_snmp(const struct config *c)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} versions[] = { { SNMP_V3, "3" }, { SNMP_V2C, "2c" }, { SNMP_V1, "1" } };
	const char *comma = "";

	printf("%-10s versions ", "snmp");
	for (size_t i = 0; i < COUNT(versions); i++)
		if ((c->lan.versions & versions[i].bit) != 0) {
			printf("%s%s", comma, versions[i].name);
			comma = ", ";
		}
	printf("; %u communit%s, %u user%s; port %u\n", c->lan.ncommunities,
		c->lan.ncommunities == 1 ? "y" : "ies", c->lan.nusers,
		c->lan.nusers == 1 ? "" : "s", c->port);
}

static void
show(const struct check *check)
{
	const struct config *c = check->config;
	char every[24];

	printf("%s: nothing is wrong\n", c->file);
	printf("%-10s %s%s%s\n", "site", *c->customer ? c->customer : "(no customer)",
		*c->site ? ", " : "", c->site);
	printf("%-10s %s\n", "state", c->state);
	show_targets("ranges", c->ranges, c->nranges);
	if (c->nexclude > 0)
		show_targets("exclude", c->exclude, c->nexclude);
	show_snmp(c);
	text_duration_say(c->every, every);
	printf("%-10s every printer every %s\n", "schedule", every);
	show_gateway(c);
	printf("%-10s %s\n", "plugins",
		check->plugins.n > 0 ? (const char *)check->plugins.p : "none");
	for (uint32_t i = 0; i < c->nsinks; i++)
		printf("%-10s %s, by %s\n", "sink", c->sinks[i].name, c->sinks[i].plugin);
	if (c->nsinks == 0)
		printf("%-10s none: records are kept and go nowhere\n", "sink");
}

static int
run(int argc, char **argv)
{
	struct check c = { 0 };
	const char *file = NULL;
	const struct cmd_option options[] = { OPTION_CONFIG(&file) };
	int status, first = options_read(&cmd_check, options, COUNT(options), argc, argv, &status);
	struct config *config;

	if (first < 0)
		return status;
	if (first < argc)
		return options_wrong(&cmd_check, "\"%s\" is too much", argv[first]);
	config = config_read(file, fault, &c);
	if ((c.config = config) != NULL) {
		check_state(&c);
		check_keys(&c);
		check_plugins(&c);
		check_gateway(&c);
		if (c.findings == 0)
			show(&c);
	}
	config_free(config);
	buf_free(&c.plugins);
	return c.findings == 0 ? EXIT_DONE : EXIT_SOME;
}

const struct cmd cmd_check = {
	.name = "check",
	.synopsis = "[-c FILE]",
	.summary = "say everything wrong with the INI and the plugins",
	.more = "Exit status: 0 nothing is wrong, 1 something is.",
	.run = run,
};
