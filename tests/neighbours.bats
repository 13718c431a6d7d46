#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# In one chain with other programs: they keep working, whatever is loaded and unloaded around them.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers

setup()
{
	needs_dispatcher
	needs xdp-filter
	default_setup
}

# xdp-filter with all its features, which lets through what no rule denies.
load_filter()
{
	run_ok xdp-filter load v0
	filter=xdpfilt_alw_all
	is "$(loader_chain v0)" "10 $filter"
}

# Deny what comes from the peer.
deny_peer()
{
	local mac
	mac=$(ip -n peer -json link show v1 | jsonget 0/address)
	run_ok xdp-filter ether "$mac" -m src
}

@test "after xdp-filter: both are in the chain, and status says so" {
	load_filter
	run_ok xdp-action load v0
	says "after $filter"
	chain_is v0 "10 $filter,50 xdp_action"
	run_ok xdp-action status v0
	says "10 $filter" "50 xdp_action" "this program" "network stack"
}

@test "before xdp-filter: loaded first, or with a lower priority" {
	run_ok xdp-action load v0
	run_ok xdp-filter load v0
	chain_is v0 "10 xdpfilt_alw_all,50 xdp_action"
	run_ok xdp-action unload v0
	run_ok xdp-action load -P 5 v0
	says "before xdpfilt_alw_all"
	chain_is v0 "5 xdp_action,10 xdpfilt_alw_all"
	run_ok xdp-action status v0
	says "goes on to xdpfilt_alw_all"
}

@test "a packet that we drop is never seen by the program behind us" {
	load_filter
	deny_peer
	run_ok xdp-action load -P 5 -a DROP v0
	blocked
	is "$(counted v0)" "0 10 0 0 0"
	run_ok xdp-filter status
	[[ $output == *"XDP_DROP"*" 0 pkts"* ]] || explain "xdp-filter should have dropped nothing"
}

@test "a packet that xdp-filter drops is never seen by us" {
	load_filter
	deny_peer
	run_ok xdp-action load v0
	blocked
	is "$(counted v0)" "0 0 0 0 0"
}

@test "xdp-filter's rules hold, at every moment of load, set and unload" {
	load_filter
	deny_peer
	start_flow -r 2000 -c 100000 peer:v1 v0
	run_ok xdp-action load v0
	run_ok xdp-action set ABORTED v0
	run_ok xdp-action set PASS v0
	run_ok xdp-action unload v0
	end_flow
	is "${flow[v0]}" 0 "frames that came through of ${flow[sent]}"
	chain_is v0 "10 $filter"
}

@test "not one frame is lost while we are loaded, set and unloaded" {
	load_filter
	start_flow -r 2000 -c 100000 -w 1000 peer:v1 v0
	run_ok xdp-action load v0
	run_ok xdp-action set PASS v0
	run_ok xdp-action unload v0
	run_ok xdp-action load -P 5 v0
	run_ok xdp-action unload v0
	end_flow
	is "${flow[lost]}" 0 "frames lost of ${flow[sent]}"
}

# More than so many pings of those in the background were answered.
has_answers()
{
	[ "$(grep -c icmp_seq= "$started_output")" -gt "$1" ]
}

# Whose answer is on its way when it ends is not lost: what counts is that the numbers of the answers have no gap.
@test "not one ping is lost while we are loaded and unloaded" {
	local answers
	load_filter
	start stdbuf -oL ping -i 0.01 -c 100000 10.0.0.2
	eventually has_answers 0
	run_ok xdp-action load v0
	run_ok xdp-action unload v0
	answers=$(grep -c icmp_seq= "$started_output")
	eventually has_answers "$answers"
	kill -INT "${started[-1]}"
	wait "${started[-1]}" || true
	sed -n 's/.* icmp_seq=\([0-9]*\) .*/\1/p' "$started_output" >"$BATS_TEST_TMPDIR/answers"
	is "$(wc -l <"$BATS_TEST_TMPDIR/answers")" "$(tail -n 1 "$BATS_TEST_TMPDIR/answers")" "answers, and the number of the last"
}

@test "unloading in either order leaves the other alone, with what was set" {
	load_filter
	deny_peer
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -p 50% v0
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "10 $filter"
	blocked
	run_ok xdp-action load v0
	run_ok xdp-action set DROP -p 50% v0
	run_ok xdp-filter unload v0
	chain_is v0 "50 xdp_action"
	is "$(field v0 setting/verdict setting/probability problems/#)" "drop 0.5 0"
	run_ok xdp-action unload v0
	is "$(attached_id v0)" 0
	is "$(listing "$bpffs/xdp")" "" "left in the bpffs"
}

