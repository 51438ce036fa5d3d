/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.c - any bytes as an envelope: refused with a reason.  And, so that the fuzzer comes
 * behind the seal, any bytes as what was sealed by one who has the key.
 */
#include "net/seal.h"
#include "net/seal_content.h"
#include "net/seal_window.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
as_envelope(const struct seal_keys *k, const uint8_t *p, size_t n)
{
	struct seal_counter any = { 0 };
	struct buf content = { 0 };
	struct seal_head h;
	struct why why = { "" };

	if (n >= SEAL_HEAD)
		must(seal_whole(p) <= SEAL_MOST);
	if (seal_open(k, p, n, &h, &content, &why))
		must(h.length < n && content.n < h.length);
	else
		must(why.text[0] != 0 && content.n == 0);
	if (!seal_open_receipt(k, &any, p, n, &h, &content, &why))
		must(why.text[0] != 0);
	buf_free(&content);
}

static void
there_and_back(const struct seal_keys *k, const uint8_t *p, size_t n)
{
	struct seal_counter c = { 1, (uint32_t)n };
	struct buf out = { 0 }, content = { 0 };
	struct seal_head h;
	struct why why;

	if (n > SEAL_CONTENT_MOST - 12)
		return;
	seal_close(k, SEAL_BATCH, &c, 1, p, n, &out);
	must(out.n == seal_size(n));
	must(seal_open(k, out.p, out.n, &h, &content, &why));
	must(content.n == n && (n == 0 || memcmp(content.p, p, n) == 0));
	buf_clear(&out);
	buf_clear(&content);
	seal_receipt(k, &c, 1, p, n, &out);
	must(seal_open_receipt(k, &c, out.p, out.n, &h, &content, &why));
	must(content.n == n && (n == 0 || memcmp(content.p, p, n) == 0));
	buf_free(&out);
	buf_free(&content);
}

static void
as_content(const uint8_t *p, size_t n)
{
	struct seal_upload upload;
	struct seal_answer answer;
	struct why why = { "" };

	if (seal_upload_get(p, n, &upload, &why))
		must(upload.body + upload.n == p + n);
	else
		must(why.text[0] != 0);
	if (seal_answer_get(p, n, &answer, &why))
		must(answer.body + answer.n == p + n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Its own memory, so that a byte too far is seen. */
	uint8_t *copy = malloc(size + (size == 0));
	struct seal_secret secret = { .id = 1 }, parsed;
	struct seal_keys k;
	struct why why = { "" };
	char *text;

	must(copy != NULL);
	memcpy(copy, data, size);
	memset(secret.key, 1, sizeof(secret.key));
	seal_keys_make(&k, &secret, secret.key);
	as_envelope(&k, copy, size);
	there_and_back(&k, copy, size);
	as_content(copy, size);
	text = mem_string_n((const char *)copy, size);
	must(seal_secret_parse(text, &parsed, &why) || why.text[0] != 0);
	free(text);
	free(copy);
	return 0;
}
