/* SPDX-License-Identifier: Apache-2.0 */
/* show.c - a record for people; see show.h. */
#include "cmd/show.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 12 /* where values begin */
#define WIDTH 80

/* Columns a UTF-8 text takes, near enough: one a character, two for wide East Asian ones. */
static int
columns(const char *s)
{
	int n = 0;

	for (; *s != 0; s++)
		if (((unsigned char)*s & 0xC0) != 0x80)
			n += (unsigned char)*s >= 0xE3 && (unsigned char)*s < 0xF0 ? 2 : 1;
	return n;
}

static const char *
text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL ? s : "";
}

/* The key word, for the first line of its paragraph only. */
static void
begin_line(const char *key, size_t index)
{
	printf("  %-*s", INDENT - 2, index == 0 ? key : "");
}

/* Text broken at blanks so that no line is longer than the terminal. */
static void
print_wrapped(const char *s)
{
	int at = INDENT;

	while (*s != 0) {
		size_t word = strcspn(s, " ");
		char *piece = mem_string_n(s, word);
		int wide = columns(piece);

		if (at > INDENT && at + 1 + wide > WIDTH) {
			printf("\n%*s", INDENT, "");
			at = INDENT;
		} else if (at > INDENT)
			at += printf(" ");
		printf("%s", piece);
		at += wide;
		free(piece);
		s += word;
		while (*s == ' ')
			s++;
	}
	printf("\n");
}

static void
print_padded(const char *s, int width)
{
	printf("%s%*s", s, columns(s) < width ? width - columns(s) : 1, "");
}

/* ---- the parts of a record ---- */

static void
show_head(const json_t *record)
{
	const json_t *device = json_object_get(record, "device");
	static const char *const keys[] = { "serial", "mac", "firmware", "asset" };
	struct buf line = { 0 };

	printf("%s  %s %s\n", text(device, "ip"), text(device, "manufacturer"),
		text(device, "model"));
	for (size_t i = 0; i < COUNT(keys); i++)
		if (text(device, keys[i])[0] != 0)
			buf_format(&line, "%s%s %s", line.n ? ", " : "", keys[i],
				text(device, keys[i]));
	if (line.n > 0) {
		begin_line("device", 0);
		print_wrapped((char *)line.p);
	}
	buf_free(&line);
}

static void
show_status(const json_t *record)
{
	const json_t *status = json_object_get(record, "status"), *error;
	struct buf line = { 0 };
	size_t i;

	buf_text(&line, text(status, "state"));
	json_array_foreach (json_object_get(status, "errors"), i, error)
		buf_format(&line, "%s %s", i ? "," : ";", json_string_value(error));
	begin_line("status", 0);
	print_wrapped((char *)line.p);
	buf_free(&line);
}

static void
show_meters(const json_t *record)
{
	const json_t *meter;
	size_t i;

	json_array_foreach (json_object_get(record, "meters"), i, meter) {
		char name[64];

		snprintf(name, sizeof(name), "%.50s%s%.10s", text(meter, "name"),
			text(meter, "part")[0] ? " " : "", text(meter, "part"));
		begin_line("meters", i);
		print_padded(name, 24);
		printf("%12lld %s\n",
			(long long)json_integer_value(json_object_get(meter, "value")),
			strcmp(text(meter, "unit"), "unknown") ? text(meter, "unit")
							       : "(unit not told)");
	}
}

/* "42 %", or the state where no percentage is known. */
static void
supply_level(const json_t *supply, char out[static 24])
{
	const json_t *percent = json_object_get(supply, "percent");

	if (percent != NULL)
		snprintf(out, 24, "%lld %%", (long long)json_integer_value(percent));
	else
		snprintf(out, 24, "%.20s", text(supply, "state"));
}

static void
show_supplies(const json_t *record)
{
	const json_t *supply;
	size_t i;

	json_array_foreach (json_object_get(record, "supplies"), i, supply) {
		char level[24], what[64];

		supply_level(supply, level);
		snprintf(what, sizeof(what), "%.30s%s%.20s", text(supply, "type"),
			text(supply, "color")[0] ? " " : "", text(supply, "color"));
		begin_line("supplies", i);
		printf("%-8s", level);
		print_padded(what, 28);
		printf("%.31s\n", text(supply, "description"));
	}
}

static void
show_alerts(const json_t *record)
{
	const json_t *alert;
	size_t i;

	json_array_foreach (json_object_get(record, "alerts"), i, alert) {
		struct buf line = { 0 };

		buf_format(&line, "%s: %s", text(alert, "severity"),
			text(alert, "code")[0] ? text(alert, "code") : text(alert, "group"));
		if (text(alert, "text")[0] != 0)
			buf_format(&line, " - %s", text(alert, "text"));
		begin_line("alerts", i);
		print_wrapped((char *)line.p);
		buf_free(&line);
	}
}

static void
show_notes(const json_t *record)
{
	const json_t *n;
	size_t i;

	json_array_foreach (json_object_get(record, "notes"), i, n) {
		struct buf line = { 0 };

		buf_format(&line, "%s: %s", text(n, "kind"), text(n, "text"));
		begin_line("notes", i);
		print_wrapped((char *)line.p);
		buf_free(&line);
	}
}

/* ---- what does not leave the site ---- */

static const struct fact *
sibling(const struct visited *v, const char *metric, const char *part)
{
	for (uint32_t i = 0; i < v->nfacts; i++)
		if (strcmp(v->facts[i].metric, metric) == 0 && strcmp(v->facts[i].part, part) == 0)
			return &v->facts[i];
	return NULL;
}

static void
value_print(const struct fact *f)
{
	const char *unit = f->unit != NULL && strcmp(f->unit, "unknown") != 0 ? f->unit : "";

	if (f->text != NULL)
		printf("%s\n", f->text);
	else if (f->number == PLATEN_SOME)
		printf("some\n");
	else if (f->number < 0)
		printf("unknown\n");
	else if (f->full > 0)
		printf("%lld of %lld %s\n", (long long)f->number, (long long)f->full, unit);
	else
		printf("%lld %s\n", (long long)f->number, unit);
}

/* One paragraph of local facts: each part's name and value. */
static void
show_local(const struct visited *v, const char *key, const char *metric, const char *name_metric)
{
	size_t shown = 0;

	for (uint32_t i = 0; i < v->nfacts; i++) {
		const struct fact *f = &v->facts[i], *name;

		if (strcmp(f->metric, metric) != 0)
			continue;
		name = name_metric ? sibling(v, name_metric, f->part) : NULL;
		begin_line(key, shown++);
		if (name_metric != NULL)
			print_padded(name && name->text ? name->text : f->part, 28);
		value_print(f);
	}
}

void
show_record(const char *json, const struct visited *v)
{
	json_t *record = json_loads(json, 0, NULL);

	show_head(record);
	show_status(record);
	show_local(v, "console", "console.text", NULL);
	show_meters(record);
	show_supplies(record);
	show_local(v, "trays", "tray.level", "tray.name");
	show_local(v, "outputs", "output.level", "output.name");
	show_local(v, "covers", "cover.state", "cover.name");
	show_alerts(record);
	show_notes(record);
	json_decref(record);
	fflush(stdout);
}

void
show_json(const char *json)
{
	puts(json);
	fflush(stdout);
}
