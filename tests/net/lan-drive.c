/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lan-drive.c - asks the lan role from the command line and prints what it
 * says: tests/net/run.sh reads that.  The role runs in a child as it does
 * under the agent, with the pipe on fd 3.
 */
#include "net/net.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define TEXTS_MOST 16
#define ORDERS_MOST 64

static const char usage[] =
	"usage: lan-drive [-c COMMUNITY]... [-v 1|2c|3]... [-u "
	"NAME:USER:AUTH:PASS:PRIV:PASS[:MATCH]]...\n"
	"                 [-t MS] [-r RETRIES] [-h SCHEME:PORT]... [-s any|ca|pin] [-l LEARNED]\n"
	"                 [-T MS] [-p PORT] [-x EXCLUDE]... [-R RATE] [-n TIMES] [-J off|require]\n"
	"                 ADDRESS[,ADDRESS...] ORDER...\n"
	"ORDER: get OID,OID...  table OID,OID...  page PATH[,MOST]  login PATH  sweep "
	"TARGET,TARGET...\n";

static struct lan_settings settings = {
	.timeout = 500,
	.retries = 1,
	.http_timeout = 3000,
};
static const char *communities[TEXTS_MOST], *ports[MAX_HTTP_PORTS], *exclude[TEXTS_MOST];
static struct snmp_user users[TEXTS_MOST];
static uint32_t nexclude, rate = 1000, times = 1;
static uint16_t port = 161;
static const char *learned = "";

static struct buf out, in;
static int fd;
static uint32_t waiting;

static uint32_t
number(const char *s)
{
	uint32_t v;

	if (!text_u32(s, 0, UINT32_MAX, &v))
		die("\"%s\" is no number", s);
	return v;
}

static void
add_user(char *s)
{
	struct snmp_user *u = &users[settings.nusers++];
	const char **fields[] = { &u->name, &u->user, &u->auth, &u->auth_password, &u->priv,
		&u->priv_password, &u->match };

	for (size_t i = 0; i < COUNT(fields); i++) {
		*fields[i] = s != NULL ? strsep(&s, ":") : "";
	}
}

static void
options(int argc, char **argv)
{
	for (int c; (c = getopt(argc, argv, "+c:v:u:t:r:h:s:l:p:x:R:n:T:J:")) != -1;)
		switch (c) {
		case 'c':
			communities[settings.ncommunities++] = optarg;
			break;
		case 'v':
			settings.versions |= strcmp(optarg, "1") == 0 ? SNMP_V1
				: strcmp(optarg, "2c") == 0           ? SNMP_V2C
								      : SNMP_V3;
			break;
		case 'u':
			add_user(optarg);
			break;
		case 't':
			settings.timeout = number(optarg);
			break;
		case 'T':
			settings.http_timeout = number(optarg);
			break;
		case 'r':
			settings.retries = number(optarg);
			break;
		case 'h':
			ports[settings.nports++] = optarg;
			break;
		case 's':
			settings.tls = strcmp(optarg, "ca") == 0 ? TLS_CA
				: strcmp(optarg, "pin") == 0     ? TLS_PIN
								 : TLS_ANY;
			break;
		case 'J':
			settings.sandbox = strcmp(optarg, "off") == 0 ? SANDBOX_OFF
								      : SANDBOX_REQUIRE;
			break;
		case 'l':
			learned = optarg;
			break;
		case 'p':
			port = (uint16_t)number(optarg);
			break;
		case 'x':
			exclude[nexclude++] = optarg;
			break;
		case 'R':
			rate = number(optarg);
			break;
		case 'n':
			times = number(optarg);
			break;
		default:
			fputs(usage, stderr);
			exit(2);
		}
	if (settings.versions == 0)
		settings.versions = SNMP_V1 | SNMP_V2C | SNMP_V3;
	settings.communities = communities;
	settings.users = users;
	settings.ports = ports;
}

/* ---- orders ---- */

static void
put_oids(struct question *q, char *list)
{
	static struct oid parsed[PLATEN_MAX_OIDS];
	static struct platen_oid oids[PLATEN_MAX_OIDS];

	q->n = 0;
	for (char *item; (item = text_item(&list)) != NULL; q->n++) {
		if (q->n == PLATEN_MAX_OIDS || !oid_parse(item, &parsed[q->n]))
			die("\"%s\" is no OID", item);
		oids[q->n] = (struct platen_oid){ parsed[q->n].sub, parsed[q->n].n };
	}
	q->oids = oids;
}

