# SPDX-License-Identifier: GPL-2.0-only

# All files of the project below the current directory, without what is made.
files()
{
	find . \( -path ./.git -o -path ./build \) -prune -o -type f -printf '%P\n' |
		grep -vE '\.(o|a|d|so|new|log|skel\.h|tar\.xz)$|\.so\.|^config\.mk$|^lib/libxdpaction\.pc$|^xdp-action/xdp-action$' |
		sort
}
