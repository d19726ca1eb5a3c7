//! Swaps of somebody who is forgotten.

use super::*;

/// Zuzka asks for two swaps, one in her turn and one in her place in a pool, and ben takes a third.
async fn ask_for_swaps(dir: &Path) {
    let swaps = Swaps::new(Desk::open(open(dir).await, Arc::new(Identity::server()), Need::Coordinator));
    for (id, duty, start, end) in [
        ("turn-zuzka", "triage", "2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z"),
        ("place", "watch", "2026-11-24T13:00:00Z", "2026-11-24T15:00:00Z"),
        ("taken", "watch", "2026-11-24T16:00:00Z", "2026-11-24T18:00:00Z"),
    ] {
        let interval = Some(wire::Interval { start_time: Some(time(start)), end_time: Some(time(end)) });
        let duty = format!("teams/core/duties/{duty}");
        let swap = v1::Swap {
            resident: resident("zuzka"),
            asked: Some(v1::SwapPart { duty, interval, ..Default::default() }),
            message: "Ask Zuzanna Nowak".to_owned(),
            ..Default::default()
        };
        let (swap_id, swap) = (id.to_owned(), Some(swap));
        let asked = v1::CreateSwapRequest { parent: "teams/core".to_owned(), swap_id, swap, ..Default::default() };
        swaps.create_swap(Request::new(asked)).await.unwrap();
    }
    let (name, by) = ("teams/core/swaps/taken".to_owned(), resident("ben"));
    let asked = v1::AcceptSwapRequest { name, resident: by, force: true, ..Default::default() };
    swaps.accept_swap(Request::new(asked)).await.unwrap();
}

#[tokio::test]
async fn swaps_of_whoever_is_forgotten_stand_where_they_stood() {
    let dir = furnished(false).await;
    ask_for_swaps(dir.path()).await;
    let done = forgotten(dir.path(), &asked(true, false)).unwrap();
    assert_eq!(traces(dir.path()), Vec::<&str>::new());
    let swaps = Swaps::new(Desk::open(open(dir.path()).await, Arc::new(Identity::server()), Need::Coordinator));
    let states = (1..=6).collect();
    let asked = v1::ListSwapsRequest { parent: "teams/core".to_owned(), states, ..Default::default() };
    let told = swaps.list_swaps(Request::new(asked)).await.unwrap().into_inner().swaps;
    let states: Vec<_> = told.iter().map(|swap| (swap.state(), swap.state_text.as_str())).collect();
    let open = (v1::SwapState::Open, "");
    assert_eq!(states, [open, open, (v1::SwapState::Accepted, "")]);
    assert!(told.iter().all(|swap| swap.resident == resident(done.pseudonym.as_str())));
    assert_eq!(
        (told[0].name.clone(), told[2].overrides.len()),
        (format!("teams/core/swaps/turn-{}", done.pseudonym), 1)
    );
}
