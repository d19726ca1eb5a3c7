//! Whose turn it is after a row of edits of one rotation: semantics 3.5 word for word, as a list of turns.
//!
//! Written from `docs/semantics.md` alone: it walks from boundary to boundary and shares with the code only where a
//! grid's boundaries lie. Offsets, numbers of grids and held turns as they are stored mean nothing here.

use onduty::civil::{DateTime, Instant, ShiftLength};
use onduty::model::{ResidentId, Rotation, ZoneName};

use super::terse::rules;

/// What an edit states of a layer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Stated {
    pub order: Vec<ResidentId>,
    pub length: ShiftLength,
    pub anchor: DateTime,
    pub zone: ZoneName,
    /// Stands for what is no part of the rotation.
    pub at_work: bool,
}

impl Stated {
    fn grid(&self) -> (ShiftLength, DateTime, &ZoneName) {
        (self.length, self.anchor, &self.zone)
    }
}

/// A turn, or a part of one: from when, whose, and what is in force.
#[derive(Clone, Debug)]
struct Part {
    from: Instant,
    /// `None` where there is no layer.
    turn: Option<Turn>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
struct Turn {
    stated: Stated,
    number: i64,
    place: usize,
    held: bool,
}

/// All turns of a layer, as far as the tests look.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    parts: Vec<Part>,
}

impl Turns {
    /// Who is on turn at `t`, and whether they have to be at work.
    pub fn at(&self, t: Instant) -> Option<(&ResidentId, bool)> {
        let part = self.parts.iter().rev().find(|part| part.from <= t)?;
        let turn = part.turn.as_ref()?;
        Some((&turn.stated.order[turn.place], turn.stated.at_work))
    }

    /// When turns begin and what is in force changes.
    pub fn starts(&self) -> impl Iterator<Item = Instant> + '_ {
        self.parts.iter().map(|part| part.from)
    }

    /// 3.5d: whether anything is planned for after `t`.
    pub fn planned_after(&self, t: Instant) -> bool {
        let in_force =
            |part: Option<&Part>| part.and_then(|part| part.turn.as_ref()).map(|turn| (turn.stated.clone(), turn.held));
        (0..self.parts.len()).filter(|index| self.parts[*index].from > t).any(|index| {
            let before = index.checked_sub(1).and_then(|before| self.parts.get(before));
            in_force(before) != in_force(self.parts.get(index))
        })
    }

    /// What is stated last.
    pub fn last_stated(&self) -> Option<&Stated> {
        Some(&self.parts.last()?.turn.as_ref()?.stated)
    }

    /// The layer ends at `c`.
    pub fn end(&mut self, c: Instant) {
        self.parts.retain(|part| part.from < c);
        self.parts.push(Part { from: c, turn: None });
    }

    /// 3.5a to c: an edit at `c`; `at_once` where it states an instant and so need not wait for a boundary.
    pub fn edit(&mut self, c: Instant, stated: &Stated, at_once: bool) {
        self.parts.retain(|part| part.from < c);
        let Some(before) = self.parts.last().and_then(|part| part.turn.clone()) else {
            return self.begin(c, stated);
        };
        if stated.grid() == before.stated.grid() && !before.held {
            self.new_order(c, &before, stated, at_once);
        } else {
            self.new_grid(c, &before, stated);
        }
    }

    /// 3.3: turn `k` is that of participant `k` mod size.
    fn begin(&mut self, c: Instant, stated: &Stated) {
        let number = number_at(stated, c);
        let place = usize::try_from(number.rem_euclid(stated.order.len() as i64)).unwrap();
        self.go_on(c, Turn { stated: stated.clone(), number, place, held: false });
    }

    /// 3.5b: the old order up to the point, the new one from there; everything else of the edit at once.
    fn new_order(&mut self, c: Instant, before: &Turn, stated: &Stated, at_once: bool) {
        let until = Stated { order: before.stated.order.clone(), ..stated.clone() };
        self.go_on(c, Turn { stated: until, ..before.at(c) });
        if stated.order == before.stated.order {
            return;
        }
        let point = if at_once { c } else { first_boundary(stated, c) };
        self.parts.retain(|part| part.from < point);
        let turn = before.at(point);
        let place = beginning(&before.stated.order, turn.place, &stated.order);
        self.go_on(point, Turn { stated: stated.clone(), place, ..turn });
    }

    /// 3.5c: whoever is on turn stays so up to the new grid's first boundary; there whoever comes after them begins.
    fn new_grid(&mut self, c: Instant, before: &Turn, stated: &Stated) {
        let point = first_boundary(stated, c);
        let in_progress = if point == c { before.clone() } else { before.at(c) };
        if point > c {
            let until = Stated { at_work: stated.at_work, ..in_progress.stated.clone() };
            self.parts.push(Part { from: c, turn: Some(Turn { stated: until, held: true, ..in_progress.clone() }) });
        }
        let size = in_progress.stated.order.len();
        let place = beginning(&in_progress.stated.order, (in_progress.place + 1) % size, &stated.order);
        let number = number_at(stated, point);
        self.go_on(point, Turn { stated: stated.clone(), number, place, held: false });
    }

    /// Adds `turn`, in progress at `from`, and all that follow it.
    fn go_on(&mut self, from: Instant, turn: Turn) {
        let all = boundaries(&turn.stated);
        let later = all.iter().map(|(_, at)| *at).filter(|at| *at > from && !turn.held);
        let starts = std::iter::once(from).chain(later);
        self.parts.extend(starts.map(|from| Part { from, turn: Some(turn.at_one_of(&all, from)) }));
    }
}

