/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reach.c - does what a plugin asks lie in what it declared it would ask?
 *
 * Paths are compared as they are sent: whatever a printer's web server might
 * read as another path (dots, doubled slashes, escapes) is refused, not guessed.
 */
#include "process/worker.h"

#include <string.h>

/* Bytes of a path asked for. */
#define MAX_PATH 2000

static const struct {
	const char *word;
	enum question_kind kind;
} verbs[] = {
	{ "oid ", ASK_GET },
	{ "oid ", ASK_TABLE },
	{ "get ", ASK_PAGE },
	{ "login ", ASK_LOGIN },
};

/* What follows the verb when item is about this kind of question, else NULL. */
static const char *
argument(const char *item, enum question_kind kind)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (verbs[i].kind == kind &&
			strncmp(item, verbs[i].word, strlen(verbs[i].word)) == 0)
			return item + strlen(verbs[i].word);
	return NULL;
}

/* One way to spell a path: "/", then visible ASCII; nothing that is resolved or decoded. */
static bool
is_plain_path(const char *path)
{
	size_t n = strnlen(path, MAX_PATH + 1);
	size_t name = strcspn(path, "?");

	if (path[0] != '/' || n > MAX_PATH || strcspn(path, "\\#{}\"<>") < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (path[i] <= 0x20 || path[i] >= 0x7F)
			return false;
		if (i + 1 < name && path[i] == '/' && (path[i + 1] == '/' || path[i + 1] == '.'))
			return false;
		/* %2e and %2f would be dots and slashes after all. */
		if (i < name && path[i] == '%')
			return false;
	}
	return true;
}

static bool
path_below(const char *path, const char *prefix)
{
	if (!is_plain_path(path) || strncmp(path, prefix, strlen(prefix)) != 0)
		return false;
	return strchr(path, '?') == NULL || strchr(prefix, '?') != NULL;
}

struct reach
reach_of(struct pool *pool, const char *const *items, uint32_t n)
{
	struct platen_oid *roots = pool_alloc(pool, (n + 1) * sizeof(*roots));

	for (uint32_t i = 0; i < n; i++) {
		const char *root = argument(items[i], ASK_GET);
		struct oid oid;

		if (root != NULL && oid_parse(root, &oid))
			roots[i] = oid_keep(pool, &(struct platen_oid){ oid.sub, oid.n });
	}
	return (struct reach){ .items = items, .roots = roots, .n = n };
}

/* Which root covers it, tried from this one on: neighbours lie below the same; n: none. */
static uint32_t
root_find(const struct platen_oid *oid, const struct reach *reach, uint32_t from)
{
	for (uint32_t tried = 0; tried < reach->n; tried++, from++) {
		const struct platen_oid *root = &reach->roots[from %= reach->n];

		if (root->n > 0 && oid_below(oid->sub, oid->n, root->sub, root->n))
			return from;
	}
	return reach->n;
}

static bool
oids_covered(const struct question *q, const struct reach *reach)
{
	uint32_t root = 0;

	for (uint32_t i = 0; i < q->n && root < reach->n; i++)
		root = root_find(&q->oids[i], reach, root);
	return root < reach->n && q->n > 0 && q->n <= PLATEN_MAX_OIDS;
}

bool
reach_covers(const struct reach *reach, const struct question *q)
{
	switch (q->kind) {
	case ASK_GET:
	case ASK_TABLE:
		return oids_covered(q, reach);
	case ASK_PAGE:
	case ASK_LOGIN:
		for (uint32_t i = 0; i < reach->n; i++) {
			const char *prefix = argument(reach->items[i], q->kind);

			if (prefix == NULL)
				continue;
			/* A form goes to the very path that was declared. */
			if (q->kind == ASK_PAGE
					? path_below(q->path, prefix)
					: strcmp(q->path, prefix) == 0 && is_plain_path(q->path))
				return true;
		}
		return false;
	case ASK_READ: /* it is not asked by plugins */
		break;
	}
	return false;
}

bool
reach_valid(const char *item)
{
	struct oid oid;
	const char *what;

	if ((what = argument(item, ASK_GET)) != NULL)
		return oid_parse(what, &oid);
	if ((what = argument(item, ASK_PAGE)) != NULL || (what = argument(item, ASK_LOGIN)) != NULL)
		return is_plain_path(what);
	return false;
}
