"""Reads a calendar with the parsers that Python programs use, and prints what each of them finds.

Usage: parse.py FILE

One line for each event and parser: parser, UID, start and end in UTC, and SUMMARY, as JSON.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import ical.calendar_stream
import icalendar
import ics
import recurring_ical_events
import vobject


def read_icalendar(text):
    """icalendar, of the collective."""
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        yield event["UID"], event.decoded("DTSTART"), event.decoded("DTEND"), event["SUMMARY"]


def read_recurring(text):
    """recurring_ical_events, which expands events between two dates."""
    calendar = icalendar.Calendar.from_ical(text)
    for event in recurring_ical_events.of(calendar).between(datetime(2020, 1, 1), datetime(2040, 1, 1)):
        yield event["UID"], event.decoded("DTSTART"), event.decoded("DTEND"), event["SUMMARY"]


def read_vobject(text):
    """vobject, of many address books and calendar servers."""
    for event in vobject.readOne(text).vevent_list:
        yield event.uid.value, event.dtstart.value, event.dtend.value, event.summary.value


def read_ics(text):
    """ics.py."""
    for event in ics.Calendar(text).events:
        yield event.uid, event.begin.datetime, event.end.datetime, event.name


def read_ical(text):
    """ical, of Home Assistant: the strictest."""
    for event in ical.calendar_stream.IcsCalendarStream.calendar_from_ics(text).events:
        yield event.uid, event.dtstart, event.dtend, event.summary


PARSERS = {
    "icalendar": read_icalendar,
    "recurring_ical_events": read_recurring,
    "vobject": read_vobject,
    "ics": read_ics,
    "ical": read_ical,
}


def utc(at):
    """Write an instant as the server does; one without a zone fails."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def main():
    """Print what every parser finds."""
    text = Path(sys.argv[1]).read_bytes().decode()
    for name, read in PARSERS.items():
        for uid, start, end, summary in read(text):
            assert start.tzinfo is not None, f"{name}: {uid} floats"
            print(json.dumps([name, str(uid), utc(start), utc(end), str(summary)]))


main()
