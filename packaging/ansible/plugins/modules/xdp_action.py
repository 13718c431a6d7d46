#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 the xdp-action authors

"""Have xdp-action loaded on an interface, or not, and have a setting in force."""

import decimal
import json
import os
import re

from ansible.module_utils.basic import AnsibleModule

DOCUMENTATION = r"""
module: xdp_action
short_description: Switch what an interface does with its packets
description:
  - Loads the XDP program of xdp-action on an interface, sets what it does with packets, or unloads it.
  - A setting that is in force already is left alone, with what is left of its time or its packets.
options:
  interface:
    description: The interface.
    type: str
    required: true
  state:
    description: Whether the program is loaded.
    type: str
    choices: [loaded, absent]
    default: loaded
  verdict:
    description: What packets get. Without it a setting that is in force stays, and after a load it is PASS.
    type: str
    choices: [aborted, drop, pass, tx, redirect]
  mode:
    description: The mode to load in. A program that is loaded in the other one is an error.
    type: str
    choices: [native, skb]
  priority:
    description: The priority to load with, in the chain of the interface.
    type: int
  match:
    description: The verdict is for packets that match this expression of pcap-filter(7).
    type: str
  except:
    description: And for none that match this.
    type: str
  spare_session:
    description: Nor for the SSH session of this task, and what keeps it alive.
    type: bool
    default: false
  probability:
    description: Each packet gets the verdict with this chance, as V(5%) or V(0.05).
    type: str
  burst:
    description: With I(probability), in runs of so many packets on average.
    type: float
  per_flow:
    description: With I(probability), a share of the flows, with all of their packets.
    type: bool
    default: false
  every:
    description: Exactly each packet of this number gets the verdict.
    type: int
  skip:
    description: Not for the first packets. Those that are left to skip do not count as a difference.
    type: int
  pulse:
    description: On for a time and off for a time, as V(200ms/800ms).
    type: str
  packets:
    description: For exactly so many packets, then the base.
    type: int
  for:
    description: For this long, as V(5m), then the base.
    type: str
  then:
    description: The base, instead of what was in force before.
    type: str
    choices: [aborted, drop, pass, tx]
  otherwise:
    description: What packets get that the conditions leave out.
    type: str
    choices: [aborted, drop, pass, tx]
    default: pass
  to:
    description: Where V(redirect) sends packets.
    type: str
  force:
    description: Even if it would cut the SSH session of this task.
    type: bool
    default: false
  note:
    description: Why, kept with the setting. A setting with another note is set anew.
    type: str
  if_unchanged:
    description:
      - Change a setting or unload only while the setting is the one of this generation, as RV(instance) has it.
      - What is in force already is in force, whoever made it so.
    type: int
  netns:
    description: The network namespace of the interface, by name or path.
    type: str
  executable:
    description: The tool.
    type: str
    default: xdp-action
"""

EXAMPLES = r"""
- name: Lose one packet in twenty of the database's
  xdp.action.xdp_action:
    interface: eth0
    verdict: drop
    match: tcp port 5432
    probability: 5%

- name: Cut all but this session, for five minutes
  xdp.action.xdp_action:
    interface: eth0
    verdict: drop
    for: 5m
    spare_session: true
    note: change 4711

- name: Take it off again
  xdp.action.xdp_action:
    interface: eth0
    state: absent
"""

RETURN = r"""
instance:
  description: What C(xdp-action status --json) says of the interface; null where nothing is loaded.
  type: dict
  returned: always
"""

# Conditions that the tool takes as options with a value, each under its name.
VALUES = ("match", "except", "probability", "burst", "every", "skip", "pulse", "packets", "for", "then", "to", "note")
# What the tool reads: numbers with units.
SECOND = 10 ** 9
UNITS = {name: length for names, length in (
    ("ns nsec", 1), ("us usec \u00b5s \u03bcs", 1000), ("ms msec", 10 ** 6), ("s sec second seconds", SECOND),
    ("m min minute minutes", 60 * SECOND), ("h hr hour hours", 3600 * SECOND), ("d day days", 86400 * SECOND),
    ("w week weeks", 7 * 86400 * SECOND)) for name in names.split()}
