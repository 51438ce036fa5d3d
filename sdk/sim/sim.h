/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-sim: many printers out of a few captures, on loopback.
 *
 * The way of a question:
 *
 *     udp.c -> message.c -> printer.c -> agent.c -> ident.c -> fault.c -> udp.c
 *     (came)   (what)       (whom)       (answer)   (whose)    (spoil)    (goes)
 *
 * http.c goes the same way, over tls.c where asked for, with reply.c and login.c in the place of
 * agent.c. A printer is no object in memory: it is an address, and everything else about it is
 * computed when it is asked. That is why 50,000 of them cost one socket and four bytes each, and a
 * key only from their first connection over TLS on.
 *
 * Ownership: what main.c sets up (captures, ranges, faults) lives until the process ends and is
 * freed by nobody; everything made for one question is gone when the question is answered.
 *
 * This program shares no code with the agent and none with net-snmp, on purpose: two readings of
 * the same standard check each other.
 */
#ifndef PLATEN_SIM_H
#define PLATEN_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <netinet/in.h>

/* Sub-identifiers in an object identifier: the limit of SMIv2. */
#define OID_MAX 128
/* Printers in one simulator; 50,000 is the aim, this stops a mistyped /8. */
#define PRINTERS_MAX (1u << 20)
/* The longest value a capture may hold, so that it fits a datagram with its frame. */
#define VALUE_MAX 60000u
/* The largest UDP payload over IPv4. */
#define DATAGRAM_MAX 65507u
/* The longest community string. */
#define COMMUNITY_MAX 255u
/* Variable bindings in one question; more is counted as malformed. */
#define BINDINGS_MAX 512u
/* Room in front of an answer's bindings for the frame around them. */
#define HEADROOM 320u
/* An answer slot: frame, payload, and what a fault hangs on behind. */
#define SLOT_SIZE (HEADROOM + 65536u + 64u)

/* ---- addr.c: addresses of both families as one number -------------------------------------- */

/* An IPv6 address in host order; an IPv4 address is its mapped form ::ffff:a.b.c.d. */
struct addr {
	uint64_t hi, lo;
};

/* Both ends belong to it. */
struct range {
	struct addr from, to;
	uint32_t first; /* the number of the printer at `from` */
};

/* Text of an address: "127.0.0.1" or "::1". */
struct addr_text {
	char s[INET6_ADDRSTRLEN];
};

int addr_cmp(struct addr a, struct addr b);
bool addr_is_v4(struct addr a);
struct addr addr_add(struct addr a, uint32_t n);
struct addr addr_of_v4(struct in_addr in);
struct addr addr_of_v6(const struct in6_addr *in);
struct addr addr_of_sockaddr(const struct sockaddr_storage *ss);
struct in_addr addr_to_v4(struct addr a);
struct in6_addr addr_to_v6(struct addr a);
struct addr_text addr_text(struct addr a);
/* "127.0.0.1:161" or "[::1]:161" into buf. */
const char *endpoint_text(const struct sockaddr_storage *ss, char *buf, size_t cap);
/* Reads one ADDR, ADDR-ADDR or ADDR/BITS; on failure says why in *why. */
bool range_parse(const char *text, struct range *out, const char **why);
uint64_t range_count(const struct range *r);
bool range_has(const struct range *r, struct addr a);

/* ---- ber.c: the encoding ------------------------------------------------------------------- */

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_NULL = 0x05,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_IPADDRESS = 0x40,
	TAG_COUNTER32 = 0x41,
	TAG_GAUGE32 = 0x42,
	TAG_TIMETICKS = 0x43,
	TAG_COUNTER64 = 0x46,
	TAG_NO_SUCH_OBJECT = 0x80,
	TAG_NO_SUCH_INSTANCE = 0x81,
	TAG_END_OF_MIB_VIEW = 0x82
};

struct oid {
	uint32_t n;
	uint32_t arc[OID_MAX];
};

/* The content octets of a value, borrowed. */
struct value {
	uint8_t tag;
	uint32_t len;
	const uint8_t *data;
};

/* What is left to read. Every function below moves it only when it returns true. */
struct reader {
	const uint8_t *p, *end;
};

/* Octets appended to a buffer that does not grow. */
struct writer {
	uint8_t *buf;
	size_t len, cap;
};

bool ber_take(struct reader *r, uint8_t tag, struct reader *inside);
bool ber_take_any(struct reader *r, uint8_t *tag, struct reader *inside);
bool ber_take_int(struct reader *r, int32_t *out);
bool ber_take_oid(struct reader *r, struct oid *out);

