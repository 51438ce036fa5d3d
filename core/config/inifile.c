/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inifile.c - the file, line by line, through inih.
 *
 * inih as packaged reads lines of 199 bytes, names of 49, drops what follows
 * " ;", takes an indented line for more of the value above and reports one
 * error only.  So each raw line is looked at before inih gets it: what inih
 * would cut or misread is refused with its line, and inih gets an empty line
 * in its place.  A file that inih sees is therefore one it reads as it is
 * written.
 */
#include "config/inifile.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* ---- faults ---- */

void
fault_add(struct faults *f, uint32_t line, const char *fmt, ...)
{
	struct buf text = { 0 };
	char *copy;
	va_list ap;
	char s[600];

	va_start(ap, fmt);
	vsnprintf(s, sizeof(s), fmt, ap);
	va_end(ap);
	if (f->n++ >= MAX_FAULTS)
		return;
	buf_text(&text, f->file);
	if (line > 0)
		buf_format(&text, ":%u", line);
	buf_format(&text, ": %s", s);
	copy = buf_take(&text);
	f->list[f->n - 1] = (struct fault){ line, f->n, pool_string(f->pool, copy) };
	free(copy);
}

void
fault_told(struct faults *f, const char *line)
{
	if (f->n++ < MAX_FAULTS)
		f->list[f->n - 1] = (struct fault){ 0, f->n, pool_string(f->pool, line) };
}

static int
by_line(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void
faults_tell(struct faults *f, void (*tell)(void *arg, const char *line), void *arg)
{
	uint32_t n = f->n < MAX_FAULTS ? f->n : MAX_FAULTS;

	qsort(f->list, n, sizeof(f->list[0]), by_line);
	for (uint32_t i = 0; i < n; i++)
		tell(arg, f->list[i].text);
	if (f->n > n) {
		char *rest = mem_format("%s: and %u faults more", f->file, f->n - n);

		tell(arg, rest);
		free(rest);
	}
}

/* ---- the bytes of the file ---- */

static bool
read_all(int fd, struct buf *out)
{
	uint8_t part[16384];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0 && out->n <= MAX_INI_FILE)
		buf_add(out, part, (size_t)n);
	return n >= 0;
}

/* /dev/null is how one asks for the defaults. */
static bool
is_null(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3);
}

static bool
read_file(const char *file, struct faults *f, struct buf *out)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold us */
	struct stat st;
	bool ok = false;

	if (fd < 0 || fstat(fd, &st) < 0)
		fault_add(f, 0, "cannot be opened: %s", strerror(errno));
	else if (!S_ISREG(st.st_mode) && !is_null(&st))
		fault_add(f, 0, "is not a regular file; the INI must be one");
	else if (!read_all(fd, out))
		fault_add(f, 0, "cannot be read: %s", strerror(errno));
	else if (out->n > MAX_INI_FILE)
		fault_add(f, 0, "is larger than %u bytes; this cannot be an INI", MAX_INI_FILE);
	else
		ok = true;
	if (fd >= 0)
		close(fd);
	return ok;
}

/* ---- raw lines ---- */

enum line_kind {
	LINE_EMPTY, /* blank or a comment */
	LINE_SECTION,
	LINE_KEY,
	LINE_MORE /* begins with a blank: goes on with the value above */
};

struct reader {
	struct faults *faults;
	const char *at, *end; /* bytes still to come */
	struct buf raw; /* the line as it stands in the file */
	uint32_t line;
	enum line_kind kind;
	enum { SECTION_NONE, SECTION_OPEN, SECTION_REFUSED } state;
	uint32_t nsections;
	struct ini_section *first, *section, **last;
	bool key_above; /* in this section stands one, taken or refused */
	struct ini_entry *entry; /* the key above, if it was taken: it may go on */
	struct ini_entry **last_entry;
	struct buf value; /* of entry */
};

static const char BLANKS[] = " \t";

static enum line_kind
kind_of(const char *s)
{
	const char *first = s + strspn(s, BLANKS);

	if (*first == 0 || *first == '#' || *first == ';')
		return LINE_EMPTY;
	if (first > s)
		return LINE_MORE;
	return *s == '[' ? LINE_SECTION : LINE_KEY;
}

