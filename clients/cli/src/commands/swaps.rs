//! swap: ask, list, show, accept, decline, withdraw.

use onduty::proto::v1::{
    AcceptSwapRequest, CreateSwapRequest, DeclineSwapRequest, GetSwapRequest, ListSwapsRequest, Swap, SwapPart,
    SwapState, WithdrawSwapRequest,
};

use crate::args::{Standing, SwapAccept, SwapArgs, SwapAsk, SwapCommand, SwapList};
use crate::connect::{call, list, request_id};
use crate::failure::Failure;
use crate::names;
use crate::session::Session;
use crate::show;
use crate::spans;

/// Everything that a swap can stand at.
const ALL_STATES: [SwapState; 6] = [
    SwapState::Open,
    SwapState::Accepted,
    SwapState::Declined,
    SwapState::Withdrawn,
    SwapState::Expired,
    SwapState::Void,
];

/// `onduty swap`
pub async fn run(session: &Session, args: SwapArgs) -> Result<(), Failure> {
    match args.command {
        SwapCommand::Ask(args) => ask(session, args).await,
        SwapCommand::List(args) => list_all(session, args).await,
        SwapCommand::Show(args) => {
            let request = GetSwapRequest { name: name(session, &args.swap).await? };
            tell(session, call!(session, swaps.get_swap, request)?, "").await
        }
        SwapCommand::Accept(args) => accept(session, args).await,
        SwapCommand::Decline(args) => {
            let name = name(session, &args.swap).await?;
            let request = DeclineSwapRequest { name, request_id: request_id(), ..Default::default() };
            tell(session, call!(session, swaps.decline_swap, request)?, "Declined").await
        }
        SwapCommand::Withdraw(args) => {
            let name = name(session, &args.swap).await?;
            let request = WithdrawSwapRequest { name, request_id: request_id(), ..Default::default() };
            tell(session, call!(session, swaps.withdraw_swap, request)?, "Withdrawn").await
        }
    }
}

async fn tell(session: &Session, swap: Swap, done: &str) -> Result<(), Failure> {
    session.answer(&swap, |swap, view| show::swap(swap, done, view)).await
}

/// Returns the name of the swap that a text means: its id, or what it begins with, with or without `swap-`.
///
/// Where it means none, the server says so.
async fn name(session: &Session, text: &str) -> Result<String, Failure> {
    let whole = session.child("swaps", text).await?;
    let request = ListSwapsRequest {
        parent: session.team().await?.to_owned(),
        states: states(&ALL_STATES),
        ..Default::default()
    };
    let known = list!(session, swaps.list_swaps, request, swaps).swaps;
    if known.iter().any(|swap| swap.name == whole) {
        return Ok(whole);
    }
    let begins = |id: &str| id.starts_with(text) || id.strip_prefix("swap-").is_some_and(|rest| rest.starts_with(text));
    let found: Vec<&str> = known.iter().map(|swap| swap.name.as_str()).filter(|name| begins(names::id(name))).collect();
    match found.as_slice() {
        [] => Ok(whole),
        [only] => Ok((*only).to_owned()),
        several => {
            let ids: Vec<&str> = several.iter().map(|name| names::id(name)).collect();
            let message = format!("several swaps begin with {text}: {}", ids.join(", "));
            Err(Failure::refused(message, "give more of the id"))
        }
    }
}

fn states(states: &[SwapState]) -> Vec<i32> {
    states.iter().map(|state| *state as i32).collect()
}

async fn ask(session: &Session, args: SwapAsk) -> Result<(), Failure> {
    let resident = session.resident(args.resident.as_deref()).await?;
    let asked = part(session, &args.duty, ("--from", args.from.as_deref()), args.to.as_deref()).await?;
    let in_return = match &args.in_return {
        Some(duty) => {
            Some(part(session, duty, ("--return-from", args.return_from.as_deref()), args.return_to.as_deref()).await?)
        }
        None => None,
    };
    let to_resident = match &args.ask {
        Some(id) => session.child("residents", id).await?,
        None => String::new(),
    };
    let swap = Swap {
        resident,
        asked: Some(asked),
        to_resident,
        in_return,
        message: args.message,
        expire_time: session.until("--expires", args.expires.as_deref())?,
        ..Swap::default()
    };
    let request = CreateSwapRequest {
        parent: session.team().await?.to_owned(),
        swap_id: args.id.unwrap_or_default(),
        swap: Some(swap),
        request_id: request_id(),
        validate_only: args.dry_run,
    };
    let done = if args.dry_run { "Would be asked" } else { "Asked" };
    tell(session, call!(session, swaps.create_swap, request)?, done).await
}

async fn part(
    session: &Session,
    duty: &str,
    (option, from): (&str, Option<&str>),
    to: Option<&str>,
) -> Result<SwapPart, Failure> {
    let times = &session.times;
    let from = from.map(|text| times.read(option, text)).transpose()?;
    let to = to.map(|text| times.read_to(text, from)).transpose()?;
    let interval = spans::interval(from.map(|from| times.start_of(from)), to.map(|to| times.end_of(to)));
    let duty = session.child("duties", duty).await?;
    Ok(SwapPart { duty, interval: Some(interval), ..SwapPart::default() })
}

async fn list_all(session: &Session, args: SwapList) -> Result<(), Failure> {
    let stated: Vec<SwapState> = args.states.iter().map(|standing| state(*standing)).collect();
    let request = ListSwapsRequest {
        parent: session.team().await?.to_owned(),
        duties: session.children("duties", &args.duties).await?,
        residents: session.children("residents", &args.residents).await?,
        states: states(match (args.all, stated.is_empty()) {
            (true, _) => &ALL_STATES,
            // Whoever waits for an answer has to see that none can come.
            (false, true) => &[SwapState::Open, SwapState::Void],
            (false, false) => &stated,
        }),
        ..ListSwapsRequest::default()
    };
    session.answer(&list!(session, swaps.list_swaps, request, swaps), show::swaps).await
}

async fn accept(session: &Session, args: SwapAccept) -> Result<(), Failure> {
    let name = name(session, &args.swap).await?;
    let resident = match &args.resident {
        Some(id) => session.child("residents", id).await?,
        None => String::new(),
    };
    let request = AcceptSwapRequest {
        name,
        resident,
        force: args.force,
        request_id: request_id(),
        validate_only: args.dry_run,
        ..AcceptSwapRequest::default()
    };
    let done = if args.dry_run { "Would be accepted" } else { "Accepted" };
    tell(session, call!(session, swaps.accept_swap, request)?, done).await
}

fn state(standing: Standing) -> SwapState {
    match standing {
        Standing::Open => SwapState::Open,
        Standing::Accepted => SwapState::Accepted,
        Standing::Declined => SwapState::Declined,
        Standing::Withdrawn => SwapState::Withdrawn,
        Standing::Expired => SwapState::Expired,
        Standing::Void => SwapState::Void,
    }
}
