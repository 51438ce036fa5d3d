/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal_keys.h - the keys of sealed envelopes: how one is written in a file, how a
 * gateway makes an agent's from its own, and what is derived for each use.
 *
 * sdk/ENVELOPE tells all of it byte by byte.  Knows bytes and text; where a key
 * lies and who may use it is the business of others.
 */
#ifndef PLATEN_SEAL_KEYS_H
#define PLATEN_SEAL_KEYS_H

#include "base/base.h"

#define SEAL_KEY_BYTES 32
#define SEAL_AGENT_BYTES 16 /* an agent's UUID */
#define SEAL_DEVICE_BYTES 16 /* a printer's keyed hash */
#define SEAL_KEY_TEXT 54 /* "KEYID:BASE64KEY" and the NUL */

/* What an agent and its gateway share. */
struct seal_secret {
	uint32_t id; /* which key of the agent it is */
	uint8_t key[SEAL_KEY_BYTES];
};

/* One key for each use, of one secret and one agent: none ever serves two. */
struct seal_keys {
	uint32_t id;
	uint8_t agent[SEAL_AGENT_BYTES];
	uint8_t request[SEAL_KEY_BYTES]; /* agent to gateway */
	uint8_t receipt[SEAL_KEY_BYTES]; /* gateway to agent */
	uint8_t device[SEAL_KEY_BYTES]; /* of the hash of device.id */
};

/* "KEYID:BASE64KEY", KEYID in decimal, 1 or more.  False: why, for behind the file's name. */
bool seal_secret_parse(const char *text, struct seal_secret *, struct why *);
void seal_secret_text(const struct seal_secret *, char out[static SEAL_KEY_TEXT]);

/* The 16 bytes of a UUID's text (small letters); false: it is none. */
bool seal_agent_parse(const char *uuid, uint8_t out[static SEAL_AGENT_BYTES]);
void seal_agent_text(const uint8_t agent[static SEAL_AGENT_BYTES], char out[static UUID_TEXT]);

/* The secret of an agent, from the gateway's master key: out->id says which one. */
void seal_secret_derive(const uint8_t master[static SEAL_KEY_BYTES],
	const uint8_t agent[static SEAL_AGENT_BYTES], struct seal_secret *out);

void seal_keys_make(struct seal_keys *, const struct seal_secret *,
	const uint8_t agent[static SEAL_AGENT_BYTES]);

/* What stands for a printer where its name must not be read. */
void seal_device(const struct seal_keys *, const char *device,
	uint8_t out[static SEAL_DEVICE_BYTES]);

#endif
