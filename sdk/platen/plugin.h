/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/plugin.h - the contract between the agent and a plugin.
 *
 * A plugin never opens a socket or a file and never waits.  It is called, it
 * asks the agent for things, it returns; the answers come back as calls.  The
 * same .so runs in a jailed process (platen-host) in production and in-process
 * in `platen replay`, where the answers come from a recorded capture.
 *
 * Ownership, one sentence: whoever allocates frees, and everything passed in a
 * call is borrowed until that call returns; both sides copy what they keep.
 *
 * Threads: a plugin is called from one thread, is never re-entered, and calls
 * the agent only from inside one of its own callbacks.
 *
 * How this header may change:
 *   - fields and functions are only added, and only at the end of a struct;
 *   - every struct that may grow starts with its size, as its writer knew it;
 *     a reader copies min(sizes) into a zeroed struct of its own;
 *   - a new kind of service gets a new id; a changed meaning gets a new number
 *     ("platen.snmp/2"), and the old one stays;
 *   - if that cannot be done, the entry point becomes platen_plugin_v2.
 *
 * Text is UTF-8 everywhere, NUL-terminated unless a length stands beside it.
 */
#ifndef PLATEN_PLUGIN_H
#define PLATEN_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Counts additions to the structs below; see sdk/CHANGES. */
#define PLATEN_ABI_MINOR 2

#if defined(__GNUC__)
#define PLATEN_EXPORT __attribute__((visibility("default")))
#else
#define PLATEN_EXPORT
#endif

/* True when the other side's struct is new enough to have this field. */
#define PLATEN_HAS(p, type, field) ((p)->size >= offsetof(struct type, field) + sizeof((p)->field))

/* Limits the agent holds a plugin to.  Passing one costs the question, not the plugin. */
#define PLATEN_MAX_QUESTIONS 64 /* questions asked in one visit */
#define PLATEN_MAX_ROWS 1000 /* rows of one table in one answer */
#define PLATEN_MAX_OIDS 128 /* objects or columns in one question */
#define PLATEN_MAX_SUBIDS 128 /* sub-identifiers of one OID (RFC 2578, 3.5) */
#define PLATEN_MAX_BODY (1u << 20) /* bytes of one HTTP body; the INI may raise it */
#define PLATEN_MAX_BODY_CEILING (8u << 20) /* ... to at most this */
#define PLATEN_MAX_READINGS 2000 /* readings emitted in one visit */
#define PLATEN_MAX_TEXT 1023 /* bytes of one reading's text, longer is refused */
#define PLATEN_MAX_LOG_LINES 20 /* log lines per visit, the rest is counted */
#define PLATEN_VISIT_SECONDS 60 /* a visit that takes longer is ended */
#define PLATEN_CALLBACK_SECONDS 2 /* a callback that takes longer ends the plugin */
#define PLATEN_HOST_MEMORY (256u << 20) /* address space of the plugin's process */

/* Every int32_t status below is one of these. */
enum {
	PLATEN_OK = 0,
	PLATEN_ENOANSWER = -1, /* the printer said nothing in time */
	PLATEN_EREFUSED = -2, /* the printer, or the site's INI, said no */
	PLATEN_ETOOBIG = -3, /* more than the agent is ready to carry */
	PLATEN_EBUDGET = -4, /* this visit has asked or said too much */
	PLATEN_EREACH = -5, /* not in the plugin's declared reach */
	PLATEN_EINVAL = -6, /* the call itself is wrong; see the log */
	PLATEN_EPARTIAL = -7 /* the printer stopped making sense half-way: what came is given */
};

/* Levels of a log line. */
enum { PLATEN_DEBUG, PLATEN_INFO, PLATEN_WARNING, PLATEN_ERROR };

struct platen_visit; /* one scrape of one printer; the agent's, opaque */
struct platen_delivery; /* one batch on its way out; the agent's, opaque */

