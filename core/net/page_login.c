/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_login.c - the site's password for a printer's pages: shown when the
 * printer asks for it and the site has one for it, at most once until the
 * printer has taken it.
 *
 * In the clear (Basic, a form) only to a key that is pinned or signed; Digest
 * shows nothing and may go anywhere.
 */
#include "net/page_inside.h"

#include <string.h>

/* May bytes be sent that anybody could use who reads them? */
static bool
is_private(const struct page *g)
{
	return page_over_tls(g) && page_trust(g) != TLS_ANY;
}

/* The best way of those the printer offers, 0: none that will do. */
static long
way_offered(const struct page *g)
{
	long offered = 0;

	curl_easy_getinfo(g->easy, CURLINFO_HTTPAUTH_AVAIL, &offered);
	if (offered & (long)CURLAUTH_DIGEST)
		return (long)CURLAUTH_DIGEST;
	if ((offered & (long)CURLAUTH_BASIC) && is_private(g))
		return (long)CURLAUTH_BASIC;
	return 0;
}

long
page_password_wanted(struct page *g, long code)
{
	struct peer *p = g->ask->peer;

	if (g->shown) {
		if (code == 401)
			weblogin_failed(p);
		else
			weblogin_worked(p);
		return 0;
	}
	return code == 401 && weblogin_may(p) ? way_offered(g) : 0;
}

void
page_show_password(struct page *g, long way)
{
	const struct web_login *l = weblogin_of(g->ask->peer)->login;

	curl_easy_setopt(g->easy, CURLOPT_HTTPAUTH, way);
	curl_easy_setopt(g->easy, CURLOPT_USERNAME, l->user);
	curl_easy_setopt(g->easy, CURLOPT_PASSWORD, l->password);
	g->shown = true;
}

void
page_hide_password(struct page *g)
{
	curl_easy_setopt(g->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_NONE);
	curl_easy_setopt(g->easy, CURLOPT_USERNAME, NULL);
	curl_easy_setopt(g->easy, CURLOPT_PASSWORD, NULL);
	g->shown = false;
}

/* ---- forms ---- */

/* Ports without TLS count as tried. */
static bool
keep_to_tls(struct page *g)
{
	const struct pages *all = pages_of(g);

	for (uint32_t i = 0; i < all->nports; i++)
		if (!all->ports[i].tls)
			g->tried |= UINT32_C(1) << i;
	return (uint32_t)__builtin_popcount(g->tried) < all->nports;
}

bool
page_set_form(struct page *g)
{
	struct peer *p = g->ask->peer;
	const struct web_credential *c = weblogin_of(p);
	char *form;

	if (c == NULL || !weblogin_may(p) || session_entered(p) || page_trust(g) == TLS_ANY ||
		!keep_to_tls(g))
		return false;
	form = weblogin_form(c, g->ask->q.form);
	curl_easy_setopt(g->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(g->easy, CURLOPT_COPYPOSTFIELDS, form);
	weblogin_wipe(form);
	session_enter(p);
	g->shown = true;
	return true;
}

/* A printer that lets in leads on; one that does not shows the form again, or says so. */
static bool
is_let_in(const struct page *g, long code)
{
	static const char field[] = "type=\"password\"";

	if (code >= 300 && code < 400)
		return true;
	return code == 200 && memmem(g->body.p, g->body.n, field, strlen(field)) == NULL;
}

void
page_form_answered(struct page *g, long code)
{
	if (is_let_in(g, code))
		weblogin_worked(g->ask->peer);
	else
		weblogin_failed(g->ask->peer);
}
