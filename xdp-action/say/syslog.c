// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 the xdp-action authors
/*
 * What syslog(3) does, but for one thing: that waits as long as the daemon does
 * not read, and a change must not hang on a log.
 */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

#define LOG_SOCKET "/dev/log"
/* LOG_USER */
#define FACILITY 1
#define HEADER_SIZE 64

static int open_log(int type)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = LOG_SOCKET };
	int fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		return -1;
	}
	return fd;
}

bool syslog_exists(void)
{
	int fd = open_log(SOCK_DGRAM);

	if (fd < 0)
		fd = open_log(SOCK_STREAM);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* "<13>May  1 14:00:00 xdp-action[42]: ", as RFC 3164 has it. */
static void describe_header(char header[HEADER_SIZE], enum syslog_level level)
{
	time_t now = time(NULL);
	char date[32] = "";
	struct tm tm;

	if (localtime_r(&now, &tm))
		strftime(date, sizeof(date), "%b %e %H:%M:%S", &tm);
	snprintf(header, HEADER_SIZE, "<%d>%s %s[%d]: ", FACILITY << 3 | level, date, PROGRAM,
		 (int)getpid());
}

void syslog_send(enum syslog_level level, const char *line)
{
	char header[HEADER_SIZE];
	struct iovec parts[] = {
		{ .iov_base = header },
		{ .iov_base = (char *)line, .iov_len = strlen(line) },
		/* The end of a line on a stream. */
		{ .iov_base = (char *)"", .iov_len = 1 },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	int fd = open_log(SOCK_DGRAM);

	if (fd < 0) {
		fd = open_log(SOCK_STREAM);
		message.msg_iovlen = 3;
	}
	if (fd < 0)
		return;
	describe_header(header, level);
	parts[0].iov_len = strlen(header);
	sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
	close(fd);
}
