//! Whether an event counts: what was asked for, and what the event says of itself.

use super::property::Property;
use super::{Ask, Taken, Which};

/// Whether an event counts and, if not, why.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Standing {
    Counts,
    NotWanted,
    Free,
    Tentative,
    Cancelled,
    Declined,
}

/// What somebody is during an event, as far as others are concerned.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Presence {
    Free,
    Tentative,
    Busy,
    Away,
}

/// Tells whether an event counts.
pub(super) fn standing(properties: &[Property], whole_days: bool, ask: &Ask<'_>) -> Standing {
    let one = |name: &str| properties.iter().find(|property| property.name == name);
    let status = |word: &str| one("STATUS").is_some_and(|status| status.says(word));
    if status("CANCELLED") || status("CANCELED") {
        return Standing::Cancelled;
    }
    if ask.taken == Taken::Holidays {
        return if whole_days { Standing::Counts } else { Standing::NotWanted };
    }
    let declines = |property: &Property| {
        property.parameter("PARTSTAT").is_some_and(|answer| answer.eq_ignore_ascii_case("DECLINED"))
    };
    if one("ATTENDEE").is_some_and(declines) {
        return Standing::Declined;
    }
    let busy = busy(one("X-MICROSOFT-CDO-BUSYSTATUS"), one("TRANSP"));
    let wanted = match &ask.wanted.which {
        Which::AllDay => whole_days || busy == Presence::Away,
        Which::Every => true,
        Which::Category(category) => {
            let wanted = category.trim().to_lowercase();
            let mut words =
                properties.iter().filter(|property| property.name == "CATEGORIES").flat_map(Property::words);
            words.any(|word| word.trim().to_lowercase() == wanted)
        }
        Which::Title(word) => one("SUMMARY").is_some_and(|title| has_word(&title.value, word)),
    };
    match busy {
        _ if !wanted => Standing::NotWanted,
        Presence::Free if !ask.wanted.free_too => Standing::Free,
        Presence::Tentative | Presence::Busy
            if (busy == Presence::Tentative || status("TENTATIVE")) && !ask.wanted.tentative_too =>
        {
            Standing::Tentative
        }
        _ => Standing::Counts,
    }
}

/// What Outlook says goes before `TRANSP`, which can only say whether somebody is busy. Working elsewhere is working.
fn busy(outlook: Option<&Property>, transparency: Option<&Property>) -> Presence {
    let says = |word: &str| outlook.is_some_and(|property| property.says(word));
    if says("OOF") {
        Presence::Away
    } else if says("BUSY") {
        Presence::Busy
    } else if says("TENTATIVE") {
        Presence::Tentative
    } else if says("FREE")
        || says("WORKINGELSEWHERE")
        || transparency.is_some_and(|property| property.says("TRANSPARENT"))
    {
        Presence::Free
    } else {
        Presence::Busy
    }
}

/// Whether `word` stands in a title, in any case, and is no part of a longer word.
fn has_word(title: &str, word: &str) -> bool {
    let (title, word) = (title.to_lowercase(), word.trim().to_lowercase());
    !word.is_empty()
        && title.match_indices(&word).any(|(at, found)| {
            let (before, after) = (title.get(..at), title.get(at + found.len()..));
            let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            apart(before.and_then(|text| text.chars().next_back())) && apart(after.and_then(|text| text.chars().next()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_a_title_is_a_whole_one_in_any_case() {
        for title in ["urlaub", "Mein URLAUB!", "Urlaub (Polen)"] {
            assert!(has_word(title, " Urlaub "), "{title}");
        }
        for title in ["Urlaubsplanung", "Sommerurlaub", ""] {
            assert!(!has_word(title, "Urlaub"), "{title}");
        }
        assert!(has_word("Out of Office: Łódź", "out of office") && has_word("ŁÓDŹ", "łódź"));
        assert!(!has_word("anything", ""));
    }
}
