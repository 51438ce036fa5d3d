/* SPDX-License-Identifier: Apache-2.0 */
/* version.c - `platen version`: what this is and what it was built to speak. */
#include "cmd/options.h"
#include "wire.h"

#include <stdio.h>

static int
run(int argc, char **argv)
{
	int status, first = options_read(&cmd_version, NULL, 0, argc, argv, &status);

	if (first < 0)
		return status;
	if (first < argc)
		return options_wrong(&cmd_version, "\"%s\" is too much", argv[first]);
	printf("platen %s, plugin ABI v1.%d, record platen.reading/1\n", PLATEN_VERSION,
		PLATEN_ABI_MINOR);
	return EXIT_DONE;
}

const struct cmd cmd_version = {
	.name = "version",
	.synopsis = "",
	.summary = "version, plugin ABI and record schema",
	.run = run,
};
