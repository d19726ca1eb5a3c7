//! The scan before parsing: where calendars, events and zones begin and end, whatever is between them.
//!
//! A file is cut into pieces here so that one bad piece spoils no other. Only lines of properties that matter are kept,
//! so nobody's title, notes, place or address goes any further.

use super::limits::{DEPTH_MAX, OBSERVANCES_MAX, PARTS_MAX};
use super::lines::{Line, Lines};

/// A piece of a file.
#[derive(Clone, Debug)]
pub(super) enum Piece<'a> {
    /// A calendar begins.
    Calendar,
    /// The name of a calendar's zone (`X-WR-TIMEZONE`).
    CalendarZone(Line<'a>),
    /// An event.
    Event(Event<'a>),
    /// The description of a zone.
    Zone(Zone<'a>),
}

/// The lines of an event that matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Event<'a> {
    /// The line of its `BEGIN`.
    pub line: u32,
    /// Its properties, as lines.
    pub lines: Vec<Line<'a>>,
    /// Its `END` is missing.
    pub unfinished: bool,
    /// It has more lines than are kept.
    pub overfull: bool,
}

/// The lines of a `VTIMEZONE` that matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Zone<'a> {
    /// Its own properties, as lines.
    pub lines: Vec<Line<'a>>,
    /// Those of its `STANDARD` and `DAYLIGHT` parts.
    pub observances: Vec<Vec<Line<'a>>>,
}

/// Which pieces are looked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Want {
    /// Calendars, their zones, and the zones described.
    Zones,
    /// Calendars and events, with titles and categories or without.
    Events { titles: bool, categories: bool },
}

/// What a component is, as far as it matters.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Kind {
    Calendar,
    Event,
    Zone,
    Observance,
    /// Other components, in which there may be events unless they are known not to have any.
    Other(Vec<u8>),
}

impl Kind {
    fn of(name: &[u8]) -> Self {
        let name = name.to_ascii_uppercase();
        match name.as_slice() {
            b"VCALENDAR" => Self::Calendar,
            b"VEVENT" => Self::Event,
            b"VTIMEZONE" => Self::Zone,
            b"STANDARD" | b"DAYLIGHT" => Self::Observance,
            _ => Self::Other(name),
        }
    }

    /// Whether nothing in such a component matters.
    fn is_closed(&self) -> bool {
        let closed = [&b"VTODO"[..], b"VJOURNAL", b"VFREEBUSY", b"VALARM"];
        matches!(self, Self::Other(name) if closed.contains(&name.as_slice()))
    }
}

/// The properties of events that matter.
const OF_EVENTS: [&[u8]; 16] = [
    b"DTSTART",
    b"DTEND",
    b"UID",
    b"RRULE",
    b"EXDATE",
    b"RDATE",
    b"EXRULE",
    b"DURATION",
    b"RECURRENCE-ID",
    b"SEQUENCE",
    b"LAST-MODIFIED",
    b"DTSTAMP",
    b"STATUS",
    b"TRANSP",
    b"X-MICROSOFT-CDO-BUSYSTATUS",
    b"X-MICROSOFT-CDO-ALLDAYEVENT",
];
/// The properties of zones and their parts that matter.
const OF_ZONES: [&[u8]; 7] =
    [b"TZID", b"X-LIC-LOCATION", b"DTSTART", b"RRULE", b"RDATE", b"TZOFFSETFROM", b"TZOFFSETTO"];

/// Walks through a file, piece by piece.
#[derive(Clone, Debug)]
pub(super) struct Scan<'a> {
    lines: Lines<'a>,
    want: Want,
    /// The components that are open, outermost first.
    open: Vec<Kind>,
    /// How many components are open below the deepest that is looked at.
    deeper: usize,
    event: Option<Event<'a>>,
    zone: Option<Zone<'a>>,
    /// The first line that is outside all calendars and not blank.
    pub outside: Option<u32>,
    /// A calendar is one of this program's own.
    pub own: bool,
    /// Where a calendar ends without its `END`: the beginning of the next one, or the last line.
    pub cut_off: Option<u32>,
}

impl<'a> Scan<'a> {
    pub fn of(bytes: &'a [u8], want: Want) -> Self {
        Self {
            lines: Lines::of(bytes),
            want,
            open: Vec::new(),
            deeper: 0,
            event: None,
            zone: None,
            outside: None,
            own: false,
            cut_off: None,
        }
    }

