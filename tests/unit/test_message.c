/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_message.c - each thing that is said: read, and said again, it is the same
 * bytes; cut short at any byte it is refused.
 */
#include "message_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* ---- one of each; `which` counts its variants ---- */

static const uint32_t sub_a[] = { 1, 3, 6, 1, 2, 1, 1, 1, 0 }, sub_b[] = { 0, 4294967295 };
static const struct platen_oid oids[] = { { sub_a, COUNT(sub_a) }, { sub_b, COUNT(sub_b) } };

/* As the role gets it: in bytes that are taken apart later. */
static void
put_read(struct buf *b)
{
	struct question q = {
		.kind = ASK_READ, .n = 2, .oids = oids, .nobjects = 1, .shape = "5;?"
	};
	struct pool *pool = pool_new();

	question_pack(&q, pool);
	question_put(b, &q);
	pool_free(pool);
}

static bool
put_question(struct buf *b, int which)
{
	static const struct question questions[] = {
		{ .kind = ASK_GET, .n = 2, .oids = oids },
		{ .kind = ASK_TABLE, .n = 1, .oids = oids },
		{ .kind = ASK_PAGE, .path = "/a?b", .most = PLATEN_MAX_BODY_CEILING },
		{ .kind = ASK_LOGIN, .path = "/in", .form = "{user}" },
	};

	if (which < (int)COUNT(questions))
		question_put(b, &questions[which]);
	else if (which == COUNT(questions))
		put_read(b);
	return which <= (int)COUNT(questions);
}

static bool
get_question(struct wire *w, struct pool *pool, struct buf *again)
{
	struct question q;

	if (!question_get(w, pool, &q))
		return false;
	if (q.kind == ASK_READ) {
		if (!question_unpack(&q, pool))
			return false;
		question_pack(&q, pool);
	}
	question_put(again, &q);
	return true;
}

static bool
put_answer(struct buf *b, int which)
{
	static const uint8_t octets[] = { 0, 'x', 0 };
	struct platen_bind binds[] = {
		{ .type = PLATEN_ABSENT, .oid = oids[0] },
		{ .type = PLATEN_INTEGER, .oid = oids[1], .number = INT64_MIN },
		{ .type = PLATEN_UNSIGNED, .oid = oids[0], .number = INT64_MAX },
		{ .type = PLATEN_OCTETS, .oid = oids[0], .octets = octets, .len = 2 },
		{ .type = PLATEN_OCTETS, .oid = oids[0], .octets = (const uint8_t *)"", .len = 0 },
		{ .type = PLATEN_OBJECT_ID, .oid = oids[0], .value = oids[1] },
	};
	const struct answer answers[] = {
		{ .kind = ASK_TABLE, .status = PLATEN_EPARTIAL, .n = COUNT(binds), .binds = binds },
		{ .kind = ASK_GET, .packets = 3 },
		{ .kind = ASK_PAGE,
			.code = 200,
			.type = "text/html",
			.body = (const uint8_t *)"<html>",
			.len = 6 },
		answer_none(ASK_LOGIN, PLATEN_EREFUSED),
	};

	if (which < (int)COUNT(answers))
		answer_put(b, &answers[which]);
	return which < (int)COUNT(answers);
}

static bool
get_answer(struct wire *w, struct pool *pool, struct buf *again)
{
	struct answer a;

	if (!answer_get(w, pool, &a))
		return false;
	/* As platen/snmp.h and platen/http.h promise. */
	for (uint32_t i = 0; i < a.n; i++) {
		assert_int_equal(a.binds[i].size, sizeof(*a.binds));
		assert_int_equal(a.binds[i].octets[a.binds[i].len], 0);
	}
	if (a.body != NULL)
		assert_int_equal(a.body[a.len], 0);
	answer_put(again, &a);
	return true;
}

/* ---- a READ: three objects; columns alike, with no row, with a hole, of rows of its own ---- */

static const uint32_t columns_sub[][3] = { { 1, 3, 1 }, { 1, 3, 2 }, { 1, 3, 3 }, { 1, 3, 4 },
	{ 2, 0, 0 } };
static const uint32_t cells_sub[][5] = { { 1, 3, 1, 1, 1 }, { 1, 3, 1, 1, 200 }, { 1, 3, 1, 7, 0 },
	{ 1, 3, 2, 1, 1 }, { 1, 3, 2, 1, 200 }, { 1, 3, 2, 7, 0 }, { 1, 3, 4, 1, 1 },
	{ 1, 3, 4, 7, 0 }, { 2, 0, 0, 5, 0 } };