@test "after the last unload nothing of ours is left, and xdp-filter's own is" {
	load_filter
	local before
	before=$(listing "$bpffs" | grep -v dispatch)
	run_ok xdp-action load v0
	run_ok xdp-action unload v0
	is "$(listing "$bpffs" | grep -v dispatch)" "$before"
	is "$(find "$bpffs/xdp" -maxdepth 1 -name 'dispatch-*' | wc -l)" 1 "dispatchers"
}

# calls_of TRACE COMMAND...: what it calls, in all threads, goes to the file `calls`.
calls_of()
{
	local trace=$1
	shift
	run_ok strace -f -o calls -e trace="$trace" "$@"
}

# fails_at CLASS N ERROR xdp-action ARG...: the call that has this number in `calls` fails, and the command.
fails_at()
{
	run_fail 1 "$checkout/build/tests/faults/fail_call" "$1" "$2" "$3" "$checkout/xdp-action/xdp-action" "${@:5}"
}

# starved COMMAND...: it fails when libbpf has no memory to find out whether the kernel keeps names of programs. Done
# before without that, it must make the same calls of bpf(), which are in the file `calls`.
starved()
{
	local n
	n=$(grep ' bpf(' calls | grep -n libbpf_nametest | head -n 1)
	[ -n "$n" ] || explain "libbpf did not try names"
	fails_at bpf "${n%%:*}" ENOMEM "$@"
}

@test "no memory while libbpf finds out about names: the dispatcher keeps its name, and the neighbour its place" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	load_filter
	calls_of bpf xdp-action load v0
	run_ok xdp-action unload v0
	starved xdp-action load v0
	is "$(loader_chain v0)" "10 $filter"
	nothing_pinned
	run_ok xdp-action load v0
	calls_of bpf xdp-action unload v0
	run_ok xdp-action load v0
	starved xdp-action unload v0
	chain_is v0 "10 $filter,50 xdp_action"
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "10 $filter"
}

# asks AT_MOST COMMAND...: it makes no more calls of bpf() than that.
asks()
{
	local most=$1
	shift
	run_ok strace -f -o calls -e trace=bpf "$@"
	between "$(grep -c ' bpf(' calls)" 1 "$most" "calls of bpf() by: $*"
}

@test "a command asks the kernel for nothing twice" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	make_pair w0 w1
	# Or w0 takes no redirected packets, from Linux 6.12 on.
	packets gro peer:w1 on
	run_ok xdp-action load v0 w0
	asks 25 xdp-action set DROP v0
	asks 25 xdp-action set REDIRECT --to w0 --for 1h --then DROP --force v0
	# The guard judges the base too, which is the rule in force.
	asks 25 xdp-action set DROP --for 1h v0
	asks 50 xdp-action set DROP --for 1h v0 w0
	asks 50 xdp-action set PASS
	asks 30 xdp-action status v0
	asks 60 xdp-action status
	asks 60 xdp-action metrics
	# Each program more in the chain takes four more.
	run_ok xdp-filter load v0
	asks 29 xdp-action set DROP v0
	asks 34 xdp-action status v0
}

