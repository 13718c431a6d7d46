/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/* What is asked of the kernel: interfaces, programs and maps, clocks, and what it can do. */
#ifndef XDPACTION_KERNEL_H
#define XDPACTION_KERNEL_H

#include <linux/bpf.h>
#include <net/if.h>

#include "context.h"

_Static_assert(XDPACTION_IFNAME_SIZE == IFNAMSIZ, "the kernel's size");
_Static_assert((int)XDPACTION_REDIRECT == XDP_REDIRECT, "the kernel's numbers");

/* ---- privilege.c: capabilities, named one by one ---- */

/* -EPERM, with the names of what is missing, unless load and unload may work. */
int need_privileges(struct xdpaction *ctx, const char *what);
/* The same for a program that is loaded and run but attached to nothing. */
int need_program_privileges(struct xdpaction *ctx, const char *what);
/* Records an error of the kernel in doing `what`; for EPERM it names the missing capability. */
int fail_kernel(struct xdpaction *ctx, int err, const char *what);

/* ---- memlock.c: the limit of memory for programs and maps before Linux 5.11 ---- */

/* Whether RLIMIT_MEMLOCK may be the reason for an error of a load. */
bool memlock_limits(int err);
/* Adds to a recorded error of the kernel what may have forbidden it, if anything did. */
void advise_refused(struct xdpaction *ctx, int err);

/* ---- scan.c: a few numbers out of the kernel's types (BTF) ---- */

struct types_wanted {
	const char *function;
	const char *structure, *member;
	const char *enumerator;
};

struct types_found {
	uint32_t function;	/* its id */
	uint32_t member;	/* its offset in the structure, in bytes */
	uint32_t enumerator;	/* its value */
};

/* False where the file cannot be read, or does not have all of them. None of them is 0. */
bool types_scan(const char *path, const struct types_wanted *wanted, struct types_found *found);

/* ---- types.c: the kernel's types (BTF) ---- */

#define TYPES_FILE "/sys/kernel/btf/vmlinux"

/*
 * Records why a program that reads the kernel's structures could not be loaded;
 * `question` is what it is to find out, as "who uses a program". Returns err.
 */
int fail_question(struct xdpaction *ctx, int err, const char *question);

/* ---- clock.c ---- */

#define NSEC_PER_SEC 1000000000LL
#define NSEC_PER_MSEC 1000000LL

/* CLOCK_BOOTTIME as the program in the kernel sees it, in any time namespace. */
int boottime_ns(struct xdpaction *ctx, uint64_t *now_ns);
uint64_t realtime_ns(void);
uint64_t monotonic_ns(void);
void sleep_ns(uint64_t ns);

/* ---- retry.c ---- */

/*
 * Others change the same things without our lock, so what loses a race is tried
 * again for a while. The time begins with the first failure. Set the time-out and
 * leave the rest 0. retry_again() pauses and returns true, or returns false when
 * the time is up.
 */
struct retry {
	uint64_t timeout_ns;
	uint64_t deadline_ns;
	uint64_t pause_ns;
};
/* For a look at what keeps changing. */
#define LOOK_TIMEOUT_NS (1 * NSEC_PER_SEC)
/* For a change: twenty others that change the same chain finish in this time. */
#define CHANGE_TIMEOUT_NS (5 * NSEC_PER_SEC)
bool retry_again(struct retry *retry);
/* Errors that may go away by themselves. */
bool error_is_passing(int err);

/* ---- namespace.c ---- */

/*
 * The inode of this thread's network namespace, which xdpaction_set_netns() may
 * have changed.
 */
int netns_inode(struct xdpaction *ctx, uint64_t *inode);

/* ---- link.c: interfaces as rtnetlink shows them ---- */

struct link {
	unsigned int ifindex;
	char name[IFNAMSIZ];
	char kind[16];			/* "veth"; "" for hardware */
	unsigned int mtu;
	bool loopback;
	bool up;
	bool ethernet;			/* its packets begin with an Ethernet header */
	bool bare_ip;			/* its packets begin with an IP header */
	bool attached;
	enum xdpaction_mode mode;
	uint32_t prog_id;		/* 0 when nothing is attached */
	unsigned int master_ifindex;	/* of the bridge, bond or VRF that it is in, or 0 */
	unsigned int peer_ifindex;	/* of a veth; of others what they sit on, or 0 */
	int peer_netns;			/* where that is, as a netns id, or PEER_HERE */
	bool elsewhere;			/* in another namespace, out of rtnetlink's reach */
};

