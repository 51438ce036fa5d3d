/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - ASK_PAGE: GET of a printer's own web page, from the printer itself
 * and nowhere else (see ask.h for page_begin and page_cancel).
 *
 * page.c knows one page; pages.c the site's ports and curl on the role's loop.
 */
#ifndef PLATEN_PAGE_H
#define PLATEN_PAGE_H

#include "net/ask.h"

#include <curl/curl.h>
#include <openssl/x509.h>

/* Where the site says web servers are. */
struct web_port {
	bool tls;
	uint16_t port;
};

struct pages {
	CURLM *multi;
	uv_timer_t timer;
	uv_loop_t *loop;
	X509_STORE *authorities; /* of tls = ca; NULL: none could be read */
	uint32_t nports;
	struct web_port ports[MAX_HTTP_PORTS];
	uint32_t place[MAX_HTTP_PORTS]; /* of each in the settings, for the memory of peers */
};

void pages_open(struct role *);
void pages_close(struct role *);

/* curl is through with a page, which was given to pages.multi as its private data. */
void page_done(struct page *, CURLcode);

#endif