static const uint32_t cells_of[] = { 3, 3, 0, 2, 1 };
#define NOBJECTS 3
#define NCOLUMNS COUNT(cells_of)
#define NCELLS COUNT(cells_sub)

static struct platen_oid columns[NCOLUMNS];
static struct platen_bind read_binds[NOBJECTS + NCELLS];

static void
make_read(void)
{
	static const uint8_t octets[] = { 0, 'x', 0 };

	for (uint32_t i = 0; i < NCOLUMNS; i++)
		columns[i] = (struct platen_oid){ columns_sub[i], 3 };
	read_binds[0] = (struct platen_bind){ .type = PLATEN_ABSENT, .oid = oids[0] };
	read_binds[1] = (struct platen_bind){ .type = PLATEN_OBJECT_ID, .value = oids[1] };
	read_binds[2] = (struct platen_bind){ .type = PLATEN_OCTETS, .octets = octets, .len = 2 };
	for (uint32_t i = 0; i < NCELLS; i++)
		read_binds[NOBJECTS + i] = (struct platen_bind){
			.type = PLATEN_INTEGER,
			.oid = { cells_sub[i], i + 1 < NCELLS ? 5 : 4 },
			.number = 100 * (int64_t)i - 300,
		};
}

static bool
put_got(struct buf *b, int which)
{
	static const uint8_t flaws[NOBJECTS + NCOLUMNS] = { [4] = 1 };
	struct answer a = {
		.kind = ASK_READ,
		.n = COUNT(read_binds),
		.binds = read_binds,
		.ncounts = NCOLUMNS,
		.columns = columns,
		.counts = cells_of,
		.shape = "1,2",
	};

	make_read();
	if (which == 1) {
		a.status = PLATEN_EPARTIAL;
		a.flaws = flaws;
		a.nflaws = sizeof(flaws);
	}
	if (which == 2)
		a = answer_none(ASK_READ, PLATEN_ENOANSWER);
	if (which < 3)
		answer_put(b, &a);
	return which < 3;
}

/* Said again of the binds that are made of it. */
static bool
get_got(struct wire *w, struct pool *pool, struct buf *again)
{
	struct answer a, said;
	struct platen_bind *binds = pool_alloc(pool, 10000 * sizeof(*binds));
	uint8_t flaws[2 * MAX_READ_OIDS];
	uint32_t counts[MAX_READ_OIDS];

	if (!answer_get(w, pool, &a))
		return false;
	said = a;
	said.binds = binds;
	said.counts = counts;
	said.flaws = flaws;
	said.columns = columns;
	/* One bit more may make columns of its own accord: they all begin like the first. */
	for (uint32_t i = 0; i < a.ngot; i++) {
		bool column = i >= a.nobjects;
		struct platen_oid oid = column ? columns[(i - a.nobjects) % NCOLUMNS] : oids[0];

		flaws[i] = a.got[i].status != PLATEN_OK;
		said.nflaws |= flaws[i] ? a.ngot : 0;
		if (said.n + a.got[i].n > 10000)
			return true;
		memcpy(binds + said.n, got_binds(&a.got[i], oid, pool),
			a.got[i].n * sizeof(*binds));
		said.n += a.got[i].n;
		if (column)
			counts[said.ncounts++] = a.got[i].n;
	}
	if (a.nobjects == NOBJECTS && a.ngot == NOBJECTS + NCOLUMNS)
		answer_put(again, &said);
	else
		answer_put(again,
			&(struct answer){ .kind = a.kind, .status = a.status, .shape = "" });
	return true;
}

