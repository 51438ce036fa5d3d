/* SPDX-License-Identifier: Apache-2.0 */
/* test_identity.c - who a printer is, as makers write it; and the standard's names. */
#include <platen/identity.h>
#include <platen/names.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/base.h"

#include <string.h>

/* What is known of a device, and what it should come to; NULL: "". */
static const struct {
	const char *object_id, *descr, *model, *device_id;
	bool printer;
	const char *manufacturer, *name, *serial, *firmware;
} devices[] = {
	{ "1.3.6.1.4.1.11.2.3.9.1",
		"HP ETHERNET MULTI-ENVIRONMENT,SN:VNB3X01234,FN:1A2B3C4,SVCID:12345,PID:HP "
		"LaserJet "
		"M404dn",
		"", "", true, "HP", "LaserJet M404dn", "VNB3X01234", "" },
	{ "1.3.6.1.4.1.11.2.3.9.1",
		"HP ETHERNET MULTI-ENVIRONMENT,SN:VNB3X01234,FN:1A2B3C4,SVCID:12345,PID:Third "
		"Floor",
		"", "", true, "HP", "", "VNB3X01234", "" },
	{ "1.3.6.1.4.1.1347.41", "HP ETHERNET MULTI-ENVIRONMENT,ROM J.sp.00,JETDIRECT EX,JD28", "",
		"", true, "Kyocera", "", "", "" },
	{ "1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions Printing System", "ECOSYS M2540dn", "",
		true, "Kyocera", "ECOSYS M2540dn", "", "" },
	{ "1.3.6.1.4.1.1347.41", "TA_UTAX Printing System", "P-4532DN", "", true, "UTAX",
		"P-4532DN", "", "" },
	{ "1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions Printing System", "",
		"ID:ECOSYS P2040dw;MFG:Kyocera;MDL:ECOSYS P2040dw;CLS:PRINTER;SER:VD21100001;",
		true, "Kyocera", "ECOSYS P2040dw", "VD21100001", "" },
	{ "1.3.6.1.4.1.367.1.1",
		"RICOH IM C3000 1.09 / RICOH Network Printer C model / RICOH Network Scanner C "
		"model",
		"", "", true, "Ricoh", "IM C3000", "", "1.09" },
	{ "1.3.6.1.4.1.367.1.1", "SAVIN MP 5055 2.03 / SAVIN Network Printer C model", "", "", true,
		"Savin", "MP 5055", "", "2.03" },
	{ "1.3.6.1.4.1.18334.1.1.1.2.1.1", "KONICA MINOLTA bizhub C250i", "", "", true,
		"Konica Minolta", "bizhub C250i", "", "" },
	{ "1.3.6.1.4.1.18334.1.2.1.2.1.9", "Generic 36BW-8", "", "", true, "Konica Minolta",
		"Generic 36BW-8", "", "" },
	{ "1.3.6.1.4.1.18334.1.2.1.2.1.9", "Develop ineo+ 250i", "", "", true, "Develop",
		"ineo+ 250i", "", "" },
	{ "1.3.6.1.4.1.253.8.62.1.35",
		"Xerox AltaLink C8045; SS 100.002.057.09608, NC 100.002.09608", "", "", true,
		"Xerox", "AltaLink C8045", "", "100.002.057.09608" },
	{ "1.3.6.1.4.1.253.8.62.1.35",
		"Xerox VersaLink C7120; System Software 69.12.41, Controller 1", "", "", true,
		"Xerox", "VersaLink C7120", "", "69.12.41" },
	{ "1.3.6.1.4.1.297.1.11.93.2.1", "FUJIFILM Apeos C7580", "", "", true, "FUJIFILM",
		"Apeos C7580", "", "" },
	{ "1.3.6.1.4.1.297.1.11.93.1.4", "FUJI XEROX ApeosPort-V C4475;ESS1.3.2,IOT 44.7.0", "", "",
		true, "Fuji Xerox", "ApeosPort-V C4475", "", "1.3.2" },
	{ "1.3.6.1.4.1.253.8.62.1.19", "Xerox WorkCentre 7346 v1;ESS 3.110.3,IOT 41.1.0,UI 7.1.0",
		"", "", true, "Xerox", "WorkCentre 7346 v1", "", "3.110.3" },
	{ "1.3.6.1.4.1.297.1.11.93.1.31",
		"FUJI XEROX DocuPrint C3055; Net 9.64,Controller 200610271430", "", "", true,
		"Fuji Xerox", "DocuPrint C3055", "", "200610271430" },
	/* badges that are written twice */
	{ "1.3.6.1.4.1.11.2.3.9.1", "", "Hewlett-Packard HP LaserJet M880", "", true, "HP",
		"LaserJet M880", "", "" },
	{ "1.3.6.1.4.1.236.11.5.1", "", "Samsung SAMSUNG M337x", "", true, "Samsung", "M337x", "",
		"" },
	/* badges on others' engines */
	{ "1.3.6.1.4.1.367.1.1", "LANIER MP C3501/LD635C 1.05 / LANIER Network Printer C model", "",
		"", true, "Lanier", "MP C3501/LD635C", "", "1.05" },
	{ "1.3.6.1.4.1.367.1.1", "infotec MP C3000 1.09 / infotec Network Printer C model", "", "",
		true, "Infotec", "MP C3000", "", "1.09" },
	{ "1.3.6.1.4.1.367.1.1", "NRG MP C2500 1.60 / NRG Network Printer C model", "", "", true,
		"NRG", "MP C2500", "", "1.60" },
	{ "1.3.6.1.4.1.367.1.1", "NASHUATEC MP 2851 1.04 / NASHUATEC Network Printer B model", "",
		"", true, "Nashuatec", "MP 2851", "", "1.04" },
	{ "1.3.6.1.4.1.1347.41", "OLIVETTI Printing System", "d-COPIA 3501MF", "", true, "Olivetti",
		"d-COPIA 3501MF", "", "" },
	{ "1.3.6.1.4.1.18334.1.2.1.2.1.105.1", "SINDOH D410", "", "", true, "Sindoh", "D410", "",
		"" },
	{ "1.3.6.1.4.1.674.10898.10.2",
		"Dell 3130cn Color Laser; Net 11.74,Controller 200812151152", "", "", true, "Dell",
		"3130cn Color Laser", "", "200812151152" },
	{ "1.3.6.1.4.1.2.3.51.1.2", "IBM Infoprint 1532 version 55.10.21 kernel 2.4.0", "", "",
		false, "IBM", "Infoprint 1532", "", "55.10.21" },
	{ "1.3.6.1.4.1.51966.2.6", "TTP244CE Version: 7.02", "", "", true, "TSC", "TTP244CE", "",
		"7.02" },
	{ "1.3.6.1.4.1.641.52.1", "Lexmark XC4240 version CXTZJ.074.258 kernel 4.17.19 All-N-1",
		"Lexmark XC4240 7529901010CEH CXTZJ.074.258", "", true, "Lexmark", "XC4240",
		"7529901010CEH", "CXTZJ.074.258" },
	{ "1.3.6.1.4.1.674.10898.2.100", "", "Dell S5830dn 7XQ1R92 LW62.DN4.P636", "", true, "Dell",
		"S5830dn", "7XQ1R92", "LW62.DN4.P636" },
	{ "1.3.6.1.4.1.641.2.71107164", "TOSHIBA e-STUDIO305CS version NH63.GM.N639 kernel 3.0.0",
		"", "", true, "Toshiba", "e-STUDIO305CS", "", "NH63.GM.N639" },
	{ "1.3.6.1.4.1.236.11.5.1",
		"Samsung M4080FX; V11.01.03.04;Engine V1.00.06;NIC ;S/N Z7MBBJ0001",
		"Samsung M408x Series", "", true, "Samsung", "M4080FX", "Z7MBBJ0001",
		"V11.01.03.04" },
	{ "1.3.6.1.4.1.236.11.5.1", "Samsung M4080FX; V11.01.03.04;Engine V1.00.06;NIC ;S/N ", "",
		"", true, "Samsung", "M4080FX", "", "V11.01.03.04" },
	{ "1.3.6.1.4.1.2435.2.3.9.1", "Brother NC-6800h, Firmware Ver.1.01  (08.12.12),MID 84UB05",
		"", "MFG:Brother;CMD:PJL,PCL;MDL:HL-5370DW series;CLS:PRINTER;", true, "Brother",
		"HL-5370DW series", "", "" },
	{ "1.3.6.1.4.1.1602.4.7", "Canon iR-ADV C5235 /P", "", "", true, "Canon", "iR-ADV C5235",
		"", "" },
	{ "1.3.6.1.4.1.2001.1.1.1.1",
		"OKI OkiLAN 9450g Rev.00.69 10/100BASE Ethernet PrintServer: Attached to MC873 "
		"Rev.07.87 "
		": Copyright (c) 2015",
		"", "MANUFACTURE:OKI UK LTD;MODEL:MC873;CLASS:PRINTER;", true, "OKI", "MC873", "",
		"07.87" },
	{ "1.3.6.1.4.1.10642.1.1", "Zebra Wired", "", "", true, "Zebra", "", "", "" },
	{ "1.3.6.1.4.1.2385.3.1.112", "SHARP MX-3570N", "", "", true, "Sharp", "MX-3570N", "", "" },
	/* and what is none */
	{ "1.3.6.1.4.1.1248.4.1", "EPSON Network Projector", "", "", false, "Epson", "", "", "" },
	{ "1.3.6.1.4.1.1248.1.1.2.1.3.22.78.101", "EPSON 10/100 Ethernet Scan Server", "", "",
		false, "Epson", "", "", "" },
	{ "1.3.6.1.4.1.258.601.3", "KX-NS1000 Ver00700128", "", "", false, "", "", "", "" },
	{ "1.3.6.1.4.1.11.2.3.7.11.33", "ProCurve J8697A Switch 5406zl", "", "", false, "HP", "",
		"", "" },
	{ "1.3.6.1.4.1.9.1.516", "Cisco IOS Software", "", "", false, "", "", "", "" },
	{ "1.3.6.1.4.1.1248.1.1.2.2", "EPSON", "", "MFG:EPSON;MDL:DS-1;CLS:SCANNER;", false,
		"Epson", "DS-1", "", "" },
	{ "", "", "", "", false, "", "", "", "" },
};

