/* SPDX-License-Identifier: Apache-2.0 */
/* build.h - how the readers of XML, HTML and JSON make a tree; not for plugins. */
#ifndef PLATEN_BUILD_H
#define PLATEN_BUILD_H

#include <platen/tree.h>

struct platen_build {
	const struct platen_host *host;
	struct platen_visit *visit;
	const char *kind; /* "XML", for the log */
	struct platen_node *root, *at; /* at: the node that is open */
	struct platen_node *last[PLATEN_MAX_DEPTH + 1]; /* of each open node, its last child */
	uint32_t depth, nodes;
	char *text; /* that has come and is not yet in a node */
	size_t ntext, most;
	const char *wrong; /* why there will be no tree; the first reason stays */
};

/* False: it cannot even begin, wrong says why; build_end all the same. */
bool platen_build_begin(struct platen_build *, uint64_t len);
void platen_build_open(struct platen_build *, const char *name, size_t n);
void platen_build_close(struct platen_build *);
/* Text in the open node; pieces in a row become one node. */
void platen_build_text(struct platen_build *, const char *, size_t n);
/* A node with text in the open one; mark goes before its name, "@" or "". */
void platen_build_leaf(struct platen_build *, const char *mark, const char *name, size_t nname,
	const char *text, size_t n);
/* The finished tree, or NULL after a line in the log. */
const struct platen_node *platen_build_end(struct platen_build *);

#endif
