/* SPDX-License-Identifier: Apache-2.0 */
/* test_tree.c - XML, HTML and JSON of printers as trees; what they must not be taken for. */
#include <platen/html.h>
#include <platen/json.h>
#include <platen/xml.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pool *pool;
static size_t taken;
static char line[200]; /* the last of the log */

static void *
alloc(struct platen_visit *v, uint64_t n)
{
	(void)v;
	taken += n;
	return taken < PLATEN_HOST_MEMORY / 4 ? pool_alloc(pool, n) : NULL;
}

static void
log_take(const struct platen_host *h, int32_t level, const char *text)
{
	(void)h, (void)level;
	snprintf(line, sizeof(line), "%s", text);
}

static const struct platen_host host = { .size = sizeof(host), .alloc = alloc, .log = log_take };

typedef const struct platen_node *reader(const struct platen_host *, struct platen_visit *,
	const uint8_t *, uint64_t);

static const struct platen_node *
read_bytes(reader *read, const char *body, size_t n)
{
	uint8_t *copy = malloc(n + 1); /* its very end is watched */
	const struct platen_node *root;

	memcpy(copy, body, n);
	copy[n] = 0;
	line[0] = 0;
	taken = 0;
	root = read(&host, NULL, copy, n);
	free(copy);
	assert_int_equal(root == NULL, line[0] != 0);
	return root;
}

static const struct platen_node *
read_text(reader *read, const char *body)
{
	return read_bytes(read, body, strlen(body));
}

static const char *
text_at(const struct platen_node *root, const char *path)
{
	static char out[256];
	size_t n = platen_find_text(root, path, out, sizeof(out));

	assert_int_equal(n, strlen(out));
	return out;
}

static int64_t
number_at(const struct platen_node *root, const char *path, char group)
{
	int64_t v = -1;

	bool is_number = platen_find_number(root, path, group, &v);

	assert_true(is_number == (v != -1));
	return v;
}

static void
xml_paths(void **state)
{
	const struct platen_node *r = read_text(platen_xml,
		"<?xml version='1.0'?>\n<d:Usage xmlns:d='urn:x' Id='7'>\n"
		" <d:Total unit='a&amp;b'> 1&#50;34 </d:Total>\n"
		" <Note><![CDATA[<b>]]> &lt;x&gt;</Note>\n"
		" <Slot><Name>K</Name><Level>12</Level></Slot>\n"
		" <Slot><Name>C</Name><Level>34</Level></Slot>\n"
		" <Deep><Slot><Level>56</Level></Slot></Deep></d:Usage>");
	const struct platen_node *n;
	int slots = 0;

	(void)state;
	assert_int_equal(number_at(r, "Usage/Total", 0), 1234);
	assert_string_equal(text_at(r, "Usage/@Id"), "7");
	assert_string_equal(text_at(r, "Usage/Total/@unit"), "a&b");
	assert_string_equal(text_at(r, "Usage/Note"), "<b> <x>");
	assert_int_equal(number_at(r, "Usage/Slot[Name=C]/Level", 0), 34);
	assert_int_equal(number_at(r, "Usage/Slot[1]/Level", 0), 12);
	assert_int_equal(number_at(r, "//Deep//Level", 0), 56);
	assert_int_equal(number_at(r, "*/Deep/*/Level", 0), 56);
	assert_int_equal(number_at(r, "Usage/Slot/Level", 0), -1); /* which? */
	assert_int_equal(number_at(r, "Usage/Slot[3]/Level", 0), -1);
	assert_int_equal(number_at(r, "Total", 0), -1);
	for (n = platen_find(r, "Usage/Slot"); n; n = platen_find_next(r, "Usage/Slot", n))
		slots++;
	assert_int_equal(slots, 2);
	n = platen_find(r, "Usage/Slot[2]");
	assert_int_equal(number_at(n, "Level", 0), 34);
	assert_string_equal(text_at(n, ""), "C 34");
}

