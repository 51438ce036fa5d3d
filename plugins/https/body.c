/* SPDX-License-Identifier: Apache-2.0 */
/* body.c - records become the body of a request: lines, whole or as deltas, packed. */
#include "https.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* Small bodies are packed as small as can be, large ones within a callback's time. */
#define LEVEL_SMALL 19
#define LEVEL_LARGE 9
#define LARGE (192u << 10)

static bool
add(struct body *b, size_t *room, const char *text, size_t n)
{
	uint8_t *grown;

	while (*room - b->n < n + 1) {
		*room *= 2;
		if ((grown = realloc(b->bytes, *room)) == NULL)
			return false;
		b->bytes = grown;
	}
	memcpy(b->bytes + b->n, text, n);
	b->n += n;
	b->bytes[b->n++] = '\n';
	return true;
}

static bool
add_line(struct body *b, size_t *room, struct line *l, bool deltas)
{
	/* What goes whole is remembered, too: the next may stand on it. */
	json_t *delta = bases_delta(l->record, l->whole || !deltas);
	char *text = delta != NULL ? json_dumps(delta, JSON_COMPACT) : NULL;
	bool ok;

	json_decref(delta);
	l->delta = text != NULL;
	ok = l->delta ? add(b, room, text, strlen(text))
		      : add(b, room, l->record->json, l->record->len);
	free(text);
	return ok;
}

static bool
pack(struct body *b, bool dictionary)
{
	size_t most = ZSTD_compressBound(b->n), n;
	int level = b->n < LARGE ? LEVEL_SMALL : LEVEL_LARGE;
	uint8_t *packed = malloc(most);
	ZSTD_CCtx *c = ZSTD_createCCtx();
	const uint8_t *bytes;
	uint64_t len;

	if (packed == NULL || c == NULL) {
		free(packed);
		ZSTD_freeCCtx(c);
		return false;
	}
	ZSTD_CCtx_setParameter(c, ZSTD_c_compressionLevel, level);
	bytes = platen_dictionary(&len);
	if (dictionary)
		ZSTD_CCtx_loadDictionary(c, bytes, len);
	n = ZSTD_compress2(c, packed, most, b->bytes, b->n);
	ZSTD_freeCCtx(c);
	if (ZSTD_isError(n)) {
		free(packed);
		return false;
	}
	free(b->bytes);
	b->bytes = packed;
	b->n = n;
	b->coding = "zstd";
	return true;
}

bool
body_make(struct body *b, struct line *lines, uint32_t n, enum form form, uint32_t can)
{
	size_t room = 4096;
	bool ok;

	*b = (struct body){ .bytes = malloc(room), .coding = "" };
	ok = b->bytes != NULL;
	for (uint32_t i = 0; ok && i < n; i++)
		ok = add_line(b, &room, &lines[i],
			form == FORM_BEST && (can & PLATEN_CAN_DELTA) != 0);
	if (ok && form != FORM_PLAIN)
		ok = pack(b, form == FORM_BEST && (can & PLATEN_CAN_DICTIONARY) != 0);
	if (!ok)
		body_free(b);
	return ok;
}

void
body_free(struct body *b)
{
	free(b->bytes);
	b->bytes = NULL;
}
