/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - a tree of nodes in the memory of a visit, made piece by piece; see build.h. */
#include "build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
take(struct platen_build *b, size_t n)
{
	void *p = b->wrong == NULL ? b->host->alloc(b->visit, n) : NULL;

	if (p == NULL && b->wrong == NULL)
		b->wrong = "there is no memory left for it";
	return p;
}

static char *
copy(struct platen_build *b, const char *mark, const char *s, size_t n)
{
	size_t m = strlen(mark);
	char *p = take(b, m + n + 1);

	if (p == NULL)
		return NULL;
	memcpy(p, mark, m);
	memcpy(p + m, s, n);
	return p;
}

static struct platen_node *
node_add(struct platen_build *b, const char *mark, const char *name, size_t n)
{
	struct platen_node *node;

	if (b->wrong == NULL && b->nodes++ == PLATEN_MAX_NODES)
		b->wrong = "it has too many parts";
	if ((node = take(b, sizeof(*node))) == NULL ||
		(node->name = copy(b, mark, name, n)) == NULL)
		return NULL;
	node->parent = b->at;
	if (b->last[b->depth] != NULL)
		b->last[b->depth]->next = node;
	else
		b->at->child = node;
	b->last[b->depth] = node;
	return node;
}

void
platen_build_leaf(struct platen_build *b, const char *mark, const char *name, size_t nname,
	const char *text, size_t n)
{
	struct platen_node *node = node_add(b, mark, name, nname);

	if (node != NULL)
		node->text = copy(b, "", text, n);
}

/* Text that is nothing but blanks is layout. */
static void
flush(struct platen_build *b)
{
	size_t blanks = 0;

	while (blanks < b->ntext && strchr(" \t\r\n", b->text[blanks]) != NULL)
		blanks++;
	if (blanks < b->ntext)
		platen_build_leaf(b, "", "", 0, b->text, b->ntext);
	b->ntext = 0;
}

void
platen_build_text(struct platen_build *b, const char *s, size_t n)
{
	if (b->wrong != NULL)
		return;
	if (n > b->most - b->ntext) { /* cannot be: no text is longer than its page in UTF-8 */
		b->wrong = "its text grows";
		return;
	}
	memcpy(b->text + b->ntext, s, n);
	b->ntext += n;
}

void
platen_build_open(struct platen_build *b, const char *name, size_t n)
{
	struct platen_node *node;

	flush(b);
	if (b->wrong == NULL && b->depth == PLATEN_MAX_DEPTH)
		b->wrong = "it is nested too deeply";
	if ((node = node_add(b, "", name, n)) == NULL)
		return;
	b->at = node;
	b->last[++b->depth] = NULL;
}

void
platen_build_close(struct platen_build *b)
{
	flush(b);
	if (b->wrong != NULL || b->depth == 0)
		return;
	b->depth--;
	b->at = b->depth > 0 ? b->last[b->depth - 1] : b->root;
}

bool
platen_build_begin(struct platen_build *b, uint64_t len)
{
	if (len == 0)
		b->wrong = "it is empty";
	else if (len > PLATEN_MAX_BODY_CEILING)
		b->wrong = "it is too long";
	else if ((b->text = malloc(b->most = 4 * len)) == NULL)
		b->wrong = "there is no memory left for it";
	if ((b->root = b->at = take(b, sizeof(*b->root))) != NULL)
		b->root->name = "";
	return b->wrong == NULL;
}

const struct platen_node *
platen_build_end(struct platen_build *b)
{
	char line[120];

	if (b->wrong == NULL)
		flush(b);
	free(b->text);
	if (b->wrong == NULL)
		return b->root;
	snprintf(line, sizeof(line), "the page is not read as %s: %s", b->kind, b->wrong);
	b->host->log(b->host, PLATEN_WARNING, line);
	return NULL;
}
