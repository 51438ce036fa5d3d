/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.c - seq, time, total meters, supply states and alert codes; see facts.h.
 *
 * Only numbers and words of fixed vocabularies pass: whatever else a printer or
 * a person wrote stays at the site.
 */
#include "facts.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MOST 48 /* bytes of a word that passes */

/* A word as sdk/RECORD has them: nothing a person wrote. */
static int
is_word(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-._");

	return n > 0 && n <= WORD_MOST && s[n] == 0;
}

/* Copy the keys that are words or whole numbers. */
static json_t *
pick(const json_t *from, const char *const *keys)
{
	json_t *to = json_object();

	for (; *keys != NULL; keys++) {
		json_t *value = json_object_get(from, *keys);

		if (json_is_integer(value) ||
			(json_is_string(value) && is_word(json_string_value(value))))
			json_object_set(to, *keys, value);
	}
	return to;
}

static int
is_total(const json_t *meter)
{
	const char *name = json_string_value(json_object_get(meter, "name"));

	return name != NULL && strcmp(name, "total") == 0;
}

static int
any(const json_t *item)
{
	(void)item;
	return 1;
}

static const char *const meter_keys[] = { "name", "part", "value", "unit", NULL };
static const char *const supply_keys[] = { "part", "state", NULL };
static const char *const alert_keys[] = { "severity", "code", "number", NULL };

/* The lists that go, with what of an item goes. */
static const struct {
	const char *name;
	int (*wanted)(const json_t *);
	const char *const *keys;
} lists[] = {
	{ "meters", is_total, meter_keys },
	{ "supplies", any, supply_keys },
	{ "alerts", any, alert_keys },
};

static json_t *
pick_list(const json_t *from, int (*wanted)(const json_t *), const char *const *keys)
{
	json_t *to = json_array(), *item;
	size_t i;

	json_array_foreach ((json_t *)from, i, item)
		if (wanted(item)) {
			json_t *picked = pick(item, keys);

			if (json_object_size(picked) > 0)
				json_array_append(to, picked);
			json_decref(picked);
		}
	return to;
}

/* ---- short enough ---- */

static int
is_one_of(const json_t *item, const char *key, const char *const *words)
{
	const char *text = json_string_value(json_object_get(item, key));

	for (; *words != NULL; words++)
		if (text == NULL || strcmp(text, *words) == 0)
			return 1;
	return 0;
}

static int
is_fine(const json_t *supply)
{
	static const char *const words[] = { "ok", "some", "unknown", NULL };

	return is_one_of(supply, "state", words);
}

static int
is_mere_note(const json_t *alert)
{
	static const char *const words[] = { "other", NULL };

	return is_one_of(alert, "severity", words);
}

static int
is_no_fault(const json_t *alert)
{
	static const char *const words[] = { "other", "warning", NULL };

	return is_one_of(alert, "severity", words);
}

/* What goes first when not all fits, and what last. */
static const struct {
	const char *list;
	int (*may_go)(const json_t *);
} cuts[] = {
	{ "supplies", is_fine },
	{ "alerts", is_mere_note },
	{ "alerts", is_no_fault },
	{ "supplies", any },
	{ "alerts", any },
	{ "meters", any },
};

/* Take away the last item of a list that may go; 0: there is none. */
static int
cut_one(json_t *list, int (*may_go)(const json_t *))
{
	for (size_t i = json_array_size(list); i-- > 0;)
		if (may_go(json_array_get(list, i))) {
			json_array_remove(list, i);
			return 1;
		}
	return 0;
}

static char *
shorten(json_t *facts)
{
	char *text = json_dumps(facts, JSON_COMPACT);
	size_t cut = 0;

	while (text != NULL && strlen(text) > FACTS_MOST && cut < sizeof(cuts) / sizeof(cuts[0])) {
		if (!cut_one(json_object_get(facts, cuts[cut].list), cuts[cut].may_go)) {
			cut++;
			continue;
		}
		json_object_set_new(facts, "cut", json_true());
		free(text);
		text = json_dumps(facts, JSON_COMPACT);
	}
	return text;
}

static int
is_time(const json_t *value)
{
	const char *s = json_string_value(value);

	return s != NULL && strspn(s, "0123456789-:TZ") == strlen(s) && strlen(s) == 20;
}

char *
facts_of(const json_t *record)
{
	json_t *facts = json_object(), *seq = json_object_get(record, "seq"),
	       *time = json_object_get(record, "time");
	char *text;

	if (json_is_integer(seq))
		json_object_set(facts, "seq", seq);
	if (is_time(time))
		json_object_set(facts, "time", time);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		json_object_set_new(facts, lists[i].name,
			pick_list(json_object_get(record, lists[i].name), lists[i].wanted,
				lists[i].keys));
	text = shorten(facts);
	json_decref(facts);
	return text;
}