/* Does an indented line look as if it were meant to stand for itself?  "key = x" or "[section]". */
static bool
stands_alone(const char *s)
{
	const char *p = s + strspn(s, BLANKS);

	if (*p == '[') /* but "[2001:db8::7]" is an address */
		return p[strcspn(p, ":]")] == ']';
	p += strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_");
	p += strspn(p, BLANKS);
	return *p == '=';
}

/* inih drops a ';' behind a blank and all that follows. */
static bool
has_comment(const char *s)
{
	for (; *s != 0; s++)
		if ((*s == ' ' || *s == '\t') && s[1] == ';')
			return true;
	return false;
}

static bool
has_control(const char *s)
{
	for (; *s != 0; s++)
		if (((unsigned char)*s < 0x20 && *s != '\t') || *s == 0x7F)
			return true;
	return false;
}

/* What is wrong with the form of a line, and what to do; NULL: nothing. */
static const char *
line_wrong(const char *s, size_t n, enum line_kind kind)
{
	size_t word = strcspn(s, kind == LINE_SECTION ? "]" : "=:");

	if (n > MAX_INI_LINE)
		return "longer than 190 bytes; a list may go on in lines that begin with a blank";
	if (memchr(s, 0, n) != NULL)
		return "a NUL byte; this is no text file";
	if (!text_is_utf8(s, n))
		return "not UTF-8; save the file as UTF-8";
	if (has_control(s))
		return "a control character; type the line anew";
	if (kind == LINE_EMPTY)
		return NULL;
	if (has_comment(s))
		return "\" ;\" in the middle of a line would cut it there; "
		       "put comments on lines of their own, and write no blank before a ';'";
	if (kind == LINE_MORE && !stands_alone(s))
		return NULL;
	if (kind == LINE_MORE)
		return "begins with a blank, so it would be more of the value above; "
		       "remove the blanks";
	if (kind == LINE_SECTION && s[word] == 0)
		return "no ']' after the section; write [section] or [section name]";
	if (kind == LINE_SECTION && s[word + 1] != 0)
		return "something follows the ']'; put comments on lines of their own";
	if (kind == LINE_SECTION && word == 1 + strspn(s + 1, BLANKS))
		return "nothing between the brackets; write [section] or [section name]";
	if (s[word] == 0)
		return "neither [section] nor key = value; put a # before a comment";
	if (word == 0)
		return "no key before the '='; write key = value";
	if (word > MAX_INI_WORD)
		return "longer than 49 bytes before the '=' or ']'; nothing is called that";
	return NULL;
}

/* ---- the tree ---- */

/* The value is complete. */
static void
end_entry(struct reader *r)
{
	if (r->entry != NULL)
		r->entry->value = pool_copy(r->faults->pool, r->value.p, r->value.n);
	r->entry = NULL;
	buf_clear(&r->value);
}

/* "[kind name]"; false: refused. */
static bool
begin_section(struct reader *r)
{
	char s[MAX_INI_LINE + 1], *name, *kind;
	struct faults *f = r->faults;

	snprintf(s, sizeof(s), "%s", (const char *)r->raw.p);
	s[strcspn(s, "]")] = 0;
	kind = text_trim(s + 1);
	name = kind + strcspn(kind, BLANKS);
	if (*name != 0)
		*name++ = 0;
	name = text_trim(name);
	for (struct ini_section *o = r->first; o != NULL; o = o->next)
		if (strcmp(o->kind, kind) == 0 && strcmp(o->name, name) == 0) {
			fault_add(f, r->line,
				"[%s%s%s]: this section begins in line %u already; put its keys "
				"together",
				kind, *name ? " " : "", name, o->line);
			return false;
		}
	if (r->nsections == MAX_INI_SECTIONS) {
		fault_add(f, r->line, "more than %d sections; leave some out", MAX_INI_SECTIONS);
		return false;
	}
	r->nsections++;
	r->section = pool_alloc(f->pool, sizeof(*r->section));
	r->section->line = r->line;
	r->section->kind = pool_string(f->pool, kind);
	r->section->name = pool_string(f->pool, name);
	*r->last = r->section;
	r->last = &r->section->next;
	r->last_entry = &r->section->entries;
	return true;
}

const struct ini_entry *
ini_find(const struct ini_section *s, const char *key)
{
	const struct ini_entry *e = s != NULL ? s->entries : NULL;

	while (e != NULL && strcmp(e->key, key) != 0)
		e = e->next;
	return e;
}