/* Engines by number, else by badge; another maker's number is nobody else's printer. */
static void
whose_engine(void **state)
{
	static const char *const numbers[] = { "1347", "258.406.2", NULL };
	static const char *const badges[] = { "Kyocera", "UTAX", NULL };
	static const struct {
		const char *object_id, *descr;
		int32_t match;
	} engines[] = {
		{ "1.3.6.1.4.1.1347.41", "", 50 },
		{ "1.3.6.1.4.1.1347", "HP ETHERNET MULTI-ENVIRONMENT", 50 },
		{ "1.3.6.1.4.1.13470.1", "", 0 },
		{ "1.3.6.1.4.1.258.406.2.9", "", 50 },
		{ "1.3.6.1.4.1.258.406", "", 0 },
		{ "1.3.6.1.4.1.258.601.3", "", 0 },
		{ "1.3.6.1.4.1.8072.3.2.10", "KYOCERA FS-1020D", 50 },
		{ "0.0", "UTAX P-4532DN", 50 },
		{ "", "Kyocera", 50 },
		{ "1.3.6.1.4.1.18334.1.2.1.2.1.1", "UTAX P-4532DN", 0 },
		{ "1.3.6.1.4.1.8072.3.2.10", "Linux", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(engines); i++) {
		struct oid oid = { 0 };
		struct platen_device d = {
			.size = sizeof(d),
			.object_id = oid.sub,
			.descr = engines[i].descr,
			.model = "",
			.device_id = "",
		};

		oid_parse(engines[i].object_id, &oid);
		d.nobject_id = oid.n;
		assert_int_equal(platen_identity_match(&d, numbers, badges), engines[i].match);
	}
}

static void
nameless(void **state)
{
	static const uint32_t number[] = { 1, 3, 6, 1, 4, 1, 641 };
	struct platen_device d = { .size = sizeof(d), .descr = "", .model = "", .device_id = "" };

	(void)state;
	d.hr_device_index = 1;
	assert_true(platen_identity_is_nameless(&d));
	d.model = "LP";
	assert_false(platen_identity_is_nameless(&d));
	d.model = "";
	d.object_id = number;
	d.nobject_id = 7;
	assert_false(platen_identity_is_nameless(&d));
}

static void
who_it_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(devices); i++) {
		struct oid oid = { 0 };
		struct platen_device d = {
			.size = sizeof(d),
			.object_id = oid.sub,
			.descr = devices[i].descr,
			.model = devices[i].model,
			.device_id = devices[i].device_id,
		};
		char text[128];

		oid_parse(devices[i].object_id, &oid);
		d.nobject_id = oid.n;
		assert_int_equal(platen_identity_is_printer(&d), devices[i].printer);
		platen_identity_manufacturer(&d, text, sizeof(text));
		assert_string_equal(text, devices[i].manufacturer);
		platen_identity_model(&d, text, sizeof(text));
		assert_string_equal(text, devices[i].name);
		platen_identity_serial(&d, text, sizeof(text));
		assert_string_equal(text, devices[i].serial);
		platen_identity_firmware(&d, text, sizeof(text));
		assert_string_equal(text, devices[i].firmware);
	}
}