SPAN = re.compile(r"([0-9.]+)\s*([^\s0-9.]+)")


class Tool:
    """The tool on this host, for one interface."""

    def __init__(self, module):
        self.module = module
        self.interface = module.params["interface"]
        self.command = [module.get_bin_path(module.params["executable"], True, ["/usr/local/sbin", "/usr/sbin"])]
        if module.params["netns"]:
            self.command += ["--netns", module.params["netns"]]

    def change(self, *arguments):
        """Run a command that changes something; a failure is the task's."""
        status, _, err = self.module.run_command(self.command + list(arguments))
        if status:
            self.module.fail_json(msg=err.strip(), instance=self.instance())

    def instance(self):
        """The instance on the interface, or None where the tool says that there is none."""
        status, out, err = self.module.run_command(self.command + ["status", "--json", self.interface])
        if status == 0:
            return json.loads(out)["instances"][0]
        error = first_error(err)
        if error.get("errno") == "ENOENT":
            return None
        if error.get("errno") == "ENODEV" and self.module.params["state"] == "absent":
            return None
        return self.module.fail_json(msg=error.get("message", err.strip()))


def first_error(text):
    """The first error of those that the tool writes, one a line."""
    for line in text.splitlines():
        try:
            report = json.loads(line)
        except ValueError:
            continue
        if "error" in report:
            return report["error"]
    return {}


def fraction(text):
    """A probability as a number: '5%' and '0.05' are the same."""
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def nanoseconds(text):
    """A time, as '1m 30s'; None where it is none, which is for the tool to say."""
    if not text or SPAN.sub("", text).strip():
        return None
    try:
        return int(sum(decimal.Decimal(number) * UNITS[unit] for number, unit in SPAN.findall(text)))
    except (KeyError, decimal.InvalidOperation):
        return None


def pulse(text):
    """Both parts of a pulse, as status has them."""
    on, _, off = text.partition("/")
    return {"on_ns": nanoseconds(on), "off_ns": nanoseconds(off)}


def one_line(text):
    """An expression without what means nothing in it."""
    return " ".join(text.split()) if text else None


def spares_us(setting):
    """Whether a setting spares the session of this task, as far as that can be seen."""
    sessions = (setting["spares"] or {}).get("sessions", [])
    ours = os.environ.get("SSH_CONNECTION", "").split()
    if len(ours) != 4:
        return False
    return any([s["client"], str(s["client_port"]), s["server"], str(s["server_port"])] == ours for s in sessions)


def wanted_setting(params):
    """What is compared: the parameters in the words of status."""
    return {
        "verdict": params["verdict"],
        "otherwise": params["otherwise"],
        "probability": fraction(params["probability"]) if params["probability"] else 1.0,
        "match": one_line(params["match"]),
        "except": one_line(params["except"]),
        "pulse": pulse(params["pulse"]) if params["pulse"] else None,
        "every": params["every"],
        "burst": params["burst"],
        "per_flow": params["per_flow"],
        "to": params["to"],
        "spare_session": params["spare_session"],
        "skips": params["skip"] is not None,
        "for_a_time": params["for"] is not None,
        "for_packets": params["packets"] is not None,
        "then": params["then"],
        "note": params["note"],
    }


def setting_in_force(instance, wanted):
    """The same of what is in force. What is not wanted in particular is taken as it is."""
    setting = instance["setting"]
    base = setting["base"]
    return {
        "verdict": setting["verdict"],
        "otherwise": setting["otherwise"],
        "probability": setting["probability"],
        "match": one_line(setting["match"]),
        "except": one_line(setting["except"]),
        "pulse": setting["pulse"],
        "every": setting["every"],
        "burst": setting["burst"],
        "per_flow": setting["per_flow"],
        "to": setting["target"] and setting["target"]["interface"],
        "spare_session": spares_us(setting) if wanted["spare_session"] else setting["spares"] is not None,
        # What was to be skipped may have been by now.
        "skips": wanted["skips"] or setting["skip"] is not None,
        "for_a_time": setting["remaining_ns"] is not None,
        "for_packets": setting["remaining_packets"] is not None,
        "then": base["verdict"] if base and wanted["then"] else wanted["then"],
        "note": wanted["note"] and (instance["changed"] or {}).get("note"),
    }


