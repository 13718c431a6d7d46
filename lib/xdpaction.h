/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * libxdpaction: load, set, read and unload the XDP program `xdp_action`, which
 * decides live what an interface does with its packets.
 *
 * Conventions
 *
 * - A function that can fail returns 0 or a negative errno value, and leaves
 *   its out-parameters alone when it fails. xdpaction_error() then says why in
 *   words, and xdpaction_advice() what to try.
 * - The library prints nothing: what it has to tell on the way goes to the log
 *   callback of the context.
 * - A context belongs to one thread at a time. What a function returns through
 *   an out-parameter belongs to the caller, who frees it with the function
 *   named there; strings from xdpaction_error() and xdpaction_advice() belong
 *   to the context and last until the next call with it.
 * - Structures that callers allocate begin with their size, so that they can
 *   grow at their end: { .size = sizeof(struct xdpaction_status) }. Those inside
 *   of others need none.
 * - Times are in nanoseconds. A name that ends in _ns says so.
 * - The file system root for pins is LIBXDP_BPFFS, or /sys/fs/bpf, as in
 *   libxdp; the variable is ignored in a set-user-id program.
 *
 * Compatibility
 *
 * - A program that was built with a release runs with each later one of the same
 *   soname. Functions stay; the version of a symbol is that of the release that
 *   added it. A structure that begins with its size may grow at its end, others
 *   keep their layout, and enumerations may get further values.
 * - What cannot be kept so raises XDPACTION_VERSION_MAJOR, and with it the soname.
 *
 * Errors
 *
 * - Every function that talks to the kernel can give -ENOMEM, -EPERM (a
 *   capability is missing, which the message names, or others could change the
 *   directory of the pins, or a kernel before 5.11 finds no room in
 *   RLIMIT_MEMLOCK), -ENODEV (no such interface), -EIO (the kernel's answer made
 *   no sense, or what is needed was not found, as a target of REDIRECT), and what
 *   a system call says that ought not to fail.
 * - One that looks at a chain can give -EBUSY (others kept changing it) and
 *   -EPROTO (a dispatcher of a form that is not known).
 * - One that writes, xdpaction_load(), xdpaction_unload(), xdpaction_upgrade(),
 *   xdpaction_clean(), xdpaction_set() or xdpaction_change_begin(), can give
 *   -ETIMEDOUT (another process has held the lock for 30 s, or libxdp's for
 *   20 s; the message names it), -ENOTDIR (no bpffs is mounted, or something is
 *   in the way of the directory of the pins), -EROFS (the bpffs is mounted
 *   read-only) and -ENAMETOOLONG (its path is too long).
 * - Others, and what these mean besides, are listed at the function.
 */
#ifndef XDPACTION_H
#define XDPACTION_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define XDPACTION_VERSION_MAJOR 0
#define XDPACTION_VERSION_MINOR 1
#define XDPACTION_VERSION_PATCH 0

/* An interface name with its end, as IFNAMSIZ. */
#define XDPACTION_IFNAME_SIZE 16
/* Programs that a dispatcher can hold. */
#define XDPACTION_CHAIN_MAX 10
/* A program's name with its end. */
#define XDPACTION_PROG_NAME_SIZE 64
/* The path of a pin directory with its end. */
#define XDPACTION_PATH_SIZE 256
/* An expression of pcap-filter(7) with its end. */
#define XDPACTION_EXPRESSION_SIZE 4096
/* A sentence with its end. */
#define XDPACTION_TEXT_SIZE 192
/* The name of a process, that of a user, the address of an SSH client, a note, with their ends. */
#define XDPACTION_PROCESS_SIZE 16
#define XDPACTION_USER_SIZE 64
#define XDPACTION_CLIENT_SIZE 64
#define XDPACTION_NOTE_SIZE 129
/* Problems that one status can hold. */
#define XDPACTION_PROBLEMS_MAX 9

/* ------------------------------------------------------------------------
 * Versions
 */

/*
 * Returns the version of the library that runs, "MAJOR.MINOR.PATCH". Static.
 *
 * Since: 0.1.0
 */
const char *xdpaction_version(void);

/*
 * Returns the version of libxdp, or of libbpf, that runs; "unknown" where it
 * cannot be told. Static.
 *
 * Since: 0.1.0
 */
const char *xdpaction_libxdp_version(void);
const char *xdpaction_libbpf_version(void);

/* ------------------------------------------------------------------------
 * Context
 */

/*
 * What the library works with: a log and the last error. Where neither is
 * wanted, NULL does for a context, but not in the functions of this section.
 */
struct xdpaction;

enum xdpaction_log_level {
	XDPACTION_LOG_WARN,	/* something is not as it should be */
	XDPACTION_LOG_INFO,	/* what was done */
	XDPACTION_LOG_DEBUG,	/* libxdp's and libbpf's own log */
};

/* Gets each message, one line without its end. `data` is the caller's. */
typedef void (*xdpaction_log_fn)(void *data, enum xdpaction_log_level level, const char *line);

/*
 * Makes a context. Changes nothing on the machine.
 *
 * @ctx		gets the context; free it with xdpaction_free()
 *
 * Errors: -ENOMEM.
 * Since: 0.1.0
 */
int xdpaction_new(struct xdpaction **ctx);

/*
 * Frees a context. NULL is allowed. Instances stay as they are.
 *
 * Since: 0.1.0
 */
void xdpaction_free(struct xdpaction *ctx);

/*
 * Sends messages up to `level` to `fn`; NULL sends none, as at first. libxdp
 * and libbpf know one log for the whole process: theirs goes to the context
 * that was given a log last, and no longer to what libbpf_set_print() or
 * libxdp_set_print() was told before the first xdpaction_new().
 *
 * Since: 0.1.0
 */
void xdpaction_set_log(struct xdpaction *ctx, xdpaction_log_fn fn, void *data,
		       enum xdpaction_log_level level);

