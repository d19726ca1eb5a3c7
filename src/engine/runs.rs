//! Runs: weekly hours united, each edge labelled by its local day and its number within it (semantics 4.6).

use std::collections::HashMap;

use crate::civil::{Day, Interval};

/// Names one edge of a run: the local day of the hours, and which such edge of that day it is, from 0.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Label {
    pub day: Day,
    pub number: u32,
}

/// Hours that touch or overlap, united.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Run {
    pub interval: Interval,
    pub begin: Label,
    pub end: Label,
}

/// Unites stretches of hours, each with the local day to which it belongs.
///
/// Labels depend only on the hours near the edge, not on where the list begins, as long as it begins some days earlier.
pub(super) fn unite(mut stretches: Vec<(Interval, Day)>) -> Vec<Run> {
    // Before their ends: an end may be cut by what is asked for, and of hours that begin at one instant the earliest day
    // names the edge.
    stretches.sort_unstable_by_key(|(interval, day)| (interval.start(), *day, interval.end()));
    let mut runs: Vec<Run> = Vec::with_capacity(stretches.len());
    for (interval, day) in stretches {
        let label = Label { day, number: 0 };
        let joined = runs.last().filter(|run| interval.start() <= run.interval.end()).copied();
        match joined {
            Some(run) if interval.end() > run.interval.end() => {
                if let (Some(last), Some(whole)) =
                    (runs.last_mut(), Interval::new(run.interval.start(), interval.end()))
                {
                    *last = Run { interval: whole, end: label, ..run };
                }
            }
            Some(_) => {}
            None => runs.push(Run { interval, begin: label, end: label }),
        }
    }
    number(&mut runs);
    runs
}

/// Numbers the edges within each day, beginnings and ends apart.
fn number(runs: &mut [Run]) {
    let (mut begins, mut ends) = (HashMap::new(), HashMap::new());
    for run in runs {
        for (label, seen) in [(&mut run.begin, &mut begins), (&mut run.end, &mut ends)] {
            let next: &mut u32 = seen.entry(label.day).or_default();
            label.number = *next;
            *next += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::civil::Instant;

    fn stretch(start: i64, end: i64, day: i32) -> (Interval, Day) {
        let interval = Interval::new(Instant::from_seconds(start), Instant::from_seconds(end)).unwrap();
        (interval, Day::from_number(day))
    }

    #[test]
    fn stretches_that_touch_become_one_run_with_the_labels_of_its_edges() {
        let runs = unite(vec![stretch(0, 10, 1), stretch(20, 30, 1), stretch(30, 40, 2), stretch(50, 60, 2)]);
        let labels: Vec<_> = runs
            .iter()
            .map(|run| (run.begin.day.number(), run.begin.number, run.end.day.number(), run.end.number))
            .collect();
        assert_eq!(labels, [(1, 0, 1, 0), (1, 1, 2, 0), (2, 0, 2, 1)]);
    }

    #[test]
    fn hours_that_begin_together_are_named_by_the_earliest_day_wherever_they_are_cut() {
        let first_day =
            |end| unite(vec![stretch(0, 5, 2), stretch(0, end, 1)]).first().map(|run| run.begin.day.number());
        assert_eq!([4, 5, 6, 100].map(first_day), [Some(1); 4]);
    }
}
