/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_keys.c - the table of all keys, and what texts in it must look like.
 *
 * A default stands here and nowhere else.
 */
#include "config/config_keys.h"

#include "config/config.h"
#include "net/address.h"
#include "net/net.h"

#include <string.h>

#ifndef PLATEN_PLUGIN_DIR
#define PLATEN_PLUGIN_DIR "/usr/local/lib/platen/plugins"
#endif

/* ---- what single values must look like ---- */

/* Where nothing is ever sent, whatever the INI says. */
static const struct {
	uint16_t first, last;
	const char *why;
} closed_ports[] = {
	{ 9100, 9107, "printers print whatever arrives there" },
	{ 515, 515, "it is LPD, and printers print what arrives there" },
	{ 9999, 9999, "it is a maintenance port, and some printers take commands there" },
	{ 631, 631, "it is IPP, which this version does not speak" },
};

bool
port_check(uint32_t port, struct why *why)
{
	for (size_t i = 0; i < COUNT(closed_ports); i++)
		if (port >= closed_ports[i].first && port <= closed_ports[i].last)
			return why_set(why, "nothing is ever sent to port %u: %s; leave it out",
				port, closed_ports[i].why);
	return true;
}

static bool
target_check(const char *text, struct pool *pool, struct why *why)
{
	struct why inner;
	struct range r;

	if (!range_parse(text, pool, &r, &inner))
		return why_set(why, "%.400s%s", inner.text,
			strchr(inner.text, ';') != NULL ? ""
							: "; write 192.168.1.20, 10.0.0.0/24, "
							  "10.0.0.1-10.0.0.99 or a host name");
	return port_check(r.port, why);
}

static bool
http_port_check(const char *text, struct pool *pool, struct why *why)
{
	const char *colon = strchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;
	uint32_t port;

	(void)pool;
	if (!(n == 4 && strncmp(text, "http", n) == 0) &&
		!(n == 5 && strncmp(text, "https", n) == 0))
		return why_set(why, "\"%s\" does not begin with http: or https:; write https:443",
			text);
	if (!text_u32(colon + 1, 1, UINT16_MAX, &port))
		return why_set(why, "\"%s\" has no port from 1 to 65535; write https:443", text);
	return port_check(port, why);
}

static bool
reach_check(const char *text, struct pool *pool, struct why *why)
{
	(void)pool;
	if (!reach_valid(text))
		return why_set(why, "\"%s\" is no reach; write oid 1.3.6.1.2.1.43 or get /path",
			text);
	return true;
}

static bool
sha256_check(const char *text, struct pool *pool, struct why *why)
{
	size_t n = strspn(text, "0123456789abcdefABCDEF");

	(void)pool;
	if (text[n] != 0 || (n != 64 && n != 0))
		return why_set(why,
			"\"%s\" is no SHA-256; write the 64 digits that sha256sum prints", text);
	return true;
}

/* ADDRESS:PORT; port 0 is any that is free. */
static bool
listen_check(const char *text, struct pool *pool, struct why *why)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;
	bool bracket = n > 2 && text[0] == '[' && text[n - 1] == ']';
	struct address a;
	uint32_t port;
	char *host;

	if (colon == NULL || !text_u32(colon + 1, 0, UINT16_MAX, &port))
		return why_set(why,
			"\"%s\" has no port; write ADDRESS:PORT, 0.0.0.0:443 or [::]:443", text);
	host = pool_string(pool, text + bracket);
	host[n - 2 * bracket] = 0;
	if (!address_parse(host, 0, &a) || a.v6 != bracket)
		return why_set(why,
			"\"%s\" is no IP address with a port; write 0.0.0.0:443, or [::]:443 with "
			"brackets",
			text);
	return true;
}

bool
name_check(const char *text, struct pool *pool, struct why *why)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	(void)pool;
	if (n == 0 || text[n] != 0 || n > 31)
		return why_set(why, "\"%s\" is no name; use at most 31 of a-z, 0-9 and -", text);
	return true;
}

/* ---- the table ---- */

