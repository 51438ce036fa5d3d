/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.c - from the sections of the INI to struct config.
 *
 * What single values must look like stands in config_keys.c; here is what
 * belongs together: which sections there are, what they may hold, and keys
 * that need or exclude each other.  A fault stops nothing: all are told.
 */
#include "config/config.h"

#include "config/config_keys.h"
#include "config/inifile.h"
#include "config/profiles.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct reading {
	struct config *config;
	struct ini_section *sections;
	const char *folder; /* of the INI */
	struct faults faults;
};

/* ---- keys that need or exclude each other ---- */

static bool
is_set(const struct ini_section *s, const char *key)
{
	const struct ini_entry *e = ini_find(s, key);

	return e != NULL && *e->value != 0;
}

static uint32_t
line_of(const struct ini_section *s, const char *key)
{
	const struct ini_entry *e = ini_find(s, key);

	return e != NULL ? e->line : s->line;
}

/* A kind of protection and its password: both or neither. */
static void
check_password(struct reading *r, const struct ini_section *s, const char *key, const char **how)
{
	char file[32];
	bool on = *how != NULL && strcmp(*how, "none") != 0;

	if (*how == NULL) /* a fault already */
		return;
	snprintf(file, sizeof(file), "%s_password_file", key);
	if (on && !is_set(s, file))
		fault_add(&r->faults, line_of(s, key),
			SECTION " %s: must be set because %s = %s; write the password into a file "
				"and name it",
			SAY(s), file, key, *how);
	if (!on && is_set(s, file))
		fault_add(&r->faults, line_of(s, file),
			SECTION " %s: is set, but %s is none; say which %s, or remove the password",
			SAY(s), file, key, key);
	if (!on)
		*how = ""; /* what the lan role calls none */
}

static void
check_user(struct reading *r, const struct ini_section *s, void *base)
{
	struct snmp_user *u = base;
	bool known = u->auth != NULL && u->priv != NULL;

	check_password(r, s, "auth", &u->auth);
	check_password(r, s, "priv", &u->priv);
	if (known && *u->auth == 0 && *u->priv != 0)
		fault_add(&r->faults, line_of(s, "priv"),
			SECTION " priv: SNMPv3 has no encryption without auth; set auth and "
				"auth_password_file",
			SAY(s));
	u->auth_password = u->auth_password != NULL ? u->auth_password : "";
	u->priv_password = u->priv_password != NULL ? u->priv_password : "";
}

static void
check_snmp(struct reading *r, const struct ini_section *s, void *base)
{
	const struct lan_settings *lan = &r->config->lan;
	uint32_t line = line_of(s, "versions");

	(void)base;
	if (lan->versions == 0) /* a fault already */
		return;
	if (lan->nusers > 0 && (lan->versions & SNMP_V3) == 0)
		fault_add(&r->faults, line,
			"[snmp] versions: there is a section [snmpv3 %s], but version 3 is not "
			"used; add 3",
			lan->users[0].name);
	if (lan->nusers == 0 && (lan->versions & SNMP_V3) != 0)
		fault_add(&r->faults, line,
			"[snmp] versions: there is no user for version 3; add a section "
			"[snmpv3 NAME], or remove the 3");
	if (lan->ncommunities == 0 && (lan->versions & (SNMP_V1 | SNMP_V2C)) != 0)
		fault_add(&r->faults, line_of(s, "communities"),
			"[snmp] communities: versions 1 and 2c need one; name it, or set "
			"versions = 3");
}

static void
profile_fault(void *arg, const char *line)
{
	struct reading *r = arg;

	fault_told(&r->faults, line);
}

/* The plugin can open no file: it is given the text. */
static void
check_plugin(struct reading *r, const struct ini_section *s, void *base)
{
	struct plugin_config *plugin = base;

	(void)s;
	if (plugin->profiles != NULL && *plugin->profiles != 0)
		profiles_read(plugin->profiles, plugin, r->config->pool, profile_fault, r);
}

