/* SPDX-License-Identifier: Apache-2.0 */
/*
 * anonymise.h - a capture without what names its printer and its people.
 *
 * Serial numbers, MAC and IP addresses, names, contacts and places are replaced
 * by others of the same shape, everywhere they stand; the same text is always
 * replaced by the same.  Knows the standard objects and the makers' serial
 * numbers; what a maker hides elsewhere under another name it cannot know.
 */
#ifndef PLATEN_ANONYMISE_H
#define PLATEN_ANONYMISE_H

#include "base/base.h"

#include <platen/snmp.h>

struct anonymiser;

struct anonymiser *anonymise_new(const char *address);
/* First every object is looked at... */
void anonymise_learn(struct anonymiser *, const struct platen_bind *);
/* ...then the octets of each are changed in place; the length stays. */
void anonymise_change(const struct anonymiser *, uint8_t *octets, size_t n);
void anonymise_free(struct anonymiser *);

#endif
