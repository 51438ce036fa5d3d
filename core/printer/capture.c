/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c - answers from a recording; see capture.h.
 *
 * It answers as an ideal printer would: every object in one packet, no limits.
 * It knows nothing of SNMP's wire format, and it never sweeps.
 */
#include "printer/capture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
	struct waiting *line, **line_end;
	uint64_t last_id;
	uv_timer_t timer;
};

/* ---- reading the file ---- */

static bool
hex_decode(const char *s, struct pool *pool, struct platen_bind *b)
{
	size_t n = strlen(s);
	uint8_t *out = pool_alloc(pool, n / 2 + 1);

	if (n % 2 != 0)
		return false;
	for (size_t i = 0; i < n / 2; i++) {
		char pair[3] = { s[2 * i], s[2 * i + 1], 0 }, *end;

		out[i] = (uint8_t)strtoul(pair, &end, 16);
		if (*end != 0)
			return false;
	}
	b->octets = out;
	b->len = (uint32_t)(n / 2);
	return true;
}

static bool
address_decode(const char *s, struct pool *pool, struct platen_bind *b)
{
	unsigned a[4];
	uint8_t *out = pool_alloc(pool, 5);

	if (sscanf(s, "%3u.%3u.%3u.%3u", &a[0], &a[1], &a[2], &a[3]) != 4)
		return false;
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)a[i];
	b->octets = out;
	b->len = 4;
	return true;
}

static bool
number_decode(const char *s, struct platen_bind *b)
{
	char *end;

	errno = 0;
	if (s[0] == '-')
		b->number = strtoll(s, &end, 10);
	else {
		unsigned long long v = strtoull(s, &end, 10);

		b->number = v > INT64_MAX ? INT64_MAX : (int64_t)v;
	}
	return end != s && *end == 0 && errno == 0;
}

/* The value of a line by its type: SMI tag numbers, "x": in hex, another letter: a variation. */
static bool
value_decode(const char *type, const char *value, struct pool *pool, struct platen_bind *b)
{
	struct oid oid;
	unsigned long tag = strtoul(type, NULL, 10);
	bool hex = strchr(type, 'x') != NULL;

	switch (tag) {
	case 2:
		b->type = PLATEN_INTEGER;
		return number_decode(value, b);
	case 65:
	case 66:
	case 67:
	case 70:
		b->type = PLATEN_UNSIGNED;
		return number_decode(value, b);
	case 4:
	case 68:
		b->type = PLATEN_OCTETS;
		if (hex)
			return hex_decode(value, pool, b);
		b->len = (uint32_t)strlen(value);
		b->octets = pool_copy(pool, value, b->len);
		return true;
	case 64:
		b->type = PLATEN_OCTETS;
		return hex ? hex_decode(value, pool, b) : address_decode(value, pool, b);
	case 6:
		b->type = PLATEN_OBJECT_ID;
		if (!oid_parse(value, &oid))
			return false;
		b->value.sub = pool_copy(pool, oid.sub, oid.n * sizeof(oid.sub[0]));
		b->value.n = oid.n;
		return true;
	case 5:
		b->type = PLATEN_ABSENT;
		return true;
	default:
		return false;
	}
}

static bool
line_decode(struct capture *c, char *line, struct platen_bind *b)
{
	char *type = strchr(line, '|'), *value;
	struct oid oid;

	if (type == NULL || (value = strchr(type + 1, '|')) == NULL)
		return false;
	*type++ = 0;
	*value++ = 0;
	if (!oid_parse(line, &oid))
		return false;
	*b = (struct platen_bind){ .size = sizeof(*b), .octets = (const uint8_t *)"" };
	b->oid.sub = pool_copy(c->pool, oid.sub, oid.n * sizeof(oid.sub[0]));
	b->oid.n = oid.n;
	/* A value that is damaged or a variation is a hole, not a fault of the whole file. */
	if (!value_decode(type, value, c->pool, b))
		b->type = PLATEN_ABSENT;
	return true;
}

static int
bind_compare(const void *a, const void *b)
{
	const struct platen_bind *x = a, *y = b;

	return oid_compare(x->oid.sub, x->oid.n, y->oid.sub, y->oid.n);
}

static char *
file_read(const char *file, size_t most, size_t *n, struct why *why)
{
	struct stat st;
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *text;
	ssize_t got;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		why_set(why, "%s: cannot be read: %s", file,
			fd < 0 ? strerror(errno) : "not a regular file");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if ((uint64_t)st.st_size > most) {
		why_set(why, "%s: larger than %zu bytes", file, most);
		close(fd);
		return NULL;
	}
	text = mem_alloc((size_t)st.st_size + 1);
	got = read(fd, text, (size_t)st.st_size);
	close(fd);
	*n = got > 0 ? (size_t)got : 0;
	return text;
}

static bool
capture_load(struct capture *c, const char *file, struct why *why)
{
	size_t n, number = 0, room = 0;
	char *text = file_read(file, MAX_CAPTURE_SIZE, &n, why), *rest = text, *line;
	bool good = true;

	if (text == NULL)
		return false;
	while (good && (line = strsep(&rest, "\n")) != NULL) {
		number++;
		line[strcspn(line, "\r")] = 0;
		if (line[0] == 0 || line[0] == '#')
			continue;
		if (c->n == room) {
			room = room ? room * 2 : 256;
			c->binds = mem_grow(c->binds, room * sizeof(*c->binds));
		}
		good = line_decode(c, line, &c->binds[c->n]);
		if (good && c->binds[c->n].type != PLATEN_ABSENT)
			c->n++;
	}
	free(text);
	if (!good)
		return why_set(why, "%s:%zu: this is no line of a capture (OID|TYPE|VALUE)", file,
			number);
	if (c->n > 0)
		qsort(c->binds, c->n, sizeof(*c->binds), bind_compare);
	return true;
}

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

