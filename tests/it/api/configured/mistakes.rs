//! Mistakes of several kinds in one request.

use super::*;

#[tokio::test]
async fn what_cannot_be_read_and_what_is_not_valid_are_told_together() {
    let server = peopled().await;
    let bad = v1::Resident {
        display_name: String::new(),
        working_hours: vec![v1::WeeklyWindow { start: None, ..window(&[1], 9, 17) }, window(&[], 9, 17)],
        capacity_hours: Some(-1.0),
        skills: vec!["Releases".to_owned()],
        ..resident()
    };
    let asked = v1::CreateResidentRequest {
        resident: Some(bad),
        request_id: "no".to_owned(),
        effective_time: Some(pbjson_types::Timestamp { seconds: i64::MAX, nanos: 0 }),
        ..creation("dee")
    };
    let refused = server.residents().create_resident(asked).await.unwrap_err();
    assert_eq!(
        fields(&refused),
        [
            "request_id",
            "effective_time",
            "resident.working_hours[0].start",
            "resident.capacity_hours",
            "resident.display_name",
            "resident.working_hours[1].weekdays",
            "resident.skills[0]",
        ]
    );
    assert_eq!(get(&server, "dee", "").await.unwrap_err().code(), Code::NotFound);
}
