/* SPDX-License-Identifier: Apache-2.0 */
/* test_record.c - readings in, a record out: what is known, what is not, who wins. */
#include "reading.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* One reading of one plugin. */
struct said {
	const char *via;
	int match;
	const char *metric, *part, *unit;
	int64_t number, full;
	const char *text;
};

static json_t *made;

static void
on_made(void *arg, const char *json, const struct visited *v)
{
	(void)arg, (void)v;
	made = json_loads(json, 0, NULL);
}

static void
add(struct readings *r, const char *via, int32_t match, struct platen_reading said)
{
	struct emitted reading = emitted_of(&said);

	readings_add(r, via, match, &reading);
}

/* The record of what was said, for the caller to free. */
static json_t *
record_of(const struct said *said, size_t n)
{
	struct config config = { .customer = "C-1", .site = "" };
	struct recorder recorder = { .config = &config, .made = on_made };
	struct printer known = { .address = "192.0.2.7", .port = 161 }, now = known;
	struct pool *pool = pool_new();
	struct readings *r = readings_new(pool);

	for (size_t i = 0; i < n; i++)
		add(r, said[i].via, said[i].match,
			(struct platen_reading){
				.size = sizeof(struct platen_reading),
				.metric = said[i].metric,
				.part = said[i].part,
				.unit = said[i].unit,
				.number = said[i].text ? PLATEN_NONE : said[i].number,
				.full = said[i].text ? PLATEN_NONE : said[i].full,
				.text = said[i].text,
			});
	made = NULL;
	assert_true(readings_finish(r, &recorder, &known, &now));
	pool_free(pool);
	assert_non_null(made);
	return made;
}

static void
expect(const json_t *record, const char *key, const char *wanted)
{
	char *is = json_dumps(json_object_get(record, key), JSON_COMPACT);

	if (is == NULL || strcmp(is, wanted) != 0)
		fail_msg("%s\nis     %s\nwanted %s", key, is ? is : "absent", wanted);
	free(is);
}

static void
test_better_match_wins(void **state)
{
	static const struct said said[] = {
		{ "printer-mib", 1, "meter.total", NULL, "impressions", 1000, PLATEN_NONE, NULL },
		{ "kyocera", 50, "meter.total", NULL, "impressions", 990, PLATEN_NONE, NULL },
		{ "kyocera", 50, "meter.mono", NULL, "impressions", 700, PLATEN_NONE, NULL },
		{ "printer-mib", 1, "device.model", NULL, NULL, 0, 0, "ECOSYS" },
		{ "kyocera", 50, "device.model", NULL, NULL, 0, 0, "ECOSYS" },
	};
	json_t *r = record_of(said, COUNT(said));

	(void)state;
	expect(r, "meters",
		"[{\"name\":\"total\",\"value\":990,\"unit\":\"impressions\",\"via\":\"kyocera\"},"
		"{\"name\":\"mono\",\"value\":700,\"unit\":\"impressions\",\"via\":\"kyocera\"}]");
	expect(r, "notes",
		"[{\"kind\":\"disagreement\",\"text\":\"total: kyocera says 990 impressions, "
		"printer-mib says 1000, 10 (1.0 %) more\"}]");
	json_decref(r);
}

/* What wins is a row of meters or supplies, what is noted the texts of the notes. */
static void
expect_merge(const struct said *said, size_t n, const char *key, const char *wanted,
	const char *noted)
{
	json_t *r = record_of(said, n), *note;
	struct buf text = { 0 };
	size_t i;

	expect(r, key, wanted);
	json_array_foreach (json_object_get(r, "notes"), i, note) {
		assert_string_equal(json_string_value(json_object_get(note, "kind")),
			"disagreement");
		buf_format(&text, "%s%s", i > 0 ? "; " : "",
			json_string_value(json_object_get(note, "text")));
	}
	assert_string_equal(text.n > 0 ? (char *)text.p : "", noted);
	buf_free(&text);
	json_decref(r);
}

#define METER(name, number, unit, via)                                                             \
	"{\"name\":\"" name "\",\"value\":" #number ",\"unit\":\"" unit "\",\"via\":\"" via "\"}"

