"""Speaks for a Thunderbird that it starts without a screen.

Usage: thunderbird.py PROFILE

It calls the functions behind Thunderbird's own dialogs, by way of the remote control that Mozilla's programs have for
tests. Its commands:

    subscribe URL   forget the calendar there is, and add the one at URL
    refresh         fetch it again; this does not wait for the answer
    events          tell the events that it shows: UID, start, end, SUMMARY
    says            tell the failures that it has reported since then, or since the start
    restart         end Thunderbird, and start it with the same profile
"""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

from subscriber import instant, serve

# For each step of it, in seconds.
PATIENCE = 60

PREFERENCES = {
    "app.update.auto": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.update.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    # Any that is free; it is written into the profile.
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.type": 0,
    "services.settings.server": "",
    "toolkit.telemetry.enabled": False,
}

OPTIONS = ["--headless", "--no-remote", "-calendar", "--marionette", "--remote-allow-system-access"]

# What every script begins with. `window` is the program's main window; it lasts as long as the program.
COMMON = """
const [url, done] = arguments.length > 1 ? arguments : [null, arguments[0]];
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const window = Services.wm.getMostRecentWindow("mail:3pane");
const duty = () => cal.manager.getCalendars().find(calendar => calendar.name == "Duty");
const run = async () => { BODY };
run().then(done, error => done("failed: " + error));
"""

SUBSCRIBE = """
if (duty()) cal.manager.removeCalendar(duty());
const calendar = cal.manager.createCalendar("ics", Services.io.newURI(url));
calendar.name = "Duty";
calendar.setProperty("cache.enabled", true);
cal.manager.registerCalendar(calendar);
"""

# Has failures written down, and forgets those there were.
LISTEN = """
if (window.listener) cal.manager.removeCalendarObserver(window.listener);
window.failures = [];
window.listener = {
  QueryInterface: ChromeUtils.generateQI(["calIObserver"]),
  onError: (_, number, message) => window.failures.push(`${number} ${message}`),
};
const others = ["StartBatch", "EndBatch", "Load", "AddItem", "ModifyItem", "DeleteItem", "PropertyChanged",
                "PropertyDeleting"];
for (const other of others) window.listener[`on${other}`] = () => {};
cal.manager.addCalendarObserver(window.listener);
"""

REFRESH = "duty().refresh();"

EVENTS = """
const items = await duty().getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
return items.map(item => [item.id, item.startDate.icalString, item.endDate.icalString, item.title]);
"""

SAYS = """
const status = duty().getProperty("currentStatus");
return window.failures.concat(status ? [`status ${status}`] : [], duty().getProperty("disabled") ? ["disabled"] : []);
"""


def patiently(attempt):
    """Try until it succeeds; how that fails says the last failure."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return attempt()
        except (OSError, ValueError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


class RemoteControl:
    """A connection to the program's remote control."""

    def __init__(self, port):
        """Connect, and wait for the program's window."""
        self.stream = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).makefile("rwb")
        self.calls = 0
        self.read()
        self.call("WebDriver:NewSession")
        self.call("Marionette:SetContext", value="chrome")
        self.call("WebDriver:SetTimeouts", script=PATIENCE * 1000)

    def read(self):
        """Read a message: its length, a colon, JSON."""
        length = b""
        while (byte := self.stream.read(1)) != b":":
            length += byte
        return json.loads(self.stream.read(int(length)))

    def call(self, name, **parameters):
        """Call a function of the remote control."""
        self.calls += 1
        message = json.dumps([0, self.calls, name, parameters]).encode()
        self.stream.write(b"%d:%s" % (len(message), message))
        self.stream.flush()
        _, _, error, answer = self.read()
        assert not error, error
        return answer

    def run(self, body, *arguments):
        """Run a script in the program."""
        script = COMMON.replace("BODY", body)
        answer = self.call("WebDriver:ExecuteAsyncScript", script=script, args=arguments)["value"]
        if isinstance(answer, str):
            raise ValueError(answer)
        return answer


class Thunderbird:
    """A running Thunderbird."""

    def __init__(self, profile):
        """Start it with a profile."""
        self.profile = profile
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("".join(lines))
        self.start()

    def start(self):
        """Start it and wait for its window."""
        port = self.profile / "MarionetteActivePort"
        port.unlink(missing_ok=True)
        command = ["thunderbird", *OPTIONS, "--profile", self.profile]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.remote = RemoteControl(patiently(lambda: int(port.read_text())))
        patiently(lambda: self.remote.run(LISTEN))

    def stop(self):
        """End it as its menu does."""
        self.remote.call("Marionette:Quit", flags=["eForceQuit"])
        self.process.wait(PATIENCE)

    def restart(self):
        """End it, and start it with the same profile."""
        self.stop()
        self.start()

    def subscribe(self, url):
        """Add a calendar."""
        self.remote.run(LISTEN)
        self.remote.run(SUBSCRIBE, url)

    def refresh(self):
        """Fetch the calendar again."""
        self.remote.run(REFRESH)

    def events(self):
        """Tell every event."""
        return [(uid, instant(start), instant(end), title) for uid, start, end, title in self.remote.run(EVENTS)]

    def says(self):
        """Tell the failures so far."""
        return self.remote.run(SAYS)


def main():
    """Answer until there are no more commands."""
    program = Thunderbird(Path(sys.argv[1]))
    try:
        serve({name: getattr(program, name) for name in ("subscribe", "refresh", "events", "says", "restart")})
    finally:
        program.process.kill()


main()
