/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gate_request.c - one request of an agent over HTTP; see gate_web.h.
 *
 * Of who may not send, or sends what is not taken, no byte of the body is kept.
 * A good body is held, given to gate_take, and the connection rests until the
 * answer is there.
 */
#include "net/gate_seal.h"
#include "net/gate_web.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define NDJSON "application/x-ndjson"
#define SEALED "application/platen-sealed"
#define JSON "application/json"
/* Uploads without proof of one address that are told so, a minute; more just have to wait. */
#define FAILURES_A_MINUTE 30

struct request {
	struct web *web;
	struct MHD_Connection *connection;
	struct line *line;
	char agent[UUID_TEXT];
	enum gate_coding coding;
	struct buf body;
	size_t dropped; /* bytes that were read for nothing */
	uint32_t refused; /* status to answer with when all is read, or 0 */
	struct why why;
	uint64_t upload; /* gate_take's, 0: not there yet */
	bool sealed; /* there is no TLS: the body is an envelope, and so is the answer */
	struct sealed_take *take; /* gate_sealed's, NULL: not there yet */
	struct gate_answer answer; /* its body is ours */
	bool answered;
};

/* ---- answers ---- */

static enum MHD_Result
respond(struct MHD_Connection *connection, const char *type, uint32_t status, uint32_t retry_after,
	const char *body, size_t n)
{
	struct MHD_Response *r =
		MHD_create_response_from_buffer(n, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);
	char seconds[16];
	enum MHD_Result rc;

	if (r == NULL)
		return MHD_NO;
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
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

	return respond(connection, JSON, status, status == 429 || status == 503 ? GATE_RETRY : 0,
		body, (size_t)n);
}

/* ---- may it send this? ---- */

static const char *
header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* "application/x-ndjson", whatever follows a ';'. */
static bool
is_type(const char *type, const char *wanted)
{
	size_t n = strlen(wanted);

	return type != NULL && strncasecmp(type, wanted, n) == 0 &&
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

static size_t
body_most(const struct request *r)
{
	const struct gate *g = r->web->gate;

	return r->sealed ? gate_sealed_most(g) : (size_t)g->settings.max_body;
}

/* 200, or why its head alone is enough to say no. */
static uint32_t
judge_head(struct request *r, const char *method, struct why *why)
{
	const char *length = header(r->connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
	const char *type = header(r->connection, MHD_HTTP_HEADER_CONTENT_TYPE);
	uint64_t most = body_most(r), n = 0;

	if (strcmp(method, "POST") != 0) {
		why_set(why, "records are sent with POST");
		return 405;
	}
	if (r->sealed && !is_type(type, SEALED)) {
		why_set(why, "without TLS only sealed uploads are taken");
		return 415;
	}
	if ((!r->sealed && !is_type(type, NDJSON)) ||
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
	uint32_t status;
	char name[UUID_TEXT + ADDRESS_TEXT];

	if (r->sealed)
		return 200; /* the seal proves it, when all is there */
	status = proof_of(g, r->connection, r->agent, why);
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

	if (r->refused == 0 && r->body.n + n > body_most(r)) {
		r->refused = 413;
		why_set(&r->why, "the upload is larger than this gateway takes");
	} else if (r->refused == 0 && g->held + n > GATE_HELD_MOST) {
		r->refused = 503;
		why_set(&r->why, "the gateway is busy");
	}
	if (r->refused == 0) {
		buf_add(&r->body, data, n);
		g->held += n;
		return;
	}
	r->dropped += n;
	if (r->dropped > 2 * body_most(r))
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

/* What the answer is stands in the envelope. */
static void
on_sealed(void *arg, const uint8_t *envelope, size_t n)
{
	struct request *r = arg;

	r->take = NULL;
	on_answer(r,
		&(struct gate_answer){ .status = 200, .body = (const char *)envelope, .len = n });
}

static enum MHD_Result
give_sealed(struct request *r)
{
	const struct gate_sealed s = { .how = r->web->how,
		.peer = r->line->peer,
		.version = "",
		.p = r->body.p,
		.n = r->body.n,
		.done = on_sealed,
		.arg = r };
	enum MHD_Result result = MHD_YES;
	struct buf out = { 0 };
	uint32_t status;

	switch (gate_sealed(r->web->gate, &s, &out, &status, &r->take)) {
	case SEALED_NOTHING:
		result =
			respond(r->connection, JSON, status, status == 429 ? GATE_RETRY : 0, "", 0);
		break;
	case SEALED_ANSWERED:
		result = respond(r->connection, SEALED, 200, 0, (const char *)out.p, out.n);
		break;
	case SEALED_WAITS:
		r->line->waiting = true;
		MHD_suspend_connection(r->connection);
		break;
	}
	drop_body(r);
	buf_free(&out);
	return result;
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
	uint32_t status;

	*request = r;
	r->web = web;
	r->connection = connection;
	r->line = line_of(connection);
	r->sealed = web->how == GATE_HTTP;
	status = judge_head(r, method, &r->why);
	if (status == 200)
		status = judge_sender(r, &r->why);
	if (status == 200)
		return MHD_YES;
	r->refused = status;
	/* Who asked first hears at once; else behind the body, or the answer would be lost. */
	return header(connection, MHD_HTTP_HEADER_EXPECT) != NULL
		? refuse(connection, status, r->why.text)
		: MHD_YES;
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
		return respond(connection, r->sealed ? SEALED : JSON, r->answer.status,
			r->answer.retry_after, r->answer.body, r->answer.len);
	if (r->refused != 0)
		return refuse(connection, r->refused, r->why.text);
	return r->sealed ? give_sealed(r) : give(r);
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
	gate_sealed_forget(r->take);
	r->line->waiting = false;
	r->line->since = clock_ms();
	drop_body(r);
	free((void *)(uintptr_t)r->answer.body);
	free(r);
	*request = NULL;
}
