/* SPDX-License-Identifier: Apache-2.0 */
/* doctor_site.c - this machine: clock, disk, state folder, how well plugins are jailed. */
#include "cmd/doctor.h"

#include "host/jail.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

/* A clock before this was never set. */
#define BUILT 1735689600 /* 2025-01-01 */

static void
check_clock(struct doctor *d)
{
	static const char mend[] = "set it, and let systemd-timesyncd or chrony keep it: records "
				   "carry its time";
	struct timex t = { 0 };
	char now[24];
	bool kept = adjtimex(&t) != -1 && (t.status & STA_UNSYNC) == 0;

	clock_iso(clock_wall(), now);
	if (clock_wall() < BUILT)
		doctor_tell(d, "site", "clock", VERDICT_BAD, mend, "says %s", now);
	else if (kept)
		doctor_tell(d, "site", "clock", VERDICT_GOOD, "", "%s, kept by a time server", now);
	else
		doctor_tell(d, "site", "clock", VERDICT_UNKNOWN, mend,
			"%s, and the kernel knows of nobody who keeps it", now);
}

static void
check_disk(struct doctor *d)
{
	const struct config *c = d->config;
	struct statvfs v;
	uint64_t left;

	if (statvfs(c->state, &v) != 0) {
		doctor_tell(d, "site", "disk", VERDICT_BAD,
			"make the folder, or correct [site] state; `platen run` makes it where it "
			"may",
			"%s: %s", c->state, strerror(errno));
		return;
	}
	left = (uint64_t)v.f_bavail * v.f_frsize;
	if (left < c->spool_max_size)
		doctor_tell(d, "site", "disk", VERDICT_BAD,
			"make room, or lower [spool] max_size: records that no dealer has yet are "
			"kept there",
			"%s: %" PRIu64 " MB left, less than [spool] max_size", c->state,
			left >> 20);
	else
		doctor_tell(d, "site", "disk", VERDICT_GOOD, "", "%s: %" PRIu64 " MB left",
			c->state, left >> 20);
}

static void
check_state(struct doctor *d)
{
	const char *state = d->config->state;

	if (access(state, R_OK | W_OK | X_OK) == 0)
		doctor_tell(d, "site", "state", VERDICT_GOOD, "", "%s can be written", state);
	else
		doctor_tell(d, "site", "state", VERDICT_BAD,
			"run this as the agent's user, or give it the folder", "%s: %s", state,
			strerror(errno));
}

static void
check_jail(struct doctor *d)
{
	struct why why = { "" };

	if (d->config->sandbox == SANDBOX_OFF)
		doctor_tell(d, "site", "jail", VERDICT_BAD, "remove [site] sandbox = off",
			"plugins are not jailed");
	else if (jail_whole(&why))
		doctor_tell(d, "site", "jail", VERDICT_GOOD, "",
			"plugins reach no file and no network (landlock and seccomp)");
	else
		doctor_tell(d, "site", "jail", VERDICT_BAD,
			"take a kernel with landlock, 5.13 or newer", "%s", why.text);
}

void
doctor_site(struct doctor *d)
{
	check_clock(d);
	check_state(d);
	check_disk(d);
	check_jail(d);
}
