//! Text that differs from run to run, made the same.

use super::local::LocalServer;

/// Replaces the server's port, ids and secrets that the server chose, and the version of the tz database.
pub fn same(text: &str, server: &LocalServer) -> String {
    let text = text.replace(&server.address().to_string(), "127.0.0.1:7373");
    let ids = ["override-", "off-"]
        .iter()
        .fold(text, |text, prefix| replaced(&text, prefix, |chosen| if chosen.len() == 5 { "xxxxx" } else { chosen }));
    let ids = replaced(&ids, "t-", |chosen| if chosen.len() == 12 { "xxxxxxxxxxxx" } else { chosen });
    let ids = replaced(&ids, "onduty_", |chosen| if chosen.len() == 39 { "SECRET" } else { chosen });
    let ids = replaced(&ids, "onduty_invite_", |chosen| if chosen.len() == 39 { "SECRET" } else { chosen });
    replaced(&ids, "tz database ", |version| if version.starts_with("20") { "VERSION" } else { version })
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
fn only_chosen_ids_and_versions_are_replaced() {
    let word = |text: &str| replaced(text, "off-", |chosen| if chosen.len() == 5 { "xxxxx" } else { chosen });
    assert_eq!(
        word("off-reqfs (off-ab2cd) off-duty day-off-reqfs off-"),
        "off-xxxxx (off-xxxxx) off-duty day-off-reqfs off-"
    );
}
