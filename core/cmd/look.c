/* SPDX-License-Identifier: Apache-2.0 */
/* look.c - what plugins ask and read in a visit, for people; see look.h. */
#include "cmd/look.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LEAST_OBJECTS 16 /* a request's, at first */
#define MOST_OBJECTS 48 /* a request's, of a printer that takes more */

#define INDENT 4
#define VALUE 34 /* column of a reading's value */
#define WIDTH 80
#define MAX_FROM 256 /* bytes of where a value stands; a sum names several objects */

/* ---- words and figures ---- */

struct packets
packets_needed(const struct question *q, const struct answer *a)
{
	uint32_t objects = 0;

	if (a->status == PLATEN_EREACH || a->status == PLATEN_EREFUSED)
		return (struct packets){ 0 };
	switch (q->kind) {
	case ASK_GET:
		objects = q->n;
		break;
	case ASK_TABLE:
		objects = a->n + q->n;
		break;
	case ASK_PAGE:
	case ASK_LOGIN:
	case ASK_READ: /* no plugin's question */
		break;
	}
	return (struct packets){
		.least = (objects + MOST_OBJECTS - 1) / MOST_OBJECTS,
		.most = (objects + LEAST_OBJECTS - 1) / LEAST_OBJECTS,
	};
}

const char *
status_word(int32_t status)
{
	static const char *const words[] = {
		[-PLATEN_OK] = "answered",
		[-PLATEN_ENOANSWER] = "not answered",
		[-PLATEN_EREFUSED] = "refused",
		[-PLATEN_ETOOBIG] = "too large",
		[-PLATEN_EBUDGET] = "one too many",
		[-PLATEN_EREACH] = "outside its reach, not asked",
		[-PLATEN_EINVAL] = "wrong",
		[-PLATEN_EPARTIAL] = "answered in part",
	};

	return status <= 0 && -status < (int32_t)COUNT(words) ? words[-status] : "wrong";
}

static void
number_say(int64_t number, struct buf *out)
{
	switch (number) {
	case PLATEN_NONE:
		break;
	case PLATEN_UNKNOWN:
		buf_text(out, "unknown");
		break;
	case PLATEN_SOME:
		buf_text(out, "some");
		break;
	case PLATEN_UNLIMITED:
		buf_text(out, "no limit");
		break;
	default:
		buf_format(out, "%" PRId64, number);
	}
}

void
reading_say(const struct platen_reading *r, struct buf *out)
{
	if (r->text != NULL) {
		buf_text(out, r->text);
		return;
	}
	number_say(r->number, out);
	if (r->full != PLATEN_NONE) {
		buf_text(out, " of ");
		number_say(r->full, out);
	}
	if (r->unit != NULL)
		buf_format(out, " %s", r->unit);
}

void
print_words(FILE *out, const char *s, int at, int indent)
{
	bool first = true; /* of its line */

	while (*s != 0) {
		int n = (int)strcspn(s, " ");

		if (!first && at + 1 + n > WIDTH) {
			fprintf(out, "\n%*s", indent, "");
			at = indent;
			first = true;
		}
		at += fprintf(out, "%s%.*s", first ? "" : " ", n, s);
		first = false;
		s += n;
		s += strspn(s, " ");
	}
	fputc('\n', out);
}

/* ---- the witness ---- */

static const char *
name(const struct look *l, uint32_t scraper)
{
	return scraper_name(l->scrapers, scraper);
}

static void
on_matched(void *arg, uint32_t scraper, int32_t match)
{
	struct look *l = arg;

	if (match > 0)
		fprintf(l->out, "%s knows this printer: %d of 100\n", name(l, scraper), match);
	else
		fprintf(l->out, "%s does not know this printer\n", name(l, scraper));
}

static uint32_t
count_absent(const struct answer *a)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->n; i++)
		n += a->binds[i].type == PLATEN_ABSENT;
	return n;
}

