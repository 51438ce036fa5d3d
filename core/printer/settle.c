/* SPDX-License-Identifier: Apache-2.0 */
/* settle.c - the id of a printer; see settle.h. */
#include "printer/settle.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Bytes of a maker's name in an id. */
#define SLUG_MOST 63

_Static_assert(SLUG_MOST < PRINTER_ID, "a maker's name fits into an id");

/* "Konica Minolta" -> "konica-minolta": the head of an id. */
static size_t
slug(const char *word, char out[static PRINTER_ID])
{
	size_t n = 0;

	for (; *word != 0 && n < SLUG_MOST; word++)
		if (isalnum((unsigned char)*word))
			out[n++] = (char)tolower((unsigned char)*word);
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	while (n > 0 && out[n - 1] == '-')
		n--;
	return n;
}

/* A text behind the n bytes of an id, as far as it fits. */
static size_t
put(char id[static PRINTER_ID], size_t n, const char *text)
{
	while (*text != 0 && n < PRINTER_ID - 1)
		id[n++] = *text++;
	id[n] = 0;
	return n;
}

void
settle_name(const struct printer *p, char id[static PRINTER_ID])
{
	size_t n;

	if (p->serial[0] != 0) {
		n = slug(p->manufacturer, id);
		put(id, put(id, n, n > 0 ? ":" : "serial:"), p->serial);
	} else if (p->mac[0] != 0) {
		put(id, put(id, 0, "mac:"), p->mac);
	} else {
		put(id, put(id, 0, "ip:"), p->address);
	}
}

/* Could it be the same device, as far as what this reading lacks lets us tell? */
static bool
looks_the_same(const struct printer *known, const struct printer *now)
{
	if (now->mac[0] != 0 && known->mac[0] != 0)
		return strcmp(now->mac, known->mac) == 0;
	return strcmp(now->object_id, known->object_id) == 0 &&
		strcmp(now->descr, known->descr) == 0;
}

/* How well an id names a printer. */
enum naming { BY_ADDRESS, BY_MAC, BY_SERIAL, BY_MAKER_AND_SERIAL };

static enum naming
naming_of(const char *id)
{
	static const char *const kinds[] = {
		[BY_ADDRESS] = "ip:",
		[BY_MAC] = "mac:",
		[BY_SERIAL] = "serial:",
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strncmp(id, kinds[i], strlen(kinds[i])) == 0)
			return (enum naming)i;
	return BY_MAKER_AND_SERIAL;
}

/* Does this reading only lack what it was named by before? */
static bool
named_worse(const struct printer *known, const struct printer *now)
{
	if (known->id[0] == 0 || naming_of(now->id) >= naming_of(known->id))
		return false;
	return looks_the_same(known, now) &&
		(now->serial[0] == 0 || strcmp(now->serial, known->serial) == 0);
}

/* Was it only named worse before? */
static bool
named_better(const struct printer *known, const struct printer *now)
{
	switch (naming_of(known->id)) {
	case BY_ADDRESS:
		return true;
	case BY_MAC:
		return strcmp(known->mac, now->mac) == 0;
	case BY_SERIAL:
		return strcmp(known->serial, now->serial) == 0;
	case BY_MAKER_AND_SERIAL:
		break;
	}
	return false;
}

void
settle_identity(struct registry *registry, const struct printer *known, struct printer *now,
	settle_note_fn *note, void *arg)
{
	struct printer other;
	char text[400];

	settle_name(now, now->id);
	if (named_worse(known, now)) {
		strcpy(now->id, known->id);
		strcpy(now->serial, known->serial);
		if (now->mac[0] == 0)
			strcpy(now->mac, known->mac);
		return;
	}
	if (known->id[0] != 0 && strcmp(known->id, now->id) != 0 && !named_better(known, now)) {
		snprintf(text, sizeof(text), "%s stood at %s before", known->id, now->address);
		note(arg, "swap", text);
	}
	if (registry != NULL && registry_elsewhere(registry, known, now->id, &other)) {
		snprintf(text, sizeof(text), "was at %s before", other.address);
		note(arg, "move", text);
	}
}