/* What is allowed opens the jail as far as path or url say: one of them must. */
static void
check_grant(struct reading *r, const struct ini_section *s, struct sink_config *sink)
{
	bool network = sink->allow == ALLOW_NETWORK;

	if (network && !is_set(s, "path") && !is_set(s, "url"))
		fault_add(&r->faults, line_of(s, "allow"),
			SECTION " allow: network is for a database; name it with path or url, or "
				"remove the key",
			SAY(s));
	if (is_set(s, "password_file") && !network)
		fault_add(&r->faults, line_of(s, "password_file"),
			SECTION " password_file: is for a plugin with a network of its own; add "
				"allow = network, or remove the key",
			SAY(s));
	/* The plugin, which can open no file, is given what stands in it. */
	if (sink->password != NULL)
		sink->options[sink->noptions++] =
			(struct option){ "password_file", sink->password };
}

static void
check_sink(struct reading *r, const struct ini_section *s, void *base)
{
	struct sink_config *sink = base;

	if (sink->retry_min > sink->retry_max)
		fault_add(&r->faults, line_of(s, "retry_min"),
			SECTION " retry_min: is longer than retry_max; make it shorter", SAY(s));
	check_grant(r, s, sink);
}

/* What an https listener needs, and that somebody takes what arrives. */
static void
check_gateway(struct reading *r, const struct ini_section *s, void *base)
{
	const struct gateway_config *g = &r->config->gateway;

	(void)base;
	if (!config_is_gateway(r->config))
		return;
	if (g->nlisten[GATE_HTTPS] > 0 && (*g->cert_file == 0 || *g->key_file == 0))
		fault_add(&r->faults, line_of(s, "https"),
			"[gateway] https: needs cert_file and key_file; name the certificate of "
			"this gateway and its key");
	for (uint32_t i = 0; i < r->config->nsinks; i++)
		if (strcmp(r->config->sinks[i].plugin, "https") == 0 ||
			strcmp(r->config->sinks[i].plugin, "udp") == 0)
			fault_add(&r->faults, s->line,
				"[gateway]: [sink %s] would send other agents' records on, which "
				"no "
				"gateway takes; give it a database or a file, and let the agents "
				"name "
				"the other gateway",
				r->config->sinks[i].name);
	if (*g->client_ca_file != 0 && g->nlisten[GATE_HTTPS] == 0)
		fault_add(&r->faults, line_of(s, "client_ca_file"),
			"[gateway] client_ca_file: there is no https listener; set https, or "
			"remove it");
	if (r->config->nsinks == 0)
		fault_add(&r->faults, s->line,
			"[gateway]: nothing takes the records that arrive; add a section "
			"[sink NAME]");
}

/* ---- which sections there are ---- */

#define SEVERAL(type, where, n, max)                                                               \
	.size = sizeof(struct type), .list = offsetof(struct config, where),                       \
	.count = offsetof(struct config, n), .most = (max)
#define OPTIONS(type)                                                                              \
	.options = offsetof(struct type, options), .noptions = offsetof(struct type, noptions)

static const struct kind {
	const char *kind;
	/* Of those with a name there may be several, each a struct in a list of struct config. */
	size_t size; /* 0: no name, the keys go to struct config itself */
	size_t list, count;
	uint32_t most;
	size_t options, noptions; /* in the section's struct; 0: takes no keys but the table's */
	void (*check)(struct reading *, const struct ini_section *, void *);
} kinds[] = {
	{ .kind = "site" },
	{ .kind = "discover" },
	{ .kind = "snmpv3",
		SEVERAL(snmp_user, lan.users, lan.nusers, MAX_SNMP_USERS),
		.check = check_user },
	{ .kind = "snmp", .check = check_snmp }, /* after its users */
	{ .kind = "http" },
	{ .kind = "login", SEVERAL(web_login, lan.logins, lan.nlogins, MAX_WEB_LOGINS) },
	{ .kind = "schedule" },
	{ .kind = "spool" },
	{ .kind = "plugins" },
	{ .kind = "plugin",
		SEVERAL(plugin_config, plugins, nplugins, MAX_INI_SECTIONS),
		OPTIONS(plugin_config),
		.check = check_plugin },
	{ .kind = "sink",
		SEVERAL(sink_config, sinks, nsinks, MAX_INI_SECTIONS),
		OPTIONS(sink_config),
		.check = check_sink },
	{ .kind = "gateway", .check = check_gateway }, /* after the sinks */
	{ .kind = "privacy" },
};

