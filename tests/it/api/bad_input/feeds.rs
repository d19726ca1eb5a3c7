//! `FeedService`.

use onduty::proto::v1;

use super::case::{Case, Cases, Edit};
use super::values::{long, resident};

pub fn cases() -> Vec<Case> {
    [create(), list(), rotate(), delete()].into_iter().flatten().collect()
}

fn feed() -> v1::Feed {
    v1::Feed {
        display_name: "phone".to_owned(),
        content: v1::FeedContent::OnDuty.into(),
        resident: resident("asa"),
        owner: resident("asa"),
        busy: true,
        ..Default::default()
    }
}

const FEED: &[Edit<v1::Feed>] = &[
    ("display_name", |f| f.display_name.clear()),
    ("display_name", |f| f.display_name = long(101)),
    ("display_name", |f| f.display_name = "a\u{202e}b".to_owned()),
    ("content", |f| f.content = 0),
    ("content", |f| f.content = 99),
    ("duty", |f| (f.duty, f.resident, f.busy) = ("review".to_owned(), String::new(), false)),
    ("duty", |f| (f.duty, f.resident, f.busy) = ("teams/psf/duties/revue".to_owned(), String::new(), false)),
    ("duty", |f| {
        let duty = "teams/psf/duties/review".to_owned();
        (f.duty, f.resident, f.busy, f.content) = (duty, String::new(), false, v1::FeedContent::TimeOff.into());
    }),
    ("resident", |f| f.duty = "teams/psf/duties/review".to_owned()),
    ("resident", |f| f.resident = "asa".to_owned()),
    ("resident", |f| (f.resident, f.busy) = (resident("ada"), false)),
    ("resident", |f| (f.content, f.busy) = (v1::FeedContent::Gaps.into(), false)),
    ("past_days", |f| f.past_days = Some(-1)),
    ("past_days", |f| f.past_days = Some(91)),
    ("future_days", |f| f.future_days = Some(0)),
    ("future_days", |f| f.future_days = Some(367)),
    ("future_days", |f| (f.resident, f.busy, f.future_days) = (String::new(), false, Some(184))),
    ("future_days", |f| f.future_days = Some(i32::MAX)),
    ("titles", |f| f.titles = 99),
    ("busy", |f| f.content = v1::FeedContent::Standby.into()),
    ("busy", |f| f.resident.clear()),
    ("busy", |f| f.owner = resident("bo")),
    ("owner", |f| f.owner = "asa".to_owned()),
    ("owner", |f| f.owner = "teams/other/residents/asa".to_owned()),
    ("owner", |f| (f.owner, f.busy) = (resident("ada"), false)),
    ("display_name, content", |f| *f = v1::Feed::default()),
];

fn create() -> Vec<Case> {
    let good = v1::CreateFeedRequest { parent: "teams/psf".to_owned(), feed: Some(feed()), validate_only: false };
    Cases::of(good)
        .part("feed.", |request| request.feed.get_or_insert_default(), FEED)
        .each("parent", |request| &mut request.parent, ["", "psf", "teams/", "teams/P"].map(str::to_owned))
        .when("feed.display_name, feed.content", |request| request.feed = None)
        .when("NotFound RESOURCE_NOT_FOUND", |request| {
            request.parent = "teams/psff".to_owned();
            request.feed = Some(v1::Feed { resident: String::new(), owner: String::new(), busy: false, ..feed() });
        })
        .done()
}

fn list() -> Vec<Case> {
    Cases::of(v1::ListFeedsRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .each("parent", |request| &mut request.parent, ["", "psf", "teams/", "teams/P"].map(str::to_owned))
        .page(|request| &mut request.page_size, |request| &mut request.page_token)
        .done()
}

fn names() -> ([String; 5], [String; 2]) {
    let malformed = ["", "f-x", "teams/psf/feeds/", "teams/psf/tokens/f-x", &format!("teams/psf/feeds/{}", long(64))];
    (malformed.map(str::to_owned), ["teams/psf/feeds/f-aaaaaaaaaaaa", "teams/none/feeds/f-a"].map(str::to_owned))
}

fn rotate() -> Vec<Case> {
    let (malformed, missing) = names();
    Cases::of(v1::RotateFeedSecretRequest::default())
        .each("name", |request| &mut request.name, malformed)
        .each("NotFound RESOURCE_NOT_FOUND", |request| &mut request.name, missing)
        .done()
}

fn delete() -> Vec<Case> {
    let (malformed, missing) = names();
    Cases::of(v1::DeleteFeedRequest::default())
        .each("name", |request| &mut request.name, malformed)
        .each("NotFound RESOURCE_NOT_FOUND", |request| &mut request.name, missing)
        .done()
}
