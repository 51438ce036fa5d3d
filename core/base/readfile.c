/* SPDX-License-Identifier: Apache-2.0 */
/* readfile.c - a whole file of bounded size in memory; see readfile.h. */
#include "base/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes read at a time. */
#define CHUNK (64u << 10)

bool
file_read_fd(int fd, size_t most, struct buf *out, struct why *why)
{
	static uint8_t chunk[CHUNK];
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return why_set(why, "cannot be read: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return why_set(why, "is no regular file");
	while ((n = pread(fd, chunk, sizeof(chunk), (off_t)out->n)) > 0) {
		buf_add(out, chunk, (size_t)n);
		if (out->n > most)
			return why_set(why, "is larger than %zu bytes", most);
	}
	return n == 0 || why_set(why, "cannot be read: %s", strerror(errno));
}

bool
file_read(const char *path, size_t most, struct buf *out, struct why *why)
{
	/* O_NONBLOCK: a FIFO in the place of a file must not hold us. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool ok;

	if (fd < 0)
		return why_set(why, "cannot be read: %s", strerror(errno));
	ok = file_read_fd(fd, most, out, why);
	close(fd);
	return ok;
}
