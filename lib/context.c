// SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/* The context: its log, its network namespace and its last error. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <bpf/libbpf.h>
#include <xdp/libxdp.h>

#include "context.h"

#define NETNS_RUN_DIR "/run/netns"

/* libbpf and libxdp have one print function for the whole process. */
static struct xdpaction *log_owner;

int xdpaction_new(struct xdpaction **ctx)
{
	struct xdpaction *new = calloc(1, sizeof(*new));

	if (!new)
		return -ENOMEM;

	*ctx = new;
	new->author.login_uid = XDPACTION_NO_UID;
	new->if_unchanged = XDPACTION_ANY_GENERATION;
	xdpaction_set_log(new, NULL, NULL, XDPACTION_LOG_WARN);
	return 0;
}

void xdpaction_free(struct xdpaction *ctx)
{
	if (ctx && ctx == log_owner)
		log_owner = NULL;
	free(ctx);
}

static void log_va(struct xdpaction *ctx, enum xdpaction_log_level level, const char *fmt,
		   va_list args)
{
	char line[1024];
	size_t length;

	if (!ctx || !ctx->log || level > ctx->log_level)
		return;

	vsnprintf(line, sizeof(line), fmt, args);
	length = strlen(line);
	while (length && line[length - 1] == '\n')
		line[--length] = '\0';
	if (length)
		ctx->log(ctx->log_data, level, line);
}

void log_line(struct xdpaction *ctx, enum xdpaction_log_level level, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_va(ctx, level, fmt, args);
	va_end(args);
}

/* What libbpf says when rtnetlink refused a request, followed by the kernel's words. */
#define REFUSAL_PREFIX "libbpf: Kernel error message: "
static _Thread_local struct refusal refusal;

void forget_refusal(void)
{
	refusal = (struct refusal){ 0 };
}

const char *driver_refusal(void)
{
	return refusal.words;
}

bool load_forbidden(void)
{
	return refusal.forbidden;
}

struct refusal refusal_keep(void)
{
	return refusal;
}

void refusal_put_back(const struct refusal *kept)
{
	refusal = *kept;
}

/*
 * Keep the first message, unless it comes from the core of the kernel and not
 * from the driver.
 */
static void keep_words(const char *fmt, va_list args)
{
	char line[sizeof(REFUSAL_PREFIX) + sizeof(refusal.words)];
	const char *words = line + strlen(REFUSAL_PREFIX);

	if (*refusal.words || strncmp(fmt, REFUSAL_PREFIX, strlen(REFUSAL_PREFIX)))
		return;
	vsnprintf(line, sizeof(line), fmt, args);
	line[strcspn(line, "\n")] = '\0';
	if (!strstr(words, "BPF_XDP_DEVMAP") && !strstr(words, "nderlying driver"))
		snprintf(refusal.words, sizeof(refusal.words), "%.*s",
			 (int)sizeof(refusal.words) - 1, words);
}

/* Both say the error with what they could not load; newer libraries as a number. */
static void keep_forbidden(const char *fmt, va_list args)
{
	char line[512];

	vsnprintf(line, sizeof(line), fmt, args);
	if (strstr(line, strerror(EPERM)) || strstr(line, "-EPERM"))
		refusal.forbidden = true;
}

/* An error is reported once, so their warnings are details of it. */
static int log_libbpf(enum libbpf_print_level level, const char *fmt, va_list args)
{
	va_list again;

	va_copy(again, args);
	keep_words(fmt, again);
	va_end(again);
	va_copy(again, args);
	if (level == LIBBPF_WARN)
		keep_forbidden(fmt, again);
	va_end(again);
	log_va(log_owner, XDPACTION_LOG_DEBUG, fmt, args);
	return 0;
}

static int log_libxdp(enum libxdp_print_level level, const char *fmt, va_list args)
{
	va_list again;

	va_copy(again, args);
	if (level == LIBXDP_WARN)
		keep_forbidden(fmt, again);
	va_end(again);
	log_va(log_owner, XDPACTION_LOG_DEBUG, fmt, args);
	return 0;
}

/* The library prints nothing, not even without a context. */
static void take_logs(void)
{
	libbpf_set_print(log_libbpf);
	libxdp_set_print(log_libxdp);
}

void xdpaction_set_log(struct xdpaction *ctx, xdpaction_log_fn fn, void *data,
		       enum xdpaction_log_level level)
{
	ctx->log = fn;
	ctx->log_data = data;
	ctx->log_level = level;

	if (fn || !log_owner)
		log_owner = ctx;
	take_logs();
}

/* Open nothing else: opening a FIFO waits, and opening a device may act on it. */
static int open_netns(struct xdpaction *ctx, const char *path, int *fd)
{
	CLEANUP(close_fd) int found = open(path, O_PATH | O_CLOEXEC);
	struct statfs fs = { 0 };
	char again[64];
	int err = 0;

	if (found < 0 || fstatfs(found, &fs)) {
		err = -errno;
	} else if (fs.f_type == NSFS_MAGIC) {
		snprintf(again, sizeof(again), "/proc/thread-self/fd/%d", found);
		*fd = open(again, O_RDONLY | O_CLOEXEC);
		err = *fd < 0 ? -errno : 0;
	}
	if (err)
		return fail(ctx, err, "'ip netns list' shows the namespaces that have a name",
			    "cannot open the network namespace '%s': %s", path, strerror(-err));
	if (fs.f_type != NSFS_MAGIC)
		return fail(ctx, -EINVAL, NULL, "'%s' is not a network namespace", path);
	return 0;
}

