// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * The tool, in which the request for memory number FAULTS_MALLOC fails; 0: none.
 * What an executable defines, the libraries use too. The last line on stderr
 * says how many requests there were, or in which library it crashed.
 */
#include <dlfcn.h>
#include <stddef.h>
#include <ucontext.h>

int tool_main(int argc, char **argv);
#define main tool_main
#include "../../xdp-action/main.c"
#undef main

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static unsigned int requests, failing;
static bool counting, failed;

static bool fails(void)
{
	if (!counting || ++requests != failing)
		return false;
	failed = true;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

/* The instruction at which a signal came. */
static const void *instruction(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (const void *)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (const void *)context->uc_mcontext.pc;
#elif defined(__s390x__)
	return (const void *)context->uc_mcontext.psw.addr;
#else
#error "Say where this machine keeps the address of the instruction."
#endif
}

/* libbpf does not look at what each of its requests returned. */
static void crash(int signal_number, siginfo_t *info, void *context)
{
	Dl_info place = { 0 };

	(void)info;
	dladdr(instruction(context), &place);
	dprintf(STDERR_FILENO, "malloc failed, crashed in %s\n", place.dli_fname ?: "?");
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

int main(int argc, char **argv)
{
	struct sigaction on_crash = { .sa_sigaction = crash, .sa_flags = SA_SIGINFO | SA_NODEFER };
	int status;

	sigaction(SIGSEGV, &on_crash, NULL);
	failing = atoi(getenv("FAULTS_MALLOC") ?: "0");
	counting = true;
	status = tool_main(argc, argv);
	counting = false;
	dprintf(STDERR_FILENO, "%smalloc calls: %u\n", failed ? "malloc failed, " : "", requests);
	return status;
}
