//! Addresses of calendars, and the feeds that there are.

use onduty::proto::v1::{Feed, FeedAddress, FeedContent, ListFeedsResponse};

use super::table::{Cell, Table};
use super::{FAINT, HEADING, NOTICE, View, plain, styled};
use crate::failure::Failure;
use crate::{feed_urls, names, qr, spans};

/// Returns the calendar addresses of a team, also as QR codes where that is asked; they are never wrapped.
///
/// # Errors
///
/// [`Failure::Refused`] where an address does not fit a QR code.
pub fn feed_addresses(team: &str, feeds: &[feed_urls::Feed], with_codes: bool) -> Result<String, Failure> {
    let mut text = format!("Calendars of {}, for any calendar program\n", plain(team));
    for feed in feeds {
        text += &format!("\n{}\n  {}\n  {}\n", styled(HEADING, plain(&feed.title)), feed.url, feed.webcal_url);
        if with_codes {
            text += &format!("\n{}", qr::code(&feed.webcal_url)?);
        }
    }
    Ok(text)
}

/// Returns the address of a feed in both forms, also as a QR code where that is asked.
///
/// # Errors
///
/// [`Failure::Refused`] where it does not fit a QR code.
pub fn feed_address(address: &FeedAddress, with_code: bool) -> Result<String, Failure> {
    let mut text = format!("{}\n{}\n", plain(&address.url), plain(&address.webcal_url));
    if with_code {
        text += &format!("\n{}", qr::code(&address.webcal_url)?);
    }
    Ok(text)
}

/// Returns what a feed is, on one line.
pub fn feed_line(feed: &Feed, view: &View) -> String {
    let id = match names::id(&feed.name) {
        "" => String::new(),
        id => format!("{id} "),
    };
    format!("{id}'{}': {}, {}", plain(&feed.display_name), shows(feed, view), reach(feed))
}

/// Returns feeds as a table.
pub fn feeds(answer: &ListFeedsResponse, view: &View) -> String {
    let mut table = Table::new(&["ID", "NAME", "SHOWS", "WHOSE", "FETCHED"]);
    for feed in &answer.feeds {
        let whose = match names::id(&feed.owner) {
            "" => plain(&feed.issuer),
            _ => view.person(&feed.owner),
        };
        let fetched = match (feed.ended, &feed.last_use_time) {
            (true, _) => Cell::styled(NOTICE, "ended"),
            (false, Some(at)) => Cell::styled(FAINT, format!("about {}", view.time(spans::instant(at)))),
            (false, None) => Cell::styled(FAINT, "never"),
        };
        let what = format!("{}, {}", shows(feed, view), reach(feed));
        table.row([names::id(&feed.name).into(), (&feed.display_name).into(), what.into(), whose.into(), fetched]);
    }
    if table.is_empty() {
        return format!("No feed.\n{}\n", view.typed("To make one", "feed create NAME"));
    }
    format!("{}\n\n{}", view.zone_now(), table.text(view.width))
}

fn shows(feed: &Feed, view: &View) -> String {
    let what = match feed.content() {
        FeedContent::OnDuty => "on duty",
        FeedContent::Standby => "standby",
        FeedContent::Handoffs => "handoffs",
        FeedContent::Gaps => "gaps",
        FeedContent::TimeOff => "time off",
        FeedContent::TasksDue => "tasks due",
        FeedContent::Unspecified => "?",
    };
    let of = match (names::id(&feed.duty), feed.resident.as_str()) {
        ("", "") => String::new(),
        ("", _) => format!(" of {}", view.person(&feed.resident)),
        (duty, _) => format!(" of {duty}"),
    };
    let busy = if feed.busy { ", busy" } else { "" };
    format!("{what}{of}{busy}")
}

fn reach(feed: &Feed) -> String {
    format!("{} days back, {} ahead", feed.past_days.unwrap_or_default(), feed.future_days.unwrap_or_default())
}
