//! What each audience is told of somebody who is away.

use onduty::access::Need;
use onduty::proto::google_type as wire;
use onduty::proto::v1;
use onduty::proto::v1::TimeOffKind as Kind;
use onduty::proto::v1::on_duty_service_server::OnDutyService as _;
use onduty::proto::v1::resident_service_server::ResidentService as _;
use onduty::proto::v1::time_off_service_server::TimeOffService as _;
use onduty::service::{OnDuty, Residents, TimeOffs};
use tonic::{Code, Request};

use super::team::{Team, Who};
use crate::support::server::{text, time};

/// Everybody who may not know why ben is away.
const OTHERS: [Who; 3] = [Who::Resident("asa"), Who::Viewer, Who::Nobody];

const DAY: (&str, Option<&str>) = ("2026-11-24T23:00:00Z", Some("2026-11-25T23:00:00Z"));

async fn told(kind: Kind, note: &str, span: (&str, Option<&str>), who: Who) -> Vec<u8> {
    let team = Team::comparable().await;
    team.off("ben", kind, note, span).await;
    team.off("asa", Kind::Vacation, "", ("2026-11-26T23:00:00Z", Some("2026-11-27T23:00:00Z"))).await;
    team.all_that_is_told(who).await
}

#[tokio::test]
async fn absences_of_all_kinds_look_alike_to_others() {
    let kinds = [Kind::Sick, Kind::Vacation, Kind::Travel, Kind::Conference, Kind::PublicHoliday, Kind::Other];
    for who in OTHERS {
        let sick = told(Kind::Sick, "migraine", DAY, who).await;
        for kind in kinds {
            assert!(told(kind, "", DAY, who).await == sick, "{kind:?} for {who:?}");
        }
    }
    let sick = told(Kind::Sick, "migraine", DAY, Who::Coordinator).await;
    assert!(told(Kind::Vacation, "", DAY, Who::Coordinator).await != sick);
}

#[tokio::test]
async fn a_note_reaches_the_resident_and_coordinators_only() {
    let has = |told: &[u8]| told.windows(8).any(|window| window == b"migraine");
    for who in OTHERS {
        assert!(!has(&told(Kind::Sick, "migraine", DAY, who).await), "{who:?}");
    }
    for who in [Who::Coordinator, Who::Resident("ben")] {
        assert!(has(&told(Kind::Sick, "migraine", DAY, who).await), "{who:?}");
    }
}

async fn away(team: &Team, who: Who) -> Vec<v1::TimeOff> {
    let service = TimeOffs::new(team.desk(who, Need::Viewer));
    let asked = v1::ListTimeOffRequest { parent: "teams/core".to_owned(), ..Default::default() };
    service.list_time_off(Request::new(asked)).await.unwrap().into_inner().time_off
}

fn times(entry: &v1::TimeOff) -> String {
    let interval = entry.interval.as_ref();
    let (start, end) = (interval.and_then(|it| it.start_time.as_ref()), interval.and_then(|it| it.end_time.as_ref()));
    format!("{} {}", text(start), text(end))
}

#[tokio::test]
async fn to_others_an_entry_is_when_and_who_and_nothing_else() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "migraine", DAY).await;
    for who in [Who::Resident("asa"), Who::Viewer] {
        let [entry] = &away(&team, who).await[..] else { panic!("{who:?}") };
        let only = v1::TimeOff {
            resident: "teams/core/residents/ben".to_owned(),
            interval: Some(wire::Interval { start_time: Some(time(DAY.0)), end_time: DAY.1.map(time) }),
            ..v1::TimeOff::default()
        };
        assert_eq!(*entry, only, "{who:?}");
    }
    let [own] = &away(&team, Who::Resident("ben")).await[..] else { panic!("no entry") };
    assert_eq!((own.kind(), own.note.as_str()), (Kind::Sick, "migraine"));
}

