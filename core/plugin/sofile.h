/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sofile.h - what a shared object gives, takes and needs, read from its bytes
 * without loading it.
 *
 * Reads the dynamic section as the loader does, never section headers, which
 * may be missing or lie.  A file can hide what it calls (it can bring its own
 * system calls): what is read here is for the eye of a person, the jail is what
 * holds.
 */
#ifndef PLATEN_SOFILE_H
#define PLATEN_SOFILE_H

#include "base/base.h"

/* More are not looked at. */
#define MAX_SO_SYMBOLS 65536
#define MAX_SO_NEEDED 64

struct sofile {
	uint32_t nexports, nimports, nneeded;
	const char **exports; /* functions and objects that others can use */
	const char **imports; /* those it takes from others */
	const char **needed; /* libraries */
	bool runs_at_load; /* it has constructors of its own */
	bool executable_stack, text_relocations, search_path;
};

/*
 * A shared object for this machine, 64 bits, little endian; names are
 * printable, in memory of the pool.  False: why says in words that follow the
 * file's name what it is.
 */
bool sofile_read(const uint8_t *p, size_t n, struct pool *, struct sofile *, struct why *);

#endif
