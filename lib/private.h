/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/*
 * What the files of the library share. Every function here follows the
 * conventions of xdpaction.h; those that take a context record the error.
 */
#ifndef XDPACTION_PRIVATE_H
#define XDPACTION_PRIVATE_H

#include <errno.h>
#include <limits.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#include "../bpf/xdp_action_maps.h"
#include "xdpaction.h"

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define NSEC_PER_SEC 1000000000LL
#define NSEC_PER_MSEC 1000000LL

_Static_assert(XDPACTION_VERDICTS == XDP_ACTION_VERDICTS, "one counter for each verdict");
_Static_assert((int)XDPACTION_REDIRECT == XDP_REDIRECT, "the kernel's numbers");
_Static_assert(XDPACTION_IFNAME_SIZE == IFNAMSIZ, "the kernel's size");

static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* ---- context.c: the context, its log and its last error ---- */

struct xdpaction {
	xdpaction_log_fn log;
	void *log_data;
	enum xdpaction_log_level log_level;

	char error[512];
	char advice[512];
	bool has_advice;
};

/* Records why a call fails; `advice` may be NULL. Returns err. */
int fail(struct xdpaction *ctx, int err, const char *advice, const char *fmt, ...) PRINTF(4, 5);
/* The same, where the advice is put together too: set it after fail(). */
void advise(struct xdpaction *ctx, const char *fmt, ...) PRINTF(2, 3);
/* Forgets the last error: every public call begins with it. */
void forget_error(struct xdpaction *ctx);
void log_line(struct xdpaction *ctx, enum xdpaction_log_level level, const char *fmt, ...)
	PRINTF(3, 4);
/*
 * Why a driver refused what libbpf asked of it in this thread since the last
 * forget_refusal(), in its own words; "" when it did not say.
 */
const char *driver_refusal(void);
void forget_refusal(void);

/* ---- privilege.c: capabilities, named one by one ---- */

/* -EPERM, with the names of what is missing, unless load and unload may work. */
int need_privileges(struct xdpaction *ctx, const char *what);
/* Explains an error of the kernel: `what` was tried; adds the capability to EPERM. */
int fail_kernel(struct xdpaction *ctx, int err, const char *what);

/* ---- clock.c ---- */

/* CLOCK_BOOTTIME as the kernel side sees it, whatever the time namespace. */
int boottime_ns(struct xdpaction *ctx, uint64_t *now_ns);
uint64_t realtime_ns(void);
uint64_t monotonic_ns(void);
void sleep_ns(uint64_t ns);

/* ---- netlink.c: interfaces as rtnetlink shows them ---- */

struct link {
	unsigned int ifindex;
	char name[IFNAMSIZ];
	char kind[16];			/* "veth"; "" for hardware */
	unsigned int mtu;
	bool loopback;
	bool up;
	bool ethernet;			/* its packets begin with an Ethernet header */
	bool attached;
	enum xdpaction_mode mode;
	uint32_t prog_id;		/* 0 when nothing is attached */
	unsigned int peer_ifindex;	/* of a veth */
	int peer_netns;			/* where that is, as a netns id, or PEER_HERE */
};

#define PEER_HERE (-1)

/* -ENODEV when there is none of that name. */
int link_by_name(struct xdpaction *ctx, const char *name, struct link *link);
int link_by_index(struct xdpaction *ctx, unsigned int ifindex, struct link *link);
/* The other end of a veth, also in another network namespace. */
int link_peer(struct xdpaction *ctx, const struct link *link, struct link *peer);

/* Calls fn for every interface, in one dump; fn stops it with an error. */
typedef int (*link_fn)(struct xdpaction *ctx, const struct link *link, void *data);
int link_for_each(struct xdpaction *ctx, link_fn fn, void *data);

/* ---- ability.c ---- */

enum ability { ABILITY_YES, ABILITY_NO, ABILITY_UNKNOWN };
/* Whether a driver can send frames that XDP gives it, now. */
int link_can_transmit(struct xdpaction *ctx, const struct link *link, enum ability *ability);
/*
 * -EOPNOTSUPP when packets that are redirected to the target would vanish now.
 * The mode is that of the interface they come in by.
 */
int target_check(struct xdpaction *ctx, enum xdpaction_mode mode, const struct link *target);

/* ---- genetlink.c ---- */

/*
 * The driver's XDP features, NETDEV_XDP_ACT_*. -EOPNOTSUPP, without a recorded
 * error, where the kernel does not tell (before 6.3).
 */
