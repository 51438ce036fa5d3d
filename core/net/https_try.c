/* SPDX-License-Identifier: Apache-2.0 */
/*
 * https_try.c - one POST to one server by libcurl; see https.h.
 *
 * TLS 1.2 or better, the peer and its name verified, with no switch to turn that
 * off.  No redirects, no cookies, no .netrc, no proxy but the one of the INI.
 * Names are looked up by resolve.c, as libcurl would use a thread.
 */
#include "net/https.h"

#include <stdlib.h>
#include <string.h>

#ifndef PLATEN_VERSION
#define PLATEN_VERSION "0"
#endif

#define CONNECT_MOST 20000 /* ms until TLS stands */
#define SLOW_BYTES 8 /* a second; slower is given up ... */
#define SLOW_SECONDS 30 /* ... after so long */
#define ANSWER_MOST PLATEN_MAX_BODY
#define HEADERS_MOST (32u << 10)

/* ---- what comes ---- */

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct https_try *t = arg;

	n *= size;
	if (t->body.n + n > ANSWER_MOST) {
		t->too_big = true;
		return 0;
	}
	buf_add(&t->body, bytes, n);
	return n;
}

/* ---- what leaves: for the transcript, without secrets ---- */

static bool
is_secret(const char *line, size_t n)
{
	static const char *const secret[] = { "authorization:", "proxy-authorization:" };

	for (size_t i = 0; i < COUNT(secret); i++)
		if (n >= strlen(secret[i]) && strncasecmp(line, secret[i], strlen(secret[i])) == 0)
			return true;
	return false;
}

static void
keep_head(struct buf *out, const char *bytes, size_t n)
{
	while (n > 0) {
		const char *end = memchr(bytes, '\n', n);
		size_t length = end != NULL ? (size_t)(end - bytes) + 1 : n;
		const char *colon = memchr(bytes, ':', length);

		if (is_secret(bytes, length))
			buf_format(out, "%.*s: (not shown)\r\n", (int)(colon - bytes), bytes);
		else
			buf_add(out, bytes, length);
		bytes += length;
		n -= length;
	}
}

static int
on_debug(CURL *easy, curl_infotype type, char *bytes, size_t n, void *arg)
{
	struct https_try *t = arg;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		keep_head(&t->head_out, bytes, n);
	else if (type == CURLINFO_DATA_OUT && !t->server->sealed)
		buf_add(&t->body_out, bytes, n);
	return 0;
}

/* ---- asking ---- */

static void
add_header(struct https_try *t, const char *name, const char *value)
{
	char *line = mem_format("%s: %s", name, value);

	t->headers = curl_slist_append(t->headers, line);
	explicit_bzero(line, strlen(line));
	free(line);
}

/* What curl would add: nobody has asked for it. */
static void
set_no_more_headers(struct https_try *t)
{
	t->headers = curl_slist_append(t->headers, "Expect:");
	t->headers = curl_slist_append(t->headers, "Accept:");
	curl_easy_setopt(t->server->easy, CURLOPT_HTTPHEADER, t->headers);
}

/* All else that is to be said is in the envelope; a token would be in clear. */
static void
set_sealed_headers(struct https_try *t)
{
	add_header(t, "Content-Type", "application/platen-sealed");
	set_no_more_headers(t);
}

static void
set_headers(struct https_try *t)
{
	const struct parcel *parcel = &t->errand->parcel;
	const char *token = t->place->settings->token;
	char *bearer;

	if (t->server->sealed) {
		set_sealed_headers(t);
		return;
	}
	add_header(t, "Content-Type", parcel->type);
	if (parcel->coding[0] != 0)
		add_header(t, "Content-Encoding", parcel->coding);
	add_header(t, "Idempotency-Key", parcel->key);
	if (token[0] != 0) {
		bearer = mem_format("Bearer %s", token);
		add_header(t, "Authorization", bearer);
		explicit_bzero(bearer, strlen(bearer));
		free(bearer);
	}
	set_no_more_headers(t);
}

static struct curl_blob
blob_of(const char *text)
{
	return (struct curl_blob){
		.data = (void *)(uintptr_t)text,
		.len = strlen(text),
		.flags = CURL_BLOB_NOCOPY,
	};
}

