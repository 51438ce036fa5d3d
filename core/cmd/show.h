/* SPDX-License-Identifier: Apache-2.0 */
/* show.h - a record for a technician's terminal, 80 columns wide. */
#ifndef PLATEN_SHOW_H
#define PLATEN_SHOW_H

#include "record.h"

/* The record, and what of the facts is only for eyes on the spot: console, trays, covers. */
void show_record(const char *json, const struct visited *);

/* The record as one line of JSON. */
void show_json(const char *json);

#endif
