/* SPDX-License-Identifier: Apache-2.0 */
/*
 * config_values.c - a value's text as its key's type wants it: one function per type.
 *
 * What two keys mean together is config.c's business.
 */
#include "config/config_keys.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value being read; base is the section's struct. */
struct value {
	const struct config_key *key;
	const struct key_place *place;
	const char *text;
	char *base;
	struct faults *faults;
	struct pool *pool;
	struct why *why;
};

#define PUT(v, type, value) (*(type *)(void *)((v)->base + (v)->key->at) = (value))

/* "a, b or c" */
static const char *
say_words(const struct word *words, char out[static 128])
{
	size_t n = 0;

	for (const struct word *w = words; w->word != NULL && n < 128; w++)
		n += (size_t)snprintf(out + n, 128 - n, "%s%s",
			w == words                  ? ""
				: w[1].word == NULL ? " or "
						    : ", ",
			w->word);
	return out;
}

static const struct word *
find_word(const struct value *v, const char *text)
{
	const struct word *w = v->key->words;
	char all[128];

	while (w->word != NULL && strcmp(w->word, text) != 0)
		w++;
	if (w->word != NULL)
		return w;
	why_set(v->why, "\"%s\" is not known; write %s", text, say_words(v->key->words, all));
	return NULL;
}

static bool
read_number(enum key_type type, const char *text, uint64_t *out)
{
	uint32_t n;

	if (type == KEY_DURATION)
		return text_duration(text, out);
	if (type == KEY_SIZE)
		return text_size(text, out);
	if (!text_u32(text, 0, UINT32_MAX, &n))
		return false;
	*out = n;
	return true;
}

/* A number within the table's limits. */
static bool
limited(const struct value *v, uint64_t *out)
{
	static const char *const names[] = {
		[KEY_DURATION] = "duration",
		[KEY_SIZE] = "size",
		[KEY_NUMBER] = "number",
		[KEY_PORT] = "port",
	};
	const struct config_key *k = v->key;
	uint64_t least = 0, most = UINT64_MAX;

	if (!read_number(k->type, v->text, out))
		return why_set(v->why, "\"%s\" is no %s; write one from %s to %s", v->text,
			names[k->type], k->least, k->most);
	read_number(k->type, k->least, &least);
	read_number(k->type, k->most, &most);
	if (*out < least || *out > most)
		return why_set(v->why, "%s is out of bounds; write a %s from %s to %s", v->text,
			names[k->type], k->least, k->most);
	return true;
}

static bool
set_long(const struct value *v)
{
	uint64_t n;

	if (!limited(v, &n))
		return false;
	PUT(v, uint64_t, n);
	return true;
}

static bool
set_number(const struct value *v)
{
	uint64_t n;

	if (!limited(v, &n))
		return false;
	PUT(v, uint32_t, (uint32_t)n);
	return true;
}

static bool
set_port(const struct value *v)
{
	uint64_t n;

	if (!limited(v, &n) || !port_check((uint32_t)n, v->why))
		return false;
	PUT(v, uint16_t, (uint16_t)n);
	return true;
}

static bool
set_yes_no(const struct value *v)
{
	bool yes;

	if (!text_bool(v->text, &yes))
		return why_set(v->why, "\"%s\" is not known; write yes or no", v->text);
	PUT(v, bool, yes);
	return true;
}

static bool
set_word(const struct value *v)
{
	const struct word *w = find_word(v, v->text);

	if (w == NULL)
		return false;
	if (v->key->type == KEY_CHOICE)
		PUT(v, const char *, w->word);
	else
		PUT(v, uint32_t, w->value);
	return true;
}

static bool
set_text(const struct value *v)
{
	if (*v->text == 0 && v->key->value == NULL)
		return why_set(v->why, "is empty; set it: %s", v->key->help);
	if (v->key->check != NULL && !v->key->check(v->text, v->pool, v->why))
		return false;
	PUT(v, const char *, pool_string(v->pool, v->text));
	return true;
}

/* The paths; those that are relative begin at the INI's folder. */
static bool
set_paths(const struct value *v, const char *separator)
{
	const char *p = v->text;
	struct buf all = { 0 };
	char *text;

	if (*p == 0)
		return why_set(v->why, "is empty; name a folder");
	while (*p != 0) {
		int n = (int)strcspn(p, separator);

		if (n > 0)
			buf_format(&all, "%s%s%s%.*s", all.n > 0 ? separator : "",
				*p == '/' ? "" : v->place->folder, *p == '/' ? "" : "/", n, p);
		p += n + (p[n] != 0);
	}
	text = buf_take(&all);
	PUT(v, const char *, pool_string(v->pool, text));
	free(text);
	return true;
}

static bool
set_secret(const struct value *v)
{
	struct value path = *v;
	const char *file, *secret;
	uint32_t least;

	PUT(v, const char *, NULL);
	if (*v->text == 0)
		return true;
	set_paths(&path, "");
	file = *(const char **)(void *)(v->base + v->key->at);
	PUT(v, const char *, NULL);
	if (!secret_read(file, v->pool, &secret, v->why))
		return false;
	if (text_u32(v->key->least, 0, UINT32_MAX, &least) && strlen(secret) < least)
		return why_set(v->why,
			"the password in %s is shorter than %u bytes, which SNMPv3 "
			"does not allow (RFC 3414, 11.2); choose a longer one",
			file, least);
	PUT(v, const char *, secret);
	return true;
}

static void
tell(const struct value *v)
{
	fault_add(v->faults, v->place->line, SECTION " %s: %s", SAY(v->place->section),
		v->key->name, v->why->text);
}

