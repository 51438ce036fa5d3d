/* SPDX-License-Identifier: Apache-2.0 */
/* status.c - what the printer is doing, and what it says is wrong (RFC 2790, RFC 3805 2.2.13.2). */
#include "mib.h"

#include <platen/names.h>

#include <stdio.h>
#include <string.h>

/* hrDeviceStatus and hrPrinterStatus; 0 stands for an object that is not there. */
enum { RUNNING = 2, DOWN = 5 };
enum { OTHER = 1, IDLE = 3, PRINTING = 4, WARMUP = 5 };

/* Bit 0 is the highest of the first octet; octets that were not sent are 0. */
static bool
error_bit(const struct cell *c, uint32_t bit)
{
	return c->type == PLATEN_OCTETS && bit / 8 < c->len &&
		(c->octets[bit / 8] & (0x80 >> bit % 8)) != 0;
}

static uint32_t
errors_report(const struct mib *m)
{
	const struct cell *c = &m->scalars[ERROR_STATE];
	char part[MAX_LABEL];
	uint32_t n = 0;

	for (uint32_t bit = 0; platen_error_name(bit) != NULL; bit++) {
		if (!error_bit(c, bit))
			continue;
		snprintf(part, sizeof(part), "%u", ++n);
		say_text(m, "status.error", part, platen_error_name(bit));
	}
	return n;
}

/* What the console shows, as far as it is a state. */
static const char *
console_state(const struct mib *m)
{
	const struct table *t = &m->tables[UNITS];
	char text[MAX_LINE];
	const char *state;

	for (uint32_t i = 0; i < t->n; i++)
		if (cell_console_text(m, &t->rows[i].cells[CONSOLE_LINE], text) &&
			(state = state_of_text(text)) != NULL)
			return state;
	return NULL;
}

/*
 * RFC 3805's table of states, and what printers add to it: many stay "idle" in
 * the objects while alert or console say that they sleep.
 */
static const char *
state_of(const struct mib *m, uint32_t errors)
{
	int64_t device = cell_number_or(&m->scalars[DEVICE_STATUS], 0);
	int64_t printer = cell_number_or(&m->scalars[PRINTER_STATUS], 0);
	const char *shown = alerts_state(m);

	if (shown == NULL)
		shown = console_state(m);
	if (printer == WARMUP)
		return "warmup";
	if (device == DOWN)
		return "down";
	if (printer == PRINTING)
		return "printing";
	if (shown != NULL && strcmp(shown, "sleep") == 0)
		return "sleep";
	if (printer == IDLE)
		return "idle";
	if (printer == OTHER && device == RUNNING && errors == 0)
		return "sleep"; /* standby */
	return shown != NULL ? shown : "unknown";
}

void
status_report(const struct mib *m)
{
	uint32_t errors = errors_report(m);

	say_text(m, "status.state", NULL, state_of(m, errors));
}
