/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: one table, read by one loop; --help is printed from the same table.
 */
#include "sim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool
read_number(const char *option, const char *text, double low, double high, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end != text && *end == '\0' && *out >= low && *out <= high)
		return true;
	return complain("%s %s: not a number from %.0f to %.0f", option, text, low, high);
}

static bool
read_int(const char *option, const char *text, int low, int high, int *out)
{
	double v;

	if (!read_number(option, text, low, high, &v))
		return false;
	*out = (int)v;
	return true;
}

static bool
set_port(struct sim *sim, const char *text)
{
	return read_int("--port", text, 1, 65535, &sim->port);
}

static bool
set_http_port(struct sim *sim, const char *text)
{
	return read_int("--http-port", text, 1, 65535, &sim->http_port);
}

static bool
set_https_port(struct sim *sim, const char *text)
{
	return read_int("--https-port", text, 1, 65535, &sim->https_port);
}

static bool
add_community(struct sim *sim, const char *text)
{
	if (strlen(text) > COMMUNITY_MAX)
		return complain("--community: longer than %u characters", COMMUNITY_MAX);
	sim->community =
		must_realloc(sim->community, sim->community_count + 1, sizeof *sim->community);
	sim->community[sim->community_count++] = text;
	return true;
}

static bool
set_max_size(struct sim *sim, const char *text)
{
	int size;

	if (!read_int("--max-size", text, 484, (int)DATAGRAM_MAX, &size))
		return false;
	sim->max_size = (size_t)size;
	return true;
}

static bool
set_unique(struct sim *sim, const char *text)
{
	(void)text;
	sim->unique = true;
	sim->same = false;
	return true;
}

static bool
set_same(struct sim *sim, const char *text)
{
	(void)text;
	sim->same = true;
	sim->unique = false;
	return true;
}

static bool
set_grow(struct sim *sim, const char *text)
{
	return read_number("--grow", text, 0, 1e9, &sim->grow);
}

/* --latency and --loss are short for faults. */
static bool
add_as(struct sim *sim, const char *kind, const char *text)
{
	char fault[200];

	snprintf(fault, sizeof fault, "%s=%s", kind, text);
	return fault_add(sim, fault);
}

static bool
add_latency(struct sim *sim, const char *text)
{
	return add_as(sim, "late", text);
}

static bool
add_loss(struct sim *sim, const char *text)
{
	return add_as(sim, "loss", text);
}

static bool
set_seed(struct sim *sim, const char *text)
{
	double v;

	if (!read_number("--seed", text, 1, 4294967295.0, &v))
		return false;
	sim->random = (uint64_t)v * 0x9e3779b97f4a7c15ull | 1;
	return true;
}

static bool
set_seconds(struct sim *sim, const char *text)
{
	return read_number("--for", text, 0.001, 1e9, &sim->seconds);
}

static bool
set_stats(struct sim *sim, const char *text)
{
	sim->stats_file = text;
	return true;
}

static bool
set_trace(struct sim *sim, const char *text)
{
	sim->trace = strcmp(text, "-") == 0 ? stderr : fopen(text, "w");
	return sim->trace != NULL ||
		complain("--trace %s: cannot be written: %s", text, strerror(errno));
}

static bool
set_ready(struct sim *sim, const char *text)
{
	if (strcmp(text, "-") == 0)
		text = "1";
	return read_int("--ready", text, 0, 1 << 20, &sim->ready_fd);
}

static bool
set_list(struct sim *sim, const char *text)
{
	(void)text;
	sim->list = true;
	return true;
}

