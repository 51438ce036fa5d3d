/* SPDX-License-Identifier: Apache-2.0 */
/* names.c - the standards' enumerations as tables; see platen/names.h. */
#include <platen/names.h>

#include <ctype.h>
#include <stddef.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct name {
	int32_t number;
	const char *word;
};

static const char *
find(const struct name *names, size_t n, int32_t number)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].number == number)
			return names[i].word;
	return NULL;
}

/* What may happen to any subunit: codes 3 to 38, and again 100 higher for each kind of finisher. */
#define SUBUNIT_FIRST 3
#define SUBUNIT_CODES 36
#define SUBUNIT(all, unit)                                                                         \
	{                                                                                          \
		all "cover-open", all "cover-closed", all "interlock-open",                        \
			all "interlock-closed", all "configuration-change", all "jam",             \
			unit "missing", unit "life-almost-over", unit "life-over",                 \
			unit "almost-empty", unit "empty", unit "almost-full", unit "full",        \
			unit "near-limit", unit "at-limit", unit "opened", unit "closed",          \
			unit "turned-on", unit "turned-off", unit "offline", unit "power-saver",   \
			unit "warming-up", unit "added", unit "removed", unit "resource-added",    \
			unit "resource-removed", unit "recoverable-failure",                       \
			unit "unrecoverable-failure", unit "recoverable-storage-error",            \
			unit "unrecoverable-storage-error", unit "motor-failure",                  \
			unit "memory-exhausted", unit "under-temperature",                         \
			unit "over-temperature", unit "timing-failure", unit "thermistor-failure"  \
	}
#define FINISHER(unit) SUBUNIT(unit, unit)

static const char *const subunit[SUBUNIT_CODES] = SUBUNIT("", "subunit-");

#define FINISHER_FIRST 30200
static const char *const finishers[][SUBUNIT_CODES] = {
	FINISHER("stapler-"),
	FINISHER("stitcher-"),
	FINISHER("folder-"),
	FINISHER("binder-"),
	FINISHER("trimmer-"),
	FINISHER("die-cutter-"),
	FINISHER("puncher-"),
	FINISHER("perforater-"),
	FINISHER("slitter-"),
	FINISHER("separation-cutter-"),
	FINISHER("imprinter-"),
	FINISHER("wrapper-"),
	FINISHER("bander-"),
	FINISHER("make-envelope-"),
	FINISHER("stacker-"),
	FINISHER("sheet-rotator-"),
	FINISHER("inserter-"),
};

