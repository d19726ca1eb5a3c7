"""Says how Python's zoneinfo converts between local time and instants, in every zone of the tzdata package.

One record a line, from 1990 to 2040:

    D <directory> <version>      the tz database that zoneinfo reads
    Z <zone>                     the records that follow are about this zone
    O <offset>                   its offset from UTC in 1990, in seconds
    T <instant> <offset>         from this instant on it has this offset
    L <wall> <instant>           the first instant at which its clock shows this time or a later one
    W <instant> <wall>           what its clock shows at this instant

Instants are seconds since 1970 in UTC, walls the same as if there were no offset.
"""

import os
import random
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta

try:
    import tzdata
except ImportError:
    sys.exit("the tzdata package is missing: pip install tzdata")

DIRECTORY = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")
zoneinfo.reset_tzpath(to=[DIRECTORY])

EPOCH = datetime(1970, 1, 1)
FIRST = int((datetime(1990, 1, 1) - EPOCH).total_seconds())
LAST = int((datetime(2041, 1, 1) - EPOCH).total_seconds())
STEP = 86_400
RANDOM_COUNT = 60


def naive(seconds):
    """Return the local time that many seconds after 1970 on the wall clock."""
    return EPOCH + timedelta(seconds=seconds)


def seconds(local):
    """Return the seconds after 1970 that a local time is on the wall clock."""
    return int((local - EPOCH).total_seconds())


def offset_at(zone, instant):
    """Return the zone's offset from UTC at an instant, in seconds."""
    return int(datetime.fromtimestamp(instant, zone).utcoffset().total_seconds())


def wall_at(zone, instant):
    """Return what the zone's clock shows at an instant."""
    return instant + offset_at(zone, instant)


def transitions(zone):
    """Find every change of the offset, day by day and then by halves."""
    found = []
    before = offset_at(zone, FIRST)
    for day in range(FIRST, LAST, STEP):
        after = offset_at(zone, day + STEP)
        if after != before:
            early, late = day, day + STEP
            while late - early > 1:
                middle = (early + late) // 2
                if offset_at(zone, middle) == before:
                    early = middle
                else:
                    late = middle
            found.append((late, before, after))
            if offset_at(zone, late) != after:
                sys.exit(f"{zone.key} changes its offset twice within a day at {late}")
        before = after
    return found


def instant_of(zone, wall):
    """Return the first instant at which the clock shows `wall` or later: fold=0, or the jump over it."""
    local = naive(wall).replace(tzinfo=zone)
    instant = seconds(local.astimezone(UTC).replace(tzinfo=None))
    if wall_at(zone, instant) == wall:
        return instant
    # The clock jumps over it. PEP 495: fold=1 is read with the offset after the jump, fold=0 with the one before.
    early = seconds(local.replace(fold=1).astimezone(UTC).replace(tzinfo=None)) - 1
    late = instant
    while late - early > 1:
        middle = (early + late) // 2
        if wall_at(zone, middle) >= wall:
            late = middle
        else:
            early = middle
    return late


def walls_around(transition):
    """Return readings of the clock before, within and after what a transition skips or repeats."""
    instant, before, after = transition
    low, high = sorted((instant + before, instant + after))
    middle = (low + high) // 2
    return [low - 3600, low - 1, low, low + 1, middle, high - 1, high, high + 1, high + 3600]


KNOWN = {}


def transitions_of(name):
    """Return the same as `transitions`; several names with the same data are looked at once."""
    with open(os.path.join(DIRECTORY, *name.split("/")), "rb") as file:
        data = file.read()
    if data not in KNOWN:
        KNOWN[data] = transitions(zoneinfo.ZoneInfo(name))
    return KNOWN[data]


def describe(name, out):
    """Write every record of one zone."""
    zone = zoneinfo.ZoneInfo(name)
    chance = random.Random(name)
    out.write(f"Z {name}\nO {offset_at(zone, FIRST)}\n")
    walls = [chance.randrange(FIRST + 200_000, LAST - 200_000) for _ in range(RANDOM_COUNT)]
    for transition in transitions_of(name):
        out.write(f"T {transition[0]} {transition[2]}\n")
        walls.extend(walls_around(transition))
    for wall in walls:
        out.write(f"L {wall} {instant_of(zone, wall)}\n")
    for _ in range(RANDOM_COUNT):
        instant = chance.randrange(FIRST, LAST)
        out.write(f"W {instant} {wall_at(zone, instant)}\n")


def main():
    """Write the records of every zone."""
    sys.stdout.write(f"D {DIRECTORY} {tzdata.IANA_VERSION}\n")
    for name in sorted(zoneinfo.available_timezones()):
        describe(name, sys.stdout)


main()
