//! A drawn timeline: a line for each duty, its shifts as bars, its gaps as exclamation marks.

use onduty::civil::Instant;

use super::{ALARM, FAINT, GOOD, HEADING, View, padded, styled, truncated, width};

/// The titles' column is not wider than this.
const TITLE_WIDTH_MAX: usize = 18;
/// The columns that a mark of the scale takes, with a space.
const MARK_WIDTH: usize = 7;
/// A window up to this many seconds has hours on its scale, a longer one days.
const HOURS_SCALE_MAX: i64 = 3 * 86_400;
/// A window up to this many seconds has weekdays on its scale, a longer one months.
const WEEKDAYS_SCALE_MAX: i64 = 21 * 86_400;
/// Steps of the scale in hours, and in days.
const HOUR_STEPS: [i64; 5] = [1, 2, 3, 6, 12];

/// What a bar stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BarKind {
    /// Somebody is on duty.
    Shift,
    /// Somebody is missing.
    Gap,
    /// Somebody is missing, which was accepted.
    AcceptedGap,
}

/// A stretch of a line.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    /// Where it starts.
    pub(crate) start: Instant,
    /// Where it ends, exclusive.
    pub(crate) end: Instant,
    /// What is written in it, as far as there is room.
    pub(crate) label: String,
    /// What it stands for.
    pub(crate) kind: BarKind,
}

/// A timeline to draw.
#[derive(Clone, Debug)]
pub(crate) struct Timeline {
    /// Where it starts.
    pub(crate) from: Instant,
    /// Where it ends, exclusive.
    pub(crate) to: Instant,
    /// Titles with their bars, which may overlap.
    pub(crate) lines: Vec<(String, Vec<Bar>)>,
}

impl Timeline {
    /// Returns the picture.
    pub(crate) fn text(&self, view: &View) -> String {
        let title_width = self.lines.iter().map(|(title, _)| width(title)).max().unwrap_or(0).min(TITLE_WIDTH_MAX);
        let cells = view.width.saturating_sub(title_width + 2).max(MARK_WIDTH);
        let mut text = String::new();
        for scale in self.scales(view, cells) {
            text += &format!("{}  {}\n", " ".repeat(title_width), styled(HEADING, scale.trim_end()));
        }
        for (title, bars) in &self.lines {
            for (index, lane) in lanes(bars).iter().enumerate() {
                let title = if index == 0 { truncated(title, title_width) } else { String::new() };
                text += &format!("{}  {}\n", padded(&title, title_width), self.lane(lane, cells).trim_end());
            }
        }
        text
    }

    /// Returns the column of an instant.
    fn column(&self, at: Instant, cells: usize) -> usize {
        let total = self.to.since(self.from).max(1);
        let elapsed = at.since(self.from).clamp(0, total);
        usize::try_from(elapsed * cells as i64 / total).unwrap_or_default()
    }

    /// Returns the lines of the scale: days, and under them hours if there is room.
    fn scales(&self, view: &View, cells: usize) -> Vec<String> {
        let days = view.day_starts(self.from, self.to);
        let long = self.to.since(self.from) > WEEKDAYS_SCALE_MAX;
        let short = |date: jiff::civil::Date| {
            let day = view.day(date);
            let words = day.split(' ').skip(usize::from(long)).take(2).collect::<Vec<_>>();
            words.join(" ")
        };
        let mut marks: Vec<(usize, String)> =
            days.iter().map(|(date, start)| (self.column(*start, cells), short(*date))).collect();
        if marks.first().is_none_or(|(column, _)| *column > MARK_WIDTH) {
            marks.insert(0, (0, short(view.zone.day(self.from).date())));
        }
        let mut scales = vec![scale(&marks)];
        if self.to.since(self.from) <= HOURS_SCALE_MAX {
            let room = (cells / MARK_WIDTH).max(1) as i64;
            let step = HOUR_STEPS.into_iter().find(|step| self.to.since(self.from) / (step * 3_600) <= room);
            let hours = view.hour_marks(self.from, self.to, step.unwrap_or(24));
            let hours = hours.iter().map(|at| (self.column(*at, cells), view.time_of_day(*at))).collect::<Vec<_>>();
            scales.push(scale(&hours));
        }
        scales
    }

    fn lane(&self, bars: &[&Bar], cells: usize) -> String {
        let mut text = String::new();
        let mut at = 0;
        for bar in bars {
            let start = self.column(bar.start, cells).max(at);
            let end = self.column(bar.end, cells).max(start + 1).min(cells);
            if start >= end {
                continue;
            }
            text += &" ".repeat(start - at);
            text += &drawn(bar, end - start);
            at = end;
        }
        text
    }
}

