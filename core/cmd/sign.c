/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign.c - `platen sign`: for those who make or release plugins.  A new pair of
 * keys, or the signature beside a plugin's file.
 *
 * Never overwrites a key.  Reads no INI: where keys are trusted is another
 * machine's business.
 */
#include "cmd/options.h"

#include "net/signature.h"
#include "base/readfile.h"
#include "plugin/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
fail(const char *path, const char *what)
{
	fprintf(stderr, "platen sign: %s: %s\n", path, what);
	return EXIT_SOME;
}

/* The whole text, or no file of that name. */
static bool
write_file(const char *path, int flags, mode_t mode, const struct buf *text, struct why *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
	bool ok;

	if (fd < 0)
		return why_set(why, "cannot be written: %s", strerror(errno));
	ok = write(fd, text->p, text->n) == (ssize_t)text->n && fsync(fd) == 0;
	if (!ok)
		why_set(why, "cannot be written: %s", strerror(errno));
	close(fd);
	if (!ok)
		unlink(path);
	return ok;
}

/* ---- a new key ---- */

static int
new_key(const char *path)
{
	char *public_path = mem_format("%s.pub", path);
	struct buf secret = { 0 }, open = { 0 };
	struct public_key key;
	struct why why;
	int status = EXIT_DONE;

	if (!key_make(&secret, &open, &key, &why) || !write_file(path, O_EXCL, 0600, &secret, &why))
		status = fail(path, why.text);
	else if (!write_file(public_path, O_EXCL, 0644, &open, &why)) {
		unlink(path);
		status = fail(public_path, why.text);
	} else {
		printf("key %s\n"
		       "%s is the private key: keep it, and keep it to yourself.\n"
		       "%s is the public key: it goes into the folder keys/ beside the INI\n"
		       "of each agent that shall load what you sign.\n",
			key.id, path, public_path);
	}
	if (secret.n > 0)
		explicit_bzero(secret.p, secret.n);
	buf_free(&secret);
	buf_free(&open);
	free(public_path);
	return status;
}

/* ---- a signature ---- */

/* A key that others can read is no secret any more. */
static bool
key_is_closed(const char *path, struct why *why)
{
	struct stat st;

	return stat(path, &st) != 0 || (st.st_mode & (S_IRWXG | S_IRWXO)) == 0 ||
		why_set(why, "is open to others; chmod 600 it, and think about a new key");
}

static bool
sign(const char *key_path, const struct buf *file, struct signature *s, struct public_key *key,
	struct why *why)
{
	struct buf pem = { 0 };
	bool ok = file_read(key_path, MAX_KEY_FILE, &pem, why) &&
		signature_make((const char *)pem.p, pem.n, file->p, file->n, s, key, why) &&
		key_is_closed(key_path, why);

	if (pem.n > 0)
		explicit_bzero(pem.p, pem.n);
	buf_free(&pem);
	return ok;
}

static int
sign_file(const char *key_path, const char *path)
{
	char *sig_path = mem_format("%s.sig", path);
	struct buf file = { 0 }, text = { 0 };
	struct signature s;
	struct public_key key;
	struct why why;
	int status = EXIT_DONE;

	if (!file_read(path, MAX_PLUGIN_FILE, &file, &why)) {
		status = fail(path, why.text);
	} else if (!sign(key_path, &file, &s, &key, &why)) {
		status = fail(key_path, why.text);
	} else {
		signature_text(&s, &text);
		if (write_file(sig_path, O_TRUNC, 0644, &text, &why))
			printf("%s by key %s\n", sig_path, s.key);
		else
			status = fail(sig_path, why.text);
	}
	buf_free(&file);
	buf_free(&text);
	free(sig_path);
	return status;
}

static int
run(int argc, char **argv)
{
	const char *fresh = NULL;
	const struct cmd_option options[] = {
		{ 0, "new-key", "KEYFILE", "make KEYFILE (private) and KEYFILE.pub (public)", NULL,
			&fresh },
	};
	int status, first = options_read(&cmd_sign, options, COUNT(options), argc, argv, &status);

	if (first < 0)
		return status;
	if (fresh != NULL)
		return first == argc ? new_key(fresh)
				     : options_wrong(&cmd_sign, "--new-key signs nothing yet");
	if (argc - first != 2)
		return options_wrong(&cmd_sign, "give a KEYFILE and a FILE.so");
	return sign_file(argv[first], argv[first + 1]);
}

const struct cmd cmd_sign = {
	.name = "sign",
	.synopsis = "KEYFILE FILE.so | --new-key KEYFILE",
	.summary = "sign a plugin, or make a key to sign with",
	.more = "The signature is FILE.so.sig. KEYFILE is an Ed25519 key in PEM, closed to others. "
		"Agents trust the public keys in their folder keys/; see platen.ini(5).",
	.run = run,
};