static bool
begin_entry(struct reader *r, const char *key)
{
	const struct ini_entry *other = ini_find(r->section, key);
	const char *kind = r->section->kind, *name = r->section->name;
	const char *blank = *name ? " " : "";

	if (other != NULL) {
		fault_add(r->faults, r->line,
			"[%s%s%s] %s: set in line %u already; keep one of the two", kind, blank,
			name, key, other->line);
		return false;
	}
	if (r->section->n == MAX_INI_KEYS) {
		fault_add(r->faults, r->line, "[%s%s%s]: more than %d keys; leave some out", kind,
			blank, name, MAX_INI_KEYS);
		return false;
	}
	r->section->n++;
	r->entry = pool_alloc(r->faults->pool, sizeof(*r->entry));
	r->entry->line = r->line;
	r->entry->key = pool_string(r->faults->pool, key);
	r->entry->value = "";
	*r->last_entry = r->entry;
	r->last_entry = &r->entry->next;
	return true;
}

/* ---- between the file and inih ---- */

/* What inih made of the line it was given last. */
static int
take(void *arg, const char *section, const char *key, const char *value)
{
	struct reader *r = arg;

	(void)section; /* begin_section has it, also when no key follows */
	if (r->kind == LINE_KEY && !begin_entry(r, key))
		return 1;
	if (r->kind == LINE_MORE) {
		r->entry->more = r->entry->more != 0 ? r->entry->more : r->line;
		buf_text(&r->value, ", ");
	}
	buf_text(&r->value, value);
	return 1;
}

/* A line goes to inih when it is well and what it belongs to was taken. */
static bool
admit(struct reader *r, bool well)
{
	switch (r->kind) {
	case LINE_EMPTY:
		return false;
	case LINE_SECTION:
		end_entry(r);
		r->key_above = false;
		r->state = well && begin_section(r) ? SECTION_OPEN : SECTION_REFUSED;
		return r->state == SECTION_OPEN;
	case LINE_KEY:
		end_entry(r);
		r->key_above = true;
		if (r->state == SECTION_NONE && well) {
			fault_add(r->faults, r->line, "no section above; begin with [site]");
			r->state = SECTION_REFUSED;
		}
		return well && r->state == SECTION_OPEN;
	case LINE_MORE:
		if (well && r->state == SECTION_OPEN && !r->key_above)
			fault_add(r->faults, r->line, "begins with a blank; remove the blanks");
		return well && r->entry != NULL;
	}
	return false;
}

/* inih's reader, in the manner of fgets: the next line as inih may see it. */
static char *
next_line(char *out, int size, void *arg)
{
	struct reader *r = arg;
	const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
	size_t n = (size_t)((newline != NULL ? newline : r->end) - r->at);
	const char *wrong, *s;

	if (r->at == r->end)
		return NULL;
	buf_clear(&r->raw);
	buf_add(&r->raw, r->at, n);
	r->at += n + (newline != NULL);
	r->line++;
	while (n > 0 && strchr(" \t\r", r->raw.p[n - 1]) != NULL && r->raw.p[n - 1] != 0)
		r->raw.p[--n] = 0;

	s = (const char *)r->raw.p;
	r->kind = kind_of(s);
	wrong = line_wrong(s, n, r->kind);
	if (wrong != NULL)
		fault_add(r->faults, r->line, "%s", wrong);
	snprintf(out, (size_t)size, "%s\n", admit(r, wrong == NULL) ? s : "");
	return out;
}

struct ini_section *
ini_read(const char *file, struct faults *faults)
{
	static const char mark[] = "\xEF\xBB\xBF"; /* some editors begin UTF-8 with it */
	struct reader r = { .faults = faults, .last = &r.first };
	struct buf bytes = { 0 };

	if (read_file(file, faults, &bytes) && bytes.n > 0) {
		r.at = (const char *)bytes.p;
		r.end = r.at + bytes.n;
		if (strncmp(r.at, mark, 3) == 0)
			r.at += 3;
		if (ini_parse_stream(next_line, &r, take, &r) != 0)
			fault_add(faults, 0,
				"cannot be taken apart by inih; compare it with the "
				"sample platen.ini");
		end_entry(&r);
	}
	buf_free(&bytes);
	buf_free(&r.raw);
	buf_free(&r.value);
	return r.first;
}
