#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The guard: nobody cuts the SSH session in which he types, by accident.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	default_setup
	run_ok xdp-action load v0
}

# guarded COMMAND...: as typed in an SSH session that comes in by v0.
guarded()
{
	SSH_CONNECTION="10.0.0.2 50000 10.0.0.1 22" "$@"
}

@test "guard: a verdict that would cut the session is refused, and says how" {
	guarded run_fail 1 xdp-action set DROP v0
	complains v0 SSH 10.0.0.2 --for --force
	is "$(field v0 setting/verdict)" pass
	guarded run_fail 1 xdp-action set DROP -p 1% v0
	guarded run_fail 1 xdp-action set DROP --for 1s --then ABORTED v0
	is "$(field v0 setting/verdict)" pass
}

@test "guard: --for and --force are heeded, PASS and other interfaces go" {
	make_pair w0 w1 10.0.9
	run_ok xdp-action load w0
	guarded run_ok xdp-action set DROP w0
	guarded run_ok xdp-action set PASS v0
	guarded run_ok xdp-action set DROP --for 30s v0
	is "$(field v0 setting/verdict)" drop
	guarded run_ok xdp-action set DROP --force v0
	is "$(field v0 setting/verdict setting/base)" "drop null"
}

@test "guard: load -a is guarded too" {
	run_ok xdp-action unload v0
	guarded run_fail 1 xdp-action load -a DROP v0
	complains v0 SSH
	is "$(attached_id v0)" 0
	guarded run_ok xdp-action load -a DROP --force v0
}

@test "guard: sees through sudo, which clears the environment" {
	# shellcheck disable=SC2016
	guarded run_fail 1 bash -c 'env -i PATH="$PATH" xdp-action set DROP v0; exit'
	complains SSH
	is "$(field v0 setting/verdict)" pass
}

@test "guard: sees a session over IPv6" {
	ipv6 on
	make_pair w0 w1
	ipv6 off
	ip address add fd00::1/64 dev w0 nodad
	run_ok xdp-action load w0
	SSH_CONNECTION="fd00::2 50000 fd00::1 22" run_fail 1 xdp-action set DROP w0
	complains w0 fd00::2
	SSH_CONNECTION="fd00::2 50000 fd00::1 22" run_ok xdp-action set DROP v0
}

# ---- real sessions: sshd here, ssh in the peer's namespace, over a pair with IPv6 as well ----

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

start_sshd()
{
	natively "a login takes long in the VM"
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
	start "$(command -v sshd)" -D -e -f "$BATS_FILE_TMPDIR/config"
	eventually grep -q "listening on :: port" "$started_output.error"
}

# The words of an ssh command, up to the address.
ssh_words()
{
	ssh=(ssh -p 2222 -i "$BATS_FILE_TMPDIR/user" -o BatchMode=yes -o LogLevel=ERROR
		-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null)
}

# log_in ADDRESS COMMAND...: from the peer; the command is read by the shell there.
log_in()
{
	local ssh
	ssh_words
	attempt ip netns exec peer "${ssh[@]}" -o ServerAliveInterval=1 -o ServerAliveCountMax=2 "root@$1" "${@:2}"
}

# logged_in CODE ADDRESS COMMAND...: that exits with CODE.
logged_in()
{
	log_in "${@:2}"
	[ "$status" -eq "$1" ] || explain "the exit status should be $1"
}

@test "guard: in real sessions, over IPv4, IPv6 and a link-local address" {
	start_sshd
	local address
	for address in 10.0.7.1 fd00::1 fe80::1%s1; do
		logged_in 1 "$address" xdp-action set DROP s0
		complains "s0: refused" --for --force
		logged_in 1 "$address" xdp-action set DROP
		complains "s0: refused"
		says "v0: DROP"
		is "$(field s0 setting/verdict)" pass
		logged_in 0 "$address" "xdp-action set DROP --for 1ms s0 && xdp-action set PASS"
	done
	run_ok xdp-action unload s0
	logged_in 1 10.0.7.1 xdp-action load -a TX s0
	is "$(attached_id s0)" 0
}

@test "guard: a cut that is allowed heals before the session is lost, --force does not" {
	start_sshd
	logged_in 0 10.0.7.1 "xdp-action set DROP --for 1s s0; sleep 1.2; echo back"
	says back
	# The server's packets still go out; those of the client do not come in.
	logged_in 255 10.0.7.1 "xdp-action set DROP --force s0; exec sleep 20"
	is "$(field s0 setting/verdict)" drop
}

@test "guard: in a real session, through su and an empty environment" {
	start_sshd
	logged_in 1 10.0.7.1 "su - root -c '$checkout/xdp-action/xdp-action set DROP s0'"
	complains "s0: refused" 10.0.7.2
	logged_in 1 10.0.7.1 "env -i $checkout/xdp-action/xdp-action set DROP s0; exit"
	complains "s0: refused" 10.0.7.2
}

@test "guard: in a real session that is relayed it knows no interface to be safe" {
	local ssh
	start_sshd
	ssh_words
	logged_in 1 10.0.7.1 "${ssh[*]} root@127.0.0.1 xdp-action set DROP s0"
	complains "refused" "may pass s0: a process on this host relays it"
	logged_in 0 10.0.7.1 "${ssh[*]} root@127.0.0.1 xdp-action set DROP --for 1s v0"
}

@test "guard: a session to an address on a loopback may come in by any interface" {
	ip address add 10.0.8.1/32 dev lo
	SSH_CONNECTION="10.0.0.2 50000 10.0.8.1 22" run_fail 1 xdp-action set DROP v0
	make_pair w0 w1 10.0.9
	run_ok xdp-action load w0
	SSH_CONNECTION="10.0.0.2 50000 10.0.8.1 22" run_fail 1 xdp-action set DROP w0
	complains w0 "its address here is on lo"
	ip address del 10.0.8.1/32 dev lo
}
