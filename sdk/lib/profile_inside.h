/* SPDX-License-Identifier: Apache-2.0 */
/* profile_inside.h - a profile being read; for profile.c and profile_values.c alone. */
#ifndef PLATEN_PROFILE_INSIDE_H
#define PLATEN_PROFILE_INSIDE_H

#include <platen/profile.h>

#include <stdbool.h>

#define MAX_LINE 1000 /* bytes of a value with the lines that go on */

struct section;

struct reading {
	const struct platen_profile_reader *reader;
	struct platen_profile *profile;
	struct platen_row *rows;
	struct platen_sum *sums, *checks;
	struct platen_add *adds;
	uint32_t *lines, nsums, nchecks, nadds;
	uint32_t line; /* of what is being read */
	bool wrong, section_wrong;
	/* The section that is being read, and which of its keys there have been. */
	const struct section *section;
	uint32_t begun, seen;
	bool column;
	char key[32], value[MAX_LINE + 1];
	uint32_t value_line;
};

void profile_fault(struct reading *, uint32_t line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void *profile_take(struct reading *, size_t n);
bool profile_blank(char c);
/* The text without blanks around it, and then without quotation marks. */
const char *profile_trim(const char *s, size_t *n);

/* Values; what is wrong with one has been told. */
const char *profile_text(struct reading *, const char *value);
void profile_oid(struct reading *, const char *value, struct platen_oid *out);
/* A list of words, or of pairs "WHAT IT SAYS: meaning unit". */
const struct platen_word *profile_words(struct reading *, const char *value, bool pairs);
const char *profile_name(struct reading *, const char *value, size_t n);
void profile_names(struct reading *, const char *value, const char *out[static 6]);

#endif