/*
 * Moves the calling thread to another network namespace, for all that follows.
 * The mount namespace, and so the bpffs, stays the caller's.
 *
 * @netns	a name below /run/netns, or a path when it has a slash
 *
 * Errors: -ENOENT, -EINVAL (not a network namespace), -EPERM.
 * Since: 0.1.0
 */
int xdpaction_set_netns(struct xdpaction *ctx, const char *netns);

/*
 * Returns why the last call that failed did so, in one line without a full
 * stop; "" when none has. Belongs to the context.
 *
 * Since: 0.1.0
 */
const char *xdpaction_error(const struct xdpaction *ctx);

/*
 * Returns the name of the interface that the last call that failed has to do
 * with, which its words need not name; "" where it is none. Belongs to the
 * context.
 *
 * Since: 0.1.0
 */
const char *xdpaction_error_ifname(const struct xdpaction *ctx);

/*
 * Returns what to try after the last call that failed, in words for any caller;
 * NULL where there is no advice. Belongs to the context.
 *
 * Since: 0.1.0
 */
const char *xdpaction_advice(const struct xdpaction *ctx);

/* What an advice comes to, so that a caller can say it in its own words. */
enum xdpaction_advice_kind {
	XDPACTION_ADVICE_NONE,		/* there is none */
	XDPACTION_ADVICE_OTHER,		/* its words say all */
	XDPACTION_ADVICE_LOAD,		/* load it first */
	XDPACTION_ADVICE_UNLOAD,	/* unload all copies */
	XDPACTION_ADVICE_RELOAD,	/* unload it and load it again */
	XDPACTION_ADVICE_LEFT_PINS,	/* load it, or unload what is left */
	XDPACTION_ADVICE_LOADED,	/* change the setting, or unload it first */
	XDPACTION_ADVICE_PIN,		/* the next set pins it */
	XDPACTION_ADVICE_REPIN,		/* the next set puts the pins right */
	XDPACTION_ADVICE_NATIVE,	/* load it in native mode */
	XDPACTION_ADVICE_SKB,		/* load it in skb mode */
	XDPACTION_ADVICE_MTU_OR_SKB,	/* lower the MTU, or load it in skb mode */
	XDPACTION_ADVICE_SINGLE_MODE,	/* require no dispatcher */
	XDPACTION_ADVICE_TARGET,	/* name a target */
	XDPACTION_ADVICE_NEW_TARGET,	/* set another target or verdict */
	XDPACTION_ADVICE_REDIRECT_LATER, /* load it, then set REDIRECT */
	XDPACTION_ADVICE_DURATION,	/* limit by time, not by number */
	XDPACTION_ADVICE_NO_BPFFS,	/* mount one, or enter the namespace from outside */
	XDPACTION_ADVICE_LOG,		/* try again, and read the log of libxdp */
	XDPACTION_ADVICE_EXPRESSION,	/* write the expression otherwise */
	XDPACTION_ADVICE_UPGRADE,	/* upgrade it */
};

/*
 * Returns what the advice of the last call that failed comes to.
 *
 * Since: 0.1.0
 */
enum xdpaction_advice_kind xdpaction_error_advice(const struct xdpaction *ctx);

/* ------------------------------------------------------------------------
 * Who changes a setting
 */

/* A generation that no setting has. */
#define XDPACTION_ANY_GENERATION UINT64_MAX

/* No user id, as that of a login where nobody logged in. */
#define XDPACTION_NO_UID UINT32_MAX

/*
 * What the library does not find out by itself of who changes settings, and why. It
 * is kept with each setting. Texts may have any bytes but NUL: whoever prints them
 * makes them safe. "" for what is not known.
 */
struct xdpaction_author {
	size_t size;			/* sizeof(struct xdpaction_author) */
	uint32_t login_uid;		/* as /proc/self/loginuid; XDPACTION_NO_UID: none */
	char sudo_user[XDPACTION_USER_SIZE];
	char ssh_client[XDPACTION_CLIENT_SIZE];	/* an address */
	char note[XDPACTION_NOTE_SIZE];
};

/*
 * Says who makes the changes of a context from now on, and why. At first there is
 * no login, and the texts are "".
 *
 * @author	copied
 *
 * Errors: -EINVAL a text has no end.
 * Since: 0.1.0
 */
int xdpaction_set_author(struct xdpaction *ctx, const struct xdpaction_author *author);

/*
 * Lets changes and unloads of a context fail with -ESTALE from now on where the
 * generation of the instance is another one. XDPACTION_ANY_GENERATION: do not look,
 * as at first.
 *
 * Since: 0.1.0
 */
void xdpaction_set_if_unchanged(struct xdpaction *ctx, uint64_t generation);

/* What was recorded of a change of a setting. */
struct xdpaction_origin {
	/* False: whoever made it recorded nothing, and there is no more than the generation. */
	bool known;
	/* A number that grows with each change; see struct xdpaction_status. */
	uint64_t generation;
	uint64_t time_ns;		/* CLOCK_REALTIME */
	/* The end of the setting, and what its rule skips, as it was asked for; 0: none. */
	uint64_t duration_ns;
	uint64_t packets;
	uint64_t skip;
	uint32_t uid;			/* the real one */
	uint32_t login_uid;		/* XDPACTION_NO_UID: none */
	uint32_t pid;
	char process[XDPACTION_PROCESS_SIZE];
	char sudo_user[XDPACTION_USER_SIZE];
	char ssh_client[XDPACTION_CLIENT_SIZE];
	char note[XDPACTION_NOTE_SIZE];
};

/*
 * Returns which change it was that the last call met when it failed with -ESTALE, as
 * far as it was recorded; NULL when it did not. Belongs to the context.
 *
 * Since: 0.1.0
 */
const struct xdpaction_origin *xdpaction_error_origin(const struct xdpaction *ctx);

/* ------------------------------------------------------------------------
 * Settings
 */

/* As enum xdp_action in <linux/bpf.h>, with the same numbers. */
enum xdpaction_verdict {
	XDPACTION_ABORTED,
	XDPACTION_DROP,
	XDPACTION_PASS,
	XDPACTION_TX,
	XDPACTION_REDIRECT,
};
#define XDPACTION_VERDICTS 5

