/* SPDX-License-Identifier: Apache-2.0 */
/* gate_body.c - the lines of an upload, each judged for itself; see gate_body.h. */
#include "net/gate_body.h"

#include <platen/delta.h>

#include <stdlib.h>
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

static bool
is_fit(const char *line, size_t n, struct why *why)
{
	if (n > RECORD_MOST)
		return why_set(why, "it is larger than %u bytes", RECORD_MOST);
	return is_shallow(line, n) || why_set(why, "it nests deeper than %u", RECORD_DEPTH);
}

static json_t *
parse(const char *line, size_t n, struct why *why)
{
	json_error_t error;
	json_t *record;

	if (!is_fit(line, n, why))
		return NULL;
	/* Behind a number jansson takes a NUL for nothing; the spool does not. */
	record = memchr(line, 0, n) == NULL ? json_loadb(line, n, JSON_REJECT_DUPLICATES, &error)
					    : NULL;
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

/* Bytes beside a record's text in the frame to the agent, and beside all records. */
#define BESIDE 128
#define FRAME_REST 16384

static void
keep(struct body *b, const char *agent, const json_t *json, struct gate_record *r,
	struct bases *bases)
{
	const char *customer = record_name(json, "customer", b->pool);
	const char *site = record_name(json, "site", b->pool);

	b->bytes += r->len + strlen(r->device) + strlen(r->label) + BESIDE;
	b->customer = *customer != 0 ? customer : b->customer;
	b->site = *site != 0 ? site : b->site;
	b->records[b->nrecords++] = *r;
	if (r->kind == GATE_READING && *r->device != 0)
		bases_put(bases, agent, r);
}

/*
 * A delta as the record it stands for, and its text in the pool.  NULL without a
 * reason: its base is not here, or there is no room; the whole record will do.
 */
static json_t *
expand(struct body *b, const char *agent, const json_t *delta, struct bases *bases,
	struct gate_record *r, struct why *why)
{
	const char *device = json_string_value(json_object_get(delta, "device")), *text, *wrong;
	json_int_t seq = json_integer_value(json_object_get(delta, "base"));
	json_t *base, *record;
	size_t n;
	char *line;

	why->text[0] = 0;
	text = device != NULL && seq > 0 ? bases_get(bases, agent, device, (uint64_t)seq, &n)
					 : NULL;
	if (text == NULL || b->bytes + n > b->most)
		return NULL;
	base = json_loadb(text, n, 0, NULL);
	record = platen_delta_expand(base, delta, &wrong);
	if (record == NULL)
		why_set(why, "%s", wrong);
	line = record != NULL ? json_dumps(record, JSON_COMPACT) : NULL;
	if (line != NULL) {
		r->len = strlen(line);
		r->json = pool_copy(b->pool, line, r->len);
	}
	free(line);
	json_decref(base);
	return record;
}

/* 0: it says none. */
static uint64_t
seq_of(const json_t *json)
{
	json_int_t seq = json_integer_value(json_object_get(json, "seq"));

	return seq > 0 ? (uint64_t)seq : 0;
}

/* A whole record, or what becomes of a delta: is it good?  line and its length are in r. */
static void
judge(struct body *b, const char *agent, const json_t *json, struct gate_record *r,
	struct bases *bases)
{
	const struct gate_record text = *r;
	struct why why;

	if (!record_check(json, agent, b->pool, r, &why)) {
		refuse(b, r->seq, why.text);
		return;
	}
	r->json = text.json;
	r->len = text.len;
	if (!is_fit(r->json, r->len, &why))
		refuse(b, r->seq, why.text);
	else
		keep(b, agent, json, r, bases);
}

static bool
is_delta(const json_t *json)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));

	return schema != NULL && strcmp(schema, PLATEN_DELTA_SCHEMA) == 0;
}

static void
read_line(struct body *b, const char *agent, const char *line, size_t n, struct bases *bases)
{
	struct gate_record r = { .json = line, .len = n };
	struct why why;
	json_t *json = parse(line, n, &why), *whole;

	if (json == NULL) {
		refuse(b, 0, why.text);
	} else if (!is_delta(json)) {
		judge(b, agent, json, &r, bases);
	} else if ((whole = expand(b, agent, json, bases, &r, &why)) != NULL) {
		judge(b, agent, whole, &r, bases);
		json_decref(whole);
	} else if (why.text[0] != 0) {
		refuse(b, seq_of(json), why.text);
	} else if (seq_of(json) > 0) {
		b->full[b->nfull++] = seq_of(json);
	} else {
		refuse(b, 0, "it has no seq of 1 or more");
	}
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
body_read(struct body *b, const char *agent, const char *text, size_t n, size_t most,
	struct bases *bases)
{
	uint32_t lines = count_lines(text, n);

	*b = (struct body){ .pool = pool_new(), .customer = "", .site = "", .most = most };
	if (lines > MAX_GATE_RECORDS)
		return false;
	b->records = pool_alloc(b->pool, (lines + 1) * sizeof(*b->records));
	b->refused = pool_alloc(b->pool, (lines + 1) * sizeof(*b->refused));
	b->full = pool_alloc(b->pool, (lines + 1) * sizeof(*b->full));
	while (n > 0) {
		size_t length = line_length(text, n), whole = length < n ? length + 1 : n;

		if (length > 0)
			read_line(b, agent, text, length, bases);
		text += whole;
		n -= whole;
	}
	return b->bytes <= WIRE_MAX_FRAME - FRAME_REST;
}

void
body_free(struct body *b)
{
	pool_free(b->pool);
	*b = (struct body){ 0 };
}
