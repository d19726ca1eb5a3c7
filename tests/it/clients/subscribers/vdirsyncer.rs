//! vdirsyncer with khal.

use std::collections::BTreeSet;

use super::story::Story;
use super::{Program, follow};
use crate::clients::calendars::{Clock, Subscriber};
use crate::clients::told::Event;
use crate::support::tools;

/// What khal tells of an event.
const FORM: &str = "{start-long-full} {end-long-full} {title}";

/// vdirsyncer, run whenever the calendar is to be fetched.
struct Vdirsyncer {
    subscriber: Subscriber,
    said: BTreeSet<String>,
}

impl Program for Vdirsyncer {
    fn subscribe(&mut self, url: &str) {
        self.said.clear();
        self.subscriber.subscribe(url);
        self.refresh();
    }

    fn refresh(&mut self) {
        let said = self.subscriber.sync().err().unwrap_or_default();
        self.said.extend(said.lines().filter(|line| line.starts_with("error: ")).map(str::to_owned));
    }

    fn events(&mut self) -> BTreeSet<Event> {
        let lines = self.subscriber.list(FORM, &["2026-08-01", "2027-09-01"]);
        let event = |line: &str| {
            let [start, end, title] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
            (String::new(), start.to_owned(), end.to_owned(), title.to_owned())
        };
        lines.lines().map(event).collect()
    }

    fn says(&mut self) -> BTreeSet<String> {
        self.said.clone()
    }

    /// It gives UIDs of its own.
    fn knows(&self, (_, start, end, summary): Event) -> Event {
        (String::new(), start, end, summary)
    }
}

#[test]
fn vdirsyncer_follows_a_calendar_and_keeps_what_it_has_of_one_that_is_gone() {
    let Some(python) = tools::tool(tools::PYTHON) else { return };
    let story = Story::begin();
    let subscriber = Subscriber::new(&python, &story.url(), &Clock { zone: "UTC", form: "%Y-%m-%dT%H:%M:%SZ" });
    let mut program = Vdirsyncer { subscriber, said: BTreeSet::new() };
    follow(&mut program, &story);
    let said = ["error: Unknown error occurred for duty: Not Found", "error: Use `-vdebug` to see the full traceback."];
    assert_eq!(program.says(), said.map(str::to_owned).into());
}
