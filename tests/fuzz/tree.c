/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.c - any bytes as a page of a printer: a sound tree or none, and whatever
 * is looked for in it is found in time or not at all.
 *
 * The first byte says the language; up to the next newline stands a path.
 */
#include "base/base.h"

#include <platen/html.h>
#include <platen/json.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pool *pool;

static void *
alloc(struct platen_visit *v, uint64_t n)
{
	(void)v;
	return pool_alloc(pool, n);
}

static void
log_take(const struct platen_host *h, int32_t level, const char *line)
{
	(void)h, (void)level, (void)line;
}

static const struct platen_host host = { .size = sizeof(host), .alloc = alloc, .log = log_take };

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	platen_xml_load();
	return 0;
}

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
look(const struct platen_node *root, const char *path)
{
	char text[40];
	int64_t number = -1;
	size_t n = platen_find_text(root, path, text, sizeof(text));

	must(n < sizeof(text) && strlen(text) == n && text_is_utf8(text, n));
	must(platen_find_number(root, path, ',', &number) == (number >= 0));
	platen_find_beside(root, path);
	for (const struct platen_node *f = platen_find(root, path); f != NULL;
		f = platen_find_next(root, path, f))
		must(f->parent != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *newline = size > 1 ? memchr(data, '\n', size) : NULL;
	const struct platen_node *(*read)(const struct platen_host *, struct platen_visit *,
		const uint8_t *, uint64_t),
		*root;
	uint8_t *page;
	size_t n;
	char *path;

	if (newline == NULL || newline == data)
		return 0;
	path = mem_string_n((const char *)data + 1, (size_t)(newline - data) - 1);
	n = size - (size_t)(newline - data) - 1;
	/* With the NUL that follows every body. */
	page = mem_alloc(n + 1);
	memcpy(page, newline + 1, n);
	pool = pool_new();
	read = data[0] == 'x' ? platen_xml : data[0] == 'j' ? platen_json : platen_html;
	root = read(&host, NULL, page, n);
	look(root, path);
	look(root, NULL);
	pool_free(pool);
	free(page);
	free(path);
	return 0;
}
