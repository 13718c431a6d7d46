// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The parts of the guard that need no SSH session. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guard/guard.h"
#include "support/tap.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static bool same(const struct address *address, int family, const char *text, const char *scope)
{
	unsigned char bytes[16];

	return address->family == family && inet_pton(family, text, bytes) == 1 &&
	       !memcmp(&address->v6, bytes, family == AF_INET ? 4 : 16) &&
	       !strcmp(address->scope, scope);
}

static void check_parse(void)
{
	static const char *const bad[] = {
		"",
		"10.0.0.1",
		"10.0.0.1 22",
		"10.0.0.1 1 10.0.0.2",
		"UNKNOWN 65535 UNKNOWN 65535",
		"10.0.0.1 x 10.0.0.2 22",
		"10.0.0.256 1 10.0.0.2 22",
		"10.0.0.1 1 10.0.0.2 22 x",
		"10.0.0.1 65536 10.0.0.2 22",
		"10.0.0.1 -1 10.0.0.2 22",
		"10.0.0.1 1 10.0.0.2 0",
		"fe80::1%abcdefghijklmnopqrstuvwxyz 1 fe80::2 22",
		"%n%n%n%n 1 %s 2",
	};
	struct session session = { 0 };
	size_t i;

	ok(session_parse("192.0.2.7 50000 192.0.2.1 22", &session) &&
		   same(&session.client, AF_INET, "192.0.2.7", "") &&
		   same(&session.server, AF_INET, "192.0.2.1", ""),
	   "IPv4");
	ok(session_parse("2001:db8::7 50000 2001:db8::1 22", &session) &&
		   same(&session.client, AF_INET6, "2001:db8::7", "") &&
		   same(&session.server, AF_INET6, "2001:db8::1", ""),
	   "IPv6");
	ok(session_parse("::ffff:192.0.2.7 1 ::ffff:192.0.2.1 22", &session) &&
		   same(&session.client, AF_INET, "192.0.2.7", "") &&
		   same(&session.server, AF_INET, "192.0.2.1", ""),
	   "IPv4 in IPv6");
	ok(session_parse("fe80::7%eth0 1 fe80::1%eth0 22", &session) &&
		   same(&session.client, AF_INET6, "fe80::7", "eth0") &&
		   same(&session.server, AF_INET6, "fe80::1", "eth0"),
	   "IPv6 with a scope");
	for (i = 0; i < LENGTH(bad); i++)
		ok(!session_parse(bad[i], &session), "no session: '%s'", bad[i]);
}

static void check_find(void)
{
	struct sessions sessions;
	struct stat here, found;
	char why[128];
	int fd;

	setenv("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22", 1);
	ok(!sessions_find(&sessions, why, sizeof(why)) && sessions.count &&
		   sessions.list[0].pid == getpid() &&
		   !strcmp(sessions.list[0].client_text, "192.0.2.7"),
	   "the own environment is looked at");
	fd = session_netns(&sessions.list[0], 0);
	ok(fd >= 0 && !fstat(fd, &found) && !stat("/proc/self/ns/net", &here) &&
		   here.st_ino == found.st_ino,
	   "the session is in the own network namespace");
	close(fd);
	fd = session_netns(&sessions.list[0], STDOUT_FILENO);
	ok(fd >= 0 && !fstat(fd, &found) && !fstat(STDOUT_FILENO, &here) &&
		   here.st_ino == found.st_ino,
	   "unless the tool has left it");
	close(fd);
	sessions_free(&sessions);
	setenv("SSH_CONNECTION", "UNKNOWN 65535 UNKNOWN 65535", 1);
	ok(sessions_find(&sessions, why, sizeof(why)) < 0 && strstr(why, "UNKNOWN"),
	   "what cannot be read is not taken for nothing");
	sessions_free(&sessions);
}

static void check_same(void)
{
	static const char *const others[] = {
		"192.0.2.7 50001 192.0.2.1 22",
		"192.0.2.8 50000 192.0.2.1 22",
		"192.0.2.7 50000 192.0.2.2 22",
		"192.0.2.7 50000 192.0.2.1 23",
		"2001:db8::7 50000 2001:db8::1 22",
	};
	struct sessions sessions = { 0 };
	struct session session = { 0 };
	size_t i;

	session_parse("192.0.2.7 50000 192.0.2.1 22", &session);
	ok(!sessions_add(&sessions, &session) && sessions.count == 1, "a session is added");
	session_parse("::ffff:192.0.2.7 50000 ::ffff:192.0.2.1 22", &session);
	ok(!sessions_add(&sessions, &session) && sessions.count == 1, "and only once");
	for (i = 0; i < LENGTH(others); i++) {
		session_parse(others[i], &session);
		ok(!sessions_add(&sessions, &session) && sessions.count == i + 2,
		   "%s is another", others[i]);
	}
	sessions_free(&sessions);
}

