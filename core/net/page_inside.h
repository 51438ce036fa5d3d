/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page_inside.h - what the files of one page share: page.c fetches it,
 * page_ports.c finds the port, page_tls.c says whose TLS is believed,
 * page_login.c when a password is shown.
 */
#ifndef PLATEN_PAGE_INSIDE_H
#define PLATEN_PAGE_INSIDE_H

#include "net/certificate.h"
#include "net/knock.h"
#include "net/page.h"
#include "net/weblogin.h"

struct page {
	struct ask *ask;
	CURL *easy; /* NULL: nobody has opened yet */
	struct knock *knock; /* under way, or NULL */
	int opened; /* the connection of a knock, for the request to come; -1: none */
	uint32_t tried; /* a bit a port */
	uint32_t shut; /* ports where nobody opened */
	uint32_t port; /* being tried */
	uint32_t redirects;
	uint64_t deadline; /* clock_ms() */
	struct buf body;
	size_t headers;
	bool answered; /* a header came */
	bool too_big;
	char pin[48]; /* seen, base64 of SHA-256 */
	bool shown; /* the site's password, in this request or the one before */
	char odd[ODD_MOST]; /* about its TLS */
};

static inline struct pages *
pages_of(const struct page *g)
{
	return g->ask->peer->role->pages;
}

static inline bool
page_over_tls(const struct page *g)
{
	return pages_of(g)->ports[g->port].tls;
}

/* page.c: ask the port that is being tried; end with nothing. */
void page_fetch_port(struct page *);
void page_fail(struct page *, int32_t status);

/* page_ports.c: milliseconds left, and those that may go by until somebody opens. */
uint64_t page_time_left(const struct page *);
uint64_t page_time_to_connect(const struct page *);
void page_try_port(struct page *, uint32_t port);
void page_try_next_port(struct page *); /* or fail, when all were tried */
/* What a knock has opened is to be the connection of g's request. */
void page_set_connection(struct page *);
void page_hang_up(struct page *); /* that connection is not wanted */
/* It had no web server when it was last knocked at, and that is not long ago. */
bool page_is_shut(const struct peer *);

/* page_tls.c: whose keys are taken, and what was seen of the printer's. */
enum tls_trust page_trust(const struct page *);
void page_set_tls(struct page *);
void page_see_key(struct page *);
void page_tell_changed_key(struct page *);
void page_tell_unsigned(struct page *);

/* page_login.c */
/*
 * The printer wants a password (401): the way to show it (CURLAUTH_...) in one
 * more request.  0: it wants none, there is none to show, or it was refused.
 */
long page_password_wanted(struct page *, long code);
void page_show_password(struct page *, long way);
/* The request is to carry no password, wherever it goes next. */
void page_hide_password(struct page *);
/* Make a POST of the question's form.  False: there is no log-in for this printer now. */
bool page_set_form(struct page *);
/* What came of the form. */
void page_form_answered(struct page *, long code);

#endif
