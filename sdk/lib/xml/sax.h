/* SPDX-License-Identifier: Apache-2.0 */
/* sax.h - what the readers of XML and HTML share; not for plugins. */
#ifndef PLATEN_SAX_H
#define PLATEN_SAX_H

#include "../build.h"

#include <libxml/parser.h>

/* What libxml2 tells its handlers about: the tree, and itself to be stopped. */
struct platen_sax {
	struct platen_build build;
	xmlParserCtxtPtr parser;
};

/* Nothing more is wanted of a page when something is wrong with it. */
void platen_sax_check(struct platen_sax *);
/* Handlers for both languages. */
void platen_sax_text(void *, const xmlChar *, int n);

/*
 * libxml2 compares each attribute of an element with all others of it: would this
 * page keep it busy for long?  Says so in build.wrong.
 */
bool platen_sax_is_quick(struct platen_sax *, const uint8_t *body, uint64_t len);

#endif
