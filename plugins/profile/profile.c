/* SPDX-License-Identifier: Apache-2.0 */
/*
 * profile.c - scrapers that are written as text: a dealer adds a model without a
 * compiler.
 *
 * The agent reads the files (a plugin can open none) and gives their text as the
 * option profiles, one behind the other: a form feed, the file's name, a line's
 * end, what stands in it.  It has checked them, and lets this plugin ask for
 * what they name and for nothing else.
 */
#include <platen/identity.h>
#include <platen/profile.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PROFILES 256

static const struct platen_host *host;
static struct platen_profile *profiles[MAX_PROFILES];
static uint32_t nprofiles;

/* ---- reading them, once ---- */

/* What is read lives until stop(), which lets all of it go at once. */
static struct piece {
	struct piece *next;
	_Alignas(max_align_t) char memory[];
} * pieces;

static void *
take(void *arg, size_t n)
{
	struct piece *piece = calloc(1, sizeof(*piece) + n);

	(void)arg;
	if (piece == NULL)
		return NULL;
	piece->next = pieces;
	pieces = piece;
	return piece->memory;
}

static void
stop(void)
{
	nprofiles = 0;
	while (pieces != NULL) {
		struct piece *next = pieces->next;

		free(pieces);
		pieces = next;
	}
}

static void
fault(void *arg, uint32_t line, const char *text)
{
	char said[400];

	snprintf(said, sizeof(said), "%s:%u: %s", (const char *)arg, (unsigned)line, text);
	host->log(host, PLATEN_ERROR, said);
}

/* One file of the option; false: it is wrong, and the log says where. */
static bool
profile_add(char *text)
{
	char *end = strchr(text, '\n');
	struct platen_profile_reader reader = { take, fault, text };

	if (end == NULL || nprofiles == MAX_PROFILES)
		return false;
	*end = '\0';
	profiles[nprofiles] = platen_profile_read(end + 1, &reader);
	return profiles[nprofiles] != NULL && ++nprofiles > 0;
}

static int32_t
start(const struct platen_host *h)
{
	const char *given;
	char *all;

	host = h;
	given = h->option(h, "profiles");
	all = take(NULL, strlen(given) + 1);
	if (all == NULL)
		return PLATEN_EBUDGET;
	strcpy(all, given);
	for (char *next, *text = *all == '\f' ? all + 1 : NULL; text != NULL; text = next) {
		next = strchr(text, '\f');
		if (next != NULL)
			*next++ = '\0';
		if (!profile_add(text)) {
			stop(); /* who does not start is not stopped */
			return PLATEN_EINVAL;
		}
	}
	return platen_table_start(h);
}

/* ---- reading printers ---- */

/* The profile that knows the printer best, of those the first. */
static const struct platen_profile *
best(const struct platen_device *device, int32_t *match)
{
	const struct platen_profile *found = NULL;

	*match = 0;
	for (uint32_t i = 0; i < nprofiles; i++) {
		int32_t m = platen_profile_match(profiles[i], device);

		if (m > *match) {
			*match = m;
			found = profiles[i];
		}
	}
	return found;
}

static int32_t
match(const struct platen_device *device)
{
	int32_t m;

	best(device, &m);
	return m;
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	int32_t m;
	const struct platen_profile *p = best(device, &m);

	return p != NULL ? platen_table_visit(v, &p->table) : PLATEN_OK;
}

/* ---- the plugin ---- */

static const struct platen_scraper scraper = {
	.size = sizeof(scraper),
	.match = match,
	.visit = visit,
};

static const char *const needs[] = { PLATEN_SNMP, NULL };

/* The agent narrows this to the objects that the profiles name. */
static const char *const reach[] = {
	"oid 1.3.6.1.4.1",
	"oid 1.3.6.1.2.1.43",
	"oid 1.3.6.1.2.1.25.3",
	NULL,
};

static const struct platen_option options[] = {
	{ "profiles", "", "folder with files *.ini, each a profile; the agent reads them" },
	PLATEN_YIELD(""),
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "profile",
	.version = "0.1",
	.summary = "printers by text files, for models that no plugin knows",
	.needs = needs,
	.reach = reach,
	.options = options,
	.scraper = &scraper,
	.start = start,
	.stop = stop,
};

const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
