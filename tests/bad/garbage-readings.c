/* SPDX-License-Identifier: Apache-2.0 */
/* Reports what is none. */
#include "bad.h"

static void
emit(struct platen_visit *v, struct platen_reading r)
{
	r.size = sizeof(r);
	if (host->emit(v, &r) == PLATEN_OK)
		host->log(host, PLATEN_ERROR, "garbage was taken");
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	char large[5000];

	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = 0;
	emit(v, (struct platen_reading){ .metric = NULL });
	emit(v, (struct platen_reading){ .metric = "meter.teapots", .unit = "impressions" });
	emit(v, (struct platen_reading){ .metric = "meter.total", .unit = "feet", .text = "NaN" });
	emit(v, (struct platen_reading){ .metric = "meter.total", .unit = "miles", .number = 1 });
	emit(v,
		(struct platen_reading){
			.metric = "meter.total", .unit = "impressions", .number = -1 });
	emit(v,
		(struct platen_reading){
			.metric = "meter.total", .unit = "impressions", .number = PLATEN_SOME });
	emit(v, (struct platen_reading){ .metric = "tray.level", .unit = "sheets", .number = 5 });
	emit(v, (struct platen_reading){ .metric = "device.serial", .text = "\xff\xfe" });
	emit(v, (struct platen_reading){ .metric = "device.serial", .text = large });
	emit(v, (struct platen_reading){ .metric = "device.mac", .text = "of course" });
	emit(v, (struct platen_reading){ .metric = "status.state", .text = "on fire" });
	host->emit(v, &(struct platen_reading){ .size = 3 });
	return PLATEN_OK;
}

BAD_PLUGIN("garbage-readings", visit)
