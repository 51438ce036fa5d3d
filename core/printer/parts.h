/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parts.h - what a printer is made of, as the record lists it: supplies and alerts, each with
 * all that is known of it.
 *
 * Takes the facts as they were merged (sorted); judges nothing but what a level is in words.
 */
#ifndef PLATEN_PARTS_H
#define PLATEN_PARTS_H

#include "printer/fact.h"

void parts_supplies(const struct fact *, uint32_t n, struct buf *out);
void parts_alerts(const struct fact *, uint32_t n, struct buf *out);

#endif