/* Appends SEQUENCE { name, value }; false, and nothing appended, when it does not fit. */
bool ber_put_binding(struct writer *w, const struct oid *name, const struct value *value);
/* Content octets; return how many. buf holds 9 for a number, 5 * OID_MAX for an OID. */
uint32_t ber_int_content(int64_t v, uint8_t *buf);
uint32_t ber_uint_content(uint64_t v, uint8_t *buf);
uint32_t ber_oid_content(const struct oid *oid, uint8_t *buf);
/* The number in the content octets of any of the integer types. */
int64_t ber_number(const struct value *v);
bool ber_is_number(uint8_t tag);

/* Write in front of p and return the new front: answers are framed from the inside out. */
uint8_t *ber_prepend_head(uint8_t *p, uint8_t tag, size_t len);
uint8_t *ber_prepend_int(uint8_t *p, int32_t v);

int oid_cmp(const uint32_t *a, uint32_t an, const uint32_t *b, uint32_t bn);
bool oid_under(const uint32_t *oid, uint32_t n, const uint32_t *root, uint32_t root_n);
void oid_set(struct oid *out, const uint32_t *arc, uint32_t n);
const char *oid_text(const struct oid *oid, char *buf, size_t cap);
/* Reads "1.3.6.1" or ".1.3.6.1" up to `end`. */
bool oid_parse(const char *text, const char *end, struct oid *out);

/* ---- message.c: a question, decoded -------------------------------------------------------- */

enum {
	PDU_GET = 0xa0,
	PDU_GETNEXT = 0xa1,
	PDU_RESPONSE = 0xa2,
	PDU_SET = 0xa3,
	PDU_GETBULK = 0xa5
};

enum { SNMP_V1 = 0, SNMP_V2C = 1, SNMP_V3 = 3 };

enum message_kind { MESSAGE_OK, MESSAGE_V3, MESSAGE_MALFORMED };

struct message {
	int32_t version;
	const uint8_t *community;
	uint32_t community_len;
	uint8_t pdu;
	int32_t request_id;
	int32_t non_repeaters, max_repetitions; /* GETBULK only */
	const uint8_t *bindings; /* as they came, for answers that repeat them */
	size_t bindings_len;
	uint32_t count;
	struct oid name[BINDINGS_MAX];
};

/* Decodes a datagram; what *m points to is borrowed from it. */
enum message_kind message_read(const uint8_t *data, size_t len, struct message *m);
const char *pdu_name(uint8_t pdu);

/* ---- capture.c, pages.c: what was recorded ------------------------------------------------- */

/* What differs between the printers of one capture. */
enum { MARK_SERIAL = 1, MARK_MAC = 2, MARK_LIFE = 4 };

/* Offsets into the capture's pools; objects are in the order of their names. */
struct object {
	uint32_t arc, value, len;
	uint8_t arcs, tag, marks;
};

struct page {
	char *path; /* "/DevMgmt/ProductUsageDyn.xml" */
	uint8_t *body;
	size_t len;
	const char *type;
};

struct capture {
	char *name, *file;
	struct object *objects;
	uint32_t count;
	uint32_t *arcs;
	uint8_t *bytes;
	const uint8_t *serial; /* points into bytes; NULL when there is none */
	uint32_t serial_len;
	struct page *pages;
	size_t page_count;
	uint32_t printers; /* how many are made from it */
	bool unique; /* and whether they differ */
};

struct captures {
	struct capture **at;
	size_t count;
};

/* Load a file, a folder, or a folder of folders; on failure everything was said on stderr. */
bool captures_load(struct captures *all, const char *path);
/* What a hexadecimal digit is worth, -1 for anything else. */
int hex_digit(char c);
struct capture *captures_by_name(const struct captures *all, const char *name);
/* The first object not before (or, with `after`, behind) the name; count when there is none. */
uint32_t capture_seek(const struct capture *c, const struct oid *name, bool after);
const uint32_t *object_arcs(const struct capture *c, const struct object *o);
bool object_is(const struct capture *c, uint32_t at, const struct oid *name);
bool pages_load(struct capture *c, const char *folder);
const struct page *page_find(const struct capture *c, const char *target, size_t len);

/* ---- fault.c: what goes wrong -------------------------------------------------------------- */

