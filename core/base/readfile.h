/* SPDX-License-Identifier: Apache-2.0 */
/* readfile.h - a whole file of bounded size in memory. */
#ifndef PLATEN_READFILE_H
#define PLATEN_READFILE_H

#include "base/base.h"

/*
 * All of a regular file.  False: why says in words that follow the file's name
 * what is wrong: "cannot be read: No such file or directory".
 */
bool file_read(const char *path, size_t most, struct buf *out, struct why *);
/* The same of an open one, from its beginning; its offset stays. */
bool file_read_fd(int fd, size_t most, struct buf *out, struct why *);

#endif
