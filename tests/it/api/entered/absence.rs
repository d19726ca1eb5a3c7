//! Absences with what follows from them, early ends, and coming back.

use onduty::proto::v1;

use super::harness::{Api, NOW, at, days, instants, local, name, parent, refused, text, time};

fn sick(span: v1::Span) -> v1::TimeOff {
    v1::TimeOff {
        resident: name("residents/asa"),
        span: Some(span),
        kind: v1::TimeOffKind::Sick.into(),
        ..Default::default()
    }
}

fn weekly(time_off: v1::TimeOff) -> v1::TimeOff {
    let recurrence = Some(v1::Recurrence { rule: "FREQ=WEEKLY".to_owned(), excepted_dates: Vec::new() });
    v1::TimeOff { recurrence, ..time_off }
}

fn mark(id: &str, time_off: v1::TimeOff) -> v1::MarkAbsenceRequest {
    let (time_off_id, time_off) = (id.to_owned(), Some(time_off));
    v1::MarkAbsenceRequest { parent: parent(), time_off_id, time_off, ..Default::default() }
}

async fn marked(api: &mut Api, id: &str, time_off: v1::TimeOff) -> v1::MarkAbsenceResponse {
    api.time_off.mark_absence(mark(id, time_off)).await.unwrap().into_inner()
}

async fn interval_and_cuts(api: &mut Api, id: &str) -> (Option<String>, Vec<String>) {
    let get = v1::GetTimeOffRequest { name: name(&format!("timeOff/{id}")) };
    let entry = api.time_off.get_time_off(get).await.unwrap().into_inner();
    let cut = |cut: &v1::InstanceCut| {
        let day = cut.instance_date.as_ref().unwrap();
        format!("{}-{}: {}", day.month, day.day, time(cut.cut_time.as_ref().unwrap()))
    };
    (entry.cut_time.as_ref().map(time), entry.instance_cuts.iter().map(cut).collect())
}

#[tokio::test]
async fn an_absence_tells_who_stands_in_what_opens_and_which_tasks_lose_their_people() {
    let mut api = Api::start().await;
    let due = v1::TaskDue { form: Some(v1::task_due::Form::Time(at("2026-11-25T20:00:00Z"))), ..Default::default() };
    let task = v1::Task {
        title: "Fix".to_owned(),
        assignee: Some(name("residents/asa")),
        due: Some(due),
        ..Default::default()
    };
    let task = v1::CreateTaskRequest { parent: parent(), task: Some(task), ..Default::default() };
    api.tasks.create_task(task).await.unwrap();
    let answer = marked(&mut api, "flu", sick(days("2026-11-23", "2026-11-25", ""))).await;
    assert_eq!(answer.time_off.unwrap().name, name("timeOff/flu"));
    let follows = answer.consequences.unwrap();
    let review = &follows.shifts[1];
    assert_eq!(review.shift.as_ref().unwrap().duty, name("duties/review"));
    let parts = &review.parts;
    assert_eq!(text(parts[0].interval.as_ref()), "2026-11-23T08:00:00Z/2026-11-25T23:00:00Z");
    assert_eq!(
        (parts[0].stand_in.clone(), parts[0].stand_in_display_name.as_str()),
        (Some(name("residents/bo")), "Bo")
    );
    let gaps: Vec<_> = follows.gaps.iter().map(|gap| text(gap.interval.as_ref())).collect();
    assert_eq!(gaps, ["23", "24", "25"].map(|day| format!("2026-11-{day}T09:00:00Z/2026-11-{day}T11:00:00Z")));
    assert!(follows.gaps.iter().all(|gap| gap.duty == name("duties/release") && gap.stand_ins.is_empty()));
    assert_eq!(follows.gaps[0].back_time.as_ref().map(time).as_deref(), Some("2026-11-25T23:00:00Z"));
    let task = &follows.tasks[0];
    assert!(task.task.as_ref().unwrap().health.as_ref().unwrap().uncovered);
    let room: Vec<_> =
        task.room.iter().map(|room| (room.display_name.as_str(), room.working_time.unwrap().seconds / 3_600)).collect();
    // Cy states no working hours, bo's are 14:00 to 22:00 UTC.
    assert_eq!(room, [("cy", 60), ("Bo", 22)]);
    assert_eq!(answer.context.unwrap().revision, 3);
}