static void check_rules(void)
{
	static const struct {
		enum xdpaction_verdict verdict, otherwise;
		uint64_t probability;
		bool cuts;
	} rules[] = {
		{ XDPACTION_PASS, XDPACTION_PASS, XDPACTION_ALWAYS, false },
		{ XDPACTION_PASS, XDPACTION_DROP, XDPACTION_ALWAYS, false },
		{ XDPACTION_PASS, XDPACTION_DROP, XDPACTION_ALWAYS - 1, true },
		{ XDPACTION_DROP, XDPACTION_PASS, 0, false },
		{ XDPACTION_DROP, XDPACTION_PASS, 1, true },
		{ XDPACTION_DROP, XDPACTION_PASS, XDPACTION_ALWAYS, true },
		{ XDPACTION_ABORTED, XDPACTION_PASS, XDPACTION_ALWAYS, true },
		{ XDPACTION_TX, XDPACTION_PASS, XDPACTION_ALWAYS, true },
		{ XDPACTION_REDIRECT, XDPACTION_PASS, XDPACTION_ALWAYS, true },
	};
	size_t i;

	for (i = 0; i < LENGTH(rules); i++) {
		struct xdpaction_rule rule = {
			.verdict = rules[i].verdict,
			.otherwise = rules[i].otherwise,
			.probability = rules[i].probability,
		};

		ok(guard_cuts(&rule) == rules[i].cuts, "rule %zu %s", i,
		   rules[i].cuts ? "cuts" : "does not cut");
	}
}

static void check_settings(void)
{
	struct xdpaction_setting setting = {
		.rule = { .verdict = XDPACTION_DROP, .probability = XDPACTION_ALWAYS },
		.base = { .verdict = XDPACTION_PASS, .probability = XDPACTION_ALWAYS },
	};

	ok(guard_setting_cuts(&setting), "DROP cuts");
	setting.packets = 1;
	ok(guard_setting_cuts(&setting), "DROP for a number of packets cuts: none may come");
	setting.duration_ns = 1;
	ok(!guard_setting_cuts(&setting), "DROP for a time heals");
	setting.has_base = true;
	ok(!guard_setting_cuts(&setting), "also into a base that passes");
	setting.base.verdict = XDPACTION_TX;
	ok(guard_setting_cuts(&setting), "but not into a base that does not");
	setting.rule.verdict = XDPACTION_PASS;
	ok(guard_setting_cuts(&setting), "not even from PASS");
}

static struct crossing crossings[16];

/* Marks interface 1 and says which others are marked by that, as "1,3". */
static const char *descend(struct device *links, size_t count, struct carriers *carriers)
{
	static char marked[64];
	size_t used = 0, i;

	memset(crossings, 0, sizeof(crossings));
	crossings[0].passage = PASSAGE_SURE;
	*carriers = (struct carriers){ .links = { links, count }, .crossings = crossings };
	carriers_descend(carriers);
	for (i = 0; i < count; i++)
		if (crossings[i].passage)
			used += snprintf(marked + used, sizeof(marked) - used, "%s%u",
					 used ? "," : "", links[i].ifindex);
	return marked;
}

static bool wraps_are(const struct carriers *carriers, const enum wrap *wraps, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (carriers->crossings[i].wrap != wraps[i])
			return false;
	return true;
}

