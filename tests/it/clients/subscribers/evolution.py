"""Speaks for Evolution data server, which keeps the calendars of Evolution and GNOME Calendar.

Usage: dbus-run-session -- evolution.py

It needs the system's Python, with the bindings of GNOME. Its commands:

    subscribe URL   add the calendar at URL, unless it is there; all that follows is about that one
    refresh         fetch it again; this does not wait for the answer
    events          tell the events that it shows: UID, start, end, SUMMARY
    says            tell the failures that it has reported since then
"""

import threading

import gi

gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
from gi.repository import ECal, EDataServer, GLib, GObject  # noqa: E402
from subscriber import instant, serve  # noqa: E402

# Do not wait until the calendar has been fetched.
AT_ONCE = 0xFFFFFFFF


class Evolution:
    """One subscription, as the program's dialog for a calendar on the web makes it."""

    def __init__(self):
        """Start the data server."""
        self.registry = EDataServer.SourceRegistry.new_sync(None)
        self.client = None

    def subscribe(self, url):
        """Add a calendar, unless it is there."""
        source = next((source for source in self.sources() if self.address(source) == url), None) or self.add(url)
        self.client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, AT_ONCE, None)
        self.said = said = []
        # The client has a `connect` of its own.
        GObject.Object.connect(self.client, "backend-error", lambda _, message: said.append(message))

    def sources(self):
        """List the calendars on the web."""
        return self.registry.list_sources(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND)

    def address(self, source):
        """Tell where a calendar comes from."""
        return source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).dup_uri().to_string()

    def add(self, url):
        """Add a calendar.

        Others stay: the data server of Debian 12 now and then crashes where one is removed.
        """
        source = EDataServer.Source.new(None, None)
        source.set_display_name("Duty")
        source.set_parent("webcal-stub")
        source.get_extension(EDataServer.SOURCE_EXTENSION_CALENDAR).set_backend_name("webcal")
        source.get_extension(EDataServer.SOURCE_EXTENSION_OFFLINE).set_stay_synchronized(True)
        address = GLib.Uri.parse(url, GLib.UriFlags.NONE)
        source.get_extension(EDataServer.SOURCE_EXTENSION_WEBDAV_BACKEND).set_uri(address)
        self.registry.commit_source_sync(source, None)
        return self.registry.ref_source(source.get_uid())

    def refresh(self):
        """Fetch the calendar again."""
        self.client.refresh_sync(None)

    def events(self):
        """Tell every event."""
        _, found = self.client.get_object_list_sync("#t", None)
        times = [(event.get_dtstart().as_ical_string(), event.get_dtend().as_ical_string()) for event in found]
        return [
            (event.get_uid(), instant(start), instant(end), event.get_summary())
            for event, (start, end) in zip(found, times, strict=True)
        ]

    def says(self):
        """Tell the failures so far."""
        return self.said


def main():
    """Answer until there are no more commands."""
    loop = GLib.MainLoop()
    threading.Thread(target=loop.run, daemon=True).start()
    program = Evolution()
    serve({name: getattr(program, name) for name in ("subscribe", "refresh", "events", "says")})
    loop.quit()


main()