/*
 * Returns the name of a verdict, "DROP"; NULL for any other number. Static.
 *
 * Since: 0.1.0
 */
const char *xdpaction_verdict_name(enum xdpaction_verdict verdict);

/*
 * Reads the name of a verdict: "DROP", "drop", "XDP_DROP", "xdp_drop".
 *
 * Errors: -EINVAL.
 * Since: 0.1.0
 */
int xdpaction_verdict_parse(const char *name, enum xdpaction_verdict *verdict);

/* The probability 1. A probability p is p * 2^32. */
#define XDPACTION_ALWAYS (UINT64_C(1) << 32)

/*
 * What happens to packets, without an end.
 *
 * A packet that matches gets `verdict` with the chance `probability`; the others
 * get `otherwise`. A packet matches that `match` describes and neither `except`
 * nor `spares` does; these are expressions of pcap-filter(7), "" for none. On
 * Ethernet `spares` describes packets behind one or two VLAN tags as well.
 *
 * TX sends the packet back to its sender with the MAC addresses swapped; a frame
 * to a group address is never sent back but gets `otherwise` (and PASS where that
 * is TX as well). REDIRECT sends it out of the interface `target_ifindex`; if that
 * is gone the packet gets ABORTED.
 *
 * DROP always: { .verdict = XDPACTION_DROP, .otherwise = XDPACTION_PASS,
 *		  .probability = XDPACTION_ALWAYS }
 * DROP of 5% of a database's packets: { ..., .probability = XDPACTION_ALWAYS / 20,
 *		  .match = "tcp port 5432" }
 */
struct xdpaction_rule {
	enum xdpaction_verdict verdict;
	enum xdpaction_verdict otherwise;
	uint64_t probability;		/* 0 to XDPACTION_ALWAYS */
	unsigned int target_ifindex;	/* of REDIRECT; 0 without one */
	/* Its name, which the library fills in and does not read; "" without one. */
	char target_ifname[XDPACTION_IFNAME_SIZE];
	char match[XDPACTION_EXPRESSION_SIZE];
	char except[XDPACTION_EXPRESSION_SIZE];
	char spares[XDPACTION_EXPRESSION_SIZE];
	/* Of the packets that match the next `skip` are left out; at most 2^32. */
	uint64_t skip;
	/*
	 * Packets get the verdict for `pulse_on_ns`, then not for `pulse_off_ns`,
	 * and so on; 0: always. From `pulse_start_ns` on, by CLOCK_BOOTTIME of the
	 * initial time namespace; 0: from the call on.
	 */
	uint64_t pulse_on_ns;
	uint64_t pulse_off_ns;
	uint64_t pulse_start_ns;
	/*
	 * Each `every`th packet gets the verdict, over all CPUs; 2 to 2^32, 0: by
	 * `probability`, which is XDPACTION_ALWAYS otherwise. `every_seen` of them
	 * came already, less than `every`.
	 */
	uint64_t every;
	uint64_t every_seen;
	/*
	 * The packets that get the verdict by `probability` come in runs of so many
	 * thousandths of packets on average; 1,000 to 10^9, 0: by chance.
	 */
	uint32_t burst;
	/* Flows get the verdict with the chance `probability`, all of their packets. */
	bool per_flow;
	/* Which flows these are; at most XDPACTION_SEED_MAX, 0: the library draws one. */
	uint64_t seed;
};

/*
 * A rule and its end: from the call on it holds until `duration_ns` has passed
 * or `packets` more packets got its verdict, whichever comes first, and then
 * `base` is in force. With neither it is permanent, and has no base.
 *
 * Durations are on CLOCK_BOOTTIME: the time in suspend counts.
 */
struct xdpaction_setting {
	size_t size;			/* sizeof(struct xdpaction_setting) */
	struct xdpaction_rule rule;
	uint64_t duration_ns;		/* 0: no end in time */
	uint64_t packets;		/* 0: no end by number; at most 2^32 */
	/*
	 * `base` is given. Where a temporary setting is written without it, the
	 * library takes the rule in force before, or the base of that if it was
	 * temporary. A temporary setting that is read has it always.
	 */
	bool has_base;
	struct xdpaction_rule base;
};

/*
 * Returns whether a rule has an expression, so that packets are asked whether
 * they match.
 *
 * Since: 0.1.0
 */
bool xdpaction_rule_has_match(const struct xdpaction_rule *rule);

/*
 * Returns whether some packet gets a verdict by a rule, as by chance, because it
 * does not match, or because TX leaves it out.
 *
 * Since: 0.1.0
 */
bool xdpaction_rule_can_give(const struct xdpaction_rule *rule, enum xdpaction_verdict verdict);

/*
 * Returns whether two rules mean the same. What has no part in a rule, as the
 * otherwise of one that leaves no packet out, is not compared.
 *
 * Since: 0.1.0
 */
bool xdpaction_rule_equal(const struct xdpaction_rule *a, const struct xdpaction_rule *b);

/*
 * Returns whether a setting ends by itself.
 *
 * Since: 0.1.0
 */
bool xdpaction_setting_is_temporary(const struct xdpaction_setting *setting);

/* A duration or a number of packets above these is -EINVAL. */
#define XDPACTION_DURATION_MIN_NS UINT64_C(1000000)
#define XDPACTION_DURATION_MAX_NS (UINT64_C(30) * 24 * 3600 * 1000000000)
#define XDPACTION_PACKETS_MAX (UINT64_C(1) << 32)
/* The limits of `burst` and `seed` of a rule. */
#define XDPACTION_BURST_MIN 1000
#define XDPACTION_BURST_MAX 1000000000
#define XDPACTION_SEED_MAX ((UINT64_C(1) << 53) - 1)

/*
 * The shares of packets that runs of `burst` thousandths of packets on average,
 * from XDPACTION_BURST_MIN to XDPACTION_BURST_MAX, can have: a `probability` from
 * *least to *most. Any other is refused with -EINVAL.
 *
 * Since: 0.1.0
 */