/* Where a column begins: behind after, where that is inside it. */
static uint32_t
first_object(const struct capture *c, const struct platen_oid *column,
	const struct platen_oid *after)
{
	uint32_t at;

	if (!oid_below(after->sub, after->n, column->sub, column->n))
		return lower_bound(c, column);
	at = lower_bound(c, after);
	return at < c->n &&
			oid_compare(c->binds[at].oid.sub, c->binds[at].oid.n, after->sub,
				after->n) == 0
		? at + 1
		: at;
}

static struct platen_bind
absent(struct platen_oid oid)
{
	return (struct platen_bind){
		.size = sizeof(struct platen_bind),
		.type = PLATEN_ABSENT,
		.oid = oid,
		.octets = (const uint8_t *)"",
	};
}

static void
answer_get_objects(const struct capture *c, const struct question *q, struct pool *pool,
	struct answer *a)
{
	a->n = q->n;
	a->binds = pool_alloc(pool, (q->n + 1) * sizeof(*a->binds));
	for (uint32_t i = 0; i < q->n; i++) {
		uint32_t at = lower_bound(c, &q->oids[i]);

		if (at < c->n &&
			oid_compare(c->binds[at].oid.sub, c->binds[at].oid.n, q->oids[i].sub,
				q->oids[i].n) == 0)
			a->binds[i] = c->binds[at];
		else
			a->binds[i] = absent((struct platen_oid){
				.sub = pool_copy(pool, q->oids[i].sub,
					q->oids[i].n * sizeof(uint32_t)),
				.n = q->oids[i].n,
			});
	}
}

/* One column being read: where it is, as long as it is below its OID. */
struct column {
	const struct platen_oid *oid;
	uint32_t at;
};

static const struct platen_bind *
column_here(const struct capture *c, const struct column *col)
{
	const struct platen_bind *b;

	if (col->at >= c->n)
		return NULL;
	b = &c->binds[col->at];
	if (b->oid.n <= col->oid->n || !oid_below(b->oid.sub, b->oid.n, col->oid->sub, col->oid->n))
		return NULL;
	return b;
}

/* The index a column stands at, compared with that of another. */
static int
index_compare(const struct column *x, const struct platen_bind *a, const struct column *y,
	const struct platen_bind *b)
{
	return oid_compare(a->oid.sub + x->oid->n, a->oid.n - x->oid->n, b->oid.sub + y->oid->n,
		b->oid.n - y->oid->n);
}

/* The column that stands at the smallest index; NULL: all are through. */
static const struct column *
columns_first(const struct capture *c, const struct column *cols, uint32_t n)
{
	const struct column *first = NULL;

	for (uint32_t i = 0; i < n; i++) {
		const struct platen_bind *b = column_here(c, &cols[i]);

		if (b != NULL &&
			(first == NULL ||
				index_compare(&cols[i], b, first, column_here(c, first)) < 0))
			first = &cols[i];
	}
	return first;
}

static struct platen_oid
hole_oid(struct pool *pool, const struct platen_oid *column, const struct platen_oid *like,
	uint32_t like_column)
{
	uint32_t n = like->n - like_column;
	uint32_t *sub = pool_alloc(pool, (column->n + n) * sizeof(*sub));

	memcpy(sub, column->sub, column->n * sizeof(*sub));
	memcpy(sub + column->n, like->sub + like_column, n * sizeof(*sub));
	return (struct platen_oid){ .sub = sub, .n = column->n + n };
}

static void
answer_get_table(const struct capture *c, const struct question *q, struct pool *pool,
	struct answer *a)
{
	struct column *cols = pool_alloc(pool, q->n * sizeof(*cols));
	const struct column *first;
	struct buf binds = { 0 };

	for (uint32_t i = 0; i < q->n; i++)
		cols[i] = (struct column){ &q->oids[i], first_object(c, &q->oids[i], &q->after) };
	while ((first = columns_first(c, cols, q->n)) != NULL) {
		const struct platen_bind row = *column_here(c, first);
		uint32_t first_n = first->oid->n;
		struct column at_row = *first;

		if (a->n == PLATEN_MAX_ROWS * q->n) {
			a->status = PLATEN_EPARTIAL;
			break;
		}
		for (uint32_t i = 0; i < q->n; i++) {
			const struct platen_bind *b = column_here(c, &cols[i]);
			struct platen_bind hole;

			if (b != NULL && index_compare(&cols[i], b, &at_row, &row) == 0)
				cols[i].at++;
			else {
				hole = absent(hole_oid(pool, cols[i].oid, &row.oid, first_n));
				b = &hole;
			}
			buf_add(&binds, b, sizeof(*b));
			a->n++;
		}
	}
	a->binds = pool_copy(pool, binds.p, binds.n);
	buf_free(&binds);
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

	body = strstr(q->path, "..") ? NULL : file_read(file, PLATEN_MAX_BODY_CEILING, &n, &why);
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
	w->answer.packets = 1;
	switch (q->kind) {
	case ASK_GET:
		answer_get_objects(c, q, w->pool, &w->answer);
		break;
	case ASK_TABLE:
		answer_get_table(c, q, w->pool, &w->answer);
		break;
	case ASK_PAGE:
		answer_get_page(c, q, w->pool, &w->answer);
		break;
	case ASK_LOGIN:
		w->answer.status = PLATEN_EREFUSED;
		break;
	}
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
	if (!capture_load(c, file, why)) {
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
