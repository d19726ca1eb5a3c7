//! Ids that the server chooses.

use uuid::Uuid;

use crate::model::TeamSnapshot;

/// What they are made of: nothing that reads like something else.
const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// How many of them.
const LETTERS_COUNT: usize = 5;
/// How many ids are tried.
const ATTEMPTS: u32 = 1_000;

/// Returns an id for something of `team` that `fits` accepts, such as `off-7kx2m`: the same for the same `seed`. `None`
/// where all that are tried are taken.
///
/// It is drawn with the team's key: whoever could work it out would see from another one that theirs is taken
/// (semantics 8.2b).
pub fn drawn_id<I>(team: &TeamSnapshot, word: &str, seed: Uuid, fits: impl Fn(&str) -> Option<I>) -> Option<I> {
    (0..ATTEMPTS).find_map(|attempt| {
        let drawn = team.identities().identity(&format!("id/{word}/{seed}/{attempt}"));
        let letters = drawn.as_bytes().iter().take(LETTERS_COUNT);
        let letters = letters.filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()));
        let text: String = letters.map(|letter| char::from(*letter)).collect();
        fits(&format!("{word}-{text}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TeamId;

    #[test]
    fn drawn_ids_are_short_and_follow_the_seed() {
        let team = TeamSnapshot::empty(TeamId::new("psf").unwrap());
        let id = |seed| drawn_id(&team, "task", Uuid::from_u128(seed), |text| Some(text.to_owned())).unwrap();
        assert_eq!(id(1), id(1));
        assert_ne!(id(1), id(2));
        assert_eq!(id(1).len(), "task-".len() + LETTERS_COUNT);
        let others = drawn_id(&team, "task", Uuid::from_u128(1), |text| (text != id(1)).then(|| text.to_owned()));
        assert_ne!(others.unwrap(), id(1));
    }
}
