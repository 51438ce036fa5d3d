/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/xml.h - XML from a printer, as a tree (platen/tree.h).
 *
 * In libplaten-xml.a, over libxml2; a plugin that does not use it links neither.
 * Nothing is loaded from anywhere: no DTD, no external entity, no network; a page
 * with a document type declaration is refused, so there are no entities to expand.
 */
#ifndef PLATEN_XML_H
#define PLATEN_XML_H

#include <platen/tree.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Make the parser ready.  Call it once, from platen_plugin_v1(): the only time
 * library files may be read.  Serves platen/html.h too.
 */
void platen_xml_load(void);

/*
 * body of a reply as a tree: the root is above the page's first element, so paths
 * begin with that element's name.  In callbacks of the visit only.  NULL, after a
 * line in the log: it is no XML from beginning to end, or passes a limit of
 * tree.h, PLATEN_MAX_BODY_CEILING or the visit's memory.  body is not kept.
 */
const struct platen_node *platen_xml(const struct platen_host *, struct platen_visit *,
	const uint8_t *body, uint64_t len);

#ifdef __cplusplus
}
#endif
#endif
