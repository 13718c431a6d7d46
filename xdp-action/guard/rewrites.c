// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/xfrm.h>

#include "netlink.h"
#include "session.h"

static size_t address_size(int family)
{
	return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

/* ---- NAT ---- */

/* What a packet from one address to another is called by conntrack. */
static void put_tuple(struct nlmsghdr *request, uint16_t type, const struct address *from,
		      unsigned int from_port, const struct address *to, unsigned int to_port)
{
	bool v4 = from->family == AF_INET;
	struct nlattr *tuple = mnl_attr_nest_start(request, type), *part;

	part = mnl_attr_nest_start(request, CTA_TUPLE_IP);
	mnl_attr_put(request, v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, address_size(from->family),
		     &from->v6);
	mnl_attr_put(request, v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, address_size(to->family),
		     &to->v6);
	mnl_attr_nest_end(request, part);
	part = mnl_attr_nest_start(request, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(request, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(request, CTA_PROTO_SRC_PORT, htons(from_port));
	mnl_attr_put_u16(request, CTA_PROTO_DST_PORT, htons(to_port));
	mnl_attr_nest_end(request, part);
	mnl_attr_nest_end(request, tuple);
}

static void take_address(const struct nlattr *attr, struct address *address)
{
	size_t size = address_size(address->family);

	if (mnl_attr_get_payload_len(attr) >= size)
		memcpy(&address->v6, mnl_attr_get_payload(attr), size);
}

static int read_addresses(const struct nlattr *attr, void *data)
{
	struct session *session = data;

	switch (mnl_attr_get_type(attr)) {
	case CTA_IP_V4_SRC:
	case CTA_IP_V6_SRC:
		take_address(attr, &session->client);
		break;
	case CTA_IP_V4_DST:
	case CTA_IP_V6_DST:
		take_address(attr, &session->server);
		break;
	}
	return MNL_CB_OK;
}

static int read_ports(const struct nlattr *attr, void *data)
{
	struct session *session = data;

	if (mnl_attr_get_type(attr) == CTA_PROTO_SRC_PORT)
		session->client_port = ntohs(mnl_attr_get_u16(attr));
	else if (mnl_attr_get_type(attr) == CTA_PROTO_DST_PORT)
		session->server_port = ntohs(mnl_attr_get_u16(attr));
	return MNL_CB_OK;
}

static int read_tuple(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTA_TUPLE_IP)
		return mnl_attr_parse_nested(attr, read_addresses, data);
	if (mnl_attr_get_type(attr) == CTA_TUPLE_PROTO)
		return mnl_attr_parse_nested(attr, read_ports, data);
	return MNL_CB_OK;
}

/* The direction in which the connection was made is the one from the client. */
static int read_connection(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTA_TUPLE_ORIG)
		return mnl_attr_parse_nested(attr, read_tuple, data);
	return MNL_CB_OK;
}

static int read_entry(const struct nlmsghdr *message, void *data)
{
	if (mnl_attr_parse(message, sizeof(struct nfgenmsg), read_connection, data) < 0)
		return MNL_CB_ERROR;
	return MNL_CB_STOP;
}

/* Without conntrack there is no NAT that it could tell of. */
static bool has_conntrack(void)
{
	return !access("/proc/sys/net/netfilter/nf_conntrack_max", F_OK) || errno != ENOENT;
}

int rewrites_undo_nat(struct session *session)
{
	char buffer[512];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct session on_wire = *session;
	struct nfgenmsg *question;
	int err;

	request->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	request->nlmsg_flags = NLM_F_REQUEST;
	question = mnl_nlmsg_put_extra_header(request, sizeof(*question));
	question->nfgen_family = session->client.family;
	put_tuple(request, CTA_TUPLE_REPLY, &session->server, session->server_port,
		  &session->client, session->client_port);

	err = netlink_exchange(NETLINK_NETFILTER, request, read_entry, &on_wire);
	if (!err)
		*session = on_wire;
	return err == -ENOENT || !has_conntrack() ? 0 : err;
}

/* ---- IPsec ---- */

/* The policy that decides about what a session receives: the one of least priority. */
struct policy_search {
	const struct session *session;
	size_t found;		/* policies that are about it */
	uint32_t priority;
	bool wraps;
};

static bool begins_alike(const void *a, const void *b, unsigned int bits)
{
	const unsigned char *x = a, *y = b;
	unsigned int bytes = bits / 8, rest = bits % 8;

	return !memcmp(x, y, bytes) && (!rest || !((x[bytes] ^ y[bytes]) >> (8 - rest)));
}

static bool covers_port(uint16_t selected, uint16_t mask, unsigned int port)
{
	return !((selected ^ htons(port)) & mask);
}

static bool selects(const struct xfrm_selector *selector, const struct session *session)
{
	return (!selector->family || selector->family == session->client.family) &&
	       selector->prefixlen_s <= 8 * sizeof(selector->saddr) &&
	       selector->prefixlen_d <= 8 * sizeof(selector->daddr) &&
	       begins_alike(&selector->saddr, &session->client.v6, selector->prefixlen_s) &&
	       begins_alike(&selector->daddr, &session->server.v6, selector->prefixlen_d) &&
	       (!selector->proto || selector->proto == IPPROTO_TCP) &&
	       covers_port(selector->sport, selector->sport_mask, session->client_port) &&
	       covers_port(selector->dport, selector->dport_mask, session->server_port);
}

static int find_template(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == XFRMA_TMPL)
		*(bool *)data = mnl_attr_get_payload_len(attr) > 0;
	return MNL_CB_OK;
}

static int read_policy(const struct nlmsghdr *message, void *data)
{
	struct policy_search *search = data;
	struct xfrm_userpolicy_info policy;
	bool wraps = false;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(policy)) {
		errno = EIO;
		return MNL_CB_ERROR;
	}
	/* Messages are aligned to 4 bytes, and this to 8. */
	memcpy(&policy, mnl_nlmsg_get_payload(message), sizeof(policy));
	if (policy.dir != XFRM_POLICY_IN || !selects(&policy.sel, search->session) ||
	    (search->found && policy.priority > search->priority))
		return MNL_CB_OK;
	if (mnl_attr_parse(message, sizeof(policy), find_template, &wraps) < 0)
		return MNL_CB_ERROR;
	/* Of two that are alike either may be the one. */
	search->wraps = wraps || (search->found && search->wraps &&
				  policy.priority == search->priority);
	search->found++;
	search->priority = policy.priority;
	return MNL_CB_OK;
}

int rewrites_ipsec(const struct session *session)
{
	char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct policy_search search = { .session = session };
	int err;

	request->nlmsg_type = XFRM_MSG_GETPOLICY;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	mnl_nlmsg_put_extra_header(request, sizeof(struct xfrm_userpolicy_id));
	err = netlink_dump(NETLINK_XFRM, request, read_policy, &search, &search.found);
	/* This kernel has no IPsec. */
	if (err == -EPROTONOSUPPORT)
		return 0;
	return err ? err : search.found && search.wraps;
}
