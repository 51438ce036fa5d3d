/* SPDX-License-Identifier: Apache-2.0 */
/* html.c - a web page as a tree, over libxml2's HTML parser; see platen/html.h. */
#include "sax.h"

#include <platen/html.h>

#include <libxml/HTMLparser.h>
#include <string.h>

static void
element_begin(void *arg, const xmlChar *name, const xmlChar **attributes)
{
	struct platen_sax *s = arg;

	platen_build_open(&s->build, (const char *)name, strlen((const char *)name));
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *value = attributes[1] != NULL ? (const char *)attributes[1] : "";

		platen_build_leaf(&s->build, "@", (const char *)attributes[0],
			strlen((const char *)attributes[0]), value, strlen(value));
	}
	platen_sax_check(s);
}

static void
element_end(void *arg, const xmlChar *name)
{
	struct platen_sax *s = arg;

	(void)name;
	platen_build_close(&s->build);
	platen_sax_check(s);
}

static void
parse(struct platen_sax *s, const uint8_t *body, uint64_t len)
{
	s->parser = htmlCreateMemoryParserCtxt((const char *)body, (int)len);
	if (s->parser == NULL) {
		s->build.wrong = "there is no memory left for it";
		return;
	}
	*s->parser->sax = (xmlSAXHandler){
		.startElement = element_begin,
		.endElement = element_end,
		.characters = platen_sax_text,
		.cdataBlock = platen_sax_text,
	};
	s->parser->userData = s;
	htmlCtxtUseOptions(s->parser, HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
	htmlParseDocument(s->parser);
	if (s->build.root->child == NULL && s->build.wrong == NULL)
		s->build.wrong = "there is no element in it";
	htmlFreeParserCtxt(s->parser);
}

const struct platen_node *
platen_html(const struct platen_host *host, struct platen_visit *visit, const uint8_t *body,
	uint64_t len)
{
	struct platen_sax s = { .build = { .host = host, .visit = visit, .kind = "HTML" } };

	if (platen_build_begin(&s.build, len) && platen_sax_is_quick(&s, body, len))
		parse(&s, body, len);
	return platen_build_end(&s.build);
}
