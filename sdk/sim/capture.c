/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Captures: snmprec files, loaded once, sorted, and shared by all printers made from them.
 *
 * A line is OID|TYPE|VALUE. An "x" behind the type means that the value is in hex. A line that is
 * not of this form is an error with file and line. Captures from the field have damaged values:
 * an object with one is left out, and stderr says which; objects of a type SNMP has no name for
 * are left out and counted. Values are kept as the octets that go on the wire. Nothing is ever
 * written.
 */
#include "sim.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The file being loaded. */
struct load {
	struct capture *c;
	const char *file;
	unsigned line;
	size_t objects_cap, arcs, arcs_cap, bytes, bytes_cap;
	unsigned skipped;
};

static void *
grown(void *p, size_t *cap, size_t need, size_t size)
{
	if (need <= *cap)
		return p;
	*cap = need * 2 > 64 ? need * 2 : 64;
	return must_realloc(p, *cap, size);
}

int
hex_digit(char c)
{
	const char *digits = "0123456789abcdefABCDEF", *at = c ? strchr(digits, c) : NULL;

	return at == NULL ? -1 : at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* Decodes in place; the result is never longer than the digits. */
static bool
unhex(char *text, size_t *len)
{
	if (*len % 2 != 0)
		return false;
	for (size_t i = 0; i < *len / 2; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		text[i] = (char)(high << 4 | low);
	}
	*len /= 2;
	return true;
}

static bool
value_octets(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	if (len > VALUE_MAX)
		return false;
	memcpy(out, text, len);
	*out_len = (uint32_t)len;
	return true;
}

static bool
value_null(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	(void)text, (void)len, (void)out;
	*out_len = 0;
	return true;
}

static bool
value_oid(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	struct oid oid;

	if (!oid_parse(text, text + len, &oid))
		return false;
	*out_len = ber_oid_content(&oid, out);
	return true;
}

static bool
value_address(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	*out_len = 4;
	if (len == 4 && memchr(text, '.', len) == NULL) {
		memcpy(out, text, 4); /* it came in hex */
		return true;
	}
	return inet_pton(AF_INET, text, out) == 1;
}

static bool
value_signed(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	char *end;
	long long v;

	errno = 0;
	v = strtoll(text, &end, 10);
	*out_len = ber_int_content(v, out);
	return len > 0 && *end == '\0' && errno == 0 && v >= INT32_MIN && v <= INT32_MAX;
}

static bool
value_unsigned(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	char *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(text, &end, 10);
	*out_len = ber_uint_content(v, out);
	return len > 0 && text[0] != '-' && *end == '\0' && errno == 0;
}

static bool
value_unsigned32(const char *text, size_t len, uint8_t *out, uint32_t *out_len)
{
	return value_unsigned(text, len, out, out_len) && *out_len <= 5 &&
		(*out_len < 5 || out[0] == 0);
}

static const struct type {
	uint8_t tag;
	const char *what;
	bool (*read)(const char *text, size_t len, uint8_t *out, uint32_t *out_len);
} types[] = {
	{ TAG_INTEGER, "an Integer32", value_signed },
	{ TAG_OCTETS, "an octet string of at most 60,000 octets", value_octets },
	{ TAG_NULL, "a Null", value_null },
	{ TAG_OID, "an object identifier", value_oid },
	{ TAG_IPADDRESS, "an IPv4 address", value_address },
	{ TAG_COUNTER32, "a Counter32", value_unsigned32 },
	{ TAG_GAUGE32, "a Gauge32", value_unsigned32 },
	{ TAG_TIMETICKS, "a TimeTicks", value_unsigned32 },
	{ TAG_COUNTER64, "a Counter64", value_unsigned },
};

static const struct type *
type_by_tag(long tag)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].tag == tag)
			return &types[i];
	return NULL;
}

