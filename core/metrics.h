/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics.h - every metric a plugin may report: one table, which sdk/METRICS
 * explains to people (a test keeps the two equal).
 *
 * Knows the form of a reading, not its meaning: whether 17 is plausible is not
 * decided here.
 */
#ifndef PLATEN_METRICS_H
#define PLATEN_METRICS_H

#include "base/base.h"

#include <platen/plugin.h>

/*
 * Every name a metric can have, in the order of the alphabet; one that ends in a dot stands for
 * all that begin so.
 */
#define METRIC_NAMES(NAME)                                                                         \
	NAME(ALERT_CODE, "alert.code")                                                             \
	NAME(ALERT_GROUP, "alert.group")                                                           \
	NAME(ALERT_INDEX, "alert.index")                                                           \
	NAME(ALERT_SEVERITY, "alert.severity")                                                     \
	NAME(ALERT_TEXT, "alert.text")                                                             \
	NAME(CONSOLE_TEXT, "console.text")                                                         \
	NAME(COVER_NAME, "cover.name")                                                             \
	NAME(COVER_STATE, "cover.state")                                                           \
	NAME(DEVICE_ASSET, "device.asset")                                                         \
	NAME(DEVICE_FIRMWARE, "device.firmware")                                                   \
	NAME(DEVICE_INSTALLED, "device.installed")                                                 \
	NAME(DEVICE_MAC, "device.mac")                                                             \
	NAME(DEVICE_MANUFACTURER, "device.manufacturer")                                           \
	NAME(DEVICE_MODEL, "device.model")                                                         \
	NAME(DEVICE_SERIAL, "device.serial")                                                       \
	NAME(METER_AREA_TOTAL, "meter.area.total")                                                 \
	NAME(METER_BLANK, "meter.blank")                                                           \
	NAME(METER_COLOR, "meter.color")                                                           \
	NAME(METER_COPY_COLOR, "meter.copy.color")                                                 \
	NAME(METER_COPY_DUPLEX, "meter.copy.duplex")                                               \
	NAME(METER_COPY_LARGE, "meter.copy.large")                                                 \
	NAME(METER_COPY_MONO, "meter.copy.mono")                                                   \
	NAME(METER_COPY_SINGLE_COLOR, "meter.copy.single-color")                                   \
	NAME(METER_COPY_TOTAL, "meter.copy.total")                                                 \
	NAME(METER_COPY_TWO_COLOR, "meter.copy.two-color")                                         \
	NAME(METER_DUPLEX, "meter.duplex")                                                         \
	NAME(METER_EQUIVALENT_COLOR, "meter.equivalent.color")                                     \
	NAME(METER_EQUIVALENT_MONO, "meter.equivalent.mono")                                       \
	NAME(METER_EQUIVALENT_TOTAL, "meter.equivalent.total")                                     \
	NAME(METER_FAX_COLOR, "meter.fax.color")                                                   \
	NAME(METER_FAX_DUPLEX, "meter.fax.duplex")                                                 \
	NAME(METER_FAX_LARGE, "meter.fax.large")                                                   \
	NAME(METER_FAX_MONO, "meter.fax.mono")                                                     \
	NAME(METER_FAX_SENT, "meter.fax.sent")                                                     \
	NAME(METER_FAX_SINGLE_COLOR, "meter.fax.single-color")                                     \
	NAME(METER_FAX_TOTAL, "meter.fax.total")                                                   \
	NAME(METER_FAX_TWO_COLOR, "meter.fax.two-color")                                           \
	NAME(METER_INK_TOTAL, "meter.ink.total")                                                   \
	NAME(METER_LARGE, "meter.large")                                                           \
	NAME(METER_LARGE_COLOR, "meter.large.color")                                               \
	NAME(METER_LARGE_MONO, "meter.large.mono")                                                 \
	NAME(METER_MONO, "meter.mono")                                                             \
	NAME(METER_PRINT_COLOR, "meter.print.color")                                               \
	NAME(METER_PRINT_DUPLEX, "meter.print.duplex")                                             \
	NAME(METER_PRINT_LARGE, "meter.print.large")                                               \
	NAME(METER_PRINT_MONO, "meter.print.mono")                                                 \
	NAME(METER_PRINT_SINGLE_COLOR, "meter.print.single-color")                                 \
	NAME(METER_PRINT_TOTAL, "meter.print.total")                                               \
	NAME(METER_PRINT_TWO_COLOR, "meter.print.two-color")                                       \
	NAME(METER_SCAN_ADF, "meter.scan.adf")                                                     \
	NAME(METER_SCAN_COLOR, "meter.scan.color")                                                 \
	NAME(METER_SCAN_COPY, "meter.scan.copy")                                                   \
	NAME(METER_SCAN_DUPLEX, "meter.scan.duplex")                                               \
	NAME(METER_SCAN_EMAIL, "meter.scan.email")                                                 \
	NAME(METER_SCAN_FAX, "meter.scan.fax")                                                     \
	NAME(METER_SCAN_FLATBED, "meter.scan.flatbed")                                             \
	NAME(METER_SCAN_LARGE, "meter.scan.large")                                                 \
	NAME(METER_SCAN_MONO, "meter.scan.mono")                                                   \
	NAME(METER_SCAN_NETWORK, "meter.scan.network")                                             \
	NAME(METER_SCAN_SINGLE_COLOR, "meter.scan.single-color")                                   \
	NAME(METER_SCAN_TOTAL, "meter.scan.total")                                                 \
	NAME(METER_SCAN_TWO_COLOR, "meter.scan.two-color")                                         \
	NAME(METER_SHEETS, "meter.sheets")                                                         \
	NAME(METER_SINGLE_COLOR, "meter.single-color")                                             \
	NAME(METER_SIZE, "meter.size.")                                                            \
	NAME(METER_TOTAL, "meter.total")                                                           \
	NAME(METER_TWO_COLOR, "meter.two-color")                                                   \
	NAME(OUTPUT_LEVEL, "output.level")                                                         \
	NAME(OUTPUT_NAME, "output.name")                                                           \
	NAME(SECURITY_ADMIN_PASSWORD, "security.admin_password")                                   \
	NAME(SECURITY_USER_NAMES, "security.user_names")                                           \
	NAME(SECURITY_WEB_PROXY, "security.web_proxy")                                             \
	NAME(STATUS_ERROR, "status.error")                                                         \
	NAME(STATUS_STATE, "status.state")                                                         \
	NAME(SUPPLY_CLASS, "supply.class")                                                         \
	NAME(SUPPLY_COLOR, "supply.color")                                                         \
	NAME(SUPPLY_DESCRIPTION, "supply.description")                                             \
	NAME(SUPPLY_INSTALLED, "supply.installed")                                                 \
	NAME(SUPPLY_LEVEL, "supply.level")                                                         \
	NAME(SUPPLY_PAGES_LEFT, "supply.pages_left")                                               \
	NAME(SUPPLY_PAGES_USED, "supply.pages_used")                                               \
	NAME(SUPPLY_PART_NUMBER, "supply.part_number")                                             \
	NAME(SUPPLY_REPLACED, "supply.replaced")                                                   \
	NAME(SUPPLY_SERIAL, "supply.serial")                                                       \
	NAME(SUPPLY_STATE, "supply.state")                                                         \
	NAME(SUPPLY_TYPE, "supply.type")                                                           \
	NAME(TRAY_LEVEL, "tray.level")                                                             \
	NAME(TRAY_MEDIA, "tray.media")                                                             \
	NAME(TRAY_NAME, "tray.name")

