/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_request.c - one request of an agent over HTTP; see gate_web.h.
 *
 * Who may not send, or sends what is not taken, is told so before a byte of the
 * body is read.  The body is held, given to gate_take, and the connection rests
 * until the answer is there.
 */
#include "net/gate_web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define NDJSON "application/x-ndjson"
/* Uploads without proof of one address that are told so, a minute; more just have to wait. */
#define FAILURES_A_MINUTE 30

struct request {
	struct web *web;
	struct MHD_Connection *connection;
	struct line *line;
	char agent[UUID_TEXT];
	enum gate_coding coding;
	struct buf body;
	size_t dropped; /* bytes behind what is taken */
	uint32_t refused; /* status to answer with when all is read, or 0 */
	uint64_t upload; /* gate_take's, 0: not there yet */
	struct gate_answer answer; /* its body is ours */
	bool answered;
};

/* ---- answers ---- */

static enum MHD_Result
respond(struct MHD_Connection *connection, uint32_t status, uint32_t retry_after, const char *body,
	size_t n)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(n, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
	char seconds[16];
	enum MHD_Result rc;

	if (r == NULL)
		return MHD_NO;
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	snprintf(seconds, sizeof(seconds), "%u", retry_after);
	if (retry_after > 0)
		MHD_add_response_header(r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
	if (status == 401)
		MHD_add_response_header(r, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
	if (status == 405)
		MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "POST");
	rc = MHD_queue_response(connection, status, r);
	MHD_destroy_response(r);
	return rc;
}

static enum MHD_Result
refuse(struct MHD_Connection *connection, uint32_t status, const char *why)
{
	char body[sizeof(((struct why *)0)->text) + 32];
	int n = snprintf(body, sizeof(body), "{\"error\":\"%s\"}", why);

	return respond(connection, status, status == 429 || status == 503 ? GATE_RETRY : 0, body,
		(size_t)n);
}

/* ---- may it send this? ---- */

static const char *
header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* "application/x-ndjson", whatever follows a ';'. */
static bool
is_ndjson(const char *type)
{
	size_t n = sizeof(NDJSON) - 1;

	return type != NULL && strncasecmp(type, NDJSON, n) == 0 &&
		(type[n] == 0 || type[n] == ';' || type[n] == ' ');
}

static bool
find_coding(const char *text, enum gate_coding *out)
{
	static const struct {
		const char *name;
		enum gate_coding coding;
	} codings[] = {
		{ "identity", CODING_NONE },
		{ "zstd", CODING_ZSTD },
		{ "gzip", CODING_GZIP },
	};

	*out = CODING_NONE;
	for (size_t i = 0; text != NULL && i < COUNT(codings); i++)
		if (strcasecmp(text, codings[i].name) == 0) {
			*out = codings[i].coding;
			return true;
		}
	return text == NULL;
}

/* 200, or why its head alone is enough to say no. */
static uint32_t
judge_head(struct request *r, const char *method, struct why *why)
{
	const char *length = header(r->connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	uint64_t most = r->web->gate->settings.max_body, n = 0;

	if (strcmp(method, "POST") != 0) {
		why_set(why, "records are sent with POST");
		return 405;
	}
	if (!is_ndjson(header(r->connection, MHD_HTTP_HEADER_CONTENT_TYPE)) ||
		!find_coding(header(r->connection, MHD_HTTP_HEADER_CONTENT_ENCODING), &r->coding)) {
		why_set(why, "a body is " NDJSON ", as it is or with zstd or gzip");
		return 415;
	}
	n = length != NULL ? strtoull(length, NULL, 10) : 0;
	if (n > most) {
		why_set(why, "an upload has at most %" PRIu64 " bytes here", most);
		return 413;
	}
	if (r->web->gate->held + n > GATE_HELD_MOST) {
		why_set(why, "the gateway is busy");
		return 503;
	}
	return 200;
}

static uint32_t
judge_sender(struct request *r, struct why *why)
{
	struct gate *g = r->web->gate;
	uint32_t status = proof_of(g, r->connection, r->agent, why);
	char name[UUID_TEXT + ADDRESS_TEXT];

	snprintf(name, sizeof(name), status == 200 ? "agent %s" : "address %s",
		status == 200 ? r->agent : r->line->peer);
	if (status == 200 && gate_rate_take(g, name, g->settings.requests))
		return 200;
	if (status != 200 && gate_rate_take(g, name, FAILURES_A_MINUTE)) {
		pipe_log(&g->pipe, LOG_WARN, "%s was sent away: %s", r->line->peer, why->text);
		return status;
	}
	why_set(why, "too often");
	return 429;
}

/* ---- the body ---- */

static void
take_bytes(struct request *r, const char *data, size_t n)
{
	struct gate *g = r->web->gate;

	if (r->refused == 0 && r->body.n + n > g->settings.max_body)
		r->refused = 413;
	else if (r->refused == 0 && g->held + n > GATE_HELD_MOST)
		r->refused = 503;
	if (r->refused == 0) {
		buf_add(&r->body, data, n);
		g->held += n;
		return;
	}
	/* libmicrohttpd wants all of it before it answers; there is an end to that. */
	r->dropped += n;
	if (r->dropped > g->settings.max_body)
		shutdown(r->line->fd, SHUT_RDWR);
}

static void
drop_body(struct request *r)
{
	r->web->gate->held -= r->body.n;
	buf_free(&r->body);
}

static void
on_answer(void *arg, const struct gate_answer *answer)
{
	struct request *r = arg;

	r->upload = 0;
	r->answer = *answer;
	r->answer.body = mem_string_n(answer->body, answer->len);
	r->answered = true;
	r->line->waiting = false;
	r->line->since = clock_ms();
	MHD_resume_connection(r->connection);
	web_soon(r->web);
}

static enum MHD_Result
give(struct request *r)
{
	const char *version = header(r->connection, MHD_HTTP_HEADER_USER_AGENT);
	char text[64];

	text_copy(text, sizeof(text), version != NULL ? version : "");
	for (char *c = text; *c != 0; c++)
		if (*c < 0x20 || *c >= 0x7F)
			*c = '?';
	r->line->waiting = true;
	MHD_suspend_connection(r->connection);
	r->upload = gate_take(r->web->gate,
		&(struct gate_upload){
			.agent = r->agent,
			.how = r->web->how,
			.peer = r->line->peer,
			.version = text,
			.coding = r->coding,
			.body = r->body.p,
			.len = r->body.n,
			.done = on_answer,
			.arg = r,
		});
	drop_body(r);
	return MHD_YES;
}

/* ---- libmicrohttpd's callbacks ---- */

static enum MHD_Result
begin(struct web *web, struct MHD_Connection *connection, const char *method, void **request)
{
	struct request *r = mem_alloc(sizeof(*r));
	struct why why;
	uint32_t status;

	*request = r;
	r->web = web;
	r->connection = connection;
	r->line = line_of(connection);
	status = judge_head(r, method, &why);
	if (status == 200)
		status = judge_sender(r, &why);
	return status == 200 ? MHD_YES : refuse(connection, status, why.text);
}

enum MHD_Result
request_take(void *arg, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *data, size_t *n, void **request)
{
	struct request *r = *request;

	(void)url, (void)version;
	if (r == NULL)
		return begin(arg, connection, method, request);
	if (*n > 0) {
		take_bytes(r, data, *n);
		*n = 0;
		return MHD_YES;
	}
	if (r->answered)
		return respond(connection, r->answer.status, r->answer.retry_after, r->answer.body,
			r->answer.len);
	if (r->refused == 413)
		return refuse(connection, 413, "the upload is larger than this gateway takes");
	if (r->refused != 0)
		return refuse(connection, r->refused, "the gateway is busy");
	return give(r);
}

void
request_over(void *arg, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode code)
{
	struct request *r = *request;

	(void)arg, (void)connection, (void)code;
	if (r == NULL)
		return;
	if (r->upload != 0)
		gate_forget(r->web->gate, r->upload);
	r->line->waiting = false;
	r->line->since = clock_ms();
	drop_body(r);
	free((void *)(uintptr_t)r->answer.body);
	free(r);
	*request = NULL;
}
