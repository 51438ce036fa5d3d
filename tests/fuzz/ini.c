/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ini.c - any bytes as an INI: a config or faults, each of them one line.
 *
 * What passes the checks of form goes through inih, which is fuzzed with it.
 */
#include "config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fault(void *arg, const char *line)
{
	uint32_t *n = arg;

	(*n)++;
	if (*line == 0 || strchr(line, '\n') != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("ini", MFD_CLOEXEC);
	uint32_t faults = 0;
	struct config *config;
	char path[40];

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	config = config_read(path, fault, &faults);
	if ((config == NULL) != (faults > 0))
		abort();
	config_free(config);
	close(fd);
	return 0;
}
