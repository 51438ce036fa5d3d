/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inifile.h - an INI file as sections and keys with their lines, and the list of
 * what is wrong in it.
 *
 * Knows the form of the file and nothing of what a key means (config.c).
 */
#ifndef PLATEN_INIFILE_H
#define PLATEN_INIFILE_H

#include "base/base.h"

/* Outside sizes. */
#define MAX_INI_FILE (1u << 20) /* bytes of the file */
#define MAX_INI_LINE 190 /* inih as packaged cuts at 199: longer lines are refused */
#define MAX_INI_WORD 49 /* inih cuts what stands in [...] and keys at 50 */
#define MAX_INI_SECTIONS 256
#define MAX_INI_KEYS 256 /* in one section */
#define MAX_FAULTS 100 /* told one by one; more are counted */

/* What is wrong with one file. */
struct faults {
	const char *file;
	struct pool *pool;
	uint32_t n;
	struct fault {
		uint32_t line; /* 0: the file as a whole */
		uint32_t order;
		const char *text;
	} list[MAX_FAULTS];
};

/* Text: "[section] key: what is wrong; what to do". */
void fault_add(struct faults *, uint32_t line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A whole line about another file that belongs to it: "FILE:LINE: text". */
void fault_told(struct faults *, const char *line);
/* Give each to tell() as "FILE:LINE: text", by line. */
void faults_tell(struct faults *, void (*tell)(void *arg, const char *line), void *arg);

struct ini_entry {
	struct ini_entry *next;
	uint32_t line;
	uint32_t more; /* the line where the value goes on, 0: it does not */
	const char *key;
	const char *value; /* lines that go on are joined by ", " */
};

struct ini_section {
	struct ini_section *next;
	uint32_t line;
	const char *kind; /* "sink" of "[sink head-office]" */
	const char *name; /* "head-office"; "" without one */
	uint32_t n;
	struct ini_entry *entries;
};

/*
 * Read the file: sections in their order, no section and no key twice.  What
 * is malformed becomes a fault and is left out.
 */
struct ini_section *ini_read(const char *file, struct faults *);

/* The entry of a key, or NULL; the section may be NULL. */
const struct ini_entry *ini_find(const struct ini_section *, const char *key);

#endif