#define PEER_HERE (-1)

/* -ENODEV when there is none of that name. */
int link_by_name(struct xdpaction *ctx, const char *name, struct link *link);
int link_by_index(struct xdpaction *ctx, unsigned int ifindex, struct link *link);
/*
 * What `link` is to send to. -EIO where that is not there: `link` itself is, and
 * -ENODEV would say that it has gone.
 */
int link_target(struct xdpaction *ctx, const struct link *link, unsigned int ifindex,
		struct link *target);
/* The other end of a veth, also in another network namespace. */
int link_peer(struct xdpaction *ctx, const struct link *link, struct link *peer);

/*
 * Looks at the same interface again, whatever its name is now. -ENODEV, with its
 * old name, when it has gone.
 */
int link_again(struct xdpaction *ctx, const struct link *link, struct link *now);

/* Calls fn for every interface, in one dump; fn stops it with an error. */
typedef int (*link_fn)(struct xdpaction *ctx, const struct link *link, void *data);
int link_for_each(struct xdpaction *ctx, link_fn fn, void *data);

/* ---- around.c: programs that stand in the way of a change ---- */

/*
 * Finds an interface that has a program and stands in the way of a change at
 * `link`: one directly above it, or, when `ports`, one that is in it, as a port
 * of a bond. found->ifindex is 0 where there is none that can be seen: what is
 * above may be in another network namespace. It looks at every interface.
 */
int link_find_in_way(struct xdpaction *ctx, const struct link *link, bool ports,
		     struct link *found);
/*
 * The same for those above it, which sysfs names. It costs as much among a
 * thousand interfaces as among two. Where sysfs shows an interface of another
 * namespace in place of `link` it may find none; the kernel's refusal of the
 * change tells of it then.
 */
int link_find_above(struct xdpaction *ctx, const struct link *link, struct link *found);

/* ---- notices.c: what rtnetlink tells of interfaces by itself ---- */

enum notice_kind {
	NOTICE_CHANGED,		/* it came, or something about it changed */
	NOTICE_DELETED,
	NOTICE_MOVED,		/* to another network namespace */
};

/* What an interface was like then; by now it may be otherwise, or gone. */
struct notice {
	enum notice_kind kind;
	struct link link;
};

/*
 * Opens a socket for notices about the interfaces of this network namespace. The
 * kernel gives one when a program is attached by netlink to an interface that is
 * up, but none when it is down or a BPF link attaches it. Close it with
 * notices_close(); begins as NULL.
 */
struct mnl_socket;
int notices_open(struct xdpaction *ctx, struct mnl_socket **socket);
void notices_close(struct mnl_socket **socket);
int notices_fd(const struct mnl_socket *socket);
/*
 * Hands on what has come, and waits for nothing. -ENOBUFS, without a recorded
 * error, when some were lost, and none of the others are left in the socket.
 */
typedef int (*notice_fn)(struct xdpaction *ctx, const struct notice *notice, void *data);
int notices_read(struct xdpaction *ctx, struct mnl_socket *socket, notice_fn fn, void *data);

/* ---- netdev.c: what a driver can do ---- */

/*
 * The driver's XDP features, NETDEV_XDP_ACT_*. -EOPNOTSUPP, without a recorded
 * error, where the kernel does not tell (before 6.3).
 */
int link_xdp_features(struct xdpaction *ctx, const struct link *link, uint64_t *features);

/* ---- transmit.c: whether a driver sends what XDP gives it ---- */

enum ability { ABILITY_YES, ABILITY_NO, ABILITY_UNKNOWN };
/* Whether the interface can send frames that are redirected to it, now. */
int link_can_transmit(struct xdpaction *ctx, const struct link *link, enum ability *ability);
/* Whether it can send back what it received, now. */
int link_can_reflect(struct xdpaction *ctx, const struct link *link, enum ability *ability);
/*
 * -EOPNOTSUPP when packets that are redirected to the target would vanish now.
 * The mode is that of the interface they come in by.
 */
int target_check(struct xdpaction *ctx, enum xdpaction_mode mode, const struct link *target);

/* ---- object.c: programs and maps by id ---- */

/* The kernel gives no program more. */
#define PROGRAM_MAPS_MAX 64

