//! What each command does.

mod absences;
mod access;
mod calendar_file;
mod calendars;
mod confirm;
mod cover;
mod delete;
mod feeds;
mod files;
mod gaps;
mod handoff_notes;
mod holidays;
mod load;
mod log;
mod objects;
mod preview;
mod reads;
mod report;
mod rota;
mod server;
mod split;
mod swaps;
mod take;
mod tasks;

use std::process::ExitCode;

use clap::CommandFactory as _;
use onduty::proto::v1::{ListDutiesRequest, ListResidentsRequest, ListTasksRequest, ListTeamsRequest, TaskState};

use crate::args::{Cli, Command, CompletionsArgs};
use crate::connect::list;
use crate::failure::{Asked, Failure};
use crate::hints;
use crate::names;
use crate::session::{self, Session};

/// Runs a command.
///
/// # Errors
///
/// Why it failed, with the way out.
pub async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Completions(args) = &cli.command {
        return completions(args);
    }
    let cli = match cli.command {
        Command::Login(args) => return access::login(cli.globals, args).await.map(|()| ExitCode::SUCCESS),
        Command::Logout => {
            session::write(access::logout(&cli.globals)?.as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        command => Cli { command, ..cli },
    };
    let session = Session::open(cli.globals).await?;
    let asked = Asked { command: cli.command.name(), program: session.program.clone() };
    match dispatch(&session, cli.command).await {
        Ok(code) => Ok(code),
        Err(failure) => Err(with_suggestion(&session, failure.to(asked)).await),
    }
}

async fn dispatch(session: &Session, command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Gaps(args) => return gaps::run(session, args).await,
        Command::Who(args) => reads::who(session, args).await?,
        Command::Shifts(args) => reads::shifts(session, args).await?,
        Command::Handoffs(args) => handoff_notes::run(session, args).await?,
        Command::Off(args) => absences::off(session, args).await?,
        Command::Back(args) => absences::back(session, args).await?,
        Command::Cover(args) => cover::run(session, args).await?,
        Command::Take(args) => take::run(session, args).await?,
        Command::Swap(args) => swaps::run(session, args).await?,
        Command::Task(args) => tasks::run(session, args).await?,
        Command::Load(args) => load::run(session, args).await?,
        Command::Report(args) => report::run(session, args).await?,
        Command::Calendar(args) => calendars::run(session, args).await?,
        Command::Holidays(args) => holidays::run(session, args).await?,
        Command::Rota(args) => rota::run(session, args).await?,
        Command::Show(args) => reads::show_roster(session, args).await?,
        Command::Log(args) => log::log(session, args).await?,
        Command::Undo(args) => log::undo(session, args).await?,
        Command::Apply(args) => files::apply(session, args).await?,
        Command::Export(args) => files::export(session, args).await?,
        Command::Check(args) => files::check(session, args).await?,
        Command::Get(args) => objects::get(session, args).await?,
        Command::List(args) => objects::list(session, args.noun, args.at.as_deref()).await?,
        Command::Delete(args) => delete::delete(session, args).await?,
        Command::Feed(args) => feeds::run(session, args).await?,
        Command::Whoami => access::whoami(session).await?,
        Command::Token(args) => access::token(session, args).await?,
        Command::Invite(args) => access::invite(session, args).await?,
        // Done before a session is opened.
        Command::Login(_) | Command::Logout => {}
        Command::Info => server::info(session).await?,
        Command::Completions(args) => return completions(&args),
    }
    Ok(ExitCode::SUCCESS)
}

fn completions(args: &CompletionsArgs) -> Result<ExitCode, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "onduty", &mut script);
    session::write(&script)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the failure; if it is about an unknown id, with the known one that is most like it.
async fn with_suggestion(session: &Session, failure: Failure) -> Failure {
    let Failure::Status(answered) = &failure else { return failure };
    let Some(missing) = hints::missing_resource(&answered.status).filter(|_| answered.hint.is_none()) else {
        return failure;
    };
    let said = answered.status.message().contains("did you mean");
    let Some(command) = hints::list_command(names::collection(&missing)) else { return failure };
    let known = known_names(session, &missing).await.unwrap_or_default();
    if known.contains(&missing) {
        return failure.hint(format!("it is there now: leave --at out, or state another time; `{command}` says more"));
    }
    match hints::did_you_mean(names::id(&missing), known.iter().map(|name| names::id(name))) {
        Some(guess) if !said => failure.hint(format!("{guess} `{command}` says what there is")),
        _ => failure,
    }
}

/// Returns the names of what there is in the collection of a missing name.
async fn known_names(session: &Session, missing: &str) -> Result<Vec<String>, Failure> {
    let parent = names::team_of(missing);
    Ok(match names::collection(missing) {
        "teams" => {
            let request = ListTeamsRequest::default();
            let answer = list!(session, teams.list_teams, request, teams);
            answer.teams.into_iter().map(|team| team.name).collect()
        }
        "residents" => {
            let request = ListResidentsRequest { parent, ..ListResidentsRequest::default() };
            let answer = list!(session, residents.list_residents, request, residents);
            answer.residents.into_iter().map(|resident| resident.name).collect()
        }
        "duties" => {
            let request = ListDutiesRequest { parent, ..ListDutiesRequest::default() };
            let answer = list!(session, duties.list_duties, request, duties);
            answer.duties.into_iter().map(|duty| duty.name).collect()
        }
        "tasks" => {
            let states = tasks::ALL_STATES.map(|state: TaskState| state.into()).to_vec();
            let request = ListTasksRequest { parent, states, ..ListTasksRequest::default() };
            let answer = list!(session, tasks.list_tasks, request, tasks);
            answer.tasks.into_iter().map(|task| task.name).collect()
        }
        _ => Vec::new(),
    })
}
