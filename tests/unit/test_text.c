/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c - octets of printers as UTF-8: every character set against the C library's. */
#include <platen/text.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"

#include <iconv.h>
#include <string.h>

static const char *
decode(const char *octets, size_t len, int32_t declared, int32_t fallback)
{
	static char out[256];

	platen_text(out, sizeof(out), (const uint8_t *)octets, len, declared, fallback);
	assert_true(text_is_utf8(out, strlen(out)));
	return out;
}

#define DECODE(octets, declared, fallback) decode(octets, sizeof(octets) - 1, declared, fallback)

static void
utf8_comes_first(void **state)
{
	(void)state;
	assert_string_equal(DECODE("Pr\xC3\xAAt", 2004, 4), "Prêt");
	assert_string_equal(DECODE("\xE5\x8D\xB0\xE5\x88\xB7", 17, 4), "印刷");
	assert_string_equal(DECODE("Toner", 0, 4), "Toner");
}

static void
declared_then_fallback(void **state)
{
	(void)state;
	assert_string_equal(DECODE("Pr\xC1t", 2004, 4), "Prêt");
	assert_string_equal(DECODE("Pr\xEAt", 4, 2004), "Prêt");
	assert_string_equal(DECODE("Pr\xEAt", 106, 4), "Prêt");
	assert_string_equal(DECODE("Pr\xC1t", 3, 2004), "Prêt");
	assert_string_equal(DECODE("Pr\xC1t", 99999, 2004), "Prêt");
	assert_string_equal(DECODE("\xCC\xC1", 2084, 4), "ла");
}

static void
controls_and_blanks_go(void **state)
{
	(void)state;
	assert_string_equal(DECODE("\x01\x15HP LaserJet", 0, 4), "HP LaserJet");
	assert_string_equal(DECODE("Toner\0", 0, 4), "Toner");
	assert_string_equal(DECODE(" \t Toner \0\0 ", 0, 4), "Toner");
	assert_string_equal(DECODE("Tray 1\r\nempty", 0, 4), "Tray 1  empty");
	assert_string_equal(DECODE("\xEF\xBB\xBFToner\x7F", 0, 4), "Toner");
	assert_string_equal(DECODE("\0\0\0", 0, 4), "");
	assert_string_equal(DECODE("", 106, 4), "");
}

static void
cut_characters(void **state)
{
	char out[6];

	(void)state;
	/* cut by the printer's own limit */
	assert_string_equal(DECODE("\xE5\x8D\xB0\xE5\x88", 0, 4), "印");
	assert_string_equal(DECODE("Pr\xC3", 106, 2004), "Pr");
	assert_string_equal(DECODE("Pr\xC3", 0, 4), "PrÃ");
	/* cut by ours: not inside a character, nothing behind the cut */
	assert_int_equal(platen_text(out, 6, (const uint8_t *)"aa\xE5\x8D\xB0z", 6, 0, 4), 5);
	assert_string_equal(out, "aa印");
	assert_int_equal(platen_text(out, 5, (const uint8_t *)"aa\xE5\x8D\xB0z", 6, 0, 4), 2);
	assert_string_equal(out, "aa");
	assert_int_equal(platen_text(out, 1, (const uint8_t *)"a", 1, 0, 4), 0);
	assert_string_equal(out, "");
	/* plain text the same, its blanks too: a cut right behind one leaves none */
	assert_int_equal(platen_text(out, 6, (const uint8_t *)"  abcdefg", 9, 0, 4), 5);
	assert_string_equal(out, "abcde");
	assert_int_equal(platen_text(out, 6, (const uint8_t *)" abcd efg ", 10, 0, 4), 4);
	assert_string_equal(out, "abcd");
	assert_int_equal(platen_text(out, 6, (const uint8_t *)"   ", 3, 0, 4), 0);
	assert_string_equal(out, "");
}

static void
numbers(void **state)
{
	char out[21];

	(void)state;
	assert_int_equal(platen_text_number(out, sizeof(out), 0), 1);
	assert_string_equal(out, "0");
	assert_int_equal(platen_text_number(out, sizeof(out), 4711), 4);
	assert_string_equal(out, "4711");
	assert_int_equal(platen_text_number(out, sizeof(out), UINT64_MAX), 20);
	assert_string_equal(out, "18446744073709551615");
	assert_int_equal(platen_text_number(out, 3, 4711), 2);
	assert_string_equal(out, "47");
	assert_int_equal(platen_text_number(out, 0, 4711), 0);
}

