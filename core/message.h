/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.h - what platen's processes say to each other: the types of frames,
 * their fields in order, and the things that are said by several of them.
 *
 * Three speakers: the agent, its lan role, and one platen-host per plugin.
 * Each connection begins with a HELLO in each direction; whoever sees another
 * protocol number ends with a line in the log (two builds were mixed).
 * An unknown type or a bad field ends the peer, never the reader.
 */
#ifndef PLATEN_MESSAGE_H
#define PLATEN_MESSAGE_H

#include "metrics.h"
#include "wire.h"

#include <platen/http.h>
#include <platen/plugin.h>
#include <platen/snmp.h>
#include <platen/upload.h>

enum message {
	/* Both ways, first: u64 WIRE_PROTOCOL, text who ("agent", "lan", "host NAME"). */
	MSG_HELLO = 1,
	/* Both ways: u64 level (enum log_level), u64 visit or 0, text line. */
	MSG_LOG,

	/* --- agent -> lan --- */

	/* Settings; see lan_settings below.  First after HELLO, once: another set is a new role. */
	MSG_LAN_SETTINGS = 10,
	/* u64 id, target, question: answered by exactly one MSG_LAN_ANSWER with that id. */
	MSG_LAN_ASK,
	/* u64 id: no longer wanted; no answer follows. */
	MSG_LAN_CANCEL,
	/*
	 * u64 id, u64 packets a second, u64 default port, u64 n, n texts (TARGETs:
	 * address, name, CIDR, a-b range, each with optional :port), u64 m, m texts
	 * (exclusions, same forms).  One sweep at a time.
	 */
	MSG_LAN_SWEEP,

	/* --- lan -> agent --- */

	/* u64 id, answer. */
	MSG_LAN_ANSWER = 20,
	/* text address, u64 port, text what is remembered ("" : forget); see struct target. */
	MSG_LAN_LEARNED,
	/*
	 * u64 sweep id, text address, u64 port, text as asked ("" unless a name): something speaks
	 * SNMP.
	 */
	MSG_LAN_FOUND,
	/*
	 * u64 sweep id, u64 packets sent so far, u64 packets to send at most, u64 found; 2 a
	 * second.
	 */
	MSG_LAN_PROGRESS,
	/* u64 sweep id, u64 packets sent, text what went wrong ("" : nothing), one sentence. */
	MSG_LAN_SWEPT,

	/* --- agent -> host --- */

	/*
	 * u64 n, n pairs of text (option key, value from the INI), u64 m, m texts
	 * (services the agent has).  The host loads and starts the plugin, answers
	 * with MSG_HOST_READY or MSG_HOST_REFUSED.
	 */
	MSG_HOST_START = 30,
	/* u64 id, device: answered by MSG_HOST_MATCHED. */
	MSG_HOST_MATCH,
	/* u64 visit, device, foreseen: ends with exactly one MSG_HOST_DONE. */
	MSG_HOST_VISIT,
	/* u64 visit, u64 serial, answer: to one MSG_HOST_ASK. */
	MSG_HOST_ANSWER,
	/* u64 visit: give it up; MSG_HOST_DONE follows once, with PLATEN_ENOANSWER. */
	MSG_HOST_END,
	/*
	 * u64 delivery, text batch id, text agent, u64 attempt, u64 n, n x { u64 seq, u64 urgent,
	 * bytes json }.
	 */
	MSG_HOST_DELIVER,
	/*
	 * u64 delivery, u64 serial, i64 status, u64 code, u64 retry_after, bytes body, text server,
	 * text reason.
	 */
	MSG_HOST_SENT,
	/* (nothing): stop() the plugin and exit 0. */
	MSG_HOST_STOP,
	/* script: what MSG_HOST_VISITs will foresee; see message_script.h. */
	MSG_HOST_SCRIPT,

	/* --- host -> agent --- */

	/* manifest. */
	MSG_HOST_READY = 50,
	/* text why: one sentence. */
	MSG_HOST_REFUSED,
	/* u64 id, i64 match 0..100. */
	MSG_HOST_MATCHED,
	/* u64 visit, u64 serial, question. */
	MSG_HOST_ASK,
	/* u64 visit, readings, at least one. */
	MSG_HOST_READINGS,
	/* u64 visit, i64 status: nothing is outstanding any more. */
	MSG_HOST_DONE,
	/* u64 delivery, u64 serial, text media type, text coding, text server, bytes body. */
	MSG_HOST_SEND,
	/* u64 delivery, u64 first, u64 n, u64 verdict, u64 retry_after, text reason. */
	MSG_HOST_SETTLE,
	/* u64 delivery, i64 status: nothing is outstanding any more. */
	MSG_HOST_DELIVERED,
	/* (nothing): one more of the agent's frames has been worked off, HELLO included. */
	MSG_HOST_HANDLED,

	/* --- agent -> gate; what is in them stands in message_gate.h --- */

