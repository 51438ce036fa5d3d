/* SPDX-License-Identifier: Apache-2.0 */
/* toner.h - the toner levels that Ricoh keeps for itself; see toner.c. */
#ifndef RICOH_TONER_H
#define RICOH_TONER_H

#include <platen/plugin.h>

/* PLATEN_EINVAL: this agent has no SNMP. */
int32_t toner_start(const struct platen_host *);

/* Ask for them; what comes is reported by itself. */
void toner_ask(struct platen_visit *);

#endif