int link_xdp_features(struct xdpaction *ctx, unsigned int ifindex, uint64_t *features);

/* ---- object.c: kernel objects by id ---- */

#define PROGRAM_MAPS_MAX 32

struct program_info {
	uint32_t id;
	char name[BPF_OBJ_NAME_LEN];
	uint32_t btf_id;
	size_t map_count;
	uint32_t map_ids[PROGRAM_MAPS_MAX];
};

/* -ENOENT, without a recorded error, when the object is gone. */
int program_open(struct xdpaction *ctx, uint32_t id, int *fd);
int program_info_get(struct xdpaction *ctx, int fd, struct program_info *info);
int program_info_by_id(struct xdpaction *ctx, uint32_t id, struct program_info *info);
int map_open(struct xdpaction *ctx, uint32_t id, int *fd, struct bpf_map_info *info);

/* ---- chain.c: what runs on an interface, read from the kernel ---- */

struct member {
	struct program_info program;
	size_t slot;			/* of the dispatcher */
	uint32_t priority;
	uint32_t chain_actions;
};

struct chain {
	struct link link;
	bool dispatcher;
	uint32_t dispatcher_id;
	unsigned int format;
	bool frags;
	/* false: the dispatcher's pins cannot be seen, so libxdp cannot change it */
	bool pinned;
	size_t count;
	struct member members[XDPACTION_CHAIN_MAX];
};

/*
 * Reads the chain of `name` until two looks agree. Writes nothing; needs no
 * lock. -EBUSY when it never settles.
 */
int chain_read(struct xdpaction *ctx, const char *name, struct chain *chain);
/* One look: what the link showed; -EAGAIN when it has changed since. */
int chain_walk(struct xdpaction *ctx, const struct link *link, struct chain *chain);

/* ---- members.c: the programs of a dispatcher ---- */

/*
 * Fills in the programs of the dispatcher by its pins, or, where they cannot
 * be seen, by the kernel's links. -EAGAIN when the dispatcher went away.
 */
int members_read(struct xdpaction *ctx, struct chain *chain, const struct program_info *root,
		 size_t enabled);

/* ---- instance.c: our program in a chain, and its maps ---- */

struct instance {
	struct chain chain;
	size_t self;			/* index in chain.members */
	size_t copies;			/* how many of ours are in the chain */
	/* The map that makes it ours; its value may be another version's. */
	uint32_t data_map_id;
	uint32_t data_value_size;
	uint32_t data_map_flags;
	uint32_t counters_map_id;	/* 0 where there is none */
	uint32_t targets_map_id;
};

/* Looks for our program in a chain; -ENOENT without a recorded error. */
int instance_find(struct xdpaction *ctx, const struct chain *chain, struct instance *instance);
/* Reads the chain of an interface and finds it; -ENOENT with a message. */
int instance_read(struct xdpaction *ctx, const char *name, struct instance *instance);
/* 1 for a program that bears our name and has our map, whose id it gives; else 0. */
int program_is_ours(struct xdpaction *ctx, const struct program_info *program, uint32_t *data_id);
/* The PID namespace of who loaded it, by its data map; 0 where it does not say. */
int data_pidns(struct xdpaction *ctx, uint32_t data_id, uint64_t *pidns);

/*
 * Maps the shared data of an instance of this version, to be written when `write`.
 * -EPROTO when it is another version's.
 */
int data_map(struct xdpaction *ctx, const struct instance *instance, bool write,
	     struct xdp_action_data **data);
void data_unmap(struct xdp_action_data **data);

/* ---- paths.c: where things stand in the bpffs ---- */

/* <bpffs>/xdp, which is libxdp's. -ENOTDIR, with advice, without a bpffs. */
int state_dir(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE]);
/* -EROFS where libxdp can keep no pins. */
int bpffs_check_writable(struct xdpaction *ctx, const char *ifname);
/* The directory above the pin directories, which is the lock too. */
int root_path(struct xdpaction *ctx, char path[XDPACTION_PATH_SIZE]);
/* The directory of the pins of an interface, in the current namespace. */
int pins_path(struct xdpaction *ctx, unsigned int ifindex, char path[XDPACTION_PATH_SIZE]);
int pins_path_of(struct xdpaction *ctx, uint64_t netns, unsigned int ifindex,
		 char path[XDPACTION_PATH_SIZE]);
