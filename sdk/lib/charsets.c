/* SPDX-License-Identifier: Apache-2.0 */
/* charsets.c - the tables of charsets.h, each written as the characters it stands for. */
#include "charsets.h"

#include <stddef.h>

static const char16_t latin2[] =
	u"\u00A0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00ADŽŻ°ą˛ł´ľśˇ¸šşťź˝žż"
	u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
	u"ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
static const char16_t cyrillic[] =
	u"\u00A0ЁЂЃЄЅІЇЈЉЊЋЌ\u00ADЎЏАБВГДЕЖЗИЙКЛМНОП"
	u"РСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмноп"
	u"рстуфхцчшщъыьэюя№ёђѓєѕіїјљњћќ§ўџ";
static const char16_t greek[] =
	u"\u00A0‘’£€₯¦§¨©ͺ«¬\u00AD\uFFFD―°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏ"
	u"ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\uFFFDΣΤΥΦΧΨΩΪΫάέήί"
	u"ΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\uFFFD";
static const char16_t latin5[] =
	u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿"
	u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß"
	u"àáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ";
static const char16_t latin9[] =
	u"\u00A0¡¢£€¥Š§š©ª«¬\u00AD®¯°±²³Žµ¶·ž¹º»ŒœŸ¿"
	u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
	u"àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
static const char16_t roman8[] =
	u"\u00A0ÀÂÈÊËÎÏ´ˋˆ¨˜ÙÛ₤¯Ýý°ÇçÑñ¡¿¤£¥§ƒ¢"
	u"âêôûáéóúàèòùäëöüÅîØÆåíøæÄìÖÜÉïßÔ"
	u"ÁÃãÐðÍÌÓÒÕõŠšÚŸÿÞþ·µ¶¾—¼½ªº«■»±\uFFFD";
static const char16_t koi8_r[] =
	u"─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥\u00A0⌡°²·÷"
	u"═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©"
	u"юабцдефгхийклмнопярстужвьызшэщчъ"
	u"ЮАБЦДЕФГХИЙКЛМНОПЯРСТУЖВЬЫЗШЭЩЧЪ";
static const char16_t cp437[] =
	u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
	u"áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
	u"└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
	u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";
static const char16_t cp850[] =
	u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ"
	u"áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
	u"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀"
	u"ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00AD±‗¾¶§÷¸°¨·¹³²■\u00A0";
static const char16_t cp1250[] =
	u"€\uFFFD‚\uFFFD„…†‡\uFFFD‰Š‹ŚŤŽŹ\uFFFD‘’“”•–—\uFFFD™š›śťžź"
	u"\u00A0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00AD®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľż"
	u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
	u"ŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙";
static const char16_t cp1251[] =
	u"ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\uFFFD™љ›њќћџ"
	u"\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї°±Ііґµ¶·ё№є»јЅѕї"
	u"АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
	u"абвгдежзийклмнопрстуфхцчшщъыьэюя";
static const char16_t cp1252[] =
	u"€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ"
	u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿"
	u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
	u"àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";
static const char16_t cp1253[] =
	u"€\uFFFD‚ƒ„…†‡\uFFFD‰\uFFFD‹\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD‘’“”•–—\uFFFD™\uFFFD›\uFFFD\uFFFD\uFFFD\uFFFD"
	u"\u00A0΅Ά£¤¥¦§¨©\uFFFD«¬\u00AD®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏ"
	u"ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡ\uFFFDΣΤΥΦΧΨΩΪΫάέήί"
	u"ΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώ\uFFFD";
static const char16_t cp1254[] =
	u"€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFD\uFFFD\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFD\uFFFDŸ"
	u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯°±²³´µ¶·¸¹º»¼½¾¿"
	u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß"
	u"àáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ";

const struct charset *
charset_find(int32_t mibenum)
{
	/* Printers that say Latin-1 mean what Windows calls so: no C1 controls, but curly quotes. */
	static const struct charset sets[] = {
		{ 4, 0x80, cp1252 },
		{ 5, 0xA0, latin2 },
		{ 8, 0xA0, cyrillic },
		{ 10, 0xA0, greek },
		{ 12, 0xA0, latin5 },
		{ 111, 0xA0, latin9 },
		{ 2004, 0xA0, roman8 },
		{ 2009, 0x80, cp850 },
		{ 2011, 0x80, cp437 },
		{ 2084, 0x80, koi8_r },
		{ 2250, 0x80, cp1250 },
		{ 2251, 0x80, cp1251 },
		{ 2252, 0x80, cp1252 },
		{ 2253, 0x80, cp1253 },
		{ 2254, 0x80, cp1254 },
	};

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (sets[i].mibenum == mibenum)
			return &sets[i];
	return NULL;
}
