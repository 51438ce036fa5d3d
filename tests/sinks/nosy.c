/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nosy.c - a sink that is granted platen.network/1 and tries what is not its own; each
 * try is a line in the log.  The last one, named by the option url or path, ends it.
 */
#include <platen/network.h>
#include <platen/upload.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct platen_host *host;
static const struct platen_upload *upload;

static void
say(const char *what, int got)
{
	char line[200];

	snprintf(line, sizeof(line), "%s: %s", what, got >= 0 ? "yes" : "no");
	host->log(host, PLATEN_INFO, line);
}

static int32_t
deliver(struct platen_delivery *d, const struct platen_batch *batch)
{
	const char *last = host->option(host, "last"), *file = host->option(host, "path");
	struct sockaddr_in nowhere = { .sin_family = AF_INET };

	say("reads passwd", open("/etc/passwd", O_RDONLY));
	say("reads hosts", open("/etc/hosts", O_RDONLY));
	say("reads its neighbour", open(host->option(host, "neighbour"), O_RDONLY));
	if (file[0] != 0)
		say("writes its own", open(file, O_RDWR | O_CREAT, 0600));
	if (file[0] != 0)
		say("writes its neighbour", open(host->option(host, "neighbour"), O_RDWR));
	if (strcmp(last, "exec") == 0)
		execl("/bin/true", "true", NULL);
	if (strcmp(last, "fork") == 0)
		fork();
	if (strcmp(last, "socket") == 0)
		socket(AF_INET, SOCK_STREAM, 0);
	if (strcmp(last, "listen") == 0)
		bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&nowhere, sizeof(nowhere));
	if (strcmp(last, "create") == 0)
		say("writes passwd", open("/etc/passwd", O_RDWR));
	say("lives", 0);
	return upload->settle(d, 0, batch->n, PLATEN_SENT, 0, "");
}

static int32_t
start(const struct platen_host *given)
{
	host = given;
	upload = host->service(host, PLATEN_UPLOAD);
	return PLATEN_OK;
}

static const struct platen_sink sink = { .size = sizeof(sink), .deliver = deliver };
static const char *const needs[] = { PLATEN_UPLOAD, PLATEN_NETWORK, NULL };
static const char *const reach[] = { NULL };
static const struct platen_option options[] = {
	{ "path", "", "a database" },
	{ "url", "", "a server" },
	{ "neighbour", "", "a file of somebody else" },
	{ "last", "", "what to try last" },
	{ NULL, NULL, NULL },
};
static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "nosy",
	.version = "1",
	.summary = "looks where it should not",
	.needs = needs,
	.reach = reach,
	.options = options,
	.sink = &sink,
	.start = start,
};

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return &plugin;
}
