/* SPDX-License-Identifier: Apache-2.0 */
/* test_urgent.c - urgent facts: what of a record passes, how they are cut, what comes of them. */
#include "net/gate_seal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The plugin's own file: it links nothing of core, and core nothing of it. */
#include "plugins/udp/facts.c"

#define AGENT "0194d2c0-1234-7abc-8def-00112233aabb"

static const uint8_t hash[SEAL_DEVICE_BYTES] = { 0xab, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
	14, 0xcd };

static char *
facts_from(const char *record)
{
	json_t *json = json_loads(record, 0, NULL);
	char *facts;

	assert_non_null(json);
	facts = facts_of(json);
	assert_non_null(facts);
	json_decref(json);
	return facts;
}

/* The row that the gateway makes of facts; NULL: it refuses them. */
static char *
row_of(const uint8_t *device, const char *facts)
{
	struct buf content = { 0 }, row = { 0 };
	struct why why = { "" };
	bool ok;

	buf_add(&content, device, SEAL_DEVICE_BYTES);
	buf_text(&content, facts);
	ok = gate_urgent_line(AGENT, content.p, content.n, &row, &why);
	assert_true(ok || why.text[0] != 0);
	buf_free(&content);
	return ok ? buf_take(&row) : NULL;
}

static const char record[] =
	"{\"schema\":\"platen.reading/1\",\"id\":\"i\",\"agent\":\"a\",\"seq\":42,"
	"\"customer\":\"C-4711\",\"site\":\"head-office\",\"time\":\"2026-11-20T10:00:00Z\","
	"\"device\":{\"id\":\"Kyocera:VCF0000042\",\"serial\":\"VCF0000042\",\"ip\":\"192.0.2.7\"},"
	"\"status\":{\"state\":\"down\",\"errors\":[\"jammed\"]},"
	"\"meters\":[{\"name\":\"total\",\"value\":123456,\"unit\":\"impressions\",\"via\":\"x\"},"
	"{\"name\":\"color\",\"value\":5}],"
	"\"supplies\":[{\"part\":\"1\",\"type\":\"toner\",\"description\":\"SECRET\",\"serial\":"
	"\"SECRET\",\"state\":\"low\",\"percent\":4},{\"part\":\"Tray By Bob\",\"state\":\"ok\"}],"
	"\"alerts\":[{\"severity\":\"critical\",\"code\":\"jam\",\"number\":8,\"text\":\"SECRET\"}]"
	","
	"\"notes\":[]}";

static void
only_numbers_and_words_pass(void **state)
{
	char *facts = facts_from(record), *row;

	(void)state;
	assert_string_equal(facts,
		"{\"seq\":42,\"time\":\"2026-11-20T10:00:00Z\","
		"\"meters\":[{\"name\":\"total\",\"value\":123456,\"unit\":\"impressions\"}],"
		"\"supplies\":[{\"part\":\"1\",\"state\":\"low\"},{\"state\":\"ok\"}],"
		"\"alerts\":[{\"severity\":\"critical\",\"code\":\"jam\",\"number\":8}]}");
	row = row_of(hash, facts);
	assert_string_equal(row,
		"{\"schema\":\"platen.urgent/1\",\"agent\":\"" AGENT "\",\"seq\":42,"
		"\"time\":\"2026-11-20T10:00:00Z\","
		"\"device\":\"ab0102030405060708090a0b0c0d0ecd\","
		"\"meters\":[{\"name\":\"total\",\"value\":123456,\"unit\":\"impressions\"}],"
		"\"supplies\":[{\"part\":\"1\",\"state\":\"low\"},{\"state\":\"ok\"}],"
		"\"alerts\":[{\"severity\":\"critical\",\"code\":\"jam\",\"number\":8}]}");
	free(facts);
	free(row);
}

static void
a_record_without_a_printer_has_no_hash(void **state)
{
	static const uint8_t none[SEAL_DEVICE_BYTES];
	char *facts = facts_from("{\"seq\":7,\"time\":\"2026-11-20T10:00:00Z\"}");
	char *row = row_of(none, facts);

	(void)state;
	assert_non_null(row);
	assert_null(strstr(row, "device"));
	free(facts);
	free(row);
}

/* A record of so many supplies, some of them empty, and alerts. */
static char *
large(int supplies, int alerts)
{
	struct buf b = { 0 };

	buf_text(&b,
		"{\"seq\":4611686018427387903,\"time\":\"2026-11-20T10:00:00Z\","
		"\"meters\":[{\"name\":\"total\",\"value\":9007199254740992,\"unit\":"
		"\"impressions\"}],\"supplies\":[");
	for (int i = 0; i < supplies; i++)
		buf_format(&b, "%s{\"part\":\"%d\",\"state\":\"%s\"}", i > 0 ? "," : "", i,
			i % 7 == 3 ? "empty" : "ok");
	buf_text(&b, "],\"alerts\":[");
	for (int i = 0; i < alerts; i++)
		buf_format(&b,
			"%s{\"severity\":\"%s\",\"code\":\"marker-toner-cartridge-missing\","
			"\"number\":%d}",
			i > 0 ? "," : "", i % 5 == 2 ? "critical" : "warning", i);
	buf_text(&b, "]}");
	return buf_take(&b);
}

/* Whatever a printer tells, it fits; what is fine goes first, the total last. */
static void
all_fits_into_a_datagram(void **state)
{
	(void)state;
	assert_int_equal(FACTS_MOST, SEAL_DATAGRAM_CONTENT - SEAL_DEVICE_BYTES);
	for (int supplies = 0; supplies < 90; supplies += 22)
		for (int alerts = 0; alerts < 200; alerts += 66) {
			char *text = large(supplies, alerts), *facts = facts_from(text);
			char *row = row_of(hash, facts);

			assert_true(strlen(facts) <= FACTS_MOST);
			assert_true(seal_size(SEAL_DEVICE_BYTES + strlen(facts)) <= SEAL_DATAGRAM);
			assert_non_null(row);
			assert_non_null(strstr(facts, "\"value\":9007199254740992"));
			if (strstr(facts, "\"cut\":true") == NULL)
				assert_true(strlen(text) <= FACTS_MOST);
			else if (alerts < 10)
				assert_null(strstr(facts, "\"ok\"},{\"part\":\"89\""));
			if (alerts > 100)
				assert_null(strstr(facts, "warning"));
			free(text);
			free(facts);
			free(row);
		}
}

static void
nothing_else_is_taken(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"seq\":1}",
		"{\"seq\":-1,\"time\":\"x\"}",
		"{\"seq\":1,\"time\":\"x\",\"serial\":\"VCF1\"}",
		"{\"seq\":1,\"time\":\"x\",\"cut\":false}",
		"{\"seq\":1,\"time\":\"x\",\"meters\":{}}",
		"{\"seq\":1,\"time\":\"x\",\"meters\":[{\"name\":\"total\",\"value\":-1}]}",
		"{\"seq\":1,\"time\":\"x\",\"meters\":[{\"name\":\"total\",\"value\":1.5}]}",
		"{\"seq\":1,\"time\":\"x\",\"alerts\":[{\"text\":\"hello\"}]}",
		"{\"seq\":1,\"time\":\"x\"} more",
		"{\"seq\":1,\"seq\":2,\"time\":\"x\"}",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_null(row_of(hash, bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_numbers_and_words_pass),
		cmocka_unit_test(a_record_without_a_printer_has_no_hash),
		cmocka_unit_test(all_fits_into_a_datagram),
		cmocka_unit_test(nothing_else_is_taken),
	};

	log_open("test", LOG_NOTHING);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