def same(one, other):
    """Whether two settings are one; the kernel keeps a chance in 32 bits."""
    close = abs(one["probability"] - other["probability"]) < 1e-9
    return close and all(one[key] == other[key] for key in one if key != "probability")


def unchanged_arguments(params):
    """The condition of a change, for set and unload."""
    generation = params["if_unchanged"]
    return [] if generation is None else ["--if-unchanged", str(generation)]


def set_arguments(params):
    """The command line of set."""
    arguments = ["set", params["verdict"].upper(), params["interface"]] + unchanged_arguments(params)
    for name in VALUES:
        if params[name] is not None:
            arguments += ["--" + name, str(params[name])]
    if params["otherwise"] != "pass":
        arguments += ["--otherwise", params["otherwise"]]
    for name in ("spare_session", "per_flow", "force"):
        if params[name]:
            arguments.append("--" + name.replace("_", "-"))
    return arguments


def load_arguments(params):
    """The command line of load."""
    arguments = ["load"]
    if params["mode"]:
        arguments += ["--mode", params["mode"]]
    if params["priority"] is not None:
        arguments += ["--prio", str(params["priority"])]
    return arguments + [params["interface"]]


def plan(module, instance):
    """The command lines that lead from what is to what is wanted, and both in words."""
    params = module.params
    before = {"state": "loaded" if instance else "absent"}
    after = {"state": params["state"]}
    if params["state"] == "absent":
        unload = ["unload", params["interface"]] + unchanged_arguments(params)
        return ([unload] if instance else []), before, after
    if instance and params["mode"] not in (None, instance["mode"]):
        module.fail_json(msg="%s: loaded in %s mode, and %s mode is wanted: unload it first" %
                         (params["interface"], instance["mode"], params["mode"]))
    commands = [] if instance else [load_arguments(params)]
    if params["verdict"]:
        try:
            wanted = wanted_setting(params)
        except ValueError:
            module.fail_json(msg="'%s' is not a probability, as 5%% or 0.05" % params["probability"])
        after["setting"] = wanted
        if instance and instance["setting"]:
            before["setting"] = setting_in_force(instance, wanted)
        if "setting" not in before or not same(before["setting"], wanted):
            commands.append(set_arguments(params))
    elif instance:
        after["setting"] = before["setting"] = instance["setting"]
    return commands, before, after


def main():
    """See DOCUMENTATION."""
    text = {"type": "str"}
    number = {"type": "int"}
    switch = {"type": "bool", "default": False}
    verdicts = ["aborted", "drop", "pass", "tx"]
    module = AnsibleModule(supports_check_mode=True, argument_spec={
        "interface": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["loaded", "absent"], "default": "loaded"},
        "verdict": {"type": "str", "choices": verdicts + ["redirect"]},
        "mode": {"type": "str", "choices": ["native", "skb"]},
        "priority": number, "match": text, "except": text, "spare_session": switch, "probability": text,
        "burst": {"type": "float"}, "per_flow": switch, "every": number, "skip": number, "pulse": text,
        "packets": number, "for": text,
        "then": {"type": "str", "choices": verdicts},
        "otherwise": {"type": "str", "choices": verdicts, "default": "pass"},
        "to": text, "force": switch, "note": text, "if_unchanged": number, "netns": text,
        "executable": {"type": "str", "default": "xdp-action"},
    })
    tool = Tool(module)
    instance = tool.instance()
    commands, before, after = plan(module, instance)
    # The tool asks it again, with the change; check mode has only this.
    expected = module.params["if_unchanged"]
    if commands and expected is not None and expected != (instance and instance["generation"]):
        module.fail_json(msg="%s: the setting is not the one of generation %d" % (module.params["interface"], expected),
                         instance=instance)
    if not module.check_mode:
        for command in commands:
            tool.change(*command)
        if commands:
            instance = tool.instance()
    module.exit_json(changed=bool(commands), instance=instance, diff={"before": before, "after": after})


if __name__ == "__main__":
    main()