static const struct word sandboxes[] = {
	{ "auto", SANDBOX_AUTO },
	{ "require", SANDBOX_REQUIRE },
	{ "off", SANDBOX_OFF },
	{ 0 },
};
static const struct word versions[] = {
	{ "1", SNMP_V1 },
	{ "2c", SNMP_V2C },
	{ "3", SNMP_V3 },
	{ 0 },
};
static const struct word auths[] = {
	{ "none", 0 },
	{ "md5", 0 },
	{ "sha", 0 },
	{ "sha224", 0 },
	{ "sha256", 0 },
	{ "sha384", 0 },
	{ "sha512", 0 },
	{ 0 },
};
static const struct word privs[] = {
	{ "none", 0 },
	{ "des", 0 },
	{ "aes", 0 },
	{ "aes192", 0 },
	{ "aes256", 0 },
	{ 0 },
};
static const struct word trusts[] = {
	{ "pin", TLS_PIN },
	{ "any", TLS_ANY },
	{ "ca", TLS_CA },
	{ 0 },
};
static const struct word takes[] = {
	{ "all", TAKE_ALL },
	{ "urgent", TAKE_URGENT },
	{ 0 },
};

static const struct word allows[] = {
	{ "nothing", ALLOW_NOTHING },
	{ "network", ALLOW_NETWORK },
	{ 0 },
};

#define IN(field) .at = offsetof(struct config, field)
#define OF(type, field) .at = offsetof(struct type, field)
#define AND(field) .and = offsetof(struct config, field)
#define LISTEN(how) IN(gateway.listen[how]), AND(gateway.nlisten[how])
#define FROM_TO(a, b) .least = (a), .most = (b)

