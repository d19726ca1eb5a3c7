"""Reads calendars with icalendar, of the collective, and prints every field of every event.

Usage: fields.py FOLDER

One line for each file, in order of their names: a list of events, each an object of field names and values, as JSON.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import icalendar


def plain(value):
    """Write a value as a calendar has it, texts as they are meant."""
    if isinstance(value, icalendar.vDDDTypes):
        value = value.dt
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
        return value.strftime("%Y%m%d")
    if isinstance(value, icalendar.prop.vCategory):
        return ",".join(str(category) for category in value.cats)
    return str(value)


def main():
    """Print what is found."""
    for file in sorted(Path(sys.argv[1]).iterdir()):
        events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
        print(json.dumps([{name: plain(value) for name, value in event.items()} for event in events]))


main()
