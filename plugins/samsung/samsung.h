/* SPDX-License-Identifier: Apache-2.0 */
/* samsung.h - what the files of the plugin share. */
#ifndef SAMSUNG_H
#define SAMSUNG_H

#include <platen/snmp.h>

#define SAMSUNG(...) PLATEN_OID(1, 3, 6, 1, 4, 1, 236, 11, 5, __VA_ARGS__)

extern const struct platen_host *host;
extern const struct platen_snmp *snmp;

/* Ask for the counter table; what it says is reported when it is there. */
void counters_ask(struct platen_visit *);

#endif
