/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c - the ports where the site has web servers. */
#include "net/page.h"

#include <stdlib.h>
#include <string.h>

#define CA_FILE "/etc/ssl/certs/ca-certificates.crt"

/* Where bytes are paper, or something else than pages is spoken. */
static bool
is_printing_port(uint32_t port)
{
	return (port >= 9100 && port <= 9107) || port == 515 || port == 631 || port == 9999;
}

static void
add_port(struct role *r, uint32_t place)
{
	struct pages *all = r->pages;
	const char *text = r->settings.ports[place], *number = strchr(text, ':');
	bool tls = strncmp(text, "https:", 6) == 0;
	uint32_t port;

	if ((!tls && strncmp(text, "http:", 5) != 0) || number == NULL ||
		!text_u32(number + 1, 1, UINT16_MAX, &port) || is_printing_port(port)) {
		role_log(r, LOG_WARN,
			"[http] ports: \"%s\" is not used; expected http:PORT or "
			"https:PORT, and no port that prints (515, 631, 9100-9107, 9999)",
			text);
		return;
	}
	all->place[all->nports] = place;
	all->ports[all->nports++] = (struct web_port){ tls, (uint16_t)port };
}

static void
read_authorities(struct role *r)
{
	X509_STORE *store = X509_STORE_new();

	if (store != NULL && X509_STORE_load_file(store, CA_FILE) == 1) {
		r->pages->authorities = store;
		return;
	}
	X509_STORE_free(store);
	role_log(r, LOG_WARN,
		"[http] tls = ca: %s cannot be read, so no https page can be "
		"believed; install ca-certificates",
		CA_FILE);
}

static void
page_over(void *page, CURLcode result)
{
	page_done(page, result);
}

void
pages_open(struct role *r)
{
	struct pages *all = mem_alloc(sizeof(*all));

	r->pages = all;
	for (uint32_t i = 0; i < r->settings.nports; i++)
		add_port(r, i);
	if (r->settings.tls == TLS_CA || r->tls_ca.n > 0)
		read_authorities(r);
	all->web = web_open(r->loop, page_over);
}

void
pages_close(struct role *r)
{
	web_close(r->pages->web);
	X509_STORE_free(r->pages->authorities);
	free(r->pages);
}
