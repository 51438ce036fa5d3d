/* SPDX-License-Identifier: Apache-2.0 */
/*
 * page.h - ASK_PAGE: GET of a printer's own web page, from the printer itself
 * and nowhere else (see ask.h for page_begin and page_cancel).
 *
 * page.c knows one page; pages.c the site's ports.
 */
#ifndef PLATEN_PAGE_H
#define PLATEN_PAGE_H

#include "net/ask.h"
#include "net/web.h"

#include <openssl/x509.h>

/* Where the site says web servers are. */
struct web_port {
	bool tls;
	uint16_t port;
};

struct pages {
	struct web *web;
	X509_STORE *authorities; /* of tls = ca; NULL: none could be read */
	uint32_t nports;
	struct web_port ports[MAX_HTTP_PORTS];
	uint32_t place[MAX_HTTP_PORTS]; /* of each in the settings, for the memory of peers */
};

void pages_open(struct role *);
void pages_close(struct role *);

/* Take in "2@1763740800": how often no port was open, and when to knock again (page_ports.c). */
void pages_recall_shut(struct peer *, const char *value);

/* curl is through with a page, which was given to pages.web as its private data. */
void page_done(struct page *, CURLcode);

#endif
