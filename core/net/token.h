/* SPDX-License-Identifier: Apache-2.0 */
/* token.h - what an agent shows to prove who it is: random bits as text, known by their hash. */
#ifndef PLATEN_TOKEN_H
#define PLATEN_TOKEN_H

#include "message_gate.h"

#define TOKEN_TEXT 45 /* 32 bytes in base64, and the NUL */

/* False: the machine gives no random bytes. */
bool token_make(char out[static TOKEN_TEXT], struct why *);
void token_hash(const char *token, uint8_t out[static TOKEN_HASH]);

#endif
