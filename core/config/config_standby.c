/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_standby.c - `after = NAME DURATION`: which sink steps in for which, and
 * when.  Only how it is written; what it means is the spool's.
 */
#include "config/config_keys.h"

#include "config/config.h"

#include <string.h>

#define AFTER_LEAST 1000 /* ms: less than any try takes is no failure */
#define AFTER_MOST (7 * 86400000ull)

/* Both words of it; name is cut out of a copy in the pool. */
static bool
split(const char *text, struct pool *pool, const char **name, uint64_t *after)
{
	char *copy = pool_string(pool, text);
	char *space = strpbrk(copy, " \t");

	if (space == NULL)
		return false;
	*space = 0;
	*name = copy;
	return text_duration(text_trim(space + 1), after);
}

bool
after_check(const char *text, struct pool *pool, struct why *why)
{
	uint64_t after;
	const char *name;

	if (*text == 0)
		return true;
	if (!split(text, pool, &name, &after))
		return why_set(why,
			"\"%s\" is not the name of a sink and a duration; write main 10m", text);
	if (after < AFTER_LEAST || after > AFTER_MOST)
		return why_set(why, "\"%s\" is not from 1s to 7d", text);
	return true;
}

static const struct sink_config *
find_sink(const struct config *c, const char *name)
{
	for (uint32_t i = 0; i < c->nsinks; i++)
		if (strcmp(c->sinks[i].name, name) == 0)
			return &c->sinks[i];
	return NULL;
}

static uint32_t
line_of(const struct ini_section *sections, const char *sink)
{
	const struct ini_entry *e;

	for (const struct ini_section *s = sections; s != NULL; s = s->next)
		if (strcmp(s->kind, "sink") == 0 && strcmp(s->name, sink) == 0)
			return (e = ini_find(s, "after")) != NULL ? e->line : s->line;
	return 0;
}

void
standbys_check(struct config *c, const struct ini_section *sections, struct faults *faults)
{
	for (uint32_t i = 0; i < c->nsinks; i++) {
		struct sink_config *s = &c->sinks[i];
		const struct sink_config *other;

		if (s->after_text == NULL ||
			!split(s->after_text, c->pool, &s->standby_of, &s->after))
			continue;
		other = find_sink(c, s->standby_of);
		if (other == NULL)
			fault_add(faults, line_of(sections, s->name),
				"[sink %s] after: there is no [sink %s]; name the sink it is to "
				"step in for",
				s->name, s->standby_of);
		else if (other == s || (other->after_text != NULL && *other->after_text != 0))
			fault_add(faults, line_of(sections, s->name),
				"[sink %s] after: sink %s is a standby itself; name one that "
				"always "
				"delivers",
				s->name, s->standby_of);
	}
}
