/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_web.c - libmicrohttpd on the role's loop, and the end of connections that
 * take too long; see gate_web.h.
 *
 * libmicrohttpd's own timeout knows silence only: who sends a byte now and then
 * would hold a connection for ever.  Here each has one span of time for its say.
 */
#include "net/gate_web.h"

#include <stdlib.h>
#include <sys/socket.h>

#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
/* Bytes libmicrohttpd may take for a connection: its request's head and a piece of body. */
#define LINE_MEMORY (32u << 10)
/* Milliseconds between two looks at who takes too long. */
#define LOOK 500

struct webs {
	struct web *first;
	struct line *lines;
	uv_timer_t look;
};

/* ---- on the loop ---- */

static void on_timer(uv_timer_t *);

static void
turn(struct web *w)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(w->daemon);
	if (MHD_get_timeout(w->daemon, &ms) == MHD_YES)
		uv_timer_start(&w->timer, on_timer, ms, 0);
	else
		uv_timer_stop(&w->timer);
}

static void
on_timer(uv_timer_t *timer)
{
	turn(timer->data);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	(void)status, (void)events;
	turn(poll->data);
}

void
web_soon(struct web *w)
{
	uv_timer_start(&w->timer, on_timer, 0, 0);
}

/* ---- connections ---- */

struct line *
line_of(struct MHD_Connection *connection)
{
	return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		->socket_context;
}

static void
line_begin(struct webs *webs, struct MHD_Connection *connection, void **context)
{
	struct line *l = mem_alloc(sizeof(*l));
	struct sockaddr_storage peer = { 0 };
	socklen_t n = sizeof(peer);
	struct address a;

	l->fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	l->connection = connection;
	l->since = clock_ms();
	if (getpeername(l->fd, (struct sockaddr *)&peer, &n) == 0 && address_from_socket(&peer, &a))
		address_format(&a, l->peer);
	l->next = webs->lines;
	l->back = &webs->lines;
	if (l->next != NULL)
		l->next->back = &l->next;
	webs->lines = l;
	*context = l;
}

static void
on_line(void *arg, struct MHD_Connection *connection, void **context,
	enum MHD_ConnectionNotificationCode code)
{
	struct web *w = arg;
	struct line *l = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		line_begin(w->gate->webs, connection, context);
		return;
	}
	*l->back = l->next;
	if (l->next != NULL)
		l->next->back = l->back;
	free(l);
	*context = NULL;
}

/* libmicrohttpd sees the end of the socket, and lets go of the rest. */
static void
on_look(uv_timer_t *timer)
{
	struct gate *g = timer->data;
	uint64_t now = clock_ms();

	for (struct line *l = g->webs->lines; l != NULL; l = l->next)
		if (!l->waiting && now - l->since > g->settings.timeout)
			shutdown(l->fd, SHUT_RDWR);
}

/* ---- coming and going ---- */

static void
on_log(void *arg, const char *fmt, va_list ap)
{
	(void)arg, (void)fmt, (void)ap; /* of single connections: any stranger could fill the log */
}

static bool
start(struct web *w, struct why *why)
{
	const struct gate_settings *s = &w->gate->settings;
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)s->cert },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)s->key },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_VERSIONS },
		{ *s->client_ca != 0 ? MHD_OPTION_HTTPS_MEM_TRUST : MHD_OPTION_END, 0,
			(void *)(uintptr_t)s->client_ca },
		{ MHD_OPTION_END, 0, NULL },
	};
	const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
	bool secure = w->how == GATE_HTTPS;

	w->daemon = MHD_start_daemon(flags | (secure ? MHD_USE_TLS : 0), 0, NULL, NULL,
		request_take, w, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET,
		w->fd, MHD_OPTION_CONNECTION_LIMIT, s->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, s->connections_each,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LINE_MEMORY,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(s->timeout / 1000 + 1),
		MHD_OPTION_NOTIFY_COMPLETED, request_over, w, MHD_OPTION_NOTIFY_CONNECTION, on_line,
		w, MHD_OPTION_ARRAY, secure ? tls : none, MHD_OPTION_END);
	return w->daemon != NULL ||
		why_set(why,
			"[gateway] %s: cannot be served; are cert_file and key_file a certificate "
			"and its key in PEM?",
			gate_how_word(w->how));
}

static void
open_webs(struct gate *g)
{
	g->webs = mem_alloc(sizeof(*g->webs));
	uv_timer_init(&g->loop, &g->webs->look);
	g->webs->look.data = g;
	uv_timer_start(&g->webs->look, on_look, LOOK, LOOK);
}

bool
gate_web_open(struct gate *g, enum gate_how how, int fd, struct why *why)
{
	struct web *w = mem_alloc(sizeof(*w));

	if (g->webs == NULL)
		open_webs(g);
	*w = (struct web){ .gate = g, .how = how, .fd = fd, .next = g->webs->first, .open = 2 };
	if (!start(w, why)) {
		free(w);
		return false;
	}
	g->webs->first = w;
	uv_poll_init(&g->loop, &w->poll,
		MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
	uv_timer_init(&g->loop, &w->timer);
	w->poll.data = w->timer.data = w;
	uv_poll_start(&w->poll, UV_READABLE, on_poll);
	return true;
}

static void
on_closed(uv_handle_t *handle)
{
	struct web *w = handle->data;

	if (--w->open == 0)
		free(w);
}

static void
on_webs_closed(uv_handle_t *handle)
{
	struct gate *g = handle->data;

	free(g->webs);
	g->webs = NULL;
}

/* libmicrohttpd does not end with a connection at rest. */
static void
let_go(struct webs *webs)
{
	for (struct line *l = webs->lines; l != NULL; l = l->next)
		if (l->waiting) {
			l->waiting = false;
			MHD_resume_connection(l->connection);
		}
}

void
gate_webs_close(struct gate *g)
{
	if (g->webs == NULL)
		return;
	for (struct web *w = g->webs->first, *next; w != NULL; w = next) {
		next = w->next;
		uv_close((uv_handle_t *)&w->poll, on_closed);
		uv_close((uv_handle_t *)&w->timer, on_closed);
		let_go(g->webs);
		MHD_stop_daemon(w->daemon);
	}
	uv_close((uv_handle_t *)&g->webs->look, on_webs_closed);
}