#[tokio::test]
async fn an_absence_without_an_end_ends_with_the_day_that_it_has_reached() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "", ("2026-11-22T08:00:00Z", None)).await;
    let seen = |entries: Vec<v1::TimeOff>| entries.iter().map(times).collect::<Vec<_>>();
    assert_eq!(seen(away(&team, Who::Viewer).await), ["2026-11-22T08:00:00Z 2026-11-23T23:00:00Z"]);
    team.server.clock.advance(2 * 86_400);
    assert_eq!(seen(away(&team, Who::Viewer).await), ["2026-11-22T08:00:00Z 2026-11-25T23:00:00Z"]);
    let closed = Team::start(true).await;
    closed.off("ben", Kind::Vacation, "", ("2026-11-22T08:00:00Z", Some("2026-11-23T23:00:00Z"))).await;
    assert_eq!(away(&closed, Who::Viewer).await, {
        let open = Team::start(true).await;
        open.off("ben", Kind::Sick, "", ("2026-11-22T08:00:00Z", None)).await;
        away(&open, Who::Viewer).await
    });
}

#[tokio::test]
async fn entries_that_touch_or_overlap_are_one_stretch_to_others() {
    let team = Team::start(true).await;
    team.off("ben", Kind::Sick, "", ("2026-11-24T08:00:00Z", Some("2026-11-24T12:00:00Z"))).await;
    team.off("ben", Kind::Vacation, "", ("2026-11-24T12:00:00Z", Some("2026-11-25T12:00:00Z"))).await;
    team.off("ben", Kind::Focus, "", ("2026-11-25T10:00:00Z", Some("2026-11-25T13:00:00Z"))).await;
    let seen: Vec<_> = away(&team, Who::Viewer).await.iter().map(times).collect();
    assert_eq!(seen, ["2026-11-24T08:00:00Z 2026-11-25T13:00:00Z"]);
}

#[tokio::test]
async fn somebody_elses_entry_is_not_there_to_be_got() {
    let team = Team::start(true).await;
    let entry = team.off("ben", Kind::Sick, "migraine", DAY).await;
    let near = format!("{}x", entry.name);
    for who in [Who::Resident("asa"), Who::Viewer] {
        let service = TimeOffs::new(team.desk(who, Need::Viewer));
        for name in [&entry.name, &near] {
            let refused = service.get_time_off(Request::new(v1::GetTimeOffRequest { name: name.clone() })).await;
            let status = refused.unwrap_err();
            assert_eq!((status.code(), status.message()), (Code::NotFound, format!("there is no {name}").as_str()));
        }
    }
}

async fn gaps(team: &Team, who: Who) -> v1::ListGapsResponse {
    let interval =
        wire::Interval { start_time: Some(time("2026-11-23T00:00:00Z")), end_time: Some(time("2026-11-30T00:00:00Z")) };
    let asked = v1::ListGapsRequest { parent: "teams/core".to_owned(), interval: Some(interval), ..Default::default() };
    OnDuty::new(team.desk(who, Need::Reader)).list_gaps(Request::new(asked)).await.unwrap().into_inner()
}

#[tokio::test]
async fn gaps_carry_causes_for_coordinators_and_names_of_stand_ins_for_residents() {
    let team = Team::start(true).await;
    team.off("asa", Kind::Sick, "", DAY).await;
    let seen = |answer: &v1::ListGapsResponse| {
        let [gap] = &answer.gaps[..] else { panic!("{:?}", answer.gaps) };
        let stand_in = gap.stand_ins.first();
        let ranked = stand_in.is_some_and(|found| found.hours != 0 || found.load_ratio.is_some());
        (gap.causes.len(), gap.back_time.is_some(), stand_in.is_some(), ranked, answer.single_points_of_failure.len())
    };
    assert_eq!(seen(&gaps(&team, Who::Coordinator).await), (1, true, true, true, 1));
    assert_eq!(seen(&gaps(&team, Who::Resident("ben")).await), (0, false, true, false, 1));
    assert_eq!(seen(&gaps(&team, Who::Viewer).await), (0, false, false, false, 0));
    assert_eq!(seen(&gaps(&team, Who::Nobody).await), (0, false, false, false, 0));
}

