/* SPDX-License-Identifier: Apache-2.0 */
/*
 * questions.h - a host of a scraper that asks by SNMP: its questions wait in a queue until the
 * test answers them, as they would for a real printer.  For tests that call a plugin themselves;
 * included once by a program.
 */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include <platen/plugin.h>
#include <platen/snmp.h>

#include "base/base.h"

#include <string.h>

/* Nothing may be asked for below 1.3.6.1.4.1.x.666. */
#define OUT_OF_REACH 666

struct asked {
	bool table;
	uint32_t n;
	struct oid oids[PLATEN_MAX_OIDS];
	platen_snmp_fn *fn;
	void *arg;
};

static struct asked asked[PLATEN_MAX_QUESTIONS];
static uint32_t nasked;

static int32_t
ask(bool table, const struct platen_oid *oids, uint32_t n, platen_snmp_fn *fn, void *arg)
{
	struct asked *a = &asked[nasked];

	if (nasked == COUNT(asked))
		return PLATEN_EBUDGET;
	if (oids[0].n > 7 && oids[0].sub[7] == OUT_OF_REACH)
		return PLATEN_EREACH;
	*a = (struct asked){ .table = table, .n = n, .fn = fn, .arg = arg };
	for (uint32_t i = 0; i < n; i++) {
		a->oids[i].n = oids[i].n;
		memcpy(a->oids[i].sub, oids[i].sub, oids[i].n * sizeof(uint32_t));
	}
	nasked++;
	return PLATEN_OK;
}

static int32_t
ask_get(struct platen_visit *v, const struct platen_oid *o, uint32_t n, platen_snmp_fn *fn,
	void *arg)
{
	(void)v;
	return ask(false, o, n, fn, arg);
}

static int32_t
ask_table(struct platen_visit *v, const struct platen_oid *o, uint32_t n, platen_snmp_fn *fn,
	void *arg)
{
	(void)v;
	return ask(true, o, n, fn, arg);
}

static const void *
service(const struct platen_host *h, const char *id)
{
	static const struct platen_snmp snmp = { sizeof(snmp), 0, ask_get, ask_table };

	(void)h;
	return strcmp(id, PLATEN_SNMP) == 0 ? &snmp : NULL;
}

/* Every option as it is unless somebody sets it. */
static const char *
option(const struct platen_host *h, const char *key)
{
	(void)h, (void)key;
	return "";
}

#endif