int netns_inode(struct xdpaction *ctx, uint64_t *inode);
int pidns_inode(struct xdpaction *ctx, uint64_t *inode);
/* Makes a directory, 0700; there already is fine. */
int dir_make(struct xdpaction *ctx, const char *path);

/* ---- pins.c: the pins of an instance ---- */

/* Removes our pins and the directory; what is not ours stays, and is -ENOTEMPTY. */
int pins_remove(struct xdpaction *ctx, const char *path);
enum pins_state { PINS_GOOD, PINS_MISSING, PINS_STALE };
int pins_check(struct xdpaction *ctx, const struct instance *instance, const char *pins,
	       enum pins_state *state);
/* The id of the map that is pinned as the data; 0 where none is. */
int pinned_data_id(struct xdpaction *ctx, const char *dir, uint32_t *id);
/* Pins the maps of a running instance where pins are missing or another's. */
int pins_adopt(struct xdpaction *ctx, const struct instance *instance);

/* ---- lock.c: writers exclude each other ---- */

/*
 * Takes the lock of all writers, making the directory where it is missing.
 * Give *fd to lock_drop(), which removes the directory when it is empty.
 * -ETIMEDOUT names who holds it.
 */
int lock_take(struct xdpaction *ctx, int *fd);
void lock_drop(int *fd);

/* ---- heal.c: what killed commands and deleted interfaces leave behind ---- */

/* Under the lock. `chain` is what the interface at hand runs; may be NULL. */
int heal(struct xdpaction *ctx, const struct chain *chain);
/*
 * Detaches a dispatcher whose links were removed by hand: it passes every
 * packet, and libxdp refuses to change it. Reads the chain again after that.
 */
int heal_empty_dispatcher(struct xdpaction *ctx, struct chain *chain);

/* ---- dispatch.c: libxdp's directories of pins ---- */

struct dispatch_dir {
	/*
	 * Not a directory, but the pin prog-test-link-<ifindex>-<program id> by
	 * which libxdp tries what the kernel can do, and removes it at once.
	 */
	bool trial;
	unsigned int ifindex;
	uint32_t dispatcher_id;		/* of a trial: the program's id */
	/* Of who loaded the xdp_action that it is about; 0: not known. */
	uint64_t pidns;
};

/*
 * Whether a directory holds an xdp_action or only what the chain runs, or is
 * the empty rest of a dispatcher that is gone. `chain` may be NULL. Fills in
 * dir->pidns.
 */
int dispatch_dir_concerns_us(struct xdpaction *ctx, struct dispatch_dir *dir,
			     const struct chain *chain, bool *concerns_us);
int dispatch_dir_remove(struct xdpaction *ctx, const struct dispatch_dir *dir);

/* ---- entries.c: directories ---- */

/* Gets the name of an entry; an error ends the tour. */
typedef int (*entry_fn)(struct xdpaction *ctx, const char *name, void *data);
/*
 * Calls fn for each entry that does not begin with a dot, and returns its error.
 * *unread gets 0, or why the directory could not be read to its end, which is
 * not recorded.
 */
int entries_read(struct xdpaction *ctx, const char *path, entry_fn fn, void *data, int *unread);
/* Whether an error means that there is nothing, not that it cannot be seen. */
bool error_is_absence(int err);

/* ---- ids.c ---- */

/* A set of ids; begins as { 0 }. */
struct ids {
	uint64_t *list;
	size_t count, room;
};

int ids_add(struct xdpaction *ctx, struct ids *ids, uint64_t id);
bool ids_have(const struct ids *ids, uint64_t id);
void ids_free(struct ids *ids);

/* ---- namespaces.c and holders.c ---- */

/*
 * Adds the programs attached to the interfaces of all namespaces within reach.
 * *hidden is set, and never cleared, when there was something we may not see.
 */
int programs_attached(struct xdpaction *ctx, struct ids *ids, bool *hidden);
/* Adds the programs that the processes of our PID namespace have open. */
int programs_held(struct xdpaction *ctx, struct ids *ids, bool *hidden);

/* ---- validate.c: settings that cannot be ---- */

/* Whether some packet gets REDIRECT, or TX, by a rule. */
bool rule_redirects(const struct xdpaction_rule *rule);
bool rule_transmits(const struct xdpaction_rule *rule);
/* -EINVAL with a message for a setting that cannot be. */
int setting_validate(struct xdpaction *ctx, const struct link *link,
		     const struct xdpaction_setting *setting);

/* ---- setting.c: settings and words ---- */

/*
 * Stores a setting in mapped data, in the order that the readers rely on.
 * `targets` is the map for REDIRECT, or -1.
 */
