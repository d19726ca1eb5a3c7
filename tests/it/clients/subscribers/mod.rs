//! Calendar programs that people subscribe with, as they are installed: each follows a calendar with a secret through
//! changes, and is shut out in the end.

mod evolution;
mod helper;
mod story;
mod thunderbird;
mod vdirsyncer;

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use super::told::Event;
use story::Story;

/// How long a program may take for one step.
const PATIENCE: Duration = Duration::from_secs(60);
/// After how long it is told to fetch once more, as some let it pass if they are about it already; then twice as long.
const AGAIN: Duration = Duration::from_secs(3);

/// A program that subscribes to one calendar.
trait Program {
    /// Adds a calendar, in place of the one there is.
    fn subscribe(&mut self, url: &str);

    /// Has it fetch the calendar again, as its button for that does.
    fn refresh(&mut self);

    /// What it shows.
    fn events(&mut self) -> BTreeSet<Event>;

    /// The failures that it told of since the calendar was added.
    fn says(&mut self) -> BTreeSet<String>;

    /// What it can know of an event.
    fn knows(&self, event: Event) -> Event {
        event
    }
}

/// Waits until the program shows what the server tells, without a word; returns that.
fn sees(program: &mut impl Program, story: &Story) -> BTreeSet<Event> {
    let told: BTreeSet<Event> = story.told().into_iter().map(|event| program.knows(event)).collect();
    shows(program, &told);
    assert_eq!(program.says(), BTreeSet::new());
    told
}

/// Waits until the program shows these events. Some empty a calendar before they fill it again.
fn shows(program: &mut impl Program, expected: &BTreeSet<Event>) {
    until(program, |program| {
        let events = program.events();
        let lacks: Vec<_> = expected.difference(&events).collect();
        let has: Vec<_> = events.difference(expected).collect();
        (events != *expected).then(|| format!("it lacks {lacks:?}, has {has:?}"))
    });
}

/// Waits until the program has asked twice where nothing is, so that it has done with the first answer, and shows these
/// events.
fn is_left_with(program: &mut impl Program, story: &Story, expected: &BTreeSet<Event>) {
    for _ in 0..2 {
        let before = story.refusals();
        program.refresh();
        until(program, |_| (story.refusals() == before).then(|| "it does not ask".to_owned()));
    }
    shows(program, expected);
}

/// Waits until nothing is amiss, and has the program fetch the calendar now and then.
#[expect(
    clippy::disallowed_methods,
    reason = "programs of others go by their own time, and do not say when they are done"
)]
fn until<P: Program>(program: &mut P, mut amiss: impl FnMut(&mut P) -> Option<String>) {
    let began = Instant::now();
    let mut again = AGAIN;
    while let Some(what) = amiss(program) {
        assert!(began.elapsed() < PATIENCE, "{what}; it says {:?}", program.says());
        thread::sleep(Duration::from_millis(100));
        if began.elapsed() > again {
            program.refresh();
            again *= 2;
        }
    }
}

/// Has the program follow the calendar through everything that happens to it; returns its last address, and what the
/// program shows in the end.
///
/// While it is shut out something changes, of which it must not learn.
fn follow(program: &mut impl Program, story: &Story) -> (String, BTreeSet<Event>) {
    program.subscribe(&story.url());
    let planned = sees(program, story);

    // Another person for a whole shift, and for the first half of one.
    story.cover("whole", Some("mei"), ["2026-11-30T01:30:00Z", "2026-12-01T01:30:00Z"]);
    story.cover("half", Some("mei"), ["2026-12-02T01:30:00Z", "2026-12-02T13:30:00Z"]);
    program.refresh();
    let covered = sees(program, story);
    assert_eq!((covered.difference(&planned).count(), planned.difference(&covered).count()), (3, 2));

    // Nobody for a whole shift.
    story.cover("off", None, ["2026-12-04T01:30:00Z", "2026-12-05T01:30:00Z"]);
    program.refresh();
    let fewer = sees(program, story);
    assert_eq!((fewer.difference(&covered).count(), covered.difference(&fewer).count()), (0, 1));

    // Another secret.
    let url = story.rotate();
    story.uncover("half");
    is_left_with(program, story, &fewer);
    program.subscribe(&url);
    let last = sees(program, story);
    assert_ne!(last, fewer);

    // No calendar.
    story.revoke();
    story.uncover("whole");
    is_left_with(program, story, &last);
    (url, last)
}
