/* SPDX-License-Identifier: Apache-2.0 */
/* web.c - libcurl's sockets and timer on libuv; see web.h. */
#include "net/web.h"

#include <stdlib.h>

static void
take_results(struct web *web)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(web->multi, &left)) != NULL) {
		CURLcode result = m->data.result;
		void *private = NULL;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
		web->done(private, result);
	}
}

/* A socket curl waits for. */
struct watched {
	uv_poll_t poll;
	struct web *web;
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
	struct web *web = w->web;
	int running, flags = 0;

	if (status < 0)
		flags = CURL_CSELECT_ERR;
	if (events & UV_READABLE)
		flags |= CURL_CSELECT_IN;
	if (events & UV_WRITABLE)
		flags |= CURL_CSELECT_OUT;
	curl_multi_socket_action(web->multi, w->fd, flags, &running);
	take_results(web);
}

static int
on_interest(CURL *easy, curl_socket_t fd, int what, void *arg, void *given)
{
	struct web *web = arg;
	struct watched *w = given;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (w != NULL) {
			uv_poll_stop(&w->poll);
			uv_close((uv_handle_t *)&w->poll, on_watched_closed);
			curl_multi_assign(web->multi, fd, NULL);
		}
		return 0;
	}
	if (w == NULL) {
		w = mem_alloc(sizeof(*w));
		w->web = web;
		w->fd = fd;
		uv_poll_init(web->loop, &w->poll, fd);
		w->poll.data = w;
		curl_multi_assign(web->multi, fd, w);
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
	struct web *web = timer->data;
	int running;

	curl_multi_socket_action(web->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	take_results(web);
}

static int
on_wait(CURLM *multi, long ms, void *arg)
{
	struct web *web = arg;

	(void)multi;
	if (ms < 0)
		uv_timer_stop(&web->timer);
	else
		uv_timer_start(&web->timer, on_timer, (uint64_t)ms, 0);
	return 0;
}

struct web *
web_open(uv_loop_t *loop, void (*done)(void *private, CURLcode))
{
	struct web *web = mem_alloc(sizeof(*web));

	web->loop = loop;
	web->done = done;
	uv_timer_init(loop, &web->timer);
	web->timer.data = web;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
		(web->multi = curl_multi_init()) == NULL)
		die("libcurl cannot be set up");
	curl_multi_setopt(web->multi, CURLMOPT_SOCKETFUNCTION, on_interest);
	curl_multi_setopt(web->multi, CURLMOPT_SOCKETDATA, web);
	curl_multi_setopt(web->multi, CURLMOPT_TIMERFUNCTION, on_wait);
	curl_multi_setopt(web->multi, CURLMOPT_TIMERDATA, web);
	return web;
}

static void
on_web_closed(uv_handle_t *timer)
{
	free(timer->data);
}

void
web_close(struct web *web)
{
	curl_multi_cleanup(web->multi);
	curl_global_cleanup();
	uv_timer_stop(&web->timer);
	uv_close((uv_handle_t *)&web->timer, on_web_closed);
}