static const struct config_key keys[] = {
	{ "site", "customer", KEY_TEXT, "", IN(customer),
		.help = "the customer's number or name at the dealer; stands in every record" },
	{ "site", "name", KEY_TEXT, "", IN(site),
		.help = "which of the customer's sites this is; stands in every record" },
	{ "site", "state", KEY_PATH, "/var/lib/platen", IN(state),
		.help = "folder for the records that are kept and the printers that are known" },
	{ "site", "sandbox", KEY_WORD, "auto", IN(sandbox), .words = sandboxes,
		.help = "jail of the processes: auto (what the kernel can), require (all), off" },

	{ "discover", "ranges", KEY_LIST, "", IN(ranges), AND(nranges), .check = target_check,
		FROM_TO("0", "4096"), .help = "TARGETs to look for printers in" },
	{ "discover", "exclude", KEY_LIST, "", IN(exclude), AND(nexclude), .check = target_check,
		FROM_TO("0", "4096"), .help = "TARGETs that are never spoken to" },
	{ "discover", "every", KEY_DURATION, "1d", IN(discover_every), FROM_TO("0s", "90d"),
		.help = "how often to look; 0s: only when `platen discover` is called" },
	{ "discover", "rate", KEY_NUMBER, "50", IN(rate), FROM_TO("1", "1000000"),
		.help = "packets a second while looking" },

	{ "snmp", "port", KEY_PORT, "161", IN(port), FROM_TO("1", "65535"),
		.help = "UDP port of the printers" },
	{ "snmp", "versions", KEY_WORDS, "2c, 1", IN(lan.versions), .words = versions,
		.help = "versions to try: 1, 2c, 3" },
	{ "snmp", "communities", KEY_LIST, "public", IN(lan.communities), AND(lan.ncommunities),
		FROM_TO("0", "32"),
		.help = "communities to try for versions 1 and 2c, in this order" },
	{ "snmp", "timeout", KEY_DURATION, "2s", IN(lan.timeout), FROM_TO("100ms", "30s"),
		.help = "how long to wait for one answer" },
	{ "snmp", "retries", KEY_NUMBER, "2", IN(lan.retries), FROM_TO("0", "10"),
		.help = "how often to ask again when no answer comes" },

	{ "snmpv3", "user", KEY_TEXT, NULL, OF(snmp_user, user),
		.help = "the user as the printers know it" },
	{ "snmpv3", "auth", KEY_CHOICE, "none", OF(snmp_user, auth), .words = auths,
		.help = "how it proves itself: none, md5, sha, sha224, sha256, sha384, sha512" },
	{ "snmpv3", "auth_password_file", KEY_SECRET, "", OF(snmp_user, auth_password),
		FROM_TO("8", NULL),
		.help = "file whose first line is the password for auth, 8 bytes or more" },
	{ "snmpv3", "priv", KEY_CHOICE, "none", OF(snmp_user, priv), .words = privs,
		.help = "encryption: none, des, aes, aes192, aes256; needs auth" },
	{ "snmpv3", "priv_password_file", KEY_SECRET, "", OF(snmp_user, priv_password),
		FROM_TO("8", NULL),
		.help = "file whose first line is the password for priv, 8 bytes or more" },
	{ "snmpv3", "match", KEY_ITEMS, "", OF(snmp_user, match), .check = target_check,
		FROM_TO("0", "64"), .help = "TARGETs this user is for; empty: all printers" },

	{ "http", "ports", KEY_LIST, "https:443, http:80", IN(lan.ports), AND(lan.nports),
		.check = http_port_check, FROM_TO("0", "8"),
		.help = "where printers have their pages, in the order of trying" },
	{ "http", "timeout", KEY_DURATION, "15s", IN(lan.http_timeout), FROM_TO("1s", "60s"),
		.help = "how long one page may take" },
	/* As ssh does it: nearly all printers made their keys themselves, and keep them. */
	{ "http", "tls", KEY_WORD, "pin", IN(lan.tls), .words = trusts,
		.help = "keys taken from printers: the one seen first (pin), any, or only those an "
			"authority has signed (ca)" },

	{ "http", "tls_ca", KEY_ITEMS, "", IN(lan.tls_ca), .check = target_check,
		FROM_TO("0", "64"),
		.help = "TARGETs whose keys an authority has to have signed, whatever tls says" },
	{ "http", "tls_any", KEY_ITEMS, "", IN(lan.tls_any), .check = target_check,
		FROM_TO("0", "64"), .help = "TARGETs whose keys are not looked at" },

	{ "login", "match", KEY_ITEMS, NULL, OF(web_login, match), .check = target_check,
		FROM_TO("1", "64"), .help = "TARGETs this log-in is for" },
	{ "login", "user", KEY_TEXT, "admin", OF(web_login, user),
		.help = "the user as the printers' web pages know it" },
	{ "login", "password_file", KEY_SECRET, NULL, OF(web_login, password), FROM_TO("1", NULL),
		.help = "file whose first line is the password" },

	{ "schedule", "every", KEY_DURATION, "4h", IN(every), FROM_TO("1s", "30d"),
		.help = "how often each printer is read" },
	{ "schedule", "window", KEY_WINDOW, "always", IN(window_from), AND(window_until),
		.help = "local time of day in which printers are read: always, or 08:00-18:00" },
	{ "schedule", "jitter", KEY_NUMBER, "10", IN(jitter), FROM_TO("0", "50"),
		.help = "percent of `every` by which visits are spread" },
	{ "schedule", "concurrency", KEY_NUMBER, "64", IN(concurrency), FROM_TO("1", "1000"),
		.help = "printers asked at the same time" },

	{ "spool", "max_size", KEY_SIZE, "64m", IN(spool_max_size), FROM_TO("1m", "64g"),
		.help = "bytes of records kept at most; the oldest go first" },
	{ "spool", "max_age", KEY_DURATION, "90d", IN(spool_max_age), FROM_TO("1h", "3650d"),
		.help = "how long a record is kept at most" },

	{ "plugins", "path", KEY_PATHS, PLATEN_PLUGIN_DIR, IN(plugin_path),
		.help = "folders with plugins, separated by ':'" },
	{ "plugins", "keys", KEY_PATH, "keys", IN(keys),
		.help = "folder with the public keys of those who may sign plugins" },
	{ "plugins", "require_signed", KEY_YES_NO, "no", IN(require_signed),
		.help = "yes: load only plugins with a signature by one of the keys" },

	{ "plugin", "enabled", KEY_YES_NO, "yes", OF(plugin_config, enabled),
		.help = "no: do not load it" },
	{ "plugin", "sha256", KEY_TEXT, "", OF(plugin_config, sha256), .check = sha256_check,
		.help = "load its file only if its SHA-256 is this" },
	{ "plugin", "reach", KEY_LIST, "", OF(plugin_config, reach),
		.and = offsetof(struct plugin_config, nreach), .check = reach_check,
		FROM_TO("0", "256"),
		.help = "narrow what it may ask to these; empty: all that it declares" },
	{ "plugin", "profiles", KEY_FILE, "", OF(plugin_config, profiles),
		.help = "folder with files *.ini for the plugin profile, each a model; its reach "
			"is "
			"what they name" },

	{ "sink", "plugin", KEY_TEXT, NULL, OF(sink_config, plugin), .check = name_check,
		.help = "the plugin that delivers" },
	{ "sink", "every", KEY_DURATION, "1m", OF(sink_config, every), FROM_TO("0s", "1d"),
		.help = "how long a record may wait for others to go with it" },
	{ "sink", "retry_min", KEY_DURATION, "10s", OF(sink_config, retry_min),
		FROM_TO("100ms", "1h"),
		.help = "first pause after a failure; it doubles each time" },
	{ "sink", "retry_max", KEY_DURATION, "1h", OF(sink_config, retry_max),
		FROM_TO("100ms", "1d"), .help = "longest pause between two tries" },
	{ "sink", "take", KEY_WORD, "all", OF(sink_config, take), .words = takes,
		.help = "which records: all, or urgent (those with a new fault)" },
	{ "sink", "allow", KEY_WORD, "nothing", OF(sink_config, allow), .words = allows,
		.help = "nothing, or network: the plugin may reach the database that path or url "
			"names" },
	{ "sink", "password_file", KEY_SECRET, "", OF(sink_config, password), FROM_TO("1", NULL),
		.help = "file whose first line is the password of the database; needs allow = "
			"network" },
	{ "sink", "after", KEY_ITEMS, "", OF(sink_config, after_text), .check = after_check,
		FROM_TO("0", "1"),
		.help = "NAME DURATION: deliver only when sink NAME has not for so long" },

	{ "gateway", "https", KEY_LIST, "", LISTEN(GATE_HTTPS), FROM_TO("0", "8"),
		.check = listen_check, .help = "addresses to take uploads of agents at, with TLS" },
	{ "gateway", "http", KEY_LIST, "", LISTEN(GATE_HTTP), FROM_TO("0", "8"),
		.check = listen_check,
		.help = "the same without TLS: only sealed uploads are taken there" },
	{ "gateway", "tcp", KEY_LIST, "", LISTEN(GATE_TCP), FROM_TO("0", "8"),
		.check = listen_check, .help = "addresses for sealed frames over TCP" },
	{ "gateway", "udp", KEY_LIST, "", LISTEN(GATE_UDP), FROM_TO("0", "8"),
		.check = listen_check, .help = "addresses for sealed datagrams" },
	{ "gateway", "cert_file", KEY_FILE, "", IN(gateway.cert_file),
		.help = "certificate of this gateway and those above it, PEM" },
	{ "gateway", "key_file", KEY_FILE, "", IN(gateway.key_file),
		.help = "its private key, PEM, readable by platen only" },
	{ "gateway", "client_ca_file", KEY_FILE, "", IN(gateway.client_ca_file),
		.help = "authorities whose certificates agents may show instead of a token, PEM" },
	{ "gateway", "keys_file", KEY_PATH, "gateway.keys", IN(gateway.keys_file),
		.help = "what `platen keys` keeps: who may send" },
	{ "gateway", "max_body", KEY_SIZE, "8m", IN(gateway.limits.max_body), FROM_TO("64k", "8m"),
		.help = "bytes of one upload, unpacked" },
	{ "gateway", "timeout", KEY_DURATION, "60s", IN(gateway.limits.timeout),
		FROM_TO("1s", "10m"), .help = "how long one upload may take" },
	{ "gateway", "requests", KEY_NUMBER, "120", IN(gateway.limits.requests),
		FROM_TO("1", "100000"), .help = "uploads a minute of one agent" },
	{ "gateway", "connections", KEY_NUMBER, "1000", IN(gateway.limits.connections),
		FROM_TO("1", "10000"), .help = "connections at one time" },
	{ "gateway", "connections_per_address", KEY_NUMBER, "100",
		IN(gateway.limits.connections_each), FROM_TO("1", "10000"),
		.help = "connections of one address at one time" },

	{ "privacy", "location", KEY_DROP, "drop", .help = "where the printer says it stands" },
	{ "privacy", "contact", KEY_DROP, "drop", .help = "whom the printer names as its contact" },
	{ "privacy", "hostname", KEY_DROP, "drop", .help = "the printer's name in the network" },
	{ "privacy", "users", KEY_DROP, "drop", .help = "who printed" },
};

const struct config_key *
config_keys(uint32_t *n)
{
	*n = COUNT(keys);
	return keys;
}

const struct config_key *
key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < COUNT(keys); i++)
		if ((section == NULL || strcmp(keys[i].section, section) == 0) &&
			strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}
