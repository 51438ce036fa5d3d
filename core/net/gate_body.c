/* SPDX-License-Identifier: Apache-2.0 */
/* gate_body.c - the lines of an upload, each judged for itself; see gate_body.h. */
#include "net/gate_body.h"

#include <stdio.h>
#include <string.h>

/* How deep a line nests, brackets in texts not counted: before a parser goes down into it. */
static bool
is_shallow(const char *p, size_t n)
{
	uint32_t depth = 0;
	bool text = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"')
			text = !text;
		else if (text && p[i] == '\\')
			i++;
		else if (!text && (p[i] == '{' || p[i] == '['))
			depth++;
		else if (!text && (p[i] == '}' || p[i] == ']') && depth > 0)
			depth--;
		if (depth > RECORD_DEPTH)
			return false;
	}
	return true;
}

static json_t *
parse(const char *line, size_t n, struct why *why)
{
	json_error_t error;
	json_t *record;

	if (n > RECORD_MOST || !is_shallow(line, n)) {
		why_set(why,
			n > RECORD_MOST ? "it is larger than %u bytes" : "it nests deeper than %u",
			n > RECORD_MOST ? RECORD_MOST : RECORD_DEPTH);
		return NULL;
	}
	record = json_loadb(line, n, JSON_REJECT_DUPLICATES, &error);
	if (record == NULL)
		why_set(why, "it is no JSON in UTF-8 from beginning to end");
	return record;
}

static void
refuse(struct body *b, uint64_t seq, const char *reason)
{
	b->refused[b->nrefused++] =
		(struct refusal_line){ .seq = seq, .reason = pool_string(b->pool, reason) };
}

static void
keep(struct body *b, const json_t *json, const char *line, size_t n, struct gate_record *r)
{
	const char *customer = record_name(json, "customer", b->pool);
	const char *site = record_name(json, "site", b->pool);

	r->json = line;
	r->len = n;
	b->bytes += n;
	b->customer = *customer != 0 ? customer : b->customer;
	b->site = *site != 0 ? site : b->site;
	b->records[b->nrecords++] = *r;
}

static void
read_line(struct body *b, const char *agent, const char *line, size_t n)
{
	struct gate_record r = { 0 };
	struct why why;
	json_t *json = parse(line, n, &why);

	if (json != NULL && record_check(json, agent, b->pool, &r, &why))
		keep(b, json, line, n, &r);
	else
		refuse(b, r.seq, why.text);
	json_decref(json);
}

/* Lines are told apart by the newline; the last one may go without. */
static size_t
line_length(const char *p, size_t n)
{
	const char *end = memchr(p, '\n', n);

	return end != NULL ? (size_t)(end - p) : n;
}

static uint32_t
count_lines(const char *p, size_t n)
{
	uint32_t lines = 0;

	for (size_t length; n > 0; lines++) {
		length = line_length(p, n);
		p += length < n ? length + 1 : n;
		n -= length < n ? length + 1 : n;
	}
	return lines;
}

bool
body_read(struct body *b, const char *agent, const char *text, size_t n)
{
	uint32_t lines = count_lines(text, n);

	*b = (struct body){ .pool = pool_new(), .customer = "", .site = "" };
	if (lines > MAX_GATE_RECORDS)
		return false;
	b->records = pool_alloc(b->pool, (lines + 1) * sizeof(*b->records));
	b->refused = pool_alloc(b->pool, (lines + 1) * sizeof(*b->refused));
	b->full = pool_alloc(b->pool, (lines + 1) * sizeof(*b->full));
	while (n > 0) {
		size_t length = line_length(text, n), whole = length < n ? length + 1 : n;

		if (length > 0)
			read_line(b, agent, text, length);
		text += whole;
		n -= whole;
	}
	return true;
}

void
body_free(struct body *b)
{
	pool_free(b->pool);
	*b = (struct body){ 0 };
}