struct program_info {
	uint32_t id;
	char name[BPF_OBJ_NAME_LEN];
	uint8_t tag[BPF_TAG_SIZE];	/* the kernel's sum of its instructions */
	uint32_t btf_id;
	bool jited;			/* compiled by the kernel's JIT */
	size_t map_count;
	uint32_t map_ids[PROGRAM_MAPS_MAX];
};

/* -ENOENT, without a recorded error, when the object is gone. */
int program_open(struct xdpaction *ctx, uint32_t id, int *fd);
int program_info_get(struct xdpaction *ctx, int fd, struct program_info *info);
int program_info_by_id(struct xdpaction *ctx, uint32_t id, struct program_info *info);
int map_open(struct xdpaction *ctx, uint32_t id, int *fd, struct bpf_map_info *info);
/*
 * Opens the BPF link that attaches the program which `link` shows, and gives
 * its id. -ENOENT, without a recorded error, where no link does, and -ENOTUNIQ
 * where several could: the kernel does not tell the network namespace of a link.
 */
int xdp_link_open(struct xdpaction *ctx, const struct link *link, uint32_t *id, int *fd);

/* ---- grace.c ---- */

/* Waits until no program runs any more that has begun before the call. */
int programs_wait(struct xdpaction *ctx);

/* ---- probe.c: what this kernel can do, by trying ---- */

/*
 * Whether programs can be attached to programs, which the dispatcher needs. A
 * passing failure is an error, never a no.
 */
int probe_dispatcher(struct xdpaction *ctx, bool *supported);
/*
 * Must be called before libxdp loads a dispatcher. libbpf tries once whether the
 * kernel keeps the names of programs, and a try that fails for want of memory
 * counts as a no for the life of the process. Nobody would recognize a dispatcher
 * without its name, nor the programs in it. -EIO in that case.
 */
int probe_names(struct xdpaction *ctx);

struct features {
	bool jit;	/* without it there is no dispatcher, and none of the next */
	bool frags;	/* packets can have frags, and a helper tells their length */
	bool budget;	/* the atomic instruction for packet budgets */
	struct frags_flag frags_flag;
};
int features_find(struct xdpaction *ctx, struct features *features);

/* ---- frags.c ---- */

/* How many instructions read the flag. */
#define FRAGS_FLAG_CODE 3

struct bpf_program;

/* They take the context in r1, and leave in r0 what is not 0 for a packet with fragments. */
void frags_flag_code(const struct frags_flag *flag, struct bpf_insn insns[FRAGS_FLAG_CODE]);
/*
 * Puts into a program that is not loaded yet how it sees whether a packet has fragments.
 * 0, and nothing is done, where the kernel has no such flag.
 */
int program_set_frags_flag(struct bpf_program *program, const struct frags_flag *flag);

/* ---- census.c: what is attached to the interfaces of all network namespaces ---- */

struct attachment {
	uint64_t netns;			/* inode number */
	unsigned int ifindex;
	char name[IFNAMSIZ];
	enum xdpaction_mode mode;
	bool by_link;			/* attached by a bpf_link */
	uint32_t program_id;
};

struct census {
	struct attachment *list;
	size_t count;
};

/*
 * Takes a complete census: nothing else is attached. Free it with census_free().
 * -EBUSY when interfaces kept coming and going, -E2BIG when there are too many,
 * another error where the kernel cannot be asked.
 */
int census_take(struct xdpaction *ctx, struct census *census);
void census_free(struct census *census);

/* ---- references.c: how many hold a program or a link ---- */

struct xdp_action_references_bpf;

/* Begins as { 0 }; the first question loads the program that asks. */
struct references {
	struct xdp_action_references_bpf *asker;
	/* Why the kernel cannot be asked; 0 as long as it can. */
	int err;
};

/* The references to an object; its open `fd` is one of them. */
struct reference_count {
	uint64_t count;
	uint32_t target_id;	/* of a link: the program it attaches to */
};

/*
 * `fd` must be the program, or the link, with this id. An error means that the
 * number is not known; it is recorded.
 */
int references_to_program(struct xdpaction *ctx, struct references *references, int fd, uint32_t id,
			  uint64_t *count);
int references_to_link(struct xdpaction *ctx, struct references *references, int fd, uint32_t id,
		       struct reference_count *count);
void references_close(struct references *references);

#endif /* XDPACTION_KERNEL_H */
