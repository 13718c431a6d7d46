// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* What a watch tells, and that it says so where it cannot keep up. Needs root. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/devices.h"
#include "support/netns.h"
#include "support/tap.h"
#include "xdpaction.h"

#define STORM 1000
/* More notices than the socket has room for. */
#define RENAMES 8000
#define SETS_DURING_UPGRADE 8
/* A little more than there is between two surveys. */
#define SURVEY_S 11
#define TOLD_MAX (4 * STORM)

/* What is kept of an event. */
struct told {
	enum xdpaction_event_kind kind;
	unsigned int ifindex;
	char ifname[XDPACTION_IFNAME_SIZE], old_ifname[XDPACTION_IFNAME_SIZE];
	uint64_t missed, generation, time_ns, duration_ns;
	enum xdpaction_verdict verdict;
	enum xdpaction_end end;
	uint32_t pid;
};

static struct xdpaction *ctx;
static struct xdpaction_watch *watch;
static struct veth veth = { .name = "v0", .peer = "v1", .queues = 1 };
static struct told told[TOLD_MAX];
static size_t told_count;

static void keep(void *data, const struct xdpaction_event *event)
{
	struct told *new = &told[told_count];

	(void)data;
	if (++told_count == TOLD_MAX)
		bail("too many events");
	*new = (struct told){
		.kind = event->kind,
		.ifindex = event->ifindex,
		.missed = event->missed,
		.generation = event->generation,
		.time_ns = event->time_ns,
		.end = event->end,
	};
	strcpy(new->ifname, event->ifname);
	strcpy(new->old_ifname, event->old_ifname);
	if (event->setting) {
		new->verdict = event->setting->rule.verdict;
		new->duration_ns = event->setting->duration_ns;
	}
	if (event->origin)
		new->pid = event->origin->pid;
}

static void look(void)
{
	if (xdpaction_watch_read(ctx, watch, keep, NULL))
		bail("cannot read the watch: %s", xdpaction_error(ctx));
}

/* Looks, and forgets what was told before. */
static void look_anew(void)
{
	told_count = 0;
	look();
}

static void begin(void)
{
	xdpaction_watch_free(watch);
	if (xdpaction_watch_new(ctx, NULL, 0, &watch))
		bail("cannot watch: %s", xdpaction_error(ctx));
}

static void set(enum xdpaction_verdict verdict, uint64_t duration_ns)
{
	const struct xdpaction_setting setting = {
		.size = sizeof(setting),
		.rule = { .verdict = verdict, .otherwise = XDPACTION_PASS,
			  .probability = XDPACTION_ALWAYS },
		.duration_ns = duration_ns,
	};

	if (xdpaction_set(ctx, veth.name, &setting, NULL))
		bail("cannot set: %s", xdpaction_error(ctx));
}

static bool is_told(size_t i, enum xdpaction_event_kind kind)
{
	return i < told_count && told[i].kind == kind && !strcmp(told[i].ifname, veth.name);
}

static void rename_to(const char *name)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { 0 };

	strcpy(request.ifr_name, veth.name);
	strcpy(request.ifr_newname, name);
	if (fd < 0 || ioctl(fd, SIOCSIFNAME, &request))
		bail("cannot rename %s to %s: %m", veth.name, name);
	close(fd);
	veth.name = name;
}

static void test_quiet(void)
{
	look_anew();
	ok(!told_count && xdpaction_watch_instances(watch) == 1,
	   "an instance that is there is not told, but counted");
}

static void test_set(void)
{
	set(XDPACTION_DROP, 0);
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_SET) &&
		   told[0].verdict == XDPACTION_DROP && told[0].pid == (uint32_t)getpid(),
	   "a setting is told, with who set it");
	set(XDPACTION_DROP, 0);
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_SET), "the same once more is told as well");
	look_anew();
	ok(!told_count, "and is told once");
}

/* However slow this is, the end comes before the second setting, and may be seen before it. */
static void test_end_in_between(void)
{
	told_count = 0;
	set(XDPACTION_DROP, 20000000);
	look();
	usleep(25000);
	set(XDPACTION_ABORTED, 0);
	look();
	ok(told_count == 3 && is_told(0, XDPACTION_EVENT_SET) && told[0].duration_ns == 20000000 &&
		   is_told(1, XDPACTION_EVENT_ENDED) && told[1].end == XDPACTION_END_TIME &&
		   is_told(2, XDPACTION_EVENT_SET) && told[2].verdict == XDPACTION_ABORTED,
	   "an end that nobody looked at before the next setting is told before that");
	ok(told[0].time_ns < told[1].time_ns && told[1].time_ns < told[2].time_ns,
	   "with its time");
	ok(told[0].generation + 1 == told[1].generation &&
		   told[1].generation + 1 == told[2].generation,
	   "and the generations have no gap");
}

