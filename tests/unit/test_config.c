/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_config.c - the values of a config, and a promise: conf/platen.ini and
 * platen.ini(5) show every key with the default that the code has, and no
 * other.  Faults are tested by tests/config.
 */
#include "config/config.h"
#include "config/config_keys.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/platen-config.XXXXXX";

static void
write_file(const char *name, const char *text, mode_t mode)
{
	char path[200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static void
unexpected(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

/* The config of an INI that is well. */
static struct config *
read_ini(const char *text)
{
	char path[200];
	struct config *c;

	write_file("platen.ini", text, 0644);
	snprintf(path, sizeof(path), "%s/platen.ini", folder);
	c = config_read(path, unexpected, NULL);
	assert_non_null(c);
	return c;
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
remove_folder(void **state)
{
	static const char *const names[] = { "platen.ini", "auth", "priv" };
	char path[200];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

/* ---- values ---- */

static void
empty_file_is_the_defaults(void **state)
{
	struct config *c = read_ini("");

	(void)state;
	assert_string_equal(c->customer, "");
	assert_string_equal(c->state, "/var/lib/platen");
	assert_int_equal(c->sandbox, SANDBOX_AUTO);
	assert_int_equal(c->nranges, 0);
	assert_int_equal(c->discover_every, 86400000);
	assert_int_equal(c->rate, 50);
	assert_int_equal(c->port, 161);
	assert_int_equal(c->lan.versions, SNMP_V1 | SNMP_V2C);
	assert_int_equal(c->lan.ncommunities, 1);
	assert_string_equal(c->lan.communities[0], "public");
	assert_int_equal(c->lan.timeout, 2000);
	assert_int_equal(c->lan.retries, 2);
	assert_int_equal(c->lan.nports, 2);
	assert_string_equal(c->lan.ports[0], "https:443");
	assert_string_equal(c->lan.ports[1], "http:80");
	assert_int_equal(c->lan.http_timeout, 15000);
	assert_int_equal(c->lan.tls, TLS_PIN);
	assert_int_equal(c->every, 4 * 3600000);
	assert_int_equal(c->window_from, c->window_until);
	assert_int_equal(c->jitter, 10);
	assert_int_equal(c->concurrency, 64);
	assert_int_equal(c->spool_max_size, 64 << 20);
	assert_int_equal(c->spool_max_age, UINT64_C(90) * 86400000);
	assert_string_equal(c->plugin_path, PLATEN_PLUGIN_DIR);
	assert_false(c->require_signed);
	assert_int_equal(c->nplugins, 0);
	assert_int_equal(c->nsinks, 0);
	config_free(c);
}

static void
lists_go_on_in_further_lines(void **state)
{
	struct config *c = read_ini("\xEF\xBB\xBF[discover]\r\n"
				    "ranges = 10.0.0.0/24, 10.0.1.0/24,\r\n"
				    "  10.0.2.0/24\r\n"
				    "\r\n"
				    "\t# the plotter\r\n"
				    "\t[2001:db8::7]:1161 , printer.example\r\n"
				    "rate: 7");

	(void)state;
	assert_int_equal(c->nranges, 5);
	assert_string_equal(c->ranges[1], "10.0.1.0/24");
	assert_string_equal(c->ranges[2], "10.0.2.0/24");
	assert_string_equal(c->ranges[3], "[2001:db8::7]:1161");
	assert_string_equal(c->ranges[4], "printer.example");
	assert_int_equal(c->rate, 7);
	config_free(c);
}

static void
windows(void **state)
{
	static const struct {
		const char *text;
		uint32_t from, until;
	} cases[] = {
		{ "always", 0, 0 },
		{ "08:00-18:30", 480, 1110 },
		{ "22:00-06:00", 1320, 360 },
		{ "18:00-24:00", 1080, 0 },
		{ "00:00-24:00", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[80];
		struct config *c;

		snprintf(text, sizeof(text), "[schedule]\nwindow = %s\n", cases[i].text);
		c = read_ini(text);
		assert_int_equal(c->window_from, cases[i].from);
		assert_int_equal(c->window_until, cases[i].until);
		config_free(c);
	}
}

static void
users_and_their_passwords(void **state)
{
	struct config *c;

	(void)state;
	write_file("auth", "correct horse\nsecond line\n", 0600);
	write_file("priv", "battery staple\r\n", 0400);
	c = read_ini("[snmp]\nversions = 3\ncommunities =\n"
		     "[snmpv3 one]\nuser = monitor\nauth = sha256\nauth_password_file = auth\n"
		     "priv = aes\npriv_password_file = priv\nmatch = 10.0.0.0/8, printer.example\n"
		     "[snmpv3 two]\nuser = open\n");
	assert_int_equal(c->lan.versions, SNMP_V3);
	assert_int_equal(c->lan.ncommunities, 0);
	assert_int_equal(c->lan.nusers, 2);
	assert_string_equal(c->lan.users[0].name, "one");
	assert_string_equal(c->lan.users[0].user, "monitor");
	assert_string_equal(c->lan.users[0].auth, "sha256");
	assert_string_equal(c->lan.users[0].auth_password, "correct horse");
	assert_string_equal(c->lan.users[0].priv, "aes");
	assert_string_equal(c->lan.users[0].priv_password, "battery staple");
	assert_string_equal(c->lan.users[0].match, "10.0.0.0/8, printer.example");
	assert_string_equal(c->lan.users[1].auth, "");
	assert_string_equal(c->lan.users[1].auth_password, "");
	assert_string_equal(c->lan.users[1].priv, "");
	assert_string_equal(c->lan.users[1].match, "");
	config_free(c);
}

static void
credentials_may_be_open_to_a_group(void **state)
{
	struct config *c;

	(void)state;
	write_file("auth", "correct horse\n", 0440);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	c = read_ini("[snmp]\nversions = 3\n"
		     "[snmpv3 one]\nuser = monitor\nauth = md5\nauth_password_file = auth\n");
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_string_equal(c->lan.users[0].auth_password, "correct horse");
	config_free(c);
}

static void
plugins_and_sinks_keep_their_options(void **state)
{
	struct config *c = read_ini("[plugins]\npath = /a:b\n"
				    "[plugin hp-ews]\nenabled = no\nreach = oid 1.3.6.1.2.1.43, "
				    "get /DevMgmt/\npages = all of them\n"
				    "[sink local]\nplugin = file\npath = /x y\nkeep = 3\n"
				    "every = 0s\nretry_min = 1s\nretry_max = 1s\ntake = urgent\n");
	const struct plugin_config *p = config_plugin(c, "hp-ews");
	const struct sink_config *s = &c->sinks[0];
	char path[200];

	(void)state;
	snprintf(path, sizeof(path), "/a:%s/b", folder);
	assert_string_equal(c->plugin_path, path);
	assert_null(config_plugin(c, "other"));
	assert_non_null(p);
	assert_false(p->enabled);
	assert_int_equal(p->nreach, 2);
	assert_string_equal(p->reach[1], "get /DevMgmt/");
	assert_int_equal(p->noptions, 1);
	assert_string_equal(option_value(p->options, p->noptions, "pages"), "all of them");
	assert_int_equal(c->nsinks, 1);
	assert_string_equal(s->name, "local");
	assert_string_equal(s->plugin, "file");
	assert_int_equal(s->every, 0);
	assert_int_equal(s->retry_min, 1000);
	assert_int_equal(s->retry_max, 1000);
	assert_int_equal(s->take, TAKE_URGENT);
	assert_int_equal(s->noptions, 2);
	assert_string_equal(option_value(s->options, s->noptions, "path"), "/x y");
	assert_string_equal(option_value(s->options, s->noptions, "keep"), "3");
	assert_null(option_value(s->options, s->noptions, "every"));
	config_free(c);
}

static void
count(void *arg, const char *line)
{
	uint32_t *n = arg;

	assert_non_null(strstr(line, ".ini"));
	(*n)++;
}

/* All are told, up to a bound, and then how many more. */
static void
faults_are_bounded(void **state)
{
	struct buf text = { 0 };
	char path[200];
	uint32_t told = 0;

	(void)state;
	buf_text(&text, "[site]\n");
	for (int i = 0; i < 500; i++)
		buf_text(&text, "nonsense\n");
	write_file("platen.ini", (const char *)text.p, 0644);
	buf_free(&text);
	snprintf(path, sizeof(path), "%s/platen.ini", folder);
	assert_null(config_read(path, count, &told));
	assert_int_equal(told, MAX_FAULTS + 1);
}

/* ---- the sample and the manual show what the table says ---- */

struct shown {
	const char *file;
	char section[64];
	bool seen[128];
	bool explained; /* something was said since the last key */
};

static char *
file_text(const char *file)
{
	struct buf text = { 0 };
	char part[4096];
	FILE *f = fopen(file, "r");
	size_t n;

	if (f == NULL)
		fail_msg("%s cannot be opened: run the tests in the top folder", file);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&text, part, n);
	fclose(f);
	return buf_take(&text);
}

/* "[snmpv3 monitor]": the section is snmpv3. */
static void
show_section(struct shown *s, const char *line)
{
	snprintf(s->section, sizeof(s->section), "%.*s", (int)strcspn(line + 1, " ]"), line + 1);
}

/* "key = default", as the table has it. */
static void
show_key(struct shown *s, char *line)
{
	char *value = strchr(line, '='), *name;
	const struct config_key *key;
	uint32_t n;

	if (value == NULL)
		fail_msg("%s: [%s] \"%s\" has no =", s->file, s->section, line);
	*value++ = 0;
	name = text_trim(line);
	value = text_trim(value);
	key = key_find(s->section, name);
	if (key == NULL)
		fail_msg("%s: [%s] %s: there is no such key", s->file, s->section, name);
	if (key->value != NULL && strcmp(key->value, value) != 0)
		fail_msg("%s: [%s] %s: is %s there, but %s by default", s->file, s->section, name,
			value, key->value);
	if (s->seen[key - config_keys(&n)])
		fail_msg("%s: [%s] %s: stands there twice", s->file, s->section, name);
	s->seen[key - config_keys(&n)] = true;
}

static void
all_shown(const struct shown *s)
{
	uint32_t n;
	const struct config_key *keys = config_keys(&n);

	assert_in_range(n, 1, COUNT(s->seen));
	for (uint32_t i = 0; i < n; i++)
		if (!s->seen[i])
			fail_msg("%s: [%s] %s is missing", s->file, keys[i].section, keys[i].name);
}

static void
sample_shows_every_key(void **state)
{
	struct shown s = { .file = "conf/platen.ini" };
	char *text = file_text(s.file), *rest = text, *line;

	(void)state;
	while ((line = strsep(&rest, "\n")) != NULL) {
		bool comment = strncmp(line, "# ", 2) == 0;

		assert_in_range(strlen(line), 0, 80);
		if (strncmp(line, "## ", 3) == 0)
			s.explained = true;
		else if (line[0] == '[' || (comment && line[2] == '['))
			show_section(&s, comment ? line + 2 : line);
		else if (comment && s.section[0] != 0 && !s.explained)
			fail_msg("%s: [%s] \"%s\" is not explained", s.file, s.section, line);
		else if (comment && s.section[0] != 0)
			show_key(&s, line + 2);
		else if (line[0] == 0)
			s.explained = false;
		else if (line[0] != '#' || s.section[0] != 0)
			fail_msg("%s: [%s] \"%s\": neither key nor prose", s.file, s.section, line);
	}
	all_shown(&s);
	free(text);
}

static void
sample_changes_nothing(void **state)
{
	struct config *c = config_read("conf/platen.ini", unexpected, NULL);

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->nsinks, 0);
	config_free(c);
}

/* ".Ss [section]" and ".It Cm key = default" */
static void
manual_shows_every_key(void **state)
{
	struct shown s = { .file = "sdk/man/platen.ini.5" };
	char *text = file_text(s.file), *rest = text, *line;

	(void)state;
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (strncmp(line, ".Ss [", 5) == 0)
			show_section(&s, line + 4);
		else if (strncmp(line, ".It Cm ", 7) == 0)
			show_key(&s, line + 7);
	}
	all_shown(&s);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_file_is_the_defaults),
		cmocka_unit_test(lists_go_on_in_further_lines),
		cmocka_unit_test(windows),
		cmocka_unit_test(users_and_their_passwords),
		cmocka_unit_test(credentials_may_be_open_to_a_group),
		cmocka_unit_test(plugins_and_sinks_keep_their_options),
		cmocka_unit_test(faults_are_bounded),
		cmocka_unit_test(sample_shows_every_key),
		cmocka_unit_test(sample_changes_nothing),
		cmocka_unit_test(manual_shows_every_key),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
