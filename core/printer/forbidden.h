/* SPDX-License-Identifier: Apache-2.0 */
/* forbidden.h - what is never asked of a printer, whoever wants it. */
#ifndef PLATEN_FORBIDDEN_H
#define PLATEN_FORBIDDEN_H

#include "message.h"

/*
 * Objects that act when they are read, and job tables with users' and documents'
 * names.  A table above such a subtree is forbidden too: it would be walked through.
 */
bool question_forbidden(const struct question *);

#endif
