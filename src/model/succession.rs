//! With whom a rotation goes on when its order changes (semantics 3.5b).

use super::ResidentId;

/// The place in `new` of whoever is at `place` in `old`, or of the first after them in the old order who is in it.
///
/// Of several places that somebody has in the new order it is the one around which the order, newcomers and leavers
/// aside, is as before for longest; of equals the one that is as often before it (their second, say), else the first.
pub(super) fn successor(old: &[ResidentId], place: usize, new: &[ResidentId]) -> usize {
    let size = old.len().max(1);
    let Some(next) = (0..size).map(|step| (place + step) % size).find(|at| stays(old, *at, new)) else { return 0 };
    let person = old.get(next);
    let times = times_before(old, next);
    let old = around(old, next, new);
    (0..new.len())
        .filter(|at| new.get(*at) == person)
        .min_by_key(|at| (std::cmp::Reverse(alike(&old, &around(new, *at, &old))), times_before(new, *at) != times))
        .unwrap_or(0)
}

fn stays(old: &[ResidentId], at: usize, new: &[ResidentId]) -> bool {
    old.get(at).is_some_and(|person| new.contains(person))
}

/// How often the person at `at` is in the list before it.
fn times_before(list: &[ResidentId], at: usize) -> usize {
    list.iter().take(at).filter(|person| Some(*person) == list.get(at)).count()
}

/// The order from `at` on, once round, without those who are not in `other`.
fn around(order: &[ResidentId], at: usize, other: &[ResidentId]) -> Vec<ResidentId> {
    let round = order.iter().skip(at).chain(order.iter().take(at));
    round.filter(|person| other.contains(person)).cloned().collect()
}

/// How many of the two rounds after and before their first are the same, without a break.
fn alike(old: &[ResidentId], new: &[ResidentId]) -> usize {
    let most = old.len().min(new.len()).saturating_sub(1);
    let after = old.iter().skip(1).zip(new.iter().skip(1)).take_while(|(a, b)| a == b).count();
    let before = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
    after + before
}
