/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config.h - the site's INI, checked whole before anything acts on it.
 *
 * config_read says everything that is wrong, not only the first thing; a file
 * with a fault gives no config at all.  conf/platen.ini shows every key with
 * its default.  Secrets are read here, from the files the INI names.
 */
#ifndef PLATEN_CONFIG_H
#define PLATEN_CONFIG_H

#include "message_gate.h"
#include "process/worker.h"

#define CONFIG_DEFAULT "/etc/platen/platen.ini"

/* Outside sizes. */
#define MAX_SECRET 256 /* bytes of a secret in a file */

enum sink_take { TAKE_ALL, TAKE_URGENT };
/* What a section grants its plugin. */
enum sink_allow { ALLOW_NOTHING, ALLOW_NETWORK };

/* [plugin NAME] */
struct plugin_config {
	const char *name;
	bool enabled;
	const char *sha256; /* in hexadecimal, "" : any */
	uint32_t nreach; /* 0: the plugin's own */
	const char **reach;
	const char *profiles; /* folder with profiles, "" : none */
	uint32_t noptions;
	struct option *options;
};

/* [sink NAME] */
struct sink_config {
	const char *name;
	const char *plugin;
	uint64_t every; /* ms: how long a record may wait for company */
	uint64_t retry_min; /* ms */
	uint64_t retry_max;
	enum sink_take take;
	enum sink_allow allow;
	const char *password; /* of the database, also among the options; NULL: none */
	const char *after_text; /* as it stands in the INI */
	const char *standby_of; /* the sink it steps in for; NULL: it delivers always */
	uint64_t after; /* ms: when that one has not delivered for so long */
	uint32_t noptions;
	struct option *options; /* of the plugin, and of its place: path, max_size, ... */
};

/* [gateway] */
struct gateway_config {
	uint32_t nlisten[GATE_HOWS];
	const char **listen[GATE_HOWS]; /* addresses, by enum gate_how */
	const char *cert_file, *key_file, *client_ca_file; /* "" : none */
	const char *keys_file;
	struct gate_settings limits; /* what is in it of files and addresses is not filled in */
};

struct config {
	const char *file; /* where it came from, "built-in defaults" without one */

	/* [site] */
	const char *customer, *site, *state;
	enum sandbox sandbox;

	/* [discover] */
	uint32_t nranges, nexclude;
	const char **ranges, **exclude;
	uint64_t discover_every; /* ms, 0: never by itself */
	uint32_t rate; /* packets a second */

	/* [snmp], [snmpv3 NAME], [http] */
	uint16_t port;
	struct lan_settings lan;

	/* [schedule] */
	uint64_t every; /* ms between two visits of one printer */
	uint32_t window_from, window_until; /* minutes of the local day; equal: all day */
	uint32_t jitter; /* percent of every */
	uint32_t concurrency; /* printers asked at one time */

	/* [spool] */
	uint64_t spool_max_size; /* bytes */
	uint64_t spool_max_age; /* ms */

	struct gateway_config gateway;

	/* [plugins] */
	const char *plugin_path; /* folders, separated by ':' */
	const char *keys; /* folder with the public keys of those who sign plugins */
	bool require_signed;
	uint32_t nplugins;
	struct plugin_config *plugins;
	uint32_t nsinks;
	struct sink_config *sinks;

	struct pool *pool; /* holds all of it */
};

/*
 * Read the INI.  file NULL: CONFIG_DEFAULT where it exists, else the built-in
 * defaults.  NULL: there were faults; each has been given to fault() as one line
 * that names file, line, what, why and what to do.
 */
struct config *config_read(const char *file, void (*fault)(void *arg, const char *line), void *arg);
void config_free(struct config *);

/* The section of a plugin, or NULL when the INI has none (it is enabled then). */
const struct plugin_config *config_plugin(const struct config *, const char *name);

/* Is there a listener in [gateway]? */
bool config_is_gateway(const struct config *);

/* The value of an option in a list, or NULL. */
const char *option_value(const struct option *, uint32_t n, const char *key);

#endif
