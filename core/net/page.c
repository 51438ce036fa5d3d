/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.c - one GET to a printer's web server, on whichever of the site's ports
 * it has one.
 *
 * Only to the numeric address of the printer, through no proxy, with no
 * password, and never to a port where bytes are printed.  A redirect is followed
 * to the same address and the site's ports, nowhere else.  Printers sign their
 * own certificates and speak old TLS: how much of it is believed, the site says.
 */
#include "net/page_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REDIRECTS_MOST 3
#define HEADERS_MOST (32u << 10) /* bytes of all headers of one page */
#define TYPE_MOST 200 /* bytes of a Content-Type */
#define SLOW_BYTES 32 /* a second; slower is given up ... */
#define SLOW_SECONDS 10 /* ... after so long */

/* ---- the end ---- */

void
page_cancel(struct ask *a)
{
	struct page *g = a->page;

	if (g->knock != NULL)
		knock_cancel(g->knock);
	if (g->easy != NULL)
		curl_multi_remove_handle(pages_of(g)->web->multi, g->easy);
	curl_easy_cleanup(g->easy);
	page_hang_up(g);
	buf_free(&g->body);
	a->page = NULL;
}

void
page_fail(struct page *g, int32_t status)
{
	struct ask *a = g->ask;
	struct answer answer = answer_none(a->q.kind, status);
	char odd[ODD_MOST];

	memcpy(odd, g->odd, sizeof(odd));
	answer.odd = odd;
	page_cancel(a);
	ask_finish(a, &answer);
}

static void
page_finish(struct page *g, long code)
{
	struct ask *a = g->ask;
	struct answer answer = answer_none(a->q.kind, PLATEN_OK);
	struct buf body = g->body;
	char type[TYPE_MOST], odd[ODD_MOST], *said = NULL;

	curl_easy_getinfo(g->easy, CURLINFO_CONTENT_TYPE, &said);
	snprintf(type, sizeof(type), "%s", said != NULL ? said : "");
	answer.code = (int32_t)code;
	answer.type = type;
	answer.len = body.n;
	memcpy(odd, g->odd, sizeof(odd));
	answer.odd = odd;
	if (body.n > 0)
		answer.body = body.p;
	g->body = (struct buf){ 0 };
	page_cancel(a);
	ask_finish(a, &answer);
	buf_free(&body);
}

/* ---- what comes ---- */

static size_t
on_header(char *bytes, size_t size, size_t n, void *arg)
{
	struct page *g = arg;

	(void)bytes;
	if (!g->answered && page_over_tls(g))
		page_see_key(g);
	g->answered = true;
	g->headers += size * n;
	return g->headers > HEADERS_MOST ? 0 : size * n;
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *arg)
{
	struct page *g = arg;

	n *= size;
	if (g->body.n + n > g->ask->q.most) {
		g->too_big = true;
		return 0;
	}
	buf_add(&g->body, bytes, n);
	return n;
}

/* ---- asking ---- */

