/* SPDX-License-Identifier: Apache-2.0 */
/* match.h - the TARGET lists of the INI that say which printers something is for. */
#ifndef PLATEN_MATCH_H
#define PLATEN_MATCH_H

#include "net/address.h"
#include "net/net.h"

struct match {
	uint32_t n;
	const struct range *ranges;
};

/*
 * In memory of the pool.  A bad TARGET was refused with the INI already: here it
 * matches nothing.
 */
struct match match_read(struct pool *, const char *list);
bool match_has(const struct match *, const struct address *);

#endif