static const struct name alerts[] = {
	{ 1, "other" },
	{ 2, "unknown" },
	/* the printer as a whole */
	{ 501, "door-open" },
	{ 502, "door-closed" },
	{ 503, "power-up" },
	{ 504, "power-down" },
	{ 505, "printer-nms-reset" },
	{ 506, "printer-manual-reset" },
	{ 507, "printer-ready-to-print" },
	/* input */
	{ 801, "input-media-tray-missing" },
	{ 802, "input-media-size-change" },
	{ 803, "input-media-weight-change" },
	{ 804, "input-media-type-change" },
	{ 805, "input-media-color-change" },
	{ 806, "input-media-form-parts-change" },
	{ 807, "input-media-supply-low" },
	{ 808, "input-media-supply-empty" },
	{ 809, "input-media-change-request" },
	{ 810, "input-manual-input-request" },
	{ 811, "input-tray-position-failure" },
	{ 812, "input-tray-elevation-failure" },
	{ 813, "input-cannot-feed-size-selected" },
	/* output */
	{ 901, "output-media-tray-missing" },
	{ 902, "output-media-tray-almost-full" },
	{ 903, "output-media-tray-full" },
	{ 904, "output-mailbox-select-failure" },
	/* marker */
	{ 1001, "fuser-under-temperature" },
	{ 1002, "fuser-over-temperature" },
	{ 1003, "fuser-timing-failure" },
	{ 1004, "fuser-thermistor-failure" },
	{ 1005, "adjusting-print-quality" },
	/* supplies */
	{ 1101, "toner-empty" },
	{ 1102, "ink-empty" },
	{ 1103, "print-ribbon-empty" },
	{ 1104, "toner-almost-empty" },
	{ 1105, "ink-almost-empty" },
	{ 1106, "print-ribbon-almost-empty" },
	{ 1107, "waste-toner-receptacle-almost-full" },
	{ 1108, "waste-ink-receptacle-almost-full" },
	{ 1109, "waste-toner-receptacle-full" },
	{ 1110, "waste-ink-receptacle-full" },
	{ 1111, "opc-life-almost-over" },
	{ 1112, "opc-life-over" },
	{ 1113, "developer-almost-empty" },
	{ 1114, "developer-empty" },
	{ 1115, "toner-cartridge-missing" },
	/* media path */
	{ 1301, "media-path-media-tray-missing" },
	{ 1302, "media-path-media-tray-almost-full" },
	{ 1303, "media-path-media-tray-full" },
	{ 1304, "media-path-cannot-duplex-media-selected" },
	/* interpreter */
	{ 1501, "interpreter-memory-increase" },
	{ 1502, "interpreter-memory-decrease" },
	{ 1503, "interpreter-cartridge-added" },
	{ 1504, "interpreter-cartridge-deleted" },
	{ 1505, "interpreter-resource-added" },
	{ 1506, "interpreter-resource-deleted" },
	{ 1507, "interpreter-resource-unavailable" },
	{ 1509, "interpreter-complex-page-encountered" },
	/* alert */
	{ 1801, "alert-removal-of-binary-change-entry" },
};

const char *
platen_alert_name(int32_t code)
{
	int32_t kind, event;

	if (code < SUBUNIT_FIRST)
		return find(alerts, COUNT(alerts), code);
	event = (code >= FINISHER_FIRST ? code % 100 : code) - SUBUNIT_FIRST;
	if (event < 0 || event >= SUBUNIT_CODES)
		return find(alerts, COUNT(alerts), code);
	if (code < FINISHER_FIRST)
		return subunit[event];
	kind = (code - FINISHER_FIRST) / 100;
	return kind < (int32_t)COUNT(finishers) ? finishers[kind][event] : NULL;
}

const char *
platen_alert_group_name(int32_t group)
{
	static const struct name groups[] = {
		{ 1, "other" },
		{ 3, "storage" },
		{ 4, "device" },
		{ 5, "general" },
		{ 6, "cover" },
		{ 7, "localization" },
		{ 8, "input" },
		{ 9, "output" },
		{ 10, "marker" },
		{ 11, "supplies" },
		{ 12, "colorant" },
		{ 13, "media-path" },
		{ 14, "channel" },
		{ 15, "interpreter" },
		{ 16, "console-display" },
		{ 17, "console-lights" },
		{ 18, "alert" },
		{ 30, "finisher" },
		{ 31, "finisher-supplies" },
		{ 32, "finisher-input" },
		{ 33, "finisher-attribute" },
	};

	return find(groups, COUNT(groups), group);
}

const char *
platen_alert_severity_name(int32_t level)
{
	static const struct name levels[] = {
		{ 1, "other" },
		{ 3, "critical" },
		{ 4, "warning" },
		{ 5, "warning" },
	};

	return find(levels, COUNT(levels), level);
}

const char *
platen_meter_unit_name(int32_t unit)
{
	static const struct name units[] = {
		{ 3, "ten-thousandths-of-inches" },
		{ 4, "micrometers" },
		{ 5, "characters" },
		{ 6, "lines" },
		{ 7, "impressions" },
		{ 8, "sheets" },
		{ 9, "dot-rows" },
		{ 11, "hours" },
		{ 16, "feet" },
		{ 17, "meters" },
	};

	return find(units, COUNT(units), unit);
}

