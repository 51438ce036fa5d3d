/* SPDX-License-Identifier: Apache-2.0 */
/* place_rotated.c - rotated files of a path; see place_rotated.h. */
#include "store/place_rotated.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DIGITS 12 /* of the number, so that ls sorts them */

struct rotated {
	uint32_t n;
	uint64_t *numbers; /* falling */
};

static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path ? mem_string("/") : mem_string_n(path, (size_t)(slash - path));
}

static char *
name_of(const char *path, uint64_t number)
{
	return mem_format("%s.%0*" PRIu64, path, DIGITS, number);
}

/* The number of an entry of the folder, 0: it is none of ours. */
static uint64_t
number_of(const char *entry, const char *base)
{
	size_t n = strlen(base);

	if (strncmp(entry, base, n) != 0 || entry[n] != '.' || strlen(entry + n + 1) != DIGITS ||
		strspn(entry + n + 1, "0123456789") != DIGITS)
		return 0;
	return strtoull(entry + n + 1, NULL, 10);
}

static int
falling(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

static bool
list(const char *path, struct rotated *out)
{
	char *folder = folder_of(path);
	DIR *dir = opendir(folder);
	const struct dirent *e;
	uint64_t number;

	free(folder);
	*out = (struct rotated){ 0 };
	if (dir == NULL)
		return false;
	while ((e = readdir(dir)) != NULL) {
		number = number_of(e->d_name, strrchr(path, '/') + 1);
		if (number == 0)
			continue;
		out->numbers = mem_grow(out->numbers, (out->n + 1) * sizeof(*out->numbers));
		out->numbers[out->n++] = number;
	}
	closedir(dir);
	if (out->n > 0)
		qsort(out->numbers, out->n, sizeof(*out->numbers), falling);
	return true;
}

char *
rotated_newest(const char *path)
{
	struct rotated all;
	char *newest = NULL;

	if (list(path, &all) && all.n > 0)
		newest = name_of(path, all.numbers[0]);
	free(all.numbers);
	return newest;
}

bool
rotated_sync_folder(const char *path)
{
	char *folder = folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return ok;
}

bool
rotated_away(const char *path, uint32_t keep)
{
	struct rotated all;
	char *to;
	bool ok;

	if (!list(path, &all))
		return false;
	to = name_of(path, all.n > 0 ? all.numbers[0] + 1 : 1);
	ok = renameat2(AT_FDCWD, path, AT_FDCWD, to, RENAME_NOREPLACE) == 0 &&
		rotated_sync_folder(path);
	free(to);
	/* The one just renamed counts. */
	for (uint32_t i = keep > 0 ? keep - 1 : all.n; ok && i < all.n; i++) {
		to = name_of(path, all.numbers[i]);
		unlink(to);
		free(to);
	}
	free(all.numbers);
	return ok;
}