#[tokio::test]
async fn consequences_go_to_the_horizon() {
    let mut api = Api::start().await;
    let open = || sick(days("2026-11-23", "", ""));
    let last =
        |answer: v1::MarkAbsenceResponse| text(answer.consequences.unwrap().gaps.last().unwrap().interval.as_ref());
    let check = v1::MarkAbsenceRequest { validate_only: true, ..mark("x", open()) };
    let answer = api.time_off.mark_absence(check.clone()).await.unwrap().into_inner();
    // 30 days from the midnight with which it begins.
    assert_eq!(last(answer), "2026-12-22T09:00:00Z/2026-12-22T11:00:00Z");
    let horizon_time = Some(at("2026-11-24T10:00:00Z"));
    let near = v1::MarkAbsenceRequest { horizon_time, ..check.clone() };
    let answer = api.time_off.mark_absence(near).await.unwrap().into_inner();
    assert_eq!(last(answer), "2026-11-24T09:00:00Z/2026-11-24T10:00:00Z");
    let weekly = v1::MarkAbsenceRequest { time_off: Some(weekly(sick(days("2026-11-23", "2026-11-23", "")))), ..check };
    let answer = api.time_off.mark_absence(weekly).await.unwrap().into_inner();
    assert_eq!(answer.consequences.as_ref().unwrap().gaps.len(), 5);
    assert_eq!(last(answer), "2026-12-21T09:00:00Z/2026-12-21T11:00:00Z");
    let furthest = v1::MarkAbsenceRequest { horizon_time: Some(at("2027-12-27T23:00:00Z")), ..mark("x", open()) };
    api.time_off.mark_absence(v1::MarkAbsenceRequest { validate_only: true, ..furthest }).await.unwrap();
    assert_eq!(api.revision(), 1);
}

#[tokio::test]
async fn sick_days_over_a_clock_change_have_their_own_length() {
    let mut api = Api::start().await;
    let spring = marked(&mut api, "", sick(days("2026-03-28", "2026-03-29", ""))).await.time_off.unwrap();
    assert_eq!(text(spring.interval.as_ref()), "2026-03-27T23:00:00Z/2026-03-29T22:00:00Z");
    let autumn = marked(&mut api, "", sick(days("2026-10-24", "2026-10-25", ""))).await.time_off.unwrap();
    assert_eq!(text(autumn.interval.as_ref()), "2026-10-23T22:00:00Z/2026-10-25T23:00:00Z");
    let night = sick(local("2026-03-28T20:00", "2026-03-29T08:00", ""));
    let night = marked(&mut api, "", night).await.time_off.unwrap();
    assert_eq!(text(night.interval.as_ref()), "2026-03-28T19:00:00Z/2026-03-29T06:00:00Z");
    let skipped = sick(local("2026-03-29T02:00", "2026-03-29T03:00", ""));
    let answer = marked(&mut api, "", skipped).await;
    assert_eq!(text(answer.time_off.unwrap().interval.as_ref()), "nothing");
    assert_eq!(answer.consequences, Some(v1::Consequences::default()));
}