const char *
platen_supply_unit_name(int32_t unit)
{
	static const struct name units[] = {
		{ 1, "other" },
		{ 2, "unknown" },
		{ 3, "ten-thousandths-of-inches" },
		{ 4, "micrometers" },
		{ 7, "impressions" },
		{ 8, "sheets" },
		{ 11, "hours" },
		{ 12, "thousandths-of-ounces" },
		{ 13, "tenths-of-grams" },
		{ 14, "hundredths-of-fluid-ounces" },
		{ 15, "tenths-of-milliliters" },
		{ 16, "feet" },
		{ 17, "meters" },
		{ 18, "items" },
		{ 19, "percent" },
	};

	return find(units, COUNT(units), unit);
}

const char *
platen_capacity_unit_name(int32_t unit)
{
	static const struct name units[] = {
		{ 1, "other" },
		{ 2, "unknown" },
		{ 3, "ten-thousandths-of-inches" },
		{ 4, "micrometers" },
		{ 8, "sheets" },
		{ 16, "feet" },
		{ 17, "meters" },
		{ 18, "items" },
		{ 19, "percent" },
	};

	return find(units, COUNT(units), unit);
}

const char *
platen_supply_type_name(int32_t type)
{
	static const struct name types[] = {
		{ 1, "other" },
		{ 2, "unknown" },
		{ 3, "toner" },
		{ 4, "waste-toner" },
		{ 5, "ink" },
		{ 6, "ink-cartridge" },
		{ 7, "ink-ribbon" },
		{ 8, "waste-ink" },
		{ 9, "opc" },
		{ 10, "developer" },
		{ 11, "fuser-oil" },
		{ 12, "solid-wax" },
		{ 13, "ribbon-wax" },
		{ 14, "waste-wax" },
		{ 15, "fuser" },
		{ 16, "corona-wire" },
		{ 17, "fuser-oil-wick" },
		{ 18, "cleaner-unit" },
		{ 19, "fuser-cleaning-pad" },
		{ 20, "transfer-unit" },
		{ 21, "toner-cartridge" },
		{ 22, "fuser-oiler" },
		{ 23, "water" },
		{ 24, "waste-water" },
		{ 25, "glue-water-additive" },
		{ 26, "waste-paper" },
		{ 27, "binding-supply" },
		{ 28, "banding-supply" },
		{ 29, "stitching-wire" },
		{ 30, "shrink-wrap" },
		{ 31, "paper-wrap" },
		{ 32, "staples" },
		{ 33, "inserts" },
		{ 34, "covers" },
		{ 35, "matte-toner" },
		{ 36, "matte-ink" },
	};

	return find(types, COUNT(types), type);
}

const char *
platen_supply_class_name(int32_t class_number)
{
	static const struct name classes[] = {
		{ 1, "other" },
		{ 3, "consumed" },
		{ 4, "receptacle" },
	};

	return find(classes, COUNT(classes), class_number);
}

const char *
platen_cover_name(int32_t status)
{
	static const struct name covers[] = {
		{ 1, "unknown" },
		{ 2, "unknown" },
		{ 3, "open" },
		{ 4, "closed" },
		{ 5, "open" },
		{ 6, "closed" },
	};

	return find(covers, COUNT(covers), status);
}

const char *
platen_error_name(uint32_t bit)
{
	static const char *const errors[] = {
		"low-paper",
		"no-paper",
		"low-toner",
		"no-toner",
		"door-open",
		"jammed",
		"offline",
		"service-requested",
		"input-tray-missing",
		"output-tray-missing",
		"marker-supply-missing",
		"output-near-full",
		"output-full",
		"input-tray-empty",
		"overdue-prevent-maint",
	};

	return bit < COUNT(errors) ? errors[bit] : NULL;
}

void
platen_name_say(const char *name, char *out, uint32_t size)
{
	uint32_t n = 0;

	for (; name[n] != '\0' && n + 1 < size; n++)
		out[n] = name[n] == '-' ? ' ' : name[n];
	out[n] = '\0';
	out[0] = (char)toupper((unsigned char)out[0]);
}
