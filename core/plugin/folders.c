/* SPDX-License-Identifier: Apache-2.0 */
/* folders.c - where plugin files are; see folders.h. */
#include "plugin/folders.h"

#include <dirent.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The folder of the running binary, without a trailing slash. */
static bool
binary_folder(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);

	if (n <= 0)
		return false;
	out[n] = 0;
	dirname(out);
	return true;
}

static char *
plugin_folders(const struct config *config)
{
	char folder[PATH_MAX];

	if (!binary_folder(folder, sizeof(folder)))
		return mem_string(config->plugin_path);
	return mem_format("%s/plugins:%s", folder, config->plugin_path);
}

bool
plugin_name(const char *file, char out[static PLUGIN_NAME])
{
	size_t n = strlen(file);

	if (n < 4 || n > PLUGIN_NAME - 1 || strcmp(file + n - 3, ".so") != 0)
		return false;
	snprintf(out, PLUGIN_NAME, "%.*s", (int)(n - 3), file);
	return true;
}

struct seen {
	char **names;
	uint32_t n;
};

static bool
seen_before(struct seen *seen, const char *name)
{
	for (uint32_t i = 0; i < seen->n; i++)
		if (strcmp(seen->names[i], name) == 0)
			return true;
	seen->names = mem_grow(seen->names, (seen->n + 1) * sizeof(*seen->names));
	seen->names[seen->n++] = mem_string(name);
	return false;
}

static void
folder_each(const char *folder, struct seen *seen,
	void (*each)(void *arg, const char *name, const char *path), void *arg)
{
	struct dirent **entries;
	int n = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		char name[PLUGIN_NAME];

		if (plugin_name(entries[i]->d_name, name) && !seen_before(seen, name)) {
			char *path = mem_format("%s/%s", folder, entries[i]->d_name);

			each(arg, name, path);
			free(path);
		}
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void
plugins_each(const struct config *config, void (*each)(void *, const char *, const char *),
	void *arg)
{
	char *folders = plugin_folders(config), *rest = folders, *folder;
	struct seen seen = { 0 };

	while ((folder = strsep(&rest, ":")) != NULL)
		if (folder[0] != 0)
			folder_each(folder, &seen, each, arg);
	for (uint32_t i = 0; i < seen.n; i++)
		free(seen.names[i]);
	free(seen.names);
	free(folders);
}

struct find {
	const char *name;
	char *out;
	size_t size;
};

static void
find_one(void *arg, const char *name, const char *path)
{
	struct find *f = arg;

	if (strcmp(name, f->name) == 0)
		snprintf(f->out, f->size, "%s", path);
}

bool
plugin_find(const struct config *config, const char *name, char *out, size_t size)
{
	out[0] = 0;
	plugins_each(config, find_one, &(struct find){ .name = name, .out = out, .size = size });
	return out[0] != 0;
}