/* The name of a section with a name goes to the first field of its struct. */
_Static_assert(offsetof(struct snmp_user, name) == 0, "");
_Static_assert(offsetof(struct web_login, name) == 0, "");
_Static_assert(offsetof(struct plugin_config, name) == 0, "");
_Static_assert(offsetof(struct sink_config, name) == 0, "");

/* A field of a struct by its offset. */
#define AT(type, base, offset) (*(type *)(void *)((char *)(base) + (offset)))

static const struct kind *
find_kind(const char *word)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].kind, word) == 0)
			return &kinds[i];
	return NULL;
}

/* A key that is the plugin's own: kept as it stands, the plugin knows what it means. */
static void
keep_option(struct reading *r, const struct kind *k, const struct ini_section *s,
	const struct ini_entry *e, void *base)
{
	struct option *list = AT(struct option *, base, k->options);

	if (strspn(e->key, "abcdefghijklmnopqrstuvwxyz_") != strlen(e->key))
		fault_add(&r->faults, e->line,
			SECTION " %s: no option is called so; they are made of a-z and _", SAY(s),
			e->key);
	else
		list[AT(uint32_t, base, k->noptions)++] = (struct option){ e->key, e->value };
}

static void
read_key(struct reading *r, const struct ini_section *s, const struct config_key *key, void *base)
{
	const struct ini_entry *e = ini_find(s, key->name);
	const char *text = e != NULL ? e->value : key->value;
	uint32_t line = e != NULL ? e->line : s->line;

	if (text == NULL)
		fault_add(&r->faults, line, SECTION " %s: must be set; it is %s", SAY(s), key->name,
			key->help);
	else if (e != NULL && e->more != 0 && !key_is_list(key))
		fault_add(&r->faults, e->more,
			SECTION " %s: is no list, so it cannot go on in a line that begins with a "
				"blank; remove the blank",
			SAY(s), key->name);
	else
		key_set(key, &(struct key_place){ s, line, r->folder }, text, base, &r->faults);
}

/* One section; s has no entries where the INI leaves it out. */
static void
read_section(struct reading *r, const struct kind *k, const struct ini_section *s, void *base)
{
	uint32_t n;
	const struct config_key *keys = config_keys(&n);

	for (uint32_t i = 0; i < n; i++)
		if (strcmp(keys[i].section, k->kind) == 0)
			read_key(r, s, &keys[i], base);
	if (k->options != 0)
		AT(struct option *, base, k->options) =
			pool_alloc(r->config->pool, (s->n + 1) * sizeof(struct option));
	for (const struct ini_entry *e = s->entries; e != NULL; e = e->next) {
		if (key_find(k->kind, e->key) != NULL)
			continue;
		if (k->options != 0)
			keep_option(r, k, s, e, base);
		else
			key_unknown(&r->faults, s, e);
	}
	if (k->check != NULL)
		k->check(r, s, base);
}