# deaf COMMAND...: does not hear the kernel's answer to a change of the interface, which was made. "calls" is what the
# command did before, when it heard.
deaf()
{
	local answer
	answer=$(awk '/resumed/ { next } / (send|recv)(to|msg|from)\(/ { n++ } set && / recvmsg\(/ { print n; exit }
		/sendto\(.*(RTM_SETLINK|nlmsg_type=0x13 )/ { set = 1 }' calls)
	[ -n "$answer" ] || explain "the command changed no interface"
	fails_at netlink "$answer" EIO "$@"
}

@test "the kernel's answer to an attach is lost: the chain is the old one, and the neighbour works" {
	needs strace
	cd "$BATS_TEST_TMPDIR"
	load_filter
	deny_peer
	calls_of sendto,sendmsg,recvfrom,recvmsg xdp-action load v0
	run_ok xdp-action unload v0
	deaf xdp-action load v0
	is "$(loader_chain v0)" "10 $filter"
	blocked
	nothing_pinned
	run_ok xdp-action load v0
	calls_of sendto,sendmsg,recvfrom,recvmsg xdp-action unload v0
	run_ok xdp-action load -a DROP v0
	deaf xdp-action unload v0
	chain_is v0 "10 $filter,50 xdp_action"
	is "$(field v0 setting/verdict problems/#)" "drop 0"
	blocked
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "10 $filter"
	blocked
}

@test "xdp-loader unload of our id: the neighbour runs on, and the next load works" {
	load_filter
	run_ok xdp-action load -a DROP v0
	run_ok xdp-loader unload v0 -i "$(field v0 program_id)"
	is "$(loader_chain v0)" "10 $filter"
	run_fail 1 xdp-action status v0
	complains v0
	run_fail 1 xdp-action set PASS v0
	run_ok xdp-action load v0
	chain_is v0 "10 $filter,50 xdp_action"
	is "$(field v0 setting/verdict problems/#)" "pass 0"
}

@test "xdp-loader unload of all: the next load works" {
	load_filter
	run_ok xdp-action load v0
	run_ok xdp-loader unload v0 --all
	is "$(attached_id v0)" 0
	run_fail 1 xdp-action set DROP v0
	run_ok xdp-action load v0
	chain_is v0 "50 xdp_action"
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "xdp-loader load of our object into a chain: managed like our own" {
	needs_frags
	load_filter
	run_ok xdp-loader load v0 "$object"
	chain_is v0 "10 $filter,50 xdp_action"
	run_ok xdp-action set DROP v0
	blocked
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "10 $filter"
}

@test "what an earlier program does not hand on we never see, and status says so" {
	run_ok xdp-loader load -P 5 -A XDP_DROP v0 "$neighbour"
	run_ok xdp-action load -a DROP v0
	passes
	is "$(counted v0)" "0 0 0 0 0"
	is "$(field v0 problems/# problems/0/kind)" "1 shadowed"
	run_ok xdp-action status v0
	says "neighbour, which runs before it"
}

@test "a verdict that the last of a chain hands on is not its end, and status says so" {
	needs_frags
	load_filter
	run_ok xdp-loader load -A XDP_DROP v0 "$object"
	run_ok xdp-action set DROP v0
	passes
	run_ok xdp-action status v0
	says "a packet with DROP goes on to the network stack"
	run_ok xdp-filter unload v0
	blocked
	run_ok xdp-action status v0
	says "no packet passes"
}

@test "a chain of many: our place is by priority" {
	run_ok xdp-loader load v0 "$neighbour"
	run_ok xdp-loader load v0 -P 70 "$neighbour"
	run_ok xdp-action load -P 60 v0
	chain_is v0 "50 neighbour,60 xdp_action,70 neighbour"
	passes
	run_ok xdp-action unload v0
	is "$(loader_chain v0)" "50 neighbour,70 neighbour"
}

@test "MTU 9000: we are loaded, xdp-filter has no frags and cannot join, and jumbo frames still pass" {
	needs_frags
	ip link set v0 mtu 9000
	ip -n peer link set v1 mtu 9000
	run_ok xdp-action load v0
	attempt xdp-filter load v0
	[ "$status" -ne 0 ] || explain "xdp-filter should not load at MTU 9000"
	chain_is v0 "50 xdp_action"
	flow -c 10 -l 9000 peer:v1 v0
	is "${flow[v0]}" 10
}

# The pins of a dispatcher have the index of its interface in their name.
@test "moved, with another index since: a set works, and an unload says what to do, which works" {
	run_ok xdp-loader load v0 "$neighbour"
	run_ok xdp-action load v0
	ip netns add moved
	ip -n moved link add x0 index "$(</sys/class/net/v0/ifindex)" type veth peer name x1
	ip link set v0 netns moved
	run_ok xdp-action -N moved set DROP --force v0
	run_ok xdp-action -N moved status v0
	says "DROP" "50 neighbour"
	run_fail 1 xdp-action -N moved unload v0
	complains "v0: the pins of the dispatcher" "has another index since"
	[[ $error =~ \'(ip link set dev v0 xdpdrv off)\' ]] || explain "it should say how to take off all"
	run_ok ip netns exec moved bash -c "${BASH_REMATCH[1]}"
	run_ok xdp-action -N moved load v0
	run_ok xdp-action -N moved unload v0
	ip netns del moved
}

# ---- what libxdp does ----

@test "libxdp's lock: who holds it is named in bounded time, and the chain stays as it was" {
	needs_dispatcher
	[ -d "$bpffs/xdp" ] || mkdir -m 755 "$bpffs/xdp"
	run_ok xdp-action load v0
	make_pair w0 w1
	# A lock to read will do, and any user can have one.
	start flock --close --shared "$bpffs/xdp" sleep 200
	eventually grep -q FLOCK /proc/locks
	local begin=$SECONDS
	run_fail 1 xdp-action load w0
	complains "w0: process" "has held libxdp's lock $bpffs/xdp"
	between $((SECONDS - begin)) 15 60 "seconds it took"
	is "$(attached_id w0)" 0
	begin=$SECONDS
	run_fail 1 xdp-action unload v0
	complains "v0: process" "has held libxdp's lock $bpffs/xdp"
	between $((SECONDS - begin)) 15 60 "seconds it took"
	# xdp-loader would wait for the lock.
	is "$(our_chain v0)" "50 xdp_action"
	# What does not need libxdp goes on.
	run_ok xdp-action set DROP v0
	kill "${started[-1]}"
	wait "${started[-1]}" || true
	run_ok xdp-action unload v0
	nothing_pinned
}

@test "descriptors: what libxdp leaves open is closed, however many interfaces there are" {
	needs_dispatcher
	local names=() i
	for ((i = 0; i < 12; i++)); do
		make_pair "m$i" "n$i"
		names+=("m$i")
	done
	# shellcheck disable=SC2016
	run_ok sh -c 'ulimit -n 40 && exec xdp-action load "$@"' sh "${names[@]}"
	# Each unload of one that has a neighbour used to lose three.
	for i in "${names[@]}"; do
		xdp-loader load "$i" "$neighbour"
	done
	# shellcheck disable=SC2016
	run_ok sh -c 'ulimit -n 40 && exec xdp-action unload --all'
	is "$(grep -c unloaded <<<"$output")" 12
	chain_is m0 "50 neighbour"
}

@test "monitor: who joins our chain, and who leaves it" {
	run_ok xdp-action load v0
	start xdp-action monitor
	eventually grep -q watching "$started_output"
	run_ok xdp-filter load v0
	eventually grep -q "v0: xdpfilt_alw_all (id [0-9]*) joined the chain" "$started_output"
	run_ok xdp-action unload v0
	eventually grep -q "v0: unloaded" "$started_output"
	run_ok xdp-action load v0
	eventually grep -q "v0: loaded" "$started_output"
	run_ok xdp-filter unload v0
	eventually grep -q "v0: xdpfilt_alw_all (id [0-9]*) left the chain" "$started_output"
	is "$(grep -c v0 "$started_output")" 4 "lines about v0"
	is "$(<"$started_output.error")" ""
}

# load_old OBJECT PROGRAM: as libxdp 1.2 would on v0. Nothing of it may change, whatever the tool is asked to do.
load_old()
{
	run_ok load_format_1 v0 "$checkout/build/tests/tools/dispatcher_1.bpf.o" "$@"
	old=$(old_state)
}

old_state()
{
	attached_id v0
	echo "$bpffs"/xdp/dispatch-*/*
	bpftool -j link list | jsonget '*/id' '*/prog_id'
}

# refuses_old COMMAND [OPTION...]: it says which format it met, which it knows, and what helps.
refuses_old()
{
	run_fail 1 xdp-action "$@" v0
	complains "v0: the dispatcher " "has format 1, and libxdp " "unload its programs with the tools of the libxdp that loaded them: format 1 is libxdp 1.2"
	is "$(old_state)" "$old"
}

unload_old()
{
	is "$(old_state)" "$old"
	ip link set v0 xdp off
	rm -r "$bpffs"/xdp/dispatch-*
}

@test "a dispatcher of libxdp 1.2: seen, named, and left as it is" {
	load_old "$neighbour" neighbour
	run_ok xdp-action status --all-netns
	says "50 neighbour"
	refuses_old load
	run_fail 1 xdp-action unload v0
	complains "v0: xdp-action is not loaded"
	run_fail 1 xdp-action upgrade v0
	complains "v0: xdp-action is not loaded"
	run_ok xdp-action clean
	says "Nothing is left over."
	passes
	unload_old
}

@test "a dispatcher of libxdp 1.2 with our program: status and set work, nothing else changes" {
	needs_frags
	load_old "$object" xdp_action
	is "$(field v0 dispatcher dispatcher_format chain/# chain/0/self)" "true 1 1 true"
	run_ok xdp-action set DROP v0
	blocked
	refuses_old unload
	refuses_old upgrade --force
	run_fail 1 xdp-action load v0
	complains "v0: xdp-action is loaded already"
	run_ok xdp-action set PASS v0
	passes
	unload_old
}
