/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 the xdp-action authors */
/*
 * Runs a command and lets one of its system calls, or one of its requests for
 * memory, go wrong; or ends the command there.
 */
#ifndef INJECT_H
#define INJECT_H

#include <stdbool.h>
#include <stddef.h>

/* What is counted together. */
enum call_class {
	CALL_BPF,
	CALL_NETLINK,	/* sending and receiving */
	CALL_SOCKET,	/* making and binding sockets */
	CALL_MKDIR,
	CALL_UNLINK,
	CALL_RMDIR,
	CALL_OPEN,
	CALL_FLOCK,
	CALL_MMAP,
	CALL_STAT,
	CALL_READ,	/* of files and directories */
	CALL_MALLOC,	/* needs the tool that tool_oom.c is */
	CALL_ANY,	/* all of them but malloc: the points for a kill */
	CALL_CLASSES,
};

const char *call_class_name(enum call_class class);
bool call_class_parse(const char *name, enum call_class *class);

/* The call number n of a class, from 1 on, after main() began; 0: no fault. */
struct fault {
	enum call_class class;
	unsigned int n;
	int error;	/* what the call returns, without being made; or */
	int signal;	/* what the process gets in place of the call */
};

#define CALLS_MAX 4096
#define OUTPUT_MAX 8192

struct run {
	int status;		/* as from waitpid() */
	bool timed_out;
	bool reached;		/* the fault has happened */
	unsigned int counts[CALL_CLASSES];
	/* Which bpf command each call of CALL_BPF was. */
	unsigned char bpf_commands[CALLS_MAX];
	char out[OUTPUT_MAX], err[OUTPUT_MAX];
};

/*
 * argv[0] is a path. Ends this program with a message when the command cannot
 * be run at all.
 */
void run_with_fault(char *const argv[], const struct fault *fault, struct run *run);

#endif /* INJECT_H */
