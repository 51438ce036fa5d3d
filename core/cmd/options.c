/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c - the options of a command, read and explained from one table.
 *
 * Takes no part in what an option means: it sets flags and texts, and a
 * command looks at them.
 */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 80 /* width of --help */
#define HELP_COLUMN 26 /* where the explanations begin */
#define MAX_OPTIONS 16 /* of one command, without --help */

/* What getopt_long returns for option i, so that it is never taken for a letter. */
#define OPTION_VALUE(i) (0x100 + (int)(i))
#define HELP_VALUE OPTION_VALUE(MAX_OPTIONS)

/* Print text in words from column `at` on; further lines begin at column indent. */
static void
wrap(const char *text, uint32_t at, uint32_t indent)
{
	while (*text != 0) {
		uint32_t n = (uint32_t)strcspn(text, " ");

		if (at > indent && at + 1 + n > COLUMNS) {
			putchar('\n');
			at = 0;
		}
		if (at < indent)
			at += (uint32_t)printf("%*s", (int)(indent - at), "");
		else if (at > indent)
			at += (uint32_t)printf(" ");
		at += (uint32_t)printf("%.*s", (int)n, text);
		text += n + strspn(text + n, " ");
	}
	putchar('\n');
}

static void
print_option(char letter, const char *name, const char *argument, const char *help)
{
	int at = letter != 0 ? printf("  -%c, --%s", letter, name) : printf("      --%s", name);

	if (argument != NULL)
		at += printf(" %s", argument);
	if (at + 2 > HELP_COLUMN)
		at = printf("\n") - 1;
	wrap(help, (uint32_t)at, HELP_COLUMN);
}

static void
print_help(const struct cmd *about, const struct cmd_option *options, uint32_t n)
{
	uint32_t at = (uint32_t)printf("usage: platen %s", about->name);

	wrap(about->synopsis, at, at + 1);
	putchar('\n');
	wrap(about->summary, 0, 0);
	putchar('\n');
	for (uint32_t i = 0; i < n; i++)
		print_option(options[i].letter, options[i].name, options[i].argument,
			options[i].help);
	print_option('h', "help", NULL, "print this text");
	if (about->more != NULL) {
		putchar('\n');
		wrap(about->more, 0, 0);
	}
}

int
options_wrong(const struct cmd *about, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "platen %s: ", about->name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; see platen %s --help\n", about->name);
	return EXIT_USAGE;
}

/* The tables of getopt_long: `letters` for -c, `longs` for --config. */
static void
tables(const struct cmd_option *options, uint32_t n, char letters[static 2 * MAX_OPTIONS + 4],
	struct option longs[static MAX_OPTIONS + 2])
{
	struct option *l = longs;

	*letters++ = ':'; /* tell a missing argument from an unknown option */
	for (uint32_t i = 0; i < n; i++) {
		int takes = options[i].argument != NULL ? required_argument : no_argument;

		*l++ = (struct option){ options[i].name, takes, NULL, OPTION_VALUE(i) };
		if (options[i].letter == 0)
			continue;
		*letters++ = options[i].letter;
		if (options[i].argument != NULL)
			*letters++ = ':';
	}
	*l++ = (struct option){ "help", no_argument, NULL, HELP_VALUE };
	*l = (struct option){ 0 };
	*letters++ = 'h';
	*letters = 0;
}

/* The option that getopt_long speaks of, or NULL. */
static const struct cmd_option *
find(const struct cmd_option *options, uint32_t n, int value)
{
	for (uint32_t i = 0; i < n; i++)
		if (value == OPTION_VALUE(i) || (value != 0 && value == options[i].letter))
			return &options[i];
	return NULL;
}

/* getopt_long did not like something; word is where it stopped. */
static int
refuse(const struct cmd *about, const struct cmd_option *o, int found, const char *word)
{
	if (found == ':' && o != NULL)
		return options_wrong(about, "--%s needs a %s", o->name, o->argument);
	if (optopt >= OPTION_VALUE(0))
		return options_wrong(about, "%.*s takes no value", (int)strcspn(word, "="), word);
	if (optopt != 0)
		return options_wrong(about, "unknown option -%c", optopt);
	return options_wrong(about, "unknown option %s", word);
}

static bool
may_repeat(const struct cmd_option *o)
{
	size_t n = strlen(o->argument);

	return n > 3 && strcmp(o->argument + n - 3, "...") == 0;
}

/* Where the next argument of an option goes, or NULL: it has been given often enough. */
static const char **
next_text(const struct cmd_option *o)
{
	for (uint32_t i = 0; i < (may_repeat(o) ? MAX_REPEATS : 1); i++)
		if (o->text[i] == NULL)
			return &o->text[i];
	return NULL;
}

int
options_read(const struct cmd *about, const struct cmd_option *options, uint32_t n, int argc,
	char **argv, int *status)
{
	char letters[2 * MAX_OPTIONS + 4];
	struct option longs[MAX_OPTIONS + 2];
	const char **text;
	int found;

	if (n > MAX_OPTIONS)
		die("platen %s has more than %d options", about->name, MAX_OPTIONS);
	tables(options, n, letters, longs);
	opterr = 0;
	optind = 0; /* begin anew */
	while ((found = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		bool wrong = found == ':' || found == '?';
		const struct cmd_option *o = find(options, n, wrong ? optopt : found);

		if (found == 'h' || found == HELP_VALUE) {
			print_help(about, options, n);
			*status = EXIT_DONE;
			return -1;
		}
		if (wrong) {
			*status = refuse(about, o, found, argv[optind - 1]);
			return -1;
		}
		if (o->argument == NULL) {
			*o->flag = true;
			continue;
		}
		if ((text = next_text(o)) == NULL) {
			*status = options_wrong(about, "--%s is given %s", o->name,
				may_repeat(o) ? "too often" : "twice");
			return -1;
		}
		*text = optarg;
	}
	return optind;
}