static void test_storm(unsigned int between)
{
	uint64_t seen = 0, missed = 0;
	unsigned int i;

	told_count = 0;
	for (i = 1; i <= STORM; i++) {
		set(i % 2 ? XDPACTION_PASS : XDPACTION_DROP, 0);
		if (i % between == 0)
			look();
	}
	look();
	for (i = 0; i < told_count; i++) {
		seen += told[i].kind == XDPACTION_EVENT_SET;
		missed += told[i].kind == XDPACTION_EVENT_MISSED ? told[i].missed : 0;
	}
	ok(seen + missed == STORM, "of %u settings %lu are told and %lu are told to be missed",
	   STORM, (unsigned long)seen, (unsigned long)missed);
	ok(is_told(told_count - 1, XDPACTION_EVENT_SET) &&
		   told[told_count - 1].verdict == XDPACTION_DROP,
	   "and the last one is told");
}

static void test_names(void)
{
	/* Before Linux 6.2 what is up cannot be renamed. */
	device_down(veth.name);
	rename_to("r0");
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_RENAMED) &&
		   !strcmp(told[0].old_ifname, "v0"),
	   "a new name is told with the old one");
	rename_to("r1");
	rename_to("r2");
	look_anew();
	ok(told_count == 2 && is_told(1, XDPACTION_EVENT_RENAMED) &&
		   !strcmp(told[1].old_ifname, "r0") && told[0].kind == XDPACTION_EVENT_MISSED &&
		   told[0].ifindex == veth.ifindex,
	   "a name that did not last is told to be missed");
}

static void test_overflow(void)
{
	unsigned int i;

	for (i = 0; i < RENAMES / 2; i++) {
		rename_to("r3");
		rename_to("r4");
	}
	look_anew();
	ok(told_count == 2 && told[0].kind == XDPACTION_EVENT_MISSED && !told[0].ifindex &&
		   is_told(1, XDPACTION_EVENT_RENAMED) && !strcmp(told[1].ifname, "r4"),
	   "when notices are lost a line says so, and what is there is found");
	device_up(veth.name);
}

/* The namespaces of a journey. */
static int home, away;

static void come_back(void)
{
	netns_enter(away);
	device_move(if_nametoindex(veth.name), home);
	netns_enter(home);
	look_anew();
	veth.ifindex = if_nametoindex(veth.name);
	device_up(veth.name);
}

static void test_journey(void)
{
	home = netns_open_own();
	netns_enter_new();
	away = netns_open_own();
	netns_enter(home);
	device_move(veth.ifindex, away);
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_MOVED) &&
		   !xdpaction_watch_instances(watch),
	   "an interface that moves away is told");
	come_back();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_RETURNED) &&
		   told[0].verdict == XDPACTION_DROP && xdpaction_watch_instances(watch) == 1,
	   "and comes back with its setting");
}

static void keep_and_move(void *data, const struct xdpaction_event *event)
{
	keep(data, event);
	if (event->kind == XDPACTION_EVENT_SET)
		device_move(veth.ifindex, away);
}

/* It is away when the survey comes, and the notice of that has not been read. */
static void test_journey_during_survey(void)
{
	sleep(SURVEY_S);
	set(XDPACTION_DROP, 0);
	told_count = 0;
	if (xdpaction_watch_read(ctx, watch, keep_and_move, NULL))
		bail("cannot read the watch: %s", xdpaction_error(ctx));
	look();
	ok(told_count == 2 && is_told(0, XDPACTION_EVENT_SET) &&
		   is_told(1, XDPACTION_EVENT_MOVED),
	   "one that moves away during a survey has moved, and is not gone");
	come_back();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_RETURNED),
	   "and comes back, too");
	close(home);
	close(away);
}

/* In a chain an upgrade has several steps, and nobody looked between them. */
static void forget_missed(void)
{
	size_t i, count = 0;

	for (i = 0; i < told_count; i++)
		if (!is_told(i, XDPACTION_EVENT_MISSED))
			told[count++] = told[i];
	told_count = count;
}

