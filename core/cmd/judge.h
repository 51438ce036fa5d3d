/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge.h - one plugin looked at as somebody would before installing it: its
 * file from outside, what it declares, and what it does with recorded printers.
 *
 * It runs in its jail, never in this process: a hostile one hurts nobody here.
 */
#ifndef PLATEN_JUDGE_H
#define PLATEN_JUDGE_H

#include "cmd/trial.h"

#include <jansson.h>

/* Captures of one judgement, and deaths after which no more are tried. */
#define MAX_RUNS 1000
#define MAX_DEATHS 3

/*
 * Everything as one JSON object, the caller's: the keys that `platen plugins
 * --json` has for each, and bytes, owner, mode, sha256, signature, key, exports,
 * imports, libraries, runs, faults and remarks.  captures: folders, n of them;
 * 0: the folder captures beside the file, if there is one.
 */
json_t *judge(const struct config *, const char *file, const char *const *captures, uint32_t n);

/* The same for people, 80 columns wide. */
void judgement_print(const json_t *);

/* What a ready plugin declares, as keys of an object. */
void manifest_json(json_t *object, const struct manifest *);

/* ---- judge_file.c: the file from outside ---- */

void judge_bytes(json_t *about, const struct config *, const char *file);
/* An item of reach in words: "the Printer-MIB, 1.3.6.1.2.1.43". */
void reach_say(const char *item, struct buf *out);
/* Is it so wide that nearly anything is in it? */
bool reach_is_wide(const char *item);

/* ---- judge_runs.c: what it does with captures ---- */

void judge_runs(json_t *about, const struct config *, const char *file, const char *const *captures,
	uint32_t n);

/* Add a line to the array "faults" or "remarks", or count it once more. */
void judge_say(json_t *about, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
