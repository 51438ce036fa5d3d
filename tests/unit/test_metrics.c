/* SPDX-License-Identifier: Apache-2.0 */
/* test_metrics.c - what a reading may be; and the page that says so to people says the same. */
#include "metrics.h"

#include <platen/names.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static bool
is_taken(struct platen_reading r)
{
	struct why why = { "" };
	bool ok;

	r.size = sizeof(r);
	ok = metric_check(&r, &why);
	assert_true(ok == (why.text[0] == 0));
	return ok;
}

#define TEXT(m, p, t)                                                                              \
	((struct platen_reading){ .metric = m, .part = p, .text = t, .number = PLATEN_NONE })
#define NUMBER(m, p, u, v)                                                                         \
	((struct platen_reading){                                                                  \
		.metric = m, .part = p, .unit = u, .number = v, .full = PLATEN_NONE })
#define LEVEL(m, u, v, f)                                                                          \
	((struct platen_reading){ .metric = m, .part = "1", .unit = u, .number = v, .full = f })

static void
test_names(void **state)
{
	static const char *const good[] = { "meter.total", "meter.blank", "meter.scan.color",
		"meter.size.iso_a4_210x297mm", "meter.size.na_letter_8.5x11in", "supply.level" };
	static const char *const bad[] = { "", "meter", "meter.", "meter.*", "meter.total ",
		"meter.total mono", "meter.print.", "meter.print.blank", "meter.size.",
		"meter.size.a4", "meter.size.ISO_A4_210x297mm", "meter.total.total", "Meter.total",
		"device.name" };

	(void)state;
	/* again: then it is known where they are */
	for (size_t i = 0; i < 2 * COUNT(good); i++)
		assert_non_null(metric_find(good[i % COUNT(good)]));
	for (size_t i = 0; i < 2 * COUNT(bad); i++)
		assert_null(metric_find(bad[i % COUNT(bad)]));
	for (size_t i = 0; i < metrics_count; i++)
		if (strchr(metrics[i].name, '*') == NULL)
			assert_ptr_equal(metric_find(metrics[i].name), &metrics[i]);
}

/* The names are sorted, each is one of the table's, and all of the table's are there. */
static void
test_ids(void **state)
{
	uint32_t told = 0;

	(void)state;
	for (enum metric_id id = 0; id < METRIC_NONE; id++) {
		const char *name = metric_called(id);
		char *copy = mem_string(name);

		assert_true(id == 0 || strcmp(metric_called(id - 1), name) < 0);
		assert_int_equal(metric_id(name), id);
		assert_int_equal(metric_id(copy), id == METRIC_METER_SIZE ? METRIC_NONE : id);
		assert_non_null(metric_of(id));
		assert_memory_equal(metric_of(id)->name, name, strcspn(metric_of(id)->name, "*"));
		free(copy);
	}
	for (size_t i = 0; i < metrics_count; i++) {
		const char *ends = metrics[i].ends;

		for (uint32_t w = 0; ends != NULL && word_at(ends, w) != NULL; w++, told++) {
			char *name = mem_format("%.*s%s", (int)strcspn(metrics[i].name, "*"),
				metrics[i].name, word_at(ends, w));

			assert_ptr_equal(metric_find(name), &metrics[i]);
			free(name);
		}
		told += ends == NULL;
	}
	assert_int_equal(told, METRIC_NONE);
	assert_null(metric_of(METRIC_NONE));
	assert_int_equal(metric_id("meter.size.iso_a4_210x297mm"), METRIC_METER_SIZE);
}

static void
test_texts(void **state)
{
	char longest[PLATEN_MAX_TEXT + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest));
	longest[PLATEN_MAX_TEXT] = 0;
	assert_true(is_taken(TEXT("device.serial", NULL, longest)));
	longest[PLATEN_MAX_TEXT] = 'x';
	longest[PLATEN_MAX_TEXT + 1] = 0;
	assert_false(is_taken(TEXT("device.serial", NULL, longest)));
	assert_true(is_taken(TEXT("device.serial", "", "K\303\266ln")));
	assert_false(is_taken(TEXT("device.serial", "1", "X")));
	assert_false(is_taken(TEXT("device.serial", NULL, NULL)));
	assert_false(is_taken(TEXT("device.serial", NULL, "K\366ln")));
	assert_false(is_taken(TEXT("device.serial", NULL, "a\nb")));
	assert_false(is_taken(TEXT(NULL, NULL, "x")));
	assert_true(is_taken(TEXT("device.mac", NULL, "00:11:22:aa:bb:cc")));
	assert_false(is_taken(TEXT("device.mac", NULL, "00:11:22:AA:BB:CC")));
	assert_false(is_taken(TEXT("device.mac", NULL, "00:11:22:aa:bb:cc:dd")));
	assert_false(is_taken(TEXT("device.mac", NULL, "00:11:22")));
	assert_true(is_taken(TEXT("status.state", NULL, "idle")));
	assert_false(is_taken(TEXT("status.state", NULL, "idle printing")));
	assert_false(is_taken(TEXT("status.state", NULL, "")));
	assert_true(is_taken(TEXT("status.error", "1", "jammed")));
	assert_false(is_taken(TEXT("status.error", NULL, "jammed")));
	assert_false(is_taken(TEXT("status.error", "a b", "jammed")));
}