	/* settings.  First after HELLO, once: another set is a new role. */
	MSG_GATE_SETTINGS = 90,
	/* keys: who may send from now on, instead of those before. */
	MSG_GATE_KEYS,
	/* kept: answers one MSG_GATE_BATCH. */
	MSG_GATE_KEPT,

	/* --- gate -> agent --- */

	/* u64 how, text address: it takes uploads there. */
	MSG_GATE_LISTENING = 100,
	/* batch: answered by exactly one MSG_GATE_KEPT. */
	MSG_GATE_BATCH,
};

/* message.c: lists of text, u64 n and n texts. */
void texts_put(struct buf *, const char *const *texts, uint32_t n);
const char **texts_get(struct wire *, struct pool *, uint32_t max, uint32_t *n);

/* ---- question: what is asked of one printer. u64 kind, then by kind. ---- */

enum question_kind {
	ASK_GET, /* u64 n, n oids */
	ASK_TABLE, /* u64 n, n oids, oid after */
	ASK_PAGE, /* text path, u64 most bytes of body */
	ASK_LOGIN, /* text path, text form */
	/* bytes { u64 n, n oids, u64 objects among them }, text shape; the agent alone asks so */
	ASK_READ,
};

/* OIDs of one ASK_READ, and bytes of what is remembered of its answer. */
#define MAX_READ_OIDS 1024
#define SHAPE_MOST 2000

struct question {
	enum question_kind kind;
	uint32_t n; /* oids */
	const struct platen_oid *oids;
	struct platen_oid after; /* TABLE: begin behind this OID; n = 0: at the beginning */
	uint32_t nobjects; /* READ: the first so many are objects, the others columns */
	const char *shape; /* READ: of the answer to it last time; "" : it is not known */
	const uint8_t *packed; /* READ: the OIDs as they are said, NULL: they are not packed */
	size_t npacked;
	const char *path;
	const char *form;
	uint32_t most; /* bytes of body */
	bool first; /* GET, TABLE: visit() asks it, whatever the printer may answer; u64, last */
};

void question_put(struct buf *, const struct question *);
/* In memory of the pool, text in the frame's; false: bad.  Of a READ the OIDs are still packed. */
bool question_get(struct wire *, struct pool *, struct question *);
/*
 * READ: many printers are asked the same.  Who asks packs the OIDs once, in memory of the pool, and
 * who is asked knows it by the bytes; false: they are no OIDs.
 */
void question_pack(struct question *, struct pool *);
bool question_unpack(struct question *, struct pool *);
/* Copies in memory of the pool. */
struct platen_oid oid_keep(struct pool *, const struct platen_oid *);
const struct question *question_copy(struct pool *, const struct question *);
/* Is it about objects; and are two that are the same but for who asks when? */
bool question_is_snmp(const struct question *);
bool question_same(const struct question *, const struct question *);
/* The question for a person: "get 1.3.6.1.2.1.1.1.0 and 2 more". */
void question_say(const struct question *, struct buf *);

/*
 * ---- answer, message_answer.c: i64 status, u64 packets, u64 kind of question, then
 * for GET and TABLE u64 n, n binds { oid, value };
 * for PAGE and LOGIN u64 code, text type, bytes body, text odd;
 * for READ what message_read.h says.
 * It obeys platen/snmp.h and platen/http.h: a GET has n binds in the asked
 * order, a table rows times columns.
 * value: u64 type, then by it: i64 number | bytes and a NUL | oid | nothing.
 */
struct answer {
	enum question_kind kind;
	int32_t status; /* PLATEN_OK ... */
	uint32_t n; /* binds */
	struct pool **pool; /* a READ's memory, for who takes it over: pool_join(); or NULL */
	uint32_t packets; /* packets sent to learn it, for those who count */
	struct platen_bind *binds; /* READ, to be said: of each object, then each column's cells */
	int32_t code;
	const char *type;
	const uint8_t *body;
	uint64_t len;
	const char *odd; /* about its TLS: "self-signed certificate"; NULL or "" : nothing */
	/* READ, to be said: */
	uint32_t ncounts; /* columns */
	const struct platen_oid *columns;
	const uint32_t *counts; /* cells of each column */
	const uint8_t *likes; /* for each column what is known of like; 0 or NULL: nothing */
	uint32_t nflaws; /* OIDs, or 0: nothing is missing */
	const uint8_t *flaws; /* for each OID: 1: something is missing for a bad reason */
	/* READ, as it is heard: */
	uint32_t ngot, nobjects; /* OIDs; the first so many are objects, the others columns */
	const struct got *got; /* of each; see message_read.h */
	const char *shape; /* to be given with the same question next time, "" : nothing is */
};

void answer_put(struct buf *, const struct answer *);
/* Its octets lie in the frame, a READ wholly in memory of the pool. */
bool answer_get(struct wire *, struct pool *, struct answer *);
/* An answer that says only why there is none. */
struct answer answer_none(enum question_kind, int32_t status);

