/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a request for a page is answered: a recorded page, a fault's, a log-in's, or 404.
 *
 * Any method but GET and HEAD is a write, shouted and answered 405, unless a log-in takes it. What
 * is built here is sent by http.c, which knows of faults in time.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#define MIB 1048576.0

/* Filler of endless and huge pages. */
#define FILLER 16384u

static const uint8_t filler[FILLER];

/* ---- the parts ----------------------------------------------------------------------------- */

static void
set_head(struct reply *r, const char *status, const char *headers)
{
	int n = snprintf(r->head, sizeof r->head, "HTTP/1.1 %s\r\n%s%s\r\n", status, headers,
		r->close_after ? "Connection: close\r\n" : "");

	r->part[PART_HEAD] = (struct part){ r->head, (size_t)n, (uint64_t)n };
}

static void
set_body(struct reply *r, const void *data, size_t period, uint64_t len)
{
	r->part[PART_BODY] = (struct part){ data, period, len };
}

void
reply_text(struct reply *r, const char *status, const char *headers, const char *text)
{
	char all[600];

	snprintf(all, sizeof all, "%sContent-Length: %zu\r\n", headers, strlen(text));
	set_head(r, status, all);
	set_body(r, text, strlen(text), strlen(text));
}

/* The page with this printer's serial number in it. */
static void
reply_page(struct reply *r, const struct printer *p, const struct page *page)
{
	const struct fault *lie = p->fault[FAULT_HTTP_LENGTH];
	char headers[300];

	if (lie != NULL) {
		r->close_after = true;
		snprintf(headers, sizeof headers, "Content-Type: %s\r\nContent-Length: %.100s\r\n",
			page->type, lie->text);
	} else {
		snprintf(headers, sizeof headers, "Content-Type: %s\r\nContent-Length: %zu\r\n",
			page->type, page->len);
	}
	set_head(r, "200 OK", headers);
	set_body(r, page->body, page->len, page->len);
	if (p->number != 0 && page->len > 0) {
		r->own = must_realloc(NULL, page->len, 1);
		memcpy(r->own, page->body, page->len);
		ident_overwrite(p, r->own, page->len);
		r->part[PART_BODY].data = r->own;
	}
}

/* ---- faults -------------------------------------------------------------------------------- */

static void
redirect(struct reply *r, const struct fault *f)
{
	char headers[300];

	snprintf(headers, sizeof headers, "Location: %.280s\r\n", f->text);
	reply_text(r, "302 Found", headers, "");
}

static void
endless(struct reply *r, const struct fault *f)
{
	(void)f;
	r->close_after = true;
	set_head(r, "200 OK", "Content-Type: text/html\r\n");
	set_body(r, filler, FILLER, UINT64_MAX);
}

static void
huge(struct reply *r, const struct fault *f)
{
	uint64_t len = (uint64_t)(f->number * MIB);
	char headers[100];

	snprintf(headers, sizeof headers, "Content-Type: text/html\r\nContent-Length: %llu\r\n",
		(unsigned long long)len);
	set_head(r, "200 OK", headers);
	set_body(r, filler, FILLER, len);
}

static void
chunked(struct reply *r, const struct fault *f)
{
	static const char last[] = "0\r\n\r\n";
	static uint8_t chunk[FILLER + 8];
	uint64_t chunks = (uint64_t)(f->number * MIB / FILLER);

	memcpy(chunk, "4000\r\n", 6);
	memcpy(chunk + 6 + FILLER, "\r\n", 2);
	set_head(r, "200 OK", "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n");
	set_body(r, chunk, sizeof chunk, chunks * sizeof chunk);
	r->part[PART_TAIL] = (struct part){ last, 5, 5 };
}

