/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys.c - `platen keys`: which agents may send to this gateway.
 *
 * What an agent needs is printed once and kept nowhere: of the token only its
 * hash, and the seal key is derived again from the gateway's own secret.  A
 * running gateway sees the change by itself.
 */
#include "cmd/load.h"
#include "cmd/options.h"

#include "net/seal_keys.h"
#include "net/token.h"
#include "store/keyfile.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
	const char *path; /* of the file of keys */
	const char *what; /* AGENT or KEYID */
	const char *name;
	bool json;
	struct keyfile keys;
	struct why why;
};

static int
fail(const struct request *r)
{
	fprintf(stderr, "platen keys: %s\n", r->why.text);
	return EXIT_SOME;
}

static bool
is_agent(const char *text)
{
	uint8_t bytes[SEAL_AGENT_BYTES];

	return seal_agent_parse(text, bytes);
}

/* ---- new ---- */

/* Numbers are never used again, also those of keys that were revoked. */
static uint32_t
next_id(const struct keyfile *k)
{
	uint32_t id = 0;

	for (uint32_t i = 0; i < k->n; i++)
		if (k->entries[i].key.id > id)
			id = k->entries[i].key.id;
	return id + 1;
}

static void
print_new(const struct request *r, const struct keyfile_entry *e, const char *token)
{
	struct seal_secret secret = { .id = e->key.id };
	uint8_t agent[SEAL_AGENT_BYTES];
	char seal[SEAL_KEY_TEXT];

	seal_agent_parse(e->key.agent, agent);
	seal_secret_derive(r->keys.master, agent, &secret);
	seal_secret_text(&secret, seal);
	if (r->json)
		printf("{\"agent\":\"%s\",\"key\":%u,\"token\":\"%s\",\"seal_key\":\"%s\"}\n",
			e->key.agent, e->key.id, token, seal);
	else
		printf("key %u of agent %s; this is shown once:\n\n"
		       "token, for the file of token_file:\n%s\n\n"
		       "seal key, for the file of seal_key_file:\n%s\n",
			e->key.id, e->key.agent, token, seal);
	explicit_bzero(&secret, sizeof(secret));
	explicit_bzero(seal, sizeof(seal));
}

static bool
is_name(const char *s)
{
	for (const char *c = s; *c != 0; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7F)
			return false;
	return strlen(s) <= KEY_NAME_MOST && text_is_utf8(s, strlen(s));
}

static int
new_key(struct request *r)
{
	struct keyfile *k = &r->keys;
	struct keyfile_entry *e;
	char token[TOKEN_TEXT];

	if (!is_name(r->name)) {
		why_set(&r->why, "--name: at most %d bytes of text on one line", KEY_NAME_MOST);
		return fail(r);
	}
	if (k->n >= MAX_GATE_KEYS) {
		why_set(&r->why, "%s holds %d keys, more it cannot", r->path, MAX_GATE_KEYS);
		return fail(r);
	}
	if (!token_make(token, &r->why))
		return fail(r);
	k->entries = mem_grow(k->entries, (k->n + 1) * sizeof(*k->entries));
	e = &k->entries[k->n];
	*e = (struct keyfile_entry){ .key.id = next_id(k), .when = clock_wall() };
	memcpy(e->key.agent, r->what, UUID_TEXT);
	token_hash(token, e->key.token);
	text_copy(e->name, sizeof(e->name), r->name);
	k->n++;
	if (!keyfile_write(r->path, k, &r->why))
		return fail(r);
	print_new(r, e, token);
	explicit_bzero(token, sizeof(token));
	return EXIT_DONE;
}

/* ---- list ---- */

