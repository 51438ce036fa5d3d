/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal-drive.c - the sealed envelope by hand, in hexadecimal.
 *
 *	seal-drive derive MASTER AGENT KEYID         the secret, as in its file
 *	seal-drive keys KEYTEXT AGENT                the three keys, a line each
 *	seal-drive device KEYTEXT AGENT DEVICE-ID    the hash
 *	seal-drive close KEYTEXT AGENT KIND BLOCK COUNT SESSION CONTENT
 *	seal-drive open KEYTEXT AGENT ENVELOPE       kind, session, content; or why not, status 1
 *	seal-drive count FOLDER              reserves blocks, uses them until it is killed
 */
#include "net/seal.h"
#include "store/counter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USES 50 /* counters of a block that `count` uses before it takes the next */

static void
unhex(const char *text, struct buf *out)
{
	for (; text[0] != 0 && text[1] != 0; text += 2) {
		char pair[3] = { text[0], text[1], 0 };
		uint8_t byte = (uint8_t)strtoul(pair, NULL, 16);

		buf_add(out, &byte, 1);
	}
}

static void
hex(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		printf("%02x", p[i]);
	printf("\n");
}

static void
agent_of(const char *text, uint8_t *out)
{
	if (!seal_agent_parse(text, out))
		die("%s is no agent's id", text);
}

static struct seal_keys
keys_of(char **argv)
{
	struct seal_secret secret;
	struct seal_keys keys;
	uint8_t agent[SEAL_AGENT_BYTES];
	struct why why;

	agent_of(argv[3], agent);
	if (!seal_secret_parse(argv[2], &secret, &why))
		die("%s %s", argv[2], why.text);
	seal_keys_make(&keys, &secret, agent);
	return keys;
}

static int
derive(char **argv)
{
	struct seal_secret secret = { .id = (uint32_t)strtoul(argv[4], NULL, 10) };
	uint8_t agent[SEAL_AGENT_BYTES];
	char text[SEAL_KEY_TEXT];
	struct buf master = { 0 };

	unhex(argv[2], &master);
	if (master.n != SEAL_KEY_BYTES)
		die("the master key has 32 bytes");
	agent_of(argv[3], agent);
	seal_secret_derive(master.p, agent, &secret);
	seal_secret_text(&secret, text);
	printf("%s\n", text);
	buf_free(&master);
	return 0;
}

static int
keys(char **argv)
{
	struct seal_keys k = keys_of(argv);

	hex(k.request, sizeof(k.request));
	hex(k.receipt, sizeof(k.receipt));
	hex(k.device, sizeof(k.device));
	return 0;
}

static int
device(char **argv)
{
	struct seal_keys k = keys_of(argv);
	uint8_t hash[SEAL_DEVICE_BYTES];

	seal_device(&k, argv[4], hash);
	hex(hash, sizeof(hash));
	return 0;
}

static int
close_one(char **argv)
{
	struct seal_keys k = keys_of(argv);
	struct seal_counter c = { strtoull(argv[5], NULL, 16),
		(uint32_t)strtoul(argv[6], NULL, 16) };
	struct buf content = { 0 }, out = { 0 };

	unhex(argv[8], &content);
	seal_close(&k, (enum seal_kind)strtoul(argv[4], NULL, 10), &c, strtoull(argv[7], NULL, 16),
		content.p, content.n, &out);
	hex(out.p, out.n);
	buf_free(&content);
	buf_free(&out);
	return 0;
}

static int
open_one(char **argv)
{
	struct seal_keys k = keys_of(argv);
	struct buf envelope = { 0 }, content = { 0 };
	struct seal_head h;
	struct why why;
	bool ok;

	unhex(argv[4], &envelope);
	ok = seal_open(&k, envelope.p, envelope.n, &h, &content, &why);
	if (ok) {
		printf("%d %016" PRIx64 " ", (int)h.kind, h.session);
		hex(content.p, content.n);
	} else {
		printf("%s\n", why.text);
	}
	buf_free(&envelope);
	buf_free(&content);
	return ok ? 0 : 1;
}

/* One write a line: what was used before the kill is on the other side. */
static int
count(char **argv)
{
	struct why why;
	uint64_t block;
	char line[64];

	while (counter_reserve(argv[2], &block, &why))
		for (uint32_t i = 0; i < USES; i++) {
			int n = snprintf(line, sizeof(line), "%016" PRIx64 "%08" PRIx32 "\n", block,
				i);

			if (write(STDOUT_FILENO, line, (size_t)n) != n)
				return 1;
		}
	die("%s", why.text);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*fn)(char **argv);
		int argc;
	} commands[] = { { "derive", derive, 5 }, { "keys", keys, 4 }, { "device", device, 5 },
		{ "close", close_one, 9 }, { "open", open_one, 5 }, { "count", count, 3 } };

	for (size_t i = 0; argc > 1 && i < COUNT(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0 && argc == commands[i].argc)
			return commands[i].fn(argv);
	die("see the head of seal-drive.c");
}