    fn begin(&mut self, line: &Line<'a>) -> Option<Piece<'a>> {
        let kind = Kind::of(line.plain_value());
        if kind == Kind::Calendar {
            if !self.open.is_empty() {
                // The one before it has no end: whatever else was in it is missing.
                self.cut_off = self.cut_off.or(Some(line.number));
            }
            let unfinished = self.close_to(0);
            self.open.push(kind);
            return unfinished.or(Some(Piece::Calendar));
        }
        if self.open.is_empty() {
            self.outside = self.outside.or(Some(line.number));
            return None;
        }
        if kind == Kind::Event && self.event.is_some() {
            // The one before it has no end.
            let depth = self.open.iter().position(|open| *open == Kind::Event).unwrap_or_default();
            let unfinished = self.close_to(depth);
            self.push(kind, line.number);
            return unfinished;
        }
        self.push(kind, line.number);
        None
    }

    fn push(&mut self, kind: Kind, line: u32) {
        if self.deeper > 0 || self.open.len() >= DEPTH_MAX {
            self.deeper += 1;
            return;
        }
        let closed = self.open.iter().any(Kind::is_closed);
        match kind {
            Kind::Event if !closed && self.want != Want::Zones => {
                self.event = Some(Event { line, ..Event::default() });
            }
            Kind::Zone if !closed && self.want == Want::Zones => self.zone = Some(Zone::default()),
            Kind::Observance => {
                if let Some(zone) = self.zone.as_mut().filter(|zone| zone.observances.len() < OBSERVANCES_MAX) {
                    zone.observances.push(Vec::new());
                }
            }
            _ => {}
        }
        self.open.push(kind);
    }

    fn end(&mut self, line: &Line<'a>) -> Option<Piece<'a>> {
        let kind = Kind::of(line.plain_value());
        if self.deeper > 0 && kind != Kind::Calendar {
            self.deeper -= 1;
            return None;
        }
        let depth = self.open.iter().rposition(|open| *open == kind)?;
        if depth + 1 == self.open.len() {
            self.open.pop();
            return match kind {
                Kind::Event => self.event.take().map(Piece::Event),
                Kind::Zone => self.zone.take().map(Piece::Zone),
                _ => None,
            };
        }
        self.close_to(depth)
    }

    /// Closes components whose `END` is missing, down to `depth` that stay open; returns the event among them.
    fn close_to(&mut self, depth: usize) -> Option<Piece<'a>> {
        self.open.truncate(depth);
        self.deeper = 0;
        if !self.open.contains(&Kind::Zone) {
            self.zone = None;
        }
        if self.open.contains(&Kind::Event) {
            return None;
        }
        self.event.take().map(|event| Piece::Event(Event { unfinished: true, ..event }))
    }

    fn property(&mut self, line: Line<'a>) -> Option<Piece<'a>> {
        if self.deeper > 0 {
            return None;
        }
        match self.open.last() {
            None => self.outside = self.outside.or(Some(line.number)),
            Some(Kind::Calendar) if is(line.name(), b"PRODID") => {
                self.own |= line.plain_value() == crate::ical::PRODUCT.as_bytes();
            }
            Some(Kind::Calendar) if self.want == Want::Zones && is(line.name(), b"X-WR-TIMEZONE") => {
                return Some(Piece::CalendarZone(line));
            }
            Some(Kind::Event) => self.keep(line),
            Some(Kind::Zone) => {
                if let Some(zone) = self.zone.as_mut() {
                    keep_of_zone(&mut zone.lines, line);
                }
            }
            Some(Kind::Observance) => {
                if let Some(lines) = self.zone.as_mut().and_then(|zone| zone.observances.last_mut()) {
                    keep_of_zone(lines, line);
                }
            }
            _ => {}
        }
        None
    }

    fn keep(&mut self, line: Line<'a>) {
        let Want::Events { titles, categories } = self.want else { return };
        let Some(event) = self.event.as_mut() else { return };
        let name = line.name();
        let matters = OF_EVENTS.iter().any(|known| is(name, known))
            || is(name, b"ATTENDEE")
            || titles && is(name, b"SUMMARY")
            || categories && is(name, b"CATEGORIES");
        if matters && event.lines.len() < PARTS_MAX {
            event.lines.push(line);
        } else {
            event.overfull |= matters;
        }
    }
}

impl<'a> Iterator for Scan<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        while let Some(mut line) = self.lines.next() {
            if self.open.is_empty()
                && let Some(rest) = line.bytes.strip_prefix("\u{feff}".as_bytes())
            {
                // A byte order mark, also between files that were put behind each other.
                line.bytes = rest.trim_ascii_start().to_vec().into();
                if line.bytes.is_empty() {
                    continue;
                }
            }
            let found = match line.name() {
                name if is(name, b"BEGIN") => self.begin(&line),
                name if is(name, b"END") => self.end(&line),
                _ => self.property(line),
            };
            if found.is_some() {
                return found;
            }
        }
        if !self.open.is_empty() {
            self.cut_off = self.cut_off.or(Some(self.lines.number()));
        }
        self.close_to(0)
    }
}

fn keep_of_zone<'a>(lines: &mut Vec<Line<'a>>, line: Line<'a>) {
    if lines.len() < PARTS_MAX && OF_ZONES.iter().any(|known| is(line.name(), known)) {
        lines.push(line);
    }
}

fn is(name: &[u8], known: &[u8]) -> bool {
    name.eq_ignore_ascii_case(known)
}
