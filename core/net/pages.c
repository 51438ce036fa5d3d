/* SPDX-License-Identifier: Apache-2.0 */
/* pages.c - libcurl on the role's loop, and the ports where the site has web servers. */
#include "net/page.h"

#include <stdlib.h>
#include <string.h>

#define CA_FILE "/etc/ssl/certs/ca-certificates.crt"

static void
take_results(struct pages *all)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(all->multi, &left)) != NULL) {
		CURLcode result = m->data.result;
		struct page *g;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&g);
		page_done(g, result);
	}
}

/* A socket curl waits for. */
struct watched {
	uv_poll_t poll;
	struct pages *all;
	curl_socket_t fd;
};

static void
on_watched_closed(uv_handle_t *poll)
{
	free(poll->data);
}

static void
on_socket(uv_poll_t *poll, int status, int events)
{
	struct watched *w = poll->data;
	struct pages *all = w->all;
	int running, flags = 0;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(all->multi, w->fd, flags, &running);
	take_results(all);
}

static int
on_interest(CURL *easy, curl_socket_t fd, int what, void *arg, void *given)
{
	struct pages *all = arg;
	struct watched *w = given;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL) {
			uv_poll_stop(&w->poll);
			uv_close((uv_handle_t *)&w->poll, on_watched_closed);
			curl_multi_assign(all->multi, fd, NULL);
		}
		return 0;
	}
	if (w == NULL) {
		w = mem_alloc(sizeof(*w));
		w->all = all;
		w->fd = fd;
		uv_poll_init(all->loop, &w->poll, fd);
		w->poll.data = w;
		curl_multi_assign(all->multi, fd, w);
	}
	uv_poll_start(&w->poll,
		(what != CURL_POLL_OUT ? UV_READABLE : 0) |
			(what != CURL_POLL_IN ? UV_WRITABLE : 0),
		on_socket);
	return 0;
}

static void
on_timer(uv_timer_t *timer)
{
	struct pages *all = timer->data;
	int running;

	curl_multi_socket_action(all->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	take_results(all);
}

static int
on_wait(CURLM *multi, long ms, void *arg)
{
	struct pages *all = arg;

	(void)multi;
	if (ms < 0)
		uv_timer_stop(&all->timer);
	else
		uv_timer_start(&all->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

/* ---- setting up ---- */

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

void
pages_open(struct role *r)
{
	struct pages *all = mem_alloc(sizeof(*all));

	r->pages = all;
	all->loop = r->loop;
	uv_timer_init(r->loop, &all->timer);
	all->timer.data = all;
	for (uint32_t i = 0; i < r->settings.nports; i++)
		add_port(r, i);
	if (r->settings.tls == TLS_CA)
		read_authorities(r);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
		(all->multi = curl_multi_init()) == NULL)
		die("libcurl cannot be set up");
	curl_multi_setopt(all->multi, CURLMOPT_SOCKETFUNCTION, on_interest);
	curl_multi_setopt(all->multi, CURLMOPT_SOCKETDATA, all);
	curl_multi_setopt(all->multi, CURLMOPT_TIMERFUNCTION, on_wait);
	curl_multi_setopt(all->multi, CURLMOPT_TIMERDATA, all);
}

static void
on_pages_closed(uv_handle_t *timer)
{
	free(timer->data);
}

void
pages_close(struct role *r)
{
	struct pages *all = r->pages;

	curl_multi_cleanup(all->multi);
	X509_STORE_free(all->authorities);
	curl_global_cleanup();
	uv_timer_stop(&all->timer);
	uv_close((uv_handle_t *)&all->timer, on_pages_closed);
}
