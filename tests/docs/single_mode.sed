# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors
#
# What a kernel without dispatcher prints, from what one with it prints.
s/loaded in the dispatcher, (native|skb) mode, alone;/loaded in single mode, \1 mode, no other libxdp program can join;/
s/ mode, dispatcher(, frags)?$/ mode, single mode\1/
s/ 50 xdp_action / - xdp_action /
s/dispatcher="true"/dispatcher="false"/
/^xdp-action: warning: .*: this kernel cannot attach programs to programs, so it has no dispatcher$/d