static void
wrong_paths(void **state)
{
	static const char *const wrong[] = { "", "/", "a/", "a//", "a[", "a[]", "a[0]", "a[x]",
		"a[=x]", "a]b", "a[1]b", "///a", "a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };
	const struct platen_node *r = read_text(platen_xml, "<a><b/></a>");

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_null(platen_find(r, wrong[i]));
	assert_null(platen_find(NULL, "a"));
	assert_string_equal(text_at(NULL, "a"), "");
	assert_int_equal(number_at(NULL, NULL, 0), -1);
}

static void
numbers(void **state)
{
	static const struct {
		const char *text;
		char group;
		int64_t number;
	} cases[] = {
		{ "0", 0, 0 },
		{ "007", 0, 7 },
		{ "1,234", ',', 1234 },
		{ "1.234.567", '.', 1234567 },
		{ "1,234", 0, -1 },
		{ "1,23", ',', -1 },
		{ "1234,567", ',', -1 },
		{ "12", ',', 12 },
		{ ",123", ',', -1 },
		{ "1,,234", ',', -1 },
		{ "-1", 0, -1 },
		{ "1.5", 0, -1 },
		{ "12 pages", 0, -1 },
		{ "1<sup>2</sup>", 0, -1 },
		{ "", 0, -1 },
		{ "9999999999999999999", 0, -1 },
		{ "1 234", ' ', 1234 },
		{ "1&#160;234", ' ', 1234 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *page = mem_format("<p>%s</p>", cases[i].text);
		const struct platen_node *r = read_text(platen_html, page);

		assert_int_equal(number_at(r, "//p", cases[i].group), cases[i].number);
		free(page);
	}
}

static void
html_pages(void **state)
{
	const struct platen_node *r = read_text(platen_html,
		"<!DOCTYPE html><HTML><head><script>if (a<b) x='<td>';</script></head><body>"
		"<table><tr><TD>Total Pages :<td id=total>1,234<tr><td>Toner<td><b>42</b>&nbsp;%"
		"<tr><td>Same<td>1<td>2<tr><td>Same<td>3</table>"
		"<a href=x?a=1&b=2 nowrap>Pr\xEAt</a>");

	(void)state;
	assert_int_equal(number_at(r, "//td[@id=total]", ','), 1234);
	assert_string_equal(text_at(r, "html/body/table/tr[2]/td[2]"), "42 %");
	assert_int_equal(number_at(platen_find_beside(r, "total pages"), NULL, ','), 1234);
	assert_null(platen_find_beside(r, "Same"));
	assert_null(platen_find_beside(r, "Nowhere"));
	assert_string_equal(text_at(r, "//a"), "Prêt");
	assert_string_equal(text_at(r, "//a/@href"), "x?a=1&b=2");
	assert_string_equal(text_at(r, "html/head"), "");
	assert_null(read_text(platen_html, "   "));
}

static void
json_values(void **state)
{
	const struct platen_node *r = read_text(platen_json,
		"{\"a\": {\"b\": 12, \"c\": [1, {\"x\": \"y\"}, [3]], \"t\": true, \"n\": null},"
		" \"r\": 1.5, \"big\": 9007199254740993, \"f\": 3.0}");

	(void)state;
	assert_int_equal(number_at(r, "a/b", 0), 12);
	assert_int_equal(number_at(r, "big", 0), 9007199254740993);
	assert_int_equal(number_at(r, "r", 0), -1);
	assert_int_equal(number_at(r, "f", 0), -1);
	assert_string_equal(text_at(r, "a/c/item[2]/x"), "y");
	assert_int_equal(number_at(r, "a/c/item[3]/item", 0), 3);
	assert_string_equal(text_at(r, "a/t"), "true");
	assert_non_null(platen_find(r, "a/n"));
	assert_string_equal(text_at(r, "a/n"), "");
	assert_null(read_text(platen_json, "{\"a\": 1, \"a\": 2}"));
	assert_null(read_text(platen_json, "{\"a\": 1} x"));
	assert_null(read_text(platen_json, "{\"a\": \"\xFF\"}"));
}

static void
texts_are_cut_between_characters(void **state)
{
	const struct platen_node *r = read_text(platen_xml,
		"<a>ab\xC3\xA9\xE5\x8D\xB0"
		"c</a>");
	char out[10];

	(void)state;
	for (size_t size = 1; size < sizeof(out); size++) {
		size_t n = platen_find_text(r, "a", out, size);

		assert_true(n < size && text_is_utf8(out, n) && out[n] == 0);
	}
	assert_int_equal(platen_find_text(r, "a", out, 0), 0);
}

static void
what_is_refused(void **state)
{
	static const char *const wrong[] = { "", "x", "<a>", "<a></b>", "<a/><b/>",
		"<a>&unknown;</a>", "<!DOCTYPE a><a/>",
		"<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]><a>&z;</a>",
		"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "<a>\xFF</a>" };

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_null(read_text(platen_xml, wrong[i]));
}

/* n times what, between begin and end. */
static const struct platen_node *
read_many(reader *read, const char *begin, const char *what, size_t n, const char *end)
{
	struct buf b = { 0 };
	const struct platen_node *r;

	buf_format(&b, "%s", begin);
	for (size_t i = 0; i < n; i++)
		buf_format(&b, what, (int)i);
	buf_format(&b, "%s", end);
	r = read_bytes(read, (const char *)b.p, b.n);
	buf_free(&b);
	return r;
}

static void
made_to_be_hard(void **state)
{
	const struct platen_node *r;

	(void)state;
	assert_null(read_many(platen_xml, "", "<a>", 100000, ""));
	assert_null(read_many(platen_html, "", "<b>", 100000, "</i></i></i></i></i></i>"));
	assert_null(read_many(platen_json, "", "[", 100000, ""));
	assert_null(read_many(platen_json, "", "{\"a\":", 1000, ""));
	assert_null(read_many(platen_xml, "<a>", "<b/>", PLATEN_MAX_NODES + 1, "</a>"));
	assert_null(read_many(platen_json, "[0", ",1", PLATEN_MAX_NODES + 1, "]"));
	assert_null(read_many(platen_xml, "<a ", "a%d='' ", 60000, "/>"));
	assert_null(read_many(platen_html, "<a ", "a%d ", 60000, ">"));
	/* What is many but sound is found in time, or not at all. */
	r = read_many(platen_xml, "<a>", "<b>%d</b>", 40000, "</a>");
	assert_non_null(r);
	assert_int_equal(number_at(r, "a/b[39999]", 0), -1);
	assert_int_equal(number_at(r, "a/b[20]", 0), 19);
	assert_int_equal(number_at(r, "a/b", 0), -1);
}

/* Every page, cut anywhere and with every byte changed: no crash, and what is read is sound. */
static void
damaged(void **state)
{
	static const struct {
		reader *read;
		const char *page;
	} pages[] = {
		{ platen_xml, "<?xml version='1.0'?><a b='c&amp;'><d>1&#50;</d><![CDATA[x]]></a>" },
		{ platen_html,
			"<!DOCTYPE html>"
			"<table><tr><td id=a>&eacute;<td>2</table><script>x" },
		{ platen_json, "{\"a\": [1, 2.5, \"\\u00e9\", true, null, {\"b\": {}}]}" },
	};

	(void)state;
	for (size_t p = 0; p < COUNT(pages); p++) {
		size_t n = strlen(pages[p].page);
		char *page = mem_string(pages[p].page);

		for (size_t i = 0; i < n; i++) {
			text_at(read_bytes(pages[p].read, page, i), "");
			for (int byte = 0; byte < 256; byte += 3) {
				page[i] = (char)byte;
				text_at(read_bytes(pages[p].read, page, n), "//*");
			}
			page[i] = pages[p].page[i];
		}
		free(page);
	}
}

static int
begin(void **state)
{
	(void)state;
	pool = pool_new();
	return 0;
}

static int
end(void **state)
{
	(void)state;
	pool_free(pool);
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(xml_paths),
		TEST(wrong_paths),
		TEST(numbers),
		TEST(html_pages),
		TEST(json_values),
		TEST(texts_are_cut_between_characters),
		TEST(what_is_refused),
		TEST(made_to_be_hard),
		TEST(damaged),
	};

	platen_xml_load();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
