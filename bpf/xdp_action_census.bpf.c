// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * Never attached: it runs once, by BPF_PROG_TEST_RUN, and reads from the kernel's
 * own lists which XDP programs are attached to which interfaces of which network
 * namespaces. These lists also have what no name, process or path leads to.
 * BPF_PROG_TEST_RUN holds the RCU lock, under which the lists may be read: an
 * entry that is removed still leads on to the next. But an interface that moves
 * to another namespace is on no list for a while, nor are those of a namespace
 * that is taken down, some of which come back. So the lists are walked twice, and
 * in between the devices are counted that sysfs knows as interfaces, wherever
 * they belong. A census is true when both walks saw the same and all of these.
 */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "xdp_action_census.h"

#define NAME_SIZE 16
#define MODES 3			/* of the kernel: skb, native, hardware */
#define STEPS_MAX (1 << 23)	/* the most that bpf_loop() makes */
/* The steps that the verifier follows where there is no bpf_loop(), before 5.17. */
#define LINEAR_STEPS_MAX 50000

/* The parts of the kernel's own structures that are read, found by its BTF. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct list_head {
	struct list_head *next, *prev;
};

struct bpf_prog_aux {
	__u32 id;
};

struct bpf_prog {
	struct bpf_prog_aux *aux;
};

struct bpf_link {
	struct bpf_prog *prog;
};

struct bpf_xdp_link {
	struct bpf_link link;
};

struct bpf_xdp_entity {
	struct bpf_prog *prog;
	struct bpf_xdp_link *link;
};

struct kset {
	struct list_head list;
};

struct kobject {
	struct list_head entry;
	struct kset *kset;
};

struct class;

struct device {
	struct kobject kobj;
	struct class *class;
};

struct net_device {
	char name[NAME_SIZE];
	int ifindex;
	struct list_head dev_list;
	struct device dev;
	struct bpf_xdp_entity xdp_state[MODES];
};

struct ns_common {
	const void *ops;
	unsigned int inum;
};

struct net {
	struct list_head list;
	struct list_head dev_base_head;
	unsigned int dev_base_seq;
	struct net_device *loopback_dev;
	struct ns_common ns;
};

struct nsproxy {
	struct net *net_ns;
};

struct task_struct {
	struct nsproxy *nsproxy;
};

#pragma clang attribute pop

/* The answer of the last run. */
struct xdp_action_attachment attachments[XDP_ACTION_CENSUS_MAX];
__u32 attachment_count;
__u8 finished;		/* in the steps that there are */
__u8 torn;		/* a list was changed while it was read */
__u64 namespaces, interfaces, devices;
__u64 digests[2];

enum phase { FIRST_WALK, SECOND_WALK, COUNT_DEVICES, FINISHED };

static enum phase phase;
/* Where a walk is: the addresses of the list nodes of a namespace and of an interface. */
static __u64 own_net, namespace_ops;
static __u64 net_node, dev_node, dev_head;
static __u32 netns;
static __u64 device_list, device_node, net_class;

#define OFFSET(type, member) bpf_core_field_offset(struct type, member)

static __always_inline __u64 read_pointer(__u64 address)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (const void *)address);
	return value;
}

static __always_inline __u32 read_int(__u64 address)
{
	__u32 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), (const void *)address);
	return value;
}

static __always_inline __u64 next_of(__u64 node)
{
	return read_pointer(node + OFFSET(list_head, next));
}

static __always_inline void digest(__u64 value)
{
	__u64 *sum = &digests[phase & 1];

	*sum = (*sum ^ value) * 0x100000001b3;
	*sum ^= *sum >> 29;
}

static __always_inline __u64 ops_of(__u64 net)
{
	return read_pointer(net + OFFSET(net, ns) + OFFSET(ns_common, ops));
}

static __always_inline void add_attachment(__u64 dev, __u32 mode, __u32 program_id, _Bool by_link)
{
	__u32 i = attachment_count++;
	struct xdp_action_attachment *attachment;

	if (i >= XDP_ACTION_CENSUS_MAX)
		return;
	attachment = &attachments[i & (XDP_ACTION_CENSUS_MAX - 1)];
	attachment->netns = netns;
	attachment->ifindex = read_int(dev + OFFSET(net_device, ifindex));
	attachment->program_id = program_id;
	attachment->mode = mode;
	attachment->by_link = by_link;
	bpf_probe_read_kernel(attachment->name, sizeof(attachment->name),
			      (const void *)(dev + OFFSET(net_device, name)));
}

