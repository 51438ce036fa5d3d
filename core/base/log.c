/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.c - one line on stderr for the operator.
 *
 * Bytes that could confuse a terminal or a log reader are shown as '?': what a
 * printer or a plugin says ends up in these lines.
 */
#include "base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *log_name = "platen";
static enum log_level log_least = LOG_INFO;
static bool log_journal;

void
log_open(const char *name, enum log_level least)
{
	log_name = name;
	log_least = least;
	log_journal = getenv("JOURNAL_STREAM") != NULL;
}

static void
write_line(enum log_level level, const char *fmt, va_list ap)
{
	static const struct {
		const char *word;
		int syslog; /* priority as systemd reads it from a line's head */
	} levels[] = {
		[LOG_DEBUG] = { "debug: ", 7 },
		[LOG_INFO] = { "", 6 },
		[LOG_WARN] = { "warning: ", 4 },
		[LOG_ERROR] = { "error: ", 3 },
		[LOG_NOTHING] = { "", 3 },
	};
	char line[1200];
	size_t n = 0, from;

	if (log_journal)
		n = (size_t)snprintf(line, sizeof(line), "<%d>", levels[level].syslog);
	n += (size_t)snprintf(line + n, sizeof(line) - n, "%s: %s", log_name, levels[level].word);
	from = n;
	vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	n += strlen(line + n);
	for (size_t i = from; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
			line[i] = '?';
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return; /* nobody is left to be told */
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (level < log_least)
		return;
	va_start(ap, fmt);
	write_line(level, fmt, ap);
	va_end(ap);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	write_line(LOG_ERROR, fmt, ap);
	va_end(ap);
	_exit(70);
}

bool
why_set(struct why *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, sizeof(why->text), fmt, ap);
	va_end(ap);
	return false;
}