static void
test_numbers(void **state)
{
	(void)state;
	assert_true(is_taken(NUMBER("meter.total", NULL, "impressions", 0)));
	assert_true(is_taken(NUMBER("meter.total", "2", "unknown", INT64_MAX)));
	assert_false(is_taken(NUMBER("meter.total", NULL, NULL, 1)));
	assert_false(is_taken(NUMBER("meter.total", NULL, "percent", 1)));
	assert_false(is_taken(NUMBER("meter.total", NULL, "impressions", -1)));
	assert_false(is_taken(NUMBER("meter.total", NULL, "impressions", PLATEN_SOME)));
	assert_false(is_taken(NUMBER("meter.total", NULL, "impressions", PLATEN_NONE)));
	assert_true(is_taken(NUMBER("alert.code", "7", NULL, 1104)));
	assert_false(is_taken(NUMBER("alert.code", "7", "items", 1104)));
	assert_true(is_taken(LEVEL("supply.level", "percent", 5, 100)));
	assert_true(is_taken(LEVEL("supply.level", "percent", PLATEN_SOME, PLATEN_UNKNOWN)));
	assert_true(is_taken(LEVEL("tray.level", "sheets", PLATEN_UNKNOWN, PLATEN_UNLIMITED)));
	assert_true(is_taken(LEVEL("tray.level", "sheets", 0, PLATEN_NONE)));
	assert_false(is_taken(LEVEL("tray.level", "sheets", PLATEN_NONE, 100)));
	assert_false(is_taken(LEVEL("tray.level", "sheets", -3, 100)));
	assert_false(is_taken(LEVEL("tray.level", "sheets", 3, -2)));
}

/* Every word that sdk/lib makes of the standard's numbers may be reported. */
static void
test_words(void **state)
{
	(void)state;
	for (int32_t i = 0; i < 64; i++) {
		const char *meter = platen_meter_unit_name(i), *supply = platen_supply_unit_name(i);
		const char *class = platen_supply_class_name(i), *cover = platen_cover_name(i);
		const char *error = i < 15 ? platen_error_name((uint32_t)i) : NULL;
		const char *severity = platen_alert_severity_name(i);

		assert_true(meter == NULL || is_taken(NUMBER("meter.total", NULL, meter, 1)));
		assert_true(supply == NULL || is_taken(LEVEL("supply.level", supply, 1, 2)));
		assert_true(class == NULL || is_taken(TEXT("supply.class", "1", class)));
		assert_true(cover == NULL || is_taken(TEXT("cover.state", "1", cover)));
		assert_true(error == NULL || is_taken(TEXT("status.error", "1", error)));
		assert_true(severity == NULL || is_taken(TEXT("alert.severity", "1", severity)));
	}
}

/* ---- sdk/METRICS ---- */

/* The page with every run of blanks and newlines made one blank. */
static char *
page(void)
{
	FILE *f = fopen("sdk/METRICS", "r");
	struct buf b = { 0 };
	int c;

	assert_non_null(f);
	while ((c = getc(f)) != EOF) {
		char letter = c == '\n' || c == '\t' ? ' ' : (char)c;

		if (letter != ' ' || (b.n > 0 && b.p[b.n - 1] != ' '))
			buf_add(&b, &letter, 1);
	}
	fclose(f);
	return buf_take(&b);
}

/* A list of words as the page has it. */
static char *
joined(const char *words)
{
	struct buf b = { 0 };

	for (uint64_t i = 0; word_at(words, i) != NULL; i++)
		buf_format(&b, "%s%s", i > 0 ? " " : "", word_at(words, i));
	return buf_take(&b);
}

static void
expect(const char *text, const struct metric *m, const char *said, const char *words)
{
	static const char *const kinds[] = { "text", "number", "level" };
	static const char *const parts[] = { "-", "[part]", "part" };
	char *list = joined(words);
	char *head = mem_format("%s %s %s %s%s%s", m->name, kinds[m->kind], parts[m->part], said,
		list[0] ? ": " : "", list);

	if (strstr(text, head) == NULL)
		fail_msg("sdk/METRICS does not say: %s", head);
	free(head);
	free(list);
}

static void
test_page(void **state)
{
	char *text = page(), *units = joined(metric_find("meter.total")->units);
	size_t entries = 0;
	FILE *f = fopen("sdk/METRICS", "r");
	char line[200];

	(void)state;
	for (size_t i = 0; i < metrics_count; i++) {
		const struct metric *m = &metrics[i];

		if (m->words != NULL)
			expect(text, m, "one of", m->words);
		else if (m->ends != NULL)
			expect(text, m, "ends in", m->ends);
		else if (m->units != NULL && m->kind == METRIC_LEVEL)
			expect(text, m, "units", m->units);
		else
			expect(text, m, "", "");
	}
	/* And nothing that is not in the table. */
	while (fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line + strspn(line, "abcdefghijklmnopqrstuvwxyz._*"), "  ", 2) == 0)
			entries += line[0] != ' ';
	assert_int_equal(entries, metrics_count);
	assert_non_null(strstr(text, units));
	free(units);
	fclose(f);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