static void
put_ask(uint64_t id, const char *address, const char *verb, const char *given)
{
	const struct target target = { address, port, learned };
	struct question q = { .most = PLATEN_MAX_BODY };
	char *text = mem_string(given), *comma;
	size_t at = wire_begin(&out, MSG_LAN_ASK);

	if (strcmp(verb, "get") == 0 || strcmp(verb, "table") == 0) {
		q.kind = verb[0] == 'g' ? ASK_GET : ASK_TABLE;
		put_oids(&q, text);
	} else {
		q.kind = verb[0] == 'p' ? ASK_PAGE : ASK_LOGIN;
		if ((comma = strchr(text, ',')) != NULL) {
			*comma = 0;
			q.most = number(comma + 1);
		}
		q.path = text;
		q.form = "user={user}";
	}
	wire_u64(&out, id);
	target_put(&out, &target);
	question_put(&out, &q);
	wire_end(&out, at);
	free(text);
}

static void
put_ask_everywhere(const char *addresses, const char *verb, const char *given)
{
	char *list = mem_string(addresses), *rest = list;

	for (char *address; (address = text_item(&rest)) != NULL;)
		put_ask(++waiting, address, verb, given);
	free(list);
}

static void
put_sweep(uint64_t id, const char *given)
{
	char *list = mem_string(given), *rest = list;
	const char *targets[TEXTS_MOST];
	uint32_t n = 0;
	size_t at = wire_begin(&out, MSG_LAN_SWEEP);

	for (char *item; (item = text_item(&rest)) != NULL;)
		targets[n++] = item;
	wire_u64(&out, id);
	wire_u64(&out, rate);
	wire_u64(&out, port);
	wire_u64(&out, n);
	for (uint32_t i = 0; i < n; i++)
		wire_text(&out, targets[i]);
	wire_u64(&out, nexclude);
	for (uint32_t i = 0; i < nexclude; i++)
		wire_text(&out, exclude[i]);
	wire_end(&out, at);
	free(list);
}

static void
put_all(int argc, char **argv)
{
	size_t at = wire_begin(&out, MSG_HELLO);

	wire_u64(&out, WIRE_PROTOCOL);
	wire_text(&out, "agent");
	wire_end(&out, at);
	at = wire_begin(&out, MSG_LAN_SETTINGS);
	lan_settings_put(&out, &settings);
	wire_end(&out, at);
	for (int i = optind + 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "sweep") == 0)
			put_sweep(++waiting, argv[i + 1]);
		else
			for (uint32_t t = 0; t < times; t++)
				put_ask_everywhere(argv[optind], argv[i], argv[i + 1]);
	}
}

/* ---- what it says ---- */

static const char *
status_word(int32_t status)
{
	static const char *const words[] = { "ok", "no-answer", "refused", "too-big", "budget",
		"reach", "invalid", "partial" };

	return status <= 0 && status > -(int)COUNT(words) ? words[-status] : "?";
}

static void
print_value(const struct platen_bind *b)
{
	struct buf text = { 0 };

	switch (b->type) {
	case PLATEN_ABSENT:
		puts("absent");
		return;
	case PLATEN_INTEGER:
	case PLATEN_UNSIGNED:
		printf("%s %lld\n", b->type == PLATEN_INTEGER ? "integer" : "unsigned",
			(long long)b->number);
		return;
	case PLATEN_OBJECT_ID:
		oid_format(b->value.sub, b->value.n, &text);
		printf("oid %s\n", text.p != NULL ? (char *)text.p : "");
		buf_free(&text);
		return;
	default:
		printf("octets ");
		for (uint32_t i = 0; i < b->len; i++)
			if (b->octets[i] >= 0x20 && b->octets[i] < 0x7F && b->octets[i] != '\\')
				putchar(b->octets[i]);
			else
				printf("\\x%02x", b->octets[i]);
		putchar('\n');
	}
}

static void
print_answer(struct wire *w, struct pool *pool)
{
	uint64_t id = wire_get_u64(w);
	struct answer a;

	if (!answer_get(w, pool, &a) || !wire_ended(w))
		die("bad answer");
	waiting--;
	printf("answer %llu %s n=%u packets=%u", (unsigned long long)id, status_word(a.status), a.n,
		a.packets);
	if (a.kind == ASK_PAGE)
		printf(" code=%d type=%s len=%llu", a.code, a.type, (unsigned long long)a.len);
	putchar('\n');
	for (uint32_t i = 0; i < a.n && times == 1; i++) {
		struct buf text = { 0 };

		oid_format(a.binds[i].oid.sub, a.binds[i].oid.n, &text);
		printf("  %s ", (char *)text.p);
		print_value(&a.binds[i]);
		buf_free(&text);
	}
	if (a.kind == ASK_PAGE && a.status == PLATEN_OK)
		printf("  body %.*s\n", a.len > 200 ? 200 : (int)a.len, (const char *)a.body);
}

