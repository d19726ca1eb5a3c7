//! A private team with a feed, and what happens to both.

use std::collections::BTreeSet;

use onduty::proto::google_type::Interval;
use onduty::proto::v1::feed_service_client::FeedServiceClient;
use onduty::proto::v1::override_service_client::OverrideServiceClient;
use onduty::proto::v1::{
    self, CreateFeedRequest, CreateOverrideRequest, DeleteFeedRequest, DeleteOverrideRequest, FeedContent, Override,
    RotateFeedSecretRequest, Span, span::Form,
};
use tempfile::TempDir;

use crate::clients::NOW;
use crate::clients::told::{Event, ROSTER, told};
use crate::support::grpc::{Connection, apply, connect};
use crate::support::http;
use crate::support::local::LocalServer;
use crate::support::server::time;

/// A server on which all this happens, and a folder for the programs.
pub struct Story {
    server: LocalServer,
    pub dir: TempDir,
    feed: String,
    url: String,
}

impl Story {
    pub fn begin() -> Self {
        let dir = TempDir::new().unwrap();
        let server = LocalServer::start(&dir.path().join("data"), NOW);
        server.block_on(apply(&server.url(), &ROSTER.replace("public = true\n", "")));
        let mut story = Self { server, dir, feed: String::new(), url: String::new() };
        let feed = v1::Feed {
            display_name: "calendar".to_owned(),
            content: FeedContent::OnDuty.into(),
            ..v1::Feed::default()
        };
        let asked = CreateFeedRequest { parent: "teams/core".to_owned(), feed: Some(feed), validate_only: false };
        let made = story.server.block_on(story.feeds().create_feed(asked)).unwrap().into_inner();
        (story.feed, story.url) = (made.feed.unwrap().name, made.address.unwrap().url);
        story
    }

    /// The feed's first address.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// What the calendar has to show.
    pub fn told(&self) -> BTreeSet<Event> {
        self.server.block_on(told(&self.server.url()))
    }

    /// Puts somebody or nobody in the place of Asa for a night.
    pub fn cover(&self, id: &str, by: Option<&str>, [start, end]: [&str; 2]) {
        self.server.clock.advance(60);
        let span = Interval { start_time: Some(time(start)), end_time: Some(time(end)) };
        let entry = Override {
            duty: "teams/core/duties/nights".to_owned(),
            span: Some(Span { form: Some(Form::Instants(span)) }),
            by_resident: by.map(|id| format!("teams/core/residents/{id}")),
            for_resident: Some("teams/core/residents/asa".to_owned()),
            ..Override::default()
        };
        let asked = CreateOverrideRequest {
            parent: "teams/core".to_owned(),
            override_id: id.to_owned(),
            override_entry: Some(entry),
            ..CreateOverrideRequest::default()
        };
        self.server.block_on(self.overrides().create_override(asked)).unwrap();
    }

    /// Takes that back.
    pub fn uncover(&self, id: &str) {
        self.server.clock.advance(60);
        let asked = DeleteOverrideRequest { name: format!("teams/core/overrides/{id}"), ..Default::default() };
        self.server.block_on(self.overrides().delete_override(asked)).unwrap();
    }

    /// Gives the feed another secret; returns its address from here on.
    pub fn rotate(&self) -> String {
        let asked = RotateFeedSecretRequest { name: self.feed.clone(), validate_only: false };
        let made = self.server.block_on(self.feeds().rotate_feed_secret(asked)).unwrap().into_inner();
        made.address.unwrap().url
    }

    /// Ends the feed.
    pub fn revoke(&self) {
        let asked = DeleteFeedRequest { name: self.feed.clone(), validate_only: false };
        self.server.block_on(self.feeds().delete_feed(asked)).unwrap();
    }

    /// How often somebody has asked for a calendar that is not there.
    pub fn refusals(&self) -> u64 {
        let counters = self.server.block_on(http::get(self.server.address(), "/metrics")).body;
        let of_feeds = |line: &&str| line.contains(r#"route="/feeds/"#) && line.contains(r#"status="404""#);
        counters.lines().find(of_feeds).map_or(0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
    }

    fn feeds(&self) -> FeedServiceClient<Connection> {
        FeedServiceClient::new(self.server.block_on(connect(&self.server.url())))
    }

    fn overrides(&self) -> OverrideServiceClient<Connection> {
        OverrideServiceClient::new(self.server.block_on(connect(&self.server.url())))
    }
}
