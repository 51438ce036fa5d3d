/* SPDX-License-Identifier: Apache-2.0 */
/* load.c - config, loop and progress line for the commands; see load.h. */
#include "cmd/load.h"

#include "config/config_keys.h"
#include "net/net.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
fault(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "platen: %s\n", line);
}

struct config *
load_config(const char *file)
{
	return config_read(file, fault, NULL);
}

bool
load_targets(const char *command, char *const *targets, int n)
{
	struct pool *pool = pool_new();
	bool good = true;

	for (int i = 0; i < n; i++) {
		struct range range;
		struct why why;

		if (range_parse(targets[i], pool, &range, &why) && port_check(range.port, &why))
			continue;
		fprintf(stderr, "platen %s: %s: %s\n", command, targets[i], why.text);
		good = false;
	}
	pool_free(pool);
	return good;
}

bool
target_is(const char *target, const char *address)
{
	const char *host = target[0] == '[' ? target + 1 : target;
	size_t n = strlen(address);

	return strncmp(host, address, n) == 0 && (host[n] == 0 || host[n] == ':' || host[n] == ']');
}

bool
target_is_one(const char *target)
{
	struct pool *pool = pool_new();
	struct range range;
	struct why why;
	bool one = range_parse(target, pool, &range, &why) &&
		(range.name != NULL || range_count(&range) == 1);

	pool_free(pool);
	return one;
}

void
loop_empty(uv_loop_t *loop)
{
	uv_run(loop, UV_RUN_DEFAULT);
	if (uv_loop_close(loop) != 0)
		log_error("internal: something is still open in the event loop");
}

void
progress_begin(struct progress *p)
{
	p->terminal = isatty(STDERR_FILENO);
	p->began = clock_ms();
}

void
progress_show(struct progress *p, uint64_t sent, uint64_t total, uint64_t found)
{
	uint64_t ran = clock_ms() - p->began, left;
	char say[24];

	if (!p->terminal || total == 0 || sent == 0)
		return;
	left = sent < total ? ran * (total - sent) / sent : 0;
	text_duration_say(left / 1000 * 1000, say);
	if (left >= 60000)
		snprintf(say, sizeof(say), "%um%02us", (unsigned)(left / 60000),
			(unsigned)(left / 1000 % 60));
	fprintf(stderr, "\r\033[K%3u %% swept, %llu found, %s left", (unsigned)(sent * 100 / total),
		(unsigned long long)found, say);
	fflush(stderr);
}

void
progress_clear(struct progress *p)
{
	if (p->terminal)
		fprintf(stderr, "\r\033[K");
}