void xdpaction_burst_shares(uint32_t burst, uint64_t *least, uint64_t *most);

/* ------------------------------------------------------------------------
 * What was done
 */

enum xdpaction_effect_kind {
	XDPACTION_EFFECT_LOADED,
	XDPACTION_EFFECT_SET,
	XDPACTION_EFFECT_UNLOADED,
	XDPACTION_EFFECT_UPGRADED,	/* the setting is as it was before */
	XDPACTION_EFFECT_KEPT,		/* nothing was changed, though that was asked for */
};

/* What a call did to an instance. */
struct xdpaction_effect {
	enum xdpaction_effect_kind kind;
	char ifname[XDPACTION_IFNAME_SIZE];	/* as the caller calls it */
	/* The setting in force before and after; NULL: there is none, or it cannot be told. */
	const struct xdpaction_setting *before, *after;
	/* Of the setting after, or of that which was unloaded; 0 where it cannot be told. */
	uint64_t generation;
	/* Who did it; where nothing was changed, who had set what is in force. */
	struct xdpaction_origin origin;
};

/* Gets an effect, valid until it returns. It may not call the library. */
typedef void (*xdpaction_effect_fn)(void *data, const struct xdpaction_effect *effect);

/*
 * Has a function told what the calls of a context do to each instance, as soon as
 * it is done. A change that is ended without being stored keeps the instances that
 * were added.
 *
 * @fn		NULL: nobody is told, as at first
 * @data	the caller's, for fn
 *
 * Since: 0.1.0
 */
void xdpaction_set_effects(struct xdpaction *ctx, xdpaction_effect_fn fn, void *data);

/* ------------------------------------------------------------------------
 * Chains
 */

enum xdpaction_mode {
	XDPACTION_MODE_NATIVE,
	XDPACTION_MODE_SKB,
	XDPACTION_MODE_HW,	/* seen, never asked for */
};

/*
 * Returns "native", "skb" or "hw"; NULL for any other number. Static.
 *
 * Since: 0.1.0
 */
const char *xdpaction_mode_name(enum xdpaction_mode mode);

/* One program of a chain. */
struct xdpaction_program {
	uint32_t id;
	char name[XDPACTION_PROG_NAME_SIZE];
	bool self;			/* the instance asked about */
	uint32_t priority;		/* 0 in single mode, which has none */
	/* Bit n: on verdict n the next program runs. */
	uint32_t chain_actions;
};

/* What runs on an interface. */
struct xdpaction_chain {
	size_t size;			/* sizeof(struct xdpaction_chain) */
	char ifname[XDPACTION_IFNAME_SIZE];
	unsigned int ifindex;
	bool attached;			/* false: no XDP program at all */
	enum xdpaction_mode mode;
	/* false: single mode, programs[0] is attached bare */
	bool dispatcher;
	uint32_t dispatcher_id;		/* program id, 0 without dispatcher */
	unsigned int dispatcher_format;	/* its version, 0 where not known */
	bool frags;
	size_t count;
	/* In running order. */
	struct xdpaction_program programs[XDPACTION_CHAIN_MAX];
};

/* ------------------------------------------------------------------------
 * Loading and unloading
 */

/*
 * Asks whether the process has the capabilities without which it cannot load and
 * unload. Changes nothing.
 *
 * Errors: -EPERM one is missing.
 * Since: 0.1.0
 */
int xdpaction_check_privileges(struct xdpaction *ctx);

struct xdpaction_load_options {
	size_t size;			/* sizeof(struct xdpaction_load_options) */
	enum xdpaction_mode mode;
	unsigned int priority;		/* run priority, lower runs first */
	bool require_dispatcher;	/* -EOPNOTSUPP instead of single mode */
	/* The setting to start with; has_base must be true if temporary. */
	struct xdpaction_setting setting;
	/* An instance that is there already is no error, and stays as it is. */
	bool keep;
};

/*
 * Fills in the defaults: native mode, priority 50, PASS.
 *
 * @options	with its size
 *
 * Since: 0.1.0
 */
void xdpaction_load_options_init(struct xdpaction_load_options *options);

/*
 * Loads the program on an interface: joins the dispatcher of libxdp, or makes
 * one, or, only where the kernel has no dispatcher, attaches the program alone
 * (single mode). All or nothing: after an error the interface runs what it ran
 * before. What an earlier call that was killed left behind is cleaned up.
 *
 * @ifname	the interface
 * @options	NULL for the defaults; copied
 * @chain	gets what the interface runs then; its count is 0 in the rare case
 *		that this could not be read. May be NULL
 *
 * Errors: -EEXIST an instance is there already, unless it is kept; -EBUSY another program is
 * attached without libxdp, the dispatcher runs in another mode or has another
 * format, an interface above it or a port of a bond has a program, a BPF link
 * holds what is attached, or others kept changing it; -E2BIG the chain is full;
 * -EOPNOTSUPP the mode is not supported, or no dispatcher where one was required,
 * or the kernel cannot count packets down; -ERANGE the MTU is too large without
 * frags; -ENOENT libxdp does not find its dispatcher; -ENOTEMPTY something else
 * is in the directory of the pins; -EINVAL a setting that cannot be, as one with
 * REDIRECT, or a temporary one without base, or with an expression as in
 * xdpaction_set().
 * Since: 0.1.0
 */
int xdpaction_load(struct xdpaction *ctx, const char *ifname,
		   const struct xdpaction_load_options *options, struct xdpaction_chain *chain);

/*
 * Unloads the program from an interface, however it was loaded, and removes
 * its pins. The other programs of the chain run on. All or nothing. Pins that
 * a dead instance of this interface left behind are removed.
 *
 * Errors: -ENOENT no instance; -EBUSY the dispatcher has another format or its
 * pins cannot be seen, an interface above it has a program, a BPF link holds the
 * dispatcher of several, or others kept changing it; -ERANGE the MTU has become
 * too large for those that would remain; -ESTALE the setting was changed, see
 * xdpaction_set_if_unchanged(), and -EPROTO it cannot be told whether it was.
 * Since: 0.1.0
 */