static void
set_tls(struct https_try *t)
{
	const struct wan_place *s = t->place->settings;
	const struct buf *machine = &t->errand->role->authorities;
	struct curl_blob ca = blob_of(s->ca[0] != 0 ? s->ca
			: machine->n > 0            ? (const char *)machine->p
						    : "");
	struct curl_blob cert = blob_of(s->cert), key = blob_of(s->key);
	CURL *c = t->server->easy;

	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(c, CURLOPT_CAINFO, NULL);
	curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &ca);
	curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, t->place->pins);
	if (s->cert[0] == 0)
		return;
	curl_easy_setopt(c, CURLOPT_SSLCERTTYPE, "PEM");
	curl_easy_setopt(c, CURLOPT_SSLKEYTYPE, "PEM");
	curl_easy_setopt(c, CURLOPT_SSLCERT_BLOB, &cert);
	curl_easy_setopt(c, CURLOPT_SSLKEY_BLOB, &key);
}

/* "" : none, whatever the environment says. */
static void
set_proxy(struct https_try *t)
{
	const struct wan_place *s = t->place->settings;
	const struct url *at = &t->place->proxy;
	CURL *c = t->server->easy;
	/* The proxy looks up the server's name, whichever way SOCKS is written. */
	long type = strncmp(at->host[0] != 0 ? at->scheme : "", "socks5", 6) == 0
		? CURLPROXY_SOCKS5_HOSTNAME
		: CURLPROXY_HTTP;
	char *address = at->host[0] == 0        ? mem_string("")
		: strchr(at->host, ':') != NULL ? mem_format("[%s]:%u", at->host, at->port)
						: mem_format("%s:%u", at->host, at->port);

	curl_easy_setopt(c, CURLOPT_PROXY, address);
	curl_easy_setopt(c, CURLOPT_NOPROXY, at->host[0] == 0 ? "*" : "");
	free(address);
	if (at->host[0] == 0)
		return;
	curl_easy_setopt(c, CURLOPT_PROXYTYPE, type);
	curl_easy_setopt(c, CURLOPT_HTTPPROXYTUNNEL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXYAUTH,
		(long)(CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM));
	if (s->proxy_user[0] == 0)
		return;
	curl_easy_setopt(c, CURLOPT_PROXYUSERNAME, s->proxy_user);
	curl_easy_setopt(c, CURLOPT_PROXYPASSWORD, s->proxy_password);
}

static void
set_numbers(CURL *c, uint64_t wait)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_POST, 1 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
		{ CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES },
		{ CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS },
		{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
		{ CURLOPT_TIMEOUT_MS, (long)wait },
		{ CURLOPT_CONNECTTIMEOUT_MS, wait < CONNECT_MOST ? (long)wait : CONNECT_MOST },
	};

	for (size_t i = 0; i < COUNT(numbers); i++)
		curl_easy_setopt(c, numbers[i].option, numbers[i].value);
}

static void
set_all(struct https_try *t, uint64_t wait)
{
	const struct parcel *parcel = &t->errand->parcel;
	CURL *c = t->server->easy;

	curl_easy_reset(c); /* TLS sessions stay */
	set_numbers(c, wait);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
		(long)(t->place->settings->http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
	curl_easy_setopt(c, CURLOPT_URL, t->server->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http");
	curl_easy_setopt(c, CURLOPT_USERAGENT, "platen/" PLATEN_VERSION);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS,
		t->server->sealed ? t->sealed.bytes.p : parcel->body);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
		(curl_off_t)(t->server->sealed ? t->sealed.bytes.n : parcel->n));
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	curl_easy_setopt(c, CURLOPT_RESOLVE, t->resolve);
	set_headers(t);
	set_tls(t);
	set_proxy(t);
	if (!t->place->settings->transcript)
		return;
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, t);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
}

static void
send_now(struct https_try *t, uint64_t wait)
{
	const struct parcel *parcel = &t->errand->parcel;
	struct why why;

	if (t->server->sealed && !https_seal(t, &why)) {
		t->over(t, 0, 0, why.text);
		return;
	}
	/* The transcript is for reading: it shows what was sealed. */
	if (t->server->sealed && t->asked == SEAL_BATCH && t->place->settings->transcript)
		buf_add(&t->body_out, parcel->body, parcel->n);
	set_all(t, wait);
	t->sending = true;
	curl_multi_add_handle(t->errand->role->web->multi, t->server->easy);
}