/* What is known of a printer before any plugin has spoken to it.  Texts are "" when unknown. */
struct platen_device {
	uint32_t size;
	uint32_t nobject_id; /* sub-identifiers in object_id, 0: unknown */
	const uint32_t *object_id; /* sysObjectID (RFC 3418) */
	const char *descr; /* sysDescr (RFC 3418) */
	const char *model; /* hrDeviceDescr of the printer's row (RFC 2790) */
	const char *device_id; /* IEEE 1284 device id, "MFG:..;MDL:..;" (PWG 5107.1, vendor) */
	uint32_t hr_device_index; /* hrDeviceIndex of the printer's row, 0: no such table */
	uint32_t reserved; /* 0 */
	/*
	 * Which printer it is, for what a plugin remembers of it: the same at every
	 * visit once its serial number is known, and until then its address.  It means
	 * nothing else, and match() is not to look at it.  "" : not known.  v1.2
	 */
	const char *key;
};

/*
 * Special values of platen_reading.number and .full.  What a printer does not
 * tell is one of these, never 0 and never a guess.
 */
#define PLATEN_NONE INT64_MIN /* this reading has no number */
#define PLATEN_UNKNOWN (INT64_MIN + 1) /* the printer says it does not know (Printer-MIB -2) */
#define PLATEN_SOME (INT64_MIN + 2) /* some is left, nobody knows how much (Printer-MIB -3) */
#define PLATEN_UNLIMITED (INT64_MIN + 3) /* no limit applies (Printer-MIB -1) */

/*
 * One fact about the printer.  sdk/METRICS lists every metric: its meaning,
 * what part is, whether it is told by number or by text, and the units it may have.
 */
struct platen_reading {
	uint32_t size;
	uint32_t reserved; /* 0 */
	const char *metric; /* "meter.total", "supply.level"; see sdk/METRICS */
	const char *part; /* "1": which supply, tray, alert...; NULL: the printer itself */
	const char *unit; /* "impressions", "percent", ...; NULL: none */
	int64_t number; /* the value, or one of the special values above */
	int64_t full; /* what number is out of, or a special value */
	const char *text; /* the value of a text metric, else NULL */
	/*
	 * Where it stands, for people who check it: "1.3.6.1.2.1.43.10.2.1.4.1.1"; NULL: not
	 * said.  `platen replay --verbose` shows it; it is no part of the record.  v1.1
	 */
	const char *from;
};

/*
 * What the agent gives every plugin.  [in callbacks]: all of it may be called
 * from inside a callback and from nowhere else.
 */
struct platen_host {
	uint32_t size;
	uint32_t abi_minor; /* the agent's PLATEN_ABI_MINOR */

	/*
	 * A service by its id (PLATEN_SNMP, ...): the struct the service's
	 * header describes, the agent's for as long as the plugin is loaded.
	 * NULL: this agent has none, or the plugin did not list it in needs.
	 */
	const void *(*service)(const struct platen_host *, const char *id);

	/*
	 * The value of one of the options the plugin declared: from the INI,
	 * else the declared default.  Never NULL; "" for an undeclared key.
	 * Valid until stop() returns.
	 */
	const char *(*option)(const struct platen_host *, const char *key);

	/*
	 * One line for the operator, without newline; the agent adds the
	 * plugin's and the printer's name.  level is PLATEN_DEBUG ... PLATEN_ERROR.
	 */
	void (*log)(const struct platen_host *, int32_t level, const char *line);

	/*
	 * Zeroed memory, aligned for any type, that lives until the visit is
	 * over.  There is no free.  NULL only for n = 0 or more than is left.
	 */
	void *(*alloc)(struct platen_visit *, uint64_t n);

	/*
	 * Report one reading; everything it points to is copied.  PLATEN_EINVAL:
	 * unknown metric, wrong unit, text that is not UTF-8, a number where a
	 * text belongs (the log says which).  PLATEN_EBUDGET: PLATEN_MAX_READINGS
	 * passed.  Emitting a (metric, part) twice replaces the first.
	 */
	int32_t (*emit)(struct platen_visit *, const struct platen_reading *);
};

/* How a scraper reads printers. */
struct platen_scraper {
	uint32_t size;
	uint32_t reserved; /* 0 */

