# SPDX-License-Identifier: GPL-2.0-only
#
# The documents show the dispatcher; this is what differs where the kernel has none.
s/loaded in the dispatcher, (native|skb) mode, alone;/loaded in single mode, \1 mode, no other libxdp program can join;/
s/ mode, dispatcher(, frags)?$/ mode, single mode\1/
s/ 50 xdp_action / - xdp_action /
