/* SPDX-License-Identifier: Apache-2.0 */
/*
 * abi.c - a library through whose one function every type of the ABI can be
 * reached: abidw writes down what they look like, abidiff compares.
 */
#include <platen/http.h>
#include <platen/network.h>
#include <platen/plugin.h>
#include <platen/snmp.h>
#include <platen/upload.h>

struct platen_abi {
	const struct platen_plugin *plugin;
	const struct platen_host *host;
	const struct platen_device *device;
	const struct platen_reading *reading;
	const struct platen_scraper *scraper;
	const struct platen_sink *sink;
	const struct platen_option *option;
	const struct platen_batch *batch;
	const struct platen_record *record;
	const struct platen_snmp *snmp;
	const struct platen_snmp_reply *snmp_reply;
	const struct platen_bind *bind;
	const struct platen_oid *oid;
	const struct platen_http *http;
	const struct platen_http_reply *http_reply;
	const struct platen_login *login;
	const struct platen_upload *upload;
	const struct platen_upload_reply *upload_reply;
	const struct platen_network *network;
	const struct platen_network_event *network_event;
};

PLATEN_EXPORT int32_t platen_abi(struct platen_abi *);

PLATEN_EXPORT const struct platen_plugin *
platen_plugin_v1(void)
{
	return 0;
}

int32_t
platen_abi(struct platen_abi *abi)
{
	return abi->plugin == platen_plugin_v1();
}
