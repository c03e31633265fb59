"""Prints the accessibility tree of all windows, as a screen reader has it: a line of JSON for each
element."""

import json

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

STATES = ["checked", "selected", "expanded", "pressed", "focusable", "focused", "editable"]


def walk(element):
    states = element.get_state_set()
    kinds = [name for name in STATES if states.contains(getattr(Atspi.StateType, name.upper()))]
    attributes = element.get_attributes() or {}
    say({"role": element.get_role_name(), "name": element.get_name() or "",
         "states": kinds, "live": attributes.get("live") or attributes.get("container-live")})
    for n in range(element.get_child_count()):
        child = element.get_child_at_index(n)
        if child is not None:
            walk(child)


def say(value):
    print(json.dumps(value, ensure_ascii=False), flush=True)


desktop = Atspi.get_desktop(0)
for n in range(desktop.get_child_count()):
    application = desktop.get_child_at_index(n)
    if application is not None:
        walk(application)
