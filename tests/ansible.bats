#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# packaging/ansible: a fleet of network namespaces, each with an sshd of its own, in the hands of ansible-playbook.

# Variables of the helpers.
# shellcheck disable=SC2154
load helpers
load sshd

# Ansible takes its time on a machine that is busy.
limited=(timeout -k 2 110)

setup()
{
	natively "nothing in it depends on the dispatcher"
	fresh_bpffs
	needs ansible-playbook
	needs sshd
	needs ssh
	[ -e "$BATS_FILE_TMPDIR/config" ] || prepare_sshd
	make_fleet
}

teardown()
{
	local host
	for host in one two three failing unreachable; do
		ip netns del "$host" 2>/dev/null || true
	done
	default_teardown
}

# make_host NAME NUMBER: a namespace whose eth0 is at 10.0.NUMBER.2, with its sshd and the bpffs from here.
make_host()
{
	ip netns add "$1"
	ip link add "to$2" group "$group" type veth peer name eth0 netns "$1"
	ip address add "10.0.$2.1/24" dev "to$2"
	ip link set "to$2" up
	ip -n "$1" address add "10.0.$2.2/24" dev eth0
	ip -n "$1" link set eth0 up
	ip -n "$1" link set lo up
}

serve()
{
	start nsenter --net="/run/netns/$1" "$(command -v sshd)" -D -e -f "$BATS_FILE_TMPDIR/config"
	eventually grep -q "listening on" "$started_output.error"
}

make_fleet()
{
	local number=20 host
	mkdir -p "$BATS_TEST_TMPDIR/ansible_collections/xdp"
	ln -s "$checkout/packaging/ansible" "$BATS_TEST_TMPDIR/ansible_collections/xdp/action"
	for host in one two three failing unreachable; do
		number=$((number + 1))
		make_host "$host" $number
		[ "$host" = unreachable ] || serve "$host"
		echo "$host ansible_host=10.0.$number.2"
	done >"$BATS_TEST_TMPDIR/hosts"
	# Somebody else's program is in the way.
	ip -n failing link set dev eth0 xdpgeneric object "$neighbour" section xdp
	export ANSIBLE_COLLECTIONS_PATH=$BATS_TEST_TMPDIR ANSIBLE_NOCOLOR=1 ANSIBLE_PIPELINING=1
	export ANSIBLE_HOME=$BATS_TEST_TMPDIR/ansible ANSIBLE_LOCAL_TEMP=$BATS_TEST_TMPDIR/ansible/tmp
	export ANSIBLE_SSH_ARGS="-o ControlMaster=auto -o ControlPersist=yes -o ControlPath=$BATS_TEST_TMPDIR/%h -o
		UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR -o ConnectTimeout=10"
}

# play FILE [OPTION...]: on the whole fleet, or on what --limit names.
play()
{
	attempt ansible-playbook -i "$BATS_TEST_TMPDIR/hosts" "$@" -e ansible_port=2222 -e ansible_user=root \
		-e ansible_ssh_private_key_file="$BATS_FILE_TMPDIR/user" -e ansible_python_interpreter=/usr/bin/python3
}

# recapped HOST COUNTS: as the play's last lines say.
recapped()
{
	grep -qE "^$1 +: .*$2" <<<"$output" || { echo "$output"; echo "$error"; return 1; }
}

# A play with one task, whose parameters come from the standard input.
task()
{
	{
		printf -- '- hosts: all\n  gather_facts: false\n  tasks:\n    - xdp.action.xdp_action:\n        interface: eth0\n'
		sed 's/^/        /'
	} >"$BATS_TEST_TMPDIR/$1.yml"
}

setting_of()
{
	xdp-action -N "$1" status eth0 | sed -n 's/^  setting  *//p'
}

@test "the fleet is cut but for Ansible's session, once, though a host fails and one cannot be reached" {
	local host number=20
	play xdp.action.cut
	[ "$status" -ne 0 ]
	for host in one two three; do
		recapped $host "changed=1 .*unreachable=0 .*failed=0"
		setting_of $host | grep '^DROP, sparing the SSH session from 10'
		number=$((number + 1))
		! ping -q -c 1 -W 1 "10.0.$number.2" || return
	done
	recapped failing "changed=0 .*failed=1"
	says "attached without libxdp"
	recapped unreachable "unreachable=1"

	play xdp.action.cut
	for host in one two three; do
		recapped $host "ok=1 +changed=0 .*failed=0"
	done
	recapped failing "failed=1"
	recapped unreachable "unreachable=1"
}

@test "each condition of the module is found in force, and what is asked for in check mode is only told" {
	task lossy <<-END
		verdict: drop
		match: tcp port 5432
		except: host 10.9.9.9
		probability: 5%
		burst: 4
		packets: 1000
		for: 1h
		then: pass
		note: change 4711
	END
	play "$BATS_TEST_TMPDIR/lossy.yml" --limit one --check --diff
	recapped one "changed=1"
	grep -qE '^ *\+ *"probability": 0.05' <<<"$output"
	attempt xdp-action -N one status eth0
	[ "$status" -eq 1 ]
	play "$BATS_TEST_TMPDIR/lossy.yml" --limit one
	recapped one "changed=1"
	setting_of one | grep 'DROP 5% .*tcp port 5432'
	play "$BATS_TEST_TMPDIR/lossy.yml" --limit one
	recapped one "changed=0"

	task third <<-END
		verdict: drop
		for: 1h
		every: 3
		skip: 2
		pulse: 0.2sec/1min 30s
	END
	play "$BATS_TEST_TMPDIR/third.yml" --limit one
	recapped one "changed=1"
	play "$BATS_TEST_TMPDIR/third.yml" --limit one
	recapped one "changed=0"

	task stale <<-END
		verdict: pass
		if_unchanged: 1
	END
	play "$BATS_TEST_TMPDIR/stale.yml" --limit one
	recapped one "failed=1"
	says "not the one of generation 1"
	sed -i 's/if_unchanged: 1/if_unchanged: 3/' "$BATS_TEST_TMPDIR/stale.yml"
	play "$BATS_TEST_TMPDIR/stale.yml" --limit one
	recapped one "changed=1"

	task gone <<-END
		state: absent
	END
	play "$BATS_TEST_TMPDIR/gone.yml" --limit one
	recapped one "changed=1"
	play "$BATS_TEST_TMPDIR/gone.yml" --limit one
	recapped one "changed=0"
}

@test "what is no probability is told, and nothing is done" {
	task wrong <<-END
		verdict: drop
		probability: lots
	END
	play "$BATS_TEST_TMPDIR/wrong.yml" --limit one
	recapped one "changed=0 .*failed=1"
	says "'lots' is not a probability"
	attempt xdp-action -N one status eth0
	is "$status" 1
}

@test "the role is valid, the module is documented, and the collection has the version of the tool" {
	printf -- '- hosts: all\n  roles: [xdp.action.host]\n' >"$BATS_TEST_TMPDIR/role.yml"
	play "$BATS_TEST_TMPDIR/role.yml" --syntax-check
	[ "$status" -eq 0 ]
	run_ok ansible-doc xdp.action.xdp_action
	says "spare_session"
	run_ok ansible-galaxy collection build --output-path "$BATS_TEST_TMPDIR" "$checkout/packaging/ansible"
	[ -s "$BATS_TEST_TMPDIR/xdp-action-$(xdp-action --version | sed -n '1s/.* //p').tar.gz" ]
}
