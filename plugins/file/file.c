/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file - records as lines of JSON in a file of the agent's machine.
 *
 * The plugin makes the lines; the agent, which owns the file, appends them,
 * rotates it, and answers when they are on the disk.
 */
#include <platen/plugin.h>
#include <platen/upload.h>

#include <stdlib.h>
#include <string.h>

static const struct platen_upload *upload;

static int32_t
start(const struct platen_host *host)
{
	upload = (const struct platen_upload *)host->service(host, PLATEN_UPLOAD);
	return upload != NULL ? PLATEN_OK : PLATEN_EINVAL;
}

/* All lines of a batch went in one piece, so they have one fate. */
static void
sent(struct platen_delivery *delivery, const struct platen_upload_reply *reply, void *arg)
{
	const struct platen_batch *batch = arg;

	if (reply->status == PLATEN_OK)
		upload->settle(delivery, 0, batch->n, PLATEN_SENT, 0, "");
	else
		upload->settle(delivery, 0, batch->n, PLATEN_LATER, 0,
			"the file cannot be written");
}

static int32_t
deliver(struct platen_delivery *delivery, const struct platen_batch *batch)
{
	uint64_t size = 0, at = 0;
	int32_t status;
	char *lines;

	for (uint32_t i = 0; i < batch->n; i++)
		size += batch->records[i]->len + 1;
	lines = malloc(size);
	if (lines == NULL)
		return PLATEN_ETOOBIG;
	for (uint32_t i = 0; i < batch->n; i++) {
		const struct platen_record *r = batch->records[i];

		memcpy(lines + at, r->json, r->len);
		at += r->len;
		lines[at++] = '\n';
	}
	status = upload->send(delivery, "application/x-ndjson", lines, size, sent, (void *)batch);
	free(lines);
	return status;
}

static const struct platen_sink sink = {
	.size = sizeof(sink),
	.deliver = deliver,
};

static const char *const needs[] = { PLATEN_UPLOAD, NULL };
static const char *const reach[] = { NULL };

static const struct platen_option options[] = {
	{ "path", NULL, "the file, from /; its folder must exist" },
	{ "max_size", "64m", "begin a new file before it grows larger; 0: never" },
	{ "max_age", "0s", "begin a new file when it is older; 0s: never" },
	{ "keep", "8", "files to keep beside the current one; 0: all" },
	{ NULL, NULL, NULL },
};

static const struct platen_plugin plugin = {
	.size = sizeof(plugin),
	.abi_minor = PLATEN_ABI_MINOR,
	.name = "file",
	.version = "1.0",
	.summary = "writes records as JSON lines to a file",
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