#[tokio::test]
async fn the_explanation_says_away_whatever_the_reason() {
    let (soft, hard) = (Team::start(true).await, Team::start(true).await);
    soft.off("asa", Kind::Focus, "", DAY).await;
    hard.off("asa", Kind::Sick, "", DAY).await;
    let explained = async |team: &Team, who| {
        let at = Some(time("2026-11-25T10:00:00Z"));
        let asked =
            v1::GetOnDutyRequest { parent: "teams/core".to_owned(), time: at, explain: true, ..Default::default() };
        let answer = OnDuty::new(team.desk(who, Need::Reader)).get_on_duty(Request::new(asked)).await.unwrap();
        let passed = |duty: v1::OnDuty| {
            duty.explanation.unwrap_or_default().layers.into_iter().flat_map(|layer| layer.passed_over)
        };
        let people = answer.into_inner().duties.into_iter().flat_map(passed);
        people.map(|person| (person.resident, person.reasons)).collect::<Vec<_>>()
    };
    let away = v1::Unavailability { reason: v1::UnavailabilityReason::Away as i32, ..Default::default() };
    for who in OTHERS {
        let told = explained(&hard, who).await;
        assert!(!told.is_empty() && told.iter().all(|(_, reasons)| *reasons == [away.clone()]), "{who:?}: {told:?}");
        // Softly off, they are in the list, only behind the others.
        assert!(explained(&soft, who).await.iter().all(|(_, reasons)| *reasons == [away.clone()]), "{who:?}");
    }
    let told = explained(&hard, Who::Coordinator).await;
    assert!(told.iter().any(|(_, reasons)| reasons[0].time_off.is_some()), "{told:?}");
}

#[tokio::test]
async fn a_shift_that_an_absence_begins_does_not_say_so_to_others() {
    let team = Team::start(true).await;
    team.off("asa", Kind::Sick, "", DAY).await;
    let interval =
        wire::Interval { start_time: Some(time("2026-11-23T00:00:00Z")), end_time: Some(time("2026-11-30T00:00:00Z")) };
    for (who, words) in [(Who::Coordinator, "time off of Asa ends"), (Who::Viewer, "away"), (Who::Nobody, "away")] {
        let asked =
            v1::ListShiftsRequest { parent: "teams/core".to_owned(), interval: Some(interval), ..Default::default() };
        let reads = OnDuty::new(team.desk(who, Need::Reader));
        let shifts = reads.list_shifts(Request::new(asked)).await.unwrap().into_inner().shifts;
        let back = shifts
            .iter()
            .find(|shift| text(shift.interval.as_ref().and_then(|it| it.start_time.as_ref())) == DAY.1.unwrap());
        assert_eq!(back.unwrap().opener, words, "{who:?}");
    }
}

#[tokio::test]
async fn of_a_colleague_there_is_the_name_and_how_to_reach_them() {
    let team = Team::start(true).await;
    let seen = async |who| {
        let asked = v1::GetResidentRequest { name: "teams/core/residents/asa".to_owned(), ..Default::default() };
        Residents::new(team.desk(who, Need::Reader)).get_resident(Request::new(asked)).await.unwrap().into_inner()
    };
    let handles =
        |resident: &v1::Resident| resident.handles.iter().map(|handle| handle.value.clone()).collect::<Vec<_>>();
    for (who, count) in [(Who::Resident("ben"), 2), (Who::Viewer, 2), (Who::Nobody, 1)] {
        let asa = seen(who).await;
        let plain = v1::Resident {
            name: asa.name.clone(),
            display_name: "Asa".to_owned(),
            handles: asa.handles.clone(),
            ..Default::default()
        };
        assert_eq!((&asa, handles(&asa).len()), (&plain, count), "{who:?}");
    }
    for who in [Who::Resident("asa"), Who::Coordinator] {
        assert_eq!(seen(who).await.home_zone, "Europe/Warsaw", "{who:?}");
    }
}

#[tokio::test]
async fn a_private_team_is_nothing_to_strangers_and_the_same_as_none() {
    let team = Team::start(false).await;
    let asked = async |parent: &str| {
        let asked = v1::GetOnDutyRequest { parent: parent.to_owned(), ..Default::default() };
        OnDuty::new(team.desk(Who::Nobody, Need::Reader)).get_on_duty(Request::new(asked)).await.unwrap_err()
    };
    let (private, none) = (asked("teams/core").await, asked("teams/cora").await);
    assert_eq!((private.code(), private.message()), (Code::Unauthenticated, none.message()));
    assert_eq!((private.code(), private.details()), (none.code(), none.details()));
}
