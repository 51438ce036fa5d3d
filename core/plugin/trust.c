/* SPDX-License-Identifier: Apache-2.0 */
/* trust.c - may this plugin be loaded?  See trust.h. */
#include "plugin/trust.h"

#include "base/readfile.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the folder of keys ---- */

/* Whoever can write a key decides what is trusted. */
static bool
is_ours(const char *path, struct why *why)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return why_set(why, "cannot be looked at: %s", strerror(errno));
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return why_set(why, "belongs to user %u, not to root or to us; chown it",
			(unsigned)st.st_uid);
	return (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 ||
		why_set(why, "others may write it; chmod go-w it");
}

static bool
key_read(const char *path, struct public_key *key, struct why *why)
{
	struct buf text = { 0 };
	bool ok = is_ours(path, why) && file_read(path, MAX_KEY_FILE, &text, why) &&
		public_key_parse((const char *)text.p, text.n, key, why);

	buf_free(&text);
	return ok;
}

static int
is_shown(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

void
keys_each(const struct config *config,
	void (*each)(void *arg, const char *file, const struct public_key *, const char *wrong),
	void *arg)
{
	struct dirent **entries;
	int n = scandir(config->keys, &entries, is_shown, alphasort);
	struct why why;

	if (n > 0 && !is_ours(config->keys, &why))
		each(arg, config->keys, NULL, why.text);
	for (int i = 0; i < n; i++) {
		char *path = mem_format("%s/%s", config->keys, entries[i]->d_name);
		struct public_key key;

		if (i >= MAX_KEYS)
			each(arg, path, NULL, "is one too many: there may be 64 keys");
		else if (key_read(path, &key, &why))
			each(arg, path, &key, NULL);
		else
			each(arg, path, NULL, why.text);
		free(path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

_Static_assert(MAX_KEYS == 64, "as keys_each says");

/* ---- the signature ---- */

struct search {
	const struct buf *bytes;
	const struct signature *signature;
	struct trust *trust;
};

static void
try_key(void *arg, const char *file, const struct public_key *key, const char *wrong)
{
	struct search *s = arg;
	struct trust *t = s->trust;
	const char *slash = strrchr(file, '/');

	if (wrong != NULL || t->state == TRUST_SIGNED || strcmp(key->id, s->signature->key) != 0)
		return;
	text_copy(t->file, sizeof(t->file), slash != NULL ? slash + 1 : file);
	if (signature_holds(s->signature, key, s->bytes->p, s->bytes->n)) {
		t->state = TRUST_SIGNED;
		return;
	}
	t->state = TRUST_FALSE;
	why_set(&t->wrong, "is not of these bytes (key %s in %s)", key->id, t->file);
}

void
trust_look(const struct config *config, const char *path, const struct buf *bytes, struct trust *t)
{
	char *file = mem_format("%s.sig", path);
	struct buf text = { 0 };
	struct signature signature;
	struct why why;

	*t = (struct trust){ .state = TRUST_UNSIGNED };
	if (access(file, F_OK) == 0 || errno != ENOENT) {
		t->state = TRUST_STRANGER;
		if (file_read(file, MAX_SIGNATURE_FILE, &text, &why) &&
			signature_parse((const char *)text.p, text.n, &signature, &why)) {
			memcpy(t->key, signature.key, sizeof(t->key));
			keys_each(config, try_key, &(struct search){ bytes, &signature, t });
		} else {
			t->state = TRUST_FALSE;
			t->wrong = why;
		}
	}
	buf_free(&text);
	free(file);
}

/* ---- the verdict ---- */

static bool
check_hash(const struct config *config, const char *name, const char *path, const struct buf *bytes,
	struct why *why)
{
	const struct plugin_config *section = config_plugin(config, name);
	const char *wanted = section != NULL && section->sha256 != NULL ? section->sha256 : "";
	char found[SHA256_TEXT];

	/* Without need OpenSSL is not woken: it takes memory as long as we live. */
	if (*wanted == 0)
		return true;
	sha256_text(bytes->p, bytes->n, found);
	return strcasecmp(wanted, found) == 0 ||
		why_set(why,
			"plugin %.160s: refused: its SHA-256 is %s, but %.80s says in "
			"[plugin %s] sha256 that it is %s; reinstall it, or correct the INI",
			path, found, config->file, name, wanted);
}

static bool
check_signature(const struct config *config, const char *path, const struct trust *t,
	struct why *why)
{
	switch (t->state) {
	case TRUST_SIGNED:
		return true;
	case TRUST_UNSIGNED:
		return !config->require_signed ||
			why_set(why,
				"plugin %.160s: refused: it has no signature beside it, and "
				"[plugins] says require_signed = yes; get its .sig from "
				"whoever made it, or sign it with `platen sign`",
				path);
	case TRUST_STRANGER:
		return !config->require_signed ||
			why_set(why,
				"plugin %.160s: refused: it is signed with the key %s, which "
				"is not in %.120s; put the maker's public key there if you "
				"trust it",
				path, t->key, config->keys);
	case TRUST_FALSE:
		return why_set(why,
			"plugin %.160s: refused: its signature %s; reinstall both "
			"files, they do not belong together",
			path, t->wrong.text);
	}
	return false;
}

int
trust_open(const struct config *config, const char *name, const char *path, struct why *why)
{
	struct buf bytes = { 0 };
	struct trust t;
	struct why inner;
	int fd = plugin_open_file(path, why);
	bool ok;

	if (fd < 0)
		return -1;
	ok = file_read_fd(fd, MAX_PLUGIN_FILE, &bytes, &inner);
	if (!ok) {
		why_set(why, "plugin %.160s: not loaded: it %s", path, inner.text);
	} else {
		trust_look(config, path, &bytes, &t);
		ok = check_hash(config, name, path, &bytes, why) &&
			check_signature(config, path, &t, why);
	}
	buf_free(&bytes);
	if (ok)
		return fd;
	close(fd);
	return -1;
}