/* All sections of a kind that have a name. */
static void
read_named(struct reading *r, const struct kind *k)
{
	uint32_t room = 0, *n = &AT(uint32_t, r->config, k->count);
	struct why why;
	char *list;

	for (const struct ini_section *s = r->sections; s != NULL; s = s->next)
		room += strcmp(s->kind, k->kind) == 0;
	list = pool_alloc(r->config->pool, (room + 1) * k->size);
	memcpy((char *)r->config + k->list, &list, sizeof(list));
	for (const struct ini_section *s = r->sections; s != NULL; s = s->next) {
		if (strcmp(s->kind, k->kind) != 0)
			continue;
		if (*s->name == 0) {
			fault_add(&r->faults, s->line, "[%s]: needs a name; write [%s NAME]",
				k->kind, k->kind);
		} else if (!name_check(s->name, NULL, &why)) {
			fault_add(&r->faults, s->line, SECTION ": %s", SAY(s), why.text);
		} else if (*n == k->most) {
			fault_add(&r->faults, s->line,
				SECTION ": more than %u of them; leave some out", SAY(s), k->most);
		} else {
			char *base = list + (*n)++ * k->size;

			AT(const char *, base, 0) = s->name;
			read_section(r, k, s, base);
		}
	}
}

/* The one section of a kind without names. */
static void
read_single(struct reading *r, const struct kind *k)
{
	struct ini_section none = { .kind = k->kind, .name = "" };
	const struct ini_section *found = &none;

	for (const struct ini_section *s = r->sections; s != NULL; s = s->next) {
		if (strcmp(s->kind, k->kind) != 0)
			continue;
		if (*s->name != 0)
			fault_add(&r->faults, s->line, SECTION ": takes no name; write [%s]",
				SAY(s), k->kind);
		else
			found = s;
	}
	read_section(r, k, found, r->config);
}

/* ---- the whole ---- */

static const char *
folder_of(struct pool *pool, const char *file)
{
	const char *slash = strrchr(file, '/');
	char *folder = slash == NULL ? mem_string(".") : mem_string_n(file, (size_t)(slash - file));
	const char *kept = pool_string(pool, folder);

	free(folder);
	return kept;
}

static void
read_all(struct reading *r)
{
	for (const struct ini_section *s = r->sections; s != NULL; s = s->next)
		if (find_kind(s->kind) == NULL)
			section_unknown(&r->faults, s);
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].size > 0)
			read_named(r, &kinds[i]);
		else
			read_single(r, &kinds[i]);
	standbys_check(r->config, r->sections, &r->faults);
}

struct config *
config_read(const char *file, void (*fault)(void *arg, const char *line), void *arg)
{
	struct pool *pool = pool_new();
	struct reading *r = pool_alloc(pool, sizeof(*r));
	bool given = file != NULL;

	if (!given && (access(CONFIG_DEFAULT, F_OK) == 0 || errno != ENOENT)) {
		file = CONFIG_DEFAULT;
		given = true;
	}
	r->config = pool_alloc(pool, sizeof(*r->config));
	r->config->pool = pool;
	r->config->file = given ? pool_string(pool, file) : "built-in defaults";
	r->folder = folder_of(pool, given ? r->config->file : CONFIG_DEFAULT);
	r->faults.file = r->config->file;
	r->faults.pool = pool;
	if (given)
		r->sections = ini_read(file, &r->faults);
	read_all(r);
	if (r->faults.n == 0)
		return r->config;
	faults_tell(&r->faults, fault, arg);
	pool_free(pool);
	return NULL;
}

void
config_free(struct config *c)
{
	if (c != NULL)
		pool_free(c->pool);
}

const struct plugin_config *
config_plugin(const struct config *c, const char *name)
{
	for (uint32_t i = 0; i < c->nplugins; i++)
		if (strcmp(c->plugins[i].name, name) == 0)
			return &c->plugins[i];
	return NULL;
}

bool
config_is_gateway(const struct config *c)
{
	for (int how = 0; how < GATE_HOWS; how++)
		if (c->gateway.nlisten[how] > 0)
			return true;
	return false;
}

const char *
option_value(const struct option *options, uint32_t n, const char *key)
{
	for (uint32_t i = 0; i < n; i++)
		if (strcmp(options[i].key, key) == 0)
			return options[i].value;
	return NULL;
}
