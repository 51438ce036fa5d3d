/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin_new.c - `platen plugin-new`: a folder with a small whole plugin, for
 * somebody to change into theirs.  Overwrites nothing.
 */
#include "cmd/options.h"
#include "base/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes of one file of the template. */
#define MAX_TEMPLATE 65536

/* What stands for the plugin's name in the files. */
#define MARK "@NAME@"

enum language { LANGUAGE_C = 1, LANGUAGE_CXX = 2, LANGUAGE_BOTH = 3 };

static const struct {
	const char *from; /* below the template's folder */
	const char *to; /* %s is the plugin's name */
	enum language language;
} files[] = {
	{ "c/NAME.c", "%s.c", LANGUAGE_C },
	{ "c/Makefile", "Makefile", LANGUAGE_C },
	{ "cxx/NAME.cc", "%s.cc", LANGUAGE_CXX },
	{ "cxx/Makefile", "Makefile", LANGUAGE_CXX },
	{ "c/README.md", "README.md", LANGUAGE_BOTH },
	{ "c/NAME.ini", "%s.ini", LANGUAGE_BOTH },
	{ "c/captures/example/example.snmprec", "captures/example/example.snmprec", LANGUAGE_BOTH },
	{ "c/captures/example/expect.json", "captures/example/expect.json", LANGUAGE_BOTH },
};

static const char *const folders[] = { "", "/captures", "/captures/example" };

/* Beside this program, in PREFIX/bin or where it was built; else where it was to be installed. */
static char *
template_folder(struct why *why)
{
	static const char *const beside[] = { "../share/platen/template", "../sdk/template" };
	char here[PATH_MAX], *path;
	ssize_t n = readlink("/proc/self/exe", here, sizeof(here) - 1);

	here[n > 0 ? n : 0] = 0;
	dirname(here);
	for (size_t i = 0; i < COUNT(beside); i++) {
		path = mem_format("%s/%s", here, beside[i]);
		if (access(path, X_OK) == 0)
			return path;
		free(path);
	}
	if (access(PLATEN_SHARE "/template", X_OK) == 0)
		return mem_string(PLATEN_SHARE "/template");
	why_set(why, "there is no template in %s/template; install platen anew", PLATEN_SHARE);
	return NULL;
}

static bool
file_write(const char *path, const struct buf *text, struct why *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	ssize_t n;

	if (fd < 0)
		return why_set(why, "%s: cannot be made: %s", path, strerror(errno));
	n = write(fd, text->p, text->n);
	if (close(fd) != 0 || n != (ssize_t)text->n)
		return why_set(why, "%s: cannot be written: %s", path, strerror(errno));
	return true;
}

/* from with the plugin's name in it, for every MARK. */
static void
fill_in(struct buf *out, const char *from, const char *name)
{
	const char *mark;

	for (; (mark = strstr(from, MARK)) != NULL; from = mark + strlen(MARK)) {
		buf_add(out, from, (size_t)(mark - from));
		buf_text(out, name);
	}
	buf_text(out, from);
}

static bool
file_make(const char *from, const char *to, const char *name, struct why *why)
{
	struct buf given = { 0 }, text = { 0 };
	struct why wrong;
	bool ok = file_read(from, MAX_TEMPLATE, &given, &wrong);

	if (ok) {
		buf_add(&given, "", 1);
		fill_in(&text, (const char *)given.p, name);
		ok = file_write(to, &text, why);
	} else {
		why_set(why, "%s %s", from, wrong.text);
	}
	buf_free(&given);
	buf_free(&text);
	return ok;
}

static bool
folders_make(const char *dir, struct why *why)
{
	for (size_t i = 0; i < COUNT(folders); i++) {
		char *path = mem_format("%s%s", dir, folders[i]);
		bool ok = mkdir(path, 0777) == 0 || (i == 0 && errno == EEXIST) ||
			why_set(why, "%s: cannot be made: %s", path, strerror(errno));

		free(path);
		if (!ok)
			return false;
	}
	return true;
}

static bool
plugin_make(const char *name, const char *dir, enum language language, struct why *why)
{
	char *template = template_folder(why);
	bool ok = template != NULL && folders_make(dir, why);

	for (size_t i = 0; i < COUNT(files) && ok; i++) {
		bool named = strncmp(files[i].to, "%s", 2) == 0;
		char *from = mem_format("%s/%s", template, files[i].from);
		char *to = mem_format("%s/%s%s", dir, named ? name : "",
			files[i].to + (named ? 2 : 0));

		if ((files[i].language & language) != 0)
			ok = file_make(from, to, name, why);
		free(from);
		free(to);
	}
	free(template);
	return ok;
}

static bool
is_plugin_name(const char *s)
{
	size_t n = strnlen(s, 32);

	return n > 0 && n < 32 && s[0] != '-' &&
		strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static int
run(int argc, char **argv)
{
	bool cxx = false;
	const struct cmd_option options[] = {
		{ 0, "cxx", NULL, "in C++, not in C", &cxx, NULL },
	};
	int status,
		first = options_read(&cmd_plugin_new, options, COUNT(options), argc, argv, &status);
	struct why why;

	if (first < 0)
		return status;
	if (argc - first != 2)
		return options_wrong(&cmd_plugin_new, "give a NAME and a DIR");
	if (!is_plugin_name(argv[first]))
		return options_wrong(&cmd_plugin_new,
			"\"%.40s\" is no name: 1 to 31 of a-z, 0-9 and -", argv[first]);
	if (!plugin_make(argv[first], argv[first + 1], cxx ? LANGUAGE_CXX : LANGUAGE_C, &why)) {
		fprintf(stderr, "platen plugin-new: %s\n", why.text);
		return EXIT_SOME;
	}
	printf("%s is a whole plugin, with an invented printer: cd %s && make test\n"
	       "Its README.md says how it becomes yours; platen-plugin(3) tells the rest.\n",
		argv[first + 1], argv[first + 1]);
	return EXIT_DONE;
}

const struct cmd cmd_plugin_new = {
	.name = "plugin-new",
	.synopsis = "[--cxx] NAME DIR",
	.summary = "begin a plugin of your own in a new folder",
	.more = "NAME is of a-z, 0-9 and -. What is made builds with the installed SDK alone.",
	.run = run,
};
