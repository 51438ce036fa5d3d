/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - what every command of platen has in common: a line in the table
 * of core/main.c, options from a table, and a --help made from both.
 *
 * A command lives in core/cmd/NAME.c and exports one struct cmd.
 */
#ifndef PLATEN_OPTIONS_H
#define PLATEN_OPTIONS_H

#include "base/base.h"

/* Exit statuses of every command. */
enum { EXIT_DONE = 0, EXIT_SOME = 1, EXIT_USAGE = 2 };

struct cmd {
	const char *name; /* "check" */
	const char *synopsis; /* what follows the name: "[-c FILE]" */
	const char *summary; /* one sentence without full stop, for both kinds of --help */
	const char *more; /* what --help says below the options; NULL: nothing */
	int (*run)(int argc, char **argv); /* argv[0] is the command; the exit status */
};

extern const struct cmd cmd_agents, cmd_doctor, cmd_forget, cmd_keys, cmd_discover, cmd_read,
	cmd_run, cmd_check, cmd_plugins, cmd_plugin_new, cmd_record, cmd_replay, cmd_sign,
	cmd_spool, cmd_version;

/* What a TARGET may be: the `more` of the commands that take one. */
#define TARGET_HELP                                                                                \
	"TARGET is an address, a host name, a CIDR (192.168.1.0/24) or a range "                   \
	"(192.168.1.10-192.168.1.99), each with an optional :port for SNMP. IPv6 "                 \
	"addresses stand in brackets."

/* An option that may be given again is given so often at most. */
#define MAX_REPEATS 16

/*
 * One option.  With an argument it sets *text, without one it sets *flag.  One
 * that may be given again sets text[0], text[1], ... of MAX_REPEATS.
 */
struct cmd_option {
	char letter; /* 0: has none */
	const char *name;
	const char *argument; /* "FILE"; "FILE...": may be given again; NULL: takes none */
	const char *help;
	bool *flag;
	const char **text;
};

/* The option nearly every command has. */
#define OPTION_CONFIG(where)                                                                       \
	{                                                                                          \
		'c', "config", "FILE", "read FILE, not /etc/platen/platen.ini", NULL, (where)      \
	}

/*
 * Read argv.  Returns the index of the first operand (argc: there is none);
 * options may also follow operands.  -1: nothing more to do, end with *status:
 * --help was printed, or what is wrong was said on stderr.
 */
int options_read(const struct cmd *, const struct cmd_option *, uint32_t n, int argc, char **argv,
	int *status);

/* Say what is wrong with the operands, as options_read would; returns EXIT_USAGE. */
int options_wrong(const struct cmd *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
