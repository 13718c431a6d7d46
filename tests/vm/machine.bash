# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
# shellcheck shell=bash
#
# The virtual machine: what it consists of, and its state after the boot, kept to resume from.
#
# Without KVM a boot costs some eight seconds of processor time, and the same ones each time. So the machine is
# booted once, up to where the init knows nothing yet of the command, and its state is saved; a run only loads it.
#
# All of this happens in the folder $work, which holds: kernel, share (links), control, port.in, port.out (the
# init's end is /dev/vport0p1), log (the kernel's), initramfs. Open are port.out at 3 and port.in at 4. The caller
# has set $here, $cache and $pid, which is the process to end on exit.
# shellcheck disable=SC2154

# Seconds. A busy host can make ten times of the usual eight.
boot_limit=300

# What is peculiar to the architecture of the kernel: $emulator, $package that has it, $hardware, $console, $nic.
# The commas are qemu's.
# shellcheck disable=SC2054
describe_architecture()
{
	case $(cat "$kernel/architecture") in
	amd64)
		emulator=qemu-system-x86_64 package=qemu-system-x86
		# Off is what costs qemu time at each fault or entry into the kernel: a fifth level of page tables, SMAP.
		hardware=(-cpu max,la57=off,smap=off,smep=off,pku=off -device vmgenid,guid=auto)
		console="console=ttyS0 reboot=t tsc=reliable"
		nic=virtio-net,romfile=
		;;
	arm64)
		emulator=qemu-system-aarch64 package=qemu-system-arm
		# Of the newest processor the signing of pointers alone costs half of the time.
		hardware=(-machine virt,gic-version=3 -cpu max,pauth=off)
		console="console=ttyAMA0"
		nic=virtio-net,romfile=
		;;
	s390x)
		emulator=qemu-system-s390x package=qemu-system-misc
		hardware=(-machine s390-ccw-virtio -cpu max)
		console="console=ttysclp0"
		nic=virtio-net
		;;
	esac
}

# $1 processors, $2 MB of memory. No path of this host is part of it, so that it can name the saved state.
describe_machine()
{
	# norandmaps: qemu finds its translation of a program again only at the same address; exec is three times as fast.
	# A page filled anew need not be cleared before, which Debian's kernels do.
	local append="$console panic=-1 oops=panic mitigations=off nokaslr \
random.trust_cpu=on norandmaps init_on_alloc=0 ${VM_APPEND:-}"

	# One thread: with more, a processor can run what another has changed already, and the kernel changes its code.
	# VM_QEMU is a list of options, so splitting is wanted; the commas are qemu's.
	# shellcheck disable=SC2206,SC2054
	machine=("$emulator" -nodefaults -no-user-config -display none -no-reboot -nic none
		-accel "${VM_ACCEL:-tcg,thread=single}" "${hardware[@]}" -smp "$1" -m "$2"
		-kernel kernel/vmlinux -initrd initramfs -append "$append"
		-chardev file,id=log,path=log -serial chardev:log
		-chardev pipe,id=port,path=port -device virtio-serial -device virtserialport,chardev=port,nr=1
		-fsdev local,id=host,path=/,security_model=none,multidevs=remap,readonly=on
		-device virtio-9p,fsdev=host,mount_tag=host
		-fsdev local,id=control,path=control,security_model=none
		-device virtio-9p,fsdev=control,mount_tag=control
		-fsdev local,id=share,path=share,security_model=none,multidevs=remap
		-device virtio-9p,fsdev=share,mount_tag=share
		-netdev hubport,id=wire0,hubid=0 -device "$nic,netdev=wire0"
		-netdev hubport,id=wire1,hubid=0 -device "$nic,netdev=wire1"
		${VM_QEMU:-})
}

# The kernel unpacks archives that follow one another, so that a change to the init asks for no new kernel.
make_initramfs()
{
	cp kernel/initramfs.cpio initramfs
	(cd "$here" && echo init | busybox cpio -o -H newc 2>/dev/null) >>initramfs
}

# A name for the state: everything that it depends on. The host's boot is part of it because the guest has
# measured the frequency of the processor.
state_key()
{
	{
		echo "${machine[*]}"
		cat "$here/init" "$here/machine.bash" /proc/sys/kernel/random/boot_id
		stat -L -c '%i %s %Y' kernel/vmlinux kernel/initramfs.cpio "$(command -v "$emulator")"
	} | sha256sum | cut -c 1-16
}

# Boot and save to the folder $1: state, and the kernel's log so far.
save_state()
{
	local line=''
	mkfifo monitor
	exec 5<>monitor
	timeout --kill-after=5 "$boot_limit" "${machine[@]}" -monitor stdio \
		<&5 >monitor.log 2>&1 3>&- 4>&- 5>&- 6>&- &
	pid=$!
	until read -t 1 -r line <&3 || ! kill -0 "$pid" 2>/dev/null; do
		:
	done
	if [ "$line" != ready ]; then
		cat monitor.log >&2
		show_log
		die "the machine did not boot, or not within $boot_limit s"
	fi
	rm -rf "$1"
	mkdir "$1"
	# Two shells would read its path; they get this one.
	ln -s "$1" saving
	printf '%s\n' 'migrate_set_parameter max-bandwidth 100G' 'migrate "exec:cat >saving/state"' 'info migrate' quit >&5
	exec 5>&-
	wait "$pid" || true
	pid=
	if ! grep -aqi 'status: completed' monitor.log; then
		tail -n 5 monitor.log >&2
		rm -rf "$1"
		die "qemu could not save the machine"
	fi
	mv log "$1/log"
}

# Make "state" the saved machine that fits, and save one first if there is none.
get_state()
{
	local states=$cache/states key
	key=$(state_key)
	mkdir -p "$states"
	exec 6>"$cache/lock-states"
	flock 6
	if [ ! -e "$states/$key" ]; then
		# One that nobody used for a day belongs to an older kernel, init or boot of the host.
		find "$states" -mindepth 1 -maxdepth 1 -mmin +1440 -exec rm -r {} +
		save_state "$states/$key.new"
		mv "$states/$key.new" "$states/$key"
	fi
	touch "$states/$key"
	exec 6>&-
	ln -s "$states/$key" state
}
