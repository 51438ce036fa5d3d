/* SPDX-License-Identifier: Apache-2.0 */
/* test_settle.c - who a printer is: what was known, what was read, what follows. */
#include "printer/identify.h"
#include "printer/pdu.h"
#include "printer/settle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

struct heard {
	char kinds[64];
};

static void
on_note(void *arg, const char *kind, const char *text)
{
	struct heard *h = arg;

	assert_true(text[0] != 0);
	strcat(h->kinds, kind);
	strcat(h->kinds, " ");
}

static void
fill(struct printer *p, const char *id, const char *serial, const char *mac, const char *descr)
{
	memset(p, 0, sizeof(*p));
	strcpy(p->address, "192.0.2.7");
	strcpy(p->manufacturer, "Konica Minolta");
	strcpy(p->id, id);
	strcpy(p->serial, serial);
	strcpy(p->mac, mac);
	strcpy(p->descr, descr);
}

static void
test_settle(void **state)
{
	static const char mac[] = "02:00:00:00:00:01", other[] = "02:00:00:00:00:02";
	static const struct {
		const char *what;
		const char *known[4], *read[3]; /* id serial mac descr; serial mac descr */
		const char *id, *notes;
	} cases[] = {
		{ "never seen, serial", { "", "", "", "" }, { "S1", mac, "x" }, "konica-minolta:S1",
			"" },
		{ "never seen, only a MAC", { "", "", "", "" }, { "", mac, "x" },
			"mac:02:00:00:00:00:01", "" },
		{ "never seen, nothing but the address", { "", "", "", "" }, { "", "", "x" },
			"ip:192.0.2.7", "" },
		{ "the same again", { "konica-minolta:S1", "S1", mac, "x" }, { "S1", mac, "x" },
			"konica-minolta:S1", "" },
		{ "another serial: a swap", { "konica-minolta:S1", "S1", mac, "x" },
			{ "S2", other, "x" }, "konica-minolta:S2", "swap " },
		{ "serial not told this once", { "konica-minolta:S1", "S1", mac, "x" },
			{ "", mac, "x" }, "konica-minolta:S1", "" },
		{ "neither serial nor MAC this once", { "konica-minolta:S1", "S1", mac, "x" },
			{ "", "", "x" }, "konica-minolta:S1", "" },
		{ "no serial, and another description", { "konica-minolta:S1", "S1", mac, "x" },
			{ "", "", "y" }, "ip:192.0.2.7", "swap " },
		{ "no serial, and another MAC", { "konica-minolta:S1", "S1", mac, "x" },
			{ "", other, "x" }, "mac:02:00:00:00:00:02", "swap " },
		{ "known by its MAC, which is not told this once",
			{ "mac:02:00:00:00:00:01", "", mac, "x" }, { "", "", "x" },
			"mac:02:00:00:00:00:01", "" },
		{ "no MAC, and another description", { "mac:02:00:00:00:00:01", "", mac, "x" },
			{ "", "", "y" }, "ip:192.0.2.7", "swap " },
		{ "known by its serial alone, now with its maker", { "serial:S1", "S1", mac, "x" },
			{ "S1", mac, "x" }, "konica-minolta:S1", "" },
		{ "another serial than that alone", { "serial:S1", "S1", mac, "x" },
			{ "S2", mac, "x" }, "konica-minolta:S2", "swap " },
		{ "known by its MAC, now with a serial", { "mac:02:00:00:00:00:01", "", mac, "x" },
			{ "S1", mac, "x" }, "konica-minolta:S1", "" },
		{ "known by its address, now with a serial", { "ip:192.0.2.7", "", "", "x" },
			{ "S1", mac, "x" }, "konica-minolta:S1", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct heard heard = { "" };
		struct printer known, now;

		fill(&known, cases[i].known[0], cases[i].known[1], cases[i].known[2],
			cases[i].known[3]);
		fill(&now, "", cases[i].read[0], cases[i].read[1], cases[i].read[2]);
		settle_identity(NULL, &known, &now, on_note, &heard);
		if (strcmp(now.id, cases[i].id) != 0 || strcmp(heard.kinds, cases[i].notes) != 0)
			fail_msg("%s: id %s, notes %s", cases[i].what, now.id, heard.kinds);
	}
}

/* What it is called by its maker it is called still where the maker is not told. */
static void
test_no_maker(void **state)
{
	struct heard heard = { "" };
	struct printer known, now;

	(void)state;
	fill(&known, "konica-minolta:S1", "S1", "", "x");
	fill(&now, "", "S1", "", "x");
	now.manufacturer[0] = 0;
	settle_identity(NULL, &known, &now, on_note, &heard);
	assert_string_equal(now.id, "konica-minolta:S1");
	strcpy(now.serial, "S2");
	settle_identity(NULL, &known, &now, on_note, &heard);
	assert_string_equal(now.id, "serial:S2");
	assert_string_equal(heard.kinds, "swap ");
}

static void
test_move(void **state)
{
	char folder[] = "/tmp/platen-settle.XXXXXX", file[64];
	struct heard heard = { "" };
	struct printer there, known, now;
	struct registry *r;
	struct why why;

	(void)state;
	assert_non_null(mkdtemp(folder));
	r = registry_open(folder, &why);
	assert_non_null(r);
	fill(&there, "konica-minolta:S1", "S1", "", "x");
	strcpy(there.address, "192.0.2.9");
	there.port = 161;
	registry_put(r, &there, NULL);
	fill(&known, "", "", "", "");
	fill(&now, "", "S1", "", "x");
	settle_identity(r, &known, &now, on_note, &heard);
	assert_string_equal(now.id, "konica-minolta:S1");
	assert_string_equal(heard.kinds, "move ");
	registry_close(r);
	snprintf(file, sizeof(file), "rm -r %s", folder);
	assert_int_equal(system(file), 0);
}

/* An OID may come without a number: of a printer, or of a lan role that was taken over. */
static void
test_empty_oid(void **state)
{
	const struct question *q = identify_question(IDENTIFY_GET);
	struct platen_bind binds[32];
	struct answer a = { .kind = ASK_GET, .n = q->n, .binds = binds };
	struct identity who = { 0 };
	struct printer p = { .object_id = "1.3.6.1" };

	(void)state;
	assert_true(q->n <= COUNT(binds));
	for (uint32_t i = 0; i < q->n; i++) {
		binds[i] = bind_absent(q->oids[i]);
		binds[i].type = PLATEN_OBJECT_ID;
	}
	assert_int_equal(identify_take(IDENTIFY_AGAIN, &a, &who, &p), IDENTIFY_GET);
	identify_take(IDENTIFY_GET, &a, &who, &p);
	assert_string_equal(p.object_id, "");
	assert_false(identify_printer(&(struct identity){ 0 }, &p));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settle),
		cmocka_unit_test(test_no_maker),
		cmocka_unit_test(test_move),
		cmocka_unit_test(test_empty_oid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