enum fault_kind {
	FAULT_SILENT,
	FAULT_V1_ONLY,
	FAULT_NO_BULK,
	FAULT_BULK_ERROR,
	FAULT_TOOBIG,
	FAULT_DROP_MANY,
	FAULT_MULTI_ZERO,
	FAULT_ENDLESS,
	FAULT_LOOP,
	FAULT_BACK,
	FAULT_WRONG_ID,
	FAULT_WRONG_SOURCE,
	FAULT_HUGE,
	FAULT_MALFORMED,
	FAULT_DUPLICATE,
	FAULT_LATE,
	FAULT_LOSS,
	FAULT_WRONG_TYPE,
	FAULT_SLEEPY,
	FAULT_SWAP,
	FAULT_BACK_COUNT,
	FAULT_HTTP_SLOW,
	FAULT_HTTP_HANG,
	FAULT_HTTP_RESET,
	FAULT_HTTP_REDIRECT,
	FAULT_HTTP_ENDLESS,
	FAULT_HTTP_HUGE,
	FAULT_HTTP_MUTE,
	FAULT_HTTP_CHUNKED,
	FAULT_HTTP_LENGTH,
	FAULT_HTTP_HEADERS,
	FAULT_TLS_EXPIRED,
	FAULT_TLS_WEAK,
	FAULT_TLS_OLD,
	FAULT_TLS_REKEY,
	FAULT_KINDS
};

struct fault {
	enum fault_kind kind;
	struct range where;
	double number; /* the argument, when it is one */
	double jitter; /* late=MS+-JITTER */
	const char *text; /* the argument as written, inside spec */
	char *spec;
	uint32_t turn; /* malformed: whose turn it is */
};

struct sim;
struct printer;

/* An answer on its way; data points into the slot it was built in. */
struct answer {
	uint8_t *data;
	size_t len;
	size_t room; /* octets from data to the end of the slot */
};

bool fault_add(struct sim *sim, const char *text);
void fault_help(FILE *f);
/* Whether this printer answers this question at all. */
bool fault_lets_pass(struct sim *sim, const struct printer *p, const struct message *m);
int64_t fault_delay_ms(struct sim *sim, const struct printer *p);
/* Spoils the encoding as FAULT_MALFORMED asks. */
void fault_spoil(struct sim *sim, struct fault *f, struct answer *a);
uint32_t sim_random(struct sim *sim);

/* ---- printer.c: who is asked --------------------------------------------------------------- */

/* A printer while it is being asked; made on the stack from its address. */
struct printer {
	struct addr addr;
	uint32_t index;
	const struct capture *capture;
	uint64_t number; /* added to serial and MAC; 0 leaves them as captured */
	struct fault *fault[FAULT_KINDS]; /* NULL where all is well */
};

struct printer_choice {
	uint32_t index;
	struct capture *capture;
};

bool listen_add(struct sim *sim, const char *text);
bool choice_add(struct sim *sim, const char *text);
/* After all options: numbers the printers, counts them per capture. */
bool printers_settle(struct sim *sim);
bool printer_find(struct sim *sim, struct addr a, struct printer *p);
void printers_list(struct sim *sim, FILE *f);

/* ---- ident.c: what is the printer's own ---------------------------------------------------- */

/* Finds the serial number and marks what differs per printer. */
void ident_mark(struct capture *c);
/* The value of an object at this printer; computed ones lie in a buffer until the next call. */
struct value ident_value(struct sim *sim, const struct printer *p, const struct object *o);
/* Puts the printer's serial number over the capture's wherever it stands. */
void ident_overwrite(const struct printer *p, uint8_t *data, size_t len);
uint64_t ident_room(const struct capture *c);

/* ---- agent.c: the answer ------------------------------------------------------------------- */

/* Answers into slot[SLOT_SIZE]; false when there is nothing to say. */
bool agent_answer(struct sim *sim, const struct printer *p, const struct message *m, uint8_t *slot,
	struct answer *a);

/* ---- reply.c, login.c: what a page request is answered ------------------------------------- */

/* Of an answer: the octets at data, over and over until len are out. */
struct part {
	const void *data;
	size_t period;
	uint64_t len; /* UINT64_MAX: without end */
};

enum { PART_HEAD, PART_BODY, PART_TAIL, PARTS };

struct reply {
	struct part part[PARTS];
	char head[1024];
	uint8_t *own; /* what a part points to and is freed with the reply */
	bool close_after, reset_after;
};

/* A request, taken apart; all of it is borrowed from the connection. */
struct request {
	const struct printer *printer;
	const struct sockaddr_storage *peer;
	char *line; /* "GET /path HTTP/1.1" */
	const char *method, *target; /* once the line is taken apart */
	const char *headers; /* each begins behind a newline */
	const char *body;
};