static bool
line_wrong(const struct load *l, const char *why)
{
	return complain("%s:%u: %s; an snmprec line is OID|TYPE|VALUE", l->file, l->line, why);
}

static void
object_add(struct load *l, const struct oid *name, uint8_t tag, const uint8_t *value, uint32_t len)
{
	struct capture *c = l->c;

	c->objects = grown(c->objects, &l->objects_cap, c->count + 1, sizeof *c->objects);
	c->arcs = grown(c->arcs, &l->arcs_cap, l->arcs + name->n, sizeof *c->arcs);
	c->bytes = grown(c->bytes, &l->bytes_cap, l->bytes + len + 1, 1);
	memcpy(c->arcs + l->arcs, name->arc, name->n * sizeof *c->arcs);
	memcpy(c->bytes + l->bytes, value, len);
	c->objects[c->count++] = (struct object){ (uint32_t)l->arcs, (uint32_t)l->bytes, len,
		(uint8_t)name->n, tag, 0 };
	l->arcs += name->n;
	l->bytes += len;
}

static bool
read_line(struct load *l, char *line, size_t len)
{
	static uint8_t content[VALUE_MAX];
	char *type_text = memchr(line, '|', len), *value, *suffix;
	const struct type *type;
	struct oid name;
	uint32_t content_len;

	if (type_text == NULL || (value = strchr(type_text + 1, '|')) == NULL)
		return line_wrong(l, "a '|' is missing");
	if (!oid_parse(line, type_text, &name))
		return line_wrong(l, "the OID is not one");
	type = type_by_tag(strtol(type_text + 1, &suffix, 10));
	if (type == NULL || suffix == type_text + 1 || strchr("|xe", *suffix) == NULL) {
		l->skipped++;
		return true;
	}
	value++;
	len -= (size_t)(value - line);
	if (*suffix == 'x') {
		if (!unhex(value, &len))
			return line_wrong(l, "the value is not pairs of hex digits");
		value[len] = '\0';
	}
	if (type->read(value, len, content, &content_len))
		object_add(l, &name, type->tag, content, content_len);
	else
		complain("%s:%u: the value is not %s; this object is left out", l->file, l->line,
			type->what);
	return true;
}

static bool
read_lines(struct load *l, FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool ok = true;

	while (ok && (n = getline(&line, &cap, f)) >= 0) {
		l->line++;
		if (n > 0 && line[n - 1] == '\n')
			line[--n] = '\0';
		if (n > 0 && line[n - 1] == '\r')
			line[--n] = '\0';
		if (n > 0 && line[0] != '#')
			ok = read_line(l, line, (size_t)n);
	}
	if (ok && ferror(f))
		ok = complain("%s: cannot be read: %s", l->file, strerror(errno));
	free(line);
	return ok;
}

/* Sorting by name, and among equal names by the place in the file. */
static int
by_name(const void *a, const void *b, void *capture)
{
	const struct object *x = a, *y = b;
	const struct capture *c = capture;
	int order = oid_cmp(object_arcs(c, x), x->arcs, object_arcs(c, y), y->arcs);

	return order != 0 ? order : x->arc < y->arc ? -1 : 1;
}

static void
sort_last_wins(struct capture *c)
{
	uint32_t kept = 0;

	if (c->count == 0)
		return;
	qsort_r(c->objects, c->count, sizeof *c->objects, by_name, c);
	for (uint32_t i = 1; i < c->count; i++) {
		const struct object *o = &c->objects[i], *last = &c->objects[kept];

		if (oid_cmp(object_arcs(c, o), o->arcs, object_arcs(c, last), last->arcs) != 0)
			kept++;
		c->objects[kept] = *o;
	}
	c->count = kept + 1;
}