static void
small_rooms(void **state)
{
	struct platen_device d = { .size = sizeof(d),
		.descr = "",
		.model = "SHARP MX-\u00e93570N",
		.device_id = "MFG:\u00e9\u00e9\u00e9;MDL:  A  ;" };
	char text[5];

	(void)state;
	platen_identity_model(&d, text, sizeof(text));
	assert_string_equal(text, "MX-"); /* not inside a character */
	platen_identity_manufacturer(&d, text, sizeof(text));
	assert_true(text_is_utf8(text, strlen(text)));
	assert_true(platen_id1284_field(d.device_id, "mdl", text, sizeof(text)));
	assert_string_equal(text, "A");
	assert_false(platen_id1284_field("MDL;MDLX:3;:;;MDL", "MDL", text, sizeof(text)));
	assert_false(platen_id1284_field("", "MDL", text, sizeof(text)));
}

static void
serials(void **state)
{
	static const char *const real[] = { "VD21182614", "7XQ1R97-047-04", "3180618389", "A123",
		"CRUM-15072112345" };
	static const char *const fillings[] = { "", "000000000", "N/A", "na", "none", "Unknown",
		"not available", "xxxxxxxx", "XXXXXXXXXX", "123456789", "-", "?", "    ",
		"--------", "1", "0", "SERIAL NUMBER",
		"AB\xEF\xBF\xBD"
		"1234",
		"\x01\x15"
		"12345" };

	(void)state;
	for (size_t i = 0; i < COUNT(real); i++)
		assert_true(platen_serial_is_real(real[i]));
	for (size_t i = 0; i < COUNT(fillings); i++)
		assert_false(platen_serial_is_real(fillings[i]));
}

