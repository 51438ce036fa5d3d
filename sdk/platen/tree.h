/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/tree.h - a page of a printer, taken apart: "the number at this path".
 *
 * platen/xml.h, platen/html.h and platen/json.h make the same kind of tree of
 * what a printer answered, and this header reads it.  The tree lies in the
 * memory of the visit and goes with it: nothing is freed, and it may be kept for
 * a later answer of the same visit.  In libplaten-sdk.a.
 *
 * What becomes of a page:
 *   <a b="c">d</a>    a node "a" with two below it: "@b", text "c"; and "", text "d"
 *   {"a": {"b": 1}}   a node "" with a node "a" below it, that with "b", text "1"
 *   [1, 2]            two nodes "item"; true and false are text, null has none
 * Names are without namespace prefix; HTML's are in lower case.  Texts are UTF-8.
 *
 * A path has steps with '/' between them, from the node it is asked of downwards:
 *   ProductUsage/Printer/Total   children by name
 *   Printer/@id                  an attribute
 *   table//td                    td at any depth below table; "//td" anywhere
 *   tr[2]                        the second tr of its parent
 *   td[@id=total], Slot[Name=K]  the one with such an attribute or child text
 *   *                            any name
 * A path that is wrong finds nothing.  So does one that leads to several nodes of
 * different text, when it is asked for text or a number: take [N], or walk them.
 */
#ifndef PLATEN_TREE_H
#define PLATEN_TREE_H

#include <platen/plugin.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_MAX_NODES 100000 /* nodes of a page; one with more is refused */
#define PLATEN_MAX_DEPTH 100 /* of nodes in nodes; deeper is refused */

/* One element, attribute, text or value.  Read only. */
struct platen_node {
	const char *name; /* "@..." for an attribute, "" for a text and for JSON's root */
	const char *text; /* of an attribute, text or value; NULL: it has none of its own */
	const struct platen_node *child, *next, *parent; /* NULL: there is none */
};

/*
 * The first node at path, in the order of the page, or NULL.  To see all:
 *	for (n = platen_find(root, "List/Slot"); n; n = platen_find_next(root, "List/Slot", n))
 * NULL as root finds nothing, so a page that could not be read needs no check.
 */
const struct platen_node *platen_find(const struct platen_node *root, const char *path);
const struct platen_node *platen_find_next(const struct platen_node *root, const char *path,
	const struct platen_node *after);

/*
 * All text in and below the node at path ("" or NULL: root itself), without that of
 * attributes, scripts and styles.  Between two elements is a blank; runs of blanks
 * become one, those around it go.  out is ended by a NUL and cut at size between
 * characters.  The length is returned: 0 when there is nothing, or several nodes
 * that differ.
 */
size_t platen_find_text(const struct platen_node *root, const char *path, char *out, size_t size);

/*
 * The same as a number: decimal digits and nothing else.  group: the character
 * this page puts between thousands, as in "1,234" (then exactly three digits
 * follow each); 0: none.  False, and *out unchanged: there is none, it is
 * negative, has a fraction or a unit, or is too large.
 */
bool platen_find_number(const struct platen_node *root, const char *path, char group, int64_t *out);

/*
 * The cell right of the label: the next td or th after the one whose whole text is
 * label (ASCII case makes no difference, nor a ':' at its end).  NULL: no such
 * cell, or more than one with different text to its right.
 */
const struct platen_node *platen_find_beside(const struct platen_node *root, const char *label);

#ifdef __cplusplus
}
#endif
#endif
