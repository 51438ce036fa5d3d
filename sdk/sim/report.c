/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the simulator tells: statistics, the trace, and what it shouts.
 *
 * A write to a printer, or what some printers take for one, is never answered quietly: it gets a
 * line on stderr, and main.c ends with a status of its own because of it.
 */
#include "sim.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool
complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("platen-sim: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	return false;
}

void *
must_realloc(void *p, size_t count, size_t size)
{
	void *q = reallocarray(p, count ? count : 1, size);

	if (q == NULL) {
		complain("out of memory");
		exit(EXIT_USAGE);
	}
	return q;
}

char *
must_strdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(must_realloc(NULL, size, 1), s, size);
}

static void
write_stats(const struct sim *sim, FILE *f)
{
	const struct stats *s = &sim->stats;
	const struct {
		const char *name;
		uint64_t n;
	} fields[] = {
		{ "printers", sim->printer_count },
		{ "requests", s->requests },
		{ "responses", s->responses },
		{ "get", s->get },
		{ "getnext", s->getnext },
		{ "getbulk", s->getbulk },
		{ "set", s->set },
		{ "post", s->post },
		{ "epson_command", s->epson_command },
		{ "bytes_in", s->bytes_in },
		{ "bytes_out", s->bytes_out },
		{ "malformed", s->malformed },
		{ "v3_ignored", s->v3_ignored },
		{ "wrong_community", s->wrong_community },
		{ "elsewhere", s->elsewhere },
		{ "unsent", s->unsent },
		{ "http_get", s->http_get },
		{ "http_connections", s->http_connections },
		{ "https_connections", s->https_connections },
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		fprintf(f, "%s\"%s\":%llu", i ? "," : "{", fields[i].name,
			(unsigned long long)fields[i].n);
	if (sim->login_count > 0)
		login_report(sim, f);
	fputs("}\n", f);
}

void
report_stats(struct sim *sim)
{
	FILE *f = sim->stats_file ? fopen(sim->stats_file, "w") : stdout;

	if (f == NULL) {
		complain("--stats %s: cannot be written: %s", sim->stats_file, strerror(errno));
		f = stdout;
	}
	write_stats(sim, f);
	if (f == stdout)
		fflush(f);
	else
		fclose(f);
}

void
report_trace(struct sim *sim, const struct sockaddr_storage *from, const struct printer *p,
	const struct message *m)
{
	char endpoint[64], oid[OID_MAX * 11];

	fprintf(sim->trace, "%lld.%03lld %s %s v%s %s %u ", (long long)sim->now_ms / 1000,
		(long long)sim->now_ms % 1000, endpoint_text(from, endpoint, sizeof endpoint),
		addr_text(p->addr).s, m->version == SNMP_V1 ? "1" : "2c", pdu_name(m->pdu),
		m->count);
	for (uint32_t i = 0; i < m->count; i++)
		fprintf(sim->trace, "%s%s", i > 0 ? "," : "",
			oid_text(&m->name[i], oid, sizeof oid));
	fputs(m->count > 0 ? "\n" : "-\n", sim->trace);
}

void
report_trace_http(struct sim *sim, const struct sockaddr_storage *from, const struct printer *p,
	const char *line)
{
	char endpoint[64];

	fprintf(sim->trace, "%lld.%03lld %s %s http %s\n", (long long)sim->now_ms / 1000,
		(long long)sim->now_ms % 1000, endpoint_text(from, endpoint, sizeof endpoint),
		addr_text(p->addr).s, line);
}

void
report_write(struct sim *sim, const char *what, const struct sockaddr_storage *from,
	const struct printer *p, const char *object)
{
	char endpoint[64];

	(void)sim;
	complain("%s from %s to %s of %s", what, endpoint_text(from, endpoint, sizeof endpoint),
		addr_text(p->addr).s, object);
}
