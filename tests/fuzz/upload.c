/* SPDX-License-Identifier: Apache-2.0 */
/*
 * upload.c - the body of an upload, as a stranger could send it: unpacked, cut into
 * lines, judged, deltas made whole.  The first byte says how it is packed.
 *
 * Beside the sanitizers' eyes: no more comes out than was allowed, and each record
 * that is kept is one line that is JSON and of that agent.
 */
#include "net/gate_body.h"

#include <stdlib.h>
#include <string.h>

#define AGENT "11111111-2222-4333-8444-555555555555"
#define MOST 65536

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
must(bool good)
{
	if (!good)
		abort();
}

static void
check(const struct gate_record *r)
{
	json_t *json = json_loadb(r->json, r->len, 0, NULL);
	const char *agent = json_string_value(json_object_get(json, "agent"));

	must(agent != NULL && strcmp(agent, AGENT) == 0);
	must((uint64_t)json_integer_value(json_object_get(json, "seq")) == r->seq && r->seq > 0);
	must(memchr(r->json, '\n', r->len) == NULL && memchr(r->json, 0, r->len) == NULL);
	must(text_is_utf8(r->json, r->len));
	json_decref(json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct bases *bases;
	struct buf text = { 0 };
	struct body body;

	if (n == 0)
		return 0;
	if (bases == NULL)
		bases = bases_new();
	if (body_unpack(p[0] % 3, p + 1, n - 1, MOST, &text) == 200) {
		must(text.n <= MOST);
		buf_add(&text, "", 0);
		body_read(&body, AGENT, (const char *)text.p, text.n, MOST, bases);
		for (uint32_t i = 0; i < body.nrecords; i++)
			check(&body.records[i]);
		for (uint32_t i = 0; i < body.nrefused; i++)
			must(body.refused[i].reason[0] != 0);
		body_free(&body);
	}
	buf_free(&text);
	return 0;
}
