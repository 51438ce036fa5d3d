/* SPDX-License-Identifier: Apache-2.0 */
/* makers.h - who makes printers, for identity.c alone. */
#ifndef PLATEN_MAKERS_H
#define PLATEN_MAKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The maker text begins with, in its one spelling, or NULL; *n is how much of text names it. */
const char *maker_named(const char *text, size_t *n);

/* The maker whose enterprise number (RFC 2578, 1.3.6.1.4.1.N) an object id begins with, or NULL. */
const char *maker_numbered(const uint32_t *object_id, uint32_t n);

/* Only printers have this sysObjectID. */
bool maker_prints(const uint32_t *object_id, uint32_t n);

#endif