static void
a_read_is_what_was_said(void **state)
{
	struct pool *pool = pool_new();
	struct platen_bind *column;
	struct buf b = { 0 };
	struct answer a;
	struct wire w;

	(void)state;
	put_got(&b, 1);
	w = (struct wire){ .p = b.p, .n = b.n };
	assert_true(answer_get(&w, pool, &a) && wire_ended(&w));
	assert_int_equal(a.nobjects, NOBJECTS);
	assert_int_equal(a.ngot, NOBJECTS + NCOLUMNS);
	assert_string_equal(a.shape, "1,2");
	assert_int_equal(a.got[3].status, PLATEN_OK);
	assert_int_equal(a.got[4].status, PLATEN_EPARTIAL);
	assert_true(got_begins(&a.got[3], &a.got[4]) && got_begins(&a.got[4], &a.got[3]));
	assert_false(got_begins(&a.got[3], &a.got[6]) || got_begins(&a.got[6], &a.got[3]));
	column = got_binds(&a.got[4], columns[1], pool);
	assert_int_equal(a.got[4].n, 3);
	for (uint32_t i = 0; i < 3; i++) {
		const struct platen_bind *was = &read_binds[NOBJECTS + 3 + i];

		assert_int_equal(column[i].number, was->number);
		assert_int_equal(column[i].oid.n, was->oid.n);
		assert_memory_equal(column[i].oid.sub, was->oid.sub, 4 * was->oid.n);
	}
	/* It does not lie in the frame. */
	memset(b.p, 0xFF, b.n);
	column = got_binds(&a.got[2], oids[0], pool);
	assert_int_equal(column->len, 2);
	assert_memory_equal(column->octets, "\0x", 3);
	/* An index that is too long for its column is cut. */
	assert_int_equal(oid_join(pool, (struct platen_oid){ (uint32_t[100]){ 0 }, 100 },
				 (struct platen_oid){ (uint32_t[100]){ 0 }, 100 })
				 .n,
		PLATEN_MAX_SUBIDS);
	pool_free(pool);
	buf_free(&b);
}

static bool
put_target(struct buf *b, int which)
{
	if (which == 0)
		target_put(b, &(struct target){ .address = "::1", .port = 65535, .learned = "2c" });
	return which == 0;
}

static bool
get_target(struct wire *w, struct pool *pool, struct buf *again)
{
	struct target t;

	(void)pool;
	if (!target_get(w, &t))
		return false;
	target_put(again, &t);
	return true;
}

static bool
put_settings(struct buf *b, int which)
{
	static const char *communities[] = { "public", "" }, *ports[] = { "http:80", "https:443" };
	static struct snmp_user user = { "all", "reader", "sha256", "a", "aes", "p",
		"192.0.2.0/24" };
	static const struct lan_settings settings[] = {
		{ .versions = SNMP_V1 | SNMP_V3,
			.timeout = 1000,
			.retries = 2,
			.ncommunities = 2,
			.communities = communities,
			.nusers = 1,
			.users = &user,
			.nports = 2,
			.ports = ports,
			.http_timeout = 5000,
			.tls = TLS_PIN },
		{ .versions = 0 },
	};

	if (which < (int)COUNT(settings))
		lan_settings_put(b, &settings[which]);
	return which < (int)COUNT(settings);
}

static bool
get_settings(struct wire *w, struct pool *pool, struct buf *again)
{
	struct lan_settings s;

	if (!lan_settings_get(w, pool, &s))
		return false;
	lan_settings_put(again, &s);
	return true;
}

static bool
put_device(struct buf *b, int which)
{
	if (which == 0)
		device_put(b,
			&(struct platen_device){ .object_id = sub_a,
				.nobject_id = COUNT(sub_a),
				.descr = "d",
				.model = "m",
				.device_id = "MFG:x;",
				.hr_device_index = 1 });
	else if (which == 1)
		device_put(b, &(struct platen_device){ .descr = NULL });
	return which < 2;
}

static bool
get_device(struct wire *w, struct pool *pool, struct buf *again)
{
	struct platen_device d;

	if (!device_get(w, pool, &d))
		return false;
	device_put(again, &d);
	return true;
}

static bool
put_reading(struct buf *b, int which)
{
	static const struct platen_reading readings[] = {
		{ .metric = "meter.total", .unit = "sheets", .number = 1, .full = PLATEN_NONE },
		{ .metric = "meter.size.iso_a4_210x297mm", .unit = "impressions" },
		{ .metric = "meter.total", .part = "2", .unit = "unknown", .number = INT64_MAX },
		{ .metric = "supply.level", .part = "1", .unit = "percent", .full = PLATEN_SOME },
		{ .metric = "alert.code", .part = "7", .number = 8 },
		{ .metric = "tray.name", .part = "1", .number = PLATEN_NONE, .text = "Tray 1" },
		{ .metric = "device.mac", .text = "00:11:22:aa:bb:cc" },
		{ .metric = "status.state", .text = "sleep" },
	};

	struct emitted r;

	if (which >= (int)COUNT(readings))
		return false;
	r = emitted_of(&readings[which]);
	reading_put(b, &r);
	return true;
}