static void
print_frame(struct wire *w)
{
	struct pool *pool = pool_new();
	uint64_t a, b, c;
	const char *text;

	switch (w->type) {
	case MSG_HELLO:
		if (wire_get_u64(w) != WIRE_PROTOCOL || strcmp(wire_get_text(w), "lan") != 0)
			die("this is no lan role");
		break;
	case MSG_LOG:
		a = wire_get_u64(w);
		wire_get_u64(w);
		printf("log %llu %s\n", (unsigned long long)a, wire_get_text(w));
		break;
	case MSG_LAN_ANSWER:
		print_answer(w, pool);
		break;
	case MSG_LAN_LEARNED:
		text = wire_get_text(w);
		a = wire_get_u64(w);
		printf("learned %s %llu %s\n", text, (unsigned long long)a, wire_get_text(w));
		break;
	case MSG_LAN_FOUND:
		wire_get_u64(w);
		text = wire_get_text(w);
		a = wire_get_u64(w);
		printf("found %s %llu %s\n", text, (unsigned long long)a, wire_get_text(w));
		break;
	case MSG_LAN_PROGRESS:
		wire_get_u64(w);
		a = wire_get_u64(w);
		b = wire_get_u64(w);
		c = wire_get_u64(w);
		printf("progress %llu %llu %llu\n", (unsigned long long)a, (unsigned long long)b,
			(unsigned long long)c);
		break;
	case MSG_LAN_SWEPT:
		a = wire_get_u64(w);
		b = wire_get_u64(w);
		printf("swept %llu %llu %s\n", (unsigned long long)a, (unsigned long long)b,
			wire_get_text(w));
		waiting--;
		break;
	default:
		die("unknown message %u", w->type);
	}
	if (!wire_ended(w))
		die("bad message %u", w->type);
	pool_free(pool);
	fflush(stdout);
}

static void
serve(void)
{
	while (waiting > 0) {
		struct pollfd p = { .fd = fd, .events = (short)(POLLIN | (out.n ? POLLOUT : 0)) };
		uint8_t bytes[65536];
		struct wire w;
		ssize_t n;
		int64_t used;

		poll(&p, 1, -1);
		if (p.revents & POLLOUT) {
			n = send(fd, out.p, out.n, MSG_DONTWAIT | MSG_NOSIGNAL);
			if (n > 0)
				buf_cut(&out, (size_t)n);
		}
		if (!(p.revents & (POLLIN | POLLHUP)))
			continue;
		if ((n = read(fd, bytes, sizeof(bytes))) <= 0) {
			puts("the role is gone");
			return;
		}
		buf_add(&in, bytes, (size_t)n);
		while ((used = wire_frame(in.p, in.n, &w)) > 0) {
			print_frame(&w);
			buf_cut(&in, (size_t)used);
		}
		if (used < 0)
			die("this is no frame");
	}
}

static pid_t
start_role(void)
{
	char self[4096] = "";
	int pair[2];
	pid_t pid;

	/* The path, and not /proc/self/exe itself: under valgrind that is valgrind. */
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		die("readlink");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		die("socketpair");
	fd = pair[0];
	if ((pid = fork()) == 0) {
		close(pair[0]);
		if (pair[1] != WIRE_FD) {
			dup2(pair[1], WIRE_FD);
			close(pair[1]);
		}
		execl(self, "platen-lan", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	return pid;
}

/* The most memory it ever had. */
static void
print_memory(pid_t pid)
{
	char path[64], line[256];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, "VmHWM:", 6) == 0)
			printf("memory %s", line + 6);
	if (f != NULL)
		fclose(f);
}

int
main(int argc, char **argv)
{
	pid_t pid;
	int status = 0;

	if (argc == 1) /* as start_role starts it; valgrind changes argv[0] */
		return lan_main();
	/* fd 3 must be free for the child. */
	while (dup(STDERR_FILENO) < WIRE_FD + 1)
		;
	options(argc, argv);
	if (argc - optind < 3) {
		fputs(usage, stderr);
		return 2;
	}
	pid = start_role();
	put_all(argc, argv);
	serve();
	print_memory(pid);
	close(fd);
	waitpid(pid, &status, 0);
	printf("exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	buf_free(&out);
	buf_free(&in);
	return status != 0;
}
