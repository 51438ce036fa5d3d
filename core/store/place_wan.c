/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place_wan.c - the options of a sink that sends to dealers; see place_wan.h.
 *
 * Secrets come from files that are closed to others.  Everything wrong is told,
 * not only the first.
 */
#include "store/place_wan.h"

#include "base/readfile.h"
#include "config/config_keys.h"
#include "net/net.h"
#include "net/seal_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_TIMEOUT "30s"
#define PEM_MOST (1u << 20) /* bytes of a file with certificates */
#define PIN_LENGTH 44 /* base64 of SHA-256 */

struct reading {
	const struct sink_config *config;
	struct pool *pool;
	struct wan_place *place;
	place_fault_fn *fault;
	void *arg;
	bool good;
};

static void wrong(struct reading *, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void
wrong(struct reading *r, const char *key, const char *fmt, ...)
{
	char what[512];
	struct why why;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	why_set(&why, "[sink %s] %s: %s", r->config->name, key, what);
	r->good = false;
	r->fault(r->arg, why.text);
}

static const char *
option(const struct reading *r, const char *key)
{
	const char *value = option_value(r->config->options, r->config->noptions, key);

	return value != NULL ? value : "";
}

/* ---- lists ---- */

static const char **
items(struct reading *r, const char *key, uint32_t most, uint32_t *n)
{
	const char **list = pool_alloc(r->pool, (most + 1) * sizeof(*list));
	char *rest = pool_string(r->pool, option(r, key)), *item;

	*n = 0;
	while ((item = text_item(&rest)) != NULL) {
		if (*n == most) {
			wrong(r, key, "more than %u of them; leave some out", most);
			break;
		}
		if (*item != 0)
			list[(*n)++] = item;
	}
	return list;
}

static void
read_pins(struct reading *r)
{
	struct wan_place *p = r->place;

	p->pins = items(r, "pin", MAX_WAN_PINS, &p->npins);
	for (uint32_t i = 0; i < p->npins; i++) {
		const char *pin = p->pins[i];

		if (strncmp(pin, "sha256//", 8) == 0)
			p->pins[i] = pin += 8;
		if (strlen(pin) != PIN_LENGTH || pin[PIN_LENGTH - 1] != '=' ||
			strspn(pin,
				"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				"+/") != PIN_LENGTH - 1)
			wrong(r, "pin",
				"\"%.60s\" is no pin; write the SHA-256 of the server's public "
				"key in base64, %d characters",
				pin, PIN_LENGTH);
	}
}

static void
read_https_server(struct reading *r, const char *text)
{
	struct why why;
	struct url url;

	if (!url_parse(text, r->pool, &url, &why))
		wrong(r, "servers", "%s", why.text);
	else if (strcmp(url.scheme, "http") == 0 && *option(r, "seal_key_file") == 0)
		wrong(r, "servers",
			"%.200s: records do not leave in clear; write https://, or set "
			"seal_key_file, which seals them",
			text);
	else if (strcmp(url.scheme, "https") != 0 && strcmp(url.scheme, "http") != 0)
		wrong(r, "servers", "%.200s is neither https:// nor http://", text);
	else if (!port_check(url.port, &why))
		wrong(r, "servers", "%s", why.text);
}

/* ---- files ---- */

static bool
is_path(struct reading *r, const char *key)
{
	const char *path = option(r, key);

	if (*path != 0 && *path != '/')
		wrong(r, key, "%.200s: must name a file, from / on", path);
	return *path == '/';
}

/* The first line of a file that is closed to others. */
static const char *
secret(struct reading *r, const char *key)
{
	const char *text = "";
	struct why why;

	if (is_path(r, key) && !secret_read(option(r, key), r->pool, &text, &why))
		wrong(r, key, "%s", why.text);
	return text;
}

/* All of a file with certificates, or, when closed, with a key. */
static const char *
pem(struct reading *r, const char *key, bool closed)
{
	const char *path = option(r, key), *text = "";
	struct buf b = { 0 };
	struct why why;

	if (!is_path(r, key))
		return "";
	if (closed && !secret_file_closed(path, &why))
		wrong(r, key, "%s", why.text);
	else if (!file_read(path, PEM_MOST, &b, &why))
		wrong(r, key, "%s %s", path, why.text);
	else
		text = pool_string(r->pool, b.n > 0 ? (const char *)b.p : "");
	if (b.p != NULL)
		explicit_bzero(b.p, b.n);
	buf_free(&b);
	return text;
}

static void
read_certificates(struct reading *r)
{
	struct wan_place *p = r->place;
	struct why why;

	p->ca = pem(r, "ca_file", false);
	if (*p->ca != 0 && !pem_check_certificates(p->ca, &why))
		wrong(r, "ca_file", "%s %s", option(r, "ca_file"), why.text);
	p->cert = pem(r, "cert_file", false);
	p->key = pem(r, "key_file", true);
	if ((*option(r, "cert_file") != 0) != (*option(r, "key_file") != 0))
		wrong(r, *option(r, "cert_file") != 0 ? "key_file" : "cert_file",
			"must be set, too: a certificate and its key go together");
	else if (*p->cert != 0 && *p->key != 0 && !pem_check_pair(p->cert, p->key, &why))
		wrong(r, "cert_file", "%s", why.text);
}

/* ---- the proxy ---- */

static bool
is_proxy(const char *scheme)
{
	return strcmp(scheme, "http") == 0 || strcmp(scheme, "socks5") == 0 ||
		strcmp(scheme, "socks5h") == 0;
}

static void
read_proxy(struct reading *r)
{
	struct wan_place *p = r->place;
	struct why why;
	struct url url;

	p->proxy = option(r, "proxy");
	p->proxy_user = option(r, "proxy_user");
	p->proxy_password = secret(r, "proxy_password_file");
	if (*p->proxy == 0) {
		if (*p->proxy_user != 0 || *p->proxy_password != 0)
			wrong(r, "proxy", "must be set, as there is a user or password for it");
		return;
	}
	if (!url_parse(p->proxy, r->pool, &url, &why))
		wrong(r, "proxy", "%s", why.text);
	else if (!is_proxy(url.scheme))
		wrong(r, "proxy", "%.200s is neither http:// nor socks5://", p->proxy);
	else if (strstr(strstr(p->proxy, "://") + 3, ":") == NULL || url.port == 0)
		wrong(r, "proxy", "%.200s names no port; write http://proxy.example:3128",
			p->proxy);
	else if (!port_check(url.port, &why))
		wrong(r, "proxy", "%s", why.text);
	if ((*p->proxy_user != 0) != (*option(r, "proxy_password_file") != 0))
		wrong(r, "proxy_user", "and proxy_password_file go together; set both");
}

/* ---- the whole ---- */

static void
read_servers(struct reading *r, const char *example, void (*read)(struct reading *, const char *))
{
	struct wan_place *p = r->place;

	p->servers = items(r, "servers", MAX_WAN_SERVERS, &p->nservers);
	if (p->nservers == 0)
		wrong(r, "servers", "names no server; write %s", example);
	for (uint32_t i = 0; i < p->nservers; i++)
		read(r, p->servers[i]);
}

/* The seal key; "" where none is set. */
static const char *
seal_key(struct reading *r)
{
	const char *text = secret(r, "seal_key_file");
	struct seal_secret parsed;
	struct why why;

	if (*text != 0 && !seal_secret_parse(text, &parsed, &why)) {
		wrong(r, "seal_key_file", "%s %s", option(r, "seal_key_file"), why.text);
		text = "";
	}
	explicit_bzero(&parsed, sizeof(parsed));
	return text;
}

static void
read_version(struct reading *r)
{
	const char *text = option(r, "http_version");

	r->place->http2 = strcmp(text, "1.1") != 0;
	if (*text != 0 && r->place->http2 && strcmp(text, "2") != 0)
		wrong(r, "http_version", "must be 2 or 1.1");
}

static void
read_timeout(struct reading *r)
{
	const char *text = option(r, "timeout");
	uint64_t *ms = &r->place->timeout;

	if (!text_duration(*text != 0 ? text : DEFAULT_TIMEOUT, ms) || *ms < 1000 || *ms > 100000)
		wrong(r, "timeout", "must be from 1s to 100s");
}

static void
read_https(struct reading *r)
{
	struct wan_place *place = r->place;

	place->kind = WAN_HTTPS;
	read_servers(r, "https://HOST/PATH", read_https_server);
	read_pins(r);
	read_certificates(r);
	place->token = secret(r, "token_file");
	read_proxy(r);
	read_timeout(r);
	read_version(r);
}

static void
read_frames_server(struct reading *r, const char *text)
{
	struct why why;
	struct url url;

	if (!url_parse(text, r->pool, &url, &why))
		wrong(r, "servers", "%s", why.text);
	else if (strcmp(url.scheme, "udp") != 0 && strcmp(url.scheme, "tcp") != 0)
		wrong(r, "servers", "%.200s is neither udp:// nor tcp://", text);
	else if (url.port == 0)
		wrong(r, "servers", "%.200s names no port; write udp://HOST:PORT", text);
	else if (!port_check(url.port, &why))
		wrong(r, "servers", "%s", why.text);
}

static void
read_frames(struct reading *r)
{
	struct wan_place *p = r->place;

	p->kind = WAN_FRAMES;
	p->ca = p->cert = p->key = p->token = "";
	p->proxy = p->proxy_user = p->proxy_password = "";
	read_servers(r, "udp://HOST:PORT, tcp://HOST:PORT", read_frames_server);
	if (*option(r, "seal_key_file") == 0)
		wrong(r, "seal_key_file",
			"must be set: what leaves here is always sealed; write what `platen keys "
			"new` printed at the gateway into a file and name it");
}

bool
place_wan_read(const struct sink_config *c, struct pool *pool, struct wan_place *place,
	place_fault_fn *fault, void *arg)
{
	struct reading r = { c, pool, place, fault, arg, true };

	*place = (struct wan_place){
		.sink = c->name,
		.rest_min = c->retry_min,
		.rest_max = c->retry_max,
	};
	if (strcmp(c->plugin, "udp") == 0)
		read_frames(&r);
	else
		read_https(&r);
	place->seal_key = seal_key(&r);
	place->transcript = is_path(&r, "transcript");
	return r.good;
}