int xdpaction_unload(struct xdpaction *ctx, const char *ifname);

/*
 * Puts the program of this version in the place of the one that runs, with its
 * setting (the time, the packets and the conditions that are left of it), its
 * counters, its record and its place in the chain. Each packet meets one of the
 * two and is counted once. All or nothing.
 *
 * An instance whose maps have version 1, from before 0.1.0, is upgraded as well, and
 * what xdp-loader loaded becomes an instance like any other. Runs of losses begin anew.
 *
 * @force	also when the program that runs is this one already
 * @changed	gets whether there was anything to do. May be NULL
 *
 * Errors: -ENOENT no instance; -EPROTO it belongs to a later version of xdp-action,
 * or there are two of it; -E2BIG the chain has no room for one more program;
 * -EOPNOTSUPP it hands on other packets than those that it passes; -EBUSY a program
 * of the same priority has a name that sorts between xdp_action and xdp_action_sub; as
 * xdpaction_unload() and xdpaction_load() besides.
 * Since: 0.1.0
 */
int xdpaction_upgrade(struct xdpaction *ctx, const char *ifname, bool force, bool *changed);

enum xdpaction_leftover_kind {
	XDPACTION_LEFTOVER_DISPATCHER,	/* libxdp's directory of a dispatcher's pins */
	XDPACTION_LEFTOVER_TRIAL,	/* the pin by which libxdp tries the kernel */
	XDPACTION_LEFTOVER_PINS,	/* the pin directory of an instance */
};

/* Pins that are, or may be, left over. */
struct xdpaction_leftover {
	enum xdpaction_leftover_kind kind;
	char path[XDPACTION_PATH_SIZE];
	/* Proven by the kernel, so that any xdpaction_load() would remove it. */
	bool unused;
	/* On what ground it is unused, or why that cannot be told. */
	char ground[XDPACTION_TEXT_SIZE];
	uint64_t netns_inode;		/* 0 where it is not known */
	unsigned int ifindex;		/* in that namespace; may be another's by now */
	uint32_t program_id;		/* the dispatcher's or the trial's; 0 without one */
	uint64_t created_ns;		/* CLOCK_REALTIME; 0 where it is not known */
	uint64_t memory_bytes;		/* what the kernel reckons for it */
	/* The programs that the pins keep. */
	size_t program_count;
	char programs[XDPACTION_CHAIN_MAX][XDPACTION_PROG_NAME_SIZE];
};

/* Gets a leftover, valid until it returns; what is not 0 ends the list. */
typedef int (*xdpaction_leftover_fn)(void *data, const struct xdpaction_leftover *leftover);

/*
 * Lists what killed commands, deleted interfaces and deleted network namespaces
 * left behind, or may have: what is in use is not on it. Writes nothing, and
 * takes no lock.
 *
 * @doubtful	also what is not proven to be unused: where the kernel cannot be
 *		asked, what a process holds that is attached nowhere, and what
 *		another call is just making
 *
 * Returns what fn returned last.
 *
 * Errors: -ENOTDIR no bpffs is mounted.
 * Since: 0.1.0
 */
int xdpaction_leftovers(struct xdpaction *ctx, bool doubtful, xdpaction_leftover_fn fn, void *data);

/*
 * Removes leftovers. xdpaction_load() and xdpaction_unload() do it on their way
 * with all that is proven to be unused.
 *
 * @path	one of xdpaction_leftovers(); NULL for all that are proven to
 *		be unused
 * @force	removes the one at `path` also where that is not proven: whatever
 *		uses it without being seen loses its pins
 *
 * Errors: as all that write; -EBUSY it is not proven to be unused; -ENOENT it
 * is not left over.
 * Since: 0.1.0
 */
int xdpaction_clean(struct xdpaction *ctx, const char *path, bool force);

/*
 * Changes the setting of an instance. Packets see the old setting or the new
 * one, whole. Succeeds only for a program that is attached.
 *
 * @setting	copied. In a permanent one has_base and base mean nothing
 * @stored	gets the setting as it was stored, with its base. May be NULL, or
 *		the same as setting
 *
 * Errors: -ENOENT no instance; -EINVAL a setting that cannot be (a REDIRECT
 * without target, to the interface itself or to its own peer, TX on a loopback
 * or where packets have no Ethernet header), or an expression that is wrong or
 * can match nothing; -E2BIG an expression that is too long; -EOPNOTSUPP the
 * target cannot take redirected packets, the kernel cannot count packets down,
 * libpcap is not installed, or it is not known what packets of the interface
 * begin with; -ESTALE the setting was changed, see xdpaction_set_if_unchanged();
 * -EPROTO the instance belongs to another version of xdp-action, or there are two of
 * it. The advice about an expression is
 * XDPACTION_ADVICE_EXPRESSION.
 * Since: 0.1.0
 */
int xdpaction_set(struct xdpaction *ctx, const char *ifname,
		  const struct xdpaction_setting *setting, struct xdpaction_setting *stored);

/* A change of the settings of several instances. */
struct xdpaction_change;

/*
 * Begins a change, in which no instance gets the setting unless all can. Until
 * it is stored or ended no other process can load, set or unload, nor can this
 * one in any other way.
 *
 * @setting	copied. In a permanent one has_base and base mean nothing
 * @change	gets the change; end it with xdpaction_change_end()
 *
 * Errors: as all that write.
 * Since: 0.1.0
 */
int xdpaction_change_begin(struct xdpaction *ctx, const struct xdpaction_setting *setting,
			   struct xdpaction_change **change);

/*
 * Checks whether the instance of an interface can be set, and adds it to what
 * will be changed. Changes nothing yet.
 *
 * @stored	gets the setting as it would be stored, with its base. May be NULL
 *
 * Errors: as xdpaction_set().
 * Since: 0.1.0
 */
int xdpaction_change_add(struct xdpaction *ctx, struct xdpaction_change *change,
			 const char *ifname, struct xdpaction_setting *stored);

