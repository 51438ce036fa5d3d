/* SPDX-License-Identifier: Apache-2.0 */
/*
 * judge_file.c - a plugin's file from outside: whose it is, who vouches for it,
 * what it takes from libraries that no plugin needs; and its reach in words.
 */
#include "cmd/judge.h"

#include "base/readfile.h"
#include "plugin/sofile.h"
#include "plugin/trust.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SYMBOL "platen_plugin_v1"

/* ---- what a plugin has no use for ---- */

static const struct {
	const char *names;
	const char *why;
} unneeded[] = {
	{ "socket connect bind listen accept accept4 send sendto sendmsg recv recvfrom recvmsg "
	  "socketpair getaddrinfo gethostbyname",
		"a plugin has no network: it asks the agent" },
	{ "open open64 openat openat64 __open_2 __open64_2 __openat_2 __openat64_2 creat creat64 "
	  "fopen fopen64 freopen freopen64 opendir mkstemp mkstemp64 tmpfile tmpfile64 unlink "
	  "rename remove mkdir rmdir read write close",
		"a plugin has no files" },
	{ "fork vfork clone execv execve execvp execvpe execl execle execlp execveat fexecve "
	  "posix_spawn posix_spawnp system popen",
		"a plugin starts no programs" },
	{ "kill tgkill ptrace prctl signal sigaction sigprocmask setuid setgid",
		"other processes and signals are no business of a plugin" },
	{ "pthread_create thrd_create", "a plugin is called from one thread and makes none" },
	{ "dlopen dlmopen dlsym mmap mmap64 mprotect syscall", "a plugin brings its code with it" },
	{ "exit _exit _Exit quick_exit abort raise longjmp siglongjmp __longjmp_chk",
		"a plugin returns, it does not end its process" },
	{ "sleep usleep nanosleep clock_nanosleep poll ppoll select pselect epoll_wait pause",
		"a plugin never waits" },
};

static void
judge_imports(json_t *about, const struct sofile *so)
{
	json_t *list = json_array();

	for (size_t k = 0; k < COUNT(unneeded); k++) {
		struct buf found = { 0 };

		for (uint32_t i = 0; i < so->nimports; i++)
			if (text_has_word(unneeded[k].names, so->imports[i])) {
				buf_format(&found, "%s%s", found.n > 0 ? ", " : "", so->imports[i]);
				json_array_append_new(list, json_string(so->imports[i]));
			}
		if (found.n > 0)
			judge_say(about, "faults", "it calls %s: %s", (char *)found.p,
				unneeded[k].why);
		buf_free(&found);
	}
	json_object_set_new(about, "imports", list);
}

