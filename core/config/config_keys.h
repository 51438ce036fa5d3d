/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_keys.h - every key of the INI in one table, and how a value of each
 * type is read.
 *
 * For config.c and for the test that holds conf/platen.ini and the manual
 * against the table; the stages see struct config only.
 */
#ifndef PLATEN_CONFIG_KEYS_H
#define PLATEN_CONFIG_KEYS_H

#include "config/inifile.h"

enum key_type {
	KEY_TEXT, /* const char * */
	KEY_PATH, /* const char *; relative to the INI's folder */
	KEY_FILE, /* the same, or "" when it is not set */
	KEY_PATHS, /* const char *; several, separated by ':' */
	KEY_DURATION, /* uint64_t, ms */
	KEY_SIZE, /* uint64_t, bytes */
	KEY_NUMBER, /* uint32_t */
	KEY_PORT, /* uint16_t */
	KEY_YES_NO, /* bool */
	KEY_WORD, /* an enum: one of words */
	KEY_WORDS, /* uint32_t: the bits of a list of words */
	KEY_CHOICE, /* const char *: one of words */
	KEY_LIST, /* const char ** at `at`, uint32_t at `and` */
	KEY_ITEMS, /* const char *: the list as it stands */
	KEY_WINDOW, /* uint32_t at `at` and at `and`, minutes of the day */
	KEY_SECRET, /* const char *: what stands in the file that is named; NULL without one */
	KEY_DROP /* nothing: "drop" is all there is */
};

struct word {
	const char *word;
	uint32_t value;
};

struct config_key {
	const char *section, *name;
	enum key_type type;
	const char *value; /* the default; NULL: must be set */
	const char *least, *most; /* of the value, written as in the INI; of a list: items */
	size_t at, and; /* where in the section's struct it goes */
	const struct word *words; /* ends with NULL */
	/* Is a text, or one item of a list, well formed?  why: "what is wrong; what to do". */
	bool (*check)(const char *text, struct pool *, struct why *);
	const char *help; /* one line */
};

/* ---- config_keys.c ---- */

const struct config_key *config_keys(uint32_t *n);
/* By section (NULL: any) and name; NULL: there is none. */
const struct config_key *key_find(const char *section, const char *name);
/* Names of plugins and of sections: [a-z0-9-], at most 31. */
bool name_check(const char *text, struct pool *, struct why *);
/* Not a port where printers print or obey. */
bool port_check(uint32_t port, struct why *);

/* ---- config_standby.c: [sink] after ---- */

bool after_check(const char *text, struct pool *, struct why *);
/* When all sinks are read: each standby knows whom it steps in for. */
struct config;
void standbys_check(struct config *, const struct ini_section *, struct faults *);

/* ---- config_values.c ---- */

/* Where a value stands. */
struct key_place {
	const struct ini_section *section;
	uint32_t line;
	const char *folder; /* of the INI */
};

/*
 * Read text as the key wants it, into the struct at base, in memory of the
 * faults' pool.  What is wrong becomes a fault, for each item of a list.
 */
void key_set(const struct config_key *, const struct key_place *, const char *text, void *base,
	struct faults *);
/* May its value go on in further lines? */
bool key_is_list(const struct config_key *);

/* ---- config_unknown.c: what there is not ---- */

/* A section for a person: "[snmpv3 monitor]". */
#define SECTION "[%s%s%s]"
#define SAY(s) (s)->kind, *(s)->name != 0 ? " " : "", (s)->name

void section_unknown(struct faults *, const struct ini_section *);
void key_unknown(struct faults *, const struct ini_section *, const struct ini_entry *);

/* ---- secret.c ---- */

/*
 * The first line of a file that only we can read.  False: why says what is
 * wrong with the file and what to do.
 */
bool secret_read(const char *path, struct pool *, const char **out, struct why *);
/* Is it a file that only we can read?  For those that hold more than a line. */
bool secret_file_closed(const char *path, struct why *);

#endif
