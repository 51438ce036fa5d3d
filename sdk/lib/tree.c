/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.c - finds nodes, texts and numbers in a tree; see platen/tree.h.
 *
 * A path is held against a node from its last step upwards, so every node of a
 * page is looked at once, however the path forks.
 */
#include <platen/tree.h>

#include <string.h>

#define MAX_STEPS 16
#define MAX_WORD 64 /* bytes of a name or a value in a path */

/* Nodes and siblings looked at in one search: a page made to take long finds nothing. */
#define MAX_WORK 20000000u

/* "name[3]", "name[@id=x]", and whether it may be at any depth. */
struct step {
	char name[MAX_WORD];
	char key[MAX_WORD], value[MAX_WORD]; /* key "": no condition */
	uint32_t place; /* 0: any */
	bool deep;
};

struct path {
	uint32_t n;
	struct step steps[MAX_STEPS];
	uint32_t work;
};

/* ---- paths ---- */

static bool
copy_word(char to[static MAX_WORD], const char *from, size_t n)
{
	if (n >= MAX_WORD)
		return false;
	memcpy(to, from, n);
	to[n] = '\0';
	return true;
}

/* What stands between the brackets. */
static bool
condition_read(const char *s, size_t n, struct step *step)
{
	const char *equals = memchr(s, '=', n);

	if (equals != NULL)
		return equals > s && copy_word(step->key, s, (size_t)(equals - s)) &&
			copy_word(step->value, equals + 1, n - (size_t)(equals - s) - 1);
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9' || step->place > PLATEN_MAX_NODES)
			return false;
		step->place = step->place * 10 + (uint32_t)(s[i] - '0');
	}
	return step->place > 0;
}

/* One step; returns what follows it, NULL: it is none. */
static const char *
step_read(const char *s, struct step *step)
{
	size_t n = strcspn(s, "/[");
	const char *end;

	if (n == 0 || !copy_word(step->name, s, n))
		return NULL;
	s += n;
	if (*s != '[')
		return s;
	end = strchr(s, ']');
	if (end == NULL || !condition_read(s + 1, (size_t)(end - s) - 1, step))
		return NULL;
	return end[1] == '\0' || end[1] == '/' ? end + 1 : NULL;
}

static bool
path_read(const char *s, struct path *path)
{
	memset(path, 0, sizeof(*path));
	for (; *s != '\0' || path->n == 0; path->n++) {
		struct step *step = &path->steps[path->n];

		if (path->n == MAX_STEPS)
			return false;
		step->deep = strncmp(s, "//", 2) == 0;
		s += step->deep ? 2 : path->n > 0;
		if ((s = step_read(s, step)) == NULL)
			return false;
	}
	return true;
}

/* ---- walking ---- */

/* The next node in the order of the page, below root. */
static const struct platen_node *
follow(const struct platen_node *root, const struct platen_node *n, bool into)
{
	if (into && n->child != NULL)
		return n->child;
	for (; n != root; n = n->parent)
		if (n->next != NULL)
			return n->next;
	return NULL;
}

static bool
condition_holds(const struct step *step, const struct platen_node *n)
{
	char text[MAX_WORD + 1];

	if (step->key[0] == '\0')
		return true;
	for (const struct platen_node *c = n->child; c != NULL; c = c->next)
		if (strcmp(c->name, step->key) == 0 &&
			platen_find_text(c, NULL, text, sizeof(text)) == strlen(step->value) &&
			strcmp(text, step->value) == 0)
			return true;
	return false;
}

/* Is n the place'th of its name among its siblings? */
static bool
place_holds(struct path *path, const struct step *step, const struct platen_node *n)
{
	uint32_t place = 0;

	for (const struct platen_node *s = n->parent->child; step->place > 0; s = s->next) {
		path->work++;
		place += strcmp(s->name, n->name) == 0;
		if (s == n || place > step->place)
			return s == n && place == step->place;
	}
	return true;
}

static bool
step_holds(struct path *path, const struct step *step, const struct platen_node *n)
{
	if (strcmp(step->name, "*") == 0 ? n->name[0] == '\0' || n->name[0] == '@'
					 : strcmp(step->name, n->name) != 0)
		return false;
	return condition_holds(step, n) && place_holds(path, step, n);
}

/* Do the first `steps` steps lead from root to n? */
static bool
leads_to(struct path *path, uint32_t steps, const struct platen_node *root,
	const struct platen_node *n)
{
	const struct step *step = &path->steps[steps - 1];

	if (path->work++ > MAX_WORK || n == root || !step_holds(path, step, n))
		return false;
	if (steps == 1)
		return step->deep || n->parent == root;
	for (const struct platen_node *up = n->parent; up != NULL && up != root; up = up->parent)
		if (leads_to(path, steps - 1, root, up))
			return true;
		else if (!step->deep)
			return false;
	return false;
}

static const struct platen_node *
search(struct path *path, const struct platen_node *root, const struct platen_node *after)
{
	const struct platen_node *n = follow(root, after, true);

	while (n != NULL && path->work < MAX_WORK && !leads_to(path, path->n, root, n))
		n = follow(root, n, true);
	return path->work < MAX_WORK ? n : NULL;
}

const struct platen_node *
platen_find_next(const struct platen_node *root, const char *path, const struct platen_node *after)
{
	struct path p;

	if (root == NULL || path == NULL || after == NULL || !path_read(path, &p))
		return NULL;
	return search(&p, root, after);
}

