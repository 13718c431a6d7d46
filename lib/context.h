/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * What every room uses: the context with its log and its last error, and the
 * attributes. The functions of all rooms follow the conventions of xdpaction.h;
 * those that take a context record the error in it.
 */
#ifndef XDPACTION_CONTEXT_H
#define XDPACTION_CONTEXT_H

#include <errno.h>
#include <unistd.h>

#include "xdpaction.h"

#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* ---- list.c: growing arrays ---- */

/*
 * Makes room for one more element behind the `count` elements of a malloced
 * array, which is NULL at first. Returns the array, which may have moved; NULL,
 * and the array stays as it is, when there is no memory.
 */
void *list_grow(void *list, size_t count, size_t size);

/* ---- context.c ---- */

struct error {
	char ifname[XDPACTION_IFNAME_SIZE];	/* "": it is about no interface */
	char text[512];
	enum xdpaction_advice_kind kind;
	char advice[512];
	/* Of the setting that was in the way; not given elsewhere. */
	bool has_origin;
	struct xdpaction_origin origin;
};

/* Whom to tell what is done. */
struct effects {
	xdpaction_effect_fn fn;
	void *data;
};

/*
 * Numbers of the running kernel, by which a program sees whether a packet has fragments:
 * the function that shows what the kernel keeps of it, 0 where there is none, and where
 * the flag stands in that.
 */
struct frags_flag {
	uint32_t function;
	uint32_t offset;
	uint32_t mask;
};

struct xdpaction {
	xdpaction_log_fn log;
	void *log_data;
	enum xdpaction_log_level log_level;
	struct xdpaction_author author;
	uint64_t if_unchanged;
	struct effects effects;
	struct error error;
	/* Found out once, since it takes some milliseconds. */
	bool frags_flag_known;
	struct frags_flag frags_flag;
};

/*
 * All of these take NULL for a context where nobody wants the words.
 *
 * Records why a call fails; `advice` may be NULL. Returns err.
 */
int fail(struct xdpaction *ctx, int err, const char *advice, const char *fmt, ...) PRINTF(4, 5);
/* The same about an interface, which the words need not name. */
int fail_on(struct xdpaction *ctx, const char *ifname, int err, const char *advice,
	    const char *fmt, ...) PRINTF(5, 6);
/* The same with an advice that has a kind. */
int fail_kind(struct xdpaction *ctx, const char *ifname, int err, enum xdpaction_advice_kind kind,
	      const char *fmt, ...) PRINTF(5, 6);
/* Says afterwards which interface the recorded error is about. Returns err. */
int error_on(struct xdpaction *ctx, const char *ifname, int err);
/* Records an advice that is put together; to be called after fail(). */
void advise(struct xdpaction *ctx, const char *fmt, ...) PRINTF(2, 3);
/* Gives a kind to an advice that was put together. */
void name_advice(struct xdpaction *ctx, enum xdpaction_advice_kind kind);
/* Records an advice that has a kind; to be called after fail(). */
void advise_kind(struct xdpaction *ctx, enum xdpaction_advice_kind kind);
/*
 * For what was not found on the way, and proves nothing of the instance or its
 * interface: callers take -ENOENT and -ENODEV for a proof that these are gone.
 */
int not_gone(int err);
/* For what is done on the way of another call: its error is not the call's. */
struct error error_keep(const struct xdpaction *ctx);
void error_put_back(struct xdpaction *ctx, const struct error *kept);
/* Forgets the last error: every public call begins with it. */
void forget_error(struct xdpaction *ctx);
void log_line(struct xdpaction *ctx, enum xdpaction_log_level level, const char *fmt, ...)
	PRINTF(3, 4);
/* What the kernel refused to libbpf and libxdp in this thread since the last forget_refusal(). */
#define REFUSAL_SIZE 128
struct refusal {
	char words[REFUSAL_SIZE];
	bool forbidden;
};
void forget_refusal(void);
/* Why a driver refused a request, in its own words; "" when it did not say. */
const char *driver_refusal(void);
/* Whether a load was forbidden (EPERM), for which libxdp may give another error. */
bool load_forbidden(void);
/* To hand on what one thread was refused to another. */
struct refusal refusal_keep(void);
void refusal_put_back(const struct refusal *kept);

/* ---- effects.c ---- */

/* Tells what was done to the instance of an interface, if anybody wants to know. */
void effect_tell(const struct effects *effects, const char *ifname,
		 const struct xdpaction_effect *effect);
/* Those of a context, which may be NULL. */
struct effects effects_of(const struct xdpaction *ctx);

/* ---- advice.c ---- */

/* The words of a kind of advice. Static. */
const char *advice_words(enum xdpaction_advice_kind kind);

/* ---- settings.c: what only the library asks about a rule ---- */

/* Conditions of any kind: some packets may not get the verdict. */
bool rule_has_conditions(const struct xdpaction_rule *rule);

/* ---- sized.c: structures that callers allocate, which begin with their size ---- */

/*
 * Copies what a caller gave to a structure of ours, whose size is `size`. What
 * the caller's version of it does not have becomes 0. -EINVAL when it does not
 * say its size, -E2BIG when it asks for what this version does not know.
 */
int sized_read(struct xdpaction *ctx, void *to, size_t size, const void *from);
/* -EINVAL when a structure that is to be filled in does not say its size. */
int sized_check(struct xdpaction *ctx, const void *out);
/* Fills in a caller's structure, as far as its version goes. */
void sized_write(void *to, const void *from);

#endif /* XDPACTION_CONTEXT_H */