/* The value of a header, its length in *len; NULL when it is not there. */
const char *header_find(const char *headers, const char *name, size_t *len);
/* Builds the answer; false when the line is no request. */
bool reply_make(struct sim *sim, struct request *q, struct reply *r);
/* Headers are whole lines; the text is borrowed. */
void reply_text(struct reply *r, const char *status, const char *headers, const char *text);

bool login_add(struct sim *sim, const char *text);
/* Whether this is a form of a log-in, whose body is read. */
bool login_takes_form(struct sim *sim, const struct printer *p, const char *line);
/* True when it has answered: no page without the password. */
bool login_answers(struct sim *sim, const struct request *q, struct reply *r);
/* "logins":{"127.0.0.1":{"right":1,"wrong":0}} */
void login_report(const struct sim *sim, FILE *f);

/* ---- tls.c: connections nobody else reads -------------------------------------------------- */

struct ssl_st;

/* Makes the printer's key and certificate when they are first needed; NULL, and said why. */
struct ssl_st *tls_new(struct sim *sim, const struct printer *p, int fd);
/* As read() and send() to a socket that does not block. */
ssize_t tls_read(struct ssl_st *tls, void *buf, size_t size);
ssize_t tls_write(struct ssl_st *tls, const void *buf, size_t len);
/* Whether octets wait that epoll does not know of. */
bool tls_has_more(const struct ssl_st *tls);
void tls_free(struct ssl_st *tls);

/* ---- udp.c, http.c: sockets ---------------------------------------------------------------- */

/* First in what an epoll event points to. */
struct watch {
	void (*ready)(struct sim *sim, struct watch *w, uint32_t events);
	int fd;
};

bool udp_open(struct sim *sim);
void udp_tick(struct sim *sim);
int64_t udp_next_ms(const struct sim *sim); /* -1 when nothing waits */
bool http_open(struct sim *sim);
void http_tick(struct sim *sim);
int64_t http_next_ms(const struct sim *sim);
bool sim_watch(struct sim *sim, struct watch *w, uint32_t events);
/* Says why a socket cannot be had; always false. */
bool socket_failed(int fd, const char *what, const char *where, int port);
/* Binds to every address of the family. */
bool socket_bind_any(int fd, int family, int port);

/* ---- report.c: counting, tracing, shouting ------------------------------------------------- */

struct stats {
	uint64_t requests, responses, get, getnext, getbulk, set, post, epson_command;
	uint64_t bytes_in, bytes_out, malformed, v3_ignored, wrong_community, elsewhere, unsent;
	uint64_t http_get, http_connections, https_connections;
};

void report_stats(struct sim *sim);
void report_trace(struct sim *sim, const struct sockaddr_storage *from, const struct printer *p,
	const struct message *m);
void report_trace_http(struct sim *sim, const struct sockaddr_storage *from,
	const struct printer *p, const char *line);
/* A question no agent may ask: said on stderr, and the exit status will tell. */
void report_write(struct sim *sim, const char *what, const struct sockaddr_storage *from,
	const struct printer *p, const char *object);
/* "platen-sim: ..." on stderr; always false. */
__attribute__((format(printf, 1, 2))) bool complain(const char *fmt, ...);
/* Like malloc and friends, but a printer simulator without memory ends. */
void *must_realloc(void *p, size_t count, size_t size);
char *must_strdup(const char *s);

/* ---- options.c, main.c: the whole ---------------------------------------------------------- */

struct sim {
	/* as asked for */
	int port, http_port, https_port, ready_fd;
	bool unique, same, list;
	double grow, seconds;
	size_t max_size;
	const char *stats_file;
	FILE *trace;
	const char **community;
	size_t community_count;

	/* as set up */
	struct captures captures, chosen; /* round robin; only by --printer */
	struct range *ranges;
	size_t range_count;
	const char **choice_text;
	size_t choice_text_count;
	struct printer_choice *choices;
	size_t choice_count;
	struct fault *faults;
	size_t fault_count;
	struct login *logins;
	size_t login_count;
	uint32_t printer_count;
	uint32_t *last_asked; /* per printer, seconds of running time + 1; 0 never */

	/* as it runs */
	int epoll;
	int64_t now_ms; /* running time */
	uint64_t random;
	bool stop, stats_wanted;
	struct stats stats;
};

enum { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_WRITES = 3 };

/* Reads the command line; false ends the program with *status. */
bool options_read(struct sim *sim, int argc, char **argv, int *status);

#endif