static const struct option {
	const char *name, *argument; /* NULL: takes none */
	bool (*set)(struct sim *sim, const char *text);
	const char *help;
} options[] = {
	{ "--listen", "RANGE", listen_add,
		"addresses, each a printer: ADDR, ADDR-ADDR, ADDR/BITS, comma list\n"
		"(default: one printer per capture from 127.1.0.1 on)" },
	{ "--port", "N", set_port, "UDP port for SNMP (16161)" },
	{ "--http-port", "N", set_http_port, "TCP port for HTTP (none)" },
	{ "--https-port", "N", set_https_port, "TCP port for HTTP over TLS (none)" },
	{ "--login", "RANGE=HOW:USER:PASSWORD", login_add,
		"pages want the password; HOW is basic, digest, or form (HP\n"
		"FutureSmart's, which has no user)" },
	{ "--printer", "ADDR=CAPTURE", choice_add,
		"this address shows this capture: a loaded one's name, or a path" },
	{ "--community", "NAME", add_community, "answer to this community, repeatable (public)" },
	{ "--max-size", "OCTETS", set_max_size, "longest answer; longer is tooBig (1472)" },
	{ "--unique", NULL, set_unique,
		"own serial number and MAC for every printer (default where\n"
		"a capture has more than one printer)" },
	{ "--same", NULL, set_same, "all printers of a capture alike, byte for byte" },
	{ "--grow", "PAGES", set_grow, "life counts grow by PAGES a minute (0)" },
	{ "--latency", "MS[+-MS][@RANGE]", add_latency, "answer late" },
	{ "--loss", "PERCENT[@RANGE]", add_loss, "lose datagrams" },
	{ "--fault", "KIND[=ARG][@RANGE]", fault_add,
		"misbehave, see below; all printers "
		"without @RANGE" },
	{ "--seed", "N", set_seed, "repeat the random choices of loss, jitter, malformed" },
	{ "--for", "SECONDS", set_seconds, "end after SECONDS (on SIGTERM, SIGINT)" },
	{ "--stats", "FILE", set_stats, "statistics go there at the end and on SIGUSR1 (stdout)" },
	{ "--trace", "FILE", set_trace, "one line per request (- is stderr)" },
	{ "--ready", "FD", set_ready,
		"print \"ready\" there when sockets are bound (- is stdout)" },
	{ "--list", NULL, set_list, "print the printers: address, capture, serial number" },
};

#define OPTIONS (sizeof options / sizeof *options)

static void
print_help_text(const char *text)
{
	for (; *text != '\0'; text++) {
		putchar(*text);
		if (*text == '\n')
			printf("%32s", "");
	}
	putchar('\n');
}

static void
print_help(void)
{
	puts("platen-sim: many printers from captures, on loopback\n\n"
	     "    platen-sim [option...] CAPTURE...\n\n"
	     "CAPTURE is an .snmprec file, a folder of them (with http/ beside a single one for\n"
	     "its pages), or a folder of such folders. Printer number i shows capture i mod N.\n\n"
	     "Options:");
	for (size_t i = 0; i < OPTIONS; i++) {
		char left[64];

		snprintf(left, sizeof left, "%s %s", options[i].name,
			options[i].argument ? options[i].argument : "");
		printf("    %-28s", left);
		if (strlen(left) > 27)
			printf("\n%32s", "");
		print_help_text(options[i].help);
	}
	puts("\nFaults (KIND=ARG@RANGE):");
	fault_help(stdout);
	puts("\nWrites are loud: an SNMP SET, an HTTP POST or the like that is no log-in,\n"
	     "or a question below\n"
	     "1.3.6.1.4.1.1248.1.2.2.44 (Epson commands) is a line on stderr and exit status 3.\n"
	     "Exit status: 0 done, 2 usage, 3 something tried to write.");
}

static const struct option *
option_find(const char *arg, size_t len)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == len && strncmp(options[i].name, arg, len) == 0)
			return &options[i];
	return NULL;
}

/* One option, as --name VALUE or --name=VALUE; moves *i over a value of its own. */
static bool
read_option(struct sim *sim, int argc, char **argv, int *i)
{
	const char *arg = argv[*i], *value = strchr(arg, '=');
	const struct option *o = option_find(arg, value ? (size_t)(value - arg) : strlen(arg));

	if (o == NULL)
		return complain("unknown option %s; platen-sim --help lists them", arg);
	if (o->argument == NULL)
		return value == NULL ? o->set(sim, NULL) : complain("%s takes no value", o->name);
	if (value != NULL)
		return o->set(sim, value + 1);
	if (*i + 1 == argc)
		return complain("%s needs a value: %s %s", o->name, o->name, o->argument);
	return o->set(sim, argv[++*i]);
}

static void
set_defaults(struct sim *sim)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	sim->port = 16161;
	sim->ready_fd = -1;
	sim->max_size = 1472;
	sim->random = ((uint64_t)t.tv_sec << 30 ^ (uint64_t)t.tv_nsec) | 1;
}

bool
options_read(struct sim *sim, int argc, char **argv, int *status)
{
	set_defaults(sim);
	*status = EXIT_USAGE;
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			print_help();
			*status = EXIT_DONE;
			return false;
		}
		if (argv[i][0] == '-' ? !read_option(sim, argc, argv, &i)
				      : !captures_load(&sim->captures, argv[i]))
			return false;
	}
	if (sim->community_count == 0)
		add_community(sim, "public");
	return true;
}
