/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/profile.h - a platen/table.h table that is written as a text, and for
 * which printers it is.
 *
 *	[profile]
 *	models = ACME LP-2*
 *
 *	[row total]
 *	object = 1.3.6.1.4.1.99999.1.1.0
 *	metric = meter.total
 *	unit = impressions
 *
 * plugins/profile/README.md tells all of it.  The text is read here and nowhere
 * else: by the plugin that uses it, and by the agent that says what is wrong.
 */
#ifndef PLATEN_PROFILE_H
#define PLATEN_PROFILE_H

#include <platen/table.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLATEN_MAX_PROFILE (64u << 10) /* bytes of one text */
#define PLATEN_MAX_PROFILE_ROWS 200 /* rows of one profile */
#define PLATEN_MAX_PROFILE_SUMS 32 /* sums, checks and adds, of each kind */

struct platen_profile {
	/* Whose they are; of each list one must fit, NULL: there is no such list. */
	const struct platen_word *object_ids; /* sysObjectID is this, or below it */
	const struct platen_word *models; /* words, with '*' */
	const struct platen_word *descrs;
	struct platen_table table;
	uint32_t nrows;
	const uint32_t *lines; /* of the text, where each row begins */
};

/* What it needs of whoever reads it. */
struct platen_profile_reader {
	void *(*alloc)(void *arg, size_t n); /* zeroed; lives as long as the profile; or NULL */
	/* What is wrong in a line, and what to do.  Called for each fault. */
	void (*fault)(void *arg, uint32_t line, const char *text);
	void *arg;
};

/* NULL: there were faults, or there is no memory. */
struct platen_profile *platen_profile_read(const char *text, const struct platen_profile_reader *);

/* match() of a scraper: 100 by its model, 75 by less, 0: not for this printer. */
int32_t platen_profile_match(const struct platen_profile *, const struct platen_device *);

#ifdef __cplusplus
}
#endif
#endif