/*
 * Gets an instance that is to be changed, or was. `setting` is as it will be, or
 * was, stored, with its base; it belongs to the library and lasts until the
 * function returns. Where the instance cannot be changed, err says why, with
 * xdpaction_error(), and setting is NULL.
 */
typedef void (*xdpaction_change_fn)(void *data, const char *ifname, int err,
				    const struct xdpaction_setting *setting);

/*
 * Does that for each instance of the network namespace.
 *
 * @fn		told of each, in the order of their ifindex
 * @data	the caller's, for fn
 *
 * Errors: as all that talk to the kernel; -EBUSY the interfaces kept changing.
 * Since: 0.1.0
 */
int xdpaction_change_add_all(struct xdpaction *ctx, struct xdpaction_change *change,
			     xdpaction_change_fn fn, void *data);

/*
 * Changes what was added, in that order. Where one cannot be changed any more, fn
 * is told of that alone and nothing is changed; where the kernel refuses a setting
 * after that, the others are set all the same.
 *
 * @fn		told of each, when other processes can change it again; it may
 *		call the library
 * @data	the caller's, for fn
 *
 * Errors: the first that fn was told.
 * Since: 0.1.0
 */
int xdpaction_change_store(struct xdpaction *ctx, struct xdpaction_change *change,
			   xdpaction_change_fn fn, void *data);

/*
 * Ends a change. What was not stored stays as it was. NULL is allowed.
 *
 * Since: 0.1.0
 */
void xdpaction_change_end(struct xdpaction_change *change);

/* Settings that hold only as long as they are renewed. */
struct xdpaction_lease;

enum xdpaction_lease_state {
	XDPACTION_LEASE_HELD,		/* in force, until it is no longer renewed */
	XDPACTION_LEASE_OVER,		/* ended as it should: by its limit or by number */
	XDPACTION_LEASE_LAPSED,		/* ended, because it was not renewed in time */
	XDPACTION_LEASE_CHANGED,	/* another process set the instance: that stays */
	XDPACTION_LEASE_GONE,		/* the interface has gone, or the instance was unloaded */
};

/* Gets an interface, as the change called it, whose lease is in another state now. */
typedef void (*xdpaction_lease_fn)(void *data, const char *ifname,
				   enum xdpaction_lease_state state);

/*
 * Makes a lease of what a change has stored. Its setting has a duration, which is how
 * long each renewal lasts: when nobody renews it, or the process was killed, the kernel
 * ends it then, and the base is in force.
 *
 * @change	was stored; end it with xdpaction_change_end(), now or later
 * @limit_ns	the lease does not hold longer, from when it was stored; 0: no limit
 * @lease	gets the lease; free it with xdpaction_lease_free()
 *
 * Since: 0.1.0
 */
int xdpaction_lease_begin(struct xdpaction *ctx, struct xdpaction_change *change,
			  uint64_t limit_ns, struct xdpaction_lease **lease);

/*
 * Renews a lease from now on. The budget, what is skipped and what is drawn go on. Takes
 * no lock and does not wait. What was not renewed in time has ended; what is left of it
 * is set again, unless another process is at work just then: then the next renewal does.
 *
 * @fn		told of what is over, of what was changed, and of what is held again
 *		although it had ended
 * @data	the caller's, for fn
 *
 * Errors: as all that write; the other interfaces were renewed.
 * Since: 0.1.0
 */
int xdpaction_lease_renew(struct xdpaction *ctx, struct xdpaction_lease *lease,
			  xdpaction_lease_fn fn, void *data);

/*
 * Ends a lease: the base is in force at once wherever the setting is still that of the
 * lease, which is told as an effect. Waits for other processes only as long as the
 * setting would hold by itself.
 *
 * @fn		told of what has gone, of what was changed, and of what lapsed and was not
 *		set again
 * @data	the caller's, for fn
 *
 * Errors: as all that write; the other interfaces were done.
 * Since: 0.1.0
 */
int xdpaction_lease_end(struct xdpaction *ctx, struct xdpaction_lease *lease,
			xdpaction_lease_fn fn, void *data);

/*
 * Frees a lease. What was not ended ends by itself. NULL is allowed.
 *
 * Since: 0.1.0
 */
void xdpaction_lease_free(struct xdpaction_lease *lease);

/*
 * Asks what is known to stand in the way of a setting that the kernel would
 * accept: a driver that cannot transmit or a target that cannot take frames.
 *
 * @text	gets one line, "" when nothing is known to be wrong
 * @size	of text, XDPACTION_TEXT_SIZE is enough
 *
 * Errors: as all that talk to the kernel.
 * Since: 0.1.0
 */
int xdpaction_check_setting(struct xdpaction *ctx, const char *ifname,
			    const struct xdpaction_setting *setting, char *text, size_t size);

/* ------------------------------------------------------------------------
 * Looking
 */

/*
 * Describes what is attached to an interface, ours or not. Writes nothing.
 *
 * @chain	with its size; filled in by the call
 *
 * Errors: as all that look at a chain.
 * Since: 0.1.0
 */
int xdpaction_chain(struct xdpaction *ctx, const char *ifname, struct xdpaction_chain *chain);

struct xdpaction_counter {
	uint64_t packets;
	uint64_t bytes;		/* from the MAC header on */
};

enum xdpaction_problem_kind {
	XDPACTION_PROBLEM_PINS_MISSING,	/* runs, but its pins are gone */
	XDPACTION_PROBLEM_PINS_STALE,	/* the pins are another instance's */
	XDPACTION_PROBLEM_TARGET_GONE,	/* REDIRECT, and no target any more */
	XDPACTION_PROBLEM_VERSION,	/* loaded by another version */
	XDPACTION_PROBLEM_TWICE,	/* more than one copy in the chain */
	XDPACTION_PROBLEM_SHADOWED,	/* a program before it hands nothing on */
	XDPACTION_PROBLEM_TARGET_UNABLE, /* REDIRECT, and the target takes nothing now */
	XDPACTION_PROBLEM_OLDER,	/* loaded by an older version, and can be upgraded */
	XDPACTION_PROBLEM_UNFINISHED,	/* an upgrade goes on, or was broken off */
};

