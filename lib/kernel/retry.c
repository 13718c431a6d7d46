// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* Trying again after a lost race, with pauses of milliseconds. The only such policy. */
#include "kernel/kernel.h"

#define FIRST_PAUSE_NS (1 * NSEC_PER_MSEC)
#define LONGEST_PAUSE_NS (32 * NSEC_PER_MSEC)

bool error_is_passing(int err)
{
	return err == -EAGAIN || err == -EBUSY || err == -EEXIST || err == -EINTR ||
	       err == -ENOMEM || err == -ENOBUFS;
}

bool retry_again(struct retry *retry)
{
	uint64_t now_ns = monotonic_ns();

	if (!retry->deadline_ns) {
		retry->deadline_ns = now_ns + retry->timeout_ns;
		retry->pause_ns = FIRST_PAUSE_NS;
	}
	if (now_ns >= retry->deadline_ns)
		return false;

	/* Do not keep step with the others. */
	sleep_ns(retry->pause_ns / 2 + (now_ns + getpid()) % retry->pause_ns);
	if (retry->pause_ns < LONGEST_PAUSE_NS)
		retry->pause_ns *= 2;
	return true;
}