static int
list(struct request *r)
{
	for (uint32_t i = 0; i < r->keys.n; i++) {
		const struct keyfile_entry *e = &r->keys.entries[i];
		const char *state = e->revoked ? "revoked" : "valid";
		char when[24];

		clock_iso(e->when, when);
		if (r->json) {
			json_t *o = json_pack("{sI ss ss ss ss}", "key", (json_int_t)e->key.id,
				"agent", e->key.agent, "state", state, "since", when, "name",
				e->name);
			char *line = json_dumps(o, JSON_COMPACT);

			printf("%s\n", line);
			free(line);
			json_decref(o);
		} else {
			printf("%-6u %s  %-8s since %s  %s\n", e->key.id, e->key.agent, state, when,
				e->name);
		}
	}
	if (r->keys.n == 0 && !r->json)
		printf("%s: nobody may send; `platen keys new AGENT` makes a key\n", r->path);
	return EXIT_DONE;
}

/* ---- revoke ---- */

static int
revoke_keys(struct request *r)
{
	uint32_t id = 0, revoked = 0;
	bool agent = is_agent(r->what);

	if (!agent && !text_u32(r->what, 1, UINT32_MAX, &id)) {
		why_set(&r->why, "\"%s\" is neither the UUID of an agent nor the number of a key",
			r->what);
		return fail(r);
	}
	for (uint32_t i = 0; i < r->keys.n; i++) {
		struct keyfile_entry *e = &r->keys.entries[i];

		if (e->revoked || (agent ? strcmp(e->key.agent, r->what) != 0 : e->key.id != id))
			continue;
		e->revoked = true;
		e->when = clock_wall();
		revoked++;
	}
	if (revoked == 0) {
		why_set(&r->why, "%s has no valid key of %s", r->path, r->what);
		return fail(r);
	}
	if (!keyfile_write(r->path, &r->keys, &r->why))
		return fail(r);
	printf("%u key%s revoked\n", revoked, revoked == 1 ? "" : "s");
	return EXIT_DONE;
}

/* ---- the command ---- */

static const struct verb {
	const char *name;
	uint32_t operands;
	bool changes;
	int (*run)(struct request *);
} verbs[] = {
	{ "new", 1, true, new_key },
	{ "list", 0, false, list },
	{ "revoke", 1, true, revoke_keys },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int
with_file(struct request *r, const struct verb *verb)
{
	int lock = verb->changes ? keyfile_lock(r->path, &r->why) : -1, status;

	if ((verb->changes && lock < 0) || !keyfile_read(r->path, &r->keys, &r->why)) {
		status = fail(r);
	} else {
		status = verb->run(r);
		keyfile_free(&r->keys);
	}
	if (lock >= 0)
		close(lock);
	return status;
}

static int
run(int argc, char **argv)
{
	const char *file = NULL;
	struct request r = { .name = NULL };
	const struct cmd_option options[] = {
		OPTION_CONFIG(&file),
		{ 0, "name", "NAME", "new: whose key it is, for the list", NULL, &r.name },
		{ 0, "json", NULL, "JSON lines", &r.json, NULL },
	};
	const struct verb *verb;
	struct config *config;
	int status, first = options_read(&cmd_keys, options, COUNT(options), argc, argv, &status);

	if (first < 0)
		return status;
	if (first == argc || (verb = find_verb(argv[first])) == NULL)
		return options_wrong(&cmd_keys, "say one of: new, list, revoke");
	if ((uint32_t)(argc - first - 1) != verb->operands)
		return options_wrong(&cmd_keys, "give the UUID of one agent");
	r.what = argv[first + 1];
	r.name = r.name != NULL ? r.name : "";
	if (verb->run == new_key && !is_agent(r.what))
		return options_wrong(&cmd_keys,
			"\"%s\" is no UUID of an agent; `platen spool "
			"status` says an agent's",
			r.what);
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	r.path = config->gateway.keys_file;
	status = with_file(&r, verb);
	config_free(config);
	return status;
}

const struct cmd cmd_keys = {
	.name = "keys",
	.synopsis = "[-c FILE] [--json] [--name NAME] new AGENT | list | revoke AGENT|KEYID",
	.summary = "which agents may send to this gateway",
	.more = "What an agent needs is shown once, by new. A running gateway sees changes within "
		"seconds.",
	.run = run,
};