static void
names(void **state)
{
	static const struct {
		int32_t code;
		const char *name;
	} alerts[] = {
		{ 1, "other" },
		{ 3, "cover-open" },
		{ 8, "jam" },
		{ 9, "subunit-missing" },
		{ 38, "subunit-thermistor-failure" },
		{ 39, NULL },
		{ 0, NULL },
		{ -1, NULL },
		{ INT32_MIN, NULL },
		{ INT32_MAX, NULL },
		{ 500, NULL },
		{ 503, "power-up" },
		{ 808, "input-media-supply-empty" },
		{ 1001, "fuser-under-temperature" },
		{ 1104, "toner-almost-empty" },
		{ 1115, "toner-cartridge-missing" },
		{ 1801, "alert-removal-of-binary-change-entry" },
		{ 30200, NULL },
		{ 30202, NULL },
		{ 30203, "stapler-cover-open" },
		{ 30208, "stapler-jam" },
		{ 30212, "stapler-almost-empty" },
		{ 30239, NULL },
		{ 30815, "puncher-full" },
		{ 31838, "inserter-thermistor-failure" },
		{ 31903, NULL },
	};
	char said[32];

	(void)state;
	for (size_t i = 0; i < COUNT(alerts); i++) {
		const char *name = platen_alert_name(alerts[i].code);

		assert_true((name == NULL) == (alerts[i].name == NULL));
		if (name != NULL)
			assert_string_equal(name, alerts[i].name);
	}
	platen_name_say("toner-almost-empty", said, sizeof(said));
	assert_string_equal(said, "Toner almost empty");
	assert_string_equal(platen_alert_group_name(11), "supplies");
	assert_string_equal(platen_supply_type_name(36), "matte-ink");
	assert_string_equal(platen_supply_unit_name(15), "tenths-of-milliliters");
	assert_string_equal(platen_meter_unit_name(16), "feet");
	assert_null(platen_meter_unit_name(13));
	assert_string_equal(platen_error_name(14), "overdue-prevent-maint");
	assert_null(platen_error_name(15));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_it_is),
		cmocka_unit_test(whose_engine),
		cmocka_unit_test(nameless),
		cmocka_unit_test(small_rooms),
		cmocka_unit_test(serials),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
