/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - `platen COMMAND`: the table of commands, and the door to the roles. */
#include "cmd/options.h"
#include "net/net.h"

#include <stdio.h>
#include <string.h>

static const struct cmd *const commands[] = {
	&cmd_discover,
	&cmd_read,
	&cmd_run,
	&cmd_check,
	&cmd_doctor,
	&cmd_forget,
	&cmd_plugins,
	&cmd_plugin_new,
	&cmd_record,
	&cmd_replay,
	&cmd_sign,
	&cmd_spool,
	&cmd_keys,
	&cmd_agents,
	&cmd_version,
};

static void
help(void)
{
	printf("usage: platen COMMAND [OPTION...] [TARGET...]\n\n"
	       "Watches printers: finds them, reads meters, supplies and alerts, keeps every\n"
	       "reading. Printers are only read, never changed.\n\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("\n`platen COMMAND --help` tells more; so does platen(1).\n");
}

int
main(int argc, char **argv)
{
	mem_open();
	/* A role is this program started anew, with the pipe as fd 3. */
	if (argc > 0 && strcmp(argv[0], "platen-lan") == 0)
		return lan_main();
	if (argc > 0 && strcmp(argv[0], "platen-wan") == 0)
		return wan_main();
	if (argc > 0 && strcmp(argv[0], "platen-gate") == 0)
		return gate_main();
	if (argc < 2) {
		fprintf(stderr, "platen: which command? See platen --help\n");
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help();
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0)
		return cmd_version.run(1, argv + 1);
	for (size_t i = 0; i < COUNT(commands); i++)
		if (strcmp(argv[1], commands[i]->name) == 0)
			return commands[i]->run(argc - 1, argv + 1);
	fprintf(stderr, "platen: there is no command \"%s\"; see platen --help\n", argv[1]);
	return EXIT_USAGE;
}