const struct platen_node *
platen_find(const struct platen_node *root, const char *path)
{
	return platen_find_next(root, path, root);
}

/* ---- text ---- */

struct text {
	char *out;
	size_t n, size;
	bool blank; /* one is due before the next character */
};

/* The blank at s: 1 byte, 2 for a no-break space; 0: it is none. */
static size_t
blank_at(const char *s)
{
	if (strncmp(s, "\xC2\xA0", 2) == 0)
		return 2;
	return *s != '\0' && strchr(" \t\r\n\f\v", *s) != NULL;
}

static void
text_add(struct text *t, const char *s)
{
	while (*s != '\0' && t->n + 1 < t->size) {
		size_t blank = blank_at(s);

		if (blank == 0 && t->blank && t->n > 0)
			t->out[t->n++] = ' ';
		t->blank = blank > 0;
		if (blank == 0 && t->n + 1 < t->size)
			t->out[t->n++] = *s;
		s += blank > 0 ? blank : 1;
	}
	t->blank = true;
}

/* The cut was inside a character: take its beginning off. */
static void
text_end(struct text *t)
{
	size_t n = t->n, first = n;

	while (first > 0 && ((unsigned char)t->out[first - 1] & 0xC0) == 0x80)
		first--;
	if (first > 0 && (unsigned char)t->out[first - 1] >= 0xC0) {
		unsigned char lead = (unsigned char)t->out[first - 1];
		size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;

		if (n - first + 1 < whole)
			t->n = first - 1;
	}
	t->out[t->n] = '\0';
}

static bool
is_said(const struct platen_node *n)
{
	return n->name[0] != '@' && strcmp(n->name, "script") != 0 && strcmp(n->name, "style") != 0;
}

static size_t
node_text(const struct platen_node *root, char *out, size_t size)
{
	struct text t = { .out = out, .size = size };
	bool into = true;

	if (size == 0)
		return 0;
	if (root->text != NULL)
		text_add(&t, root->text);
	for (const struct platen_node *n = root; (n = follow(root, n, into)) != NULL;) {
		into = is_said(n);
		if (into && n->text != NULL)
			text_add(&t, n->text);
	}
	text_end(&t);
	return t.n;
}

/* The node at path if all nodes there have the same text. */
static const struct platen_node *
find_one(const struct platen_node *root, const char *path)
{
	char text[PLATEN_MAX_TEXT + 1], other[PLATEN_MAX_TEXT + 1];
	const struct platen_node *first, *n;
	struct path p;

	if (root == NULL || path == NULL || *path == '\0')
		return root;
	if (!path_read(path, &p) || (first = search(&p, root, root)) == NULL)
		return NULL;
	node_text(first, text, sizeof(text));
	for (n = first; (n = search(&p, root, n)) != NULL;) {
		node_text(n, other, sizeof(other));
		if (strcmp(text, other) != 0)
			return NULL;
	}
	return first;
}

size_t
platen_find_text(const struct platen_node *root, const char *path, char *out, size_t size)
{
	const struct platen_node *n = find_one(root, path);

	if (size > 0)
		out[0] = '\0';
	return n != NULL ? node_text(n, out, size) : 0;
}

/* ---- numbers ---- */

bool
platen_find_number(const struct platen_node *root, const char *path, char group, int64_t *out)
{
	char text[64];
	size_t n = platen_find_text(root, path, text, sizeof(text)), run = 0;
	bool grouped = false;
	int64_t v = 0;

	if (n == 0 || n + 1 == sizeof(text))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (group != '\0' && text[i] == group) {
			if (grouped ? run != 3 : run == 0 || run > 3)
				return false;
			grouped = true;
			run = 0;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || v > INT64_MAX / 100)
			return false;
		v = v * 10 + (text[i] - '0');
		run++;
	}
	if (grouped && run != 3)
		return false;
	*out = v;
	return true;
}

/* ---- labels ---- */

static bool
is_cell(const struct platen_node *n)
{
	return strcmp(n->name, "td") == 0 || strcmp(n->name, "th") == 0;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Without case, and without " :" at the end of text. */
static bool
is_label(char *text, const char *label)
{
	size_t n = strlen(text);

	while (n > 0 && (text[n - 1] == ':' || text[n - 1] == ' '))
		n--;
	if (strlen(label) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(text[i]) != lower(label[i]))
			return false;
	return true;
}

const struct platen_node *
platen_find_beside(const struct platen_node *root, const char *label)
{
	char text[PLATEN_MAX_TEXT + 1], first[PLATEN_MAX_TEXT + 1];
	const struct platen_node *found = NULL;

	if (root == NULL || label == NULL)
		return NULL;
	for (const struct platen_node *n = root; (n = follow(root, n, true)) != NULL;) {
		const struct platen_node *beside = n->next;

		if (!is_cell(n) || node_text(n, text, sizeof(text)) == 0 || !is_label(text, label))
			continue;
		while (beside != NULL && !is_cell(beside))
			beside = beside->next;
		if (beside == NULL)
			continue;
		node_text(beside, text, sizeof(text));
		if (found != NULL && strcmp(text, first) != 0)
			return NULL;
		if (found == NULL)
			memcpy(first, text, sizeof(first));
		found = beside;
	}
	return found;
}
