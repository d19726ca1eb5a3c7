//! Resource names such as `teams/psf/residents/asa`, and the short ids that people type.

/// Returns the last part of a resource name: what people type.
pub fn id(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, id)| id)
}

/// Returns the name of a team that is given by its id or its name.
pub fn team(text: &str) -> String {
    if text.starts_with("teams/") { text.to_owned() } else { format!("teams/{text}") }
}

/// Returns the name of a `collection`'s member in `team` (a name), given by its id or its name.
pub fn child(team: &str, collection: &str, text: &str) -> String {
    if text.starts_with("teams/") { text.to_owned() } else { format!("{team}/{collection}/{text}") }
}

/// Returns the collection that a resource name ends in, such as `duties`; the empty text for anything else.
pub fn collection(name: &str) -> &str {
    name.rsplit('/').nth(1).unwrap_or_default()
}

/// Returns the team that a resource name lies in.
pub fn team_of(name: &str) -> String {
    name.split('/').take(2).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_completed_and_a_name_is_kept() {
        assert_eq!(child("teams/psf", "duties", "reviews"), "teams/psf/duties/reviews");
        assert_eq!(child("teams/psf", "duties", "teams/eu/duties/x"), "teams/eu/duties/x");
        assert_eq!(team("psf"), team("teams/psf"));
    }

    #[test]
    fn a_name_gives_its_parts() {
        let name = "teams/psf/timeOff/flu";
        assert_eq!((id(name), collection(name)), ("flu", "timeOff"));
        assert_eq!(team_of(name), "teams/psf");
    }
}
