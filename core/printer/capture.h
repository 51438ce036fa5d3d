/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.h - a recorded printer answers instead of the lan role: for replay.
 *
 * A capture is a file NAME.snmprec ("OID|TYPE|VALUE" a line) and, beside it, a
 * folder http/ whose files are the pages by their path.
 */
#ifndef PLATEN_CAPTURE_H
#define PLATEN_CAPTURE_H

#include "process/lan.h"

#include <uv.h>

#define MAX_CAPTURE_SIZE (64u << 20) /* bytes of one .snmprec */

/* NULL: why names the file, the line and what is wrong with it. */
struct lan *capture_open(uv_loop_t *, const char *file, struct why *);
void capture_close(struct lan *);

/*
 * The file of a page, the caller's: below http/ in the capture's folder by its
 * path, index.html where that ends with '/'.
 */
char *capture_page(const char *folder, const char *path);

/*
 * Each capture in path: the file itself, the *.snmprec of a folder, or those of
 * its sub-folders; in order of name.  False: there is none, why says so.
 */
bool captures_each(const char *path, void (*each)(void *arg, const char *file), void *arg,
	struct why *);

#endif