static void
set_once(struct page *g)
{
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_HTTPGET, 1 },
		{ CURLOPT_FOLLOWLOCATION, 0 },
		{ CURLOPT_FORBID_REUSE, 1 }, /* printers have few connections to give */
		{ CURLOPT_PATH_AS_IS, 1 },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
		{ CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES },
		{ CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS },
		{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	};

	for (size_t i = 0; i < COUNT(numbers); i++)
		curl_easy_setopt(g->easy, numbers[i].option, numbers[i].value);
	curl_easy_setopt(g->easy, CURLOPT_PRIVATE, g);
	/* Addresses alone are asked for; else each page walks over those of all printers. */
	curl_easy_setopt(g->easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(g->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(g->easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(g->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(g->easy, CURLOPT_USERAGENT, "platen");
	curl_easy_setopt(g->easy, CURLOPT_COOKIEFILE, ""); /* kept by nobody but session_take() */
	session_give(g->ask->peer, g->easy);
	page_set_connection(g);
	curl_easy_setopt(g->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(g->easy, CURLOPT_HEADERDATA, g);
	curl_easy_setopt(g->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(g->easy, CURLOPT_WRITEDATA, g);
	page_set_tls(g);
}

static void
make_handle(struct page *g)
{
	if ((g->easy = curl_easy_init()) == NULL)
		die("out of memory");
	set_once(g);
}

static void
fetch(struct page *g, const char *url)
{
	uint64_t left = page_time_left(g);

	if (left == 0) {
		page_fail(g, PLATEN_ENOANSWER);
		return;
	}
	buf_clear(&g->body);
	g->headers = 0;
	g->answered = false;
	curl_easy_setopt(g->easy, CURLOPT_URL, url);
	curl_easy_setopt(g->easy, CURLOPT_TIMEOUT_MS, (long)left);
	curl_easy_setopt(g->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)page_time_to_connect(g));
	curl_multi_add_handle(pages_of(g)->web->multi, g->easy);
	g->ask->packets += g->opened < 0; /* else the knock was counted */
}

void
page_fetch_port(struct page *g)
{
	const struct web_port *w = &pages_of(g)->ports[g->port];
	const struct address *at = &g->ask->peer->address;
	char address[ADDRESS_TEXT], *url;

	address_format(at, address);
	url = mem_format(at->v6 ? "%s://[%s]:%u%s" : "%s://%s:%u%s", w->tls ? "https" : "http",
		address, w->port, g->ask->q.path);
	if (g->easy == NULL)
		make_handle(g);
	fetch(g, url);
	free(url);
}

/* ---- redirects ---- */

static bool
part_is(CURLU *url, CURLUPart part, const char *wanted)
{
	char *said = NULL;
	bool same = curl_url_get(url, part, &said, CURLU_DEFAULT_PORT) == CURLUE_OK &&
		strcmp(said, wanted) == 0;

	curl_free(said);
	return same;
}

/* The port of ours that a URL of the same printer leads to, or -1. */
static int
port_of_url(const struct page *g, CURLU *url)
{
	const struct pages *all = pages_of(g);
	const struct address *at = &g->ask->peer->address;
	char address[ADDRESS_TEXT], host[ADDRESS_TEXT + 2], port[8];

	address_format(at, address);
	snprintf(host, sizeof(host), at->v6 ? "[%s]" : "%s", address);
	if (!part_is(url, CURLUPART_HOST, host))
		return -1;
	for (uint32_t i = 0; i < all->nports; i++) {
		snprintf(port, sizeof(port), "%u", all->ports[i].port);
		if (part_is(url, CURLUPART_PORT, port) &&
			part_is(url, CURLUPART_SCHEME, all->ports[i].tls ? "https" : "http"))
			return (int)i;
	}
	return -1;
}

static void
follow(struct page *g, const char *to)
{
	char *copy = mem_string(to), *user = NULL;
	CURLU *url = curl_url();
	int port = -1;

	if (url != NULL && curl_url_set(url, CURLUPART_URL, copy, 0) == CURLUE_OK &&
		curl_url_get(url, CURLUPART_USER, &user, 0) != CURLUE_OK)
		port = port_of_url(g, url);
	curl_free(user);
	curl_url_cleanup(url);
	if (port < 0 || ++g->redirects > REDIRECTS_MOST) {
		page_fail(g, PLATEN_EREFUSED);
	} else {
		g->port = (uint32_t)port;
		g->tried |= UINT32_C(1) << port;
		page_hide_password(g);
		fetch(g, copy);
	}
	free(copy);
}

/* ---- how it went ---- */

static void
remember_port(struct page *g)
{
	struct peer *p = g->ask->peer;

	if (g->redirects == 0)
		p->http = (int)pages_of(g)->place[g->port];
	p->shut = 0;
	if (page_trust(g) == TLS_PIN && g->pin[0] != 0)
		memcpy(p->pin, g->pin, sizeof(p->pin));
}

/*
 * The same request once more, to the port that has answered.  On a handle that
 * remembers no challenge: with one, curl shows a refused password a second time.
 */
static void
fetch_with_password(struct page *g, long way)
{
	char *said = NULL, *url;

	curl_easy_getinfo(g->easy, CURLINFO_EFFECTIVE_URL, &said);
	url = mem_string(said);
	curl_easy_cleanup(g->easy);
	make_handle(g);
	page_show_password(g, way);
	fetch(g, url);
	free(url);
}

static void
answered(struct page *g)
{
	char *to = NULL;
	long code = 0, way;

	remember_port(g);
	session_take(g->ask->peer, g->easy, page_over_tls(g));
	curl_easy_getinfo(g->easy, CURLINFO_RESPONSE_CODE, &code);
	curl_easy_getinfo(g->easy, CURLINFO_REDIRECT_URL, &to);
	if (g->ask->q.kind == ASK_LOGIN) {
		page_form_answered(g, code);
		page_finish(g, code);
	} else if ((way = page_password_wanted(g, code)) != 0)
		fetch_with_password(g, way);
	else if (code >= 300 && code < 400 && to != NULL)
		follow(g, to);
	else
		page_finish(g, code);
}

void
page_done(struct page *g, CURLcode result)
{
	curl_multi_remove_handle(pages_of(g)->web->multi, g->easy);
	switch (result) {
	case CURLE_OK:
		answered(g);
		return;
	case CURLE_WRITE_ERROR:
		page_fail(g,
			g->too_big || g->headers > HEADERS_MOST ? PLATEN_ETOOBIG
								: PLATEN_ENOANSWER);
		return;
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		page_tell_changed_key(g);
		page_fail(g, PLATEN_EREFUSED);
		return;
	case CURLE_PEER_FAILED_VERIFICATION:
		page_tell_unsigned(g);
		page_fail(g, PLATEN_EREFUSED);
		return;
	case CURLE_URL_MALFORMAT:
		page_fail(g, PLATEN_EINVAL);
		return;
	default:
		/* No web server there, or one that broke off: only the first is a wrong port. */
		if (g->answered || g->redirects > 0 || g->shown)
			page_fail(g, PLATEN_ENOANSWER);
		else
			page_try_next_port(g);
		return;
	}
}

static bool
path_is_sound(const char *path)
{
	for (const unsigned char *p = (const unsigned char *)path; *p != 0; p++)
		if (*p <= 0x20 || *p >= 0x7F)
			return false;
	return true;
}

void
page_begin(struct ask *a)
{
	struct role *r = a->peer->role;
	struct page *g;
	uint64_t wait = r->settings.http_timeout < ASK_TIME ? r->settings.http_timeout : ASK_TIME;

	if (a->q.kind == ASK_LOGIN)
		a->q.most = PLATEN_MAX_BODY;
	if (r->pages->nports == 0 || !path_is_sound(a->q.path)) {
		ask_finish_none(a, r->pages->nports == 0 ? PLATEN_EREFUSED : PLATEN_EINVAL);
		return;
	}
	if (page_is_shut(a->peer)) {
		ask_finish_none(a, PLATEN_ENOANSWER);
		return;
	}
	g = pool_alloc(a->pool, sizeof(*g));
	g->ask = a;
	g->deadline = clock_ms() + wait;
	g->opened = -1;
	a->page = g;
	if (a->q.kind == ASK_LOGIN) {
		make_handle(g);
		if (!page_set_form(g)) {
			page_fail(g, PLATEN_EREFUSED);
			return;
		}
	}
	for (uint32_t i = 0; i < r->pages->nports; i++)
		if ((int)r->pages->place[i] == a->peer->http && !(g->tried >> i & 1)) {
			page_try_port(g, i);
			return;
		}
	page_try_next_port(g);
}