static __always_inline void look_at_mode(__u64 dev, __u32 mode)
{
	__u64 entity = dev + OFFSET(net_device, xdp_state) +
		       mode * bpf_core_type_size(struct bpf_xdp_entity);
	__u64 link = read_pointer(entity + OFFSET(bpf_xdp_entity, link));
	__u64 prog = read_pointer(entity + OFFSET(bpf_xdp_entity, prog));
	__u32 id;

	if (link)
		prog = read_pointer(link + OFFSET(bpf_xdp_link, link) + OFFSET(bpf_link, prog));
	if (!prog)
		return;
	id = read_int(read_pointer(prog + OFFSET(bpf_prog, aux)) + OFFSET(bpf_prog_aux, id));
	digest((__u64)mode << 32 | id);
	if (phase == FIRST_WALK)
		add_attachment(dev, mode, id, link);
}

static __always_inline void look_at_interface(void)
{
	__u64 dev = dev_node - OFFSET(net_device, dev_list);
	__u32 mode;

	digest(dev);
	for (mode = 0; mode < MODES; mode++)
		look_at_mode(dev, mode);
	if (phase == FIRST_WALK)
		interfaces++;
	dev_node = next_of(dev_node);
}

/* The last one was seen. */
static __always_inline void end_walk(void)
{
	__u64 loopback = read_pointer(own_net + OFFSET(net, loopback_dev));
	__u64 device = loopback + OFFSET(net_device, dev);

	if (phase == FIRST_WALK) {
		phase = COUNT_DEVICES;
		net_class = read_pointer(device + OFFSET(device, class));
		device_list = read_pointer(device + OFFSET(device, kobj) + OFFSET(kobject, kset)) +
			      OFFSET(kset, list);
		device_node = next_of(device_list);
	} else {
		phase = FINISHED;
	}
}

/* The ring of all namespaces, which is followed from ours on, includes the head of the list. */
static __always_inline void leave_namespace(void)
{
	net_node = next_of(net_node);
	dev_node = 0;
	if (net_node == own_net + OFFSET(net, list))
		end_walk();
}

static __always_inline void enter_namespace(void)
{
	__u64 net = net_node - OFFSET(net, list);

	if (ops_of(net) != namespace_ops) {
		leave_namespace();
		return;
	}
	netns = read_int(net + OFFSET(net, ns) + OFFSET(ns_common, inum));
	digest(net);
	/* Grows with each interface that comes or goes. */
	digest((__u64)netns << 32 | read_int(net + OFFSET(net, dev_base_seq)));
	if (phase == FIRST_WALK)
		namespaces++;
	dev_head = net + OFFSET(net, dev_base_head);
	dev_node = next_of(dev_head);
}

static __always_inline void walk(void)
{
	if (!dev_node)
		enter_namespace();
	else if (dev_node == dev_head)
		leave_namespace();
	else
		look_at_interface();
}

/*
 * The list of all devices is not made for reading under RCU: an entry that leaves
 * it leads nowhere. So each entry must be the one that the entry before it names.
 */
static __always_inline void count_device(void)
{
	__u64 device, next;

	if (device_node == device_list) {
		phase = SECOND_WALK;
		net_node = own_net + OFFSET(net, list);
		return;
	}
	device = device_node - OFFSET(kobject, entry) - OFFSET(device, kobj);
	if (read_pointer(device + OFFSET(device, class)) == net_class)
		devices++;
	next = next_of(device_node);
	if (read_pointer(next + OFFSET(list_head, prev)) != device_node) {
		torn = 1;
		phase = FINISHED;
	}
	device_node = next;
}

/* Returns 1 after the last one. A global function, so that the verifier goes through it once. */
__noinline int step(void)
{
	if (phase == FINISHED)
		return 1;
	if (phase == COUNT_DEVICES)
		count_device();
	else
		walk();
	return 0;
}

static long loop_step(__u32 index, void *data)
{
	long done = step();

	(void)index;
	(void)data;
	/*
	 * The verifier must see that it is 0 or 1. The compiler knows this, and
	 * would drop the code that shows it.
	 */
	barrier_var(done);
	return done & 1;
}

static __always_inline void begin(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	own_net = (__u64)BPF_CORE_READ(task, nsproxy, net_ns);
	namespace_ops = ops_of(own_net);
	net_node = own_net + OFFSET(net, list);
	dev_node = 0;
	phase = FIRST_WALK;
	attachment_count = 0;
	namespaces = interfaces = devices = 0;
	digests[0] = digests[1] = 0;
	torn = 0;
}

SEC("raw_tp")
int census(void *ctx)
{
	begin();
	bpf_loop(STEPS_MAX, loop_step, NULL, 0);
	finished = phase == FINISHED;
	return 0;
}

/* The same where there is no bpf_loop(). */
SEC("raw_tp")
int census_linear(void *ctx)
{
	int i;

	begin();
	/* The loop has no other way out, each of which the verifier would have to follow. */
	for (i = 0; i < LINEAR_STEPS_MAX; i++)
		step();
	finished = phase == FINISHED;
	return 0;
}

char _license[] SEC("license") = "GPL";
