/* SPDX-License-Identifier: Apache-2.0 */
/* charsets.c - the tables of charsets.h, each written as the characters it stands for. */
#include "charsets.h"

#include <stddef.h>

static const char16_t latin2[] = u"\u00A0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00ADŽŻ"
				 u"°ą˛ł´ľśˇ¸šşťź˝žż"
				 u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ"
				 u"ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
				 u"ŕáâăäĺćçčéęëěíîď"
				 u"đńňóôőö÷řůúűüýţ˙";
static const char16_t cyrillic[] = u"\u00A0ЁЂЃЄЅІЇЈЉЊЋЌ\u00ADЎЏ"
				   u"АБВГДЕЖЗИЙКЛМНОП"
				   u"РСТУФХЦЧШЩЪЫЬЭЮЯ"
				   u"абвгдежзийклмноп"
				   u"рстуфхцчшщъыьэюя"
				   u"№ёђѓєѕіїјљњћќ§ўџ";
static const char16_t greek[] = u"\u00A0‘’£€₯¦§¨©ͺ«¬\u00AD\uFFFD―"
				u"°±²³΄΅Ά·ΈΉΊ»Ό½ΎΏ"
				u"ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟ"
				u"ΠΡ\uFFFDΣΤΥΦΧΨΩΪΫάέήί"
				u"ΰαβγδεζηθικλμνξο"
				u"πρςστυφχψωϊϋόύώ\uFFFD";
static const char16_t latin5[] = u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯"
				 u"°±²³´µ¶·¸¹º»¼½¾¿"
				 u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
				 u"ĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß"
				 u"àáâãäåæçèéêëìíîï"
				 u"ğñòóôõö÷øùúûüışÿ";
static const char16_t latin9[] = u"\u00A0¡¢£€¥Š§š©ª«¬\u00AD®¯"
				 u"°±²³Žµ¶·ž¹º»ŒœŸ¿"
				 u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
				 u"ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
				 u"àáâãäåæçèéêëìíîï"
				 u"ðñòóôõö÷øùúûüýþÿ";
static const char16_t roman8[] = u"\u00A0ÀÂÈÊËÎÏ´ˋˆ¨˜ÙÛ₤"
				 u"¯Ýý°ÇçÑñ¡¿¤£¥§ƒ¢"
				 u"âêôûáéóúàèòùäëöü"
				 u"ÅîØÆåíøæÄìÖÜÉïßÔ"
				 u"ÁÃãÐðÍÌÓÒÕõŠšÚŸÿ"
				 u"Þþ·µ¶¾—¼½ªº«■»±\uFFFD";
static const char16_t koi8_r[] = u"─│┌┐└┘├┤┬┴┼▀▄█▌▐"
				 u"░▒▓⌠■∙√≈≤≥\u00A0⌡°²·÷"
				 u"═║╒ё╓╔╕╖╗╘╙╚╛╜╝╞"
				 u"╟╠╡Ё╢╣╤╥╦╧╨╩╪╫╬©"
				 u"юабцдефгхийклмно"
				 u"пярстужвьызшэщчъ"
				 u"ЮАБЦДЕФГХИЙКЛМНО"
				 u"ПЯРСТУЖВЬЫЗШЭЩЧЪ";
static const char16_t cp437[] = u"ÇüéâäàåçêëèïîìÄÅ"
				u"ÉæÆôöòûùÿÖÜ¢£¥₧ƒ"
				u"áíóúñÑªº¿⌐¬½¼¡«»"
				u"░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
				u"└┴┬├─┼╞╟╚╔╩╦╠═╬╧"
				u"╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
				u"αßΓπΣσµτΦΘΩδ∞φε∩"
				u"≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0";
static const char16_t cp850[] = u"ÇüéâäàåçêëèïîìÄÅ"
				u"ÉæÆôöòûùÿÖÜø£Ø×ƒ"
				u"áíóúñÑªº¿®¬½¼¡«»"
				u"░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
				u"└┴┬├─┼ãÃ╚╔╩╦╠═╬¤"
				u"ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀"
				u"ÓßÔÒõÕµþÞÚÛÙýÝ¯´"
				u"\u00AD±‗¾¶§÷¸°¨·¹³²■\u00A0";
static const char16_t cp1250[] = u"€\uFFFD‚\uFFFD„…†‡\uFFFD‰Š‹ŚŤŽŹ"
				 u"\uFFFD‘’“”•–—\uFFFD™š›śťžź"
				 u"\u00A0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00AD®Ż"
				 u"°±˛ł´µ¶·¸ąş»Ľ˝ľż"
				 u"ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ"
				 u"ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß"
				 u"ŕáâăäĺćçčéęëěíîď"
				 u"đńňóôőö÷řůúűüýţ˙";
static const char16_t cp1251[] = u"ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏ"
				 u"ђ‘’“”•–—\uFFFD™љ›њќћџ"
				 u"\u00A0ЎўЈ¤Ґ¦§Ё©Є«¬\u00AD®Ї"
				 u"°±Ііґµ¶·ё№є»јЅѕї"
				 u"АБВГДЕЖЗИЙКЛМНОП"
				 u"РСТУФХЦЧШЩЪЫЬЭЮЯ"
				 u"абвгдежзийклмноп"
				 u"рстуфхцчшщъыьэюя";
static const char16_t cp1252[] = u"€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD"
				 u"\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ"
				 u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯"
				 u"°±²³´µ¶·¸¹º»¼½¾¿"
				 u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
				 u"ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß"
				 u"àáâãäåæçèéêëìíîï"
				 u"ðñòóôõö÷øùúûüýþÿ";
static const char16_t cp1253[] = u"€\uFFFD‚ƒ„…†‡\uFFFD‰\uFFFD‹\uFFFD\uFFFD\uFFFD\uFFFD"
				 u"\uFFFD‘’“”•–—\uFFFD™\uFFFD›\uFFFD\uFFFD\uFFFD\uFFFD"
				 u"\u00A0΅Ά£¤¥¦§¨©\uFFFD«¬\u00AD®―"
				 u"°±²³΄µ¶·ΈΉΊ»Ό½ΎΏ"
				 u"ΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟ"
				 u"ΠΡ\uFFFDΣΤΥΦΧΨΩΪΫάέήί"
				 u"ΰαβγδεζηθικλμνξο"
				 u"πρςστυφχψωϊϋόύώ\uFFFD";
static const char16_t cp1254[] = u"€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFD\uFFFD\uFFFD"
				 u"\uFFFD‘’“”•–—˜™š›œ\uFFFD\uFFFDŸ"
				 u"\u00A0¡¢£¤¥¦§¨©ª«¬\u00AD®¯"
				 u"°±²³´µ¶·¸¹º»¼½¾¿"
				 u"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ"
				 u"ĞÑÒÓÔÕÖ×ØÙÚÛÜİŞß"
				 u"àáâãäåæçèéêëìíîï"
				 u"ğñòóôõö÷øùúûüışÿ";

const struct charset *
charset_find(int32_t mibenum)
{
	/* Who says Latin-1 means what Windows calls so: no C1 controls, but curly quotes. */
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
