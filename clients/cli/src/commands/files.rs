//! apply, export, check: roster files.

use std::io::{ErrorKind, Read as _};

use onduty::proto::v1::preview_change_request::Change;
use onduty::proto::v1::{ApplyRosterRequest, CheckRosterRequest, ExportRosterRequest, RosterAction};

use super::confirm::confirmed;
use super::preview::different;
use crate::args::{ApplyArgs, CheckArgs, ExportArgs, Window};
use crate::connect::{call, request_id};
use crate::failure::Failure;
use crate::names;
use crate::session::{Session, interval};
use crate::show;

/// The file name that means standard input.
const STANDARD_INPUT: &str = "-";
/// A roster file is never larger.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// How many days are checked where no end is stated.
const CHECK_DAYS_DEFAULT: i32 = 90;

/// `onduty apply`
pub async fn apply(session: &Session, args: ApplyArgs) -> Result<(), Failure> {
    let request = ApplyRosterRequest {
        name: session.stated_team(),
        roster_toml: read(&args.file)?,
        prune: args.prune,
        effective_time: session.at(args.at.as_deref())?,
        correction: args.correction,
        replace_later: args.replace_later,
        etag: String::new(),
        request_id: String::new(),
        validate_only: true,
        list_mistakes: true,
    };
    let told = |failure: Failure| failure.in_file(title(&args.file));
    let preview = call!(session, roster.apply_roster, request).map_err(told)?;
    if !preview.mistakes.is_empty() {
        return Err(Failure::Mistakes {
            file: title(&args.file).to_owned(),
            mistakes: preview.mistakes,
            left_out: preview.mistakes_left_out,
        });
    }
    let nothing = preview.changes.is_empty();
    if session.writes_json() && (args.dry_run || nothing) {
        return session.json(&preview);
    }
    if !session.writes_json() {
        session.print(&show::changes(&preview, &session.plain_view()))?;
        // Of a team that is made, everything would be different.
        let makes_team =
            preview.changes.iter().any(|change| change.name == preview.name && change.action() == RosterAction::Create);
        if !nothing && !makes_team {
            let apply = ApplyRosterRequest { list_mistakes: false, ..request.clone() };
            different(session, Change::ApplyRoster(apply)).await?;
        }
    }
    if nothing {
        return Ok(());
    }
    if args.dry_run {
        return session.print("\nNothing was applied: this was a dry run.\n");
    }
    if !args.yes && !confirmed(&format!("Apply this to team {}?", show::plain(names::id(&preview.name))))? {
        return Err(Failure::refused("nothing was applied", "--yes applies it without a question"));
    }
    // The etag makes sure that what is applied is what was shown.
    let request = ApplyRosterRequest {
        etag: preview.etag,
        request_id: request_id(),
        validate_only: false,
        list_mistakes: false,
        ..request
    };
    let answer = call!(session, roster.apply_roster, request).map_err(told)?;
    if session.writes_json() { session.json(&answer) } else { session.print(&format!("\n{}", show::applied(&answer))) }
}

/// Returns what a file is called.
fn title(file: &str) -> &str {
    if file == STANDARD_INPUT { "standard input" } else { file }
}

fn read(file: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let reading = if file == STANDARD_INPUT {
        std::io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(FILE_BYTES_MAX + 1).read_to_string(&mut text))
    };
    reading.map_err(|error| {
        let hint = match error.kind() {
            ErrorKind::NotFound => "`onduty export > team.toml` makes a roster file of a team; - reads standard input",
            ErrorKind::InvalidData => "a roster file is TOML in UTF-8: save it as that",
            _ => "name a roster file that can be read, or - for standard input",
        };
        Failure::io(title(file), error, hint)
    })?;
    if text.len() as u64 > FILE_BYTES_MAX {
        let message = format!("{} is larger than a roster file may be (1 MiB)", title(file));
        return Err(Failure::refused(message, "split off what is over, or a team of its own"));
    }
    Ok(text)
}

/// `onduty export`
pub async fn export(session: &Session, args: ExportArgs) -> Result<(), Failure> {
    let request = ExportRosterRequest {
        name: session.team().await?.to_owned(),
        all: args.all,
        read_time: session.asked(args.at.as_deref())?,
    };
    let answer = call!(session, roster.export_roster, request)?;
    if session.writes_json() { session.json(&answer) } else { session.print(&answer.roster_toml) }
}

/// `onduty check`
pub async fn check(session: &Session, args: CheckArgs) -> Result<(), Failure> {
    let window = session.window(&Window { from: args.from, to: args.to }, CHECK_DAYS_DEFAULT)?;
    let request = CheckRosterRequest { name: session.team().await?.to_owned(), interval: interval(window) };
    let answer = call!(session, roster.check_roster, request)?;
    session.answer(&answer, show::findings).await
}