struct xdpaction_problem {
	enum xdpaction_problem_kind kind;
	char text[XDPACTION_TEXT_SIZE];		/* what is wrong */
	char advice[XDPACTION_TEXT_SIZE];	/* what to do, may be "" */
	enum xdpaction_advice_kind advice_kind;
};

/* How a temporary setting ended. */
enum xdpaction_end {
	XDPACTION_END_NONE,	/* it has not, or there is none */
	XDPACTION_END_TIME,
	XDPACTION_END_PACKETS,
};

/* All that is known of one instance. */
struct xdpaction_status {
	size_t size;			/* sizeof(struct xdpaction_status) */
	struct xdpaction_chain chain;
	uint64_t netns_inode;
	uint32_t program_id;
	/* The pin directory, whether it is there or not; "" without a bpffs. */
	char pins[XDPACTION_PATH_SIZE];
	bool pinned;
	/* When it was loaded, CLOCK_REALTIME; 0 where the loader did not say. */
	uint64_t loaded_ns;
	/* CLOCK_REALTIME at which all this was read. */
	uint64_t now_ns;
	struct xdpaction_counter counters[XDPACTION_VERDICTS];
	/* Packets that were asked whether they match, by the answer. */
	struct xdpaction_counter matched, missed;
	size_t problem_count;
	struct xdpaction_problem problems[XDPACTION_PROBLEMS_MAX];
	/*
	 * The setting in force at `now_ns`, with the time and the packets that
	 * are left from then on. Not valid with XDPACTION_PROBLEM_VERSION, as all
	 * that follows.
	 */
	struct xdpaction_setting setting;
	/*
	 * 1 from a load on, 0 where the loader did not say, and one more with each
	 * change by this library. Settings that were changed without a record count
	 * as one change, however many there were. So does the end of a temporary
	 * setting, from the time on at which a reader can see it.
	 */
	uint64_t generation;
	/* Who set it, or what has ended since. */
	struct xdpaction_origin origin;
	/* How that ended, if it did. The setting in force is its base then. */
	enum xdpaction_end end;
	/* When, CLOCK_REALTIME; 0 where it is not known, as with an end by number. */
	uint64_t ended_ns;
	/* What ended. */
	struct xdpaction_rule ended;
	/*
	 * The kernel's id of the map of the counters, which is valid always. A program
	 * that goes on in the place of another one has the same.
	 */
	uint32_t counters_id;
};

/*
 * Describes the instance on one interface. Writes nothing.
 *
 * Errors: -ENOENT no instance there; -EPROTO its counters are another version's.
 * Since: 0.1.0
 */
int xdpaction_status(struct xdpaction *ctx, const char *ifname, struct xdpaction_status *status);

/*
 * Gets each instance. `status` belongs to the library and lasts until the
 * function returns. Where an interface cannot be looked at, err says why,
 * with xdpaction_error(), and status is NULL. The function may call the library,
 * and ends the tour by returning something other than 0.
 */
typedef int (*xdpaction_each_fn)(void *data, const char *ifname, int err,
				 const struct xdpaction_status *status);

/*
 * Calls a function for each instance of the network namespace, in the order of
 * their ifindex, by one netlink dump. Writes nothing.
 *
 * @fn		what to call
 * @data	the caller's, for fn
 *
 * Returns what fn returned when it ended the tour.
 * Errors: as all that talk to the kernel; -EBUSY the interfaces kept changing.
 * Since: 0.1.0
 */
int xdpaction_each(struct xdpaction *ctx, xdpaction_each_fn fn, void *data);

/* What is attached to one interface, in whatever network namespace. */
struct xdpaction_attachment {
	uint64_t netns_inode;
	bool by_link;		/* attached by a bpf_link, which others cannot replace */
	/* Its interface, mode and, where `unknown` is "", its programs. */
	struct xdpaction_chain chain;
	/* Why the programs cannot be told. */
	char unknown[XDPACTION_TEXT_SIZE];
	/* There is an instance of this version: its setting, as in a status. */
	bool has_setting;
	struct xdpaction_setting setting;
};

/* Gets an attachment, valid until it returns; what is not 0 ends the list. */
typedef int (*xdpaction_attachment_fn)(void *data, const struct xdpaction_attachment *attachment);

/*
 * Lists every XDP program that is attached anywhere on the machine, ours or
 * not, by a look into the kernel: no other namespace is entered. An interface
 * with a program in the hardware and another one is on it twice. Writes nothing.
 *
 * Returns what fn returned last.
 *
 * Errors: -EBUSY interfaces kept coming and going; -E2BIG there are too many;
 * others where the kernel does not let itself be asked, for want of BTF or of
 * CAP_PERFMON, or by lockdown.
 * Since: 0.1.0
 */
int xdpaction_attachments(struct xdpaction *ctx, xdpaction_attachment_fn fn, void *data);

/* ------------------------------------------------------------------------
 * Watching
 */

enum xdpaction_event_kind {
	XDPACTION_EVENT_LOADED,
	XDPACTION_EVENT_UNLOADED,
	XDPACTION_EVENT_UPGRADED,	/* another program goes on with its setting */
	XDPACTION_EVENT_SET,
	XDPACTION_EVENT_ENDED,		/* a temporary setting, by itself */
	XDPACTION_EVENT_JOINED,		/* another program, the chain of an instance */
	XDPACTION_EVENT_LEFT,
	XDPACTION_EVENT_TARGET_GONE,	/* that of a REDIRECT in force */
	XDPACTION_EVENT_RENAMED,
	XDPACTION_EVENT_GONE,		/* the interface, and the instance with it */
	XDPACTION_EVENT_MOVED,		/* to another network namespace */
	XDPACTION_EVENT_RETURNED,	/* from there */
	XDPACTION_EVENT_MISSED,		/* something that cannot be told any more */
};