static void
not_quite_utf8(void **state)
{
	(void)state;
	/* overlong, a surrogate, beyond Unicode: Latin-1 then, and no such bytes */
	assert_string_equal(DECODE("\xC0\xAF", 0, 4), "À¯");
	assert_string_equal(DECODE("\xED\xA0\x80", 0, 4), "í\u00a0€");
	assert_string_equal(DECODE("\xF5\xA0\xA0\xA0", 0, 12), "õ\u00a0\u00a0\u00a0");
}

static void
wide_characters(void **state)
{
	(void)state;
	assert_string_equal(DECODE("\0T\0o\0n\0e\0r", 1000, 4), "Toner");
	assert_string_equal(DECODE("T\0o\0n\0", 1014, 4), "Ton");
	assert_string_equal(DECODE("\xFF\xFET\0o\0", 1015, 4), "To");
	assert_string_equal(DECODE("\xFE\xFF\0T\0o", 1015, 4), "To");
	assert_string_equal(DECODE("\x30\x42\x30\x44", 1015, 4), "あい");
	assert_string_equal(DECODE("\x53\x70\x52\x37", 1000, 4), "SpR7"); /* as good as ASCII */
	assert_string_equal(DECODE("\x65\xE5\x67\x2C", 1013, 4), "日本");
	assert_string_equal(DECODE("\xD8\x3D\xDE\x00", 1015, 4), "😀");
	assert_string_equal(DECODE("\xD8\x3D\0a", 1015, 4), "\uFFFDa");
	assert_string_equal(DECODE("Ready!", 1015, 4), "Ready!");
}

static void
east_asia(void **state)
{
	(void)state;
	platen_text_load();
	platen_text_load(); /* again does no harm */
	assert_string_equal(DECODE("\x83\x67\x83\x69\x81\x5B", 17, 4), "トナー");
	assert_string_equal(DECODE("\xA5\xC8\xA5\xCA\xA1\xBC", 18, 4), "トナー");
	assert_string_equal(DECODE("\x1B$B%H%J!<\x1B(B", 39, 4), "トナー");
	assert_string_equal(DECODE("\xB4\xF2\xD3\xA1", 2025, 4), "打印");
	assert_string_equal(DECODE("\xB4\xF2\xD3\xA1", 114, 4), "打印");
	assert_string_equal(DECODE("\xA6\x4C\xA8\xEA", 2026, 4), "印刷");
	assert_string_equal(DECODE("\xC5\xE4\xB3\xCA", 38, 4), "토너");
	/* a broken byte, and a character cut in two */
	assert_string_equal(DECODE("\x83\x67\xFF\x83\x69", 17, 4), "ト\uFFFDナ");
	assert_string_equal(DECODE("\x83\x67\x83", 17, 4), "ト");
}

/* Each single-byte set, byte by byte. */
static void
single_bytes(void **state)
{
	static const struct {
		int32_t mibenum;
		const char *name;
	} sets[] = {
		{ 4, "WINDOWS-1252" },
		{ 5, "ISO-8859-2" },
		{ 8, "ISO-8859-5" },
		{ 12, "ISO-8859-9" },
		{ 111, "ISO-8859-15" },
		{ 2004, "HP-ROMAN8" },
		{ 2009, "CP850" },
		{ 2011, "CP437" },
		{ 2084, "KOI8-R" },
		{ 2250, "CP1250" },
		{ 2251, "CP1251" },
		{ 2252, "CP1252" },
		{ 2253, "CP1253" },
		{ 2254, "CP1254" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(sets); i++) {
		iconv_t cd = iconv_open("UTF-8", sets[i].name);

		assert_true(cd != (iconv_t)-1);
		for (int b = 0xA1; b < 0x100; b++) {
			char in[4] = { 'a', (char)b, 'z', 0 }, want[16] = "", *p = in, *q = want;
			size_t left = 3, room = sizeof(want) - 1;

			if (iconv(cd, &p, &left, &q, &room) == (size_t)-1)
				strcpy(want, "a\uFFFDz");
			iconv(cd, NULL, NULL, NULL, NULL);
			assert_string_equal(decode(in, 3, sets[i].mibenum, 4), want);
		}
		iconv_close(cd);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_comes_first),
		cmocka_unit_test(declared_then_fallback),
		cmocka_unit_test(controls_and_blanks_go),
		cmocka_unit_test(cut_characters),
		cmocka_unit_test(numbers),
		cmocka_unit_test(not_quite_utf8),
		cmocka_unit_test(wide_characters),
		cmocka_unit_test(east_asia),
		cmocka_unit_test(single_bytes),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