static json_t *
names(const char *const *list, uint32_t n)
{
	json_t *array = json_array();

	for (uint32_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static void
judge_exports(json_t *about, const struct sofile *so)
{
	bool found = false;

	for (uint32_t i = 0; i < so->nexports; i++)
		found = found || strcmp(so->exports[i], SYMBOL) == 0;
	json_object_set_new(about, "exports", names(so->exports, so->nexports));
	if (!found)
		judge_say(about, "faults", "it does not export " SYMBOL);
	else if (so->nexports > 1)
		judge_say(about, "remarks",
			"it exports %u symbols, of which only " SYMBOL
			" is used; build it with -fvisibility=hidden",
			so->nexports);
}

static void
judge_image(json_t *about, const struct buf *bytes)
{
	struct pool *pool = pool_new();
	struct sofile so;
	struct why why;

	if (!sofile_read(bytes->p, bytes->n, pool, &so, &why)) {
		judge_say(about, "faults", "its file %s", why.text);
		pool_free(pool);
		return;
	}
	judge_exports(about, &so);
	judge_imports(about, &so);
	json_object_set_new(about, "libraries", names(so.needed, so.nneeded));
	if (so.executable_stack || so.text_relocations)
		judge_say(about, "faults", "it wants memory that is both written and executed");
	if (so.search_path)
		judge_say(about, "remarks",
			"it says where its libraries are to be looked for "
			"(RPATH): nothing is found there in the jail");
	if (so.runs_at_load)
		judge_say(about, "remarks",
			"it has constructors: code that runs before it is "
			"asked for anything");
	pool_free(pool);
}

/* ---- the file itself ---- */

static void
judge_owner(json_t *about, const char *file)
{
	struct stat st;

	if (stat(file, &st) != 0)
		return;
	json_object_set_new(about, "bytes", json_integer(st.st_size));
	json_object_set_new(about, "owner", json_integer(st.st_uid));
	json_object_set_new(about, "mode", json_sprintf("%04o", (unsigned)st.st_mode & 07777));
}

void
judge_bytes(json_t *about, const struct config *config, const char *file)
{
	static const char *const words[] = {
		[TRUST_UNSIGNED] = "none",
		[TRUST_SIGNED] = "good",
		[TRUST_STRANGER] = "unknown key",
		[TRUST_FALSE] = "wrong",
	};
	struct buf bytes = { 0 };
	char sha256[SHA256_TEXT];
	struct trust t;
	struct why why;

	judge_owner(about, file);
	if (file_read(file, MAX_PLUGIN_FILE, &bytes, &why)) {
		trust_look(config, file, &bytes, &t);
		sha256_text(bytes.p, bytes.n, sha256);
		json_object_set_new(about, "sha256", json_string(sha256));
		json_object_set_new(about, "signature", json_string(words[t.state]));
		if (t.key[0] != 0)
			json_object_set_new(about, "key", json_string(t.key));
		if (t.file[0] != 0)
			json_object_set_new(about, "key_file", json_string(t.file));
		judge_image(about, &bytes);
	}
	/* That it cannot be read is what its trial will say. */
	buf_free(&bytes);
}

/* ---- reach ---- */

/* The longest that fits is what an item is called. */
static const struct {
	const char *oid, *words;
} subtrees[] = {
	{ "1.3.6.1.2.1.1", "name and description of the device" },
	{ "1.3.6.1.2.1.2", "network interfaces" },
	{ "1.3.6.1.2.1.25", "the host: devices, storage, programs" },
	{ "1.3.6.1.2.1.25.3", "the host's devices: printer state and errors" },
	{ "1.3.6.1.2.1.43", "the Printer-MIB: meters, supplies, trays, alerts" },
	{ "1.3.6.1.4.1.2699", "Printer Working Group" },
	{ "1.3.6.1.4.1.11", "HP" },
	{ "1.3.6.1.4.1.236", "Samsung" },
	{ "1.3.6.1.4.1.253", "Xerox" },
	{ "1.3.6.1.4.1.367", "Ricoh" },
	{ "1.3.6.1.4.1.641", "Lexmark" },
	{ "1.3.6.1.4.1.1129", "Toshiba" },
	{ "1.3.6.1.4.1.1248", "Epson" },
	{ "1.3.6.1.4.1.1347", "Kyocera" },
	{ "1.3.6.1.4.1.1602", "Canon" },
	{ "1.3.6.1.4.1.2001", "OKI" },
	{ "1.3.6.1.4.1.2385", "Sharp" },
	{ "1.3.6.1.4.1.2435", "Brother" },
	{ "1.3.6.1.4.1.10642", "Zebra" },
	{ "1.3.6.1.4.1.18334", "Konica Minolta" },
};

static const char *
subtree_words(const char *text)
{
	const char *words = NULL;
	struct oid oid, root;
	uint32_t best = 0;

	if (!oid_parse(text, &oid))
		return NULL;
	for (size_t i = 0; i < COUNT(subtrees); i++)
		if (oid_parse(subtrees[i].oid, &root) && root.n > best &&
			oid_below(oid.sub, oid.n, root.sub, root.n)) {
			best = root.n;
			words = subtrees[i].words;
		}
	return words;
}

void
reach_say(const char *item, struct buf *out)
{
	const char *words;

	if (strncmp(item, "get ", 4) == 0) {
		buf_format(out, "pages whose path begins with %s", item + 4);
	} else if (strncmp(item, "login ", 6) == 0) {
		buf_format(out, "the login form at %s", item + 6);
	} else {
		words = subtree_words(item + strlen("oid "));
		buf_format(out, "%s (%s)", item + strlen("oid "),
			words != NULL ? words : "a subtree that platen has no name for");
	}
}

/* A maker and a standard MIB have seven sub-identifiers at least. */
bool
reach_is_wide(const char *item)
{
	struct oid oid;

	return strcmp(item, "get /") == 0 ||
		(strncmp(item, "oid ", 4) == 0 && oid_parse(item + 4, &oid) && oid.n < 7);
}
