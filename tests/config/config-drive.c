/* SPDX-License-Identifier: Apache-2.0 */
/* config-drive.c - `config-drive FILE`: the faults of an INI line by line, or "ok". */
#include "config/config.h"

#include <stdio.h>

static void
tell(void *arg, const char *line)
{
	(void)arg;
	puts(line);
}

int
main(int argc, char **argv)
{
	struct config *config = argc == 2 ? config_read(argv[1], tell, NULL) : NULL;

	if (config == NULL)
		return 1;
	puts("ok");
	config_free(config);
	return 0;
}