static void check_carriers(void)
{
	struct device vlan_on_bond[] = {
		{ .ifindex = 1, .lower = 2, .kind = "vlan", .name = "bond0.5" },
		{ .ifindex = 4, .master = 2, .name = "eth1" },
		{ .ifindex = 3, .master = 2, .name = "eth0" },
		{ .ifindex = 2, .kind = "bond", .name = "bond0" },
		{ .ifindex = 5, .name = "eth2" },
		{ .ifindex = 6, .lower = 5, .kind = "vlan", .name = "eth2.7" },
	};
	struct device bridge[] = {
		{ .ifindex = 1, .kind = "bridge", .name = "br0" },
		{ .ifindex = 2, .master = 1, .name = "eth0" },
		{ .ifindex = 3, .master = 1, .kind = "tun", .name = "vnet0" },
	};
	struct device tunnel[] = {
		{ .ifindex = 1, .kind = "wireguard", .name = "wg0" },
		{ .ifindex = 2, .name = "eth0" },
	};
	struct device tun[] = { { .ifindex = 1, .kind = "tun", .name = "tun0" } };
	struct device up[] = {
		{ .ifindex = 1, .name = "eth0" },
		{ .ifindex = 2, .lower = 1, .kind = "macvlan", .name = "mac0" },
		{ .ifindex = 3, .name = "eth9", .lower = 99, .master = 98 },
	};
	struct device plugged[] = {
		{ .ifindex = 1, .lower = 2, .kind = "veth", .name = "host0" },
		{ .ifindex = 2, .lower = 1, .master = 3, .kind = "veth", .name = "port0" },
		{ .ifindex = 3, .kind = "bridge", .name = "br0" },
		{ .ifindex = 4, .master = 3, .name = "eth0" },
		{ .ifindex = 5, .name = "eth1" },
	};
	struct device ring[] = {
		{ .ifindex = 1, .kind = "hsr", .name = "hsr0" },
		{ .ifindex = 2, .name = "eth0" },
	};
	struct device cipher[] = {
		{ .ifindex = 1, .lower = 2, .kind = "macsec", .name = "sec0" },
		{ .ifindex = 2, .name = "eth0" },
	};
	struct device bound_tunnel[] = {
		{ .ifindex = 1, .lower = 2, .kind = "gre", .name = "gre0" },
		{ .ifindex = 2, .name = "eth0" },
	};
	struct device stack[] = {
		{ .ifindex = 1, .lower = 2, .kind = "vlan", .name = "eth0.5.6.7" },
		{ .ifindex = 2, .lower = 3, .kind = "vlan", .name = "eth0.5.6" },
		{ .ifindex = 3, .lower = 4, .kind = "vlan", .name = "eth0.5" },
		{ .ifindex = 4, .name = "eth0" },
	};
	struct device vrf[] = {
		{ .ifindex = 1, .lower = 2, .master = 3, .kind = "veth", .name = "v0" },
		{ .ifindex = 2, .lower = 1, .kind = "veth", .name = "v1" },
		{ .ifindex = 3, .kind = "vrf", .name = "red" },
	};
	/* A VLAN whose packets come in by itself. */
	struct device loop[] = {
		{ .ifindex = 1, .kind = "bridge", .name = "br0" },
		{ .ifindex = 2, .lower = 3, .master = 1, .kind = "vlan", .name = "v0.5" },
		{ .ifindex = 3, .lower = 4, .kind = "veth", .name = "v0" },
		{ .ifindex = 4, .lower = 3, .master = 1, .kind = "veth", .name = "v1" },
	};
	struct carriers carriers;

	ok(!strcmp(descend(vlan_on_bond, LENGTH(vlan_on_bond), &carriers), "1,4,3,2"),
	   "a VLAN on a bond passes the bond and its members");
	ok(!*carriers.doubt, "and no tunnel");
	ok(wraps_are(&carriers, (enum wrap[]){ WRAP_NONE, WRAP_TAG, WRAP_TAG, WRAP_TAG }, 4),
	   "below it packets may have its tag");
	ok(!strcmp(descend(bridge, LENGTH(bridge), &carriers), "1,2,3"),
	   "a bridge passes its ports");
	ok(!*carriers.doubt, "and a tap in it is no tunnel");
	ok(!strcmp(descend(tunnel, LENGTH(tunnel), &carriers), "1") &&
		   strstr(carriers.doubt, " wg0 "),
	   "what is below a tunnel is not known");
	ok(!strcmp(descend(plugged, LENGTH(plugged), &carriers), "1,2,3,4") && !*carriers.doubt,
	   "a veth whose peer is in a bridge passes its ports");
	ok(wraps_are(&carriers, (enum wrap[]){ WRAP_NONE, WRAP_AWAY, WRAP_NONE, WRAP_NONE }, 4),
	   "and only what it sends comes in at its peer");
	descend(ring, LENGTH(ring), &carriers);
	ok(*carriers.doubt, "the ports of an hsr, which have no master, are not known");
	descend(tun, LENGTH(tun), &carriers);
	ok(strstr(carriers.doubt, " tun0 "), "a tun alone is a tunnel");
	ok(!strcmp(descend(up, LENGTH(up), &carriers), "1"), "what is above is not passed");
	descend(cipher, LENGTH(cipher), &carriers);
	ok(wraps_are(&carriers, (enum wrap[]){ WRAP_NONE, WRAP_INSIDE }, 2),
	   "what comes in below a macsec is not to be read");
	descend(bound_tunnel, LENGTH(bound_tunnel), &carriers);
	ok(wraps_are(&carriers, (enum wrap[]){ WRAP_NONE, WRAP_INSIDE }, 2),
	   "nor below a tunnel");
	descend(stack, LENGTH(stack), &carriers);
	ok(wraps_are(&carriers,
		     (enum wrap[]){ WRAP_NONE, WRAP_TAG, WRAP_TWO_TAGS, WRAP_MORE_TAGS }, 4),
	   "tags are counted");
	descend(vrf, LENGTH(vrf), &carriers);
	ok(wraps_are(&carriers, (enum wrap[]){ WRAP_NONE, WRAP_AWAY, WRAP_NONE }, 3),
	   "a VRF sees what its port sees");
	descend(loop, LENGTH(loop), &carriers);
	ok(crossings[0].wrap == WRAP_MORE_TAGS, "a loop of tags ends");
}

int main(void)
{
	check_parse();
	check_find();
	check_same();
	check_rules();
	check_settings();
	check_carriers();
	return finish();
}