/// Returns a line with the marks that fit, each at its column.
fn scale(marks: &[(usize, String)]) -> String {
    let mut line = String::new();
    for (column, mark) in marks {
        let used = width(&line);
        if *column > used || used == 0 {
            line += &" ".repeat(column - used);
            line += mark;
        }
    }
    line
}

/// Returns a bar of a given width.
fn drawn(bar: &Bar, columns: usize) -> String {
    match (bar.kind, columns) {
        (BarKind::Gap, _) => styled(ALARM, "!".repeat(columns)),
        (BarKind::AcceptedGap, _) => styled(FAINT, "·".repeat(columns)),
        (BarKind::Shift, 1) => styled(GOOD, "│"),
        (BarKind::Shift, _) => {
            let label = if columns > 3 { truncated(&bar.label, columns - 2) } else { String::new() };
            let line = "─".repeat(columns - 2 - width(&label));
            format!("{}{label}{}", styled(GOOD, "├"), styled(GOOD, line + "┤"))
        }
    }
}

/// Puts bars that overlap on lines of their own; one label keeps to one line where it can.
fn lanes(bars: &[Bar]) -> Vec<Vec<&Bar>> {
    let mut sorted: Vec<&Bar> = bars.iter().collect();
    sorted.sort_by_key(|bar| (bar.start, bar.kind != BarKind::Shift));
    let mut lanes: Vec<Vec<&Bar>> = Vec::new();
    for bar in sorted {
        let free = |lane: &Vec<&Bar>| lane.last().is_none_or(|last| last.end <= bar.start);
        let own = lanes.iter().position(|lane| free(lane) && lane.iter().any(|other| other.label == bar.label));
        match own.or_else(|| lanes.iter().position(free)) {
            Some(index) => lanes[index].push(bar),
            None => lanes.push(vec![bar]),
        }
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::super::testing::{stripped, view};
    use super::*;

    fn bar(start: &str, end: &str, label: &str) -> Bar {
        let kind = if label == "gap" { BarKind::Gap } else { BarKind::Shift };
        Bar { start: start.parse().unwrap(), end: end.parse().unwrap(), label: label.to_owned(), kind }
    }

    fn check(from: &str, to: &str, lines: &[(&str, &[Bar])]) -> String {
        let lines = lines.iter().map(|(title, bars)| ((*title).to_owned(), bars.to_vec())).collect();
        let timeline = Timeline { from: from.parse().unwrap(), to: to.parse().unwrap(), lines };
        format!("\n{}", stripped(&timeline.text(&view())))
    }

    #[test]
    fn a_week_shows_days_shifts_and_gaps() {
        let security = [
            bar("2026-11-22T23:00:00Z", "2026-11-26T08:00:00Z", "Łukasz"),
            bar("2026-11-26T08:00:00Z", "2026-11-29T23:00:00Z", "三輪 美香"),
        ];
        let reviews = [
            bar("2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z", "Łukasz"),
            bar("2026-11-24T08:00:00Z", "2026-11-24T16:00:00Z", "gap"),
            bar("2026-11-25T08:00:00Z", "2026-11-25T23:00:00Z", "Åsa Öberg"),
        ];
        let text =
            check("2026-11-22T23:00:00Z", "2026-11-29T23:00:00Z", &[("security", &security), ("reviews", &reviews)]);
        insta::assert_snapshot!(text, @r"
                  Mon 23    Tue 24    Wed 25    Thu 26    Fri 27    Sat 28    Sun 29
        security  ├Łukasz─────────────────────────┤├三輪 美香──────────────────────────┤
        reviews      ├Ł…┤      !!!!      ├Åsa …┤
        ");
    }

    #[test]
    fn a_scale_over_months_names_them() {
        let text = check("2026-11-22T23:00:00Z", "2027-02-22T23:00:00Z", &[]);
        assert!(text.trim_start().starts_with("23 Nov 2 Dec "), "{text}");
        assert!(text.contains(" Jan ") && !text.contains("Thu"), "{text}");
    }

    #[test]
    fn people_on_duty_together_have_a_line_each() {
        let bars = [
            bar("2026-11-23T08:00:00Z", "2026-11-23T16:00:00Z", "Łukasz"),
            bar("2026-11-23T12:00:00Z", "2026-11-23T22:00:00Z", "Åsa"),
        ];
        insta::assert_snapshot!(check("2026-11-23T06:00:00Z", "2026-11-23T23:00:00Z", &[("pool", &bars)]), @r"
              Mon 23
                  08:00    10:00   12:00    14:00    16:00   18:00    20:00    22:00
        pool          ├Łukasz───────────────────────────┤
                                        ├Åsa──────────────────────────────────────┤
        ");
    }

    #[test]
    fn a_scale_over_a_clock_change_keeps_to_the_wall_clock() {
        insta::assert_snapshot!(check("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", &[]), @r"
        Sun 25
        00:00       03:00    06:00     09:00    12:00    15:00     18:00    21:00
        ");
    }
}