/* A name as a number: what there is to compare and to look up of it is found by that. */
enum metric_id {
#define METRIC_ID(id, name) METRIC_##id,
	METRIC_NAMES(METRIC_ID)
#undef METRIC_ID
		METRIC_NONE /* it is no name of a metric */
};

/* The first and the last of what counts. */
#define METRIC_METERS METRIC_METER_AREA_TOTAL, METRIC_METER_TWO_COLOR

/* Bytes of a reading's part. */
#define MAX_PART 63

enum metric_kind {
	METRIC_TEXT, /* told by text */
	METRIC_NUMBER, /* told by a number of at least 0 */
	METRIC_LEVEL /* number out of full; both may be UNKNOWN, SOME or UNLIMITED */
};

enum metric_part {
	PART_NONE, /* it is about the printer as a whole */
	PART_OPTIONAL, /* the printer as a whole, or one part of it */
	PART_REQUIRED /* nothing without a part */
};

struct metric {
	/* Its name; "meter.print.*" stands for many, ends says what '*' may be. */
	const char *name;
	enum metric_kind kind;
	enum metric_part part;
	const char *ends; /* words for '*'; NULL: a PWG media size name (PWG 5101.1) */
	const char *words; /* what the text may be; NULL: anything */
	const char *units; /* which units it may have, one of them always; NULL: none */
	bool (*is)(const char *text); /* of which form the text is; NULL: any */
};

extern const struct metric metrics[];
extern const size_t metrics_count;

/*
 * Words, each with its NUL, and an empty one behind them: the n'th, or NULL; this one where it lies
 * there, and which one it is, or NULL.
 */
const char *word_at(const char *words, uint64_t n);
const char *word_find(const char *words, const char *word, uint32_t *n);

/* Which name it is, or METRIC_NONE; the name, "" of METRIC_NONE. */
enum metric_id metric_id(const char *name);
const char *metric_called(enum metric_id);
/* The metric of a name, or NULL. */
const struct metric *metric_of(enum metric_id);
const struct metric *metric_find(const char *name);

/* A reading, and what is found out once: it goes with it to the record. */
struct emitted {
	struct platen_reading said;
	enum metric_id id;
	uint32_t length; /* of its text */
	bool plain; /* ... of which every byte is, as text_plain() has it */
};

/* Of one that may be anything. */
struct emitted emitted_of(const struct platen_reading *);

/*
 * Is this reading one that sdk/METRICS allows?  Texts are UTF-8 without control
 * characters, at most PLATEN_MAX_TEXT bytes.
 */
bool metric_check(const struct platen_reading *, struct why *);
/* ... and its unit and word are those that stand with its metric, which stay. */
bool metric_allows(struct emitted *, struct why *);
/* ... by who knows that unit and word are among those of its metric. */
bool metric_holds(const struct metric *, const struct emitted *, struct why *);

#endif