/* A bind's type and value; whose it is stands elsewhere. */
void value_put(struct buf *, const struct platen_bind *);
/* The same of many: bytes at most, and written where there is so much room. */
size_t values_most(const struct platen_bind *, uint32_t n);
uint8_t *values_write(uint8_t *to, const struct platen_bind *, uint32_t n);
/* All but the OID.  Octets lie in the frame. */
void value_get(struct wire *, struct pool *, struct platen_bind *);
/* The column's OID and an index behind it, cut to PLATEN_MAX_SUBIDS. */
struct platen_oid oid_join(struct pool *, struct platen_oid column, struct platen_oid index);
/* ... in room for as many sub-identifiers as both have. */
struct platen_oid oid_join_at(uint32_t *, struct platen_oid column, struct platen_oid index);

/*
 * ---- target: text address, u64 snmp port, text learned ----
 * address is numeric, IPv4 or IPv6 without brackets.  learned is what the lan
 * role found out about this printer, in its own words ("2c community=0 objects=16"):
 * the agent keeps the text with the printer and gives it back, nothing more.
 */
struct target {
	const char *address;
	uint16_t port;
	const char *learned;
};

void target_put(struct buf *, const struct target *);
bool target_get(struct wire *, struct target *);

/*
 * ---- lan settings: u64 versions (bit 0: v1, 1: v2c, 3: v3), u64 timeout ms,
 * u64 retries, u64 n, n texts (communities, in order), u64 m, m users { text
 * name, text user, text auth, text auth password, text priv, text priv
 * password, text match }, http: u64 n, n texts ("http:80", "https:443"),
 * u64 timeout ms, u64 tls (0 any, 1 ca, 2 pin), texts tls_ca and tls_any, u64 n, n logins
 * { text name, text user, text password, text match }, u64 sandbox (enum sandbox) ----
 */
struct snmp_user {
	const char *name; /* [snmpv3 NAME] */
	const char *user; /* securityName */
	const char *auth; /* "" none | md5 sha sha224 sha256 sha384 sha512 */
	const char *auth_password;
	const char *priv; /* "" none | des aes aes192 aes256 */
	const char *priv_password;
	const char *match; /* TARGET list it is for, "" : any */
};

/* Of [login NAME]: for the web pages of printers that ask for it. */
struct web_login {
	const char *name;
	const char *user;
	const char *password;
	const char *match; /* TARGET list it is for, never "" */
};

enum tls_trust { TLS_ANY, TLS_CA, TLS_PIN };

/* How tightly a role closes itself in: as the kernel can, wholly or not at all, not. */
enum sandbox { SANDBOX_AUTO, SANDBOX_REQUIRE, SANDBOX_OFF };

struct lan_settings {
	uint32_t versions; /* SNMP_V1 | SNMP_V2C | SNMP_V3 */
	uint64_t timeout; /* ms, for one try */
	uint32_t retries;
	uint32_t ncommunities;
	const char **communities;
	uint32_t nusers;
	struct snmp_user *users;
	uint32_t nports;
	const char **ports;
	uint64_t http_timeout; /* ms, for one page */
	enum tls_trust tls;
	const char *tls_ca, *tls_any; /* TARGET lists with a trust of their own, "" : none */
	uint32_t nlogins;
	struct web_login *logins;
	enum sandbox sandbox;
};

enum { SNMP_V1 = 1 << 0, SNMP_V2C = 1 << 1, SNMP_V3 = 1 << 3 };

/* Outside sizes of settings. */
#define MAX_COMMUNITIES 32
#define MAX_SNMP_USERS 64
#define MAX_HTTP_PORTS 8
#define MAX_WEB_LOGINS 64
#define MAX_SWEEP_TARGETS 4096

void lan_settings_put(struct buf *, const struct lan_settings *);
bool lan_settings_get(struct wire *, struct pool *, struct lan_settings *);

/* ---- device: oid object id, text descr, text model, text device id, u64 hrDeviceIndex ---- */
void device_put(struct buf *, const struct platen_device *);
bool device_get(struct wire *, struct pool *, struct platen_device *);

/*
 * ---- reading: u64 metric_id, [text metric: of a size of paper], [text part: where there can be
 * one], then [i64 number], [u64 which unit], [u64 which word] or [text text], [i64 full]: as far
 * as the metric's kind has them ----
 *
 * It is one that metric_check() has passed; what is read is checked so far that it is one again.
 */
void reading_put(struct buf *, const struct emitted *);
bool reading_get(struct wire *, struct emitted *, struct why *);

/*
 * ---- manifest: text name, version, summary, u64 abi_minor, u64 is a scraper,
 * u64 is a sink, needs, reach, options: u64 n and n texts (options: 3 texts
 * each, the default preceded by u64 whether there is one) ----
 */
struct manifest {
	const char *name, *version, *summary;
	uint32_t abi_minor;
	bool scraper, sink;
	uint32_t nneeds, nreach, noptions;
	const char **needs, **reach;
	struct platen_option *options;
};

#define MAX_MANIFEST_ITEMS 256 /* needs, reach or options of one plugin */

void manifest_put(struct buf *, const struct platen_plugin *);
bool manifest_get(struct wire *, struct pool *, struct manifest *);

#endif
