# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# Real sessions: sshd here, ssh in the namespace `peer`, over the pair s0 and s1, which has IPv6 as well. For suites
# that load the helpers before.

# Variables of the helpers.
# shellcheck disable=SC2154
# An sshd that is not installed is in a tree of its own, with libraries; nothing is written to it.
sshd_tree()
{
	local sshd
	sshd=$(command -v sshd)
	echo "${sshd%/sbin/sshd}"
}

# What sshd asks of a system: users that may log in, a directory, keys.
prepare_sshd()
{
	local tree
	tree=$(sshd_tree)
	[ "$tree" = /usr ] || mount -t overlay -o lowerdir="$tree:/usr" overlay /usr
	mkdir -p /run/sshd "$BATS_FILE_TMPDIR/home"
	cat >"$BATS_FILE_TMPDIR/passwd" <<-END
	root:x:0:0::$BATS_FILE_TMPDIR/home:/bin/sh
	sshd:x:100:65534::/run/sshd:/bin/false
	nobody:x:65534:65534::/:/bin/false
	END
	sed 's/:.*/:*:20000::::::/' "$BATS_FILE_TMPDIR/passwd" >"$BATS_FILE_TMPDIR/shadow"
	mount --bind "$BATS_FILE_TMPDIR/passwd" /etc/passwd
	mount --bind "$BATS_FILE_TMPDIR/shadow" /etc/shadow
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/host"
	ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/user"
	cat >"$BATS_FILE_TMPDIR/config" <<-END
	Port 2222
	HostKey $BATS_FILE_TMPDIR/host
	AuthorizedKeysFile $BATS_FILE_TMPDIR/user.pub
	PermitRootLogin yes
	StrictModes no
	UsePAM no
	PidFile none
	SetEnv "PATH=$PATH" "ASAN_OPTIONS=${ASAN_OPTIONS:-}" "UBSAN_OPTIONS=${UBSAN_OPTIONS:-}"
	END
}

# start_sshd [WRAPPER...]
start_sshd()
{
	needs sshd
	needs ssh
	[ -e "$BATS_FILE_TMPDIR/config" ] || prepare_sshd
	ipv6 on
	make_pair s0 s1 10.0.7
	ipv6 off
	ip address add fd00::1/64 dev s0 nodad
	ip address add fe80::1/64 dev s0 nodad
	ip -n peer address add fd00::2/64 dev s1 nodad
	ip -n peer address add fe80::2/64 dev s1 nodad
	run_ok xdp-action load s0
	start "$@" "$(command -v sshd)" -D -e -f "$BATS_FILE_TMPDIR/config"
	sshd_output=$started_output
	eventually grep -q "listening on :: port" "$sshd_output.error"
}

# accepted COUNT: so many have logged in since the server started.
accepted()
{
	[ "$(grep -c "Accepted publickey" "$sshd_output.error")" -ge "$1" ]
}

# The words of an ssh command, up to the address.
ssh_words()
{
	ssh=(ssh -p "${ssh_port:-2222}" -i "$BATS_FILE_TMPDIR/user" -o BatchMode=yes -o LogLevel=ERROR
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null)
}

# log_in ADDRESS COMMAND...: from the peer; the command is read by the shell there.
log_in()
{
	local ssh
	ssh_words
	attempt ip netns exec peer "${ssh[@]}" -o ServerAliveInterval=1 -o ServerAliveCountMax=5 "root@$1" "${@:2}"
}

# logged_in CODE ADDRESS COMMAND...: that exits with CODE.
logged_in()
{
	log_in "${@:2}"
	[ "$status" -eq "$1" ] || explain "the exit status should be $1"
}
