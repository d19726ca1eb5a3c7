//! apply, export, check: roster files.

use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};

use onduty::proto::v1::{ApplyRosterRequest, CheckRosterRequest, ExportRosterRequest};

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
        effective_time: session.start(args.at.as_deref())?,
        correction: args.correction,
        replace_later: args.replace_later,
        etag: String::new(),
        request_id: String::new(),
        validate_only: true,
        list_mistakes: true,
    };
    let told = |failure: Failure| if args.file == STANDARD_INPUT { failure } else { failure.in_file(&args.file) };
    let preview = call!(session, roster.apply_roster, request).map_err(told)?;
    if !preview.mistakes.is_empty() {
        return Err(Failure::Mistakes {
            file: args.file.clone(),
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
    }
    if nothing {
        return Ok(());
    }
    if args.dry_run {
        return session.print("\nNothing was applied: this was a dry run.\n");
    }
    if !args.yes && !confirmed(&preview.name)? {
        return Err(Failure::refused("nothing was applied"));
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

fn read(file: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let reading = if file == STANDARD_INPUT {
        std::io::stdin().lock().take(FILE_BYTES_MAX + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(FILE_BYTES_MAX + 1).read_to_string(&mut text))
    };
    reading.map_err(|error| Failure::io(file, error))?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err(Failure::refused(format!("{file} is larger than a roster file may be (1 MiB)")));
    }
    Ok(text)
}

/// Asks on a terminal whether to go on; elsewhere the answer is yes.
fn confirmed(team: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    let mut output = anstream::stderr().lock();
    let asked =
        write!(output, "\nApply this to team {}? [y/N] ", show::plain(names::id(team))).and_then(|()| output.flush());
    asked.map_err(|error| Failure::io("standard error", error))?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::io("standard input", error))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
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
