/* SPDX-License-Identifier: Apache-2.0 */
/* test_delta.c - a delta gives its record back, and nothing else is taken for one. */
#include <platen/delta.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char first[] =
	"{'schema':'platen.reading/1','id':'a','agent':'A','seq':1,'site':'s','time':'t1',"
	"'device':{'id':'d','ip':'127.0.0.1'},'status':{'state':'idle','errors':[]},"
	"'meters':[{'name':'total','value':10,'via':'p'},{'name':'mono','value':4,'via':'p'}],"
	"'supplies':[{'part':'1','percent':50}],'alerts':[],'notes':[]}";

/* JSON with ' for ". */
static json_t *
json(const char *text)
{
	char *copy = strdup(text);
	json_error_t error;
	json_t *value;

	for (char *p = copy; *p != 0; p++)
		if (*p == '\'')
			*p = '"';
	value = json_loads(copy, JSON_REJECT_DUPLICATES, &error);
	if (value == NULL)
		fail_msg("%s: %s", error.text, text);
	free(copy);
	return value;
}

static json_t *
second(void)
{
	json_t *r = json(first);

	json_object_set_new(r, "id", json_string("b"));
	json_object_set_new(r, "seq", json_integer(2));
	json_object_set_new(r, "time", json_string("t2"));
	return r;
}

/* Give back r by a delta of first; the changes must be so. */
static void
comes_back(json_t *r, const char *changes)
{
	json_t *base = json(first), *delta = platen_delta_make(base, r), *again, *expected;
	const char *why = NULL;

	assert_non_null(delta);
	expected = json(changes);
	if (!json_equal(json_object_get(delta, "changes"), expected))
		fail_msg("%s", json_dumps(delta, 0));
	again = platen_delta_expand(base, delta, &why);
	assert_non_null(again);
	assert_true(json_equal(again, r));
	json_decref(expected);
	json_decref(again);
	json_decref(delta);
	json_decref(base);
	json_decref(r);
}

static json_t *
element(json_t *r, const char *array, size_t i)
{
	return json_array_get(json_object_get(r, array), i);
}

static void
what_is_the_same_is_not_said(void **state)
{
	(void)state;
	comes_back(second(), "{}");
}

static void
a_meter_is_told_by_its_number(void **state)
{
	json_t *r = second();

	(void)state;
	json_object_set_new(element(r, "meters", 1), "unit", json_string("sheets"));
	comes_back(r, "{'meters':{'1':{'unit':'sheets'}}}");
}

/* In one order, whatever the order of members: device, meters, supplies. */
static void
counts_are_told_by_what_is_added(void **state)
{
	json_t *base = json(first), *r = second(), *delta, *expected = json("[0,3,-7]"), *again;
	json_t *turned = json("{'supplies':[{'percent':50,'part':'1'}],'notes':[],'alerts':[],"
			      "'meters':[{'via':'p','value':10,'name':'total'},{'name':'mono',"
			      "'via':'p','value':4}],'status':{'errors':[],'state':'idle'},'seq':1,"
			      "'device':{'ip':'127.0.0.1','id':'d'},'time':'t1','site':'s',"
			      "'agent':'A','id':'a','schema':'platen.reading/1'}");
	const char *why;

	(void)state;
	json_object_set_new(element(r, "meters", 1), "value", json_integer(7));
	json_object_set_new(element(r, "supplies", 0), "percent", json_integer(43));
	delta = platen_delta_make(base, r);
	assert_true(json_equal(json_object_get(delta, "plus"), expected));
	again = platen_delta_expand(turned, delta, &why);
	assert_true(json_equal(again, r));
	json_decref(again);
	json_decref(turned);
	json_decref(expected);
	json_decref(delta);
	json_decref(base);
	comes_back(r, "{}");
}

/* An id that follows from the rest is not said; sdk/UPLOAD's rule, computed elsewhere. */
static void
an_id_that_can_be_known_is_not_said(void **state)
{
	json_t *base = json(first), *r = second(), *delta, *again;
	const char *why;

	(void)state;
	json_object_set_new(r, "time", json_string("2026-11-20T14:00:00Z"));
	json_object_set_new(r, "id", json_string("01a1f941-c700-7623-a994-e055af062245"));
	delta = platen_delta_make(base, r);
	assert_non_null(delta);
	assert_null(json_object_get(delta, "id"));
	again = platen_delta_expand(base, delta, &why);
	assert_true(json_equal(again, r));
	json_decref(again);
	json_decref(delta);
	json_decref(base);
	json_decref(r);
}

/* What cannot be subtracted goes as a change. */
static void
counts_may_be_of_any_size(void **state)
{
	json_t *r = second();

	(void)state;
	json_object_set_new(element(r, "meters", 0), "value", json_integer(INT64_MIN));
	comes_back(r, "{'meters':{'0':{'value':-9223372036854775808}}}");
	r = second();
	json_object_set_new(element(r, "meters", 0), "value", json_integer(INT64_MAX));
	comes_back(r, "{}");
}

