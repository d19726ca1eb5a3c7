//! `ChangeService`.

use onduty::proto::v1;

use super::case::{Case, Cases};
use super::values::{NOT_FOUND, interval, long};

pub fn cases() -> Vec<Case> {
    [list(), undo()].into_iter().flatten().collect()
}

fn undo() -> Vec<Case> {
    let unknown = [1_000, i64::MAX].map(Some);
    Cases::of(v1::UndoChangeRequest { parent: "teams/psf".to_owned(), revision: Some(2), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("revision", |r| &mut r.revision, [0, -1, i64::MIN].map(Some))
        .each(NOT_FOUND, |r| &mut r.revision, unknown)
        .request_id(|r| &mut r.request_id)
        .when("parent, request_id, revision", |r| {
            *r = v1::UndoChangeRequest { request_id: "x".to_owned(), revision: Some(0), ..Default::default() };
        })
        .done()
}

fn list() -> Vec<Case> {
    let objects = [
        "",
        "asa",
        "teams/psf/nosuch/x",
        "teams/psf/residents/A",
        "teams/psf/gaps/3f2a",
        "teams/psf/duties/x/y",
        "teams/P",
        "teams/other",
        "teams/other/duties/review",
    ];
    let second = |object: &str| vec!["teams/psf/residents/asa".to_owned(), object.to_owned()];
    Cases::of(v1::ListChangesRequest { parent: "teams/psf".to_owned(), ..Default::default() })
        .team("parent", |r| &mut r.parent)
        .each("actors[1]", |r| &mut r.actors, ["", &long(201)].map(|name| vec!["asa".to_owned(), name.to_owned()]))
        .each("objects[1]", |r| &mut r.objects, objects.map(second))
        .open_window(|r| &mut r.interval)
        .page(|r| &mut r.page_size, |r| &mut r.page_token)
        .when("parent, page_size, page_token, interval, actors[0], objects[0]", |r| {
            *r = v1::ListChangesRequest {
                page_size: -1,
                page_token: "x".to_owned(),
                interval: interval(5, 5),
                actors: vec![String::new()],
                objects: vec!["x".to_owned()],
                ..Default::default()
            };
        })
        .done()
}