/* ---- the name ---- */

/* Who is connected to. */
static const struct url *
next_hop(const struct https_try *t)
{
	return t->place->proxy.host[0] != 0 ? &t->place->proxy : &t->server->at;
}

/* A name outlives the try that asked for it when that is cancelled. */
struct lookup {
	struct https_try *try; /* NULL: nobody waits */
	uint64_t until; /* clock_ms() */
};

static void
on_addresses(void *arg, uint32_t n, const struct address *addresses, const char *why)
{
	struct lookup *l = arg;
	struct https_try *t = l->try;
	uint64_t now = clock_ms(), wait = l->until > now ? l->until - now : 1;
	struct buf entry = { 0 };
	char address[ADDRESS_TEXT];

	free(l);
	if (t == NULL)
		return;
	t->lookup = NULL;
	if (n == 0) {
		buf_format(&entry,
			"%s cannot be looked up (%s); check the name and the machine's "
			"name servers",
			next_hop(t)->host, why);
		t->over(t, 0, 0, (const char *)entry.p);
		buf_free(&entry);
		return;
	}
	buf_format(&entry, "%s:%u:", next_hop(t)->host, next_hop(t)->port);
	for (uint32_t i = 0; i < n; i++) {
		address_format(&addresses[i], address);
		buf_format(&entry, addresses[i].v6 ? "%s[%s]" : "%s%s", i > 0 ? "," : "", address);
	}
	t->resolve = curl_slist_append(NULL, (const char *)entry.p);
	buf_free(&entry);
	send_now(t, wait);
}

void
https_try_begin(struct https_try *t, uint64_t wait)
{
	struct lookup *l;

	t->until = clock_ms() + wait;
	t->asks = 0;
	if (next_hop(t)->numeric) {
		send_now(t, wait);
		return;
	}
	l = mem_alloc(sizeof(*l));
	*l = (struct lookup){ t, clock_ms() + wait };
	t->lookup = l;
	resolve(t->errand->role->resolver, next_hop(t)->host, on_addresses, l);
}

/* ---- the end ---- */

void
https_try_end(struct https_try *t)
{
	if (t->lookup != NULL)
		t->lookup->try = NULL;
	if (t->sending)
		curl_multi_remove_handle(t->errand->role->web->multi, t->server->easy);
	if (t->head_out.n > 0)
		errand_left(t->errand, t->server->url, &t->head_out, &t->body_out);
	t->lookup = NULL;
	t->sending = t->too_big = false;
	curl_slist_free_all(t->headers);
	curl_slist_free_all(t->resolve);
	t->headers = t->resolve = NULL;
	buf_free(&t->body);
	sealed_free(&t->sealed);
	buf_free(&t->head_out);
	buf_free(&t->body_out);
}

/* Let go of the request that is over and seal the next one. */
static void
ask_again(struct https_try *t)
{
	uint64_t now = clock_ms();

	curl_multi_remove_handle(t->errand->role->web->multi, t->server->easy);
	t->sending = false;
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	send_now(t, t->until > now ? t->until - now : 1);
}

void
https_over(void *arg, CURLcode result)
{
	struct https_try *t = arg;
	struct buf reason = { 0 };
	enum https_unsealed unsealed = UNSEALED_ANSWER;
	curl_off_t after = 0;
	struct why why;
	uint32_t wait;
	long code = 0;

	if (t->too_big)
		buf_format(&reason, "its answer is larger than %u bytes", ANSWER_MOST);
	else if (result != CURLE_OK)
		https_say(result, t->error[0] != 0 ? t->error : curl_easy_strerror(result),
			&reason);
	else
		curl_easy_getinfo(t->server->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(t->server->easy, CURLINFO_RETRY_AFTER, &after);
	wait = after < 0 ? 0 : after > UINT32_MAX ? UINT32_MAX : (uint32_t)after;
	if (t->server->sealed && code > 0)
		unsealed = https_unseal(t, &code, &wait, &why);
	if (unsealed == UNSEALED_NOTHING)
		buf_text(&reason, why.text);
	if (unsealed == UNSEALED_ASK_AGAIN)
		ask_again(t);
	else
		t->over(t, code, wait, reason.n > 0 ? (const char *)reason.p : "");
	buf_free(&reason);
}
