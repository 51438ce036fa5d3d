/* SPDX-License-Identifier: Apache-2.0 */
/* test_jsontext.c - what is written front to back is what jansson would write. */
#include "base/jsontext.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Written, read and written by jansson, it is the same; freed by the caller. */
static json_t *
same_as_jansson(struct buf *out)
{
	json_t *read = json_loads((char *)out->p, JSON_REJECT_DUPLICATES, NULL);
	char *again;

	assert_non_null(read);
	again = json_dumps(read, JSON_COMPACT);
	assert_string_equal(again, (char *)out->p);
	free(again);
	buf_free(out);
	return read;
}

/* Each byte a text may have, alone, between others, and beside a longer sequence. */
static void
test_escapes(void **state)
{
	(void)state;
	for (int c = 1; c < 0x80; c++) {
		char text[] = { (char)c, 'a', (char)c, (char)c, '\xC3', '\xA9', (char)c, 0 };
		struct buf out = { 0 };
		json_t *read;

		jsontext_open(&out, NULL, '{');
		jsontext_text(&out, "text", text);
		jsontext_close(&out, '}');
		read = same_as_jansson(&out);
		assert_string_equal(json_string_value(json_object_get(read, "text")), text);
		json_decref(read);
	}
}

static void
test_nothing(void **state)
{
	struct buf out = { 0 };

	(void)state;
	jsontext_open(&out, NULL, '{');
	jsontext_text(&out, "null", NULL);
	jsontext_text(&out, "empty", "");
	jsontext_text(&out, "latin-1", "caf\xE9");
	jsontext_text(&out, "cut", "caf\xC3");
	jsontext_close(&out, '}');
	assert_string_equal((char *)out.p, "{}");
	buf_free(&out);
}

static void
test_numbers_and_lists(void **state)
{
	static const int64_t numbers[] = { 0, 9, 10, -1, 1234567890123, INT64_MAX, INT64_MIN };
	struct buf out = { 0 };
	json_t *read;

	(void)state;
	jsontext_open(&out, NULL, '{');
	jsontext_open(&out, "none", '[');
	jsontext_close(&out, ']');
	jsontext_open(&out, "list", '[');
	for (size_t i = 0; i < COUNT(numbers); i++) {
		jsontext_open(&out, NULL, '{');
		jsontext_number(&out, "value", numbers[i]);
		jsontext_text(&out, "text", "{[");
		jsontext_close(&out, '}');
	}
	jsontext_text(&out, NULL, "word");
	jsontext_number(&out, NULL, 7);
	jsontext_close(&out, ']');
	jsontext_text(&out, "last", "[");
	jsontext_close(&out, '}');
	read = same_as_jansson(&out);
	for (size_t i = 0; i < COUNT(numbers); i++)
		assert_int_equal(json_integer_value(json_object_get(
					 json_array_get(json_object_get(read, "list"), i),
					 "value")),
			numbers[i]);
	assert_int_equal(json_object_size(read), 3);
	json_decref(read);
}

/* Whatever byte it is, and wherever it stands. */
static void
test_plain(void **state)
{
	char text[33];

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		memset(text, 'x', sizeof(text));
		assert_int_equal(text_plain(text, n), n);
		for (size_t at = 0; at < n; at++)
			for (int byte = 0; byte < 256; byte++) {
				bool plain = byte >= 0x20 && byte < 0x7F && byte != '"' &&
					byte != '\\';

				memset(text, byte ^ 1, sizeof(text));
				memset(text, 'x', at);
				text[at] = (char)byte;
				memset(text + at + 1, at % 2 ? 'x' : '\377', n - at - 1);
				assert_int_equal(text_plain(text, n),
					plain ? (at % 2 ? n : at + 1) : at);
			}
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_numbers_and_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