int setting_store(struct xdpaction *ctx, struct xdp_action_data *data, int targets,
		  const struct xdpaction_setting *setting);
/* The setting in force now. */
int setting_load(struct xdpaction *ctx, const struct xdp_action_data *data, int targets,
		 struct xdpaction_setting *setting);

/* ---- counters.c ---- */

int counters_read(struct xdpaction *ctx, uint32_t map_id,
		  struct xdpaction_counter counters[XDPACTION_VERDICTS]);

/* ---- feature.c: what this kernel can do, by trying ---- */

/*
 * Whether programs can be attached to programs, on which the dispatcher rests.
 * A passing failure is an error, never a no.
 */
int feature_dispatcher(struct xdpaction *ctx, bool *supported);
/*
 * To be asked before libxdp loads a dispatcher. libbpf tries once whether the
 * kernel keeps the names of programs, and takes a try that failed for want of
 * memory for a no as long as the process lives. A dispatcher without its name
 * nobody knows for one any more, nor the programs in it. -EIO then.
 */
int feature_names(struct xdpaction *ctx);

struct features {
	bool frags;	/* packets can have frags, and a helper tells their length */
	bool budget;	/* the atomic instruction for packet budgets */
};
int features_find(struct xdpaction *ctx, struct features *features);

/* ---- prepare.c ---- */

struct bpf_object;

/* What a load goes by; its caller owns all of it. */
struct plan {
	const struct chain *before;	/* what the interface has until then */
	const struct xdpaction_load_options *options;
	const struct features *features;
	const char *pins;		/* directory for the pins */
};

/*
 * Opens the program with its first setting, its pins and what the kernel has.
 * Free it with bpf_object__close().
 */
int prepare(struct xdpaction *ctx, const struct plan *plan, struct bpf_object **prepared);

/* ---- attach.c: one attempt each; all or nothing ---- */

/*
 * Loads the program with its maps pinned and attaches it. The pins are there
 * even after an error; and *id, 0 where it is not known, of the program that
 * was loaded.
 */
int attach_dispatcher(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);
int attach_single(struct xdpaction *ctx, const struct plan *plan, uint32_t *id);
int detach(struct xdpaction *ctx, const struct instance *instance);
/* Detaches the very program that the link shows, be it a dispatcher. */
int detach_root(struct xdpaction *ctx, const struct link *link);
/* XDP_FLAGS_* for a mode. */
uint32_t xdp_flags(enum xdpaction_mode mode);

/* ---- restore.c ---- */

/* Opens the dispatcher of a chain, so that it stays; *fd is -1 where there is none. */
int dispatcher_hold(struct xdpaction *ctx, const struct chain *before, int *fd);
/*
 * After a change by libxdp that failed: puts the chain of before back where
 * libxdp left a dispatcher without its programs. `fd` is from dispatcher_hold().
 */
void dispatcher_restore(struct xdpaction *ctx, const struct chain *before, int fd);

/* ---- verify.c ---- */

/*
 * What came of an attach that returned err: 0 when the program runs as it
 * should; else it does not run. Takes it off again when it runs otherwise.
 */
int verify_attach(struct xdpaction *ctx, const struct chain *before, uint32_t id,
		  bool dispatcher, int err);

/* ---- explain.c ---- */

/* What stands in the way of a load, found before it is tried; 0: nothing. */
int check_before_load(struct xdpaction *ctx, const struct chain *chain,
		      const struct xdpaction_load_options *options);
/* Whether the dispatcher has another format than the libxdp we were built with. */
bool format_is_foreign(const struct chain *chain);
/* -ENOENT: no instance is in the chain, and what is there in its place. */
int fail_absent(struct xdpaction *ctx, const struct chain *chain);
/* Words for an error of an attach or a detach, by what the chain shows. */
int explain_attach(struct xdpaction *ctx, int err, const struct chain *chain,
		   const struct xdpaction_load_options *options);
int explain_detach(struct xdpaction *ctx, int err, const struct chain *chain);

/* ---- retry.c ---- */

/*
 * Others that change the same chain without our lock: a lost race is tried
 * again, for a while. Start with { 0 }; false when it is time to give up.
 */
struct retry {
	uint64_t deadline_ns;
	uint64_t pause_ns;
};
bool retry_again(struct retry *retry);
/* Errors that may go away by themselves. */
bool error_is_passing(int err);

#endif /* XDPACTION_PRIVATE_H */