static bool
get_reading(struct wire *w, struct pool *pool, struct buf *again)
{
	struct emitted r;
	struct why why;

	(void)pool;
	if (!reading_get(w, &r, &why))
		return false;
	reading_put(again, &r);
	return true;
}

static bool
put_manifest(struct buf *b, int which)
{
	static const struct platen_option options[] = {
		{ "path", NULL, "must be set" },
		{ "size", "1", "need not" },
		{ NULL, NULL, NULL },
	};
	static const char *const needs[] = { "platen.snmp/1", NULL };
	static const struct platen_plugin plugins[] = {
		{ .name = "x",
			.version = "1",
			.summary = "s",
			.needs = needs,
			.reach = needs,
			.options = options },
		{ .name = "y", .version = "1", .summary = "s" },
	};

	if (which < (int)COUNT(plugins))
		manifest_put(b, &plugins[which]);
	return which < (int)COUNT(plugins);
}

static bool
get_manifest(struct wire *w, struct pool *pool, struct buf *again)
{
	const uint8_t *p = w->p;
	size_t n = w->n;
	struct manifest m;

	if (!manifest_get(w, pool, &m))
		return false;
	/* It is said of a plugin, not of a manifest: what was read is looked at instead. */
	assert_true(m.noptions == 0 ||
		(m.options[0].value == NULL && strcmp(m.options[1].value, "1") == 0 &&
			strcmp(m.options[1].help, "need not") == 0));
	assert_true(m.nneeds == 0 || strcmp(m.needs[0], "platen.snmp/1") == 0);
	buf_add(again, p, n);
	return true;
}

/* ---- all of them ---- */

static const struct {
	bool (*put)(struct buf *, int which); /* false: there are no more variants */
	bool (*get)(struct wire *, struct pool *, struct buf *again);
} things[] = {
	{ put_question, get_question },
	{ put_answer, get_answer },
	{ put_got, get_got },
	{ put_target, get_target },
	{ put_settings, get_settings },
	{ put_device, get_device },
	{ put_reading, get_reading },
	{ put_manifest, get_manifest },
};

static bool
take(size_t thing, const uint8_t *p, size_t n, struct buf *again)
{
	struct pool *pool = pool_new();
	/* In memory of its own, so that a byte too far is seen. */
	uint8_t *copy = mem_copy(p, n);
	struct wire w = { .p = copy, .n = n };
	bool ok;

	buf_clear(again);
	ok = things[thing].get(&w, pool, again) && wire_ended(&w);
	free(copy);
	pool_free(pool);
	return ok;
}

static void
test_roundtrips(void **state)
{
	struct buf b = { 0 }, again = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(things); i++)
		for (int which = 0; buf_clear(&b), things[i].put(&b, which); which++) {
			assert_true(take(i, b.p, b.n, &again));
			assert_int_equal(again.n, b.n);
			assert_memory_equal(again.p, b.p, b.n);
		}
	buf_free(&b);
	buf_free(&again);
}

static void
test_truncated(void **state)
{
	struct buf b = { 0 }, again = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(things); i++)
		for (int which = 0; buf_clear(&b), things[i].put(&b, which); which++)
			for (size_t n = 0; n < b.n; n++)
				assert_false(take(i, b.p, n, &again));
	buf_free(&b);
	buf_free(&again);
}

/* One byte is another: it may be refused or not, but nothing breaks. */
static void
test_damaged(void **state)
{
	struct buf b = { 0 }, again = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(things) - 1; i++)
		for (int which = 0; buf_clear(&b), things[i].put(&b, which); which++)
			for (size_t n = 0; n < b.n; n++)
				for (int bit = 0; bit < 8; bit++) {
					b.p[n] ^= (uint8_t)(1 << bit);
					take(i, b.p, b.n, &again);
					b.p[n] ^= (uint8_t)(1 << bit);
				}
	buf_free(&b);
	buf_free(&again);
}

static void
test_say(void **state)
{
	static const struct question get = { .kind = ASK_GET, .n = 2, .oids = oids };
	static const struct question page = { .kind = ASK_PAGE, .path = "/a" };
	struct buf b = { 0 };

	(void)state;
	question_say(&get, &b);
	buf_text(&b, ", ");
	question_say(&page, &b);
	assert_string_equal((char *)b.p, "get 1.3.6.1.2.1.1.1.0 and 1 more, page /a");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roundtrips),
		cmocka_unit_test(a_read_is_what_was_said),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
