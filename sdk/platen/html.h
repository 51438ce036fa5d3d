/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/html.h - a printer's web page as a tree (platen/tree.h).
 *
 * In libplaten-xml.a, over libxml2's HTML parser, which takes what browsers take:
 * missing and crossed tags, bare '&', any case.  It does not add what is not there:
 * a table has a tbody only where the page has one, so write "table//tr".
 *
 * A page changes with firmware and language: prefer an id ("//td[@id=total]") or a
 * label (platen_find_beside) to the fifth cell of the third table.
 */
#ifndef PLATEN_HTML_H
#define PLATEN_HTML_H

#include <platen/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Like platen_xml(); NULL only when there is no element at all or a limit is passed.
 * Bytes that are not UTF-8 are read as the page declares in its <meta>, else as
 * Latin-1.
 */
const struct platen_node *platen_html(const struct platen_host *, struct platen_visit *,
	const uint8_t *body, uint64_t len);

#ifdef __cplusplus
}
#endif
#endif