/* Run over the items of a list; each that is wrong is told at once. */
static bool
each_item(const struct value *v, bool (*item)(const struct value *, const char *, uint32_t i))
{
	char *copy = mem_string(v->text), *rest = copy, *text;
	uint32_t n = 0, most = UINT32_MAX;

	if (v->key->most != NULL)
		text_u32(v->key->most, 0, UINT32_MAX, &most);
	while ((text = text_item(&rest)) != NULL && n < most) {
		bool good = v->key->check == NULL || v->key->check(text, v->pool, v->why);

		if (good && item(v, text, n))
			n++;
		else
			tell(v);
	}
	free(copy);
	return text == NULL || why_set(v->why, "more than %u items; leave some out", most);
}

static bool
item_text(const struct value *v, const char *text, uint32_t i)
{
	const char **list = *(const char ***)(void *)(v->base + v->key->at);

	for (uint32_t k = 0; k < i; k++)
		if (strcmp(list[k], text) == 0)
			return why_set(v->why, "\"%s\" stands there twice; remove one", text);
	list[i] = pool_string(v->pool, text);
	*(uint32_t *)(void *)(v->base + v->key->and) = i + 1;
	return true;
}

static bool
set_list(const struct value *v)
{
	size_t room = 1;

	for (const char *p = v->text; *p != 0; p++)
		room += *p == ',';
	PUT(v, const char **, pool_alloc(v->pool, room * sizeof(const char *)));
	*(uint32_t *)(void *)(v->base + v->key->and) = 0;
	return each_item(v, item_text);
}

static bool
item_bit(const struct value *v, const char *text, uint32_t i)
{
	const struct word *w = find_word(v, text);

	(void)i;
	if (w != NULL)
		*(uint32_t *)(void *)(v->base + v->key->at) |= w->value;
	return w != NULL;
}

static bool
set_bits(const struct value *v)
{
	char all[128];

	PUT(v, uint32_t, 0);
	if (strspn(v->text, ", ") == strlen(v->text)) /* nothing in it */
		return why_set(v->why, "is empty; write one or more of %s",
			say_words(v->key->words, all));
	return each_item(v, item_bit);
}

static bool
item_nothing(const struct value *v, const char *text, uint32_t i)
{
	(void)v;
	(void)text;
	(void)i;
	return true;
}

static bool
set_items(const struct value *v)
{
	PUT(v, const char *, pool_string(v->pool, v->text));
	return each_item(v, item_nothing);
}

/* "08:00" as minutes; 24:00 is the end of the day. */
static bool
read_clock(const char *s, uint32_t *minutes)
{
	for (int i = 0; i < 5; i++)
		if (i == 2 ? s[i] != ':' : !isdigit((unsigned char)s[i]))
			return false;
	*minutes = (uint32_t)((s[0] - '0') * 10 + (s[1] - '0')) * 60 +
		(uint32_t)((s[3] - '0') * 10 + (s[4] - '0'));
	return s[3] <= '5' && *minutes <= 24 * 60;
}

static bool
set_window(const struct value *v)
{
	uint32_t from = 0, until = 0;
	bool always = strcmp(v->text, "always") == 0;

	if (!always &&
		(strlen(v->text) != 11 || v->text[5] != '-' || !read_clock(v->text, &from) ||
			!read_clock(v->text + 6, &until) || from == 24 * 60))
		return why_set(v->why, "\"%s\" is no time of day; write always, or 08:00-18:00",
			v->text);
	if (!always && from == until)
		return why_set(v->why, "%s is no time at all; write always for the whole day",
			v->text);
	PUT(v, uint32_t, from);
	*(uint32_t *)(void *)(v->base + v->key->and) = until % (24 * 60);
	return true;
}

static bool
check_drop(const struct value *v)
{
	if (strcmp(v->text, "keep") == 0 || strcmp(v->text, "hash") == 0)
		return why_set(v->why,
			"\"%s\": this version does not collect it at all, so there "
			"is nothing to %s; write drop",
			v->text, v->text);
	if (strcmp(v->text, "drop") != 0)
		return why_set(v->why, "\"%s\" is not known; write drop", v->text);
	return true;
}

static bool
set(const struct value *v)
{
	switch (v->key->type) {
	case KEY_TEXT:
		return set_text(v);
	case KEY_PATH:
		return set_paths(v, "");
	case KEY_FILE:
		return *v->text == 0 ? set_text(v) : set_paths(v, "");
	case KEY_PATHS:
		return set_paths(v, ":");
	case KEY_DURATION:
	case KEY_SIZE:
		return set_long(v);
	case KEY_NUMBER:
		return set_number(v);
	case KEY_PORT:
		return set_port(v);
	case KEY_YES_NO:
		return set_yes_no(v);
	case KEY_WORD:
	case KEY_CHOICE:
		return set_word(v);
	case KEY_WORDS:
		return set_bits(v);
	case KEY_LIST:
		return set_list(v);
	case KEY_ITEMS:
		return set_items(v);
	case KEY_WINDOW:
		return set_window(v);
	case KEY_SECRET:
		return set_secret(v);
	case KEY_DROP:
		return check_drop(v);
	}
	die("config: key %s has no type", v->key->name);
}

void
key_set(const struct config_key *key, const struct key_place *place, const char *text, void *base,
	struct faults *faults)
{
	struct why why;
	struct value v = { key, place, text, base, faults, faults->pool, &why };

	if (!set(&v))
		tell(&v);
}

bool
key_is_list(const struct config_key *key)
{
	return key->type == KEY_LIST || key->type == KEY_ITEMS || key->type == KEY_WORDS;
}