static void
test_meters_differ(void **state)
{
	static const struct said yields[] = {
		{ "mib", 1, "meter.total", NULL, "impressions", 76498, PLATEN_NONE, NULL },
		{ "maker", YIELDS, "meter.total", NULL, "impressions", 76064, 0, NULL },
		{ "maker", 50, "meter.mono", NULL, "impressions", 76000, 0, NULL },
		{ "maker", 50, "meter.color", NULL, "impressions", 64, 0, NULL },
	};
	static const struct said unit[] = {
		{ "mib", 1, "meter.total", NULL, "impressions", 500, PLATEN_NONE, NULL },
		{ "maker", 50, "meter.total", NULL, "unknown", 500, PLATEN_NONE, NULL },
	};
	static const struct said units[] = {
		{ "mib", 1, "meter.total", NULL, "sheets", 400, PLATEN_NONE, NULL },
		{ "maker", 50, "meter.total", NULL, "impressions", 500, PLATEN_NONE, NULL },
	};

	(void)state;
	expect_merge(yields, COUNT(yields), "meters",
		"[" METER("total", 76498, "impressions", "mib") "," METER("color", 64,
			"impressions",
			"maker") "," METER("mono", 76000, "impressions", "maker") "]",
		"total: mib says 76498 impressions, maker says 76064, 434 (0.6 %) less");
	expect_merge(unit, COUNT(unit), "meters", "[" METER("total", 500, "impressions", "mib") "]",
		"");
	expect_merge(units, COUNT(units), "meters",
		"[" METER("total", 500, "impressions", "maker") "]",
		"total: maker says 500 impressions, mib says 400 sheets");
}

static void
test_parts_and_total(void **state)
{
	static const struct said apart[] = {
		{ "a", 1, "meter.total", NULL, "impressions", 100, PLATEN_NONE, NULL },
		{ "a", 1, "meter.mono", NULL, "impressions", 60, PLATEN_NONE, NULL },
		{ "a", 1, "meter.color", NULL, "impressions", 30, PLATEN_NONE, NULL },
	};
	static const struct said alone[] = {
		{ "a", 1, "meter.total", NULL, "impressions", 100, PLATEN_NONE, NULL },
		{ "a", 1, "meter.mono", NULL, "impressions", 60, PLATEN_NONE, NULL },
		{ "a", 1, "meter.color", NULL, "sheets", 30, PLATEN_NONE, NULL },
	};
	static const struct said spot[] = {
		{ "a", 1, "meter.total", NULL, "impressions", 100, PLATEN_NONE, NULL },
		{ "a", 1, "meter.mono", NULL, "impressions", 60, PLATEN_NONE, NULL },
		{ "a", 1, "meter.color", NULL, "impressions", 30, PLATEN_NONE, NULL },
		{ "a", 1, "meter.two-color", NULL, "impressions", 10, PLATEN_NONE, NULL },
	};
	static const struct said more[] = {
		{ "a", 1, "meter.total", NULL, "impressions", 100, PLATEN_NONE, NULL },
		{ "a", 1, "meter.print.total", NULL, "impressions", 90, PLATEN_NONE, NULL },
		{ "a", 1, "meter.copy.total", NULL, "impressions", 20, PLATEN_NONE, NULL },
	};

	(void)state;
	expect_merge(apart, COUNT(apart), "supplies", "[]",
		"total: a says 100 impressions, the sum of mono and color says 90, 10 (10.0 %) "
		"less");
	expect_merge(spot, COUNT(spot), "supplies", "[]", "");
	expect_merge(alone, COUNT(alone), "supplies", "[]", "");
	expect_merge(more, COUNT(more), "supplies", "[]",
		"total: a says 100 impressions, the sum of print.total and copy.total says 110, 10 "
		"(10.0 %) more");
	/* A total that is above its functions says nothing: there may be other functions. */
	expect_merge(more, 2, "supplies", "[]", "");
}

#define SUPPLY(what, via) "[{\"part\":\"1\"," what ",\"via\":\"" via "\"}]"
#define AT(number) "\"state\":\"ok\",\"percent\":" #number ",\"level\":" #number

