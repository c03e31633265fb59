"""A window to drag a link from, in the forms that are named behind it: its own whole is the link. It says `ready`, then
`asked` with each form that a drop asks for, and `ended` with what the drop made of it."""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

link, *forms = sys.argv[1:]


def say(*words):
    print(*words, flush=True)


def give(_widget, _context, data, _info, _time):
    form = data.get_target().name()
    say("asked", form)
    if form == "text/uri-list":
        data.set_uris([link])
    elif form == "text/x-moz-url":
        data.set(data.get_target(), 8, f"{link}\nElsewhere".encode("utf-16-le"))
    elif form == "text/html":
        data.set(data.get_target(), 8, f'<a href="{link}">Elsewhere</a>'.encode())
    else:
        data.set(data.get_target(), 8, link.encode())


window = Gtk.Window(title="drag source")
window.set_decorated(False)
window.set_default_size(120, 80)
box = Gtk.EventBox()
box.add(Gtk.Label(label=link))
window.add(box)
targets = [Gtk.TargetEntry.new(form, 0, n) for n, form in enumerate(forms)]
actions = Gdk.DragAction.COPY | Gdk.DragAction.LINK | Gdk.DragAction.MOVE
box.drag_source_set(Gdk.ModifierType.BUTTON1_MASK, targets, actions)
box.connect("drag-begin", lambda *_: say("begun"))
box.connect("drag-data-get", give)
box.connect("drag-failed", lambda _box, _context, result: say("failed", result.value_nick))
box.connect("drag-end", lambda _box, context: say("ended", context.get_selected_action().value_nicks))
window.connect("map-event", lambda *_: say("ready"))
window.show_all()
window.move(1100, 700)
Gtk.main()
