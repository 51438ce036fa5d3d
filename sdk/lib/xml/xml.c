/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml.c - XML as a tree, over libxml2's SAX interface; see platen/xml.h.
 *
 * Of libxml2 only the taking apart is used: without handlers for declarations
 * there are no entities, no defaults and nothing to fetch.
 */
#include "sax.h"

#include <platen/xml.h>

#include <libxml/parserInternals.h>
#include <string.h>

/* Comparisons (squares of marks in a tag) that a page may cost: about a tenth of a second. */
#define MAX_COMPARISONS 1000000000u

void
platen_sax_check(struct platen_sax *s)
{
	if (s->build.wrong != NULL)
		xmlStopParser(s->parser);
}

void
platen_sax_text(void *arg, const xmlChar *text, int n)
{
	struct platen_sax *s = arg;

	platen_build_text(&s->build, (const char *)text, (size_t)n);
	platen_sax_check(s);
}

bool
platen_sax_is_quick(struct platen_sax *s, const uint8_t *body, uint64_t len)
{
	uint64_t marks = 0, cost = 0;

	for (uint64_t i = 0; i < len; i++) {
		if (body[i] == '>' || body[i] == '<') {
			cost += marks * marks;
			marks = 0;
		} else {
			marks += memchr(" \t\r\n/=\"'", body[i], 8) != NULL;
		}
	}
	if (cost + marks * marks > MAX_COMPARISONS)
		s->build.wrong = "a tag of it has too many attributes";
	return s->build.wrong == NULL;
}

static void
element_begin(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int nspaces, const xmlChar **spaces, int n, int ndefaulted, const xmlChar **attributes)
{
	struct platen_sax *s = arg;

	(void)prefix, (void)uri, (void)nspaces, (void)spaces, (void)ndefaulted;
	platen_build_open(&s->build, (const char *)name, strlen((const char *)name));
	/* Five pointers each: name, prefix, URI, begin and end of the value. */
	for (int i = 0; i < n; i++, attributes += 5)
		platen_build_leaf(&s->build, "@", (const char *)attributes[0],
			strlen((const char *)attributes[0]), (const char *)attributes[3],
			(size_t)(attributes[4] - attributes[3]));
	platen_sax_check(s);
}

static void
element_end(void *arg, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct platen_sax *s = arg;

	(void)name, (void)prefix, (void)uri;
	platen_build_close(&s->build);
	platen_sax_check(s);
}

static void
declaration(void *arg, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	struct platen_sax *s = arg;

	(void)name, (void)external, (void)system;
	s->build.wrong = "it has a document type declaration";
	platen_sax_check(s);
}

void
platen_xml_load(void)
{
	xmlInitParser();
}

static void
parse(struct platen_sax *s, const uint8_t *body, uint64_t len)
{
	s->parser = xmlCreateMemoryParserCtxt((const char *)body, (int)len);
	if (s->parser == NULL) {
		s->build.wrong = "there is no memory left for it";
		return;
	}
	*s->parser->sax = (xmlSAXHandler){
		.initialized = XML_SAX2_MAGIC,
		.internalSubset = declaration,
		.startElementNs = element_begin,
		.endElementNs = element_end,
		.characters = platen_sax_text,
		.cdataBlock = platen_sax_text,
	};
	s->parser->userData = s;
	xmlCtxtUseOptions(s->parser,
		XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlParseDocument(s->parser);
	if (s->parser->wellFormed == 0 && s->build.wrong == NULL)
		s->build.wrong = "it is none from beginning to end";
	/* Made for entities that were declared, whatever we do with them. */
	xmlFreeDoc(s->parser->myDoc);
	xmlFreeParserCtxt(s->parser);
}

const struct platen_node *
platen_xml(const struct platen_host *host, struct platen_visit *visit, const uint8_t *body,
	uint64_t len)
{
	struct platen_sax s = { .build = { .host = host, .visit = visit, .kind = "XML" } };

	if (platen_build_begin(&s.build, len) && platen_sax_is_quick(&s, body, len))
		parse(&s, body, len);
	return platen_build_end(&s.build);
}
