/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen/snmp.h - reading a printer over SNMP.  There is no way to write.
 *
 * Version, community, user, GETNEXT or GETBULK, how many objects a packet and
 * how often to try again are the agent's knowledge, kept per printer.
 */
#ifndef PLATEN_SNMP_H
#define PLATEN_SNMP_H

#include <platen/plugin.h>

#ifdef __cplusplus
/* The sub-identifiers of a PLATEN_OID(), for it alone; each file has its own. */
namespace
{
template <uint32_t... Sub> struct platen_oid_of {
	static const uint32_t sub[sizeof...(Sub)];
};
template <uint32_t... Sub> const uint32_t platen_oid_of<Sub...>::sub[sizeof...(Sub)] = { Sub... };
} // namespace

extern "C" {
#endif

#define PLATEN_SNMP "platen.snmp/1"

/* An object identifier; borrowed like everything else. */
struct platen_oid {
	const uint32_t *sub; /* sub-identifiers, most significant first */
	uint32_t n; /* how many, 2..PLATEN_MAX_SUBIDS */
};

/*
 * A constant OID: PLATEN_OID(1, 3, 6, 1, 2, 1, 1, 1, 0) initialises a struct
 * platen_oid, or one inside a larger constant; outside of functions only.
 */
#ifdef __cplusplus
#define PLATEN_OID(...)                                                                            \
	{                                                                                          \
		platen_oid_of<__VA_ARGS__>::sub,                                                   \
			(uint32_t)(sizeof(platen_oid_of<__VA_ARGS__>::sub) / sizeof(uint32_t))     \
	}
#else
#define PLATEN_OID(...)                                                                            \
	{                                                                                          \
		(const uint32_t[]){ __VA_ARGS__ },                                                 \
			(uint32_t)(sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))   \
	}
#endif

/* Types of a value, the SMI's reduced to what matters to a reader. */
enum {
	PLATEN_ABSENT, /* no such object or instance: a hole, not an error */
	PLATEN_INTEGER, /* Integer32: number */
	PLATEN_UNSIGNED, /* Counter32, Gauge32, TimeTicks, Counter64: number */
	PLATEN_OCTETS, /* OCTET STRING, IpAddress, Opaque: octets, len */
	PLATEN_OBJECT_ID /* OBJECT IDENTIFIER: value */
};

/* One object and its value. */
struct platen_bind {
	uint32_t size;
	int32_t type; /* PLATEN_ABSENT ... */
	struct platen_oid oid; /* the whole OID, instance included */
	int64_t number; /* a Counter64 above INT64_MAX comes as INT64_MAX */
	const uint8_t *octets; /* never NULL for PLATEN_OCTETS; a NUL follows, not counted */
	uint32_t len; /* octets */
	uint32_t reserved; /* 0 */
	struct platen_oid value; /* of PLATEN_OBJECT_ID */
};

struct platen_snmp_reply {
	uint32_t size;
	int32_t status; /* PLATEN_OK, or why binds are missing or incomplete */
	uint32_t n; /* binds */
	uint32_t reserved; /* 0 */
	const struct platen_bind *const *binds;
};

/*
 * An answer.  The reply and all it points to are gone when the function
 * returns.  arg is what the question was asked with.
 */
typedef void platen_snmp_fn(struct platen_visit *, const struct platen_snmp_reply *, void *arg);

struct platen_snmp {
	uint32_t size;
	uint32_t reserved; /* 0 */

	/*
	 * These objects (whole OIDs with instance), n <= PLATEN_MAX_OIDS.  The
	 * reply has one bind per asked object in the same order; an absent one
	 * is PLATEN_ABSENT.  Status other than PLATEN_OK or PLATEN_EPARTIAL: n is 0.
	 */
	int32_t (*get)(struct platen_visit *, const struct platen_oid *, uint32_t n,
		platen_snmp_fn *, void *arg);

	/*
	 * These columns of one table, side by side.  The reply has rows times n
	 * binds, row after row in index order, each row's columns in the asked
	 * order; a hole is PLATEN_ABSENT (its oid still says column and index).
	 * A table that ends early for a bad reason has PLATEN_EPARTIAL.
	 */
	int32_t (*table)(struct platen_visit *, const struct platen_oid *, uint32_t n,
		platen_snmp_fn *, void *arg);
};

#ifdef __cplusplus
}
#endif
#endif
