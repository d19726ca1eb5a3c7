//! The addresses of a public team's calendars.

use onduty::proto::v1::{Duty, Resident, Team};
use serde::Serialize;

use crate::failure::Failure;
use crate::{hints, names};

/// One calendar to subscribe to.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Feed {
    /// What it shows.
    pub title: String,
    /// The team, duty or resident that it is of, by name.
    pub name: String,
    /// Its address.
    pub url: String,
    /// The same address in the form that calendar programs open.
    pub webcal_url: String,
}

/// Returns the calendars of a team at `server`, a URL: those of the whole team, one for each duty, one for each resident.
pub fn feeds(server: &str, team: &Team, duties: &[Duty], residents: &[Resident]) -> Vec<Feed> {
    let team_id = names::id(&team.name);
    let feed = |title: String, name: &str, path: String| {
        let url = format!("{server}/feeds/{team_id}/{path}.ics");
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        Feed { title, name: name.to_owned(), webcal_url: format!("webcal://{rest}"), url }
    };
    let of_all = [
        ("Everybody on duty", "on-duty"),
        ("Who is next in line", "standby"),
        ("Handoffs", "handoffs"),
        ("Gaps", "gaps"),
    ];
    let of_all = of_all.map(|(title, path)| feed(title.to_owned(), &team.name, path.to_owned()));
    let mut feeds = Vec::from(of_all);
    feeds.extend(
        duties
            .iter()
            .map(|duty| feed(format!("Duty: {}", duty.title), &duty.name, format!("duties/{}", names::id(&duty.name)))),
    );
    feeds.extend(residents.iter().map(|resident| {
        let path = format!("residents/{}", names::id(&resident.name));
        feed(format!("Resident: {}", resident.display_name), &resident.name, path)
    }));
    feeds
}

/// Returns those of the feeds of `team` that are of the duties and residents with these ids, in the order in which they are
/// named.
///
/// # Errors
///
/// [`Failure::Refused`] with every id that nothing has.
pub fn chosen(feeds: &[Feed], team: &str, ids: &[String]) -> Result<Vec<Feed>, Failure> {
    // The team itself is asked for by naming nobody.
    let children: Vec<&Feed> = feeds.iter().filter(|feed| feed.name.starts_with(&format!("{team}/"))).collect();
    let is_of = |feed: &Feed, id: &str| names::id(&feed.name) == id;
    let unknown: Vec<&str> =
        ids.iter().map(String::as_str).filter(|id| !children.iter().any(|feed| is_of(feed, id))).collect();
    if let Some(first) = unknown.first() {
        let message = format!("neither a duty nor a resident is called {}", unknown.join(", "));
        let known = children.iter().map(|feed| names::id(&feed.name));
        let list = || "`onduty list duties` and `onduty list residents` say what there is".to_owned();
        return Err(Failure::refused(message, hints::did_you_mean(first, known).unwrap_or_else(list)));
    }
    Ok(ids.iter().flat_map(|id| children.iter().copied().filter(|feed| is_of(feed, id)).cloned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_team_a_duty_and_a_resident_have_a_calendar_each() {
        let team = Team { name: "teams/psf".to_owned(), ..Team::default() };
        let duty = Duty { name: "teams/psf/duties/security".to_owned(), ..Duty::default() };
        let resident = Resident { name: "teams/psf/residents/asa".to_owned(), ..Resident::default() };
        let feeds = feeds("http://127.0.0.1:7373", &team, &[duty], &[resident]);
        let urls = feeds.iter().map(|feed| feed.url.as_str()).collect::<Vec<_>>();
        assert_eq!(
            urls,
            [
                "http://127.0.0.1:7373/feeds/psf/on-duty.ics",
                "http://127.0.0.1:7373/feeds/psf/standby.ics",
                "http://127.0.0.1:7373/feeds/psf/handoffs.ics",
                "http://127.0.0.1:7373/feeds/psf/gaps.ics",
                "http://127.0.0.1:7373/feeds/psf/duties/security.ics",
                "http://127.0.0.1:7373/feeds/psf/residents/asa.ics",
            ]
        );
        assert_eq!(feeds[0].webcal_url, "webcal://127.0.0.1:7373/feeds/psf/on-duty.ics");
    }

    #[test]
    fn feeds_are_chosen_by_the_ids_of_duties_and_residents() {
        let team = Team { name: "teams/asa".to_owned(), ..Team::default() };
        let duty = Duty { name: "teams/asa/duties/security".to_owned(), ..Duty::default() };
        let resident = Resident { name: "teams/asa/residents/asa".to_owned(), ..Resident::default() };
        let feeds = feeds("http://127.0.0.1:7373", &team, &[duty], &[resident]);
        let chosen = |ids: &[&str]| {
            let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
            super::chosen(&feeds, &team.name, &ids)
        };
        let names =
            |ids: &[&str]| chosen(ids).ok().map(|feeds| feeds.into_iter().map(|feed| feed.name).collect::<Vec<_>>());
        let (asa, security) = ("teams/asa/residents/asa".to_owned(), "teams/asa/duties/security".to_owned());
        assert_eq!(names(&["asa", "security"]), Some(vec![asa, security]));
        assert_eq!(names(&["asa", "nobody"]), None);
        assert!(
            matches!(chosen(&["securty"]), Err(Failure::Refused { hint, .. }) if hint == "did you mean 'security'?")
        );
    }
}