	/*
	 * How well does the plugin know this printer?  0: not ours;
	 * 1: generic; 50: the vendor; 100: this very model.  Asks nothing.
	 */
	int32_t (*match)(const struct platen_device *);

	/*
	 * Start a visit: ask the first questions and return PLATEN_OK.  Any
	 * other value ends the visit at once as failed.  The visit is over when
	 * the last answer has been handled and nothing more was asked.
	 */
	int32_t (*visit)(struct platen_visit *, const struct platen_device *);
};

/* One finished record, as sdk/RECORD describes it. */
struct platen_record {
	uint32_t size;
	uint32_t urgent; /* 1: carries a new fault, 0: an ordinary reading */
	uint64_t seq; /* the agent's sequence number: strictly rising */
	const char *json; /* one JSON object, no newline in it */
	uint64_t len; /* bytes of json, without the NUL that follows */
};

/* Records on their way to one sink, in order of seq. */
struct platen_batch {
	uint32_t size;
	uint32_t attempt; /* 1 the first time */
	const char *id; /* "<agent>/<first seq>-<last seq>", the same on every attempt */
	const char *agent; /* the agent's UUID */
	uint32_t n;
	uint32_t reserved; /* 0 */
	const struct platen_record *const *records;
};

/* What became of a record. */
enum {
	PLATEN_SENT, /* safe on the other side: its cursor may pass it */
	PLATEN_REJECTED, /* will never be taken: set aside, with the reason */
	PLATEN_LATER /* try again */
};

/* How a sink delivers. */
struct platen_sink {
	uint32_t size;
	uint32_t reserved; /* 0 */

	/*
	 * Send a batch: ask platen.upload/1 and settle each record, now or from
	 * a later answer.  batch stays valid until the delivery is over.  What
	 * is not settled when nothing is left to wait for, when time is up or
	 * when the plugin dies, counts as PLATEN_LATER.
	 */
	int32_t (*deliver)(struct platen_delivery *, const struct platen_batch *);
};

/*
 * One option of the plugin's INI section.  One key has a meaning of its own: of
 * the metrics that a scraper's option "yield" lists ("meter.total, meter.mono")
 * another plugin's value is the record's, however well this one knows the
 * printer; its own is in a note where it differs.  platen/table.h has it ready.
 */
struct platen_option {
	const char *key; /* [a-z_]+ */
	const char *value; /* the default; NULL: must be set */
	const char *help; /* one line; becomes the sample INI */
};

/* The plugin itself.  Everything in it is constant and lives as long as the plugin is loaded. */
struct platen_plugin {
	uint32_t size;
	uint32_t abi_minor; /* PLATEN_ABI_MINOR at the time it was built */
	const char *name; /* [a-z0-9-]+, at most 31 bytes, as in "[plugin hp-ews]" */
	const char *version; /* free text, "1.0" */
	const char *summary; /* one line for `platen plugins` */

	/* Service ids, ends with NULL; refused at load, with a sentence, if one is missing. */
	const char *const *needs;

	/*
	 * What it may ask of a printer, ends with NULL: "oid 1.3.6.1.2.1.43"
	 * (that subtree), "get /DevMgmt/" (paths that begin so; a query string
	 * only if the prefix contains '?').  Enforced by the agent, shown by
	 * `platen plugins`, narrowed by the INI.
	 */
	const char *const *reach;

	const struct platen_option *options; /* ends with a NULL key; NULL: none */
	const struct platen_scraper *scraper; /* NULL: it reads nothing */
	const struct platen_sink *sink; /* NULL: it delivers nothing */

	/*
	 * Called once before anything else but match; keep the host pointer.
	 * Anything but PLATEN_OK refuses the plugin.  May be NULL.
	 */
	int32_t (*start)(const struct platen_host *);

	/* Called once when the agent lets go of the plugin.  May be NULL. */
	void (*stop)(void);
};

/*
 * The one symbol a plugin exports.  Called once, while the plugin's process may
 * still read library files (and nothing else); later no file can be opened.
 */
PLATEN_EXPORT const struct platen_plugin *platen_plugin_v1(void);

#ifdef __cplusplus
}
#endif
#endif
