// SPDX-License-Identifier: GPL-2.0-only
/*
 * shuffle_link NETNS NETNS IFNAME: moves an interface from the first network
 * namespace to the second and back, again and again, with pauses that differ. On
 * SIGTERM it says how often, and the interface is in the first.
 */
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

#define PAUSE_MAX_NS 8000000L

struct place {
	int netns;
	struct mnl_socket *socket;	/* of that namespace */
};

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "shuffle_link: ");
	perror(what);
	exit(1);
}

static void place_open(struct place *place, const char *path)
{
	place->netns = open(path, O_RDONLY | O_CLOEXEC);
	if (place->netns < 0 || setns(place->netns, CLONE_NEWNET))
		die(path);
	place->socket = mnl_socket_open(NETLINK_ROUTE);
	if (!place->socket || mnl_socket_bind(place->socket, 0, MNL_SOCKET_AUTOPID))
		die("netlink");
}

static void move(const struct place *from, const struct place *to, const char *ifname)
{
	char buf[8192];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *link;
	ssize_t length;

	message->nlmsg_type = RTM_SETLINK;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	link->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(message, IFLA_IFNAME, ifname);
	mnl_attr_put_u32(message, IFLA_NET_NS_FD, to->netns);
	if (mnl_socket_sendto(from->socket, message, message->nlmsg_len) < 0)
		die("send");
	length = mnl_socket_recvfrom(from->socket, buf, sizeof(buf));
	if (mnl_cb_run(buf, length, 0, mnl_socket_get_portid(from->socket), NULL, NULL) < 0)
		die(ifname);
}

static void take_a_pause(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = random() % PAUSE_MAX_NS }, NULL);
}

int main(int argc, char **argv)
{
	struct place places[2];
	unsigned int moves = 0;

	if (argc != 4) {
		fputs("usage: shuffle_link NETNS NETNS IFNAME\n", stderr);
		return 2;
	}
	place_open(&places[0], argv[1]);
	place_open(&places[1], argv[2]);
	signal(SIGTERM, stop);
	while (!stopped || moves % 2) {
		move(&places[moves % 2], &places[(moves + 1) % 2], argv[3]);
		if (!moves++) {
			puts("moving");
			fflush(stdout);
		}
		take_a_pause();
	}
	printf("moves=%u\n", moves);
	return 0;
}