impl Turn {
    /// The turn at `t`, a later instant, if nothing is edited.
    fn at(&self, t: Instant) -> Self {
        self.at_one_of(&boundaries(&self.stated), t)
    }

    fn at_one_of(&self, boundaries: &[(i64, Instant)], t: Instant) -> Self {
        if self.held {
            return self.clone();
        }
        let number = largest(boundaries, t);
        let passed = usize::try_from(number - self.number).unwrap();
        Self { number, place: (self.place + passed) % self.stated.order.len(), ..self.clone() }
    }
}

/// 3.1: every boundary that matters, by stepping through them.
fn boundaries(stated: &Stated) -> Vec<(i64, Instant)> {
    let rotation = Rotation {
        participants: Vec::new(),
        length: stated.length,
        anchor: stated.anchor,
        zone: stated.zone.clone(),
        offset: 0,
        grid: 0,
        held_turn: None,
    };
    let grid = rotation.turns(stated.zone.zone(rules()).unwrap());
    (-150..150).map(|number| (number, grid.boundary(number))).collect()
}

/// 3.1: the largest `k` with a boundary at or before `t`.
fn number_at(stated: &Stated, t: Instant) -> i64 {
    largest(&boundaries(stated), t)
}

fn largest(boundaries: &[(i64, Instant)], t: Instant) -> i64 {
    boundaries.iter().filter(|(_, at)| *at <= t).map(|(number, _)| *number).max().unwrap()
}

fn first_boundary(stated: &Stated, t: Instant) -> Instant {
    boundaries(stated).into_iter().map(|(_, at)| at).find(|at| *at >= t).unwrap()
}

/// 3.5b: where the new order begins if the person at `place` of the old one is next.
fn beginning(old: &[ResidentId], place: usize, new: &[ResidentId]) -> usize {
    let turned: Vec<&ResidentId> = old[place..].iter().chain(&old[..place]).collect();
    let Some(gone) = turned.iter().position(|person| new.contains(person)) else { return 0 };
    let stays: Vec<&ResidentId> = turned[gone..].iter().chain(&turned[..gone]).copied().collect();
    let stays: Vec<&ResidentId> = stays.into_iter().filter(|person| new.contains(person)).collect();
    let nth = |list: &[ResidentId], place: usize| list[..place].iter().filter(|person| *person == stays[0]).count();
    let times = nth(old, (place + gone) % old.len());
    let places = (0..new.len()).filter(|at| new[*at] == *stays[0]);
    // The one around which the order is as before for longest; of equals the one that is as often before it, then
    // the first.
    places.rev().max_by_key(|at| (alike(&stays, old, new, *at), nth(new, *at) == times)).unwrap()
}

/// How many before and after the first of `stays` are the same in the new order around `at`.
fn alike(stays: &[&ResidentId], old: &[ResidentId], new: &[ResidentId], at: usize) -> usize {
    let turned = new[at..].iter().chain(&new[..at]);
    let turned: Vec<&ResidentId> = turned.filter(|person| old.contains(person)).collect();
    let after = stays.iter().skip(1).zip(turned.iter().skip(1)).take_while(|(a, b)| a == b).count();
    let most = stays.len().min(turned.len()) - 1;
    let before = stays.iter().rev().zip(turned.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    after + before
}
