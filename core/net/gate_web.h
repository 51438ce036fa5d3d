/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_web.h - inside the gate role's web listeners: gate_web.c runs libmicrohttpd
 * on the role's loop, gate_request.c answers one request, gate_proof.c finds out
 * who sends it.
 */
#ifndef PLATEN_GATE_WEB_H
#define PLATEN_GATE_WEB_H

#include "net/gate.h"

#include <microhttpd.h>

/* One listening address. */
struct web {
	struct web *next;
	struct gate *gate;
	enum gate_how how;
	struct MHD_Daemon *daemon;
	int fd;
	uv_poll_t poll;
	uv_timer_t timer; /* when libmicrohttpd wants to be called next */
	int open; /* handles */
};

/* One connection, as long as it lasts. */
struct line {
	struct line *next, **back;
	struct MHD_Connection *connection;
	int fd;
	uint64_t since; /* the other side is to have its say within the timeout from here */
	bool waiting; /* it has, and waits for us */
	char peer[ADDRESS_TEXT];
};

/* libmicrohttpd's callbacks for one request. */
enum MHD_Result request_take(void *web, struct MHD_Connection *, const char *url,
	const char *method, const char *version, const char *data, size_t *n, void **request);
void request_over(void *web, struct MHD_Connection *, void **request,
	enum MHD_RequestTerminationCode);

/* The line of a connection. */
struct line *line_of(struct MHD_Connection *);
/* libmicrohttpd has work: a connection was resumed. */
void web_soon(struct web *);

/*
 * Who sends this?  200: agent is it; else the status to answer with, and why.
 * Nothing of the body has been read.
 */
uint32_t proof_of(struct gate *, struct MHD_Connection *, char agent[static UUID_TEXT],
	struct why *);

#endif