static void
what_comes_and_goes_is_told(void **state)
{
	json_t *r = second();

	(void)state;
	json_object_del(r, "site");
	json_object_del(element(r, "supplies", 0), "percent");
	json_array_append_new(json_object_get(r, "alerts"), json("{'severity':'other'}"));
	json_array_append_new(json_object_get(json_object_get(r, "status"), "errors"),
		json_string("jammed"));
	comes_back(r,
		"{'site':null,'supplies':{'0':{'percent':null}},'alerts':{'0':{'severity':'other'}}"
		","
		"'status':{'errors':{'0':'jammed'}}}");
}

static void
a_shorter_array_is_said_whole(void **state)
{
	json_t *r = second();

	(void)state;
	json_array_remove(json_object_get(r, "meters"), 0);
	comes_back(r, "{'meters':[{'name':'mono','value':4,'via':'p'}]}");
}

static void
another_printer_or_agent_has_no_delta(void **state)
{
	json_t *base = json(first), *r = second();

	(void)state;
	json_object_set_new(json_object_get(r, "device"), "id", json_string("e"));
	assert_null(platen_delta_make(base, r));
	json_decref(r);
	r = second();
	json_object_set_new(r, "agent", json_string("B"));
	assert_null(platen_delta_make(base, r));
	json_decref(r);
	r = second();
	json_object_del(r, "device");
	assert_null(platen_delta_make(base, r));
	json_decref(r);
	json_decref(base);
}

/* A null can be in no record: a delta could not give it back. */
static void
a_record_with_null_has_no_delta(void **state)
{
	json_t *base = json(first), *r = second();

	(void)state;
	json_object_set_new(r, "site", json_null());
	assert_null(platen_delta_make(base, r));
	json_decref(r);
	json_decref(base);
}

#define HEAD "{'schema':'platen.delta/1','agent':'A','seq':2,'id':'b','time':'t',"

static void
what_is_not_sound_is_not_expanded(void **state)
{
	static const char *const bad[] = {
		"[]",
		"{}",
		"{'schema':'platen.reading/1','agent':'A','seq':2}",
		HEAD "'base':1,'device':'d'}", /* no changes */
		HEAD "'base':2,'device':'d','changes':{}}", /* another base */
		HEAD "'base':1,'device':'e','changes':{}}", /* another printer */
		HEAD "'base':1.0,'device':'d','changes':{}}",
		HEAD "'base':1,'device':'d','changes':[]}",
		HEAD "'base':1,'device':'d','changes':{},'plus':{}}",
		HEAD "'base':1,'device':'d','changes':{},'plus':[1.5]}",
		HEAD "'base':1,'device':'d','changes':{},'plus':[0,0,0,0]}",
		HEAD "'base':1,'device':'d','changes':{},'plus':[9223372036854775807]}",
		HEAD "'base':1,'device':'d','changes':{'none':null}}",
		HEAD "'base':1,'device':'d','changes':{'meters':{'3':{}}}}", /* a hole */
		HEAD "'base':1,'device':'d','changes':{'meters':{'01':{}}}}",
		HEAD "'base':1,'device':'d','changes':{'meters':{'-1':{}}}}",
		HEAD "'base':1,'device':'d','changes':{'meters':{'18446744073709551617':{}}}}",
		HEAD "'base':1,'device':'d','changes':{'meters':{'0':null}}}",
		HEAD "'base':1,'device':'d','changes':{'new':{'a':null}}}",
		HEAD "'base':1,'device':'d','changes':{'new':[[[[[[[[[[1]]]]]]]]]]}}",
		HEAD "'base':1,'device':'d','changes':{'device':null}}",
		HEAD "'base':1,'device':'d','changes':{'device':{'id':'e'}}}",
	};
	json_t *base = json(first);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *delta = json(bad[i]);
		const char *why = NULL;

		if (platen_delta_expand(base, delta, &why) != NULL || why == NULL)
			fail_msg("expanded: %s", bad[i]);
		json_decref(delta);
	}
	json_decref(base);
}

/* The base stays what it is: others stand on it, too. */
static void
the_base_is_not_changed(void **state)
{
	json_t *base = json(first), *same = json(first), *r = second(), *delta, *again;
	const char *why;

	(void)state;
	json_object_set_new(element(r, "meters", 0), "value", json_integer(11));
	delta = platen_delta_make(base, r);
	again = platen_delta_expand(base, delta, &why);
	assert_true(json_equal(base, same));
	json_object_set_new(element(again, "meters", 0), "value", json_integer(12));
	assert_true(json_equal(base, same));
	json_decref(again);
	json_decref(delta);
	json_decref(base);
	json_decref(same);
	json_decref(r);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_the_same_is_not_said),
		T(a_meter_is_told_by_its_number),
		T(counts_are_told_by_what_is_added),
		T(an_id_that_can_be_known_is_not_said),
		T(counts_may_be_of_any_size),
		T(what_comes_and_goes_is_told),
		T(a_shorter_array_is_said_whole),
		T(another_printer_or_agent_has_no_delta),
		T(a_record_with_null_has_no_delta),
		T(what_is_not_sound_is_not_expanded),
		T(the_base_is_not_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
