/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal_content.h - what stands inside an envelope: an upload or its answer, as
 * HTTP would carry it, so that the way makes no difference.
 *
 * Lines "name: value", an empty line, the body.  Of urgent facts see urgent.h.
 */
#ifndef PLATEN_SEAL_CONTENT_H
#define PLATEN_SEAL_CONTENT_H

#include "base/base.h"

#define SEAL_LINE_MOST 256 /* bytes of one value */

struct seal_upload {
	char type[SEAL_LINE_MOST]; /* application/x-ndjson */
	char coding[SEAL_LINE_MOST]; /* zstd, gzip, "" */
	char key[SEAL_LINE_MOST]; /* Idempotency-Key */
	const uint8_t *body; /* in the content that was read */
	size_t n;
};

struct seal_answer {
	uint32_t status; /* as HTTP's */
	uint32_t retry_after; /* seconds, 0: none was named */
	char type[SEAL_LINE_MOST];
	const uint8_t *body;
	size_t n;
};

/* The receiver has another session, and names it in the head: send it again. */
#define SEAL_STATUS_AGAIN 425

void seal_upload_put(const struct seal_upload *, struct buf *out);
void seal_answer_put(const struct seal_answer *, struct buf *out);

/* False: the sealed content makes no sense, why says what. */
bool seal_upload_get(const uint8_t *p, size_t n, struct seal_upload *, struct why *);
bool seal_answer_get(const uint8_t *p, size_t n, struct seal_answer *, struct why *);

#endif
