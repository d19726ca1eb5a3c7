//! A rotation that is edited again and again, as coordinators do: through drafts, and beside them through [`Turns`].

use std::collections::{BTreeMap, BTreeSet};

use onduty::civil::{Instant, ShiftLength, ShiftUnit};
use onduty::model::*;
use onduty::roster::{Change, Dated, Draft, Refusal};

use super::build::Build;
use super::terse::{duty, instant, local, people, rules};
use super::turns::{Stated, Turns};

/// When an edit is made, and what it says of that.
#[derive(Clone, Copy, Debug)]
pub struct When {
    pub at: Instant,
    /// Whether the edit states the instant; otherwise it is "from now on".
    pub dated: bool,
    /// Whether it drops what is planned for later.
    pub replace_later: bool,
}

/// A layer and all that was done to it.
pub struct Life {
    pub team: TeamSnapshot,
    /// The same by the definition.
    pub turns: Turns,
}

impl Life {
    /// Nothing yet.
    pub fn new() -> Self {
        let build = Build::new("UTC").residents("asa bo cy dee eli");
        Self { team: build.team().clone(), turns: Turns::default() }
    }

    /// Edits the layer, or ends it with its duty; tells whether the edit was refused.
    pub fn edit(&mut self, when: When, stated: Option<&Stated>) -> bool {
        let change = Change { revision: self.team.revision + 1, time: when.at };
        let dated = Dated {
            effective: Some(when.at).filter(|_| when.dated),
            correction: true,
            replace_later: when.replace_later,
        };
        let mut draft = Draft::new(&self.team, change, rules());
        let value = stated.map(|stated| (the_duty(), BTreeMap::from([(the_layer(), layer(stated))])));
        match draft.duty(&duty("d"), value, dated, Origin::Entered) {
            Err(Refusal::LaterVersion { .. }) => return true,
            other => other.unwrap(),
        }
        self.team = draft.after().clone();
        self.team.revision = change.revision;
        self.turns_edited(when, stated);
        false
    }

    /// Whether an edit at `when` says what is stated already: it repeats what is planned last, and changes nothing.
    pub fn repeats(&self, when: When, stated: Option<&Stated>) -> bool {
        !when.dated && stated.is_some() && self.turns.last_stated() == stated
    }

    fn turns_edited(&mut self, when: When, stated: Option<&Stated>) {
        match stated {
            _ if self.repeats(when, stated) => {}
            Some(stated) => self.turns.edit(when.at, stated, when.dated),
            None => self.turns.end(when.at),
        }
    }

    /// The versions of the layer.
    pub fn versions(&self) -> Versions<Layer> {
        let duty = self.team.duties.get(&duty("d"));
        duty.and_then(|duty| duty.layers.get(&the_layer()).cloned()).unwrap_or_default()
    }

    /// Who is on turn at `t` by what is stored, whether they have to be at work, and in which turn of which grid.
    pub fn at(&self, t: Instant) -> Option<((ResidentId, bool), (u32, i64))> {
        let versions = self.versions();
        let (_, layer) = versions.at(t)?;
        let Source::Rotation(rotation) = &layer.source else { panic!("no rotation") };
        let grid = rotation.turns(rotation.zone.zone(rules()).unwrap());
        let turn = rotation.held_turn.unwrap_or_else(|| grid.turn_at(t));
        let person = rotation.participants[rotation.place_of_turn(turn)].clone();
        Some(((person, layer.hours == Hours::Working), (rotation.grid, turn)))
    }

    /// Who is on turn at each of `times`, by what is stored.
    pub fn people(&self, times: &str, zone: &str) -> String {
        let times = times.split(',').map(|time| instant(time.trim(), zone));
        let shown = times.map(|time| self.at(time).map_or("-".to_owned(), |((person, _), _)| person.to_string()));
        shown.collect::<Vec<_>>().join(" ")
    }

    /// Every turn that begins again after another one, or after none, has come between.
    pub fn shared_turns(&self, times: &BTreeSet<Instant>) -> Vec<(u32, i64)> {
        let mut row: Vec<Option<(u32, i64)>> = times.iter().map(|at| self.at(*at).map(|(_, turn)| turn)).collect();
        row.dedup();
        let mut seen = BTreeSet::new();
        row.into_iter().flatten().filter(|turn| !seen.insert(*turn)).collect()
    }
}

/// Reads a rotation such as `asa bo cy`, a length and `2026-03-02 09:00`.
pub fn stated(order: &str, length: (u32, ShiftUnit), anchor: &str, zone: &str) -> Stated {
    Stated {
        order: people(order),
        length: ShiftLength::new(length.0, length.1).unwrap(),
        anchor: local(anchor),
        zone: ZoneName::new(zone),
        at_work: false,
    }
}

fn the_layer() -> LayerId {
    LayerId::new("l").unwrap()
}

fn the_duty() -> Duty {
    Duty {
        title: "Review".to_owned(),
        description: String::new(),
        requirements: Vec::new(),
        layers: vec![the_layer()],
        skills: Vec::new(),
        headcount: Headcount::Count(1),
        criticality: Criticality::Normal,
        in_feed: true,
    }
}

fn layer(stated: &Stated) -> Layer {
    Layer {
        source: Source::Rotation(Rotation {
            participants: stated.order.clone(),
            length: stated.length,
            anchor: stated.anchor,
            zone: stated.zone.clone(),
            offset: 0,
            grid: 1,
            held_turn: None,
        }),
        windows: None,
        hours: if stated.at_work { Hours::Working } else { Hours::Any },
        when_absent: WhenAbsent::NextLayer,
        shadows: Vec::new(),
    }
}
