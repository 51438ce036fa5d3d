/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c - answers from a recording; see capture.h.
 *
 * It is asked request by request, by the very reader that asks printers, and
 * answers as a printer would that has no limits but a packet's: so what is read,
 * and in how many packets, is what it is on a network.  It knows nothing of
 * SNMP's wire format, and it never sweeps.
 */
#include "printer/capture.h"

#include "message_read.h"
#include "printer/reader.h"
#include "printer/recording.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Bytes of an answer: what stands around its objects, and the most of all. */
#define MESSAGE_HEAD 45
#define MESSAGE_MOST 1472

/* A question whose answer is on its way: answers never come from within ask. */
struct waiting {
	struct waiting *next;
	uint64_t id;
	struct pool *pool;
	struct answer answer;
	lan_answer_fn *fn;
	void *arg;
};

struct capture {
	struct lan lan; /* first: a lan is a capture */
	char *folder; /* of the file, for http/ */
	struct pool *pool;
	struct platen_bind *binds; /* by OID, each once */
	uint32_t n;
	struct ability can; /* what was found out about it */
	struct waiting *line, **line_end;
	uint64_t last_id;
	uv_timer_t timer;
};

/* ---- answering ---- */

/* The first object at or after oid. */
static uint32_t
lower_bound(const struct capture *c, const struct platen_oid *oid)
{
	uint32_t low = 0, high = c->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct platen_oid *at = &c->binds[middle].oid;

		if (oid_compare(at->sub, at->n, oid->sub, oid->n) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct capture *c, uint32_t at, const struct platen_oid *oid)
{
	const struct platen_oid *here = at < c->n ? &c->binds[at].oid : NULL;

	return here != NULL && oid_compare(here->sub, here->n, oid->sub, oid->n) == 0;
}

static struct platen_bind
exactly(const struct capture *c, const struct platen_oid *oid)
{
	uint32_t at = lower_bound(c, oid);

	return is_at(c, at, oid) ? c->binds[at] : bind_absent(*oid);
}

static struct platen_bind
behind(const struct capture *c, const struct platen_oid *oid)
{
	uint32_t at = lower_bound(c, oid);

	at += is_at(c, at, oid);
	return at < c->n ? c->binds[at] : bind_absent(*oid); /* endOfMibView */
}

/* False: the message has no room for it. */
static bool
put(struct reply *reply, struct platen_bind b)
{
	size_t bytes = bind_bytes(oid_width(&b.oid), bind_width(&b));

	if (reply->bytes + bytes > MESSAGE_MOST)
		return false;
	reply->bytes += bytes;
	reply->binds[reply->n++] = b;
	return true;
}

/* An OID that was likely is the request's, as it is when a packet is taken apart. */
static struct platen_bind
as_likely(const struct request *q, uint32_t i, struct platen_bind b)
{
	const struct platen_oid *o = q->likely != NULL && i < q->n ? &q->likely[i].oid : &b.oid;

	if (oid_compare(o->sub, o->n, b.oid.sub, b.oid.n) == 0)
		b.oid = *o;
	return b;
}

/* One request, answered as a printer would that has no limits but a packet's. */
static void
answer_request(const struct capture *c, const struct request *q, struct pool *pool,
	struct reply *reply)
{
	uint32_t times = q->kind == REQUEST_BULK ? q->repetitions : 1;

	*reply = (struct reply){ .bytes = MESSAGE_HEAD };
	reply->binds = pool_alloc(pool, (q->n * times + 1) * sizeof(*reply->binds));
	for (uint32_t i = 0; i < q->n * times; i++) {
		const struct platen_oid *asked = i < q->n ? &q->names[i].oid
							  : &reply->binds[i - q->n].oid;

		if (put(reply,
			    as_likely(q, i,
				    q->kind == REQUEST_GET ? exactly(c, asked) : behind(c, asked))))
			continue;
		if (q->kind == REQUEST_BULK && i > 0)
			return;
		reply->n = 0;
		reply->error = ERROR_TOO_BIG;
		return;
	}
}

static void
answer_objects(struct capture *c, const struct question *q, struct pool *pool, struct answer *a)
{
	struct reader *reader = reader_new(pool, q, outline_new(pool, q), &c->can);
	struct request request;
	uint32_t packets = 0;

	while (reader_next(reader, &request)) {
		struct reply reply;

		answer_request(c, &request, pool, &reply);
		reader_take(reader, &reply);
		packets++;
	}
	reader_answer(reader, a);
	a->packets = packets;
}

static const char *
page_type(const char *path)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{ ".xml", "text/xml" },
		{ ".json", "application/json" },
		{ ".html", "text/html" },
		{ ".htm", "text/html" },
	};

	for (size_t i = 0; i < COUNT(types); i++) {
		size_t n = strlen(path), e = strlen(types[i].ending);

		if (n > e && strcmp(path + n - e, types[i].ending) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

/* Below a folder's path the query names nothing; elsewhere it is part of the file's name. */
char *
capture_page(const char *folder, const char *path)
{
	size_t n = strcspn(path, "?");

	if (n > 0 && path[n - 1] == '/')
		return mem_format("%s/http%.*sindex.html", folder, (int)n, path);
	return mem_format("%s/http%s", folder, path);
}

static void
answer_get_page(const struct capture *c, const struct question *q, struct pool *pool,
	struct answer *a)
{
	char *file = capture_page(c->folder, q->path), *body;
	struct why why;
	size_t n;

	body = strstr(q->path, "..") ? NULL
				     : recording_bytes(file, PLATEN_MAX_BODY_CEILING, &n, &why);
	free(file);
	a->code = body != NULL ? 200 : 404;
	a->type = page_type(q->path);
	if (body == NULL)
		return;
	if (n > q->most)
		a->status = PLATEN_ETOOBIG;
	else {
		a->body = pool_copy(pool, body, n);
		a->len = n;
	}
	free(body);
}

static void
on_timer(uv_timer_t *timer)
{
	struct capture *c = timer->data;
	struct waiting *w = c->line;

	if (w == NULL)
		return;
	c->line = w->next;
	if (c->line == NULL)
		c->line_end = &c->line;
	else
		uv_timer_start(&c->timer, on_timer, 0, 0);
	w->answer.pool = &w->pool;
	if (w->fn != NULL)
		w->fn(w->arg, &w->answer);
	pool_free(w->pool);
	free(w);
}

static uint64_t
capture_ask(struct lan *lan, const struct target *target, const struct question *q,
	lan_answer_fn *fn, void *arg)
{
	struct capture *c = (struct capture *)lan;
	struct waiting *w = mem_alloc(sizeof(*w));

	(void)target;
	w->id = ++c->last_id;
	w->pool = pool_new();
	w->fn = fn;
	w->arg = arg;
	w->answer = answer_none(q->kind, PLATEN_OK);
	switch (q->kind) {
	case ASK_READ:
		answer_objects(c, question_copy(w->pool, q), w->pool, &w->answer);
		read_hear(w->pool, &w->answer);
		break;
	case ASK_GET:
	case ASK_TABLE:
		answer_objects(c, question_copy(w->pool, q), w->pool, &w->answer);
		break;
	case ASK_PAGE:
		answer_get_page(c, q, w->pool, &w->answer);
		break;
	case ASK_LOGIN:
		w->answer.status = PLATEN_EREFUSED;
		break;
	}
	w->answer.pool = &w->pool;
	*c->line_end = w;
	c->line_end = &w->next;
	uv_timer_start(&c->timer, on_timer, 0, 0);
	return w->id;
}

static void
capture_cancel(struct lan *lan, uint64_t id)
{
	struct capture *c = (struct capture *)lan;

	for (struct waiting *w = c->line; w != NULL; w = w->next)
		if (w->id == id)
			w->fn = NULL;
}

static void
capture_sweep(struct lan *lan, const struct sweep_order *order, const struct sweep_events *events,
	void *arg)
{
	(void)lan, (void)order;
	events->swept(arg, 0, "a capture cannot be swept");
}

struct lan *
capture_open(uv_loop_t *loop, const char *file, struct why *why)
{
	static const struct lan_ops ops = {
		.ask = capture_ask,
		.cancel = capture_cancel,
		.sweep = capture_sweep,
	};
	struct capture *c = mem_alloc(sizeof(*c));
	const char *slash = strrchr(file, '/');

	c->lan.ops = &ops;
	c->folder = slash ? mem_string_n(file, (size_t)(slash - file)) : mem_string(".");
	c->pool = pool_new();
	c->line_end = &c->line;
	uv_timer_init(loop, &c->timer);
	c->timer.data = c;
	c->can = ability_new();
	if (!recording_read(file, c->pool, &c->binds, &c->n, why)) {
		capture_close(&c->lan);
		return NULL;
	}
	return &c->lan;
}

static void
on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void
capture_close(struct lan *lan)
{
	struct capture *c = (struct capture *)lan;

	while (c->line != NULL) {
		struct waiting *w = c->line;

		c->line = w->next;
		pool_free(w->pool);
		free(w);
	}
	free(c->binds);
	free(c->folder);
	pool_free(c->pool);
	uv_close((uv_handle_t *)&c->timer, on_closed);
}

/* ---- which captures are there? ---- */

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && strcmp(s + n - e, end) == 0;
}

static uint32_t
folder_each(const char *folder, int depth, void (*each)(void *arg, const char *file), void *arg)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);
	uint32_t found = 0;

	for (int i = 0; i < n; i++) {
		char *path = mem_format("%s/%s", folder, entries[i]->d_name);
		struct stat st;

		if (ends_with(path, ".snmprec")) {
			each(arg, path);
			found++;
		} else if (depth > 0 && entries[i]->d_name[0] != '.' && stat(path, &st) == 0 &&
			S_ISDIR(st.st_mode))
			found += folder_each(path, depth - 1, each, arg);
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return found;
}

bool
captures_each(const char *path, void (*each)(void *arg, const char *file), void *arg,
	struct why *why)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return why_set(why, "%s: %s", path, strerror(errno));
	if (S_ISREG(st.st_mode)) {
		each(arg, path);
		return true;
	}
	if (folder_each(path, 1, each, arg) == 0)
		return why_set(why, "%s: no capture (*.snmprec) in this folder", path);
	return true;
}
