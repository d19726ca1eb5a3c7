//! Text that differs from run to run, made the same.

use super::local::LocalServer;

/// Replaces the server's port, ids of gaps, ids and secrets that the server chose, and the version of the tz database.
pub fn same(text: &str, server: &LocalServer) -> String {
    let text = text.replace(&server.address().to_string(), "127.0.0.1:7373");
    let ids = ["override-", "off-"]
        .iter()
        .fold(text, |text, prefix| replaced(&text, prefix, |chosen| if chosen.len() == 5 { "xxxxx" } else { chosen }));
    let ids = replaced(&ids, "t-", |chosen| if chosen.len() == 12 { "xxxxxxxxxxxx" } else { chosen });
    let ids = replaced(&ids, "onduty_", |chosen| if chosen.len() == 39 { "SECRET" } else { chosen });
    let ids = replaced(&ids, "onduty_invite_", |chosen| if chosen.len() == 39 { "SECRET" } else { chosen });
    let ids = with_numbered_gaps(&ids);
    replaced(&ids, "tz database ", |version| if version.starts_with("20") { "VERSION" } else { version })
}

/// Replaces the ids of gaps, which are made with a key of the team's own, by numbers in the order in which they come.
fn with_numbered_gaps(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_hex = |word: &str| word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_id = |word: &&str| word.len() == 8 && is_hex(word) && *word != "00000000";
    let mut ids: Vec<&str> = Vec::new();
    for word in text.split(|c| !is_word(c)).filter(is_id) {
        if !ids.contains(&word) {
            ids.push(word);
        }
    }
    let numbered = (1..).zip(ids);
    numbered.fold(text.to_owned(), |text, (number, id)| text.replace(id, &format!("gap{number:05}")))
}

/// Replaces the word behind each `prefix` that begins a word itself.
fn replaced(text: &str, prefix: &str, word: impl Fn(&str) -> &str) -> String {
    let mut parts = text.split(prefix);
    let mut same = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let begins = !same.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        let (old, rest) = part.split_at(part.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(part.len()));
        same += prefix;
        same += if begins { word(old) } else { old };
        same += rest;
    }
    same
}

#[test]
fn a_gap_has_one_number_wherever_it_is_named() {
    let told = "0dde2f0c review\nonduty cover 0dde2f0c (84ffc485, deadbeefs)";
    assert_eq!(with_numbered_gaps(told), "gap00001 review\nonduty cover gap00001 (gap00002, deadbeefs)");
}

#[test]
fn only_chosen_ids_and_versions_are_replaced() {
    let word = |text: &str| replaced(text, "off-", |chosen| if chosen.len() == 5 { "xxxxx" } else { chosen });
    assert_eq!(
        word("off-reqfs (off-ab2cd) off-duty day-off-reqfs off-"),
        "off-xxxxx (off-xxxxx) off-duty day-off-reqfs off-"
    );
}
