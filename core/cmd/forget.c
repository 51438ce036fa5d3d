/* SPDX-License-Identifier: Apache-2.0 */
/*
 * forget.c - `platen forget`: a printer was replaced or reset, and what the agent
 * has learned of it is right no longer; above all its TLS key.
 *
 * Touches nothing of what was read, and speaks to no printer.
 */
#include "cmd/load.h"
#include "cmd/options.h"

#include "net/address.h"
#include "store/pins.h"

#include <stdio.h>
#include <string.h>

/* As the agent writes it; false: it is no address. */
static bool
read_address(const char *text, char out[static ADDRESS_TEXT])
{
	size_t n = strlen(text);
	bool brackets = n > 2 && text[0] == '[' && text[n - 1] == ']';
	char bare[ADDRESS_TEXT];
	struct address a;

	if (n >= sizeof(bare))
		return false;
	snprintf(bare, sizeof(bare), "%.*s", (int)(brackets ? n - 2 : n), text + brackets);
	if (!address_parse(bare, 0, &a))
		return false;
	address_format(&a, out);
	return true;
}

static int
forget(const struct config *config, const char *text)
{
	char address[ADDRESS_TEXT];
	struct why why;

	if (!read_address(text, address))
		return options_wrong(&cmd_forget,
			"\"%s\" is no address; give it as `platen discover` prints it", text);
	if (!pins_forget(config->state, address, &why)) {
		fprintf(stderr, "platen forget: %s\n", why.text);
		return EXIT_SOME;
	}
	printf("%s: forgotten at once, or when the agent starts\n", address);
	return EXIT_DONE;
}

static int
run(int argc, char **argv)
{
	const char *file = NULL;
	const struct cmd_option options[] = { OPTION_CONFIG(&file) };
	int status, first = options_read(&cmd_forget, options, COUNT(options), argc, argv, &status);
	struct config *config;

	if (first < 0)
		return status;
	if (first == argc)
		return options_wrong(&cmd_forget, "which printer?");
	if ((config = load_config(file)) == NULL)
		return EXIT_USAGE;
	status = EXIT_DONE;
	for (int i = first; i < argc && status == EXIT_DONE; i++)
		status = forget(config, argv[i]);
	config_free(config);
	return status;
}

const struct cmd cmd_forget = {
	.name = "forget",
	.synopsis = "[-c FILE] ADDRESS...",
	.summary = "forget what was learned of a printer that was replaced or reset",
	.more = "The TLS key that it shows next is taken as if it were the first, a password that "
		"it refused is shown once more, and how SNMP reaches it is found out anew. What "
		"was read of it stays.",
	.run = run,
};
