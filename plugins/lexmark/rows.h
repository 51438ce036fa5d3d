/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h - what is read of a Lexmark; TREE(...) is below 641, or below Dell's mirror of it. */
/* clang-format off */

/* currentSuppliesTable; its fifth column is the description, as the Printer-MIB has it. */
#define CARTRIDGE(column) TREE(6, 4, 4, 1, 1, column, 1)

/* paperGeneralTable: value, type and unit */
{ PLATEN_LABELLED, PLATEN_AS_NUMBER, TREE(6, 4, 2, 1, 1, 4, 1), .name = TREE(6, 4, 2, 1, 1, 2, 1),
	.more = TREE(6, 4, 2, 1, 1, 3, 1), .words = papers },
/* scanTable: sides by type and size */
{ PLATEN_LABELLED, PLATEN_AS_NUMBER, TREE(6, 4, 3, 1, 1, 4, 1), .unit = "images",
	.name = TREE(6, 4, 3, 1, 1, 2, 1), .words = scans, .pieces = 1 },
{ PLATEN_LABELLED, PLATEN_AS_NUMBER, TREE(6, 4, 3, 1, 1, 4, 1), .unit = "images",
	.name = TREE(6, 4, 3, 1, 1, 2, 1), .words = all_scans, .pieces = 1 },
{ PLATEN_SUPPLY, PLATEN_AS_TEXT, CARTRIDGE(6), .metric = "supply.serial", .name = CARTRIDGE(5) },
{ PLATEN_SUPPLY, PLATEN_AS_TEXT, CARTRIDGE(7), .metric = "supply.part_number",
	.name = CARTRIDGE(5) },
{ PLATEN_SUPPLY, PLATEN_AS_DATE, CARTRIDGE(10), .metric = "supply.installed",
	.name = CARTRIDGE(5) },
{ PLATEN_SUPPLY, PLATEN_AS_WORD, CARTRIDGE(12), .metric = "supply.state", .name = CARTRIDGE(5),
	.words = states },
{ PLATEN_SUPPLY, PLATEN_AS_LEVEL, CARTRIDGE(16), .metric = "supply.level", .full = CARTRIDGE(14),
	.name = CARTRIDGE(5), .more = CARTRIDGE(13), .words = units },

/*
 * LEXMARK-PVT-MIB, on older ones, too; whether its pages are sides it does not say.  Three single
 * objects, walked: so all others go into the first packet, and these among the tables.
 */
{ PLATEN_EACH, PLATEN_AS_NUMBER, TREE(2, 1, 5, 1), "meter.total", .unit = "unknown", .part = "" },
{ PLATEN_EACH, PLATEN_AS_NUMBER, TREE(2, 1, 5, 2), "meter.mono", .unit = "unknown", .part = "" },
{ PLATEN_EACH, PLATEN_AS_NUMBER, TREE(2, 1, 5, 3), "meter.color", .unit = "unknown", .part = "" },
{ PLATEN_ONE, PLATEN_AS_TEXT, TREE(6, 2, 3, 1, 4, 1), .metric = "device.model", .spare = 1 },
{ PLATEN_ONE, PLATEN_AS_TEXT, TREE(2, 1, 2, 1, 2, 1), .metric = "device.model", .spare = 1 },
{ PLATEN_ONE, PLATEN_AS_TEXT, TREE(2, 1, 2, 1, 4, 1), .metric = "device.firmware" },
{ PLATEN_ONE, PLATEN_AS_TEXT, TREE(2, 1, 2, 1, 7, 1), .metric = "device.asset" },
{ PLATEN_ONE, PLATEN_AS_DATE, TREE(6, 2, 3, 1, 7, 1), .metric = "device.installed" },

/* The standard's serial number where there is one. */
{ PLATEN_ONE, PLATEN_AS_TEXT, PLATEN_OID(1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1),
	.metric = "device.serial" },
{ PLATEN_ONE, PLATEN_AS_TEXT, TREE(6, 2, 3, 1, 5, 1), .metric = "device.serial" },
{ PLATEN_ONE, PLATEN_AS_TEXT, TREE(2, 1, 2, 1, 6, 1), .metric = "device.serial" },
{ 0 },

#undef CARTRIDGE