static void
say_answer(const struct answer *a, struct packets p, struct buf *line)
{
	bool page = a->kind == ASK_PAGE || a->kind == ASK_LOGIN;
	bool said = a->status == PLATEN_OK || a->status == PLATEN_EPARTIAL;
	uint32_t absent = count_absent(a);

	buf_text(line, status_word(a->status));
	if (said && page)
		buf_format(line, ", status %d, %" PRIu64 " bytes", a->code, a->len);
	if (said && !page)
		buf_format(line, ", %u object%s", a->n, a->n == 1 ? "" : "s");
	if (absent > 0)
		buf_format(line, " (%u absent)", absent);
	if (p.most > p.least)
		buf_format(line, ", %u to %u packets", p.least, p.most);
	else if (p.most > 0)
		buf_format(line, ", %u packet%s", p.most, p.most == 1 ? "" : "s");
}

static void
on_asked(void *arg, uint32_t scraper, const struct question *q, const struct answer *a)
{
	struct look *l = arg;
	struct packets p = packets_needed(q, a);
	struct buf line = { 0 };

	l->questions++;
	l->pages += q->kind == ASK_PAGE;
	l->refused += a->status == PLATEN_EREACH;
	l->packets.least += p.least;
	l->packets.most += p.most;
	buf_format(&line, "%s asks: ", name(l, scraper));
	question_say(q, &line);
	buf_text(&line, ": ");
	say_answer(a, p, &line);
	print_words(l->out, (char *)line.p, 0, INDENT);
	buf_free(&line);
}

static void
on_reading(void *arg, uint32_t scraper, const struct platen_reading *r)
{
	struct look *l = arg;
	char what[VALUE], cut[MAX_FROM];
	struct buf value = { 0 };

	(void)scraper;
	snprintf(what, sizeof(what), "%s%s%s", r->metric, r->part != NULL ? " " : "",
		r->part != NULL ? r->part : "");
	reading_say(r, &value);
	text_copy(cut, WIDTH - VALUE + 1, value.n > 0 ? (char *)value.p : "");
	fprintf(l->out, "%*s%-*s %s", INDENT, "", VALUE - INDENT - 1, what, cut);
	text_copy(cut, sizeof(cut), r->from != NULL ? r->from : "");
	fprintf(l->out, "%s%s\n", cut[0] != 0 ? "  from " : "", cut);
	buf_free(&value);
}

static void
on_done(void *arg, uint32_t scraper, int32_t status)
{
	struct look *l = arg;

	if (status != PLATEN_OK)
		fprintf(l->out, "%s did not finish: %s\n", name(l, scraper), status_word(status));
}

static void
on_gone(void *arg, uint32_t scraper, const char *how)
{
	struct look *l = arg;

	fprintf(l->out, "%s: %s\n", name(l, scraper), how);
}

static void
on_log(void *arg, uint32_t scraper, enum log_level level, const char *text)
{
	static const char *const levels[] = {
		[LOG_DEBUG] = "debug",
		[LOG_INFO] = "info",
		[LOG_WARN] = "warning",
		[LOG_ERROR] = "error",
		[LOG_NOTHING] = "",
	};
	struct look *l = arg;
	char *line = mem_format("%s says, %s: %s", name(l, scraper), levels[level], text);

	print_words(l->out, line, 0, INDENT);
	free(line);
}

struct visit_witness
look_witness(struct look *l)
{
	return (struct visit_witness){
		.matched = on_matched,
		.asked = on_asked,
		.reading = on_reading,
		.done = on_done,
		.gone = on_gone,
		.log = on_log,
		.arg = l,
	};
}

void
look_end(const struct look *l)
{
	fprintf(l->out, "%u questions, %u to %u SNMP packets, %u pages", l->questions,
		l->packets.least, l->packets.most, l->pages);
	if (l->refused > 0)
		fprintf(l->out, "; %u outside reach", l->refused);
	fprintf(l->out, "\n\n");
}
