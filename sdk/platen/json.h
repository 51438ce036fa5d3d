/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/json.h - JSON from a printer, as a tree (platen/tree.h).
 *
 * In libplaten-json.a, over jansson; a plugin that does not use it links neither.
 */
#ifndef PLATEN_JSON_H
#define PLATEN_JSON_H

#include <platen/tree.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * body of a reply as a tree; the root is the outermost object or array.  In
 * callbacks of the visit only.  NULL, after a line in the log: it is no JSON (an
 * object that says a key twice is none, nor is a number beyond 64 bits), or passes
 * a limit of tree.h, PLATEN_MAX_BODY_CEILING or the visit's memory.  body is not kept.
 */
const struct platen_node *platen_json(const struct platen_host *, struct platen_visit *,
	const uint8_t *body, uint64_t len);

#ifdef __cplusplus
}
#endif
#endif