static bool
file_load(struct capture *c, const char *file)
{
	struct load l = { .c = c, .file = file };
	FILE *f = fopen(file, "r");
	bool ok;

	if (f == NULL)
		return complain("%s: cannot be opened: %s", file, strerror(errno));
	ok = read_lines(&l, f);
	fclose(f);
	if (!ok)
		return false;
	if (l.skipped > 0)
		complain("%s: %u object(s) left out, their type is none of SNMP's", file,
			l.skipped);
	if (c->count == 0)
		return complain("%s: holds no object; give a capture with at least one line", file);
	sort_last_wins(c);
	ident_mark(c);
	return true;
}

/* "a/b/kyocera.snmprec" is named "kyocera". */
static char *
base_name(const char *path)
{
	size_t len = strlen(path), start;
	char *name;

	while (len > 1 && path[len - 1] == '/')
		len--;
	for (start = len; start > 0 && path[start - 1] != '/'; start--)
		;
	name = must_realloc(NULL, len - start + 1, 1);
	memcpy(name, path + start, len - start);
	name[len - start] = '\0';
	len -= start;
	if (len > 8 && strcmp(name + len - 8, ".snmprec") == 0)
		name[len - 8] = '\0';
	return name;
}

static bool
is_snmprec(const char *name)
{
	size_t len = strlen(name);

	return len > 8 && strcmp(name + len - 8, ".snmprec") == 0;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
load_one(struct captures *all, const char *file, const char *http)
{
	struct capture *c = must_realloc(NULL, 1, sizeof *c);

	*c = (struct capture){ .name = base_name(file), .file = must_strdup(file) };
	all->at = must_realloc(all->at, all->count + 1, sizeof *all->at);
	all->at[all->count++] = c;
	return file_load(c, file) && (http == NULL || pages_load(c, http));
}

static int
not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

/* The files of a folder first, then the folders in it, both by name. */
static bool
folder_load(struct captures *all, const char *folder, int depth)
{
	struct dirent **entry;
	int n = scandir(folder, &entry, not_hidden, alphasort), files = 0;
	char http[4096], path[4096];
	bool ok = true;

	if (n < 0)
		return complain("%s: cannot be read: %s", folder, strerror(errno));
	for (int i = 0; i < n; i++)
		files += is_snmprec(entry[i]->d_name);
	snprintf(http, sizeof http, "%s/http", folder);
	for (int i = 0; i < n && ok; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
		if (is_snmprec(entry[i]->d_name))
			ok = load_one(all, path, files == 1 && is_folder(http) ? http : NULL);
	}
	for (int i = 0; i < n && ok && depth > 0; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name);
		if (strcmp(entry[i]->d_name, "http") != 0 && is_folder(path))
			ok = folder_load(all, path, depth - 1);
	}
	for (int i = 0; i < n; i++)
		free(entry[i]);
	free(entry);
	return ok;
}

bool
captures_load(struct captures *all, const char *path)
{
	size_t before = all->count;

	if (!is_folder(path))
		return load_one(all, path, NULL);
	if (!folder_load(all, path, 1))
		return false;
	if (all->count == before)
		return complain("%s: holds no *.snmprec file, nor does a folder in it; give a "
				"capture folder or an .snmprec file",
			path);
	return true;
}

struct capture *
captures_by_name(const struct captures *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->at[i]->name, name) == 0 || strcmp(all->at[i]->file, name) == 0)
			return all->at[i];
	return NULL;
}

const uint32_t *
object_arcs(const struct capture *c, const struct object *o)
{
	return c->arcs + o->arc;
}

uint32_t
capture_seek(const struct capture *c, const struct oid *name, bool after)
{
	uint32_t low = 0, high = c->count;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct object *o = &c->objects[mid];
		int order = oid_cmp(object_arcs(c, o), o->arcs, name->arc, name->n);

		if (order < 0 || (after && order == 0))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool
object_is(const struct capture *c, uint32_t at, const struct oid *name)
{
	return at < c->count &&
		oid_cmp(object_arcs(c, &c->objects[at]), c->objects[at].arcs, name->arc, name->n) ==
		0;
}
