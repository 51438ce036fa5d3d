/* SPDX-License-Identifier: Apache-2.0 */
/* test_color.c - the colour a supply's name says. */
#include <platen/color.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
colors(void **state)
{
	static const struct {
		const char *text, *color; /* NULL: it names none, or several */
	} names[] = {
		{ "black", "black" },
		{ "Toner noir", "black" },
		{ "Černá kazeta", "black" },
		{ "Чёрный тонер", "black" },
		{ "ブラックトナー", "black" },
		{ "Azurová", "cyan" },
		{ "黄色墨粉", "yellow" },
		{ "Żółty toner", "yellow" },
		{ "Light Cyan Ink", "light cyan" },
		{ "PHOTO-BLACK", "photo black" },
		{ "Black/Black", "black" },
		{ "Black, Cyan", NULL },
		{ "Blackboard", NULL },
		{ "Infrared", NULL },
		{ "TK-8527K", NULL },
		{ "", NULL },
	};
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(platen_color_read(names[i].text, text, sizeof(text)),
			names[i].color != NULL);
		if (names[i].color != NULL)
			assert_string_equal(text, names[i].color);
	}
	assert_true(platen_color_read("light magenta", text, 6));
	assert_string_equal(text, "light");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(colors) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
