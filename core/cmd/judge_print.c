/* SPDX-License-Identifier: Apache-2.0 */
/* judge_print.c - a judgement for people, 80 columns wide; see judge.h. */
#include "cmd/judge.h"

#include "cmd/look.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 12 /* where values begin */

static const char *
text(const json_t *object, const char *key)
{
	const char *s = json_string_value(json_object_get(object, key));

	return s != NULL ? s : "";
}

static uint64_t
number(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));

	return n > 0 ? (uint64_t)n : 0;
}

/* "  key       words": the key only in the first line of its paragraph. */
static void
print_line(const char *key, size_t index, const char *words)
{
	printf("  %-*s", INDENT - 2, index == 0 ? key : "");
	print_words(stdout, words, INDENT, INDENT);
}

/* All texts of an array in one paragraph. */
static void
print_joined(const char *key, const json_t *array)
{
	struct buf line = { 0 };
	json_t *item;
	size_t i;

	json_array_foreach (array, i, item)
		buf_format(&line, "%s%s", i > 0 ? ", " : "", json_string_value(item));
	if (line.n > 0)
		print_line(key, 0, (char *)line.p);
	buf_free(&line);
}

/* ---- what it is ---- */

static void
print_file(const json_t *j)
{
	struct buf line = { 0 };

	if (json_object_get(j, "bytes") == NULL)
		return;
	buf_format(&line, "%" PRIu64 " bytes, mode %s, of user %" PRIu64, number(j, "bytes"),
		text(j, "mode"), number(j, "owner"));
	print_line("file", 0, text(j, "file"));
	print_line("file", 1, (char *)line.p);
	if (text(j, "sha256")[0] != 0)
		print_line("sha256", 0, text(j, "sha256"));
	buf_clear(&line);
	buf_text(&line, text(j, "signature"));
	if (text(j, "key")[0] != 0)
		buf_format(&line, ", key %s", text(j, "key"));
	if (text(j, "key_file")[0] != 0)
		buf_format(&line, " in %s", text(j, "key_file"));
	if (line.n > 0)
		print_line("signature", 0, (char *)line.p);
	buf_free(&line);
}

static void
print_options(const json_t *j)
{
	const json_t *o;
	size_t i;

	json_array_foreach (json_object_get(j, "options"), i, o) {
		bool must = json_object_get(o, "default") == NULL;
		char *line = mem_format("%s%s%s: %s", text(o, "key"),
			must ? " (must be set)" : " = ", text(o, "default"), text(o, "help"));

		print_line("options", i, line);
		free(line);
	}
}

static void
print_reach(const json_t *j)
{
	const json_t *item;
	size_t i;

	json_array_foreach (json_object_get(j, "reach"), i, item) {
		struct buf line = { 0 };

		reach_say(json_string_value(item), &line);
		print_line("reach", i, (char *)line.p);
		buf_free(&line);
	}
}

static void
print_head(const json_t *j)
{
	bool scraper = json_is_true(json_object_get(j, "scraper"));
	bool sink = json_is_true(json_object_get(j, "sink"));

	if (json_object_get(j, "version") == NULL) {
		printf("%s\n", text(j, "name"));
		return;
	}
	printf("%-16s ", text(j, "name"));
	printf("%s  ABI %s  %s%s%s\n", text(j, "version"), text(j, "abi"), scraper ? "scraper" : "",
		scraper && sink ? " and " : "", sink ? "sink" : "");
	printf("  ");
	print_words(stdout, text(j, "summary"), 2, 2);
}

/* ---- what it did ---- */

struct sum {
	uint64_t known, readings, questions, packets, time, memory;
};

static void
larger(uint64_t *most, uint64_t n)
{
	*most = n > *most ? n : *most;
}

/* "captures/hp-m507/device.snmprec": the folder tells more than the file. */
static void
capture_name(const char *path, char out[static 25])
{
	const char *end = strrchr(path, '/'), *begin = end;

	while (begin != NULL && begin > path && begin[-1] != '/')
		begin--;
	if (begin == NULL)
		snprintf(out, 25, "%.24s", path);
	else
		snprintf(out, 25, "%.*s", (int)(end - begin < 24 ? end - begin : 24), begin);
}

static void
print_run(const json_t *run, size_t index)
{
	char name[25], rival[32] = "";

	capture_name(text(run, "capture"), name);
	if (json_object_get(run, "rival") != NULL)
		snprintf(rival, sizeof(rival), "%.13s %" PRIu64, text(run, "rival"),
			number(run, "rival_match"));
	printf("  %-*s%-24s %3" PRIu64 "  %-17s", INDENT - 2, index == 0 ? "captures" : "", name,
		number(run, "match"), rival);
	if (json_is_true(json_object_get(run, "died")))
		printf(" died\n");
	else
		printf(" %3" PRIu64 " asked %4" PRIu64 " read\n", number(run, "questions"),
			number(run, "readings"));
}

static void
print_runs(const json_t *j)
{
	const json_t *runs = json_object_get(j, "runs"), *run;
	struct sum s = { 0 };
	char line[200];
	size_t i;

	json_array_foreach (runs, i, run) {
		const json_t *packets = json_object_get(run, "packets");

		if (number(run, "match") == 0 && !json_is_true(json_object_get(run, "died")))
			continue;
		print_run(run, s.known++);
		s.readings += number(run, "readings");
		larger(&s.questions, number(run, "questions"));
		larger(&s.packets, (uint64_t)json_integer_value(json_array_get(packets, 1)));
		larger(&s.time, number(run, "processor_microseconds"));
		larger(&s.memory, number(run, "memory"));
	}
	if (json_array_size(runs) == 0)
		return;
	snprintf(line, sizeof(line),
		"knows %" PRIu64 " of %zu printers, reads %" PRIu64 " facts; a visit takes at most "
		"%" PRIu64 " questions, %" PRIu64 " packets, %" PRIu64 ".%" PRIu64 " ms of the "
		"processor; its process %" PRIu64 " kB",
		s.known, json_array_size(runs), s.readings, s.questions, s.packets, s.time / 1000,
		s.time / 100 % 10, s.memory / 1024);
	print_line("sum", 0, line);
}

/* ---- the verdict ---- */

static void
print_lines(const char *key, const json_t *lines)
{
	const json_t *line;
	size_t i;

	json_array_foreach (lines, i, line) {
		uint64_t times = number(line, "times");
		struct buf words = { 0 };

		buf_text(&words, text(line, "text"));
		if (times > 1)
			buf_format(&words, " (%" PRIu64 " times)", times);
		print_line(key, i, (char *)words.p);
		buf_free(&words);
	}
}

void
judgement_print(const json_t *j)
{
	size_t faults = json_array_size(json_object_get(j, "faults"));

	print_head(j);
	print_file(j);
	print_joined("needs", json_object_get(j, "needs"));
	print_joined("libraries", json_object_get(j, "libraries"));
	print_reach(j);
	print_options(j);
	print_runs(j);
	print_lines("remarks", json_object_get(j, "remarks"));
	print_lines("faults", json_object_get(j, "faults"));
	if (faults == 0)
		print_line("verdict", 0, "nothing speaks against it");
	else
		print_line("verdict", 0, "do not install it");
}