/* Who knows more is believed, whoever knows the printer better. */
static void
test_supplies_differ(void **state)
{
	static const struct {
		struct said said[2];
		const char *wanted, *noted;
	} cases[] = {
		{ { { "mib", 1, "supply.level", "1", "unknown", PLATEN_SOME, PLATEN_UNKNOWN, NULL },
			  { "maker", 50, "supply.level", "1", "percent", 42, 100, NULL } },
			SUPPLY(AT(42) ",\"capacity\":100,\"unit\":\"percent\"", "maker"), "" },
		{ { { "mib", 1, "supply.level", "1", "percent", 42, 100, NULL },
			  { "maker", 50, "supply.level", "1", "percent", PLATEN_UNKNOWN, 100,
				  NULL } },
			SUPPLY(AT(42) ",\"capacity\":100,\"unit\":\"percent\"", "mib"), "" },
		{ { { "mib", 1, "supply.level", "1", "percent", 42, 100, NULL },
			  { "maker", 50, "supply.level", "1", "percent", PLATEN_SOME, 100, NULL } },
			SUPPLY(AT(42) ",\"capacity\":100,\"unit\":\"percent\"", "mib"), "" },
		{ { { "mib", 1, "supply.level", "1", "percent", 0, 100, NULL },
			  { "maker", 50, "supply.level", "1", "percent", PLATEN_SOME, 100, NULL } },
			SUPPLY("\"state\":\"empty\",\"percent\":0,\"level\":0,\"capacity\":100,"
			       "\"unit\":\"percent\"",
				"mib"),
			"supply.level 1: mib says 0 percent, maker says some" },
		{ { { "mib", 1, "supply.level", "1", "sheets", 4200, 10000, NULL },
			  { "maker", 50, "supply.level", "1", "percent", 43, 100, NULL } },
			SUPPLY(AT(43) ",\"capacity\":100,\"unit\":\"percent\"", "maker"), "" },
		{ { { "mib", 1, "supply.level", "1", "sheets", 4200, 10000, NULL },
			  { "maker", 50, "supply.level", "1", "percent", 50, 100, NULL } },
			SUPPLY(AT(50) ",\"capacity\":100,\"unit\":\"percent\"", "maker"),
			"supply.level 1: maker says 50 percent, mib says 4200 of 10000 sheets" },
		{ { { "mib", 1, "supply.level", "1", "percent", 42, 100, NULL },
			  { "maker", 50, "supply.state", "1", NULL, 0, 0, "unknown" } },
			SUPPLY(AT(42) ",\"capacity\":100,\"unit\":\"percent\"", "mib"), "" },
		{ { { "mib", 1, "supply.level", "1", "unknown", PLATEN_SOME, PLATEN_UNKNOWN, NULL },
			  { "maker", 50, "supply.state", "1", NULL, 0, 0, "low" } },
			SUPPLY("\"state\":\"low\"", "mib"), "" },
		{ { { "mib", 1, "supply.state", "1", NULL, 0, 0, "low" },
			  { "maker", 50, "supply.state", "1", NULL, 0, 0, "unknown" } },
			SUPPLY("\"state\":\"low\"", "mib"), "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect_merge(cases[i].said, 2, "supplies", cases[i].wanted, cases[i].noted);
}

static void
test_said_twice(void **state)
{
	static const struct said said[] = {
		{ "a", 1, "meter.total", NULL, "sheets", 1, PLATEN_NONE, NULL },
		{ "a", 1, "meter.total", NULL, "sheets", 2, PLATEN_NONE, NULL },
	};
	json_t *r = record_of(said, COUNT(said));

	(void)state;
	expect(r, "meters", "[{\"name\":\"total\",\"value\":2,\"unit\":\"sheets\",\"via\":\"a\"}]");
	expect(r, "notes", "[]");
	json_decref(r);
}

static void
test_dead_plugin(void **state)
{
	struct config config = { .customer = "", .site = "" };
	struct recorder recorder = { .config = &config, .made = on_made };
	struct printer known = { .address = "192.0.2.7", .port = 161 }, now = known;
	struct pool *pool = pool_new();
	struct readings *r = readings_new(pool);

	(void)state;
	add(r, "bad", 50, (struct platen_reading){ .metric = "meter.total", .number = 1 });
	add(r, "good", 1,
		(struct platen_reading){ .metric = "meter.total", .number = 2, .unit = "sheets" });
	readings_drop(r, "bad");
	assert_true(readings_finish(r, &recorder, &known, &now));
	expect(made, "meters",
		"[{\"name\":\"total\",\"value\":2,\"unit\":\"sheets\",\"via\":\"good\"}]");
	json_decref(made);
	pool_free(pool);
}

/* What a supply's level means, in the words of the record. */
static void
test_supplies(void **state)
{
	static const struct {
		int64_t level, full;
		const char *unit, *class, *wanted; /* from state to unit */
	} cases[] = {
		{ 4200, 10000, "impressions", "consumed",
			"\"state\":\"ok\",\"percent\":42,\"level\":4200,\"capacity\":10000,"
			"\"unit\":\"impressions\"" },
		{ 999, 100000, "tenths-of-grams", "consumed",
			"\"state\":\"ok\",\"percent\":0,\"level\":999,\"capacity\":100000,\"unit\":"
			"\"tenths-of-grams\"" },
		{ 0, 100, "percent", "consumed",
			"\"state\":\"empty\",\"percent\":0,\"level\":0,\"capacity\":100,\"unit\":"
			"\"percent\"" },
		{ 0, 100, "percent", "receptacle",
			"\"state\":\"full\",\"percent\":0,\"level\":0,\"capacity\":100,\"unit\":"
			"\"percent\"" },
		{ 30, PLATEN_UNKNOWN, "percent", "consumed",
			"\"state\":\"ok\",\"percent\":30,\"level\":30,\"unit\":\"percent\"" },
		{ 9, PLATEN_UNKNOWN, "impressions", "consumed",
			"\"state\":\"ok\",\"level\":9,\"unit\":\"impressions\"" },
		{ PLATEN_SOME, PLATEN_UNKNOWN, "unknown", "receptacle", "\"state\":\"some\"" },
		{ PLATEN_SOME, 100, "percent", "consumed",
			"\"state\":\"some\",\"capacity\":100,\"unit\":\"percent\"" },
		{ PLATEN_UNKNOWN, 100, "percent", "consumed",
			"\"state\":\"unknown\",\"capacity\":100,\"unit\":\"percent\"" },
		{ PLATEN_UNLIMITED, PLATEN_UNLIMITED, "unknown", "consumed",
			"\"state\":\"unknown\"" },
		{ 150, 100, "percent", "consumed",
			"\"state\":\"ok\",\"percent\":100,\"level\":150,\"capacity\":100,\"unit\":"
			"\"percent\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct said said[] = {
			{ "p", 1, "supply.level", "1", cases[i].unit, cases[i].level, cases[i].full,
				NULL },
			{ "p", 1, "supply.class", "1", NULL, 0, 0, cases[i].class },
		};
		json_t *r = record_of(said, COUNT(said));
		char wanted[300];

		snprintf(wanted, sizeof(wanted), "[{\"part\":\"1\",%s,\"via\":\"p\"}]",
			cases[i].wanted);
		expect(r, "supplies", wanted);
		json_decref(r);
	}
}

static void
test_parts_in_order(void **state)
{
	static const struct said said[] = {
		{ "p", 1, "supply.description", "10", NULL, 0, 0, "ten" },
		{ "p", 1, "supply.description", "2", NULL, 0, 0, "two" },
		{ "p", 1, "supply.color", "2", NULL, 0, 0, "cyan" },
		{ "p", 1, "supply.installed", "2", NULL, 0, 0, "2024-05-31" },
		{ "p", 1, "supply.pages_left", "2", "impressions", 900, PLATEN_NONE, NULL },
		{ "p", 1, "alert.code", "3", NULL, 1104, PLATEN_NONE, NULL },
		{ "p", 1, "alert.severity", "3", NULL, 0, 0, "warning" },
		{ "p", 1, "alert.group", "3", NULL, 0, 0, "supplies" },
		{ "p", 1, "alert.code", "4", NULL, 99999, PLATEN_NONE, NULL },
		{ "p", 1, "status.error", "1", NULL, 0, 0, "low-toner" },
		{ "p", 1, "status.state", NULL, NULL, 0, 0, "sleep" },
	};
	json_t *r = record_of(said, COUNT(said));

	(void)state;
	expect(r, "supplies",
		"[{\"part\":\"2\",\"color\":\"cyan\",\"description\":\"two\","
		"\"installed\":\"2024-05-31\",\"state\":\"unknown\",\"pages_left\":900,"
		"\"via\":\"p\"},{\"part\":\"10\",\"description\":\"ten\",\"state\":\"unknown\","
		"\"via\":\"p\"}]");
	expect(r, "alerts",
		"[{\"severity\":\"warning\",\"code\":\"toner-almost-empty\",\"number\":1104,"
		"\"group\":\"supplies\"},{\"severity\":\"other\",\"number\":99999}]");
	expect(r, "status", "{\"state\":\"sleep\",\"errors\":[\"low-toner\"]}");
	json_decref(r);
}

/* Whatever a part is called, and where names differ late; two who speak of one thing meet. */
static void
test_any_names_in_order(void **state)
{
	static const char *const parts[] = { "10", "b", "2", "1000000000", "0", "a-2", "999999999",
		"a-10", "01" };
	static const char *const sorted[] = { "01", "0", "2", "10", "999999999", "1000000000",
		"a-2", "a-10", "b" };
	struct said said[2 * COUNT(parts) + 6] = { { 0 } };
	size_t n = 0, i;
	json_t *r, *row;

	(void)state;
	for (i = 0; i < COUNT(parts); i++) {
		said[n++] = (struct said){ "p", 1, "supply.pages_used", parts[i], "impressions",
			(int64_t)i, PLATEN_NONE, NULL };
		said[n++] = (struct said){ "q", 50, "supply.pages_used",
			parts[COUNT(parts) - 1 - i], "impressions", 1000, PLATEN_NONE, NULL };
	}
	for (i = 0; i < 6; i++)
		said[n++] = (struct said){ i % 2 ? "p" : "q", 1,
			i % 3 == 0           ? "meter.equivalent.total"
				: i % 3 == 1 ? "meter.equivalent.mono"
					     : "meter.equivalent.color",
			NULL, "tenths-of-impressions", 10 + (int64_t)(i % 3), PLATEN_NONE, NULL };
	r = record_of(said, n);
	json_array_foreach (json_object_get(r, "supplies"), i, row) {
		assert_true(i < COUNT(sorted));
		assert_string_equal(json_string_value(json_object_get(row, "part")), sorted[i]);
		assert_int_equal(json_integer_value(json_object_get(row, "pages_used")), 1000);
	}
	assert_int_equal(i, COUNT(sorted));
	assert_int_equal(json_array_size(json_object_get(r, "notes")), COUNT(parts));
	expect(r, "meters",
		"[" METER("equivalent.color", 12, "tenths-of-impressions",
			"p") "," METER("equivalent.mono", 11, "tenths-of-impressions",
			"p") "," METER("equivalent.total", 10, "tenths-of-impressions", "p") "]");
	json_decref(r);
}

static void
test_nothing_read(void **state)
{
	json_t *r = record_of(NULL, 0);

	(void)state;
	expect(r, "device", "{\"id\":\"ip:192.0.2.7\",\"ip\":\"192.0.2.7\"}");
	expect(r, "status", "{\"state\":\"unknown\",\"errors\":[]}");
	expect(r, "meters", "[]");
	assert_null(json_object_get(r, "site"));
	json_decref(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_better_match_wins),
		cmocka_unit_test(test_meters_differ),
		cmocka_unit_test(test_parts_and_total),
		cmocka_unit_test(test_supplies_differ),
		cmocka_unit_test(test_said_twice),
		cmocka_unit_test(test_dead_plugin),
		cmocka_unit_test(test_supplies),
		cmocka_unit_test(test_parts_in_order),
		cmocka_unit_test(test_any_names_in_order),
		cmocka_unit_test(test_nothing_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