/* setns() has reported success; check where the thread really is. */
static int check_netns(struct xdpaction *ctx, const char *path, int fd)
{
	struct stat wanted, entered;
	int err;

	if (fstat(fd, &wanted) || stat("/proc/thread-self/ns/net", &entered)) {
		err = -errno;
		return fail(ctx, err, "mount /proc", "cannot tell the network namespace: %s",
			    strerror(-err));
	}
	if (wanted.st_ino != entered.st_ino || wanted.st_dev != entered.st_dev)
		return fail(ctx, -EIO, NULL, "the network namespace is not '%s' after entering it",
			    path);
	return 0;
}

int xdpaction_set_netns(struct xdpaction *ctx, const char *netns)
{
	CLEANUP(close_fd) int fd = -1;
	char path[PATH_MAX];
	int length, err;

	forget_error(ctx);
	length = snprintf(path, sizeof(path), strchr(netns, '/') ? "%s" : NETNS_RUN_DIR "/%s",
			  netns);
	if (!*netns || length < 0 || (size_t)length >= sizeof(path))
		return fail(ctx, -EINVAL, NULL, "'%s' is not the name of a network namespace",
			    netns);

	err = open_netns(ctx, path, &fd);
	if (err)
		return err;
	if (setns(fd, CLONE_NEWNET)) {
		err = -errno;
		if (err == -EINVAL)
			return fail(ctx, err, NULL, "'%s' is not a network namespace", path);
		return fail(ctx, err, err == -EPERM ? "run it as root" : NULL,
			    "cannot enter the network namespace '%s': %s", path, strerror(-err));
	}
	return check_netns(ctx, path, fd);
}

const char *xdpaction_error(const struct xdpaction *ctx)
{
	return ctx ? ctx->error.text : "";
}

const char *xdpaction_error_ifname(const struct xdpaction *ctx)
{
	return ctx ? ctx->error.ifname : "";
}

const struct xdpaction_origin *xdpaction_error_origin(const struct xdpaction *ctx)
{
	return ctx && ctx->error.has_origin ? &ctx->error.origin : NULL;
}

const char *xdpaction_advice(const struct xdpaction *ctx)
{
	return ctx && ctx->error.kind != XDPACTION_ADVICE_NONE ? ctx->error.advice : NULL;
}

enum xdpaction_advice_kind xdpaction_error_advice(const struct xdpaction *ctx)
{
	return ctx ? ctx->error.kind : XDPACTION_ADVICE_NONE;
}

int not_gone(int err)
{
	return err == -ENOENT || err == -ENODEV ? -EIO : err;
}

void forget_error(struct xdpaction *ctx)
{
	take_logs();
	if (ctx)
		ctx->error = (struct error){ .kind = XDPACTION_ADVICE_NONE };
}

void advise(struct xdpaction *ctx, const char *fmt, ...)
{
	va_list args;

	if (!ctx)
		return;
	va_start(args, fmt);
	vsnprintf(ctx->error.advice, sizeof(ctx->error.advice), fmt, args);
	va_end(args);
	ctx->error.kind = XDPACTION_ADVICE_OTHER;
}

void name_advice(struct xdpaction *ctx, enum xdpaction_advice_kind kind)
{
	if (ctx)
		ctx->error.kind = kind;
}

void advise_kind(struct xdpaction *ctx, enum xdpaction_advice_kind kind)
{
	advise(ctx, "%s", advice_words(kind));
	name_advice(ctx, kind);
}

/* The arguments may point into the error that was recorded before. */
static void record(struct xdpaction *ctx, const char *advice, const char *fmt, va_list args)
{
	struct error error = { .kind = XDPACTION_ADVICE_NONE };

	vsnprintf(error.text, sizeof(error.text), fmt, args);
	if (advice) {
		snprintf(error.advice, sizeof(error.advice), "%s", advice);
		error.kind = XDPACTION_ADVICE_OTHER;
	}
	ctx->error = error;
}

struct error error_keep(const struct xdpaction *ctx)
{
	return ctx ? ctx->error : (struct error){ .kind = XDPACTION_ADVICE_NONE };
}

void error_put_back(struct xdpaction *ctx, const struct error *kept)
{
	if (ctx)
		ctx->error = *kept;
}

int error_on(struct xdpaction *ctx, const char *ifname, int err)
{
	if (ctx)
		snprintf(ctx->error.ifname, sizeof(ctx->error.ifname), "%s", ifname);
	return err;
}

int fail(struct xdpaction *ctx, int err, const char *advice, const char *fmt, ...)
{
	va_list args;

	if (!ctx)
		return err;
	va_start(args, fmt);
	record(ctx, advice, fmt, args);
	va_end(args);
	return err;
}

int fail_kind(struct xdpaction *ctx, const char *ifname, int err, enum xdpaction_advice_kind kind,
	      const char *fmt, ...)
{
	va_list args;

	if (!ctx)
		return err;
	va_start(args, fmt);
	record(ctx, NULL, fmt, args);
	va_end(args);
	advise_kind(ctx, kind);
	return error_on(ctx, ifname, err);
}

int fail_on(struct xdpaction *ctx, const char *ifname, int err, const char *advice,
	    const char *fmt, ...)
{
	va_list args;

	if (!ctx)
		return err;
	va_start(args, fmt);
	record(ctx, advice, fmt, args);
	va_end(args);
	return error_on(ctx, ifname, err);
}