static void test_loads(void)
{
	if (xdpaction_unload(ctx, veth.name))
		bail("cannot unload: %s", xdpaction_error(ctx));
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_UNLOADED), "an unload is told");
	if (xdpaction_load(ctx, veth.name, NULL, NULL))
		bail("cannot load: %s", xdpaction_error(ctx));
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_LOADED) &&
		   told[0].verdict == XDPACTION_PASS && told[0].pid == (uint32_t)getpid(),
	   "a load is told, with its setting and who it was");
	if (xdpaction_upgrade(ctx, veth.name, true, NULL))
		bail("cannot upgrade: %s", xdpaction_error(ctx));
	look_anew();
	forget_missed();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_UPGRADED) &&
		   told[0].verdict == XDPACTION_PASS,
	   "an upgrade is one event, with the setting that goes on");
	if (xdpaction_unload(ctx, veth.name) || xdpaction_load(ctx, veth.name, NULL, NULL) ||
	    xdpaction_unload(ctx, veth.name))
		bail("cannot load: %s", xdpaction_error(ctx));
	look_anew();
	ok(told_count == 2 && is_told(0, XDPACTION_EVENT_UNLOADED) &&
		   is_told(1, XDPACTION_EVENT_MISSED),
	   "one that did not last is told to be missed");
	if (xdpaction_load(ctx, veth.name, NULL, NULL))
		bail("cannot load: %s", xdpaction_error(ctx));
	look_anew();
	device_delete(veth.ifindex);
	look_anew();
	ok(told_count == 1 && is_told(0, XDPACTION_EVENT_GONE), "an interface that is gone is told");
}

/* Sets once more whenever a setting is told, as somebody else might just then. */
static void keep_and_set(void *data, const struct xdpaction_event *event)
{
	uint64_t *sets = data;

	keep(NULL, event);
	if (event->kind != XDPACTION_EVENT_SET || *sets == SETS_DURING_UPGRADE)
		return;
	++*sets;
	set(XDPACTION_DROP, 0);
}

static void test_set_during_upgrade(void)
{
	uint64_t sets = 1, sum = 0;
	size_t i;

	look();
	told_count = 0;
	set(XDPACTION_PASS, 0);
	if (xdpaction_upgrade(ctx, veth.name, true, NULL))
		bail("cannot upgrade: %s", xdpaction_error(ctx));
	if (xdpaction_watch_read(ctx, watch, keep_and_set, &sets))
		bail("cannot read the watch: %s", xdpaction_error(ctx));
	look();
	for (i = 0; i < told_count; i++)
		sum += is_told(i, XDPACTION_EVENT_MISSED) ? told[i].missed :
							    is_told(i, XDPACTION_EVENT_SET);
	ok(sum == sets, "what is set while an upgrade is found out is told, or counted as missed");
}

static void test_named(void)
{
	static const char *const names[] = { "w0" };
	struct veth named = { .name = "w0", .peer = "w1", .queues = 1 };

	xdpaction_watch_free(watch);
	watch = NULL;
	ok(xdpaction_watch_new(ctx, names, 1, &watch) == -ENODEV,
	   "an interface that is named has to be there");
	veth_make(&named);
	veth_make(&veth);
	if (xdpaction_watch_new(ctx, names, 1, &watch))
		bail("cannot watch: %s", xdpaction_error(ctx));
	device_up("w0");
	device_up(veth.name);
	if (xdpaction_load(ctx, veth.name, NULL, NULL) || xdpaction_load(ctx, "w0", NULL, NULL))
		bail("cannot load: %s", xdpaction_error(ctx));
	look_anew();
	ok(told_count == 1 && told[0].kind == XDPACTION_EVENT_LOADED &&
		   !strcmp(told[0].ifname, "w0"),
	   "and others are not told");
}

int main(void)
{
	namespaces_enter_private();
	netns_silence();
	if (mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL))
		bail("cannot mount a bpffs: %m");
	if (xdpaction_new(&ctx))
		bail("no context");
	veth_make(&veth);
	veth.ifindex = if_nametoindex(veth.name);
	device_up(veth.name);
	if (xdpaction_load(ctx, veth.name, NULL, NULL))
		bail("cannot load: %s", xdpaction_error(ctx));
	begin();

	test_quiet();
	test_set();
	test_end_in_between();
	test_storm(1);
	test_storm(7);
	test_names();
	test_overflow();
	test_journey();
	test_journey_during_survey();
	test_set_during_upgrade();
	test_loads();
	test_named();
	xdpaction_watch_free(watch);
	xdpaction_free(ctx);
	return finish();
}
