/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pages of a capture's http/ folder, held in memory.
 *
 * Loading them all at start is what makes "../../etc/passwd" a name like any other that is not
 * there. Names are compared as they came, query string and all, then without the query string;
 * nothing is decoded, for a capture keeps the names its printer was asked by.
 */
#include "sim.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Folders in folders; deeper is a loop of links. */
#define FOLDERS_MAX 16

static const struct {
	const char *ending, *type;
} types[] = {
	{ ".xml", "text/xml" },
	{ ".html", "text/html" },
	{ ".htm", "text/html" },
	{ ".asp", "text/html" },
	{ ".cgi", "text/html" },
	{ ".json", "application/json" },
	{ ".js", "application/javascript" },
	{ ".css", "text/css" },
	{ ".csv", "text/csv" },
	{ ".txt", "text/plain" },
	{ ".png", "image/png" },
	{ ".gif", "image/gif" },
	{ ".jpg", "image/jpeg" },
	{ ".svg", "image/svg+xml" },
};

/* By the ending in front of a query string; a name without one is taken for a page. */
static const char *
type_of(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t len = strcspn(name, "?");

	if (memchr(name, '.', len) == NULL)
		return "text/html";
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		size_t n = strlen(types[i].ending);

		if (len >= n && strncasecmp(name + len - n, types[i].ending, n) == 0)
			return types[i].type;
	}
	return "application/octet-stream";
}

static bool
page_load(struct capture *c, const char *file, const char *path, size_t size)
{
	struct page page = { .path = must_strdup(path), .type = type_of(path), .len = size };
	FILE *f = fopen(file, "r");
	bool ok;

	if (f == NULL)
		return complain("%s: cannot be opened: %s", file, strerror(errno));
	page.body = must_realloc(NULL, size + 1, 1);
	ok = fread(page.body, 1, size, f) == size;
	fclose(f);
	if (!ok)
		return complain("%s: cannot be read to its end", file);
	c->pages = must_realloc(c->pages, c->page_count + 1, sizeof *c->pages);
	c->pages[c->page_count++] = page;
	return true;
}

/* root_len octets of the path are the http/ folder; what follows is the page's name. */
static bool
folder_load(struct capture *c, const char *folder, size_t root_len, int depth)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	struct stat st;
	char path[4096];
	bool ok = true;

	if (d == NULL)
		return complain("%s: cannot be read: %s", folder, strerror(errno));
	while (ok && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
		if (stat(path, &st) != 0)
			ok = complain("%s: cannot be read: %s", path, strerror(errno));
		else if (S_ISREG(st.st_mode))
			ok = page_load(c, path, path + root_len, (size_t)st.st_size);
		else if (S_ISDIR(st.st_mode))
			ok = depth > 0 ? folder_load(c, path, root_len, depth - 1)
				       : complain("%s: folders nested too deep", path);
	}
	closedir(d);
	return ok;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

bool
pages_load(struct capture *c, const char *folder)
{
	if (!folder_load(c, folder, strlen(folder), FOLDERS_MAX))
		return false;
	if (c->page_count > 0)
		qsort(c->pages, c->page_count, sizeof *c->pages, by_path);
	return true;
}

static const struct page *
find(const struct capture *c, const char *path)
{
	struct page key = { .path = (char *)(uintptr_t)path };

	return c->page_count == 0
		? NULL
		: bsearch(&key, c->pages, c->page_count, sizeof *c->pages, by_path);
}

const struct page *
page_find(const struct capture *c, const char *target, size_t len)
{
	char path[2048];
	const struct page *page;

	if (len == 0 || len + sizeof "index.html" > sizeof path)
		return NULL;
	memcpy(path, target, len);
	path[len] = '\0';
	if ((page = find(c, path)) != NULL)
		return page;
	path[strcspn(path, "?")] = '\0';
	if (path[0] != '\0' && path[strlen(path) - 1] == '/')
		strcat(path, "index.html");
	return find(c, path);
}