/* Something that happened to an instance. */
struct xdpaction_event {
	enum xdpaction_event_kind kind;
	/* CLOCK_REALTIME: when it happened, or was seen where that is not known. */
	uint64_t time_ns;
	/* Its interface; "" and 0 where MISSED is about any of them. */
	char ifname[XDPACTION_IFNAME_SIZE];
	unsigned int ifindex;
	uint32_t program_id;
	char old_ifname[XDPACTION_IFNAME_SIZE];	/* of RENAMED; else "" */
	/*
	 * Of LOADED, UPGRADED, RETURNED, ENDED and TARGET_GONE the setting in force, of
	 * SET that which was set, with its end as it was asked for; NULL where it cannot
	 * be read.
	 */
	const struct xdpaction_setting *setting;
	uint64_t generation;		/* of the setting then */
	/* Of LOADED and SET; NULL where whoever did it recorded nothing. */
	const struct xdpaction_origin *origin;
	enum xdpaction_end end;		/* of ENDED */
	const struct xdpaction_program *program;	/* of JOINED and LEFT */
	uint64_t missed;		/* how many; 0 where that is not known */
};

/* What is watched. */
struct xdpaction_watch;

/*
 * Begins to watch the instances of the network namespace of the thread, those that
 * come later as well. Changes nothing.
 *
 * @ifnames	interfaces to be watched, with or without an instance; each is
 *		followed when its name changes, and one that takes the name of one
 *		that is gone takes its place. Copied
 * @count	of ifnames; 0: every interface is watched
 * @watch	gets the watch; free it with xdpaction_watch_free()
 *
 * Errors: -EMFILE, -ENFILE.
 * Since: 0.1.0
 */
int xdpaction_watch_new(struct xdpaction *ctx, const char *const *ifnames, size_t count,
			struct xdpaction_watch **watch);

/*
 * Ends a watch. NULL is allowed.
 *
 * Since: 0.1.0
 */
void xdpaction_watch_free(struct xdpaction_watch *watch);

/*
 * Returns a descriptor that poll(2) finds readable when xdpaction_watch_read() is
 * to be called, some 12 times a second. Belongs to the watch.
 *
 * Since: 0.1.0
 */
int xdpaction_watch_fd(const struct xdpaction_watch *watch);

/*
 * Returns how many instances there are.
 *
 * Since: 0.1.0
 */
size_t xdpaction_watch_instances(const struct xdpaction_watch *watch);

/* Gets an event, valid until it returns. It may not use the watch. */
typedef void (*xdpaction_event_fn)(void *data, const struct xdpaction_event *event);

/*
 * Tells what has happened since the call before, and waits for nothing. What is
 * told of an instance is in order. A setting that ended is told within 100 ms when
 * the descriptor is obeyed. Where more has happened than can be told, an event says
 * so. The kernel tells nothing of programs that come or go on an interface that is
 * down, or by a BPF link: these are looked for every ten seconds, and one that came
 * and went in between is not told.
 *
 * Errors: as all that look at a chain.
 * Since: 0.1.0
 */
int xdpaction_watch_read(struct xdpaction *ctx, struct xdpaction_watch *watch,
			 xdpaction_event_fn fn, void *data);

/* ------------------------------------------------------------------------
 * Matching
 */

/* The program, loaded with an expression and attached to nothing. */
struct xdpaction_matcher;

/*
 * Makes a matcher: compiles an expression of pcap-filter(7) for Ethernet, by
 * libpcap, and loads the program with it. Writes nothing that would outlive the
 * process, and works on no interface.
 *
 * @expression	copied; "" matches every packet
 * @matcher	gets the matcher; free it with xdpaction_matcher_free()
 *
 * Errors: -EINVAL the expression is wrong, can match nothing, has a program that
 * jumps back, as with protochain, or asks for what is not in the packet, as with
 * inbound; -E2BIG it takes more steps than the
 * kernel's program walks; -EOPNOTSUPP libpcap is not installed, or the kernel
 * does not take the program.
 * Since: 0.1.0
 */
int xdpaction_matcher_new(struct xdpaction *ctx, const char *expression,
			  struct xdpaction_matcher **matcher);

/*
 * Frees a matcher, and with it the program. NULL is allowed.
 *
 * Since: 0.1.0
 */
void xdpaction_matcher_free(struct xdpaction_matcher *matcher);

enum xdpaction_answer {
	XDPACTION_ANSWER_MISSED,
	XDPACTION_ANSWER_MATCHED,
	/* The kernel cannot be asked: */
	XDPACTION_ANSWER_SHORT,		/* fewer than 14 bytes */
	XDPACTION_ANSWER_CUT,		/* the capture has only its beginning */
	XDPACTION_ANSWER_LONG,		/* more than the kernel runs a program on */
	XDPACTION_ANSWER_LINK,		/* no Ethernet */
};

/* A packet of a capture. */
struct xdpaction_packet {
	uint64_t number;		/* in its capture, from 1 */
	enum xdpaction_answer answer;
	uint32_t captured_bytes;	/* in the capture */
	uint32_t bytes;			/* that the packet had */
	const char *link_name;		/* link type of the capture, as libpcap calls it */
};

/* Gets a packet, valid until it returns; what is not 0 ends the capture. */
typedef int (*xdpaction_packet_fn)(void *data, const struct xdpaction_packet *packet);

/*
 * Runs the program in the kernel on each packet of a capture, which libpcap
 * reads: a file of pcap or pcapng.
 *
 * @path	"-" is the standard input
 *
 * Returns what fn returned last.
 *
 * Errors: -EBADMSG no capture, or one that cannot be read to its end; those of
 * open(2), as -ENOENT and -EACCES; -EOPNOTSUPP libpcap is not installed.
 * Since: 0.1.0
 */
int xdpaction_matcher_run(struct xdpaction *ctx, const struct xdpaction_matcher *matcher,
			  const char *path, xdpaction_packet_fn fn, void *data);

#ifdef __cplusplus
}
#endif

#endif /* XDPACTION_H */