static void
headers_forever(struct reply *r, const struct fault *f)
{
	static const char status[] = "HTTP/1.1 200 OK\r\n", header[] = "X-Filler: abcdefgh\r\n";

	(void)f;
	r->part[PART_HEAD] = (struct part){ status, sizeof status - 1, sizeof status - 1 };
	set_body(r, header, sizeof header - 1, UINT64_MAX);
}

static const struct {
	enum fault_kind kind;
	void (*reply)(struct reply *r, const struct fault *f);
} faulty[] = {
	{ FAULT_HTTP_REDIRECT, redirect },
	{ FAULT_HTTP_ENDLESS, endless },
	{ FAULT_HTTP_HUGE, huge },
	{ FAULT_HTTP_CHUNKED, chunked },
	{ FAULT_HTTP_HEADERS, headers_forever },
};

/* True when a fault has answered. */
static bool
fault_answers(const struct printer *p, struct reply *r)
{
	for (size_t i = 0; i < sizeof faulty / sizeof *faulty; i++)
		if (p->fault[faulty[i].kind] != NULL) {
			faulty[i].reply(r, p->fault[faulty[i].kind]);
			return true;
		}
	return false;
}

/* ---- requests ------------------------------------------------------------------------------ */

const char *
header_find(const char *headers, const char *name, size_t *len)
{
	size_t n = strlen(name);

	for (const char *at = strchr(headers, '\n'); at != NULL; at = strchr(at + 1, '\n'))
		if (strncasecmp(at + 1, name, n) == 0 && at[1 + n] == ':') {
			at += n + 2;
			at += strspn(at, " \t");
			*len = strcspn(at, "\r\n");
			return at;
		}
	return NULL;
}

static bool
is_write(const char *method)
{
	return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
}

static void
note_write(struct sim *sim, const struct request *q, struct reply *r)
{
	char what[32];

	sim->stats.post++;
	snprintf(what, sizeof what, "HTTP %.20s", q->method);
	report_write(sim, what, q->peer, q->printer, q->target);
	r->close_after = true; /* its body is not read */
	reply_text(r, "405 Method Not Allowed", "Allow: GET, HEAD\r\n", "");
}

/* "GET /path HTTP/1.1": false when it is no such line. */
static bool
take_line_apart(struct request *q, struct reply *r)
{
	size_t method_len = strcspn(q->line, " "), target_len;
	char *target = q->line + method_len + 1;

	if (q->line[method_len] == '\0' || target[target_len = strcspn(target, " ")] == '\0' ||
		strncmp(target + target_len, " HTTP/1.", 8) != 0)
		return false;
	r->close_after |= target[target_len + 8] == '0';
	q->line[method_len] = target[target_len] = '\0';
	q->method = q->line;
	q->target = target;
	return true;
}

static void
answer_get(struct sim *sim, const struct request *q, struct reply *r)
{
	const struct page *page = page_find(q->printer->capture, q->target, strlen(q->target));

	sim->stats.http_get++;
	if (fault_answers(q->printer, r))
		return;
	if (page != NULL)
		reply_page(r, q->printer, page);
	else
		reply_text(r, "404 Not Found", "Content-Type: text/plain\r\n", "not found\n");
}

bool
reply_make(struct sim *sim, struct request *q, struct reply *r)
{
	char *traced = sim->trace != NULL ? must_strdup(q->line) : NULL;
	size_t len;
	const char *connection = header_find(q->headers, "Connection", &len);
	bool sound;

	r->close_after = connection != NULL && len == 5 && strncasecmp(connection, "close", 5) == 0;
	sound = take_line_apart(q, r);
	if (sound && traced != NULL)
		report_trace_http(sim, q->peer, q->printer, traced);
	free(traced);
	if (!sound)
		return false;
	if (!login_answers(sim, q, r)) {
		if (is_write(q->method))
			note_write(sim, q, r);
		else
			answer_get(sim, q, r);
	}
	if (strcmp(q->method, "HEAD") == 0)
		r->part[PART_BODY].len = r->part[PART_TAIL].len = 0;
	return true;
}
