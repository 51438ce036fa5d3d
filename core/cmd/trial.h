/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trial.h - plugins started in their jails as the agent would start them, only
 * to hear what they are or why they are refused.  Nothing is asked of them.
 */
#ifndef PLATEN_TRIAL_H
#define PLATEN_TRIAL_H

#include "process/scrapers.h"

struct trial {
	const char *name, *path;
	const char *why; /* it was refused or died; NULL: it is ready */
	const struct manifest *about; /* of a ready one */
};

/*
 * Try each plugin of the config's folders that the INI does not switch off, or only the file
 * `only`, whatever the INI says of it; tell of each in order.  Returns how many there were. A
 * plugin is tried once with its own section's options, and once for each sink that uses it.
 */
uint32_t trial_all(const struct config *, const char *only,
	void (*each)(void *arg, const struct trial *), void *arg);

#endif