#[tokio::test]
async fn coming_back_ends_the_present_hard_absences_and_nothing_else() {
    let mut api = Api::start().await;
    let today = days("2026-11-23", "2026-11-23", "");
    marked(&mut api, "flu", sick(days("2026-11-20", "2026-11-27", ""))).await;
    marked(&mut api, "mondays", weekly(sick(today.clone()))).await;
    marked(&mut api, "soft", v1::TimeOff { effect: v1::TimeOffEffect::Soft.into(), ..sick(today.clone()) }).await;
    marked(&mut api, "later", sick(instants("2026-11-23T08:00:01Z", "2026-11-24T08:00:00Z"))).await;
    marked(&mut api, "over", sick(instants("2026-11-22T08:00:00Z", NOW))).await;
    marked(&mut api, "cy", v1::TimeOff { resident: name("residents/cy"), ..sick(today) }).await;
    let back = v1::ComeBackRequest { resident: name("residents/asa"), ..Default::default() };
    let answer = api.time_off.come_back(back.clone()).await.unwrap().into_inner();
    let ended: Vec<_> = answer.time_off.iter().map(|entry| entry.name.rsplit('/').next().unwrap()).collect();
    assert_eq!(ended, ["flu", "mondays"]);
    assert_eq!(answer.time_off[0].kind(), v1::TimeOffKind::Sick);
    assert_eq!(interval_and_cuts(&mut api, "flu").await, (Some(NOW.to_owned()), vec![]));
    assert_eq!(interval_and_cuts(&mut api, "mondays").await, (None, vec![format!("11-23: {NOW}")]));
    for untouched in ["soft", "later", "over", "cy"] {
        assert_eq!(interval_and_cuts(&mut api, untouched).await, (None, vec![]), "{untouched}");
    }
    let revision = api.revision();
    let nothing = api.time_off.come_back(back.clone()).await.unwrap().into_inner();
    assert_eq!((nothing.time_off, api.revision()), (vec![], revision));
    // A week on the next instance is there, and ends by itself.
    let back_time = Some(at("2026-11-30T12:00:00Z"));
    let next = v1::ComeBackRequest { back_time, ..back };
    assert_eq!(api.time_off.come_back(next).await.unwrap().into_inner().time_off.len(), 1);
    let cuts = vec![format!("11-23: {NOW}"), "11-30: 2026-11-30T12:00:00Z".to_owned()];
    assert_eq!(interval_and_cuts(&mut api, "mondays").await, (None, cuts));
}

#[tokio::test]
async fn an_entry_ends_early_while_it_is_in_progress() {
    let mut api = Api::start().await;
    marked(&mut api, "flu", sick(days("2026-11-23", "2026-11-27", ""))).await;
    let end = |id: &str, end: &str| {
        let end_time = (!end.is_empty()).then(|| at(end));
        v1::EndTimeOffRequest { name: name(&format!("timeOff/{id}")), end_time, ..Default::default() }
    };
    let told = "FailedPrecondition TIME_OFF_NOT_IN_PROGRESS";
    assert_eq!(refused(api.time_off.end_time_off(end("flu", "2026-11-22T22:59:59Z")).await), told);
    assert_eq!(refused(api.time_off.end_time_off(end("flu", "2026-11-27T23:00:00Z")).await), told);
    let ended = api.time_off.end_time_off(end("flu", "2026-11-25T12:00:00Z")).await.unwrap().into_inner();
    assert_eq!(ended.cut_time.as_ref().map(time).as_deref(), Some("2026-11-25T12:00:00Z"));
    assert_eq!(ended.kind(), v1::TimeOffKind::Sick);
    assert_eq!(text(ended.interval.as_ref()), "2026-11-22T23:00:00Z/2026-11-27T23:00:00Z");
    assert_eq!(refused(api.time_off.end_time_off(end("flu", "2026-11-25T12:00:00Z")).await), told);
    let ended = api.time_off.end_time_off(end("flu", "")).await.unwrap().into_inner();
    assert_eq!(ended.cut_time.as_ref().map(time).as_deref(), Some(NOW));
    marked(&mut api, "mondays", weekly(sick(days("2026-11-16", "2026-11-16", "")))).await;
    // Between two instances; the later ones go.
    let ended = api.time_off.end_time_off(end("mondays", "2026-11-19T12:00:00Z")).await.unwrap().into_inner();
    assert!(ended.cut_time.is_some() && ended.instance_cuts.is_empty());
    let back = v1::ComeBackRequest { resident: name("residents/asa"), ..Default::default() };
    assert!(api.time_off.come_back(back).await.unwrap().into_inner().time_off.is_empty());
    let stale = v1::EndTimeOffRequest { etag: "\"1\"".to_owned(), ..end("flu", "") };
    assert_eq!(refused(api.time_off.end_time_off(stale).await), "Aborted ETAG_MISMATCH");
    assert_eq!(refused(api.time_off.end_time_off(end("flue", "")).await), "NotFound RESOURCE_NOT_FOUND");
}
